"""Search and matching worked by hand, and their limits."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_worlds import (
    MONTH,
    NO_TRACKS,
    by_segment,
    everybody,
    hire,
    homes,
    keys,
    parameters,
    people,
    promise,
    spells,
    tables,
)

from sim.core.draws import Decision, uniform
from sim.core.exact import FIXED_POINT
from sim.model.columns import CELLS, Activity, Case, Origin, Reason, ResidentColumns, Status
from sim.model.rules.hiring import efficiency, matches, vacancies_next
from sim.model.rules.search import search
from sim.policy.channels import SEGMENTS

SHAPE: dict[str, float] = {
    "effort_decay": 0.1, "effort_floor": 0.25, "contact_gain": 0.9, "contact_half_hours": 1.0,
    "contact_fade_floor": 1.0, "glow_gain": 0.3,
    "search_guidance": 0.9, "search_training": 0.2, "search_practice": 0.7, "search_establishment": 0.6,
    "search_sfi": 0.25,
    "search_placement": 0.15, "effort_employed": 0.04, "effort_studying": 0.03, "effort_fresh": 0.5,
    "effort_outside": 0.2, "swedish_penalty": 0.15, "newcomer_factor": 0.5, "newcomer_months": 40.0,
    "limitation_factor": 0.4,
    "youth_factor": 1.2, "older_factor": 0.6, "subsidised_share": 0.0,
}  # fmt: skip


def searched(r: ResidentColumns, af: float = 1.0, unit: float = 0.0, contact: float = 1.0) -> Any:
    """Set weights with an hour of contact as usual; return the sums by cell."""
    hours = np.full(SEGMENTS, af), np.full(SEGMENTS, unit), by_segment(0.0)
    one, none = by_segment(1.0), by_segment(0.0)
    return search(
        tables(r, parameters(**SHAPE), h=homes(r)),
        everybody(r),
        keys(),
        MONTH,
        by_segment(contact),
        hours,
        1.0,
        one,
        one,
        promise(),
        (none, none),
        NO_TRACKS,
        spells(parameters(**SHAPE)),
    )


def hired(r: ResidentColumns, rate: float, **changes: float) -> Any:
    """Match at a rate of hires per unit of search, where no job is found only through more contact."""
    r.weight_alone[:] = r.weight
    return hire(r, parameters(**{**SHAPE, **changes}), keys(), np.full(CELLS, rate))


@pytest.mark.parametrize(
    ("search", "vacancies", "curvature", "expected"),
    [
        (100.0, 100.0, 1.0, 50.0),
        (100.0, 300.0, 1.0, 75.0),
        (100.0, 100.0, 2.0, 100.0 / math.sqrt(2.0)),
        (30.0, 40.0, 2.0, 24.0),  # 30 x 40 / 50
        (0.0, 40.0, 1.3, 0.0),
        (30.0, 0.0, 1.3, 0.0),
        (1e-3, 1e6, 1.3, 1e-3),
        (1e6, 1e-3, 1.3, 1e-3),
    ],
)
def test_matches_by_hand(search: float, vacancies: float, curvature: float, expected: float) -> None:
    assert matches(1.0, search, vacancies, curvature) == pytest.approx(expected, rel=1e-9)
    assert matches(2.0, search / 2.0, vacancies, curvature) == pytest.approx(expected, rel=1e-9)


positive = st.floats(1e-3, 1e5)


@given(positive, positive, st.floats(1.0, 2.0), st.floats(1.001, 3.0))
@settings(deadline=None, derandomize=True)
def test_hires_never_exceed_seekers_or_vacancies_and_rise_with_both(
    seekers: float, vacancies: float, curvature: float, more: float
) -> None:
    found = matches(1.0, seekers, vacancies, curvature)
    assert 0.0 < found <= min(seekers, vacancies) * (1.0 + 1e-12)
    assert found <= matches(1.0, seekers * more, vacancies, curvature) * (1.0 + 1e-12)
    assert found <= matches(1.0, seekers, vacancies * more, curvature) * (1.0 + 1e-12)
    assert matches(1.0, seekers * more, vacancies * more, curvature) == pytest.approx(found * more, rel=1e-9)


@given(st.floats(0.02, 0.3), st.floats(0.2, 0.95), st.floats(1.0, 2.0), positive)
@settings(deadline=None, derandomize=True)
def test_at_the_reference_the_share_filled_and_the_finding_rate_are_those_given(
    finding: float, filled: float, curvature: float, seekers: float
) -> None:
    p = parameters(job_finding_reference=finding, filling_reference=filled, matching_curvature=curvature)
    vacancies = finding * seekers / filled
    found = matches(efficiency(p), seekers, vacancies, curvature)
    assert found / seekers == pytest.approx(finding, rel=1e-9)
    assert found / vacancies == pytest.approx(filled, rel=1e-9)


def test_vacancies_of_the_next_month() -> None:
    p = parameters(vacancy_expiry=0.2, vacancy_repost=0.85, vacancy_response=0.5, filling_reference=0.2)
    assert vacancies_next(100.0, 60, 20, 30.0, 0.2, p) == pytest.approx(32.0 + 30.0 + 17.0)
    assert vacancies_next(100.0, 60, 20, 30.0, 0.8, p) == pytest.approx(32.0 + 60.0 + 17.0)
    assert vacancies_next(10.0, 0, 0, 3.0, 0.0, p) == pytest.approx(11.0)


def test_effort_falls_with_the_spell_to_a_floor() -> None:
    r = people(4, status=Status.OPEN, registered=1, spell=[0, 5, 13, 40])
    searched(r)
    expected = [1.0, math.exp(-0.5), math.exp(-1.3), 0.25]
    assert r.weight / FIXED_POINT == pytest.approx(expected, abs=1e-6)
    assert r.weight.tolist() == r.weight_free.tolist() == r.weight_calm.tolist() == r.weight_alone.tolist()


def test_activities_lock_in() -> None:
    locks = {
        Activity.GUIDANCE: 0.9, Activity.TRAINING: 0.2, Activity.EDUCATION: 0.2, Activity.PRACTICE: 0.7,
        Activity.MUNICIPAL_PRACTICE: 0.7, Activity.ESTABLISHMENT: 0.6, Activity.VOCATIONAL_SFI: 0.25,
    }  # fmt: skip
    r = people(7, status=Status.ACTIVITY, registered=1, activity=list(locks))
    searched(r, contact=1.1)
    locked = np.array(list(locks.values()))
    assert r.weight / FIXED_POINT == pytest.approx(1.1 * locked, abs=1e-6)
    assert r.weight_free / FIXED_POINT == pytest.approx(np.full(7, 1.1), abs=1e-6)
    assert r.weight_calm / FIXED_POINT == pytest.approx(locked, abs=1e-6)


def test_what_a_person_brings() -> None:
    r = people(8, status=Status.OPEN, registered=1)
    r.ability[0], r.gain[0] = 1.5, 1.2
    r.limitation[1] = 1
    r.birth[2], r.birth[3], r.birth[4] = MONTH - 299, MONTH - 300, MONTH - 660
    r.origin[5], r.swedish[5] = Origin.ESTABLISHED, 2
    r.origin[6], r.swedish[6], r.permit[6] = Origin.NEWCOMER, 0, MONTH
    r.glow[7] = 2
    searched(r)
    expected = [1.8, 0.4, 1.2, 1.0, 0.6, 0.7, 0.4 * 0.5, 1.3]
    assert r.weight / FIXED_POINT == pytest.approx(expected, abs=1e-6)


def test_newcomers_catch_up_with_time_in_the_country_and_not_when_a_programme_ends() -> None:
    since = np.array([0, 10, 23, 24, 40, 60])
    r = people(6, status=Status.OPEN, registered=1)
    r.permit[:] = MONTH - since
    r.origin[:] = np.where(since < 24, Origin.NEWCOMER, Origin.ESTABLISHED)
    searched(r)
    expected = [0.5, 0.625, 0.7875, 0.8, 1.0, 1.0]
    assert r.weight / FIXED_POINT == pytest.approx(expected, abs=1e-6)


def test_those_who_are_not_registered_search_less() -> None:
    status = [Status.EMPLOYED, Status.STUDYING, Status.STUDYING, *[Status.OUTSIDE] * 3]
    r = people(9, status=[*status, Status.OUTSIDE, Status.PLACEMENT, Status.SUBSIDISED])
    r.study_end[:] = [0, MONTH + 3, MONTH + 2, 0, 0, 0, 0, 0, 0]
    r.in_status[:] = [0, 0, 0, 5, 6, 0, 0, 0, 0]
    r.other_income[5] = 1
    r.birth[6] = MONTH - 18 * 12 + 1
    searched(r)
    expected = [0.04, 0.03, 0.5, 0.5, 0.2, 0.0, 0.0, 0.15, 0.15]
    assert r.weight / FIXED_POINT == pytest.approx(expected, abs=1e-6)


def test_contact_has_diminishing_returns() -> None:
    """Halving a caseload of 150 (65 hours a month) adds 11.5 percent; halving 30 adds 7.1."""

    def gain(caseload: float) -> float:
        r = people(2, status=Status.OPEN, registered=1)
        searched(r, af=65.0 / caseload)
        before = int(r.weight[0])
        searched(r, af=130.0 / caseload)
        return int(r.weight[0]) / before - 1.0

    assert gain(150.0) == pytest.approx((1 + 0.9 * 13 / 28) / (1 + 0.9 * 13 / 43) - 1, abs=1e-6)
    assert gain(30.0) == pytest.approx((1 + 0.9 * 13 / 16) / (1 + 0.9 * 13 / 19) - 1, abs=1e-6)
    assert gain(150.0) > 1.5 * gain(30.0)


def test_the_units_hours_reach_those_whose_case_is_planned() -> None:
    r = people(
        3, status=Status.OPEN, registered=1, case=[Case.WAITING_PLAN, Case.WAITING_DECISION, Case.ACTIVE]
    )
    searched(r, unit=2.0)
    more = (1 + 0.9 * 3.0 / 4.0) / (1 + 0.9 * 1.0 / 2.0)
    assert r.weight / FIXED_POINT == pytest.approx([1.0, more, more], abs=1e-6)


def test_search_is_summed_exactly_by_field_and_tier() -> None:
    r = people(6, status=Status.OPEN, registered=1, sector=[0, 0, 7, 7, 7, 3], tier=[0, 1, 2, 2, 2, 1])
    r.presence[5] = 2
    total = searched(r)
    assert {cell: int(s) for cell, s in enumerate(total) if s} == {
        0: FIXED_POINT, 1: FIXED_POINT, 23: 3 * FIXED_POINT
    }  # fmt: skip


def test_a_seeker_is_hired_with_one_minus_exp_of_weight_and_rate() -> None:
    n, rate = 40_000, 0.2
    r = people(n, status=Status.OPEN, registered=1, weight=FIXED_POINT // 2)
    hires, moves, counts = hired(r, rate)
    chance = 1.0 - math.exp(-0.1)
    assert abs(hires.sum() / n - chance) < 4 * math.sqrt(chance * (1 - chance) / n)
    assert (r.status == Status.EMPLOYED).sum() == hires.sum() == counts[0] == counts[1]
    assert moves.sum() == 0


def test_a_job_changer_leaves_a_vacancy() -> None:
    r = people(4, status=[Status.EMPLOYED, Status.EMPLOYED, Status.OUTSIDE, Status.OPEN], weight=10**9)
    hires, moves, counts = hired(r, 1.0)
    assert (hires[0], moves[0]) == (4, 2)
    assert counts[1] == 1


def test_a_wage_place_leaves_the_vacancy_that_it_took_and_no_other_when_its_holder_is_hired() -> None:
    r = people(3, status=Status.PLACEMENT, took=[1, 1, 0], weight=[10**9, 0, 10**9], sector=[0, 0, 4])
    hires, moves, counts = hired(r, 1.0)
    assert (hires[0], moves[0], hires[12], moves[12]) == (1, 1, 1, 0)
    assert r.status.tolist() == [Status.EMPLOYED, Status.PLACEMENT, Status.EMPLOYED]
    assert r.took.tolist() == [0, 1, 0]
    assert counts[1] == 0


def test_the_registered_and_the_hired_of_them_are_counted_by_duration() -> None:
    r = people(7, status=Status.OPEN, registered=1, spell=[2, 3, 5, 6, 12, 23, 24], weight=10**9)
    r.status[6], r.weight[3] = Status.ACTIVITY, 0
    _, _, counts = hired(r, 1.0)
    assert counts[6:11].tolist() == [1, 2, 1, 2, 1]
    assert counts[11:16].tolist() == [1, 2, 0, 2, 1]


def test_only_long_registered_and_newcomers_get_subsidised_jobs() -> None:
    r = people(4, status=[Status.OPEN] * 3 + [Status.OUTSIDE], registered=[1, 1, 1, 0], weight=10**9)
    r.spell[:], r.origin[2] = [11, 12, 0, 30], Origin.NEWCOMER
    hired(r, 1.0, subsidised_share=1.0)
    expected = [Status.EMPLOYED, Status.SUBSIDISED, Status.SUBSIDISED, Status.EMPLOYED]
    assert r.status.tolist() == expected
    assert r.registered.tolist() == [0, 0, 0, 0]


def test_a_missed_hire_is_held_by_the_activity_or_delayed_by_the_change() -> None:
    n, rate = 4000, 0.5
    r = people(n, status=Status.ACTIVITY, registered=1, client=1)
    r.weight[:], r.weight_free[:], r.weight_calm[:] = 0.2 * FIXED_POINT, 0.5 * FIXED_POINT, 0.8 * FIXED_POINT
    draws = np.array([uniform(keys()[Decision.HIRE], int(i)) for i in r.id])
    weight, free, calm = (np.array([1.0 - math.exp(-w * rate)] * n) for w in (0.2, 0.5, 0.8))
    _, _, counts = hired(r, rate)
    assert ((r.status == Status.EMPLOYED) == (draws < weight)).all()
    assert ((r.reason == Reason.HELD) == ((draws >= weight) & (draws < free))).all()
    assert ((r.reason == Reason.DELAYED) == ((draws >= free) & (draws < calm))).all()
    assert counts[3:6].tolist() == [(draws < weight).sum(), (r.reason == 1).sum(), (r.reason == 2).sum()]
