"""What a policy costs: whose clients are counted, who shares the state's benefits, and what adds up."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_worlds import (
    MONTH,
    START,
    everybody,
    homes,
    inputs,
    model_of,
    note_segments,
    people,
    policy,
    ran,
    started,
    tables,
    track,
)
from numpy.typing import NDArray

from sim.model.columns import Case, Origin, ResidentColumns, Status
from sim.model.ledger import KIND_INDEX, KINDS, PAYERS, REFORM_KINDS, Party, balances, split
from sim.model.model import LabourMarketModel
from sim.model.rules.casework import clients_by_segment
from sim.model.state import State
from sim.policy.channels import segment_mask
from sim.policy.compiled import CostLine

MONTHS = 6
NAMES = [payer.name.lower() for payer in PAYERS]


def line(lever: str, kind: Any, unit: Any, ore: int, **changes: Any) -> CostLine:
    """A cost by default of the municipality, from the start on; dates in months since then."""
    first, last = START + changes.pop("first", 0), START + changes.pop("last", 99)
    shares = changes.pop("shares", (("municipality", 1.0),))
    return CostLine(lever, "label", kind, unit, ore, first, last, shares, **changes)


def mixed() -> ResidentColumns:
    """Two newcomers, three young, two long-term and one of each other kind; the unit has planned some."""
    r = people(10, status=Status.OPEN, registered=1, spell=8, case=Case.ACTIVE)
    r.origin[:2], r.permit[:2] = Origin.NEWCOMER, MONTH - 6
    r.birth[2:5] = MONTH - 20 * 12
    r.spell[5:7] = 14
    r.case[[1, 4, 6]] = [Case.WAITING_PLAN, Case.NONE, Case.WAITING_DECISION]
    r.status[8], r.registered[8] = Status.EMPLOYED, 0
    r.presence[9] = 2
    return r


def test_clients_are_counted_by_segment_where_they_stand_now() -> None:
    planned, registered = clients_by_segment(tables(mixed()), everybody(mixed()))
    assert {part: int(n) for part, n in enumerate(registered) if n} == {1: 2, 2: 3, 4: 2, 0: 1}
    assert {part: int(n) for part, n in enumerate(planned) if n} == {1: 1, 2: 2, 4: 2, 0: 1}


@pytest.mark.parametrize(
    ("unit", "target", "number"),
    [
        ("client", (), 6),
        ("client", ("newcomer",), 1),
        ("client", ("youth",), 2),
        ("client", ("youth", "long_term"), 4),
        ("af_client", (), 8),
        ("af_client", ("newcomer", "youth"), 5),
        ("af_client", ("newly_registered",), 0),
    ],
)
def test_a_cost_per_client_of_a_target_group_counts_that_group(
    unit: str, target: tuple[str, ...], number: int
) -> None:
    r = mixed()
    who = tuple(int(one) for one in np.flatnonzero(segment_mask(target))) if target else ()
    costs = (line("plan", "meetings", unit, 250, segments=who),)
    model = hand_model(r, costs)
    model.places[0].municipality.pay_policy({})
    assert model.places[0].flows[KIND_INDEX["reform_meetings_municipality"]] == 250 * number
    assert model.places[0].tally == {"cost_plan_running": 2.5 * number}


def hand_model(r: ResidentColumns, costs: Sequence[CostLine] = (), **channels: Any) -> LabourMarketModel:
    """A world of these residents in its first month."""
    town = inputs(months=1, start="2017-06")
    dated = [replace(one, first=MONTH, last=MONTH) for one in costs]
    model = model_of(town, State(r, homes(r)), 1, policy(1, costs=dated, **channels))
    model.month = MONTH
    model.places[0].take_channels(0)
    place = model.places[0]
    place.begin_month()
    place.known = everybody(r)
    note_segments(place.tables, MONTH)
    place.clients = clients_by_segment(place.tables, place.known)
    return model


def test_the_municipality_pays_its_part_of_the_states_benefits() -> None:
    """A tenth of 90,000 kronor of activity support and grants to the funds; a quarter of 40,000."""
    model = hand_model(people(2), cofinancing=0.1, newcomer_payer=0.25)
    place = model.places[0]
    place.flows[KIND_INDEX["activity_support"]] = 7_000_000
    place.flows[KIND_INDEX["insurance_grant"]] = 2_000_000
    place.flows[KIND_INDEX["insurance"]] = 5_000_000
    place.flows[KIND_INDEX["establishment_benefit"]] = 4_000_000
    before = balances(place.flows)
    place.municipality.share_benefits()
    moved = balances(place.flows) - before
    assert place.flows[KIND_INDEX["cofinancing"]] == 900_000
    assert place.flows[KIND_INDEX["newcomer_benefit_share"]] == 1_000_000
    assert moved[Party.MUNICIPALITY] == -1_900_000 and moved[Party.STATE] == 1_900_000
    assert moved.sum() == 0 and (moved[[Party.PERSON, Party.FUNDS, Party.REGION]] == 0).all()


def test_without_such_a_rule_it_pays_no_part() -> None:
    town = inputs(months=2)
    world = ran(town, started(), policy(2))
    assert world.series["flow_activity_support", "all"].min() > 0
    for name in ("cofinancing", "newcomer_benefit_share"):
        assert (world.series[f"flow_{name}", "all"] == 0.0).all()


def test_shares_of_benefits_are_those_of_the_months_flows() -> None:
    town = inputs(months=MONTHS)
    world = ran(town, started(), policy(MONTHS, 2, cofinancing=0.2, newcomer_payer=0.5))
    flow = {name: world.series[f"flow_{name}", "all"] for name in KIND_INDEX}
    acts = np.arange(MONTHS) >= 2
    state = flow["activity_support"] + flow["insurance_grant"]
    assert flow["cofinancing"] == pytest.approx(np.where(acts, 0.2 * state, 0.0), abs=0.01)
    newcomers = np.where(acts, 0.5 * flow["establishment_benefit"], 0.0)
    assert flow["newcomer_benefit_share"] == pytest.approx(newcomers, abs=0.01)
    assert flow["newcomer_benefit_share"].max() > 0


THIRDS = (("municipality", 1 / 3), ("state", 1 / 3), ("joint", 1 / 3))
COSTS = (
    line("co_location", "premises", "month", 4_000_001, shares=THIRDS),
    line("co_location", "investment", "once", 50_000_003, first=1, last=1, shares=THIRDS),
    line("individual_plan", "staff", "client", 777, shares=(("region", 1.0),)),
    line("individual_plan", "meetings", "plan", 1_001, first=2),
    line("job_tracks", "places", "track_participant", 33_333, shares=(("state", 0.5), ("employer", 0.5))),
    line("youth_outreach", "meetings", "outreach_contact", 5_555),
    line("activation_requirement", "staff", "duty_participant", 1_111),
    line("municipal_placements", "places", "place_in_use", -9_999),
    line("civil_society", "places", "association_place", 2_222),
    line("subsidised_jobs", "places", "subsidised_place", 3_333),
    line("vocational_sfi", "places", "education_participant", 4_444),
    line("vocational_sfi", "places", "sfi_participant", 4_321),
    line("employer_ties", "staff", "af_client", 17),
)


def test_the_costs_of_the_levers_are_the_flows_of_the_reform() -> None:
    town = inputs(months=MONTHS)
    reform = policy(
        MONTHS, costs=COSTS, tracks=[track(starts=(town.start,), places=6)], outreach=0.3, outreach_study=0.5,
        duty=0.8, duty_time=0.5, ordinary_places=4, created_places=3, association_places=4, eligible=1.0,
        association_eligible=1.0, subsidised_places=5, subsidised_eligible=1.0, education_places=5,
        education_eligible=1.0, sfi_places=5, sfi_eligible=1.0, caseload=0.5,
    )  # fmt: skip
    world = ran(town, started(), reform)
    series = {name: column for (name, group), column in world.series.items() if group == "all"}
    levers = {name for name in series if name.startswith("cost_")}
    assert levers == {f"cost_{one.lever}_running" for one in COSTS} | {"cost_co_location_investment"}
    flows = {(kind, payer): series[f"flow_reform_{kind}_{payer}"] for kind in REFORM_KINDS for payer in NAMES}
    assert sum(series[name] for name in levers) == pytest.approx(sum(flows.values()))
    invested = sum(flows["investment", payer] for payer in NAMES)
    assert series["cost_co_location_investment"] == pytest.approx(invested)
    assert series["cost_co_location_investment"].tolist() == [0.0, 500_000.03, 0.0, 0.0, 0.0, 0.0]
    for name in levers - {"cost_vocational_sfi_running", "cost_co_location_investment"}:
        assert series[name].any(), name
    assert series["cost_co_location_running"] == pytest.approx([40_000.01] * MONTHS)
    assert series["cost_job_tracks_running"] == pytest.approx(333.33 * series["in_track"])
    assert series["cost_activation_requirement_running"] == pytest.approx(11.11 * series["under_duty"])
    assert series["cost_employer_ties_running"] == pytest.approx(0.17 * series["af_stock"])
    assert series["cost_individual_plan_running"] == pytest.approx(
        7.77 * series["participants"] + 10.01 * np.where(np.arange(MONTHS) >= 2, series["plans"], 0.0)
    )
    assert series["cost_youth_outreach_running"] == pytest.approx(55.55 * series["outreach_contacts"])
    assert series["cost_subsidised_jobs_running"] == pytest.approx(33.33 * series["subsidised_places_in_use"])
    assert series["cost_civil_society_running"] == pytest.approx(22.22 * series["association_places_in_use"])


amounts = st.lists(st.integers(-(10**12), 10**12), min_size=len(KINDS), max_size=len(KINDS))


@given(st.lists(amounts, min_size=1, max_size=5))
@settings(deadline=None, derandomize=True, max_examples=50)
def test_parties_sum_to_nothing_in_every_month_and_over_all_whatever_flows(rows: list[list[int]]) -> None:
    """Savings are negative flows; books of months and of municipalities may be added up."""
    flows: NDArray[np.int64] = np.array(rows, dtype=np.int64)
    net = balances(flows)
    assert (net.sum(axis=1) == 0).all()
    assert (net.sum(axis=0) == balances(flows.sum(axis=0))).all()
    for index, kind in enumerate(KINDS):
        alone = np.zeros(len(KINDS), dtype=np.int64)
        alone[index] = flows[0, index]
        moved = balances(alone)
        assert moved[kind.payee] == -moved[kind.payer] == flows[0, index]


@given(
    st.integers(-(10**11), 10**11),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=7, unique=True),
    st.data(),
)
@settings(deadline=None, derandomize=True)
def test_a_cost_of_the_policy_or_a_saving_is_split_exactly_and_booked_to_its_payers(
    amount: int, payers: list[str], data: st.DataObject
) -> None:
    raw = [data.draw(st.floats(0.01, 1.0)) for _ in payers]
    shares = tuple((payer, one / sum(raw)) for payer, one in zip(payers, raw, strict=True))
    parts = split(amount, shares)
    assert [payer for payer, _ in parts] == payers and sum(part for _, part in parts) == amount
    flows = np.zeros(len(KINDS), dtype=np.int64)
    for payer, part in parts:
        flows[KIND_INDEX[f"reform_staff_{payer}"]] += part
    net = balances(flows)
    assert net.sum() == 0 and net[Party.SUPPLIER] == amount
    for (payer, part), (_, share) in zip(parts, shares, strict=True):
        assert net[Party[payer.upper()]] == -part
        assert abs(part - amount * share) <= len(payers)
