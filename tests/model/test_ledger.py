"""Every krona leaves one party and reaches another, and shares of a cost are whole öre."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_worlds import inputs, policy, ran, started

from sim.model.ledger import KIND_INDEX, KINDS, Party, balances, split
from sim.policy.compiled import CostLine
from sim.policy.instance import Payer

whole = st.integers(0, 10**13)


def test_each_kind_is_declared_once_between_two_parties() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert all(kind.payer != kind.payee for kind in KINDS)


def test_balances_by_hand() -> None:
    flows = np.zeros((2, len(KINDS)), dtype=np.int64)
    flows[1, KIND_INDEX["assistance"]] = 900
    flows[1, KIND_INDEX["municipal_tax"]] = 250
    flows[1, KIND_INDEX["wage_subsidy"]] = 40
    net = balances(flows)
    assert net[0].tolist() == [0] * len(Party)
    expected = {Party.MUNICIPALITY: -650, Party.PERSON: 650, Party.STATE: -40, Party.EMPLOYER: 40}
    assert {party: net[1, party] for party in expected} == expected


@given(st.lists(whole, min_size=len(KINDS), max_size=len(KINDS)))
@settings(deadline=None, derandomize=True)
def test_the_books_balance_whatever_flows(amounts: list[int]) -> None:
    assert balances(np.array(amounts, dtype=np.int64)).sum() == 0


@given(whole, st.lists(st.floats(0.0, 1.0), min_size=1, max_size=6))
@settings(deadline=None, derandomize=True)
def test_parts_are_whole_and_sum_to_the_amount(amount: int, raw: list[float]) -> None:
    shares = [share / max(sum(raw), 1e-9) for share in raw]
    shares[-1] = 1.0 - sum(shares[:-1])
    parts = split(amount, tuple((str(i), share) for i, share in enumerate(shares)))
    assert sum(part for _, part in parts) == amount
    for (_, part), share in zip(parts, shares, strict=True):
        assert abs(part - amount * share) <= len(shares)


def test_split_by_hand() -> None:
    thirds = (("municipality", 1 / 3), ("state", 1 / 3), ("joint", 1 / 3))
    assert split(100, thirds) == [("municipality", 33), ("state", 33), ("joint", 34)]
    assert split(7, (("region", 1.0),)) == [("region", 7)]


def cost(kind: str, unit: str, ore: int, first: int, last: int, *shares: tuple[str, float]) -> CostLine:
    return CostLine("lever", "label", kind, unit, ore, first, last, shares or (("municipality", 1.0),))  # type: ignore[arg-type]


def test_costs_are_paid_in_their_months_by_their_payers() -> None:
    town = inputs(months=4)
    first = town.start
    costs = (
        cost("staff", "month", 1000, first + 1, first + 2, ("state", 0.25), ("joint", 0.75)),
        cost("investment", "once", 700, first + 1, first + 3),
        cost("meetings", "client", 3, first, first + 3, ("region", 1.0)),
    )
    world = ran(town, started(), policy(4, costs=costs))
    series = {name: column for (name, group), column in world.series.items() if group == "all"}
    assert series["flow_reform_staff_state"].tolist() == [0.0, 2.5, 2.5, 0.0]
    assert series["flow_reform_staff_joint"].tolist() == [0.0, 7.5, 7.5, 0.0]
    assert series["flow_reform_investment_municipality"].tolist() == [0.0, 7.0, 0.0, 0.0]
    clients = series["participants"]
    assert clients.min() > 0
    assert series["flow_reform_meetings_region"].tolist() == pytest.approx(0.03 * clients)
    assert series["net_joint"].tolist() == [0.0, -7.5, -7.5, 0.0]


@pytest.mark.parametrize("payer", get_args(Payer))
def test_whoever_can_fund_a_lever_has_an_account(payer: str) -> None:
    town = inputs(months=1)
    line = cost("staff", "month", 500, town.start, town.start, (payer, 1.0))
    world = ran(town, started(), policy(1, costs=(line,)))
    assert world.series[f"flow_reform_staff_{payer}", "all"].tolist() == [5.0]


def test_most_of_the_tax_is_equalised_away_two_years_later() -> None:
    town = inputs(months=1, equalisation_kept_share=0.1)
    state = started()
    tax = int(state.flows[-24][KIND_INDEX["municipal_tax"]])
    world = ran(town, state, policy(1))
    paid = round(100 * world.series["flow_municipal_equalisation", "all"][0])
    assert tax > 0
    assert paid == pytest.approx(0.9 * tax, abs=1)
