"""Municipal places and places in associations, each rule by hand."""

import math
from typing import Any

import numpy as np
import pytest
from model_worlds import (
    MONTH,
    by_segment,
    everybody,
    first_served,
    inputs,
    keys,
    model_of,
    parameters,
    people,
    started,
    tables,
)
from model_worlds import policy as reform

from sim.core.draws import Decision, uniform
from sim.model.columns import CELLS, Activity, Case, Origin, ResidentColumns, Status, Workplace
from sim.model.rules.casework import in_use
from sim.model.rules.placing import ordinary_in_fact, place
from sim.policy.channels import SEGMENTS

ALWAYS, NEVER = 1.0, 0.0


def placed(
    r: ResidentColumns,
    free: tuple[int, ...],
    practice: float,
    eligible: Any = 1.0,
    ordinary: float = 1.0,
    first: Any = 0.0,
    **changes: float,
) -> tuple[int, int, dict[int, int]]:
    """Persons placed, clients left, and vacancies taken by cell where any are.

    ``free``: places of before, of the policy and in associations; ``eligible`` holds for both of the policy.
    """
    room = np.array([*free, 0, 0][:3])
    reach = by_segment(eligible)
    p = parameters(**{"place_months": 8.0, "place_takes_vacancy": ALWAYS, **changes})
    done, left, taken = place(
        tables(r, p),
        everybody(r),
        keys(),
        room,
        ordinary,
        np.full(3, practice),
        (reach, reach, reach),
        by_segment(first),
    )
    return done, left, {cell: int(number) for cell, number in enumerate(taken) if number}


def test_places_go_to_active_cases_in_drawn_order() -> None:
    r = people(10, status=Status.OPEN, registered=1, case=Case.ACTIVE)
    r.case[8], r.status[9] = Case.WAITING_DECISION, Status.EMPLOYED
    assert placed(r, (1, 2), practice=0.0, created_place_factor=NEVER) == (3, 5, {0: 2})
    at_work = set(np.flatnonzero(r.status == Status.PLACEMENT))
    assert at_work == first_served(Decision.PLACE_ORDER, r, list(range(8)), 3)
    assert in_use(tables(r), everybody(r))[0].tolist() == [2, 0, 1, 0]
    assert (r.registered[list(at_work)] == 0).all()
    assert all(4 <= months <= 12 for months in r.left[list(at_work)])


def test_the_policys_places_are_for_the_segments_it_names() -> None:
    r = people(4, status=Status.OPEN, registered=1, case=Case.ACTIVE, spell=[2, 14, 2, 14])
    r.birth[2:] = MONTH - 20 * 12
    long_term = (np.arange(SEGMENTS) & 4 > 0).astype(float)
    assert placed(r, (0, 9), 1.0, long_term) == (2, 2, {})
    assert r.activity.tolist() == [0, Activity.MUNICIPAL_PRACTICE, 0, Activity.MUNICIPAL_PRACTICE]
    assert (r.registered == 1).all()


def test_a_wage_place_takes_the_vacancy_of_the_persons_own_field_and_tier_and_keeps_the_spell() -> None:
    r = people(4, status=Status.OPEN, registered=1, case=Case.ACTIVE, spell=[1, 9, 15, 40])
    r.sector[:], r.tier[:] = [0, 2, 2, 7], [1, 0, 0, 2]
    assert placed(r, (0, 4), practice=0.0) == (4, 0, {1: 1, 6: 2, 23: 1})
    assert (r.status == Status.PLACEMENT).all() and (r.took == 1).all()
    assert r.spell.tolist() == [1, 9, 15, 40]


@pytest.mark.parametrize(("free", "ordinary"), [((2000,), 1.0), ((0, 2000), 0.0), ((0, 0, 2000), 1.0)])
def test_workplaces_that_are_not_ordinary_take_vacancies_by_their_factor(
    free: tuple[int, ...], ordinary: float
) -> None:
    n, risk = 2000, 0.8 * 0.3
    rates = {"place_takes_vacancy": 0.8, "created_place_factor": 0.3}
    r = people(n, status=Status.OPEN, registered=1, case=Case.ACTIVE)
    _, _, taken = placed(r, free, 0.0, ordinary=ordinary, **rates)
    draws = [uniform(keys()[Decision.PLACE_KIND], int(i)) for i in r.id]
    assert taken == {0: sum(u < risk for u in draws)}
    assert abs(taken[0] / n - risk) < 4 * np.sqrt(risk * (1 - risk) / n)


def test_an_associations_place_is_one_of_its_own_pool() -> None:
    r = people(6, status=Status.OPEN, registered=1, case=Case.ACTIVE)
    assert placed(r, (1, 2, 2), practice=1.0) == (5, 1, {})
    assert in_use(tables(r), everybody(r))[0].tolist() == [2, 0, 1, 2]
    order = sorted(range(6), key=lambda i: i not in first_served(Decision.PLACE_ORDER, r, list(range(6)), 1))
    assert r.contract[order[0]] == Workplace.EXISTING
    assert (r.activity == Activity.MUNICIPAL_PRACTICE).sum() == 5


def test_places_of_before_are_not_for_newcomers_in_establishment_but_the_policys_are() -> None:
    kinds = [Activity.ESTABLISHMENT, Activity.GUIDANCE, Activity.TRAINING]
    r = people(3, status=Status.ACTIVITY, registered=1, case=Case.ACTIVE, activity=kinds)
    r.origin[:], r.permit[:] = Origin.NEWCOMER, MONTH - 6
    assert placed(r, (9, 0), practice=1.0) == (1, 0, {})
    assert r.contract[1] == Workplace.EXISTING and r.activity[1] == Activity.MUNICIPAL_PRACTICE
    assert placed(r, (9, 9), practice=1.0) == (1, 0, {})
    assert r.activity.tolist() == [Activity.MUNICIPAL_PRACTICE] * 2 + [Activity.TRAINING]
    assert r.contract[0] == Workplace.ORDINARY


def test_ordinary_workplaces_saturate() -> None:
    """C (1 - exp(-n / C)): of 40 places where there are 40 workplaces 25.28 are ordinary; of 400 all 40."""
    assert ordinary_in_fact(40.0, 40.0) == pytest.approx(40.0 * (1.0 - 1.0 / math.e))
    assert ordinary_in_fact(20.0, 40.0) == pytest.approx(40.0 * (1.0 - math.exp(-0.5)))
    assert ordinary_in_fact(400.0, 40.0) == pytest.approx(40.0, abs=0.01)
    assert ordinary_in_fact(1.0, 40.0) == pytest.approx(1.0, rel=0.02)
    assert ordinary_in_fact(0.0, 40.0) == ordinary_in_fact(5.0, 0.0) == 0.0


def test_places_that_find_no_ordinary_workplace_are_created_ones() -> None:
    """1,500 residents, 20 ordinary workplaces per 10,000: C = 3; of 6 places 3 (1 - e^-2) = 2.594."""
    town = inputs(months=1, ordinary_capacity=20.0, baseline_places=8.0)
    model = model_of(town, started(), 1, reform(1, ordinary_places=6, created_places=2, association_places=4))
    model.change_policy()
    unit = model.places[0].unit
    ordinary, created = unit.policy_places()
    assert ordinary == pytest.approx(3.0 * (1.0 - math.exp(-2.0)))
    assert ordinary + created == pytest.approx(8.0)
    assert unit.free_places(np.array([1, 2, 1, 1])).tolist() == [0, 5, 3]  # 8 x 0.15 = 1.2 places of before
    assert unit.free_places(np.array([9, 0, 0, 9])).tolist() == [1, 0, 0]


def test_a_vacancy_that_is_not_there_is_owed_by_the_next_that_are_posted() -> None:
    """Of 1.5 vacancies three are taken: 1.5 are owed. One is posted and taken; then of two 1.5 are left."""
    town = inputs(months=3, vacancy_response=0.0, vacancy_repost=0.0)
    model = model_of(town, started(), 3)
    model.month = town.start
    place, state = model.places[0], model.places[0].state
    state.hires[:], state.moves[:], state.owed[:] = 0, 0, 0.0
    taken = np.zeros(CELLS, dtype=np.int64)
    state.vacancies[4], taken[4] = 1.5, 3
    place.take_vacancies(taken)
    assert (state.vacancies[4], state.owed[4]) == (0.0, 1.5)
    left = []
    for new in (1.0, 2.0):
        state.openings[4] = new
        place.employers[1].post()
        left.append((float(state.vacancies[4]), float(state.owed[4])))
    assert left == [(0.0, 0.5), (1.5, 0.0)]
    model.month -= 1  # the burn-in, where tightness is given
    place.take_vacancies(taken)
    assert (state.vacancies[4], state.owed[4]) == (1.5, 0.0)
