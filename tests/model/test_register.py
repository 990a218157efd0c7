"""Separations, registration, hand-over and plans, each by hand."""

from typing import Any

import numpy as np
import pytest
from model_worlds import (
    MONTH,
    NOBODY,
    by_segment,
    everybody,
    first_served,
    homes,
    keys,
    parameters,
    people,
    tables,
)

from sim.core.draws import Decision
from sim.model.columns import Activity, Case, HouseholdColumns, Presence, ResidentColumns, Status
from sim.model.rules.handover import hand_over
from sim.model.rules.planning import plan, plans_a_month
from sim.model.rules.registration import register
from sim.model.rules.separations import separate, separation_rate

DAYS = 300
ALWAYS, NEVER = 1.0, 0.0
REGISTER: dict[str, float] = {
    "register_exit_rate": NEVER, "outside_entry_rate": NEVER, "study_register_share": NEVER,
}  # fmt: skip


def enrol(
    r: ResidentColumns,
    h: HouseholdColumns | None = None,
    duty: float = 0.0,
    reach: tuple[float, float] = (0.0, 0.0),
    **changes: float,
) -> int:
    """A month of registration; ``reach``: outreach a month, and the share of it that goes to studies."""
    p = parameters(**{**REGISTER, **changes})
    homed = homes(r) if h is None else h
    outreach, study = (by_segment(value) for value in reach)
    return int(
        register(
            tables(r, p, h=homed),
            everybody(r),
            NOBODY,
            keys(),
            MONTH,
            1.0,
            DAYS,
            by_segment(1.0),
            by_segment(duty),
            outreach,
            study,
        )[0]
    )


def test_separation_rate_by_contract_tier_and_season() -> None:
    p = parameters(separation_temporary=0.03, separation_permanent=0.006)
    assert separation_rate(1, 0, 1.0, p) == pytest.approx(0.03)
    assert separation_rate(0, 1, 1.5, p) == pytest.approx(0.009)
    assert separation_rate(1, 2, 0.5, p) == pytest.approx(0.01)


def test_jobs_end_at_their_rate_and_a_share_registers() -> None:
    n, rate, share = 40_000, 0.12, 0.7
    r = people(n, status=Status.EMPLOYED, contract=1)
    p = parameters(separation_temporary=0.1, register_share=share, permanent_rate=NEVER)
    ended, registered, jobless, working = separate(tables(r, p), everybody(r), keys(), MONTH, 1.2, DAYS)
    here = r.presence == Presence.HERE
    assert jobless.tolist() == np.flatnonzero(here & (r.status != Status.EMPLOYED)).tolist()
    assert working.tolist() == np.flatnonzero(here & (r.status == Status.EMPLOYED)).tolist()
    assert ended == (r.status != Status.EMPLOYED).sum()
    assert registered == (r.status == Status.OPEN).sum()
    assert abs(ended / n - rate) < 4 * np.sqrt(rate * (1 - rate) / n)
    assert abs(registered / ended - share) < 4 * np.sqrt(share * (1 - share) / ended)
    assert (r.contact[r.status == Status.OPEN] == MONTH).all()
    assert (r.registered == (r.status == Status.OPEN)).all()


def test_temporary_jobs_turn_permanent_and_permanent_ones_stay() -> None:
    r = people(2, status=Status.EMPLOYED, contract=[1, 0])
    separate(
        tables(r, parameters(separation_temporary=NEVER, permanent_rate=ALWAYS)),
        everybody(r),
        keys(),
        MONTH,
        1.0,
        DAYS,
    )
    assert r.contract.tolist() == [0, 0]


def test_insurance_is_earned_by_six_months_of_twelve_from_twenty() -> None:
    r = people(4, status=Status.EMPLOYED, contract=1, member=[1, 0, 1, 1])
    r.worked[:] = [0b010101010101, 0b111111, 0b11111, 0xFFF]
    r.birth[3] = MONTH - 20 * 12 + 1
    separate(
        tables(r, parameters(separation_temporary=ALWAYS, register_share=ALWAYS)),
        everybody(r),
        keys(),
        MONTH,
        1.0,
        DAYS,
    )
    assert r.insurance.tolist() == [2, 1, 0, 0]
    assert r.insurance_days.tolist() == [DAYS, DAYS, 0, 0]


def test_a_spell_counts_months_and_the_month_of_registration_is_none() -> None:
    r = people(2, status=Status.OPEN, registered=1, spell=[0, 4], in_status=[0, 2])
    enrol(r)
    assert r.spell.tolist() == [0, 5]


def test_who_registers_from_studies_and_from_outside() -> None:
    r = people(5, status=[Status.STUDYING, Status.STUDYING, Status.OUTSIDE, Status.OUTSIDE, Status.OUTSIDE])
    r.study_end[:] = [MONTH, MONTH + 1, 0, 0, 0]
    r.birth[3] = MONTH - 18 * 12 + 1
    r.other_income[4] = 1
    enrol(r, study_register_share=ALWAYS, outside_entry_rate=ALWAYS)
    assert r.registered.tolist() == [1, 0, 1, 0, 0]
    assert r.status.tolist() == [Status.OPEN, Status.STUDYING, Status.OPEN, Status.OUTSIDE, Status.OUTSIDE]


def test_leaving_the_register_is_to_studies_before_45_and_never_in_the_first_month() -> None:
    r = people(3, status=Status.OPEN, registered=1, spell=[3, 3, 0], client=1)
    r.birth[:] = MONTH - np.array([44, 45, 30]) * 12
    enrol(r, register_exit_rate=ALWAYS, exit_to_study_share=ALWAYS, study_months=12.0)
    assert r.status.tolist() == [Status.STUDYING, Status.OUTSIDE, Status.OPEN]
    assert MONTH + 6 <= r.study_end[0] <= MONTH + 18
    assert r.client.tolist() == [0, 0, 1]


def test_people_in_establishment_stay_and_count_months() -> None:
    r = people(2, status=Status.ACTIVITY, registered=1, spell=3, in_status=3, client=1)
    r.activity[:] = [Activity.ESTABLISHMENT, Activity.GUIDANCE]
    enrol(r, register_exit_rate=ALWAYS, exit_to_study_share=NEVER)
    assert r.status.tolist() == [Status.ACTIVITY, Status.OUTSIDE]
    assert r.registered.tolist() == r.client.tolist() == [1, 0]
    assert r.spell[0] == 4


def handed(r: ResidentColumns, assistance: Any, days: float = 60.0, **changes: float) -> None:
    p = parameters(
        **{"referral_rate": NEVER, "handover_loss_rate": NEVER, "handover_return_rate": NEVER, **changes}
    )
    p = p._replace(handover_days_apart=days)
    hand_over(
        tables(r, p, h=homes(r, assistance=assistance)),
        everybody(r),
        keys(),
        by_segment(1.0),
        by_segment(1.0),
    )


def test_a_person_known_to_one_agency_is_untouched() -> None:
    """AF alone, social services alone (at work, outside, away): no case."""
    r = people(4, status=[Status.OPEN, Status.EMPLOYED, Status.OUTSIDE, Status.OPEN], registered=[1, 0, 0, 1])
    r.spell[:] = [40, 0, 0, 40]
    r.presence[3] = Presence.GONE
    handed(r, [0, 1, 1, 1])
    assert r.case.tolist() == [Case.NONE] * 4


def test_assistance_or_a_referral_after_a_year_starts_a_case() -> None:
    r = people(3, status=Status.OPEN, registered=1, spell=[1, 12, 11])
    handed(r, [1, 0, 0], days=0.0, referral_rate=ALWAYS)
    assert r.case.tolist() == [Case.WAITING_PLAN, Case.WAITING_PLAN, Case.NONE]


def test_waiting_takes_days_and_shorter_waits_are_never_slower() -> None:
    r, shorter = (people(300, status=Status.OPEN, registered=1) for _ in range(2))
    handed(r, 1, days=60.0)
    handed(shorter, 1, days=20.0)
    assert (shorter.case >= r.case).all() and (shorter.case > r.case).any()
    waits = r.case == Case.WAITING_HANDOVER
    assert (r.case_days[~waits] < 30.0).all() and (r.case_days[waits] < 120.0 - 30.0).all()
    assert abs(waits.mean() - 0.75) < 4 * np.sqrt(0.75 * 0.25 / 300)  # uniform over 0-120 days


def test_a_waiting_case_can_be_lost_and_a_lost_one_returns() -> None:
    r = people(2, status=Status.OPEN, registered=1, case=[Case.WAITING_HANDOVER, Case.LOST], case_days=50.0)
    handed(r, 1, days=0.0, handover_loss_rate=ALWAYS, handover_return_rate=ALWAYS)
    assert r.case.tolist() == [Case.LOST, Case.WAITING_PLAN]


def test_coaches_can_make_so_many_plans() -> None:
    p = parameters(coach_hours=65.0, plan_time_share=0.25, plan_hours=6.0)
    assert plans_a_month(4.0, 1.0, p) == 10  # 65 hours
    assert plans_a_month(4.0, 2.0, p) == 5


def planned(
    r: ResidentColumns, capacity: int, decision: float = 1.0, first: Any = 0.0, **changes: float
) -> tuple[int, int]:
    """A month of planning; ``first`` is 1 for segments that have priority."""
    p = parameters(**changes)
    return plan(tables(r, p), everybody(r), keys(), capacity, by_segment(decision), by_segment(first))


def test_plans_are_made_in_drawn_order_within_capacity() -> None:
    r = people(9, status=Status.OPEN, registered=1, case=Case.WAITING_PLAN)
    r.case[8] = Case.LOST
    assert planned(r, 3, af_decision_days=NEVER) == (3, 5)
    chosen = set(np.flatnonzero(r.case == Case.ACTIVE))
    assert chosen == first_served(Decision.PLAN_ORDER, r, list(range(8)), 3)


def test_a_plan_waits_for_the_decision() -> None:
    r = people(400, status=Status.OPEN, registered=1, case=Case.WAITING_PLAN)
    planned(r, 400, decision=0.5, af_decision_days=60.0)
    waits = r.case == Case.WAITING_DECISION
    assert abs(waits.mean() - 0.5) < 4 * np.sqrt(0.25 / 400)  # uniform over 0-60 days
    r.case_days[waits] = np.linspace(0.0, 59.0, waits.sum())
    soon = r.case_days < 30.0
    planned(r, 0)
    assert ((r.case == Case.ACTIVE) == (~waits | soon)).all()
