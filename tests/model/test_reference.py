"""The compiled model against the same rules in plain Python, one object per resident: equal to the bit."""

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from reference.agreement import (
    Table,
    differences,
    households_of_state,
    households_of_world,
    populated,
    residents_of_state,
    residents_of_world,
    with_rows_permuted,
)
from reference.market import CELLS
from reference.trial import TrialPolicy, demanding_policy, small_town
from reference.world import ReferenceWorld

from sim.model.columns import Activity, Case, Reason, Status
from sim.model.inputs import ModelInputs
from sim.model.ledger import KINDS
from sim.model.model import LabourMarketModel
from sim.model.parameters import parameters_from, population_parameters_from
from sim.model.population import synthesise
from sim.model.rules.observing import Count
from sim.model.simulate import burn_in
from sim.model.state import State

SNAPSHOT_EVERY = 3


class Month(NamedTuple):
    """What one month of one model left behind."""

    counts: NDArray[np.int64]
    tally: dict[str, float]
    flows: list[int]
    snapshot: tuple[Table, Table] | None


def compiled_months(model: LabourMarketModel, months: int) -> list[Month]:
    return [compiled_month(model, index) for index in range(months)]


def compiled_month(model: LabourMarketModel, index: int) -> Month:
    model.run_for(1)
    state = model.state
    tables = (residents_of_state(state), households_of_state(state)) if taken(index) else None
    return Month(model.counts[index].copy(), dict(model.tally), state.flows[-1].tolist(), tables)


def reference_month(world: ReferenceWorld, index: int) -> Month:
    world.run_for(1)
    counts = np.zeros((len(Count), 2, 4), dtype=np.int64)
    for (name, sex, group), number in world.counts.items():
        counts[Count[name], sex, group] = number
    flows = [world.ledger[world.month][kind.name] for kind in KINDS]
    tables = (residents_of_world(world), households_of_world(world)) if taken(index) else None
    return Month(counts, dict(world.tally), flows, tables)


def taken(index: int) -> bool:
    return index % SNAPSHOT_EVERY == SNAPSHOT_EVERY - 1


def assert_agree(ours: Month, theirs: Month, where: str) -> None:
    assert ours.tally == theirs.tally, where
    unequal = [item.name for item in Count if (ours.counts[item] != theirs.counts[item]).any()]
    assert unequal == [], where
    paid = {kind.name: (a, b) for kind, a, b in zip(KINDS, ours.flows, theirs.flows, strict=True) if a != b}
    assert paid == {}, where
    if ours.snapshot is not None and theirs.snapshot is not None:
        for one, other, what in zip(ours.snapshot, theirs.snapshot, ("residents", "households"), strict=True):
            assert differences(one, other) == {}, f"{where}, {what}"


@cache
def town() -> ModelInputs:
    return small_town()


@cache
def compiled_burn_in() -> tuple[Month, ...]:
    inputs = town()
    p, q = parameters_from(inputs.parameters), population_parameters_from(inputs.parameters)
    state = State(*synthesise(inputs, p, q))
    model = LabourMarketModel(inputs, state, inputs.start - inputs.burn_in, inputs.burn_in)
    return tuple(compiled_months(model, inputs.burn_in))


@cache
def compiled_start() -> State:
    return burn_in(town())


def world_at_start(state: State, policy: TrialPolicy | None) -> LabourMarketModel:
    model = LabourMarketModel(town(), state, town().start, town().horizon, policy)
    model.unit.clients = round(state.coaches * model.p.unit_caseload)
    return model


@cache
def compiled_horizon(with_policy: bool) -> tuple[Month, ...]:
    policy = demanding_policy(town()) if with_policy else None
    model = world_at_start(compiled_start().copy(), policy)
    return tuple(compiled_months(model, town().horizon))


@pytest.mark.parametrize(("with_policy", "order_seed"), [(False, 1), (True, 2)])
def test_the_plain_model_agrees_exactly_month_by_month_in_any_order(
    with_policy: bool, order_seed: int
) -> None:
    inputs = town()
    world = populated(inputs, order_seed)
    for index, ours in enumerate(compiled_burn_in()):
        assert_agree(ours, reference_month(world, index), f"burn-in month {index}")
    world.start()
    state = compiled_start()
    assert [world.employers.openings[cell] for cell in CELLS] == state.openings.tolist()
    assert world.unit.kept_coaches == state.coaches
    if with_policy:
        policy = demanding_policy(inputs)
        world.path, world.costs = policy.path.tolist(), policy.costs
    for index, ours in enumerate(compiled_horizon(with_policy)):
        assert_agree(ours, reference_month(world, index), f"month {index}")


def test_the_order_of_rows_changes_nothing() -> None:
    model = world_at_start(with_rows_permuted(compiled_start(), 3), demanding_policy(town()))
    for index, ours in enumerate(compiled_horizon(True)):
        assert_agree(ours, compiled_month(model, index), f"month {index}")


def test_everything_happens_in_the_trial() -> None:
    """Agreement means little about a rule that nobody met."""
    months = compiled_horizon(True)
    silent = {
        kind.name for index, kind in enumerate(KINDS) if not any(month.flows[index] for month in months)
    }
    assert not {name for name in silent if not name.startswith("reform_")}
    assert any(name.startswith("reform_") for name in {kind.name for kind in KINDS} - silent)
    assert not {item.name for item in Count if not any(month.counts[item].any() for month in months)}
    assert not {name for name in months[0].tally if not any(month.tally[name] for month in months)}
    tables = [month.snapshot[0] for month in months if month.snapshot is not None]
    for name, codes in (("status", Status), ("activity", Activity), ("case", Case), ("reason", Reason)):
        assert set(np.unique(np.concatenate([table[name] for table in tables]))) == {int(c) for c in codes}
