"""Pooled estimators on the real panel where nothing is known to have happened.

Cases of the sizes that ours have are dealt to municipalities that are in no case, with first years of their
own; the others are compared with. What a pooled estimator finds there is chance and drift. The test that the
usual clustered standard error gives is kept beside it: with so few treated places it is what not to use.

Public names: `real_pooled_trials`, `USUAL`.
"""

from collections.abc import Sequence
from functools import cache, partial
from typing import Any, Final

import numpy as np
import polars as pl
from scipy.stats import norm
from threadpoolctl import threadpool_limits

from sim.evaluate.estimators.cohorts import COHORT
from sim.evaluate.estimators.few_treated import with_reassignment
from sim.evaluate.estimators.result import INSIDE
from sim.evaluate.panels.clusters import bordering_groups
from sim.evaluate.panels.designs import borders
from sim.evaluate.panels.panel import Panel, make_panel
from sim.evaluate.power.batches import in_batches
from sim.evaluate.power.real import untreated_shares

USUAL: Final = "{}, usual s.e."
"""What the test of the clustered standard error is called, by estimator."""
_SINGLES = 3
_TOGETHER = 4
_GROUPS = 20
_FIRSTS = (2017, 2018, 2019)
_DEALS = 39
_BATCH = 4


def real_pooled_trials(
    draws: int, estimators: Sequence[str] = tuple(COHORT), seed: int = 1, processes: int | None = None
) -> pl.DataFrame:
    """Return what pooled estimators find in real places where nothing is known to have happened.

    In each draw one group of four neighbours and three single places are "treated", each case with a first
    year of its own, among nineteen other groups drawn by lot.

    Args:
        draws: Number of draws.
        estimators: Names of `sim.evaluate.estimators.cohorts.COHORT`.
        seed: Seed of the draws.
        processes: Number of processes; one per processor unless given.

    Returns:
        One row per draw and estimator: draw, estimator, effect, low, high, p_value; and the same with the
        usual standard error under `USUAL`.
    """
    work = partial(_batch, estimators=tuple(estimators), seed=seed)
    return in_batches("Real placebos, pooled", draws, _BATCH, work, processes).sort("draw", "estimator")


def _batch(batch: range, estimators: tuple[str, ...], seed: int) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    with threadpool_limits(1):
        for draw in batch:
            panel, clusters = _panel(np.random.default_rng([seed, draw]))
            for name in estimators:
                one = with_reassignment(
                    panel, clusters, borders(), COHORT[name], name, _DEALS, seed=int(draw) + 1
                )
                se = one.diagnostics["clustered_se"]
                margin = float(norm.ppf((1 + INSIDE) / 2)) * se
                usual = 2 * float(norm.sf(abs(one.effect) / se))
                for label, low, high, p in (
                    (name, one.low, one.high, one.p_value),
                    (USUAL.format(name), one.effect - margin, one.effect + margin, usual),
                ):
                    rows.append(
                        {
                            "draw": draw,
                            "estimator": label,
                            "effect": one.effect,
                            "low": low,
                            "high": high,
                            "p_value": p,
                        }
                    )
    return pl.DataFrame(rows)


def _panel(rng: np.random.Generator) -> tuple[Panel, list[tuple[str, ...]]]:
    """Return a panel whose cases are drawn at random, and the cases."""
    known = _groups()
    groups = [known[row] for row in rng.permutation(len(known))[:_GROUPS]]
    singles = rng.permutation([code for group in groups[1:] for code in group])[:_SINGLES]
    clusters = [groups[0], *((str(code),) for code in singles)]
    first = {code: int(rng.choice(_FIRSTS)) for code in (cluster[0] for cluster in clusters)}
    first = {code: first[cluster[0]] for cluster in clusters for code in cluster}
    rows = untreated_shares().filter(pl.col("place").is_in([code for group in groups for code in group]))
    return make_panel(rows, "stativ_share", "percent", first), clusters


@cache
def _groups() -> list[tuple[str, ...]]:
    return bordering_groups(untreated_shares()["place"].unique().to_list(), borders(), _TOGETHER)
