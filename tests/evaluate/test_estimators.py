"""Estimators of one treated place: they find an effect, keep a constant out, and err as often as they say."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from sim.evaluate.estimators.conformal import conformal
from sim.evaluate.estimators.interrupted import interrupted_series
from sim.evaluate.estimators.placebo import placebo_in_time, with_placebos
from sim.evaluate.estimators.single import SINGLE, difference, prepath_regression, synthetic_did
from sim.evaluate.panels.panel import Panel, make_panel

QUICK = [name for name in SINGLE if name != "augmented_synthetic_control"]


def _panel(seed: int, places: int = 45, effect: float = 0.0) -> Panel:
    rng = np.random.default_rng(seed)
    levels, common = rng.normal(10, 2, places), np.cumsum(rng.normal(0, 0.3, 10))
    noise = np.cumsum(rng.normal(0, 0.2, (places, 10)), axis=1)
    values = levels[:, None] + common + noise
    values[0, 7:] += effect
    rows = [
        (f"place {place:02}", 2010 + year, values[place, year])
        for place in range(places)
        for year in range(10)
    ]
    frame = pl.DataFrame(rows, schema=["place", "period", "value"], orient="row")
    return make_panel(frame, "y", "points", {"place 00": 2017})


@pytest.mark.parametrize("name", QUICK)
def test_a_constant_effect_is_added_to_what_the_estimator_finds(name: str) -> None:
    without, with_effect = (SINGLE[name](_panel(3, effect=effect)).effect for effect in (0.0, 2.0))
    assert with_effect - without == pytest.approx(2.0, abs=1e-3)


@pytest.mark.parametrize("name", QUICK)
def test_levels_common_to_all_do_not_matter(name: str) -> None:
    panel = _panel(4)
    moved = replace(panel, values=panel.values + np.linspace(0, 5, 10))
    assert SINGLE[name](moved).effect == pytest.approx(SINGLE[name](panel).effect, abs=0.02)


def test_the_augmented_control_finds_a_large_effect() -> None:
    point = SINGLE["augmented_synthetic_control"](_panel(5, places=12, effect=5.0))
    assert point.effect == pytest.approx(5.0, abs=1.5)
    assert sum(point.weights.values()) == pytest.approx(1.0, abs=1e-3)


def test_difference_is_worked_out_by_hand() -> None:
    frame = pl.DataFrame(
        [("a", t, float(t >= 4) * 3) for t in range(1, 6)] + [("b", t, float(t)) for t in range(1, 6)]
        + [("c", t, 0.0) for t in range(1, 6)],
        schema=["place", "period", "value"], orient="row",
    )  # fmt: skip
    panel = make_panel(frame, "y", "points", {"a": 4})
    # a rises by 3; b by 4.5 - 2 = 2.5 and c by 0, so 1.25 on average.
    assert difference(panel).effect == pytest.approx(3 - 1.25)


def test_placebo_p_value_and_interval_agree_and_are_ranks() -> None:
    estimate = with_placebos(_panel(6, effect=3.0), prepath_regression, "prepath_regression")
    assert estimate.p_value == estimate.rank / 45
    assert (estimate.low > 0) == (estimate.p_value <= 0.1)
    assert estimate.high - estimate.effect == pytest.approx(estimate.effect - estimate.low)


def test_few_donors_give_no_bounded_interval_and_a_warning() -> None:
    estimate = with_placebos(_panel(7, places=6), difference, "difference")
    assert estimate.high == float("inf")
    assert "only 5 donors" in estimate.warnings[0]


def test_placebos_in_time_use_nothing_after_the_start() -> None:
    without, with_effect = (placebo_in_time(_panel(8, effect=effect), difference) for effect in (0.0, 9.0))
    assert without == with_effect
    assert list(without) == [2013, 2014, 2015, 2016]


def test_synthetic_did_weights_are_a_mean() -> None:
    point = synthetic_did(_panel(9))
    assert sum(point.weights.values()) == pytest.approx(1.0, abs=1e-3)
    assert min(point.weights.values()) >= 0


def test_an_interrupted_series_takes_a_change_of_the_country_for_an_effect() -> None:
    panel = _panel(10)
    values = panel.values.copy()
    values[:, 7:] += 4.0
    estimate = interrupted_series(replace(panel, values=values))
    assert estimate.effect > 2
    assert "nobody to compare with" in estimate.warnings[0]


@pytest.mark.parametrize("name", ["prepath_regression", "difference"])
def test_false_positives_are_as_many_as_promised(name: str) -> None:
    panel = _panel(12, places=81)
    found = []
    for place in panel.donors:
        placebo = panel.with_treated(place)
        found.append(with_placebos(placebo, SINGLE[name], name).p_value <= 0.05)
    # Every place is treated once in one panel, so ranks are dealt out: about 5 % of 80, never twice as many.
    assert 1 <= sum(found) <= 8


def test_a_conformal_interval_holds_an_effect_and_follows_it() -> None:
    none, large = (conformal(_panel(11, effect=effect)) for effect in (0.0, 6.0))
    assert none.low < 0 < none.high and none.p_value > 0.1
    assert large.low < 6 < large.high and large.low > 0
    assert large.p_value <= 0.1
    assert large.diagnostics["smallest_p"] == pytest.approx(1 / 120)


def test_too_few_years_give_a_conformal_interval_without_ends() -> None:
    one_after = conformal(replace(_panel(12, effect=6.0), left_out=(2018, 2019)))
    assert (one_after.low, one_after.high) == (-float("inf"), float("inf"))
    assert "no p-value is below 0.12" in one_after.warnings[0]
