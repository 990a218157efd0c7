"""Run the actual estimators on many simulated panels, with and without the reform.

Public names: `run_trials`, `Trials`, `trial_rows`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from threadpoolctl import threadpool_limits

from sim.evaluate.panels.panel import Floats, Panel
from sim.evaluate.power.batches import in_batches
from sim.evaluate.power.rollouts import QUICK, ROLLOUTS, added_by, chance_of, estimate_panel, roll_out
from sim.evaluate.power.simulated import Country
from sim.evaluate.power.stress import STRESSES

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


def trial_rows(
    panel: Panel, effects: Sequence[float] | Floats, estimators: Sequence[str], stress: str = "none"
) -> list[dict[str, Any]]:
    """Return what each estimator finds on one panel, without the reform and with its effect.

    A stress acts with the reform's effect; without a reform only a trend of one's own is left of it. Where
    neither donors nor the past differ, both arms share what the estimator finds among the donors.

    Args:
        panel: A panel without any reform, and who starts when in it.
        effects: Effect by year since the start, points; the last one lasts.
        estimators: Names of estimators that go with the panel's roll-out.
        stress: One of `sim.evaluate.power.stress.STRESSES`.
    """
    added, at_work = added_by(panel, np.asarray(effects, dtype=np.float64))
    truth = float(np.sum(added * at_work) / np.sum(at_work))
    none, reform = (
        replace(panel, values=panel.values + change + STRESSES[stress].change(panel, change))
        for change in (np.zeros_like(added), added)
    )
    shared = np.array_equal(none.values[at_work == 0], reform.values[at_work == 0])
    rows: list[dict[str, Any]] = []
    for name in estimators:
        chance = chance_of(name, none)
        other = chance if shared else chance_of(name, reform)
        for arm, changed, true, found in (("none", none, 0.0, chance), ("reform", reform, truth, other)):
            one = estimate_panel(changed, name, found)
            figures = {key: getattr(one, key) for key in ("effect", "se", "low", "high", "p_value", "limit")}
            rows.append({"estimator": name, "arm": arm, "truth": true, **figures})
    return rows


def run_trials(
    source: Country,
    effects: Floats,
    draws: int,
    estimators: Sequence[str] = QUICK,
    stress: str = "none",
    seed: int = 1,
    processes: int | None = None,
    rollout: str = "one",
    units: int = 1,
) -> Trials:
    """Run estimators on simulated panels.

    Args:
        source: What panels are made from.
        effects: Effects of the reform by draw and year after the start, shape (any, years after); draw i of
            the trial takes row i, again from the first when all have been used. As many years are followed.
        draws: Number of panels.
        estimators: Names of estimators of the roll-out.
        stress: One of `sim.evaluate.power.stress.STRESSES`.
        seed: Seed of the panels and of who starts.
        processes: Number of processes; one per processor unless given.
        rollout: One of `sim.evaluate.power.rollouts.ROLLOUTS`.
        units: How many places start.

    Raises:
        SamspelError: The roll-out cannot have so many units, or so few years.
    """
    ROLLOUTS[rollout].check(units, len(source.groups), effects.shape[1])
    work = partial(
        _batch,
        source=source,
        effects=effects,
        estimators=tuple(estimators),
        stress=stress,
        seed=seed,
        rollout=rollout,
        units=units,
    )
    rows = in_batches("Simulated trials", draws, _BATCH, work, processes)
    return Trials(rows.sort("draw", "arm", "estimator"))


def _batch(
    batch: range,
    source: Country,
    effects: Floats,
    estimators: tuple[str, ...],
    stress: str,
    seed: int,
    rollout: str,
    units: int,
) -> pl.DataFrame:
    rows = []
    last = source.design.first + effects.shape[1] - 1
    with threadpool_limits(1):
        for draw in batch:
            rng = np.random.default_rng([seed, draw])
            panel = roll_out(ROLLOUTS[rollout], source.panel(rng).until(last), units, rng)
            for row in trial_rows(panel, effects[draw % len(effects)], estimators, stress):
                rows.append({"draw": draw, **row})
    return pl.DataFrame(rows)
