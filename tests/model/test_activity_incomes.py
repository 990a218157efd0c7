"""What people are paid in each activity and supported job, and by whom, by hand with the rules of 2017."""

from typing import Any

import numpy as np
import pytest
from model_worlds import MONTH, everybody, homes, parameters, people, prices, tables

from sim.model.columns import Activity, Origin, ResidentColumns, Status, Workplace
from sim.model.ledger import KIND_INDEX, Party, balances
from sim.model.rules.incomes import earn, keeps_support
from sim.model.state import empty_flows

FREE = {"municipal_tax_rate": 0.0, "region_tax_rate": 0.0}
INSURED = 1_600_000  # 80 percent of 20,000 kronor
SUPPORT = 485_025  # 223 kronor a day x 21.75
STUDENT = 1_000_000
ESTABLISHMENT, CHILD = 669_900, 107_222  # 308 x 21.75; 1,072.22 a child
COSTS: dict[str, float] = {"training_cost_month": 9000.0, "guidance_cost_month": 3000.0}
EARNED = (Activity.MUNICIPAL_PRACTICE, Activity.VOCATIONAL_SFI, Activity.EDUCATION)
"""Activities in which only those have support who had it before."""


def paid(r: ResidentColumns, **columns: Any) -> dict[str, int]:
    flows = empty_flows()
    earn(
        tables(r, parameters(**COSTS), h=homes(r, **columns), paid=prices(**FREE)), everybody(r), flows, MONTH
    )
    assert int(r.income.sum()) == balances(flows)[Party.PERSON]
    return {name: int(flows[index]) for name, index in KIND_INDEX.items() if flows[index]}


def in_activity(kind: int, insurance: int = 0, days: int = 0, spell: int = 3) -> ResidentColumns:
    """Two alike."""
    r = people(2, status=Status.ACTIVITY, registered=1, activity=kind, spell=spell, wage=2_000_000)
    r.insurance[:], r.insurance_days[:] = insurance, days
    return r


KINDS = [kind for kind in Activity if kind != Activity.NONE]


@pytest.mark.parametrize("kind", KINDS)
def test_the_insured_keep_their_insurance_in_every_activity(kind: int) -> None:
    r = in_activity(kind, 2, 300)
    assert paid(r)["activity_support"] == 2 * INSURED
    assert r.income.tolist() == [INSURED] * 2 and r.insurance_days.tolist() == [278] * 2
    assert r.earned.tolist() == [0, 0] and r.insured.tolist() == [0, 0]


@pytest.mark.parametrize("kind", KINDS)
def test_without_insurance_support_is_earned_only_where_the_state_pays_the_activity(kind: int) -> None:
    """Adult education brings student support instead; vocational Swedish and practice bring nothing."""
    r = in_activity(kind)
    flows = paid(r)
    if kind not in EARNED:
        assert flows["activity_support"] == 2 * SUPPORT and r.income.tolist() == [SUPPORT] * 2
    elif kind == Activity.EDUCATION:
        assert flows == {"student_support": 2 * STUDENT} and r.income.tolist() == [STUDENT] * 2
    else:
        assert flows == {} and r.income.tolist() == [0, 0]


@pytest.mark.parametrize("kind", EARNED)
def test_from_fourteen_months_the_guarantee_is_kept(kind: int) -> None:
    assert [keeps_support(kind, 0, spell) for spell in (13, 14)] == [False, True]
    r = in_activity(kind, spell=14)
    assert paid(r) == {"activity_support": 2 * SUPPORT}


def test_the_guarantee_supports_also_between_activities() -> None:
    r = people(2, status=Status.OPEN, registered=1, spell=[13, 14])
    assert paid(r) == {"activity_support": SUPPORT}
    assert r.income[0] == 0 < r.income[1]


@pytest.mark.parametrize("kind", KINDS)
def test_a_newcomer_has_establishment_benefit_in_any_activity_and_keeps_the_days_of_insurance(
    kind: int,
) -> None:
    r = in_activity(kind, 2, 300)
    r.origin[:] = Origin.NEWCOMER
    flows = paid(r, young_children=1, old_children=1)
    assert r.insurance_days.tolist() == [300, 300]
    assert r.income.tolist() == [ESTABLISHMENT + 2 * CHILD] * 2
    assert flows["establishment_benefit"] == 2 * (ESTABLISHMENT + 2 * CHILD)
    assert not flows.keys() & {"activity_support", "student_support", "municipal_tax"}


def test_what_the_state_buys_for_participants() -> None:
    """Training costs the state 9,000 kronor, guidance, practice and establishment 3,000; the rest is in other
    budgets."""
    r = people(8, status=Status.ACTIVITY, registered=1, activity=KINDS)
    flows = paid(r)
    assert flows["training_cost"] == 900_000
    assert flows["guidance_cost"] == 3 * 300_000
    assert "study_cost" not in flows


def test_an_associations_wage_place_is_paid_by_the_employer_with_a_subsidy() -> None:
    """21,500 x 0.8 = 17,200 kronor; 80 percent of 16,000 and its contributions of 31.42 percent."""
    kinds = [Workplace.ASSOCIATION, Workplace.ORDINARY, Workplace.CREATED, Workplace.EXISTING]
    r = people(4, status=Status.PLACEMENT, contract=kinds, wage=9_999_999)
    flows = paid(r)
    assert r.income.tolist() == r.earned.tolist() == [1_720_000] * 4
    subsidy = 0.8 * 1_600_000 * 1.3142
    share = parameters().place_subsidy_share
    assert flows["wage"] == 1_720_000 and flows["place_wage"] == 3 * 1_720_000
    assert flows["employer_contribution"] == pytest.approx(0.3142 * 1_720_000, abs=1)
    assert flows["place_contribution"] == pytest.approx(3 * 0.3142 * 1_720_000, abs=3)
    assert flows["wage_subsidy"] == pytest.approx(subsidy, abs=1)
    assert flows["place_subsidy"] == pytest.approx(3 * share * subsidy, abs=3)


def test_an_associations_practice_is_no_wage() -> None:
    r = in_activity(Activity.MUNICIPAL_PRACTICE)
    r.contract[:] = Workplace.ASSOCIATION
    assert paid(r) == {}


def test_the_employer_bears_what_the_subsidy_leaves_of_an_associations_wage() -> None:
    r = people(2, status=Status.PLACEMENT, contract=Workplace.ASSOCIATION)
    flows = empty_flows()
    earn(tables(r, parameters(), h=homes(r), paid=prices(**FREE)), everybody(r), flows, MONTH)
    net = balances(flows)
    wage, subsidy = 1_720_000 * 1.3142, 0.8 * 1_600_000 * 1.3142
    assert net[Party.EMPLOYER] == pytest.approx(2 * (subsidy - wage), abs=4)
    assert net[Party.MUNICIPALITY] == 0
    assert net.sum() == 0


def test_days_of_insurance_pass_only_while_they_are_paid() -> None:
    """Not in municipal practice, vocational Swedish or education without insurance, nor at work."""
    status = [Status.OPEN, Status.ACTIVITY, Status.EMPLOYED, Status.SUBSIDISED, Status.PLACEMENT]
    r = people(5, status=status, insurance=2, insurance_days=100, wage=2_000_000)
    r.activity[1] = Activity.TRAINING
    paid(r)
    assert r.insurance_days.tolist() == [78, 78, 100, 100, 100]
    assert np.flatnonzero(r.insured).tolist() == [0]
