"""The activation requirement: who applies, leaves, loses a month, registers and searches."""

from typing import Any

import numpy as np
import pytest
from model_worlds import (
    MONTH,
    NO_TRACKS,
    NOBODY,
    by_segment,
    everybody,
    homes,
    keys,
    parameters,
    people,
    prices,
    promise,
    spells,
    tables,
)

from sim.core.draws import Decision, uniform
from sim.core.exact import FIXED_POINT
from sim.model.columns import HouseholdColumns, ResidentColumns, Status
from sim.model.ledger import KIND_INDEX
from sim.model.rules.assistance import assist, by_months, deterred
from sim.model.rules.registration import register
from sim.model.rules.search import duty_effort, search
from sim.model.state import empty_flows
from sim.policy.channels import SEGMENTS

NEED = 883_000
"""A single person's norm of 3,930 kronor and housing of 4,900."""
RULES: dict[str, float] = {
    "duty_entry_cut": 0.5, "duty_entry_cut_others": 0.1, "duty_exit_gain": 0.5, "take_up_rate": 0.0,
    "take_up_repeat": 1.0, "take_up_outside": 1.0, "assistance_decision_days": 0.0,
    "assistance_exit_rate": 0.0, "assistance_exit_floor": 0.0, "assistance_exit_decay": 0.0,
}  # fmt: skip


def assess(
    r: ResidentColumns, h: HouseholdColumns, duty: Any = 0.0, sanction: float = 0.0, **changes: float
) -> tuple[list[int], dict[str, int]]:
    """A month of assistance; return the events (began, left, left without work, withheld) and the flows."""
    flows = empty_flows()
    p = parameters(**{**RULES, **changes})
    town = tables(r, p, h=h, paid=prices())
    events, _ = assist(
        town,
        everybody(r),
        by_months(town),
        keys(),
        flows,
        MONTH,
        by_segment(0.0),
        by_segment(duty),
        by_segment(sanction),
    )
    return events.tolist(), {name: int(flows[index]) for name, index in KIND_INDEX.items() if flows[index]}


def drawn(decision: Decision, ids: Any) -> Any:
    return np.array([uniform(keys()[decision], int(i)) for i in ids])


def test_the_young_and_singles_without_children_are_deterred_and_others_less() -> None:
    r = people(8)
    r.birth[[2, 4]] = MONTH - 25 * 12 + 1
    h = homes(r, [(0, 1), (2, 3), (6, 7)])  # households: a couple, a young couple, two singles, a couple
    h.young_children[:] = [1, 1, 0, 0, 0]
    h.old_children[:] = [0, 0, 1, 0, 0]
    p = parameters(**RULES)
    assert [deterred(r, h, j, MONTH, p) for j in range(5)] == [0.1, 0.5, 0.5, 0.5, 0.1]
    r.birth[2] -= 1
    assert deterred(r, h, 1, MONTH, p) == 0.1
    h.old_children[3] = 2
    assert deterred(r, h, 3, MONTH, p) == 0.1


@pytest.mark.parametrize(("children", "duty", "kept"), [(0, 1.0, 0.5), (0, 0.4, 0.8), (2, 1.0, 0.9)])
def test_the_duty_keeps_some_from_applying_and_brings_nobody(children: int, duty: float, kept: float) -> None:
    n = 3000
    r = people(n, status=Status.OPEN, registered=1)
    h = homes(r, housing=490_000, old_children=children)
    events, _ = assess(r, h, duty, take_up_rate=0.3)
    applied = drawn(Decision.TAKE_UP, h.id) < 0.3 * kept
    assert (h.assistance == applied).all()
    assert events == [applied.sum(), 0, 0, 0]


def test_the_duty_is_that_of_the_reference_persons_segment() -> None:
    r = people(40, status=Status.OPEN, registered=1, spell=[3] * 20 + [14] * 20)
    h = homes(r, housing=490_000)
    long_term = (np.arange(SEGMENTS) & 4 > 0).astype(float)
    assess(r, h, long_term, take_up_rate=1.0, duty_entry_cut=1.0)
    assert h.assistance.tolist() == [1] * 20 + [0] * 20


@pytest.mark.parametrize(("duty", "rate"), [(0.0, 0.2), (0.5, 0.25), (1.0, 0.3)])
def test_the_duty_raises_exits_for_other_reasons(duty: float, rate: float) -> None:
    n = 3000
    r = people(n, status=Status.OPEN, registered=1)
    h = homes(r, assistance=1, months=3, housing=490_000)
    events, _ = assess(r, h, duty, assistance_exit_rate=0.2)
    left = drawn(Decision.ASSISTANCE_EXIT, h.id) < rate
    assert (h.assistance == ~left).all()
    assert events == [0, left.sum(), left.sum(), 0]


def test_leaving_assistance_with_nobody_at_work_is_counted_apart() -> None:
    """Single: open, employed, in a wage place, in an activity; couples: one works, neither does."""
    status = [Status.OPEN, Status.EMPLOYED, Status.PLACEMENT, Status.ACTIVITY]
    r = people(8, status=[*status, Status.OPEN, Status.SUBSIDISED, Status.OPEN, Status.OUTSIDE])
    h = homes(r, [(4, 5), (6, 7)], assistance=1, months=3, housing=490_000)
    events, _ = assess(r, h, assistance_exit_rate=1.0)
    assert events == [0, 6, 3, 0]


def test_a_month_is_withheld_from_households_of_which_someone_is_under_the_duty() -> None:
    """Single: under, with 70 kronor of arrears, not under; couples: the partner is under, neither is.

    Arrears are of other months and are paid, and every case is handled.
    """
    r = people(6, status=Status.OPEN, registered=1, duty=[1, 0, 0, 1, 0, 0])
    h = homes(r, [(2, 3), (4, 5)], assistance=1, months=3, housing=490_000, owed=[7_000, 0, 0, 0])
    events, flows = assess(r, h, sanction=1.0)
    couple = 643_000 + 490_000
    assert events == [0, 0, 0, 2]
    assert h.paid.tolist() == [7_000, NEED, 0, couple]
    assert h.history.tolist() == [1, 1, 0, 1]
    assert h.months.tolist() == [4, 4, 3, 4] and h.owed.tolist() == [0] * 4
    assert flows["assistance"] == 7_000 + NEED + couple
    month = 100 * parameters().assistance_administration_month
    assert flows["assistance_administration"] == pytest.approx(4 * month, abs=4)


def test_withholding_has_its_monthly_rate() -> None:
    n, rate = 2000, 0.15
    r = people(n, status=Status.OPEN, registered=1, duty=1)
    h = homes(r, assistance=1, months=3, housing=490_000)
    events, _ = assess(r, h, sanction=rate)
    withheld = drawn(Decision.SANCTION, h.id) < rate
    assert ((h.paid == 0) == withheld).all() and events[3] == withheld.sum()


def test_recipients_outside_register_under_the_duty() -> None:
    """0.05 a month from outside; 0.2 more of the duty for those on assistance where it is full."""
    n = 4000
    r = people(n, status=Status.OUTSIDE)
    h = homes(r, assistance=np.arange(n) % 2)
    rates = {"outside_entry_rate": 0.05, "duty_register_rate": 0.2, "register_exit_rate": 0.0}
    none = by_segment(0.0)
    register(
        tables(r, parameters(**rates), h=h),
        everybody(r),
        NOBODY,
        keys(),
        MONTH,
        1.0,
        300,
        by_segment(1.0),
        by_segment(0.5),
        none,
        none,
    )
    draws = drawn(Decision.OUTSIDE_ENTRY, r.id)
    assert ((r.registered == 1) == (draws < np.where(h.assistance == 1, 0.15, 0.05))).all()
    assert (r.status[r.registered == 1] == Status.OPEN).all()


def searched(r: ResidentColumns, h: HouseholdColumns, covered: float, time: float) -> Any:
    hours = np.full(SEGMENTS, 1.0), np.full(SEGMENTS, 0.0), by_segment(0.0)
    one = by_segment(1.0)
    p = parameters(duty_search_gain=0.3, duty_search_loss=0.4, effort_decay=0.0, effort_outside=0.2)
    search(
        tables(r, p, h=h),
        everybody(r),
        keys(),
        MONTH,
        one,
        hours,
        1.0,
        one,
        one,
        promise(),
        (by_segment(covered), by_segment(time)),
        NO_TRACKS,
        spells(p),
    )
    return r.weight / FIXED_POINT


def test_the_duty_raises_search_and_takes_time_from_it() -> None:
    p = parameters(duty_search_gain=0.3, duty_search_loss=0.4)
    assert [duty_effort(time, p) for time in (0.0, 0.5, 1.0)] == pytest.approx([1.3, 1.1, 0.9])
    assert duty_effort(1.0, parameters(duty_search_gain=0.0, duty_search_loss=1.5)) == 0.0


def test_registered_recipients_take_part_and_nobody_else() -> None:
    r = people(4, status=[Status.OPEN, Status.OPEN, Status.OUTSIDE, Status.EMPLOYED], duty=1)
    r.registered[:2], r.in_status[:] = 1, 9
    h = homes(r, assistance=[1, 0, 1, 1])
    weight = searched(r, h, 1.0, 0.5)
    assert r.duty.tolist() == [1, 0, 0, 0]
    assert weight[:3] == pytest.approx([1.1, 1.0, 0.2], abs=1e-6)


def test_the_share_that_is_covered_is_drawn_person_by_person() -> None:
    n, covered = 1000, 0.6
    r = people(n, status=Status.OPEN, registered=1)
    weight = searched(r, homes(r, assistance=1), covered, 0.0)
    under = drawn(Decision.DUTY, r.id) < covered
    assert ((r.duty == 1) == under).all()
    assert weight == pytest.approx(np.where(under, 1.3, 1.0), abs=1e-6)
