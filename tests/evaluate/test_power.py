"""Simulated trials: panels of the right shape, power that follows from ranks, and stress that breaks."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from toy_country import CODES, PLACES, toy_country

from sim.evaluate.panels.panel import Panel
from sim.evaluate.power.paths import TownPaths
from sim.evaluate.power.rollouts import added_by
from sim.evaluate.power.stress import STRESSES
from sim.evaluate.power.trials import Trials, run_trials, trial_rows
from sim.evaluate.update.reweight import reweight
from sim.evaluate.update.rounds import update_rounds


@pytest.fixture(scope="module")
def trials() -> Trials:
    return run_trials(toy_country(), np.full((4, 3), -1.0), 60, ("difference",), processes=1)


def test_panels_are_drawn_anew_and_repeat_by_seed() -> None:
    country = toy_country()
    one, again, other = (country.panel(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert np.array_equal(one.values, again.values)
    assert not np.array_equal(one.values, other.values)
    assert one.values.shape == (PLACES, 10) and one.after == (2017, 2018, 2019)


def test_drift_spreads_as_it_is_told() -> None:
    country = toy_country(spread=0.05)
    still = replace(country, paths=TownPaths(CODES, np.full((PLACES, 1, 10), 10.0)))
    logs = np.log([still.panel(np.random.default_rng(seed)).values / 10.0 for seed in range(300)])
    assert logs[:, :, 0].std() == 0
    assert logs[:, :, 9].std() == pytest.approx(0.15, rel=0.05)


def test_summary_counts_false_alarms_coverage_and_power(trials: Trials) -> None:
    row = trials.summary().row(0, named=True)
    assert row["draws"] == 60 and row["truth"] == pytest.approx(-1.0)
    assert row["bias"] == pytest.approx(
        trials.rows.filter(pl.col("arm") == "reform")
        .select((pl.col("effect") - pl.col("truth")).mean())
        .item()
    )
    assert 0 <= row["false_positives"] <= 0.2
    assert row["coverage"] >= 0.75


def test_power_rises_with_the_effect_and_is_that_of_the_reforms_own_panels(trials: Trials) -> None:
    curve = trials.curve("difference", [0.0, 0.5, 1.0, 2.0, 8.0])
    assert list(curve) == sorted(curve) and curve[-1] == 1.0
    found = trials.rows.filter(pl.col("arm") == "reform").select((pl.col("p_value") <= 0.05).mean()).item()
    lower = trials.curve("difference", [-1.0])[0]
    assert found == pytest.approx(lower, abs=1e-9)
    assert 0 < trials.detectable("difference") < 8


def test_a_trend_of_its_own_breaks_differences_and_not_the_panel_without() -> None:
    panel = toy_country().panel(np.random.default_rng(3))
    plain, stressed = (
        {row["arm"]: row["effect"] for row in trial_rows(panel, [0.0, 0.0, 0.0], ("difference",), stress)}
        for stress in ("none", "own_trend")
    )
    # Seven years before and three after: the mean gap of years is 5, times a tenth of a point.
    assert stressed["reform"] - plain["reform"] == pytest.approx(0.5)


def test_spill_over_hides_a_quarter_of_the_effect() -> None:
    panel = toy_country().panel(np.random.default_rng(4))
    plain, stressed = (
        next(
            row["effect"]
            for row in trial_rows(panel, [-2.0, -2.0, -2.0], ("difference",), stress)
            if row["arm"] == "reform"
        )
        for stress in ("none", "spill_over")
    )
    assert stressed - plain == pytest.approx(0.5)


def test_anticipation_moves_the_last_year_before_alone() -> None:
    panel: Panel = toy_country().panel(np.random.default_rng(5))
    added, _ = added_by(panel, np.array([-1.0, -1.0, -1.0]))
    changed = STRESSES["anticipation"].change(panel, added)
    assert changed[0, 6] == -0.5 and np.count_nonzero(changed) == 1


def test_rounds_of_the_loop_leave_the_truths_own_draw_out(trials: Trials) -> None:
    predicted = np.array([-1.0, -0.9, -1.1, -1.0])
    rounds = update_rounds(trials, predicted)
    assert rounds.height == 60
    first = trials.rows.filter(pl.col("arm") == "reform").row(0, named=True)
    expected = reweight(predicted[1:], first["effect"], first["se"])
    assert rounds.row(0, named=True)["low"] == pytest.approx(expected.after[1])
    narrower = rounds.select((pl.col("after") <= pl.col("before") + 1e-9).mean()).item()
    assert narrower > 0.5


def test_an_estimator_without_a_standard_error_has_no_rounds_of_the_loop(trials: Trials) -> None:
    blind = Trials(trials.rows.with_columns(se=pl.lit(float("nan"))))
    assert update_rounds(blind, np.array([-1.0, -0.9, -1.1, -1.0])).height == 0
