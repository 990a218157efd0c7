"""Estimators on the real panel where nothing is known to have happened: how often they call it an effect.

A place that is in no case is drawn, and a first year; its donors are the places nearest in residents. What
an estimator finds there is chance and drift. Places are drawn again with other years, so draws overlap and
the binomial band is a little too narrow.

Public names: `real_trials`, `untreated_shares`, `false_positives`, `write_false_positives`,
`warnings_of`.
"""

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from scipy.stats import binom
from threadpoolctl import threadpool_limits

from sim.core.files import write_whole
from sim.core.paths import root
from sim.data.tables import table
from sim.evaluate.estimators.one_place import estimated
from sim.evaluate.estimators.result import INSIDE
from sim.evaluate.panels.covariates import with_covariates
from sim.evaluate.panels.designs import LEAST_DONORS, municipalities_of_cases, residents
from sim.evaluate.panels.official import PRIMARY_LAST
from sim.evaluate.panels.panel import Panel, make_panel
from sim.evaluate.power.batches import in_batches

LEVEL: Final = 0.05
_LEAST_BEFORE = 5
_AFTER = (1, 2, 3)
_BATCH = 10
_FILE = "estimators.csv"
_LIKELY = 0.95


def real_trials(
    draws: int, estimators: Sequence[str], seed: int = 1, processes: int | None = None
) -> pl.DataFrame:
    """Return what estimators find in real places where nothing is known to have happened.

    Args:
        draws: Number of places and first years drawn.
        estimators: Names of `sim.evaluate.estimators.one_place.ONE_PLACE`.
        seed: Seed of the draws.
        processes: Number of processes; one per processor unless given.

    Returns:
        One row per draw and estimator: draw, place, start, estimator, effect, low, high, p_value, donors.
    """
    work = partial(_batch, estimators=tuple(estimators), seed=seed)
    return in_batches("Real placebos", draws, _BATCH, work, processes).sort("draw", "estimator")


def false_positives(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row per estimator: draws, false_positives (5 % test), coverage (90 %), spread, low, high.

    ``low`` and ``high`` bound the share that a test of the right size gives in 95 % of as many draws.
    """
    draws = max(rows["draw"].n_unique(), 1)
    low, high = (float(binom.ppf(p, draws, LEVEL)) / draws for p in ((1 - _LIKELY) / 2, (1 + _LIKELY) / 2))
    covered = (pl.col("low") <= 0) & (pl.col("high") >= 0)
    return (
        rows.group_by("estimator")
        .agg(
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
        rounded = both.unique("estimator", keep="first", maintain_order=True).sort("estimator")
    return write_whole(path, lambda temporary: rounded.write_csv(temporary))


@cache
def warnings_of(estimator: str, folder: Path | None = None) -> tuple[str, ...]:
    """Return the warning that an estimator carries for what it did on real placebos, if it has to."""
    path = _path(folder)
    if not path.exists():
        return ()
    rows = pl.read_csv(path).filter(estimator=estimator)
    if not rows.height:
        return ("not held against places where nothing happened",)
    row = rows.row(0, named=True)
    if row["low"] <= row["false_positives"] <= row["high"]:
        return ()
    return (
        f"a 5 % test called {100 * row['false_positives']:.0f} % of {row['draws']} real places without a "
        f"reform an effect, and its {INSIDE:.0%} intervals held zero in {100 * row['coverage']:.0f} %",
    )


def _path(folder: Path | None) -> Path:
    return (folder or root() / "params" / "estimates") / _FILE


@cache
def untreated_shares() -> pl.DataFrame:
    """Return STATIV to the end of the primary window of all municipalities that are in no case."""
    return (
        table("stativ")
        .filter(~pl.col("code").is_in(list(municipalities_of_cases())), pl.col("year") <= PRIMARY_LAST)
        .select(place="code", period="year", value="percent")
    )


def _batch(batch: range, estimators: tuple[str, ...], seed: int) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    with threadpool_limits(1):
        for draw in batch:
            panel = _panel(np.random.default_rng([seed, draw]))
            for name in estimators:
                one = estimated(name, panel)
                rows.append(
                    {
                        "draw": draw,
                        "place": panel.treated[0],
                        "start": panel.start,
                        "estimator": name,
                        "effect": one.effect,
                        "low": one.low,
                        "high": one.high,
                        "p_value": one.p_value,
                        "donors": len(panel.donors),
                    }
                )
    return pl.DataFrame(rows)


def _panel(rng: np.random.Generator) -> Panel:
    """Return the panel of a place, a first year and a length of follow-up drawn at random."""
    rows = untreated_shares()
    places = rows["place"].unique().sort().to_list()
    first_year = int(rows["period"].min())  # type: ignore[arg-type]
    after = int(rng.choice(_AFTER))
    start = int(rng.integers(first_year + _LEAST_BEFORE, PRIMARY_LAST - after + 2))
    place = str(rng.choice(places))
    size = residents(start - 1)
    near = sorted(
        (other for other in places if other != place),
        key=lambda other: (abs(np.log(size[other] / size[place])), other),
    )[:LEAST_DONORS]
    used = rows.filter(pl.col("place").is_in([place, *near]), pl.col("period") < start + after)
    panel = make_panel(used, "stativ_share", "percent", {place: start}, size)
    return with_covariates(panel, {code: (code,) for code in panel.places}, start - 1)
