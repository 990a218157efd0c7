"""Put a year of monthly counts by municipality in order, and take each place's own trend out of it."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.calibrate.statistics.figures import enough, once, varying
from sim.core.errors import SamspelError

Floats = NDArray[np.float64]


def stock_matrix(rows: pl.DataFrame, where: str) -> tuple[list[str], Floats]:
    """Return the codes, sorted, and their counts [place, month].

    Args:
        rows: Columns code, month, persons, for twelve months.
        where: The file or table that they come from, for messages.

    Raises:
        SamspelError: A place lacks a month, has a constant or non-positive count, or two values for a month.
    """
    rows = once(rows.select("code", "month", "persons"), ["code", "month"], "persons", where).sort(
        "code", "month"
    )
    for code, months in rows.group_by("code").len().sort("code").iter_rows():
        enough(months, 12, f"{where}: months of code {code}")
    bad = rows.filter(pl.col("persons") <= 0)
    if bad.height:
        code, month, persons = bad.row(0)
        raise SamspelError(
            f"{where}: code {code} has persons = {persons} in {month}. Allowed: a positive count."
        )
    varying(rows, "persons", "code", where)
    codes = rows["code"].unique(maintain_order=True).to_list()
    return codes, rows["persons"].to_numpy().astype(np.float64).reshape(len(codes), 12)


def detrended(counts: Floats) -> Floats:
    """Return log counts less each place's own least-squares line over the year [place, month]."""
    line = np.column_stack([np.ones(12), np.arange(12.0)])
    logs = np.log(counts).T
    rest: Floats = (logs - line @ np.linalg.lstsq(line, logs, rcond=None)[0]).T
    return rest
