"""The compiled model against the same rules in plain Python, one object per resident: equal to the bit."""

from collections.abc import Iterator
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
from reference.trial import demanding_policy, small_town
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
from sim.policy.compiled import CompiledPolicy

SNAPSHOT_EVERY = 3
SUPPORTED = (Status.PLACEMENT, Status.SUBSIDISED)


class Month(NamedTuple):
    """What one month of one model left behind; residents and households in some months only."""

    counts: NDArray[np.int64]
    tally: dict[str, float]
    flows: list[int]
    residents: Table
    households: Table


def compiled_months(model: LabourMarketModel, months: int) -> Iterator[Month]:
    for index in range(months):
        model.run_for(1)
        state, look = model.state, index % SNAPSHOT_EVERY == SNAPSHOT_EVERY - 1
        tables = (residents_of_state(state), households_of_state(state)) if look else ({}, {})
        yield Month(model.counts[index].copy(), dict(model.tally), state.flows[-1].tolist(), *tables)


def reference_months(world: ReferenceWorld, months: int) -> Iterator[Month]:
    for index in range(months):
        world.run_for(1)
        counts = np.zeros((len(Count), 2, 4), dtype=np.int64)
        for (name, sex, group), number in world.counts.items():
            counts[Count[name], sex, group] = number
        flows = [world.ledger[world.month][kind.name] for kind in KINDS]
        look = index % SNAPSHOT_EVERY == SNAPSHOT_EVERY - 1
        tables = (residents_of_world(world), households_of_world(world)) if look else ({}, {})
        yield Month(counts, dict(world.tally), flows, *tables)


def assert_equal(one: Iterator[Month], other: Iterator[Month]) -> None:
    for index, (ours, theirs) in enumerate(zip(one, other, strict=True)):
        assert ours.tally == theirs.tally, index
        assert [item.name for item in Count if (ours.counts[item] != theirs.counts[item]).any()] == [], index
        pairs = zip(KINDS, ours.flows, theirs.flows, strict=True)
        assert {kind.name: (a, b) for kind, a, b in pairs if a != b} == {}, index
        assert differences(ours.residents, theirs.residents) == {}, index
        assert differences(ours.households, theirs.households) == {}, index


def compiled_burn_in(inputs: ModelInputs) -> Iterator[Month]:
    p, q = parameters_from(inputs.parameters), population_parameters_from(inputs.parameters)
    state = State(*synthesise(inputs, p, q))
    model = LabourMarketModel(inputs, state, inputs.start - inputs.burn_in, inputs.burn_in)
    return compiled_months(model, inputs.burn_in)


def compiled_horizon(
    inputs: ModelInputs, state: State, policy: CompiledPolicy | None, held: NDArray[np.float64] | None = None
) -> Iterator[Month]:
    model = LabourMarketModel(inputs, state, inputs.start, inputs.horizon, policy, held)
    return compiled_months(model, inputs.horizon)


def assert_models_agree(
    inputs: ModelInputs,
    policy: CompiledPolicy | None,
    order_seed: int,
    held: NDArray[np.float64] | None = None,
) -> None:
    world = populated(inputs, order_seed)
    assert_equal(compiled_burn_in(inputs), reference_months(world, inputs.burn_in))
    world.start()
    state = burn_in(inputs)
    assert [world.employers.openings[cell] for cell in CELLS] == state.openings.tolist()
    assert world.unit.kept_coaches == state.coaches
    if policy is not None:
        world.path, world.costs = policy.path.tolist(), policy.costs
    if held is not None:
        months = (dict(zip(CELLS, rates, strict=True)) for rates in held.tolist())
        world.held_rates = dict(enumerate(months, start=inputs.start))
    assert_equal(compiled_horizon(inputs, state, policy, held), reference_months(world, inputs.horizon))


def test_the_plain_model_agrees_exactly_without_a_policy() -> None:
    assert_models_agree(small_town(), None, order_seed=1)


def test_the_plain_model_agrees_exactly_under_a_policy_and_in_another_order() -> None:
    inputs = small_town()
    assert_models_agree(inputs, demanding_policy(inputs), order_seed=2)


@pytest.mark.slow
@pytest.mark.parametrize("replication", [1, 2])
def test_the_models_agree_in_larger_towns_and_with_tightness_held(replication: int) -> None:
    inputs = small_town(size=4000, burn_in=36, horizon=48, replication=replication)
    held = np.random.default_rng(replication).uniform(0.02, 0.3, (inputs.horizon, len(CELLS)))
    policy = demanding_policy(inputs, seed=replication)
    assert_models_agree(inputs, policy, order_seed=replication, held=held if replication == 2 else None)


def test_the_order_of_rows_changes_nothing() -> None:
    inputs = small_town()
    state, policy = burn_in(inputs), demanding_policy(inputs)
    permuted = with_rows_permuted(state, seed=3)
    assert (permuted.residents.id != state.residents.id).any()
    assert_equal(compiled_horizon(inputs, state, policy), compiled_horizon(inputs, permuted, policy))


def test_everything_happens_in_the_trial() -> None:
    """Agreement means little about a rule that nobody met."""
    inputs = small_town()
    months = list(compiled_horizon(inputs, burn_in(inputs), demanding_policy(inputs)))
    paid = {kind.name for index, kind in enumerate(KINDS) if any(month.flows[index] for month in months)}
    assert all(name.startswith("reform_") for name in {kind.name for kind in KINDS} - paid)
    assert "reform_staff_joint" in paid
    assert not {item.name for item in Count if not any(month.counts[item].any() for month in months)}
    assert not {name for name in months[0].tally if not any(month.tally[name] for month in months)}
    tables = [month.residents for month in months if month.residents]
    assert any(month.households["owed"].any() for month in months if month.households)
    in_practice = (table["spell"][table["activity"] == Activity.MUNICIPAL_PRACTICE] for table in tables)
    assert {bool(spell >= 14) for spells in in_practice for spell in spells} == {True, False}
    supported = (table["spell"][np.isin(table["status"], SUPPORTED)] for table in tables)
    assert max(int(spells.max()) for spells in supported if spells.size) >= 12
    for name, codes in (("status", Status), ("activity", Activity), ("case", Case), ("reason", Reason)):
        assert set(np.unique(np.concatenate([table[name] for table in tables]))) == {int(c) for c in codes}
