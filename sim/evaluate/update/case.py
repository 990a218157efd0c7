"""Update a case by an estimate, and keep the result as a named posterior.

Public names: `CaseUpdate`, `update_case`, `posterior_of`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sim.core.errors import SamspelError
from sim.evaluate.ex_post.prediction import Prediction
from sim.evaluate.panels.panel import Floats
from sim.evaluate.update.reweight import Update, reweight, weighted_interval
from sim.experiment.drawn import case_draws
from sim.policy.case import Case
from sim.policy.estimates import MUNICIPAL
from sim.policy.posteriors import Posterior
from sim.policy.uncertain import case_priors
from sim.policy.vintage import made_with

_LEAST_MOVED = 0.05

_SAME = 1e-9  # spread relative to the mean below which a parameter is one number, but for rounding


@dataclass(frozen=True)
class CaseUpdate:
    """What an estimate does to a case.

    Attributes:
        update: Weights, effective draws, the predicted effect before and after, warnings.
        parameters: Mean and interval before and after of each parameter, by name; those that moved most
            (change of the mean over the spread before) come first.
        beside: The same for what else is predicted of the case.
        values: Every draw's parameters, one row each.
        points: Every draw's national point.
    """

    update: Update
    parameters: Mapping[str, tuple[tuple[float, float, float], tuple[float, float, float]]]
    beside: Mapping[str, tuple[tuple[float, float, float], tuple[float, float, float]]]
    values: pl.DataFrame
    points: tuple[int, ...]

    def moved(self, least: float = _LEAST_MOVED) -> list[str]:
        """Return the parameters whose mean moved by at least so many standard deviations."""
        return [
            name
            for name, (before, after) in self.parameters.items()
            if abs(after[0] - before[0]) >= least * float(self.values[name].std() or np.inf)  # type: ignore[arg-type]
        ]


def update_case(case: Case, prediction: Prediction, estimate: float, se: float, seed: int = 1) -> CaseUpdate:
    """Re-weight the draws of a case's prediction by an estimate of the same effect.

    Args:
        case: The case that was predicted.
        prediction: Its prediction, made with ``seed``.
        estimate: The estimate, in the prediction's unit.
        se: Its standard error, of placebos rather than of sampling alone.
        seed: Seed of the prediction's draws.

    Raises:
        SamspelError: The estimate is not usable, or draws failed.
    """
    count = max(prediction.order) + 1
    drawn = list(case_draws(case, count, seed))
    kept = [drawn[index] for index in prediction.order]
    update = reweight(prediction.draws, estimate, se)
    names = [prior.name for prior in case_priors(case) if prior.name not in MUNICIPAL]
    values = pl.DataFrame({name: [draw.values[name] for draw in kept] for name in names})
    equal = np.full(len(kept), 1 / len(kept))
    pairs = {
        name: (_summary(column, equal), _summary(column, update.weights))
        for name in names
        if (column := values[name].to_numpy()).std() > _SAME * abs(column.mean())
    }
    order = sorted(pairs, key=lambda name: -abs(pairs[name][1][0] - pairs[name][0][0]) / values[name].std())  # type: ignore[operator]
    beside = {
        name: (_summary(draws, equal), _summary(draws, update.weights))
        for name, draws in prediction.beside.items()
    }
    return CaseUpdate(
        update, {name: pairs[name] for name in order}, beside, values, tuple(draw.point for draw in kept)
    )


def posterior_of(name: str, found: CaseUpdate, source: Mapping[str, Any]) -> Posterior:
    """Return a named posterior that scenarios can draw from, with where it comes from.

    Parameters that only this case has (ranges of its settings) are left out: they say nothing elsewhere.

    Raises:
        SamspelError: The draws do not come from calibrated points.
    """
    if min(found.points) < 0:
        raise SamspelError("update: the case's draws have no calibrated points. Run: samspel calibrate")
    general = [column for column in found.values.columns if "[" not in column and "." not in column]
    table = found.values.select(general).with_columns(
        point=pl.Series(found.points, dtype=pl.Int64), weight=pl.Series(found.update.weights)
    )
    update = found.update
    document = {
        **source,
        "draws": table.height,
        "effective_draws": round(update.effective, 1),
        "effect_before": [round(value, 4) for value in update.before],
        "effect_after": [round(value, 4) for value in update.after],
        "probability_of_so_distant_an_estimate": round(update.surprise, 4),
        "warnings": list(update.warnings),
        "made_with": made_with(),
    }
    return Posterior(name, table, document)


def _summary(values: Floats, weights: Floats) -> tuple[float, float, float]:
    return (float(values @ weights), *weighted_interval(values, weights))
