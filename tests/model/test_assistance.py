"""Social assistance worked by hand with the national norm of 2017, in öre."""

from typing import Any

import numpy as np
import pytest
from model_worlds import (
    MONTH,
    by_segment,
    everybody,
    homes,
    keys,
    observed,
    parameters,
    people,
    prices,
    tables,
)

from sim.model.columns import HouseholdColumns, Presence, ResidentColumns, Status
from sim.model.counts import Count
from sim.model.ledger import KIND_INDEX
from sim.model.parameters import Parameters
from sim.model.rules.assistance import assist, by_months, common_costs, exit_rate, norm
from sim.model.state import empty_flows

STAYS: dict[str, float] = {"assistance_exit_rate": 0.0, "assistance_exit_floor": 0.0}
SINGLE = 393_000  # 2,980 + 950
COUPLE = 643_000  # 5,370 + 1,060


def assess(
    r: ResidentColumns, h: HouseholdColumns, p: Parameters | None = None, delay: float = 0.0
) -> dict[str, int]:
    flows = empty_flows()
    chosen = parameters(**STAYS) if p is None else p
    none = by_segment(0.0)
    town = tables(r, chosen, h=h, paid=prices())
    assist(town, everybody(r), by_months(town), keys(), flows, MONTH, by_segment(delay), none, none)
    return {name: int(flows[index]) for name, index in KIND_INDEX.items() if flows[index]}


def one(months: int = 3, housing: int = 490_000, **columns: Any) -> tuple[ResidentColumns, HouseholdColumns]:
    """Two alike who live alone."""
    r = people(2, status=Status.OPEN, registered=1, **columns)
    return r, homes(r, assistance=1, months=months, housing=housing)


def two(months: int = 3, **columns: Any) -> tuple[ResidentColumns, HouseholdColumns]:
    """Two couples alike; columns as given for a couple."""
    both = {name: np.tile(np.broadcast_to(value, 2), 2) for name, value in columns.items()}
    r = people(4, status=Status.OPEN, registered=1, **both)
    return r, homes(r, [(0, 1), (2, 3)], assistance=1, months=months, housing=565_000)


@pytest.mark.parametrize(
    ("adults", "young", "old", "expected"),
    [
        (1, 0, 0, 393_000),
        (2, 0, 0, 643_000),
        (1, 1, 0, 298_000 + 203_000 + 106_000),  # a child under seven: 2,030 on average
        (2, 1, 1, 537_000 + 203_000 + 311_667 + 152_000),
        (2, 3, 3, 537_000 + 3 * 203_000 + 3 * 311_667 + 215_000),  # eight persons share as seven
    ],
)
def test_norm(adults: int, young: int, old: int, expected: int) -> None:
    assert norm(adults, young, old, prices()) == expected


def test_common_costs_are_those_of_the_norm_table() -> None:
    table = [950, 1060, 1330, 1520, 1740, 1980, 2150, 2150]
    assert [common_costs(size, prices()) for size in range(1, 9)] == [100 * sek for sek in table]


def test_a_single_person_without_income_gets_norm_and_housing() -> None:
    r, h = one()
    flows = assess(r, h)
    assert h.paid.tolist() == [SINGLE + 490_000] * 2
    assert flows["assistance"] == 2 * (SINGLE + 490_000)
    assert flows["assistance_administration"] == 200 * parameters().assistance_administration_month
    assert h.months.tolist() == [4, 4] and h.history.tolist() == [1, 1]


def test_income_of_the_month_is_deducted() -> None:
    r, h = one(income=500_000)
    assess(r, h)
    assert h.paid.tolist() == [SINGLE + 490_000 - 500_000] * 2


def test_the_partners_income_is_that_of_the_month_before() -> None:
    r, h = two(income=[0, 900_000], income_before=[700_000, 400_000])
    assess(r, h)
    assert h.paid.tolist() == [COUPLE + 565_000 - 400_000] * 2


@pytest.mark.parametrize(("months", "counted"), [(5, 600_000), (6, 450_000)])
def test_a_quarter_of_earnings_is_disregarded_after_six_months(months: int, counted: int) -> None:
    r, h = one(months, income=600_000, earned=600_000)
    assess(r, h, parameters(**STAYS, disregard_share=0.25))
    assert h.paid.tolist() == [SINGLE + 490_000 - counted] * 2


def test_only_earnings_are_disregarded() -> None:
    r, h = one(9, income=600_000, earned=0)
    assess(r, h)
    assert h.paid.tolist() == [SINGLE + 490_000 - 600_000] * 2


def test_the_partners_earnings_are_disregarded_in_the_month_they_are_counted() -> None:
    p = parameters(**STAYS, disregard_share=0.25)
    r, h = two(9, income=[0, 2_000_000], earned=[0, 2_000_000])  # work began this month
    assess(r, h, p)
    assert h.paid.tolist() == [COUPLE + 565_000] * 2
    r, h = two(9, income_before=[0, 800_000], earned_before=[0, 800_000])  # it ended last month
    assess(r, h, p)
    assert h.paid.tolist() == [COUPLE + 565_000 - 600_000] * 2


def test_a_retired_partner_brings_a_pension_but_no_norm() -> None:
    r, h = two(presence=[Presence.HERE, Presence.GONE])
    assess(r, h, parameters(**STAYS, pension_month=3000.0))
    assert h.paid.tolist() == [SINGLE + 565_000 - 300_000] * 2


@pytest.mark.parametrize(
    "columns",
    [
        {"income": SINGLE + 490_000 - 19_999},  # less than 200 kronor are not paid
        {"birth": MONTH - 19 * 12 + 1},
        {"presence": Presence.GONE},
    ],
)
def test_assistance_ends_where_there_is_no_need_that_can_be_tested(columns: dict[str, Any]) -> None:
    r, h = one(**columns)
    h.history[:] = 0b111
    assert assess(r, h) == {}
    assert h.assistance.tolist() == h.months.tolist() == h.paid.tolist() == [0, 0]
    assert h.history.tolist() == [0b1110] * 2


def test_the_month_of_the_decision_is_paid_whole_and_the_months_before_are_owed() -> None:
    r = people(4, status=Status.OPEN)
    h = homes(r, assistance=1, housing=490_000, days=[15.0, 29.0, 30.0, 45.0])
    flows = assess(r, h)
    need = SINGLE + 490_000
    assert h.paid.tolist() == [need, need, 0, 0]
    assert h.owed.tolist() == [0, 0, need, need]
    assert h.days.tolist() == [0.0, 0.0, 0.0, 15.0]
    assert h.months.tolist() == [1, 1, 0, 0]
    assert h.history.tolist() == [1, 1, 0, 0]
    assert flows["assistance"] == 2 * need
    assert flows["assistance_administration"] == 200 * parameters().assistance_administration_month


def test_arrears_are_each_months_own_need_and_paid_with_the_decision() -> None:
    """70 days: two months are owed, of 8,830 and 3,830 kronor, and paid with the third of 6,830; and the same
    to another."""
    r = people(2, status=Status.OPEN, registered=1)
    h = homes(r, assistance=1, housing=490_000, days=70.0)
    paid = []
    for income in (0, 500_000, 200_000, 200_000):
        r.income[:] = income
        flows = assess(r, h)
        assert all(column[0] == column[1] for column in h[h._fields.index("months") :])
        paid.append((int(h.paid[0]), flows.get("assistance", 0) // 2, int(h.months[0]), int(h.owed[0])))
    assert paid == [
        (0, 0, 0, 883_000),
        (0, 0, 0, 883_000 + 383_000),
        (883_000 + 383_000 + 683_000, 883_000 + 383_000 + 683_000, 1, 0),
        (683_000, 683_000, 2, 0),
    ]
    assert h.history.tolist() == [0b0011] * 2


@pytest.mark.parametrize("changes", [{}, {"assistance_exit_rate": 1.0, "assistance_exit_decay": 0.0}])
def test_nothing_stays_owed_where_assistance_ends_before_the_decision(changes: dict[str, float]) -> None:
    r, h = one(0, income=0 if changes else SINGLE + 490_000)
    h.days[:], h.owed[:] = 12.0, 883_000
    assert assess(r, h, parameters(**{**STAYS, **changes})) == {}
    assert h.assistance.tolist() == h.owed.tolist() == h.paid.tolist() == h.days.tolist() == [0, 0]


def test_a_shielded_household_does_not_apply() -> None:
    r = people(2, registered=1)
    h = homes(r, housing=490_000, shielded=[0, 1])
    assess(r, h, parameters(take_up_rate=1.0, assistance_decision_days=0.0))
    assert h.assistance.tolist() == [1, 0]
    assert h.paid.tolist() == [SINGLE + 490_000, 0]


def test_applying_asks_for_registration_and_is_likelier_for_those_who_had_assistance() -> None:
    r = people(4, registered=[1, 0, 1, 0])
    h = homes(r, housing=490_000, history=[0b10, 0b10, 0, 0])
    rates = {"take_up_rate": 1e-12, "take_up_repeat": 1e12, "take_up_outside": 0.0}
    assess(r, h, parameters(**rates, assistance_decision_days=0.0))
    assert h.assistance.tolist() == [1, 0, 0, 0]


def test_take_up_has_its_monthly_rate() -> None:
    n, rate = 20_000, 0.195
    r = people(n, registered=1)
    h = homes(r, housing=490_000)
    assess(r, h, parameters(take_up_rate=rate))
    assert abs(h.assistance.mean() - rate) < 4 * np.sqrt(rate * (1 - rate) / n)


def test_a_reorganisation_delays_the_first_payment() -> None:
    r = people(2, registered=1)
    h = homes(r, housing=490_000)
    p = parameters(take_up_rate=1.0, assistance_decision_days=0.0, **STAYS)
    assess(r, h, p, delay=42.0)
    assert h.paid.tolist() == [0, 0] and h.days.tolist() == [12.0] * 2
    assert h.owed.tolist() == [SINGLE + 490_000] * 2
    assess(r, h, p)
    assert h.paid.tolist() == [2 * (SINGLE + 490_000)] * 2
    assert h.owed.tolist() == h.days.tolist() == [0, 0] and h.months.tolist() == [1, 1]


def test_leaving_for_other_reasons_falls_with_time_to_a_floor() -> None:
    p = parameters(assistance_exit_rate=0.4, assistance_exit_decay=0.5, assistance_exit_floor=0.05)
    rates = [exit_rate(months, p) for months in (0, 2, 4, 5, 40)]
    assert rates == pytest.approx([0.4, 0.4 / 2.718281828, 0.4 / 7.389056099, 0.05, 0.05])


def test_a_household_is_counted_once_and_its_adults_each() -> None:
    r, h = two(birth=MONTH - 480, sex=[0, 1])
    assess(r, h)
    counts = observed(r, h).sum(axis=(1, 2))
    assert counts[Count.assistance_households] == counts[Count.assistance_households_year] == 2
    assert counts[Count.assistance_adults] == counts[Count.assistance_adults_unemployed] == 4
    assert counts[Count.assistance_months_year] == 2
