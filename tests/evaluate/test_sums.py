"""Sums over persons and months of records made by hand."""

from typing import Any

import numpy as np
import pytest
from evidence_records import (
    ACTIVITY,
    JOB,
    OPEN,
    OUTSIDE,
    STUDYING,
    SUBSIDISED,
    TRAINING,
    HandWorlds,
    record,
    trial,
)

from sim.evaluate.record import Record, spell_months
from sim.evaluate.sums import Place, places, sums_of


def _sums(outcome: dict[str, Any], control: Record, treated: Record, **more: Any) -> Any:
    keys = {key: more.pop(key) for key in ("population", "design") if key in more}
    hand = trial(outcome, **keys)
    return sums_of(hand, hand.outcomes[0], HandWorlds(control=control, treated=treated, **more))[0]


def test_months_in_a_spell_go_on_from_before_the_roll_out() -> None:
    one = record([OPEN, OPEN, JOB, OPEN, ACTIVITY], spell=[[7, 8, 0, 0, 1]])
    length, new = spell_months(one)
    assert length[:, 0].tolist() == [7, 8, -1, 0, 1]
    assert new[:, 0].tolist() == [False, False, False, True, True]


def test_shares_are_of_persons_present_and_months_of_the_window() -> None:
    control = record([OPEN, OPEN, OPEN, JOB], [OPEN, JOB, JOB, -1], [OPEN, OPEN, OPEN, OPEN], arm=(1, 1, 0))
    treated = record([OPEN, JOB, JOB, JOB], [OPEN, JOB, JOB, -1], [OPEN, OPEN, JOB, OPEN], arm=(1, 1, 0))
    sums = _sums({"indicator": "employed_share"}, control, treated)
    assert sums.tolist() == [[[5, 5], [1, 3]], [[3, 5], [0, 3]]]
    later = _sums({"indicator": "employed", "months": 1}, control, treated)
    assert later.tolist() == [[[2, 2], [1, 1]], [[1, 2], [0, 1]]]


def test_the_month_before_the_roll_out_is_never_counted() -> None:
    one = record([JOB, OPEN, OPEN, OPEN])
    assert _sums({"indicator": "employed"}, one, one)[0, 0].tolist() == [0, 3]


def test_each_persons_clock_starts_at_enrolment() -> None:
    control = record([OPEN, OPEN, OPEN, OPEN], [OPEN] * 4, enrolled=(1, -1))
    treated = record([OPEN, JOB, OPEN, JOB], [JOB] * 4, enrolled=(1, -1))
    assert _sums({"indicator": "employed", "months": [0, 1]}, control, treated)[0, 0].tolist() == [1, 2]
    assert _sums({"indicator": "employed", "months": 2}, control, treated)[0, 0].tolist() == [0, 0]


def test_hazards_are_events_over_months_at_risk() -> None:
    control = record([OPEN, OPEN, OPEN, JOB], [OPEN, STUDYING, OPEN, SUBSIDISED])
    treated = record([OPEN, JOB, OPEN, JOB], [JOB, JOB, OPEN, -1])
    keys = {"indicator": "exit_to_work", "measure": "hazard_ratio"}
    sums = _sums(keys, control, treated)
    assert sums[1, 0].tolist() == [2, 5]  # at risk: three months of the first, two of the second
    assert sums[0, 0].tolist() == [2, 2]  # the one who moves away is not at risk in that month
    only_jobs = _sums(keys | {"indicator": "exit_to_unsubsidised_work"}, control, treated)
    assert only_jobs[1, 0].tolist() == [1, 5]


def test_a_hazard_of_a_state_is_that_of_coming_into_it() -> None:
    one = record([OUTSIDE, JOB, OPEN, JOB])
    assert _sums({"indicator": "employed", "measure": "hazard_ratio"}, one, one)[0, 0].tolist() == [2, 2]


def test_training_that_ends_is_told_from_training_that_goes_on() -> None:
    activity = [[TRAINING, TRAINING, TRAINING, 0, 0]]
    one = record([ACTIVITY, ACTIVITY, ACTIVITY, OPEN, JOB], activity=activity, left=[[3, 2, 1, 0, 0]])
    during, after = (
        _sums({"indicator": name, "measure": "hazard_ratio", "months": [0, 3]}, one, one)[0, 0].tolist()
        for name in ("exit_from_training", "exit_after_training")
    )
    assert during == [0, 2]
    assert after == [1, 2]


def test_spells_are_timed_from_registration_and_old_ones_left_out() -> None:
    old = record([OPEN, OPEN, OPEN, JOB], [JOB, OPEN, OPEN, JOB], spell=[[9, 10, 11, 0], [0, 0, 1, 0]])
    keys = {"indicator": "exit_to_work", "measure": "hazard_ratio", "window": "per_spell", "months": [0, 5]}
    assert _sums(keys, old, old)[0, 0].tolist() == [1, 2]
    chosen = keys | {"where": {"registered": True}, "months": [0, 20]}
    assert _sums(chosen, old, old)[0, 0].tolist() == [2, 5]


def test_states_per_spell_go_on_after_it() -> None:
    one = record([JOB, OPEN, JOB, JOB], [JOB, JOB, JOB, JOB])
    keys = {"indicator": "employed", "window": "per_spell", "months": [1, 2]}
    assert _sums(keys, one, one)[0, 0].tolist() == [2, 2]


def test_a_waiting_time_ends_with_the_first_event() -> None:
    control = record([OPEN, OPEN, JOB, OPEN, JOB])
    keys = {"indicator": "employed_unsubsidised", "measure": "median_ratio", "months": [0, 3]}
    sums = _sums(keys, control, control)
    assert sums[0, 0].tolist() == [[0, 1], [1, 1], [0, 0], [0, 0]]


def test_outsiders_have_been_in_the_programme_in_neither_world() -> None:
    control = record([JOB, JOB, JOB], [OPEN, OPEN, SUBSIDISED], [JOB, JOB, JOB], [OPEN, OPEN, JOB])
    treated = record([JOB, OPEN, JOB], [OPEN, OPEN, SUBSIDISED], [JOB, JOB, OPEN], [OPEN, SUBSIDISED, JOB])
    keys = {
        "indicator": "employed_unsubsidised", "measure": "displacement_share", "per": "subsidised",
        "months": [0, 1],
    }  # fmt: skip
    # outside: persons 1 and 3 in both months, person 2 in the first alone; control 2 and 2, treated 1 and 1
    assert _sums(keys, control, treated).tolist() == [1.0, 2.0, 1.0, 0.5]


def test_displacement_takes_four_worlds() -> None:
    one, two = record([OPEN, JOB, OPEN]), record([OPEN, JOB, JOB])
    keys = {"measure": "displacement_share", "months": [0, 1]}
    sums = _sums(keys, one, two, control_held=one, treated_held=two)
    assert sums.tolist() == [1.0, 0.5, 1.0, 0.5]


def test_series_are_summed_over_months_and_totals_taken_at_the_end() -> None:
    quiet = record([OPEN] * 4, series={"net_public": [0, 0, 0], "af_stock": [10, 20, 30]})
    busy = record([OPEN] * 4, series={"net_public": [-5, 1, 1], "af_stock": [10, 10, 10]})
    assert _sums({"indicator": "af_stock"}, quiet, busy)[:, 0].tolist() == [[30, 3], [60, 3]]
    assert _sums({"indicator": "cum_net_public"}, quiet, busy)[:, 0].tolist() == [[-3, 1], [0, 1]]
    assert _sums({"indicator": "break_even_month"}, quiet, busy).tolist() == [-5, 1, 1]
    per = {"indicator": "net_public", "measure": "per_treated"}
    assert _sums(per, quiet, busy).tolist() == [[-3, 1], [0, 0]]


def test_numbers_of_persons_are_counted_when_they_are_asked_for() -> None:
    one = record([OPEN, OPEN, JOB, JOB], [OPEN, JOB, JOB, JOB])
    assert _sums({"measure": "level", "unit": "persons"}, one, one).tolist() == [5, 3]


def test_a_choice_of_persons_may_be_held_against_another() -> None:
    chosen = {"one": np.array([True, False]), "one/against": np.array([True, True])}
    one = record([OPEN, JOB, JOB, JOB], [OPEN] * 4, chosen=chosen)
    hand = trial({"measure": "ratio", "where": {"age": [18, 25]}, "against": {}})
    sums = sums_of(hand, hand.outcomes[0], HandWorlds(control=one, treated=one))
    assert sums[:, 0, 0].tolist() == [[3, 3], [3, 6]]


def test_the_null_model_stands_in_for_arms_but_not_for_control() -> None:
    one, two = record([OPEN, OPEN, OPEN, OPEN]), record([OPEN, JOB, JOB, JOB])
    hand = trial({})
    worlds = HandWorlds(control=one, treated=two, treated_null=one)
    assert sums_of(hand, hand.outcomes[0], worlds, null=True)[0, 0, 0].tolist() == [0, 3]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ({}, [(1.0, 1.0)]),
        ({"measure": "untreated_hazard_ratio", "indicator": "exit_to_work"}, [(0.5, 1.0)]),
        ({"at": {"treated_share": 0, "demand_multiplier": 0.75}}, [(0.0, 0.75)]),
        ({"compare": "scale_arms"}, [(0.0, 1.0), (1.0, 1.0)]),
        ({"compare": "scale_arms", "over": "demand_multiplier"}, [(1.0, 0.75), (1.0, 1.25)]),
        ({"compare": "scale_arms", "measure": "displacement_share"}, [(1.0, 0.75), (1.0, 1.25)]),
    ],
)
def test_outcomes_are_taken_where_they_say(
    outcome: dict[str, Any], expected: list[tuple[float, float]]
) -> None:
    hand = trial(
        outcome,
        population={"demand_multiplier": [0.75, 1.0, 1.25]},
        design={"treated_share": [0, 0.5, 1.0]},
    )
    assert places(hand, hand.outcomes[0]) == [Place(*pair) for pair in expected]
