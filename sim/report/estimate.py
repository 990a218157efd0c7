"""One quantity with its interval, and the strongest claim that the interval allows.

A direction is *very likely* from 95 percent of the parameter draws and *likely* from 80; below that nothing
is claimed. A claim is also held back by what the reader will see, which is the *rounded* interval.
"""

from dataclasses import dataclass
from enum import StrEnum

from sim.report.numbers import Rounding, rounded

VERY_LIKELY = 0.95
LIKELY = 0.80


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over parameter draws, its 90 % (``low``, ``high``) and 50 % interval, probabilities of sign."""

    mean: float
    low: float
    high: float
    low50: float
    high50: float
    p_positive: float
    p_negative: float
    p_zero: float
    n: int

    def rounded(self, rounding: Rounding) -> tuple[float, float, float]:
        """Return mean, low and high as they will be printed."""
        return rounded(self.mean, rounding), rounded(self.low, rounding), rounded(self.high, rounding)

    def negative(self) -> "Estimate":
        """Return the estimate of minus the quantity, for a count that is printed as a loss."""
        return Estimate(
            -self.mean,
            -self.high,
            -self.low,
            -self.high50,
            -self.low50,
            self.p_negative,
            self.p_positive,
            self.p_zero,
            self.n,
        )


class Claim(StrEnum):
    """What may be said about the direction of an effect."""

    NONE = "none"  # every draw gives exactly zero
    SMALL = "small"  # the printed interval is nothing but zero
    UP_SURE = "up_sure"
    UP_LIKELY = "up_likely"
    UNKNOWN = "unknown"
    DOWN_LIKELY = "down_likely"
    DOWN_SURE = "down_sure"

    @property
    def direction(self) -> int:
        """Return +1, -1, or 0 where no direction is claimed."""
        return {"up": 1, "down": -1}.get(self.value.split("_")[0], 0)


def claim(estimate: Estimate, rounding: Rounding) -> Claim:
    """Return the strongest claim that the draws and the printed interval both support.

    A direction needs its probability limit, an interval that reaches that side when printed, and a mean that
    does not point the other way; *very likely* also needs a printed interval that does not cross zero.
    """
    mean, low, high = estimate.rounded(rounding)
    if estimate.p_zero >= 1:
        return Claim.NONE
    if low == high == 0:
        return Claim.SMALL
    up, down = estimate.p_positive, estimate.p_negative
    if up >= LIKELY and high > 0 and mean >= 0:
        return Claim.UP_SURE if up >= VERY_LIKELY and low >= 0 else Claim.UP_LIKELY
    if down >= LIKELY and low < 0 and mean <= 0:
        return Claim.DOWN_SURE if down >= VERY_LIKELY and high <= 0 else Claim.DOWN_LIKELY
    return Claim.UNKNOWN
