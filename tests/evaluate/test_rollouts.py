"""Roll-outs beyond one place: who starts, what is added, and that the estimators find what was put in."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from toy_country import PLACES, toy_country

from sim.core.errors import SamspelError
from sim.evaluate.estimators.randomised import ancova
from sim.evaluate.panels.designs import case_design
from sim.evaluate.panels.panel import Panel
from sim.evaluate.power.persons import person_trials
from sim.evaluate.power.real_pooled import USUAL, real_pooled_trials
from sim.evaluate.power.rollouts import ROLLOUTS, added_by, roll_out
from sim.evaluate.power.study import power_study
from sim.evaluate.power.trials import run_trials, trial_rows
from sim.policy.case import load_case


def _panel(seed: int = 1) -> Panel:
    return toy_country().panel(np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("name", "units", "places", "firsts"),
    [
        ("one", 1, PLACES, {2017}),
        ("several", 6, PLACES, {2017}),
        ("staggered", 6, PLACES, {2017, 2018, 2019}),
        ("offices", 6, 12, {2017}),
    ],
)
def test_a_rollout_draws_as_many_as_it_is_told(name: str, units: int, places: int, firsts: set[int]) -> None:
    panel = roll_out(ROLLOUTS[name], _panel(), units, np.random.default_rng(2))
    assert len(panel.treated) == units and len(panel.places) == places
    assert set(panel.first.values()) == firsts
    original = _panel()
    for row, place in enumerate(panel.places):
        assert np.array_equal(panel.values[row], original.values[original.places.index(place)])


def test_lots_fall_differently_by_seed_and_the_same_by_the_same() -> None:
    drawn = [
        roll_out(ROLLOUTS["several"], _panel(), 6, np.random.default_rng(seed)).treated for seed in (1, 1, 2)
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_the_effect_is_added_from_each_first_year_and_the_last_one_lasts() -> None:
    panel = replace(_panel(), first={_panel().places[0]: 2017, _panel().places[1]: 2019})
    added, at_work = added_by(panel, np.array([-1.0, -2.0]))
    assert added[0, 6:].tolist() == [0.0, -1.0, -2.0, -2.0]
    assert added[1, 6:].tolist() == [0.0, 0.0, 0.0, -1.0]
    assert at_work.sum() == 4 and not added[2:].any()


@pytest.mark.parametrize(("name", "estimator"), [("several", "callaway_santanna"), ("offices", "ancova")])
def test_a_large_effect_is_found_with_little_bias(name: str, estimator: str) -> None:
    trials = run_trials(
        toy_country(), np.full((1, 3), -3.0), 12, (estimator,), processes=1, rollout=name, units=6
    )
    row = trials.summary().row(0, named=True)
    assert abs(row["bias"]) < 0.5
    assert row["power"] > 0.8


def test_both_arms_share_placebos_and_would_be_the_same_without_sharing() -> None:
    panel = _panel()
    shared = trial_rows(panel, [-1.0, -1.0, -1.0], ("difference",))
    values = panel.values.copy()
    values[0, 7:] -= 1.0
    alone = trial_rows(replace(panel, values=values), [0.0, 0.0, 0.0], ("difference",))
    reform = next(row for row in shared if row["arm"] == "reform")
    again = next(row for row in alone if row["arm"] == "none")
    for key in ("effect", "se", "low", "high", "p_value", "limit"):
        assert reform[key] == pytest.approx(again[key])


def test_ancova_is_the_regression_that_it_says() -> None:
    panel = roll_out(ROLLOUTS["offices"], _panel(4), 8, np.random.default_rng(3))
    found = ancova(panel)
    before, after = panel.values[:, :7], panel.values[:, 7:].mean(axis=1)
    drawn = np.array([name in panel.first for name in panel.places], dtype=float)
    x = np.column_stack([np.ones(16), drawn, before.mean(axis=1), before[:, -1]])
    beta, *_ = np.linalg.lstsq(x, after, rcond=None)
    inverse = np.linalg.inv(x.T @ x)
    residual = (after - x @ beta) / (1 - np.einsum("ij,jk,ik->i", x, inverse, x))
    se = np.sqrt((inverse @ (x.T * residual**2) @ x @ inverse)[1, 1])
    assert found.effect == pytest.approx(beta[1])
    assert found.se == pytest.approx(se)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rollout": "stagered"}, "staggered"),
        ({"rollout": "several", "units": [1]}, "2 to"),
        ({"rollout": "offices", "units": [200]}, "4 to 40"),
        ({"rollout": "staggered", "years": [1]}, "at least 2"),
        ({"rollout": "several", "estimators": ["difference"]}, "callaway_santanna"),
        ({"rollout": "one", "units": [2]}, "1 to 1"),
        ({"rollout": "one", "stress": "spillover"}, "spill_over"),
        ({"rollout": "persons", "stress": "own_trend"}, "none"),
        ({"rollout": "persons", "effect": -1.0}, "none for persons"),
        ({"rollout": "persons", "units": [5]}, "at least 20"),
        ({"rollout": "persons", "years": [30]}, "1 to 4"),
        ({"rollout": "persons", "estimators": ["difference"]}, "none for persons"),
    ],
)
def test_a_study_refuses_what_cannot_be(options: dict[str, object], message: str) -> None:
    with pytest.raises(SamspelError, match=message):
        power_study(load_case("falkoping"), **options)  # type: ignore[arg-type]


def test_persons_drawn_by_lot_are_compared_in_a_town_of_their_own() -> None:
    case = load_case("falkoping")
    trials = person_trials(case, case_design(case), 2, 1, 200, processes=1)
    assert trials.rows.height == 4
    none, reform = (trials.rows.filter(pl.col("arm") == arm) for arm in ("none", "reform"))
    assert none["truth"].to_list() == [0.0, 0.0]
    assert reform["truth"].n_unique() == 1
    assert (trials.rows["persons"] <= 200).all() and (trials.rows["persons"] > 150).all()
    # About two hundred persons, half of them drawn: the standard error of a share.
    assert trials.rows["se"].is_between(4.0, 8.0).all()
    again = person_trials(case, case_design(case), 2, 1, 200, processes=1)
    assert again.rows.equals(trials.rows)


def test_pooled_placebos_on_real_places_come_with_the_usual_test_beside() -> None:
    rows = real_pooled_trials(2, ("callaway_santanna",), processes=1)
    assert rows["estimator"].unique().sort().to_list() == [
        "callaway_santanna",
        USUAL.format("callaway_santanna"),
    ]
    assert rows.equals(real_pooled_trials(2, ("callaway_santanna",), processes=1))
    assert rows.filter(estimator="callaway_santanna")["p_value"].is_between(1 / 40, 1).all()
