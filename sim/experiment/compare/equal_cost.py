"""Find the doses at which policies cost the same, with a root finder of scipy that takes all at once.

Public names: `equal_doses` and its result `Scaled`; `unscaled`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.experiment.compare.doses import Dose

Why = Literal["", "as_stated", "no_dose", "below", "above", "steps"]
Costs = Callable[[Sequence[tuple[int, float]]], Sequence[float]]
"""Takes (number of the policy, multiplier of its dose) and returns mean costs in kronor."""
_MOST = 8  # rounds; a cost that grows evenly with its dose takes three
_BEYOND = 1.5  # power of the ratio of costs at which a dose should cost too much (or too little)
_NARROW = 2e-3  # multipliers nearer to each other than this are one


@dataclass(frozen=True)
class Scaled:
    """The dose of one policy.

    Attributes:
        multiplier: What the dose is multiplied by.
        cost: Mean cost at it, kronor.
        why: Empty where the cost is reached within the tolerance; else why not: the policy has no dose
            (``no_dose``), costs less (``below``) or more (``above``) than is to be reached at any dose
            allowed, or jumps over it (``steps``: places and cohorts are whole). ``as_stated`` where no cost
            was to be reached.
        least: Lowest mean cost seen at a dose allowed.
        most: Highest.
    """

    multiplier: float
    cost: float
    why: Why
    least: float
    most: float

    @property
    def equal(self) -> bool:
        """Return whether the policy costs what was to be reached."""
        return self.why == ""


def unscaled(count: int, costs: Costs) -> list[Scaled]:
    """Return the policies at the doses that they state."""
    found = costs([(number, 1.0) for number in range(count)])
    return [Scaled(1.0, cost, "as_stated", cost, cost) for cost in found]


def equal_doses(
    doses: Sequence[Dose | None], costs: Costs, budget: float | None, tolerance: float
) -> list[Scaled]:
    """Return for each policy the multiplier at which its mean cost is the budget.

    Args:
        doses: The dose of each policy.
        costs: Tells mean costs; each is asked for once.
        budget: Kronor; the cost of the first policy at its stated dose unless given.
        tolerance: Share of the budget by which costs may differ.

    Raises:
        ValueError: There is no budget above zero.
    """
    known: dict[tuple[int, float], float] = {}

    def cost(asked: Sequence[tuple[int, float]]) -> NDArray[np.float64]:
        left = [one for one in dict.fromkeys(asked) if one not in known]
        if left:
            known.update(zip(left, costs(left), strict=True))
        return np.array([known[one] for one in asked])

    cost([(number, 1.0) for number in range(len(doses))])
    target = known[0, 1.0] if budget is None else budget
    if not target > 0:
        raise ValueError(f"nothing to be equal to: {target:g} kronor")
    near = tolerance * target
    free = {
        number: dose
        for number, dose in enumerate(doses)
        if dose is not None and abs(known[number, 1.0] - target) > near
    }
    for attempt in range(3):
        cost(
            [
                (number, _attempts(dose, known[number, 1.0], target)[attempt])
                for number, dose in free.items()
                if _bracket(number, known, target) is None
            ]
        )
    brackets = {number: _bracket(number, known, target) for number in free}
    inside = {number: one for number, one in brackets.items() if one is not None}
    if inside:
        _search(inside, cost, target, near)
    return [_scaled(number, dose, known, target, near) for number, dose in enumerate(doses)]


def _attempts(dose: Dose, cost: float, target: float) -> tuple[float, float, float]:
    """Return what to try first: a little beyond where cost in proportion would lead, then both ends.

    More of a dose mostly costs more, so the end on that side comes first.
    """
    likely, other = (dose.high, dose.low) if cost < target else (dose.low, dose.high)
    beyond = (target / cost) ** _BEYOND if cost > 0 else likely
    return min(max(beyond, dose.low), dose.high), likely, other


def _bracket(number: int, known: dict[tuple[int, float], float], target: float) -> tuple[float, float] | None:
    """Return the nearest two of the multipliers tried whose costs lie on either side of the target."""
    tried = sorted((multiplier, cost - target) for (one, multiplier), cost in known.items() if one == number)
    ends = [(one[0], other[0]) for one, other in pairwise(tried) if one[1] * other[1] <= 0]
    return min(ends, key=lambda pair: pair[1] - pair[0], default=None)


def _search(
    brackets: dict[int, tuple[float, float]],
    cost: Callable[[Sequence[tuple[int, float]]], NDArray[np.float64]],
    target: float,
    near: float,
) -> None:
    """Ask for costs, all policies at once, until each is near the target or its bracket is narrow."""
    from scipy.optimize.elementwise import find_root

    def beyond(multipliers: NDArray[np.float64], numbers: NDArray[np.int64]) -> NDArray[np.float64]:
        asked = [(int(n), float(m)) for n, m in zip(numbers, multipliers, strict=True)]
        return cost(asked) - target

    low, high = (np.array([ends[side] for ends in brackets.values()]) for side in (0, 1))
    numbers = np.array(list(brackets))
    tolerances = {"fatol": near, "frtol": 0.0, "xatol": 0.0, "xrtol": _NARROW}
    find_root(beyond, (low, high), args=(numbers,), tolerances=tolerances, maxiter=_MOST)


def _scaled(
    number: int, dose: Dose | None, known: dict[tuple[int, float], float], target: float, near: float
) -> Scaled:
    """Return the dose that came nearest of all that were tried, its stated dose where that is near enough."""
    tried = {multiplier: cost for (one, multiplier), cost in known.items() if one == number}
    least, most = min(tried.values()), max(tried.values())
    nearest = min(tried, key=lambda multiplier: (abs(tried[multiplier] - target), multiplier))
    best = 1.0 if abs(tried[1.0] - target) <= near else nearest
    why: Why = ""
    if abs(tried[best] - target) > near:
        why = (
            "no_dose"
            if dose is None
            else "below"
            if most < target
            else "above"
            if least > target
            else "steps"
        )
    return Scaled(best, tried[best], why, least, most)
