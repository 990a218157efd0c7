"""Importing the reports loads neither the model nor the grammar of international addresses."""

import subprocess
import sys

_CODE = """
import sys
import sim.report.parameters, sim.report.charts
assert "jsonschema" in sys.modules
assert "rfc3987_syntax" not in sys.modules, "built on import"
import jsonschema
checker = jsonschema.FormatChecker()
assert not checker.conforms("not a date", "date") and checker.conforms("2020-01-02", "date")
import rfc3987_syntax  # whoever asks for it still gets it
"""


def test_the_reports_import_jsonschema_without_its_slow_checker() -> None:
    done = subprocess.run([sys.executable, "-c", _CODE], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_what_gathers_a_report_is_imported_without_the_model() -> None:
    asked = "import sys, sim.report.gather; assert not {'numba', 'mesa', 'scipy.stats'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
