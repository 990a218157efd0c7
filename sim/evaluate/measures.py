"""From sums over replications to one number with its Monte Carlo standard error.

Public names: `Estimate`, `estimate` (all replications, with the error by jackknife), `value_of` (one set of
sums) and `median_months`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.evaluate.person_indicators import Kind
from sim.evaluate.trial import Measure, Outcome
from sim.evaluate.units import in_unit

Sums = NDArray[np.float64]
NAN = float("nan")


@dataclass(frozen=True)
class Estimate:
    """A simulated number, its Monte Carlo standard error and the number of replications."""

    value: float
    se: float
    n: int


def estimate(outcome: Outcome, kind: Kind, replications: Sequence[Sums]) -> Estimate:
    """Return an outcome in its unit from all replications.

    The number is worked out from the sums over all n. Its error is the jackknife's, over n numbers that each
    leave one replication out: se = sqrt((n - 1) / n x sum of (x_i - mean of x)^2).
    """
    total = np.sum(replications, axis=0)
    n = len(replications)
    value = value_of(outcome, kind, total)
    if n < 2:
        return Estimate(value, NAN, n)
    left_out = [value_of(outcome, kind, total - one) for one in replications]
    mean = math.fsum(left_out) / n
    spread = math.fsum((one - mean) ** 2 for one in left_out)
    return Estimate(value, math.sqrt((n - 1) / n * spread), n)


def value_of(outcome: Outcome, kind: Kind, sums: Sums) -> float:
    """Return an outcome in its unit from one set of sums: of one place, or of the first less the last."""
    measured = [
        in_unit(_one(outcome.measure, kind, outcome.per, place), outcome.measure, outcome.unit)
        for place in sums
    ]
    return measured[0] if len(measured) == 1 else measured[0] - measured[-1]


def _one(measure: Measure, kind: Kind, per: str | None, sums: Sums) -> float:
    if kind == "payback":
        return break_even(sums)
    return _MEASURES[measure](sums, per)


def _divided(above: float, below: float) -> float:
    return float(above) / float(below) if below != 0 else NAN


def _mean(sums: Sums) -> float:
    return _divided(sums[0], sums[1])


def _level(sums: Sums, _: str | None) -> float:
    return _mean(sums)


def _level_ratio(sums: Sums, _: str | None) -> float:
    return _divided(_mean(sums[0]), _mean(sums[1]))


def _difference(sums: Sums, _: str | None) -> float:
    """Return [treated (arm) - treated (control)] - [untreated (arm) - untreated (control)]."""
    change = _mean(sums[0, 0]) - _mean(sums[1, 0])
    if sums[0, 1, 1] == 0 and sums[1, 1, 1] == 0:
        return change
    return change - (_mean(sums[0, 1]) - _mean(sums[1, 1]))


def _ratio(sums: Sums, _: str | None) -> float:
    """Return [treated (arm) / treated (control)] / [untreated (arm) / untreated (control)]."""
    change = _divided(_mean(sums[0, 0]), _mean(sums[1, 0]))
    if sums[0, 1, 1] == 0 and sums[1, 1, 1] == 0:
        return change
    return _divided(change, _divided(_mean(sums[0, 1]), _mean(sums[1, 1])))


def median_months(curve: Sums) -> float:
    """Return the month by which half have had the event, by Kaplan-Meier, straight between months.

    S(m) is the product over months to m of 1 - events / at risk, with S(0) = 1 before the first of them. NaN
    if fewer than half have had it, or nobody is left at risk before that.

    Args:
        curve: (events, at risk) by month.
    """
    left = 1.0
    for month, (events, at_risk) in enumerate(curve):
        if at_risk == 0:
            return NAN
        after = left * (1.0 - events / at_risk)
        if after <= 0.5:
            return float(month + (left - 0.5) / (left - after))
        left = after
    return NAN


def _median_ratio(sums: Sums, _: str | None) -> float:
    medians = [[median_months(sums[world, side]) for side in (0, 1)] for world in (0, 1)]
    change = _divided(medians[0][0], medians[1][0])
    if not sums[:, 1].any():
        return change
    return _divided(change, _divided(medians[0][1], medians[1][1]))


def _per_treated(sums: Sums, per: str | None) -> float:
    """Return the change of the indicator over that of the divisor: its size, or with a minus its fall."""
    change, divisor = sums[0] - sums[1]
    falls = per is not None and per.startswith("-")
    return _divided(change, -divisor if falls else abs(divisor))


def _displacement(sums: Sums, per: str | None) -> float:
    """Return 1 - net gain / gain at held tightness, or what those outside lose per participant."""
    if per is not None:
        return -_divided(sums[0] - sums[1], sums[2] - sums[3])
    lost: float = 1.0 - _divided(sums[0] - sums[1], sums[2] - sums[3])
    return lost


def _ordering(sums: Sums, _: str | None) -> float:
    """Return the number of pairs in which the first is larger."""
    return float(sum(_difference(first, None) > _difference(second, None) for first, second in sums))


def break_even(path: Sums) -> float:
    """Return the month, from 1, after which accumulated money is never below zero again.

    One more than the months there are if it ends below zero or at it; NaN if no krona moves.

    Args:
        path: Money of each month.
    """
    if not path.any():
        return NAN
    accumulated = np.cumsum(path)
    if accumulated[-1] <= 0:
        return float(path.size + 1)
    below = np.flatnonzero(accumulated < 0)
    return float(below[-1] + 2) if below.size else 1.0


_MEASURES: dict[Measure, Callable[[Sums, str | None], float]] = {
    "difference": _difference,
    "ratio": _ratio,
    "hazard_ratio": _ratio,
    "untreated_hazard_ratio": _ratio,
    "median_ratio": _median_ratio,
    "displacement_share": _displacement,
    "per_treated": _per_treated,
    "ordering": _ordering,
    "level": _level,
    "level_ratio": _level_ratio,
}
