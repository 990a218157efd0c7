"""From sums to numbers: each measure against a value worked out by hand."""

import math
from typing import Any

import numpy as np
import pytest
from evidence_records import trial

from sim.evaluate.measures import break_even, estimate, median_months, value_of
from sim.evaluate.units import in_unit


def _value(sums: Any, kind: Any = "state", **keys: Any) -> float:
    return value_of(trial(keys).outcomes[0], kind, np.array([sums], dtype=float))


def _worlds(treated: list[float], untreated: list[float] | None = None) -> list[Any]:
    """Means in the arm's world and in control's, of ten persons and months each."""
    none = [[0.0, 0.0], [0.0, 0.0]]
    others = none if untreated is None else [[10 * one, 10] for one in untreated]
    return [[[10 * treated[0], 10], others[0]], [[10 * treated[1], 10], others[1]]]


def test_a_difference_is_that_of_the_treated_less_that_of_the_untreated() -> None:
    assert _value(_worlds([0.6, 0.4])) == pytest.approx(20.0)
    assert _value(_worlds([0.6, 0.4], [0.3, 0.35])) == pytest.approx(25.0)


def test_ratios_are_ratios_of_ratios() -> None:
    sums = _worlds([0.6, 0.4], [0.3, 0.4])
    assert _value(sums, measure="ratio") == pytest.approx(1.5 / 0.75)
    assert _value(sums, measure="ratio", unit="percent") == pytest.approx(100.0)
    assert _value(_worlds([0.05, 0.04]), measure="hazard_ratio") == pytest.approx(1.25)


def test_the_median_is_read_off_the_survival_curve_straight_between_months() -> None:
    assert median_months(np.array([[2, 10], [4, 8], [1, 4]])) == pytest.approx(1 + (0.8 - 0.5) / 0.4)
    assert median_months(np.array([[10, 10]])) == pytest.approx(0.5)
    assert math.isnan(median_months(np.array([[1, 10], [1, 9]])))
    assert math.isnan(median_months(np.array([[1, 10], [0, 0]])))


def test_a_ratio_of_medians_in_percent() -> None:
    fast, slow, none = [[5, 10], [5, 5]], [[0, 10], [5, 10]], [[0, 0], [0, 0]]
    assert _value([[fast, none], [slow, none]], measure="median_ratio", unit="percent") == pytest.approx(
        -50.0
    )


def test_displacement_is_the_part_of_the_gain_that_others_lose() -> None:
    assert _value([106, 100, 112, 102], measure="displacement_share") == pytest.approx(40.0)
    assert math.isnan(_value([100, 100, 102, 102], measure="displacement_share"))


def test_displacement_per_participant_is_what_outsiders_lose() -> None:
    per = {"measure": "displacement_share", "per": "subsidised", "indicator": "employed_unsubsidised"}
    assert _value([970, 1000, 60, 10], **per) == pytest.approx(60.0)


def test_per_treated_divides_by_persons_or_by_another_change() -> None:
    assert _value([[30, 20], [10, 0]], measure="per_treated") == pytest.approx(1.0)
    both = [[130, 80], [100, 120]]
    assert _value(both, measure="per_treated", per="registered") == pytest.approx(30 / 40)
    assert _value(both, measure="per_treated", per="-registered") == pytest.approx(30 / 40)
    rises = [[130, 160], [100, 120]]
    assert _value(rises, measure="per_treated", per="-registered") == pytest.approx(-30 / 40)


def test_ordering_counts_pairs_in_which_the_first_is_larger() -> None:
    high, low = _worlds([0.5, 0.4]), _worlds([0.4, 0.4])
    pairs = {"measure": "ordering", "pairs": [["treated", 2, "treated", 1], ["treated", 1, "treated", 2]]}
    assert _value([[high, low], [low, high]], **pairs) == 1.0
    assert _value([[low, low], [low, low]], **pairs) == 0.0


@pytest.mark.parametrize(
    ("path", "month"),
    [([5, 1], 1), ([-4, 2, 3, 1], 3), ([-4, 5, -2, 4], 4), ([-4, 1], 3), ([-1, 1], 3)],
)
def test_money_is_back_when_it_is_never_below_zero_again(path: list[float], month: float) -> None:
    assert break_even(np.array(path, dtype=float)) == month


def test_nothing_paid_is_never_paid_back() -> None:
    assert math.isnan(break_even(np.zeros(12)))


def test_levels_and_their_ratios() -> None:
    assert _value([30, 120], measure="level", unit="percent") == pytest.approx(25.0)
    ratio = {"measure": "level_ratio", "per": "registered", "indicator": "open_unemployed", "unit": "share"}
    assert _value([[30, 100], [60, 100]], **ratio) == pytest.approx(0.5)


def test_what_is_compared_is_the_first_less_the_last() -> None:
    scale = {"compare": "scale_arms", "measure": "displacement_share"}
    keys = {"population": {"demand_multiplier": [0.75, 1.25]}}
    outcome = trial(scale, **keys).outcomes[0]
    sums = np.array([[104, 100, 110, 100], [109, 100, 110, 100]], dtype=float)
    assert value_of(outcome, "state", sums) == pytest.approx(50.0)


def test_the_error_is_the_jackknife_over_replications() -> None:
    outcome = trial({"measure": "level", "unit": "share"}).outcomes[0]
    replications = [np.array([[x, 10.0]]) for x in (1.0, 2.0, 6.0)]
    found = estimate(outcome, "state", replications)
    assert found.value == pytest.approx(0.3)
    assert found.se == pytest.approx(np.std([0.1, 0.2, 0.6], ddof=1) / math.sqrt(3))
    assert math.isnan(estimate(outcome, "state", replications[:1]).se)


def test_units_count_in_hundredths_or_as_they_are() -> None:
    assert in_unit(0.08, "difference", "pp") == pytest.approx(8.0)
    assert in_unit(0.94, "median_ratio", "%") == pytest.approx(-6.0)
    assert in_unit(0.94, "hazard_ratio", "ratio") == 0.94
    assert in_unit(13.0, "difference", None) == 13.0
