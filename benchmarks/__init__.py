"""Speed of the model, measured side by side in one run and never asserted: `python -m benchmarks`."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))  # the plain reference model lives there
