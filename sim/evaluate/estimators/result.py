"""What every estimator returns.

Public names: `Estimate`, `Point`, `INSIDE`.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from scipy.stats import t

INSIDE: Final = 0.90
"""Nominal coverage of every interval."""
_TEST: Final = 0.95


@dataclass(frozen=True)
class Point:
    """An effect without its uncertainty.

    Attributes:
        effect: Mean difference from what would have been, over the periods after the start.
        path: Difference by period, before and after; before it, how well the comparison fitted.
        weights: Weight of each donor, where the estimator has weights.
        diagnostics: Figures to judge the fit by.
    """

    effect: float
    path: Mapping[int, float]
    weights: Mapping[str, float] = field(default_factory=dict)
    diagnostics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Estimate:
    """An effect with its uncertainty and all that is needed to doubt it.

    Attributes:
        estimator: Name of the estimator, as `sim.evaluate.estimators.registry` lists it.
        outcome: Name of the outcome; the effect is in its ``unit``.
        place: The treated place, or several joined by a comma.
        effect: Mean effect over the periods after the start.
        se: Its standard error.
        low: Lower end of the interval with nominal coverage `INSIDE`.
        high: Upper end.
        p_value: Two-sided, of no effect.
        inference: How uncertainty was found, in words.
        path: Difference by period.
        placebos: Effect "found" for each donor as if it had been treated.
        weights: Weight of each donor.
        pretrend: p-value of the test that nothing differed before; None where there is no test.
        diagnostics: Figures to judge the fit by.
        warnings: What makes the estimate less believable than it looks.
    """

    estimator: str
    outcome: str
    unit: str
    place: str
    effect: float
    se: float
    low: float
    high: float
    p_value: float
    inference: str
    path: Mapping[int, float] = field(default_factory=dict)
    placebos: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    pretrend: float | None = None
    diagnostics: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def limit(self) -> float:
        """Return the smallest size of an effect that a 5 % test calls one.

        The size that at most 5 % of placebos reach, or what the t-test of the standard error asks for; NaN
        where the test is neither.
        """
        sizes = sorted(abs(value) for value in self.placebos.values())
        if not sizes:
            freedom = self.diagnostics.get("freedom", math.nan)
            return float(t.ppf((1 + _TEST) / 2, freedom)) * self.se
        count = math.ceil(_TEST * (len(sizes) + 1))
        return sizes[count - 1] if count <= len(sizes) else math.inf

    @property
    def rank(self) -> int:
        """Return how many placebos are at least as far from zero, plus one: 1 is the most extreme."""
        return 1 + sum(abs(value) >= abs(self.effect) for value in self.placebos.values())
