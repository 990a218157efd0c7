"""Speed of the model beside what people would use instead: measured in one run, kept, and never asserted.

`samspel bench` measures, keeps the figures in `benchmarks/results/latest.json` and writes
`docs/performance.md` from them.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))  # the plain reference model lives there
