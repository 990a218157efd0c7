"""What some pairs say together: means and 90 % bands by month, with what they rest on.

From 20 pairs on a band runs between the 5th and the 95th percentile over the draws, as in the reports. Of
fewer pairs percentiles say little, and too narrowly: the band is then where the next pair is to be expected,

    mean -+ t(0.95; n - 1) sd sqrt(1 + 1/n),

which is wider. Half-widths are Monte Carlo errors of the mean, another thing: 1.645 sd / sqrt(n).

Public names: `Answer`, `Band` and `answered`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from sim.experiment.explore.pairs import Pair, Values
from sim.policy.case import Case

ENOUGH: Final = 20
"""Pairs from which a band runs between percentiles."""
_ENDS: Final = (0.05, 0.95)
_NORMAL: Final = 1.6449


@dataclass(frozen=True)
class Band:
    """Mean and 90 % limits by month, from month 1."""

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True)
class Answer:
    """What a policy changes, as far as some pairs tell.

    Attributes:
        case: The case with the policy.
        pairs: Number of pairs.
        share: Share of the residents that was simulated.
        half_width: Half the 90 % interval of the mean of people in work in the last month, persons: what
            more pairs would narrow. Infinite for one pair.
        effects: Policy minus baseline by indicator.
        before: Levels without the policy.
        after: Levels with it.
    """

    case: Case
    pairs: int
    share: float
    half_width: float
    effects: Mapping[str, Band]
    before: Mapping[str, Band]
    after: Mapping[str, Band]


def answered(case: Case, pairs: Sequence[Pair]) -> Answer:
    """Return what the pairs of a case say together.

    Args:
        case: The case that they were run for.
        pairs: At least one.
    """
    first = pairs[0]
    last = np.array([pair.effects["employed"][-1] for pair in pairs])
    error = np.std(last, ddof=1) / np.sqrt(last.size) if last.size > 1 else np.inf
    return Answer(
        case=case,
        pairs=len(pairs),
        share=first.share,
        half_width=float(_NORMAL * error),
        effects=_bands([pair.effects for pair in pairs]),
        before=_bands([pair.before for pair in pairs]),
        after=_bands([pair.after for pair in pairs]),
    )


def _bands(rows: Sequence[Values]) -> dict[str, Band]:
    return {name: _band(np.stack([row[name] for row in rows])) for name in rows[0]}


def _band(values: NDArray[np.float64]) -> Band:
    mean, n = values.mean(axis=0), len(values)
    if n >= ENOUGH:
        low, high = np.quantile(values, _ENDS, axis=0)
        return Band(mean, low, high)
    if n == 1:
        return Band(mean, mean, mean)
    reach = stdtrit(n - 1, _ENDS[1]) * np.std(values, axis=0, ddof=1) * np.sqrt(1.0 + 1.0 / n)
    return Band(mean, mean - reach, mean + reach)
