"""Incomes worked by hand with the rules of 2017, in öre."""

import numpy as np
import pytest
from model_worlds import MONTH, everybody, homes, parameters, people, prices, tables

from sim.model.columns import Activity, Origin, Presence, ResidentColumns, Status
from sim.model.ledger import KIND_INDEX, Party, balances
from sim.model.rules.incomes import earn
from sim.model.state import empty_flows

FREE = {"municipal_tax_rate": 0.0, "region_tax_rate": 0.0}
FLOOR = 793_875  # 365 kronor a day x 21.75
CAP_FIRST = 1_979_250  # 910 x 21.75
CAP_LATER = 1_653_000  # 760 x 21.75
SUPPORT = 485_025  # 223 x 21.75
YOUTH = 212_062  # (48 + 147) / 2 x 21.75 = 2,120.625


def month_of(r: ResidentColumns, children: int = 0, **changes: float) -> dict[str, int]:
    """Pay everybody for a month; return what flowed, by kind."""
    flows = empty_flows()
    earn(
        tables(r, parameters(), h=homes(r, young_children=children), paid=prices(**{**FREE, **changes})),
        everybody(r),
        flows,
        MONTH,
    )
    return {name: int(flows[index]) for name, index in KIND_INDEX.items() if flows[index]}


@pytest.mark.parametrize(
    ("kind", "days", "wage", "amount"),
    [
        (2, 300, 2_000_000, 1_600_000),  # 80 percent
        (2, 300, 3_000_000, CAP_FIRST),
        (2, 201, 3_000_000, CAP_FIRST),  # 99 days used
        (2, 200, 3_000_000, CAP_LATER),  # 100 days used
        (2, 300, 800_000, FLOOR),
        (1, 300, 3_000_000, FLOOR),
        (2, 0, 3_000_000, 0),
        (0, 0, 3_000_000, 0),
    ],
)
def test_insurance_of_the_openly_unemployed(kind: int, days: int, wage: int, amount: int) -> None:
    r = people(2, status=Status.OPEN, insurance=kind, insurance_days=days, wage=wage)
    flows = month_of(r)
    assert r.income.tolist() == [amount] * 2
    assert flows.get("insurance", 0) == 2 * amount
    assert flows.get("insurance_grant", 0) == 2 * int(amount * parameters().insurance_state_share)
    assert r.insurance_days.tolist() == [max(0, days - 22)] * 2


@pytest.mark.parametrize(
    ("kind", "days", "wage", "age", "amount"),
    [
        (2, 300, 2_000_000, 40, 1_600_000),
        (2, 0, 2_000_000, 40, 1_300_000),  # the guarantee's 65 percent
        (2, 0, 3_000_000, 40, CAP_LATER),
        (2, 0, 500_000, 40, SUPPORT),
        (1, 0, 2_000_000, 40, SUPPORT),
        (1, 0, 2_000_000, 24, YOUTH),
        (0, 0, 2_000_000, 24, YOUTH),
        (0, 0, 2_000_000, 25, SUPPORT),
    ],
)
def test_support_in_an_activity(kind: int, days: int, wage: int, age: int, amount: int) -> None:
    r = people(2, status=Status.ACTIVITY, activity=Activity.GUIDANCE, insurance=kind, insurance_days=days)
    r.wage[:], r.birth[:] = wage, MONTH - 12 * age
    flows = month_of(r)
    assert r.income.tolist() == [amount] * 2
    assert flows["activity_support"] == 2 * amount
    assert "insurance" not in flows


def test_municipal_practice_pays_nothing_by_itself() -> None:
    """Without insurance, before the guarantee's 14 months: no support, and no guidance is bought of AF."""
    r = people(2, status=Status.ACTIVITY, activity=Activity.MUNICIPAL_PRACTICE, spell=13)
    assert month_of(r) == {}
    assert r.income.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("kind", "days", "spell", "amount", "left"),
    [
        (2, 300, 0, 1_600_000, 278),  # insured: as in any other activity
        (1, 20, 3, FLOOR, 0),
        (2, 0, 5, 1_300_000, 0),  # days used up: the guarantee's 65 percent
        (0, 0, 14, SUPPORT, 0),  # in the guarantee
    ],
)
def test_municipal_practice_keeps_the_support_that_a_person_had(
    kind: int, days: int, spell: int, amount: int, left: int
) -> None:
    r = people(2, status=Status.ACTIVITY, activity=Activity.MUNICIPAL_PRACTICE, spell=spell, wage=2_000_000)
    r.insurance[:], r.insurance_days[:] = kind, days
    assert month_of(r) == {"activity_support": 2 * amount}
    assert r.income.tolist() == [amount] * 2
    assert r.earned.tolist() == [0, 0] and r.insurance_days.tolist() == [left] * 2


def test_support_in_municipal_practice_is_taxed() -> None:
    """16,000 kronor of insurance in a 2,500 kronor allowance: 21.48 and 10.83 percent of 13,500."""
    r = people(2, status=Status.ACTIVITY, activity=Activity.MUNICIPAL_PRACTICE, wage=2_000_000)
    r.insurance[:], r.insurance_days[:] = 2, 300
    flows = empty_flows()
    p = parameters(tax_allowance_month=2500.0)
    earn(
        tables(r, p, h=homes(r), paid=prices(municipal_tax_rate=0.2148, region_tax_rate=0.1083)),
        everybody(r),
        flows,
        MONTH,
    )
    assert flows[KIND_INDEX["municipal_tax"]] == pytest.approx(2 * 289_980, abs=2)
    assert r.income.tolist() == pytest.approx([1_600_000 - 436_185] * 2, abs=2)
    assert flows[KIND_INDEX["in_work_credit"]] == 0


def test_establishment_benefit_counts_at_most_three_children_and_only_once() -> None:
    r = people(3, status=Status.ACTIVITY, activity=Activity.ESTABLISHMENT, origin=Origin.NEWCOMER)
    h = homes(r, [(0, 1)], young_children=[4, 0])
    flows = empty_flows()
    earn(tables(r, parameters(), h=h, paid=prices(**FREE)), everybody(r), flows, MONTH)
    assert r.income.tolist() == [669_900 + 3 * 107_222, 669_900, 669_900]  # 308 x 21.75; 1,072.22 a child
    assert flows[KIND_INDEX["establishment_benefit"]] == 3 * 669_900 + 3 * 107_222


def test_students_get_support_from_twenty() -> None:
    r = people(2, status=Status.STUDYING, birth=[MONTH - 20 * 12, MONTH - 20 * 12 + 1])
    assert month_of(r)["student_support"] == 1_000_000
    assert r.income.tolist() == [1_000_000, 0]


def test_other_benefit_is_for_those_outside_the_labour_force() -> None:
    r = people(2, status=[Status.OUTSIDE, Status.EMPLOYED], other_income=1_150_000, wage=2_000_000)
    assert month_of(r)["other_benefit"] == 1_150_000
    assert r.income.tolist() == [1_150_000, 2_000_000]


def test_wage_contribution_and_subsidies() -> None:
    r = people(3, status=[Status.EMPLOYED, Status.SUBSIDISED, Status.PLACEMENT], wage=2_000_000)
    flows = month_of(r)
    assert r.income.tolist() == r.earned.tolist() == [2_000_000, 2_000_000, 1_720_000]
    assert flows["wage"] == 4_000_000
    assert flows["place_wage"] == 1_720_000  # 21,500 x 0.8
    assert flows["employer_contribution"] == 2 * 628_400  # 31.42 percent
    assert flows["place_contribution"] == pytest.approx(540_424, abs=1)
    subsidy = 0.8 * 1_600_000 * 1.3142  # on at most 16,000 kronor
    assert flows["wage_subsidy"] == pytest.approx(subsidy, abs=1)
    assert flows["place_subsidy"] == pytest.approx(subsidy * parameters().place_subsidy_share, abs=1)


def test_tax_above_the_allowance_and_credit_for_those_at_work_only() -> None:
    """21.48 and 10.83 percent of what exceeds 2,500 kronor: 13,500 x 0.3231 = 4,361.85; credit 2,100."""
    r = people(2, status=[Status.EMPLOYED, Status.OPEN], wage=[1_600_000, 2_000_000])
    r.insurance[:], r.insurance_days[:] = 2, 300
    p = parameters(tax_allowance_month=2500.0, in_work_credit_month=2100.0)
    flows = empty_flows()
    earn(
        tables(r, p, h=homes(r), paid=prices(municipal_tax_rate=0.2148, region_tax_rate=0.1083)),
        everybody(r),
        flows,
        MONTH,
    )
    assert flows[KIND_INDEX["municipal_tax"]] == pytest.approx(2 * 289_980, abs=2)
    assert flows[KIND_INDEX["region_tax"]] == pytest.approx(2 * 146_205, abs=2)
    assert flows[KIND_INDEX["in_work_credit"]] == 210_000
    assert r.income == pytest.approx(np.array([1_600_000 - 436_185 + 210_000, 1_600_000 - 436_185]), abs=2)
    assert int(r.income.sum()) == balances(flows)[Party.PERSON]


def test_the_credit_is_never_more_than_the_tax() -> None:
    r = people(2, status=Status.EMPLOYED, wage=300_000)
    p = parameters(tax_allowance_month=2500.0, in_work_credit_month=2100.0)
    earn(tables(r, p, h=homes(r), paid=prices()), everybody(r), empty_flows(), MONTH)
    assert r.income.tolist() == [300_000] * 2


def test_the_month_before_is_kept_and_history_shifts() -> None:
    r = people(4, status=[Status.EMPLOYED, Status.OPEN, Status.PLACEMENT, Status.STUDYING], wage=2_000_000)
    r.income[:], r.earned[:], r.worked[:], r.open_months[:] = 123, 45, 0b100000000001, 0b1
    month_of(r, place_qualifies=0)
    assert r.income_before.tolist() == [123] * 4
    assert r.earned_before.tolist() == [45] * 4
    assert r.worked.tolist() == [0b11, 0b10, 0b10, 0b10]
    assert r.open_months.tolist() == [0b10, 0b11, 0b10, 0b10]
    again = people(2, status=Status.PLACEMENT)
    month_of(again, place_qualifies=1)
    assert again.worked.tolist() == [1, 1]


def test_the_grant_for_a_newcomer_is_the_states_to_the_municipality() -> None:
    r = people(2, status=Status.ACTIVITY, activity=Activity.ESTABLISHMENT, origin=Origin.NEWCOMER)
    assert month_of(r)["newcomer_grant"] == 2 * 520_833  # 125,000 kronor over 24 months


def test_nobody_away_is_paid() -> None:
    r = people(2, status=Status.EMPLOYED, wage=2_000_000, presence=[Presence.NOT_YET, Presence.GONE])
    assert month_of(r) == {}
