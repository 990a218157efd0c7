"""What a policy offers beside places: subsidised jobs, kept jobs, adult education and vocational Swedish."""

from typing import Any

import numpy as np
import pytest
from model_worlds import (
    MONTH,
    NO_TRACKS,
    NOBODY,
    by_segment,
    everybody,
    first_served,
    homes,
    inputs,
    keys,
    model_of,
    parameters,
    people,
    policy,
    started,
    tables,
)

from sim.core.draws import Decision, uniform
from sim.core.exact import FIXED_POINT
from sim.model.columns import CELLS, Activity, Case, Origin, ResidentColumns, Status
from sim.model.rules.casework import in_use
from sim.model.rules.demography import live
from sim.model.rules.offers import ADULT_EDUCATION, KEPT_JOB, SFI, SUBSIDISED_JOB, offer
from sim.model.rules.progress import progress
from sim.policy.channels import SEGMENTS


def offered(
    r: ResidentColumns,
    what: int,
    places: int,
    eligible: Any = 1.0,
    first: Any = 0.0,
    vacancies: Any = 99.0,
    months: float = 0.0,
    **changes: float,
) -> tuple[int, dict[int, int]]:
    """Offer one thing; return how many took it up, and vacancies taken by cell where any are."""
    free = np.zeros(4, dtype=np.int64)
    free[what] = places
    reach = by_segment(eligible)
    p = parameters(**{"subsidised_months": 12.0, "education_months": 10.0, "sfi_months": 6.0, **changes})
    open_jobs = np.full(CELLS, vacancies) if np.ndim(vacancies) == 0 else vacancies
    begun, taken = offer(
        tables(r, p), everybody(r), keys(), free, (reach,) * 4, by_segment(first), open_jobs, months
    )
    assert begun.sum() == begun[what]
    return int(begun[what]), {cell: int(number) for cell, number in enumerate(taken) if number}


def seekers(n: int, **columns: Any) -> ResidentColumns:
    return people(
        n, **{"status": Status.OPEN, "registered": 1, "spell": 8, "weight_free": FIXED_POINT, **columns}
    )


ORDERS = {
    SUBSIDISED_JOB: Decision.SUBSIDISED_ORDER, KEPT_JOB: Decision.RESERVED_ORDER,
    ADULT_EDUCATION: Decision.EDUCATION_ORDER, SFI: Decision.SFI_ORDER,
}  # fmt: skip
"""Each offer has an order of its own."""


@pytest.mark.parametrize("what", ORDERS)
def test_offers_go_in_drawn_order_to_those_free_to_enter_in_the_segments_named(what: int) -> None:
    """Long-term is bit 4. Row 12 registered this month, 13 is in training, 14 is not there."""
    r = seekers(15, spell=14, case=Case.ACTIVE, origin=Origin.ESTABLISHED, swedish=2)
    r.spell[12], r.status[13], r.activity[13], r.presence[14] = 0, Status.ACTIVITY, Activity.TRAINING, 2
    r.spell[[10, 11]] = 3
    before = r.status.copy()
    long_term = (np.arange(SEGMENTS) & 4 > 0).astype(float)
    assert offered(r, what, 4, long_term)[0] == 4
    assert set(np.flatnonzero(r.status != before)) == first_served(ORDERS[what], r, list(range(10)), 4)
    assert offered(r, what, 99, long_term)[0] == 6
    assert r.status[10:].tolist() == before[10:].tolist()


def test_a_subsidised_job_takes_a_vacancy_of_the_own_field_and_tier_with_a_probability() -> None:
    n, share = 2000, 0.7
    r = seekers(n, sector=5, tier=2, case=Case.ACTIVE, client=1)
    begun, taken = offered(r, SUBSIDISED_JOB, n, subsidised_takes_vacancy=share)
    took = np.array([uniform(keys()[Decision.SUBSIDISED_VACANCY], int(i)) for i in r.id]) < share
    assert begun == n and taken == {17: int(took.sum())}
    assert (r.took == took).all()
    assert (r.status == Status.SUBSIDISED).all() and (r.assigned == 1).all() and (r.contract == 1).all()
    assert (r.registered == 0).all() and (r.case == Case.NONE).all() and (r.spell == 8).all()
    assert (r.client == 0).all()
    assert ((r.left >= 6) & (r.left <= 18)).all()
    assert in_use(tables(r), everybody(r))[1].tolist() == [n, 0, 0, 0]


def test_employers_choose_for_subsidised_jobs_in_proportion_to_search_weight() -> None:
    """Half of 4,000 search three times as well as the rest: of the first 200, three in four are theirs."""
    n, places = 4000, 200
    r = seekers(n, weight_free=[3 * FIXED_POINT // 4, FIXED_POINT // 4] * (n // 2))
    assert offered(r, SUBSIDISED_JOB, places)[0] == places
    chosen = np.flatnonzero(r.status == Status.SUBSIDISED)
    assert set(chosen) == first_served(Decision.SUBSIDISED_ORDER, r, list(range(n)), places)
    strong = (chosen % 2 == 0).mean()
    assert abs(strong - 0.745) < 4 * np.sqrt(0.75 * 0.25 / places)  # 0.75 at first, 0.74 at last


def test_priority_goes_before_the_employers_choice() -> None:
    r = seekers(6, weight_free=[FIXED_POINT // 64] * 2 + [FIXED_POINT] * 4)
    r.birth[:2] = MONTH - 20 * 12
    youth = (np.arange(SEGMENTS) & 2 > 0).astype(float)
    offered(r, SUBSIDISED_JOB, 2, first=youth)
    assert np.flatnonzero(r.status == Status.SUBSIDISED).tolist() == [0, 1]


def test_adult_education_is_for_those_registered_for_some_months() -> None:
    r = seekers(4, spell=[1, 3, 4, 30])
    assert offered(r, ADULT_EDUCATION, 9, education_after_months=4.0) == (2, {})
    assert (r.activity == Activity.EDUCATION).tolist() == [False, False, True, True]


def test_a_subsidised_job_posts_its_vacancy_again_when_it_ends_in_unemployment_and_not_when_it_goes_on() -> (
    None
):
    for conversion, freed_jobs in ((0.0, {6: 2}), (1.0, {})):
        r = people(4, status=Status.SUBSIDISED, assigned=1, took=[1, 1, 0, 1], left=[1, 1, 1, 2], in_status=3)
        r.sector[:], r.tier[:], r.spell[:] = 2, 0, 20
        p = parameters(subsidised_conversion=conversion)
        back, _, freed, _ = progress(
            tables(r, p), everybody(r), everybody(r), keys(), MONTH, by_segment(0.0), 300, NO_TRACKS
        )
        assert back == (0 if conversion else 3)
        assert {cell: int(number) for cell, number in enumerate(freed) if number} == freed_jobs
        assert r.took.tolist() == [0, 0, 0, 1] and r.assigned.tolist() == [0, 0, 0, 1]
        status = Status.EMPLOYED if conversion else Status.OPEN
        assert r.status.tolist() == [status] * 3 + [Status.SUBSIDISED]
        assert in_use(tables(r), everybody(r))[1].tolist() == [1, 0, 0, 0]


def test_other_subsidised_jobs_are_none_of_the_policys_places() -> None:
    r = people(3, status=[Status.SUBSIDISED, Status.SUBSIDISED, Status.EMPLOYED], assigned=[1, 0, 0])
    assert in_use(tables(r), everybody(r))[1].tolist() == [1, 0, 0, 0]


def test_a_kept_job_is_always_a_vacancy_of_the_own_field_and_tier() -> None:
    """Cell 0 has one whole vacancy, cell 12 two and cell 6 none that is whole; ten jobs are kept."""
    r = seekers(9, case=Case.ACTIVE, client=1, sector=[0] * 3 + [4] * 4 + [2] * 2)
    vacancies = np.zeros(CELLS)
    vacancies[[0, 12, 6]] = [1.9, 2.0, 0.99]
    assert offered(r, KEPT_JOB, 10, vacancies=vacancies, temporary_share=1.0) == (3, {0: 1, 12: 2})
    hired = set(np.flatnonzero(r.status == Status.EMPLOYED).tolist())
    assert hired == first_served(Decision.RESERVED_ORDER, r, [0, 1, 2], 1) | first_served(
        Decision.RESERVED_ORDER, r, [3, 4, 5, 6], 2
    )
    rows = sorted(hired)
    assert (r.contract[rows] == 1).all() and (r.client[rows] == 0).all() and (r.registered[rows] == 0).all()
    assert r.client.sum() == 6 and r.took.sum() == 0


def test_kept_jobs_are_for_the_units_clients_and_no_more_than_are_kept() -> None:
    r = seekers(6, case=[Case.ACTIVE] * 4 + [Case.WAITING_DECISION, Case.NONE])
    assert offered(r, KEPT_JOB, 3) == (3, {0: 3})
    hired = set(np.flatnonzero(r.status == Status.EMPLOYED))
    assert hired == first_served(Decision.RESERVED_ORDER, r, list(range(4)), 3)


def test_kept_jobs_fall_due_evenly_over_the_months() -> None:
    """0.4 a month: 0.4, 0.8, 1.2, 1.6, 2.0 in all, so one in the third month and one in the fifth."""
    town = inputs(months=6)
    model = model_of(town, started(), 6, policy(6, reserved_hires=0.4))
    model.places[0].take_channels(0)
    due = []
    for month in range(6):
        model.month = town.start + month
        due.append(int(model.places[0].unit.free_offers(np.zeros(4, dtype=np.int64))[KEPT_JOB]))
    assert due == [0, 0, 1, 0, 1, 0]


def test_what_is_free_is_the_places_less_those_in_use_and_nothing_in_the_burn_in() -> None:
    town = inputs(months=1)
    reform = policy(1, subsidised_places=5, education_places=3, sfi_places=2.5)
    model = model_of(town, started(), 1, reform)
    model.places[0].take_channels(0)
    unit = model.places[0].unit
    model.month = town.start
    assert unit.free_offers(np.array([2, 0, 3, 1])).tolist() == [3, 0, 0, 2]
    assert unit.free_offers(np.array([9, 0, 9, 9])).tolist() == [0, 0, 0, 0]
    model.month -= 1
    assert unit.free_offers(np.zeros(4, dtype=np.int64)).tolist() == [0, 0, 0, 0]


def test_adult_education_lasts_a_drawn_time_and_keeps_the_registration() -> None:
    r = seekers(50, status=[Status.OPEN, Status.ACTIVITY] * 25, activity=[0, Activity.ESTABLISHMENT] * 25)
    assert offered(r, ADULT_EDUCATION, 50) == (50, {})
    assert (r.activity == Activity.EDUCATION).all() and (r.registered == 1).all()
    months = [10.0 * (0.5 + uniform(keys()[Decision.EDUCATION_LENGTH], int(i))) for i in r.id]
    assert r.left.tolist() == [int(length + 0.5) for length in months]
    assert in_use(tables(r), everybody(r))[1].tolist() == [0, 0, 50, 0]


def test_vocational_swedish_is_for_those_with_weak_swedish_who_were_not_born_in_sweden() -> None:
    r = seekers(10, swedish=[0, 1, 2, 3, 4] * 2)
    r.origin[:5] = [Origin.NEWCOMER, Origin.ESTABLISHED, Origin.ESTABLISHED, Origin.NEWCOMER, 1]
    assert offered(r, SFI, 10) == (3, {})
    assert (r.activity == Activity.VOCATIONAL_SFI).tolist() == [True] * 3 + [False] * 7
    assert r.language.tolist() == [1] * 3 + [0] * 7
    months = [6.0 * (0.5 + uniform(keys()[Decision.SFI_LENGTH], int(i))) for i in r.id[:3]]
    assert r.left[:3].tolist() == [int(length + 0.5) for length in months]
    assert in_use(tables(r), everybody(r))[1].tolist() == [0, 0, 0, 3]


def test_swedish_is_learnt_faster_while_it_runs_beside_the_activity() -> None:
    n = 2000
    r = people(n, origin=Origin.ESTABLISHED, swedish=2, language=np.arange(n) % 2)
    town = tables(r, parameters(swedish_rate=0.1, sfi_pace=2.5), h=homes(r))
    live(town, NOBODY, everybody(r), keys(), MONTH, False)
    draws = np.array([uniform(keys()[Decision.SWEDISH_PROGRESS], int(i)) for i in r.id])
    assert (r.swedish == 2 + (draws < np.where(r.language == 1, 0.25, 0.1))).all()


def test_education_takes_the_length_that_the_policy_states() -> None:
    usual, stated = seekers(4), seekers(4)
    offered(usual, ADULT_EDUCATION, 4)
    offered(stated, ADULT_EDUCATION, 4, months=5.0)
    lengths = [uniform(keys()[Decision.EDUCATION_LENGTH], int(i)) for i in usual.id]
    assert usual.left.tolist() == [int(10.0 * (0.5 + u) + 0.5) for u in lengths]
    assert stated.left.tolist() == [int(5.0 * (0.5 + u) + 0.5) for u in lengths]
