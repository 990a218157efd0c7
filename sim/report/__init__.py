"""Say what an experiment shows, in numbers, sentences, charts and pages no stronger than its intervals."""

from sim.report.light import import_jsonschema

import_jsonschema()  # before altair or nbformat do it slowly
