"""What is measured, kept as data: one record a benchmark, in one file that each run adds to by name.

Public names: `Sample`, `Record`, `read_records`, `merge_records`, `LATEST` and `QUICK`.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median

from pydantic import BaseModel, ConfigDict, ValidationError

from sim.core.errors import SamspelError
from sim.core.files import write_text

LATEST = Path(__file__).parent / "results" / "latest.json"
"""What `docs/performance.md` is written from."""
QUICK = LATEST.with_name("quick.json")
"""What a short trial of the benchmarks leaves; not in version control."""

Fact = str | float | int | bool | None


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Sample(_Strict):
    """One quantity, measured a number of times; none where it could not be measured, and why."""

    label: str
    unit: str
    values: tuple[float, ...] = ()
    facts: Mapping[str, Fact] = {}
    missing: str = ""

    @property
    def n(self) -> int:
        """Return how many times it was measured."""
        return len(self.values)

    @property
    def median(self) -> float:
        """Return the median of the values; there must be some."""
        return median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """Return the lowest and highest value."""
        return min(self.values), max(self.values)


class Record(_Strict):
    """What one benchmark found, when, and on what."""

    name: str
    measured: datetime
    seconds: float
    sources: str
    machine: Mapping[str, Fact]
    load: tuple[float | None, ...]
    samples: tuple[Sample, ...]

    def sample(self, label: str) -> Sample | None:
        """Return a sample by its label, if it was measured."""
        return next((one for one in self.samples if one.label == label and one.values), None)


def read_records(path: Path = LATEST) -> dict[str, Record]:
    """Return the kept records by name; none if nothing has been kept.

    Raises:
        SamspelError: The file is damaged.
    """
    if not path.exists():
        return {}
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return {name: Record.model_validate(entry) for name, entry in document.items()}
    except (ValueError, AttributeError, ValidationError) as error:
        raise SamspelError(
            f"{path}: is damaged ({type(error).__name__}). Allowed: what samspel bench writes. "
            "Restore it from version control, or remove it and measure again."
        ) from error


def merge_records(records: Sequence[Record], path: Path = LATEST) -> Path:
    """Keep new records in place of older ones of the same name, and the others as they are."""
    kept = read_records(path) | {record.name: record for record in records}
    document = {name: kept[name].model_dump(mode="json") for name in sorted(kept)}
    return write_text(path, json.dumps(document, indent=1, ensure_ascii=False) + "\n")
