"""Keep the test of calibration on simulated data sets in one file, and add only the sets that it lacks.

``params/estimates/recovery.csv`` holds the columns of `sim.calibrate.belief.recover`. Its first line, a
comment, says what it was made with: sets of other data, priors or model, or of another municipality, are not
kept beside new ones.

Public names: `Recovery`, `read_recovery` and `complete_recovery`.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
from rich.console import Console

from sim.core.errors import SamspelError, input_error
from sim.core.files import write_text
from sim.policy.estimates import MUNICIPAL, estimates_folder
from sim.policy.vintage import made_with

Recover = Callable[[int, str, int | None, int], pl.DataFrame]

COMMAND: Final = "samspel calibrate --recover 100"
"""What makes the file."""
_FILE = "recovery.csv"
_HEAD = "# Written by samspel calibrate --recover; edits are lost. Made with: "
_AT_ONCE = 10  # sets between two writes: what a kill can lose
_COLUMNS = {
    "set": pl.Int64,
    "parameter": pl.String,
    "truth": pl.Float64,
    "mean": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "rank": pl.Int64,
    "seconds": pl.Float64,
}


@dataclass(frozen=True)
class Recovery:
    """Simulated data sets, and what calibration found of each.

    Attributes:
        rows: Columns set, parameter, truth, mean, low, high, rank, seconds.
        vintage: The municipality (``code``) and what the sets were made with; empty where not said.
    """

    rows: pl.DataFrame
    vintage: dict[str, str]

    @property
    def sets(self) -> int:
        """Number of data sets."""
        return self.rows["set"].n_unique()

    @property
    def current(self) -> bool:
        """Return whether data, priors and model are still what the sets were made with."""
        return all(self.vintage.get(name) == value for name, value in made_with().items())


def read_recovery(folder: Path | None = None) -> Recovery | None:
    """Return the sets that are kept, or None where there are none.

    Raises:
        SamspelError: The file is damaged.
    """
    path = (estimates_folder() if folder is None else folder) / _FILE
    if not path.exists():
        return None
    try:
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        vintage = json.loads(first.removeprefix(_HEAD)) if first.startswith(_HEAD) else {}
        rows = pl.read_csv(path, comment_prefix="#", schema_overrides=_COLUMNS)
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        why = str(error).strip().splitlines()[0]
        raise SamspelError(
            f"{path}: cannot be read ({why}). Run: {COMMAND}, once the file is away"
        ) from error
    lacking = [name for name in _COLUMNS if name not in rows.columns]
    if lacking:
        raise input_error(path, "column", ", ".join(rows.columns), ", ".join(_COLUMNS))
    return Recovery(rows.select(*_COLUMNS), vintage)


def complete_recovery(
    sets: int,
    code: str | None = None,
    processes: int | None = None,
    folder: Path | None = None,
    recover: Recover | None = None,
    told: Callable[[int], None] | None = None,
) -> tuple[Recovery, Path]:
    """Make the sets from 0 that the file lacks, writing it as they end; return all, and the path.

    Sets beyond ``sets`` that are in the file stay.

    Args:
        sets: Number of data sets wanted.
        code: The municipality whose population they have; that of `sim.calibrate.belief` unless given.
        processes: Number of processes; one per processor unless given.
        folder: Where estimates are kept; ``params/estimates`` unless given.
        recover: What makes sets, in place of `sim.calibrate.belief.recover`.
        told: Called with the number of new sets after each write.

    Raises:
        SamspelError: The file is damaged, or cannot be written.
    """
    if code is None:
        from sim.calibrate.belief import TOWN  # imports the model

        code = TOWN
    make = recover or _recovered
    path = (estimates_folder() if folder is None else folder) / _FILE
    vintage = {"code": code, **made_with()}
    kept = read_recovery(folder)
    rows = pl.DataFrame(schema=_COLUMNS)
    if kept is not None and kept.vintage == vintage:
        whole = pl.col("parameter").n_unique().over("set") == len(MUNICIPAL)
        rows = kept.rows.filter(whole)
    for first, count in _lacking(sets, set(rows["set"])):
        new = make(count, code, processes, first).select(
            pl.col(name).cast(kind) for name, kind in _COLUMNS.items()
        )
        rows = pl.concat([rows, new]).sort("set", maintain_order=True)
        write_text(path, f"{_HEAD}{json.dumps(vintage)}\n{rows.write_csv(float_precision=6)}")
        if told is not None:
            told(count)
    return Recovery(rows, vintage), path


def _recovered(sets: int, code: str, processes: int | None, first: int) -> pl.DataFrame:
    """Make sets with the model, compiled once before several processes need it."""
    from sim.calibrate import belief
    from sim.experiment.warm import warm

    warm(Console(stderr=True))
    return belief.recover(sets, code, processes, first)


def _lacking(sets: int, there: set[int]) -> Iterator[tuple[int, int]]:
    """Yield first number and count of each stretch of missing sets, no longer than are made at once."""
    first = 0
    while first < sets:
        if first in there:
            first += 1
            continue
        count = next(
            n for n in range(1, _AT_ONCE + 1) if n == _AT_ONCE or first + n == sets or first + n in there
        )
        yield first, count
        first += count
