"""The two models month by month, and what must be equal in them.

Public names: `compiled_burn_in`, `compiled_horizon` and `reference_months` (iterators over months, each a
list of what every municipality left behind), `assert_equal`, `treat` (a trial), and `assert_models_agree`.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reference.agreement import (
    Table,
    differences,
    forget_the_gone,
    households_of_state,
    households_of_town,
    populated,
    residents_of_state,
    residents_of_town,
)
from reference.market import CELLS
from reference.world import ReferenceWorld
from sim.model.columns import Status
from sim.model.counts import Count
from sim.model.inputs import Area
from sim.model.ledger import KINDS
from sim.model.model import LabourMarketModel
from sim.model.parameters import parameters_from, population_parameters_from
from sim.model.population import synthesise
from sim.model.rules.steady import catch_up
from sim.model.simulate import burn_in
from sim.model.state import State
from sim.policy.compiled import CompiledPolicy

SNAPSHOT_EVERY = 3
Policies = Sequence[CompiledPolicy | None]


class Month(NamedTuple):
    """What one month left behind in one municipality; residents and households in some months only."""

    counts: NDArray[np.int64]
    tally: dict[str, float]
    flows: list[int]
    residents: Table
    households: Table


def compiled_burn_in(area: Area) -> Iterator[list[Month]]:
    states = []
    for inputs in area.places:
        p, q = parameters_from(inputs.parameters), population_parameters_from(inputs.parameters)
        states.append(State(*synthesise(inputs, p, q)))
    times = area.first
    model = LabourMarketModel(area, states, times.start - times.burn_in, times.burn_in)
    return _compiled_months(model, times.burn_in)


def compiled_horizon(
    area: Area, states: Sequence[State], policies: Policies, held: NDArray[np.float64] | None = None
) -> Iterator[list[Month]]:
    horizon = area.first.horizon
    model = LabourMarketModel(area, states, area.first.start, horizon, policies, held)
    return _compiled_months(model, horizon)


def _compiled_months(model: LabourMarketModel, months: int) -> Iterator[list[Month]]:
    for index in range(months):
        model.run_unread(1)
        found = []
        for place in model.places:
            state, tables = place.state, (Table(), Table())
            if index % SNAPSHOT_EVERY == SNAPSHOT_EVERY - 1:
                catch_up(place.tables, model.month)
                tables = (residents_of_state(state), households_of_state(state))
            flows = state.flows[-1].tolist()
            found.append(Month(place.counts[index].copy(), dict(place.extra[index]), flows, *tables))
        yield found


def reference_months(world: ReferenceWorld, months: int) -> Iterator[list[Month]]:
    for index in range(months):
        world.run_for(1)
        found = []
        for town in world.towns:
            counts = np.zeros((len(Count), 2, 4), dtype=np.int64)
            for (name, sex, group), number in town.counts.items():
                counts[Count[name], sex, group] = number
            flows = [town.ledger[world.month][kind.name] for kind in KINDS]
            tables = (Table(), Table())
            if index % SNAPSHOT_EVERY == SNAPSHOT_EVERY - 1:
                tables = (residents_of_town(town), households_of_town(town))
            found.append(Month(counts, dict(town.tally), flows, *tables))
        yield found


def assert_equal(one: Iterator[list[Month]], other: Iterator[list[Month]]) -> None:
    """Require equal tallies, counts, flows and columns of every municipality in every month."""
    for month, (ours, theirs) in enumerate(zip(one, other, strict=True)):
        for town, (mine, its) in enumerate(zip(ours, theirs, strict=True)):
            _assert_equal_months(mine, its, where=(month, town))


def _assert_equal_months(mine: Month, its: Month, where: tuple[int, int]) -> None:
    assert mine.tally == its.tally, where
    assert [item.name for item in Count if (mine.counts[item] != its.counts[item]).any()] == [], where
    pairs = zip(KINDS, mine.flows, its.flows, strict=True)
    assert {kind.name: (a, b) for kind, a, b in pairs if a != b} == {}, where
    assert differences(mine.residents, its.residents) == {}, where
    assert differences(mine.households, its.households) == {}, where


def assert_models_agree(
    area: Area,
    policies: Policies,
    order_seed: int,
    held: NDArray[np.float64] | None = None,
    treated: int = 0,
) -> None:
    """Run both models and require that they agree.

    Args:
        area: What to run.
        policies: The policy of each municipality.
        order_seed: Seed of the order in which the plain model's residents act.
        held: Tightness to hold, shape (months, municipalities, cells), or None.
        treated: Every so manieth id is in the treated arm of a trial, and leaves studies in four months at
            the latest; 0 for nobody.
    """
    burn, horizon = area.first.burn_in, area.first.horizon
    world = populated(area, order_seed)
    assert_equal(compiled_burn_in(area), reference_months(world, burn))
    world.start(policies)
    states = burn_in(area)
    for town, state in zip(world.towns, states, strict=True):
        assert [town.employers.openings[cell] for cell in CELLS] == state.openings.tolist()
        assert town.unit.kept_coaches == state.coaches
        forget_the_gone(town)
        assert sorted(person.id for person in town.people) == np.sort(state.residents.id).tolist()
        assert sorted(house.id for house in town.households) == np.sort(state.households.id).tolist()
        if treated:
            treat(state, treated, area.first.start)
            for person in town.people:
                person.arm = person.id % treated == 0
                if person.arm and person.status == Status.STUDYING:
                    person.study_end = min(person.study_end, area.first.start + 4)
    if held is not None:
        world.held_rates = {
            month: [dict(zip(CELLS, rates, strict=True)) for rates in towns]
            for month, towns in enumerate(held.tolist(), start=area.first.start)
        }
    assert_equal(compiled_horizon(area, states, policies, held), reference_months(world, horizon))


def treat(state: State, every: int, start: int) -> None:
    """Put every so manieth id of a compiled state in the treated arm of a trial, and let students of it leave
    school soon, so that there are people under 18 outside. Nobody's next month changes by it: who is steady
    is known from the last one."""
    r = state.residents
    r.arm[:] = r.id % every == 0
    pupils = (r.arm == 1) & (r.status == Status.STUDYING)
    r.study_end[pupils] = np.minimum(r.study_end[pupils], start + 4)
