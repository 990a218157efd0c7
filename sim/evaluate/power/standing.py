"""How often estimators called nothing an effect, as measured and kept, and the warnings that follow.

Public names: `false_positives`, `write_false_positives`, `warnings_of`, `REAL`, `SIMULATED`.
"""

from functools import cache
from pathlib import Path
from typing import Final

import polars as pl
from scipy.stats import binom

from sim.core.files import write_whole
from sim.core.paths import root
from sim.evaluate.estimators.result import INSIDE

LEVEL: Final = 0.05
REAL: Final = "real places"
SIMULATED: Final = "simulated panels"
_FILE = "estimators.csv"
_LIKELY = 0.95


def false_positives(rows: pl.DataFrame, panels: str = REAL) -> pl.DataFrame:
    """Return how often a 5 % test called nothing an effect, one row per estimator.

    ``low`` and ``high`` bound the share that a test of the right size gives in 95 % of as many draws.

    Args:
        rows: One row per draw and estimator where nothing happened: draw, estimator, effect, low, high and
            p_value.
        panels: What the draws are made of, `REAL` or `SIMULATED`.

    Returns:
        Columns estimator, panels, draws, false_positives, coverage (of zero, by 90 % intervals), spread, low,
        high.
    """
    draws = max(rows["draw"].n_unique(), 1)
    low, high = (float(binom.ppf(p, draws, LEVEL)) / draws for p in ((1 - _LIKELY) / 2, (1 + _LIKELY) / 2))
    covered = (pl.col("low") <= 0) & (pl.col("high") >= 0)
    return (
        rows.group_by("estimator")
        .agg(
            panels=pl.lit(panels),
            draws=pl.len(),
            false_positives=(pl.col("p_value") <= LEVEL).mean(),
            coverage=covered.mean(),
            spread=(pl.col("effect") ** 2).mean().sqrt(),
        )
        .with_columns(low=pl.lit(low), high=pl.lit(high))
        .sort("estimator")
    )


def write_false_positives(summary: pl.DataFrame, folder: Path | None = None) -> Path:
    """Keep the summary, which `warnings_of` reads; a row is not replaced by one of fewer draws."""
    path = _path(folder)
    rounded = summary.with_columns(pl.selectors.float().round(4))
    if path.exists():
        kept = pl.read_csv(path, schema=rounded.schema)
        both = pl.concat([rounded, kept]).sort("draws", descending=True, maintain_order=True)
        rounded = both.unique(["estimator", "panels"], keep="first", maintain_order=True)
    rounded = rounded.sort("panels", "estimator")
    return write_whole(path, lambda temporary: rounded.write_csv(temporary))


@cache
def warnings_of(estimator: str, folder: Path | None = None) -> tuple[str, ...]:
    """Return the warnings that an estimator carries for what it did where nothing happened."""
    path = _path(folder)
    if not path.exists():
        return ()
    rows = pl.read_csv(path).filter(estimator=estimator)
    if not rows.filter(panels=REAL).height:
        return ("not held against places where nothing happened",)
    said = []
    for row in rows.iter_rows(named=True):
        share, covered = 100 * row["false_positives"], 100 * row["coverage"]
        what = f"of {row['draws']} {row['panels']} without a reform an effect"
        if row["false_positives"] > row["high"]:
            said.append(
                f"a 5 % test called {share:.0f} % {what}, and its {INSIDE:.0%} intervals held zero in "
                f"{covered:.0f} %"
            )
        elif row["false_positives"] < row["low"]:
            said.append(
                f"a 5 % test called only {share:.1f} % {what}: it is careful, and sees less than it could"
            )
    return tuple(said)


def _path(folder: Path | None) -> Path:
    return (folder or root() / "params" / "estimates") / _FILE
