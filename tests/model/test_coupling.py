"""What may tie residents, worlds and runs together, and what may not."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_worlds import (
    NO_TRACKS,
    by_segment,
    everybody,
    hire,
    inputs,
    keys,
    parameters,
    policy,
    promise,
    ran,
    spells,
    started,
    tables,
)
from numpy.typing import NDArray

from sim.model.columns import CELLS, HouseholdColumns, Presence, ResidentColumns, Status
from sim.model.counts import Count
from sim.model.inputs import alone
from sim.model.layout import allocate_households, allocate_residents, copied
from sim.model.rules.search import search
from sim.model.rules.separations import separate
from sim.model.simulate import Outcome, burn_in, simulate
from sim.model.state import State
from sim.policy.channels import SEGMENTS
from sim.policy.compiled import CompiledPolicy, CostLine

MONTHS = 10
REFORM = policy(MONTHS, 3, contact=1.2, caseload=0.5, ordinary_places=4, eligible=1)
FREE_OF_CONGESTION: Any = {
    "contact_gain": 0.0, "baseline_places": 0.0, "register_exit_rate": 0.0, "activity_capacity": 1e6,
}  # fmt: skip


def same(first: Outcome, second: Outcome) -> bool:
    """Whether two worlds are equal in every column and every person."""
    assert first.series.keys() == second.series.keys()
    columns = all(np.array_equal(first.series[key], second.series[key]) for key in first.series)
    people = zip(first.persons.arrays().values(), second.persons.arrays().values(), strict=True)
    return columns and all(np.array_equal(one, other) for one, other in people)


GONE_ALONE: dict[str, int] = {
    "household": 0, "partner": -1, "presence": Presence.GONE, "status": Status.OUTSIDE, "registered": 0,
    "client": 0, "weight": 0, "reason": 0,
}  # fmt: skip


def chosen(
    state: State, rows: NDArray[np.int64], houses: NDArray[np.int64]
) -> tuple[ResidentColumns, HouseholdColumns]:
    """Copies of some rows, whose row numbers of each other are still those of before."""
    r, h = allocate_residents(rows.size), allocate_households(houses.size)
    for name in r._fields:
        getattr(r, name)[:] = getattr(state.residents, name)[rows]
    for name in h._fields:
        getattr(h, name)[:] = getattr(state.households, name)[houses]
    return r, h


def shuffled(state: State, seed: int) -> State:
    """The same people and households in another order of rows."""
    chance = np.random.default_rng(seed)
    rows = chance.permutation(state.residents.id.size)
    houses = chance.permutation(state.households.id.size)
    row_now, house_now = np.argsort(rows), np.argsort(houses)
    r, h = chosen(state, rows, houses)
    r.household[:] = house_now[r.household]
    r.partner[:] = np.where(r.partner >= 0, row_now[r.partner], -1)
    h.reference[:] = row_now[h.reference]
    h.partner[:] = np.where(h.partner >= 0, row_now[h.partner], -1)
    state.residents, state.households = r, h
    return state


@given(st.integers(0, 2**32), st.sampled_from([None, REFORM]))
@settings(deadline=None, derandomize=True, max_examples=8)
def test_the_order_of_rows_is_irrelevant(seed: int, reform: CompiledPolicy | None) -> None:
    town = inputs(months=MONTHS)
    expected = ran(town, started(), reform)
    world = ran(town, shuffled(started(), seed), reform)
    assert all(np.array_equal(world.series[key], expected.series[key]) for key in expected.series)
    order, usual = np.argsort(world.persons.ids), np.argsort(expected.persons.ids)
    assert (world.persons.at_work[:, order] == expected.persons.at_work[:, usual]).all()


def with_extra(state: State, alone: bool = False) -> State:
    """The town with one more openly unemployed person in a household of one, or that person alone but for one
    who has gone."""
    r, h = state.residents, state.households
    age = (inputs().start - r.birth) // 12
    single = (r.status == Status.OPEN) & (r.partner < 0) & (age >= 30) & (age < 50)
    model_row = int(np.flatnonzero(single)[0])
    n, m = (1, 1) if alone else (r.id.size, h.id.size)
    changed = {
        "id": int(r.id.max()) + 1,
        "household": m,
        "client": 1,
        "income": 0,
        "spell": 13,
        "registered": 1,
    }
    house = int(r.household[model_row])
    people, houses = chosen(state, np.append(np.arange(n), model_row), np.append(np.arange(m), house))
    for name, value in changed.items():
        getattr(people, name)[n] = value
    houses.id[m], houses.reference[m], houses.partner[m] = people.id[n], n, -1
    houses.shielded[m], houses.assistance[m], houses.months[m], houses.history[m] = 0, 1, 3, 0b111
    state.residents, state.households = people, houses
    if alone:
        for name, value in GONE_ALONE.items():
            getattr(people, name)[0] = value
        houses.id[0], houses.reference[0], houses.partner[0] = people.id[0], 0, -1
        houses.assistance[0], houses.history[0], houses.paid[0] = 0, 0, 0
        state.flows = [np.zeros_like(row) for row in state.flows]
    return state


def roomy(state: State) -> State:
    state.coaches = 1e6
    return state


def test_with_rates_and_capacity_held_an_extra_resident_adds_exactly_one_row() -> None:
    town = inputs(months=MONTHS, **FREE_OF_CONGESTION)
    rates = ran(town, roomy(started())).rates
    before = ran(town, roomy(started()), None, rates)
    after = ran(town, roomy(with_extra(started())), None, rates)
    alone = ran(town, roomy(with_extra(started(), alone=True)), None, rates)
    assert after.persons.ids[:-1].tolist() == before.persons.ids.tolist()
    for name in ("at_work", "reason", "present"):
        whole, known = getattr(after.persons, name), getattr(before.persons, name)
        assert (whole[:, :-1] == known).all(), name
        assert (whole[:, -1] == getattr(alone.persons, name)[:, -1]).all(), name
    for item in Count:
        key = item.name, "all"
        assert (after.series[key] == before.series[key] + alone.series[key]).all(), key
    money = [key for key in before.series if key[0].startswith(("flow_", "net_"))]
    assert alone.series["flow_assistance", "all"].any()
    for key in money:
        assert after.series[key] == pytest.approx(before.series[key] + alone.series[key], abs=1e-4), key


def test_with_congestion_an_extra_resident_moves_nobodys_own_chance() -> None:
    town = inputs(months=MONTHS)
    few, many = started(), with_extra(started())
    before, after = ran(town, few), ran(town, many)
    assert (after.persons.present[:, :-1] == before.persons.present).all()
    for name in ("swedish", "origin", "presence", "group", "tier"):
        assert (getattr(many.residents, name)[:-1] == getattr(few.residents, name)).all(), name


def test_a_neutral_policy_is_the_baseline_to_the_last_bit() -> None:
    town = inputs(months=MONTHS)
    assert same(ran(town, started()), ran(town, started(), policy(MONTHS)))


def test_a_policy_of_costs_alone_reaches_nobody_and_moves_only_its_money() -> None:
    town = inputs(months=MONTHS)
    shares = (("municipality", 0.5), ("state", 0.5))
    line = CostLine("x", "x", "staff", "month", 123_457, town.start + 2, town.start + 20, shares)
    baseline, costly = ran(town, started()), ran(town, started(), policy(MONTHS, costs=(line,)))
    payers = ("municipality", "state", "supplier", "public")
    moved = {key[0] for key in baseline.series if (baseline.series[key] != costly.series[key]).any()}
    assert moved == {
        "flow_reform_staff_municipality",
        "flow_reform_staff_state",
        *(f"net_{p}" for p in payers),
    }
    assert (baseline.persons.at_work == costly.persons.at_work).all()
    public = costly.series["net_public", "all"] - baseline.series["net_public", "all"]
    assert public == pytest.approx([0.0] * 2 + [-1234.57] * (MONTHS - 2))


def test_a_channel_that_no_one_can_feel_reaches_nobody() -> None:
    """Places for segments that are empty, and a mix of places that do not exist."""
    town = inputs(months=MONTHS)
    idle = policy(MONTHS, 2, practice_share=1.0, eligible=1.0)
    assert same(ran(town, started()), ran(town, started(), idle))


def test_worlds_fork_without_touching_each_other() -> None:
    town = inputs(900, months=MONTHS, burn=12)
    first, reform, again = simulate(town, [None, REFORM, None])
    assert same(first, again) and not same(first, reform)
    state = burn_in(alone(town))[0]
    kept = copied(state.residents)
    ran(town, state.copy(), REFORM)
    for name in kept._fields:
        assert np.array_equal(getattr(kept, name), getattr(state.residents, name)), name
    assert same(ran(town, state), first)


def test_a_policy_changes_nothing_before_its_first_month() -> None:
    town = inputs(months=MONTHS)
    baseline, reform = ran(town, started()), ran(town, started(), REFORM)
    for key, column in baseline.series.items():
        assert (column[:3] == reform.series[key][:3]).all(), key
    assert (baseline.persons.at_work[:3] == reform.persons.at_work[:3]).all()
    assert not same(baseline, reform)


def test_a_run_is_not_moved_by_what_ran_before_it() -> None:
    town = inputs(900, months=4, burn=12)
    first = simulate(town, [None])[0]
    simulate(inputs(1300, months=6, burn=13, seed=9), [None, policy(6, contact=1.3)])
    assert same(first, simulate(town, [None])[0])
    assert not same(first, simulate(inputs(900, months=4, burn=12, replication=1), [None])[0])
    assert not same(first, simulate(inputs(900, months=4, burn=12, seed=2), [None])[0])


def hires_of(seed: int, contact: float, hours: float, rate: float) -> Any:
    """Who is at work after a month of search at held rates, and who was before."""
    state = started(seed=seed)
    r, h = state.residents, state.households
    p, month, drawn = parameters(), inputs().start, keys(seed=seed)
    meetings, one, none = by_segment(0.0), by_segment(1.0), by_segment(0.0)
    both = np.full(SEGMENTS, hours)
    search(
        tables(r, p, h=h),
        everybody(r),
        drawn,
        month,
        by_segment(contact),
        (both, both, meetings),
        0.5,
        one,
        one,
        promise(),
        (none, none),
        NO_TRACKS,
        spells(p),
    )
    before = r.status >= Status.PLACEMENT
    hire(r, p, drawn, np.full(CELLS, rate))
    return before, r.status >= Status.PLACEMENT


@given(
    st.integers(1, 3),
    st.floats(0.5, 1.0),
    st.floats(1.0, 1.5),
    st.floats(0.1, 1.0),
    st.floats(1.0, 4.0),
    st.floats(0.01, 0.6),
)
@settings(deadline=None, derandomize=True, max_examples=25)
def test_more_contact_never_loses_a_hire_at_held_rates(
    seed: int, low: float, high: float, few: float, many: float, rate: float
) -> None:
    before, less = hires_of(seed, low, few, rate)
    _, more = hires_of(seed, high, many, rate)
    assert (more >= less).all() and (less >= before).all()


@given(st.integers(1, 3), st.floats(0.0, 2.0), st.floats(0.0, 2.0))
@settings(deadline=None, derandomize=True, max_examples=15)
def test_a_worse_season_never_saves_a_job(seed: int, one: float, other: float) -> None:
    kept = []
    for season in sorted((one, other)):
        r = started(seed=seed).residents
        separate(
            tables(r, parameters(separation_permanent=0.03)),
            everybody(r),
            keys(seed=seed),
            inputs().start,
            season,
            300,
        )
        kept.append(r.status == Status.EMPLOYED)
    assert (kept[0] >= kept[1]).all()


def test_in_the_first_month_a_better_contact_helps_some_and_hurts_nobody_at_held_rates() -> None:
    for seed in (1, 2, 3):
        town = inputs(months=1, seed=seed)
        rates = ran(town, started(seed=seed)).rates
        usual = ran(town, started(seed=seed), None, rates).persons.at_work[0]
        better = ran(town, started(seed=seed), policy(1, contact=1.5), rates).persons.at_work[0]
        assert (better >= usual).all() and (better > usual).any()
