"""An estimate re-weights draws: the textbook posterior, its coverage, a warning at a conflict."""

import numpy as np
import pytest

from sim.core.errors import SamspelError
from sim.evaluate.update.reweight import reweight, weighted_interval

DRAWS = np.random.default_rng(7).normal(-0.2, 0.3, 4000)


def test_normal_draws_give_the_conjugate_posterior() -> None:
    update = reweight(DRAWS, 0.4, 0.3)
    weight = 0.3**2 / (0.3**2 + 0.3**2)
    assert update.after[0] == pytest.approx(-0.2 + weight * 0.6, abs=0.03)
    width = update.after[2] - update.after[1]
    assert width == pytest.approx(2 * 1.645 * np.sqrt(0.3**2 * weight), rel=0.05)


def test_an_imprecise_estimate_barely_moves_anything() -> None:
    narrow = np.random.default_rng(1).normal(-0.05, 0.1, 2000)
    update = reweight(narrow, -0.42, 0.6)
    assert abs(update.after[0] - update.before[0]) < 0.02
    assert update.effective > 0.9 * narrow.size
    assert not update.warnings


def test_a_contradicting_estimate_warns() -> None:
    assert any("conflict" in warning for warning in reweight(DRAWS, 3.0, 0.3).warnings)


def test_too_few_effective_draws_warn() -> None:
    assert any("effective draws" in warning for warning in reweight(DRAWS[:50], -0.2, 0.002).warnings)


def test_ninety_percent_intervals_cover_the_truth_ninety_times_in_a_hundred() -> None:
    rng = np.random.default_rng(11)
    covered = []
    for truth in DRAWS[:400]:
        update = reweight(DRAWS[400:], truth + rng.normal(0, 0.3), 0.3)
        covered.append(update.after[1] <= truth <= update.after[2])
    assert np.mean(covered) == pytest.approx(0.90, abs=2.6 * np.sqrt(0.09 / 400))


def test_weighted_interval_of_equal_weights_is_the_plain_one() -> None:
    values = np.arange(1001.0)
    low, high = weighted_interval(values, np.full(1001, 1 / 1001))
    assert (low, high) == pytest.approx((50.0, 950.0), abs=1.0)


@pytest.mark.parametrize("se", [0.0, -1.0, float("nan")])
def test_a_standard_error_must_be_above_zero(se: float) -> None:
    with pytest.raises(SamspelError, match="a number above zero"):
        reweight(DRAWS, 0.0, se)
