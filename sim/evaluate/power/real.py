"""Estimators on the real panel where nothing is known to have happened: how often they call it an effect.

A place that is in no case is drawn, and a first year; its donors are the places nearest in residents. What
an estimator finds there is chance and drift. Places are drawn again with other years, so draws overlap and
the binomial band is a little too narrow.

Public names: `real_trials`, `untreated_shares`.
"""

from collections.abc import Sequence
from functools import cache, partial
from typing import Any

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from sim.data.tables import table
from sim.evaluate.estimators.one_place import estimated
from sim.evaluate.panels.covariates import with_covariates
from sim.evaluate.panels.designs import LEAST_DONORS, municipalities_of_cases, residents
from sim.evaluate.panels.official import PRIMARY_LAST
from sim.evaluate.panels.panel import Panel, make_panel
from sim.evaluate.power.batches import in_batches

_LEAST_BEFORE = 5
_AFTER = (1, 2, 3)
_BATCH = 10


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
