"""Run the actual estimators on many simulated panels, with and without the reform.

Public names: `run_trials`, `Trials`, `one_treated`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from sim.evaluate.estimators.placebo import with_placebos
from sim.evaluate.estimators.single import tuned
from sim.evaluate.panels.panel import Floats, Panel
from sim.evaluate.power.batches import in_batches
from sim.evaluate.power.simulated import Country
from sim.evaluate.power.stress import STRESSES

QUICK: Final = ("prepath_regression", "synthetic_did", "difference")
"""Estimators that are fast enough to be run hundreds of times with all their placebos."""
_POWER = 0.80
_TEST = 0.95
_BATCH = 5
_GRID = 81


@dataclass(frozen=True)
class Trials:
    """What estimators found on simulated panels.

    Attributes:
        rows: One row per draw, estimator and arm: ``draw``, ``estimator``, ``arm`` (none or reform),
            ``truth``, ``effect``, ``se``, ``low``, ``high``, ``p_value``, ``limit`` (a size that a 5 % test
            refuses).
    """

    rows: pl.DataFrame

    def summary(self) -> pl.DataFrame:
        """Return one row per estimator.

        ``false_positives``: share of panels without a reform that a 5 % test calls an effect.
        ``coverage``: share of 90 % intervals that hold the truth with the reform. ``bias`` and ``rmse`` with
        the reform. ``power``: share of the reform's panels that the test finds. ``detectable``: the smallest
        constant effect found four times in five.
        """
        none, reform = (pl.col("arm") == arm for arm in ("none", "reform"))
        inside = (pl.col("low") <= pl.col("truth")) & (pl.col("truth") <= pl.col("high"))
        error = pl.col("effect") - pl.col("truth")
        frame = self.rows.group_by("estimator", maintain_order=True).agg(
            draws=none.sum(),
            false_positives=(pl.col("p_value") <= 1 - _TEST).filter(none).mean(),
            coverage=inside.filter(reform).mean(),
            bias=error.filter(reform).mean(),
            rmse=(error**2).filter(reform).mean().sqrt(),
            power=(pl.col("p_value") <= 1 - _TEST).filter(reform).mean(),
            truth=pl.col("truth").filter(reform).mean(),
        )
        found = [self.detectable(name) for name in frame["estimator"]]
        return frame.with_columns(detectable=pl.Series(found, dtype=pl.Float64))

    def curve(self, estimator: str, sizes: Sequence[float] | Floats) -> Floats:
        """Return the power of a 5 % test against constant effects, from the panels without a reform.

        Every estimator here adds a constant effect to what it finds without one, and its placebos do not
        change; a test holds them to that.
        """
        rows = self.rows.filter(pl.col("arm") == "none", pl.col("estimator") == estimator)
        effects, limits = rows["effect"].to_numpy(), rows["limit"].to_numpy()
        return np.array([np.mean(np.abs(effects + size) >= limits) for size in sizes])

    def detectable(self, estimator: str) -> float:
        """Return the smallest constant effect found with a power of 80 %; NaN beyond ten times the spread."""
        rows = self.rows.filter(pl.col("arm") == "none", pl.col("estimator") == estimator)
        sizes = np.linspace(0, 10 * float(rows["effect"].to_numpy().std()), _GRID)
        both = (self.curve(estimator, sizes) + self.curve(estimator, -sizes)) / 2
        found = np.flatnonzero(both >= _POWER)
        return float(sizes[found[0]]) if len(found) else float("nan")


def one_treated(
    panel: Panel, effects: Sequence[float] | Floats, estimators: Sequence[str], stress: str = "none"
) -> list[dict[str, Any]]:
    """Return what each estimator finds on one panel, without the reform and with its effect by year after.

    A stress acts with the reform's effect; without a reform only a trend of one's own is left of it.
    """
    given = np.asarray(effects, dtype=np.float64)
    columns = [panel.periods.index(period) for period in panel.after]
    rows: list[dict[str, Any]] = []
    for arm, added in (("none", np.zeros_like(given)), ("reform", given)):
        values = STRESSES[stress].change(panel, added).copy()
        values[0, columns] += added
        changed = replace(panel, values=values)
        truth = float(added.mean())
        for name in estimators:
            found = with_placebos(changed, tuned(name, changed), name)
            sizes = np.sort(np.abs(list(found.placebos.values())))
            count = int(np.ceil(_TEST * (len(sizes) + 1)))
            rows.append(
                {
                    "estimator": name,
                    "arm": arm,
                    "truth": truth,
                    "effect": found.effect,
                    "se": found.se,
                    "low": found.low,
                    "high": found.high,
                    "p_value": found.p_value,
                    "limit": float(sizes[count - 1]) if count <= len(sizes) else float("inf"),
                }
            )
    return rows


def run_trials(
    source: Country,
    effects: Floats,
    draws: int,
    estimators: Sequence[str] = QUICK,
    stress: str = "none",
    seed: int = 1,
    processes: int | None = None,
) -> Trials:
    """Run estimators on simulated panels.

    Args:
        source: What panels are made from.
        effects: Effects of the reform by draw and year after the start, shape (any, years after); draw i of
            the trial takes row i, again from the first when all have been used.
        draws: Number of panels.
        estimators: Names of `sim.evaluate.estimators.single.SINGLE`.
        stress: One of `sim.evaluate.power.stress.STRESSES`.
        seed: Seed of the panels.
        processes: Number of processes; one per processor unless given.
    """
    work = partial(
        _batch, source=source, effects=effects, estimators=tuple(estimators), stress=stress, seed=seed
    )
    rows = in_batches("Simulated trials", draws, _BATCH, work, processes)
    return Trials(rows.sort("draw", "arm", "estimator"))


def _batch(
    batch: range, source: Country, effects: Floats, estimators: tuple[str, ...], stress: str, seed: int
) -> pl.DataFrame:
    rows = []
    with threadpool_limits(1):
        for draw in batch:
            panel = source.panel(np.random.default_rng([seed, draw]))
            for row in one_treated(panel, effects[draw % len(effects)], estimators, stress):
                rows.append({"draw": draw, **row})
    return pl.DataFrame(rows)
