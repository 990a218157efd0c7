"""Municipalities that are run together: what ties them, what does not, and their sums."""

import numpy as np
import pytest
from model_worlds import NEIGHBOURS, inputs, policy, ran, region, region_started, started, track

from sim.experiment.pairs import TAXONOMY, differences
from sim.experiment.tables import GROUPS
from sim.model.counts import Count
from sim.model.inputs import Area, AreaPolicy, alone
from sim.model.ledger import KINDS
from sim.model.simulate import Outcome, burn_in, by_place, run, simulate
from sim.policy.compiled import CompiledPolicy

MONTHS = 10
APART = ((1.0, 0.0), (0.0, 1.0))
HELPED = policy(MONTHS, 2, contact=1.5)


def same(first: Outcome, second: Outcome) -> bool:
    """Whether two worlds are equal to the last bit in every column and every person."""
    assert first.series.keys() == second.series.keys()
    columns = all(first.series[key].tobytes() == second.series[key].tobytes() for key in first.series)
    people = zip(first.persons.arrays().values(), second.persons.arrays().values(), strict=True)
    return columns and all(np.array_equal(one, other) for one, other in people)


def together(area: Area, *policies: CompiledPolicy | None, replication: int = 0) -> Outcome:
    """One world of both towns."""
    given = policies or (None, None)
    return run(area, region_started(replication), given)


def test_a_municipality_with_no_ties_is_the_same_run_by_itself_to_the_last_bit() -> None:
    area = region(0.0, 0.0, months=MONTHS, burn=12)
    both = simulate(area, [None, AreaPolicy("test", (HELPED, None))])
    for number, town in enumerate(area.places):
        single = simulate(town, [None, HELPED if number == 0 else None])
        for outcome, expected in zip(both, single, strict=True):
            assert same(outcome.places[town.municipality], expected)
            assert np.array_equal(outcome.rates[:, [number]], expected.rates)
    assert same(both[0].places["0481"], both[1].places["0481"])
    assert not same(both[0].places["0480"], both[1].places["0480"])


def test_the_order_of_municipalities_without_ties_is_irrelevant() -> None:
    area = region(0.0, 0.0, months=4, burn=12)
    turned = Area(area.places[::-1], APART)
    one, other = simulate(area, [None])[0], simulate(turned, [None])[0]
    assert all(same(one.places[code], other.places[code]) for code in NEIGHBOURS)
    assert np.array_equal(one.persons.ids, other.persons.ids)
    assert np.array_equal(one.persons.at_work, other.persons.at_work)


def test_an_area_of_one_is_the_municipality() -> None:
    town = inputs(months=MONTHS)
    world = run(alone(town), [started()], [HELPED])
    assert same(world, ran(town, started(), HELPED)) and not world.places
    assert by_place(HELPED, alone(town)) == (HELPED,)


def test_area_totals_are_the_sums_of_the_municipalities() -> None:
    world = together(region(months=MONTHS), HELPED, None)
    parts = [world.places[code] for code in NEIGHBOURS]
    readings = {"stativ_share", "bas_unemployed", "assistance_households_prelim"}
    summed = {key for key in world.series if key[0] not in readings}
    assert {(item.name, group) for item in Count for group in GROUPS} <= summed
    assert {(f"flow_{kind.name}", "all") for kind in KINDS} <= summed
    for key in summed:
        total = sum(part.series[key] for part in parts)
        assert world.series[key] == pytest.approx(total, abs=1e-6), key
        if key[0] in Count.__members__:
            assert (world.series[key] == total).all(), key
    opened, adults = (world.series[name, "all"] for name in ("open_in_year_20_64", "population_20_64"))
    assert world.series["stativ_share", "all"] == pytest.approx(100.0 * opened / adults)
    assert world.rates.shape == (MONTHS, 2, 24)


def test_the_people_of_an_area_are_those_of_its_municipalities() -> None:
    world = together(region(months=MONTHS))
    ids = np.concatenate([world.places[code].persons.ids for code in NEIGHBOURS])
    assert world.persons.ids.tolist() == np.sort(ids).tolist() and np.unique(ids).size == ids.size
    at_work = sum(world.places[code].persons.at_work.sum(axis=1) for code in NEIGHBOURS)
    assert (world.persons.at_work.sum(axis=1) == at_work).all()
    assert (world.series["employed", "all"] == at_work).all()


def test_people_commute_both_ways_and_only_where_there_are_ties() -> None:
    tied, apart = together(region(months=MONTHS)), together(region(0.0, 0.0, months=MONTHS))
    for code in NEIGHBOURS:
        assert tied.places[code].series["commuters", "all"][-1] > 10
    one_way = together(region(0.2, 0.0, months=MONTHS))
    gained = one_way.places["0481"].series["commuters", "all"]
    assert (np.diff(gained) <= 0).all()  # nobody new
    assert (np.diff(apart.series["commuters", "all"]) <= 0).all()


def test_a_neutral_policy_is_the_baseline_to_the_last_bit() -> None:
    area = region(months=MONTHS)
    assert same(together(area), together(area, policy(MONTHS), None))
    assert same(together(area), together(area, policy(MONTHS), policy(MONTHS)))


def test_worlds_fork_without_touching_each_other() -> None:
    area = region(months=MONTHS)
    reform = together(area, HELPED, HELPED)
    assert same(together(area), together(area)) and same(reform, together(area, HELPED, HELPED))
    assert not same(together(area), reform)


def test_a_gain_in_one_municipality_is_displacement_in_the_other_where_they_are_tied() -> None:
    """Better contact with the registered of the first of two towns of 2,500, over ten pairs."""
    months, pairs = 18, 10
    helped = policy(months, contact=1.5)
    change = np.empty((pairs, 2))
    for replication in range(pairs):
        area = region(0.4, 0.4, sizes=(2500, 2500), months=months, replication=replication)
        states = burn_in(area)
        usual = run(area, [state.copy() for state in states], (None, None))
        reform = run(area, states, (helped, None))
        for town, code in enumerate(NEIGHBOURS):
            before, after = (world.places[code].series["employed", "all"] for world in (usual, reform))
            change[replication, town] = (after - before)[6:].mean()
    near, far = change.mean(axis=0)
    near_se, far_se = change.std(axis=0, ddof=1) / np.sqrt(pairs)
    assert near > 4 * near_se and far < -3 * far_se
    assert -far < near


def test_the_taxonomy_sums_exactly_in_an_area_and_in_each_municipality() -> None:
    area = region(months=MONTHS)
    usual, reform = together(area), together(area, policy(MONTHS, 2, contact=0.8, assignment=2.0), None)
    whole = differences(usual, reform)
    parts = [differences(usual.places[code], reform.places[code]) for code in NEIGHBOURS]
    for group in GROUPS:
        lost = whole["held", group] + whole["delayed", group] + whole["displaced", group]
        assert (whole["helped", group] - lost == whole["employed", group]).all()
        for kind in TAXONOMY:
            assert (whole[kind, group] == sum(part[kind, group] for part in parts)).all(), (kind, group)
    assert whole["delayed", "all"].any() and whole["helped", "all"].any()
    others = sum(parts[1][kind, "all"].sum() for kind in ("held", "delayed"))
    assert others == 0 and parts[1]["helped", "all"].any()  # over the border, for nothing else reaches them


def test_a_shared_track_trains_residents_of_both_and_costs_each_for_its_own() -> None:
    area = region(months=MONTHS)
    begins = track(starts=(area.first.start + 2,), places=12, shared=True)
    reform = policy(MONTHS, tracks=(begins,))
    world = together(area, reform, reform)
    starts = [world.places[code].series["track_starts", "all"] for code in NEIGHBOURS]
    assert (starts[0] + starts[1]).tolist() == [0.0] * 2 + [12.0] + [0.0] * 7
    assert min(one.sum() for one in starts) > 0
    assert world.series["in_track", "all"][2] == 12.0


def test_a_world_of_held_rates_is_the_world_that_they_are_from() -> None:
    """Held rates lift the limit of whole vacancies only."""
    area = region(months=MONTHS)
    usual = together(area)
    held = run(area, region_started(), (None, None), usual.rates)
    assert np.array_equal(held.rates, usual.rates)
    assert (held.series["hires", "all"][0] >= usual.series["hires", "all"][0]).all()


def test_the_burn_in_leaves_each_municipality_its_own_demand_and_staff() -> None:
    states = burn_in(region(months=2, burn=12))
    assert [state.coaches > 0.0 and state.openings.sum() > 0.0 for state in states] == [True, True]
    assert states[0].openings.sum() > states[1].openings.sum()
