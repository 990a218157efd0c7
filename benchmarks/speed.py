"""Resident-months per second, and memory, of the compiled model and of its plain Mesa version.

All rules on, one core, the same rules and the same draws. Processor time is given beside wall time: on a busy
machine it is the better measure of the model, and wall time of what a user meets.
"""

from collections.abc import Sequence
from dataclasses import replace

from reference.agreement import populated
from reference.trial import demanding_policy, small_town
from reference.world import ReferenceWorld

from benchmarks.labels import LARGE, PLAIN, SMALL
from benchmarks.machine import peak_bytes
from benchmarks.records import Fact, Sample
from benchmarks.session import Session, in_fresh_process
from sim.model.inputs import ModelInputs, alone
from sim.model.simulate import burn_in, run, simulate
from sim.model.state import State


def speeds(session: Session) -> list[Sample]:
    """Return resident-months per second of the compiled model at two sizes, and of the plain model."""
    sizes = session.sizes
    session.turn("burn-in of both models")
    large = town(sizes.residents, sizes.burn_in, sizes.months)
    small = town(sizes.plain_residents, sizes.burn_in, sizes.plain_months)
    starts = burn_in(alone(large))[0], burn_in(alone(small))[0]
    compiled(large, starts[0])  # loads what is compiled
    world = _reference_at_start(small, sizes.burn_in, sizes.turns * sizes.plain_months)
    taken = session.turns(
        {
            LARGE: lambda: compiled(large, starts[0]),
            SMALL: lambda: compiled(small, starts[1]),
            PLAIN: lambda: _plain(world, sizes.plain_months),
        },
        sizes.turns,
    )
    shown = {LARGE: large, SMALL: small, PLAIN: small}
    return [
        Sample(
            label=f"{label}, by {by} time",
            unit="resident-months/s",
            values=taken[label].rates(by),
            facts={
                "residents": inputs.size,
                "months": inputs.horizon,
                "burn_in": sizes.burn_in,
                "compiled": "no compiling" if label == PLAIN else "warm",
            },
        )
        for label, inputs in shown.items()
        for by in ("processor", "wall")
    ]


def memory(session: Session) -> list[Sample]:
    """Return peak memory of both models, each in fresh processes, less that of one with hardly any people."""
    sizes, samples = session.sizes, []
    for label, function, people in (
        (LARGE, "peak_of_compiled", 5 * sizes.residents),
        (PLAIN, "peak_of_plain", sizes.plain_residents),
    ):
        peaks = []
        for residents in (100, people):
            session.turn(f"memory of {label} with {residents:,} residents")
            given = {"residents": residents, "burn_in": 12, "months": 12 if label == LARGE else 2}
            peaks.append(in_fresh_process("benchmarks.speed", function, **given)["peak"])
        samples.append(per_person(label, people, peaks))
    return samples


def per_person(label: str, people: int, peaks: Sequence[float | None]) -> Sample:
    """Return bytes a person from the peak memory of a process with 100 people and of one with ``people``."""
    few, many = peaks
    facts: dict[str, Fact] = {"people": people, "peak_bytes": many, "peak_bytes_of_100": few}
    if few is None or many is None:
        return Sample(label=label, unit="bytes/person", facts=facts, missing="the system does not say")
    return Sample(label=label, unit="bytes/person", values=((many - few) / (people - 100),), facts=facts)


def town(residents: int, burn_in_months: int, months: int) -> ModelInputs:
    """Return a town at the parameters' central values."""
    return small_town(residents, burn_in_months, months, changes={})


def compiled(inputs: ModelInputs, start: State) -> int:
    """Run the compiled model with a policy that moves every channel; return resident-months."""
    outcome = run(alone(inputs), [start.copy()], [demanding_policy(inputs)])
    return int(outcome.series["population_16_64", "all"].sum())


def peak_of_compiled(residents: int, burn_in: int, months: int) -> dict[str, float | None]:
    """Run one world from nothing and return the process's peak memory."""
    simulate(town(residents, burn_in, months), [None])
    return {"peak": peak_bytes()}


def peak_of_plain(residents: int, burn_in: int, months: int) -> dict[str, float | None]:
    """Run the plain model from nothing and return the process's peak memory."""
    world = populated(alone(town(residents, burn_in, months)), order_seed=1)
    world.run_for(burn_in)
    world.start([None])
    world.run_for(months)
    return {"peak": peak_bytes()}


def _reference_at_start(inputs: ModelInputs, burn_in_months: int, horizon: int) -> ReferenceWorld:
    longer = replace(inputs, horizon=horizon)
    world = populated(alone(longer), order_seed=1)
    world.run_for(burn_in_months)
    world.start([demanding_policy(longer)])
    return world


def _plain(world: ReferenceWorld, months: int) -> int:
    done = 0
    for _ in range(months):
        world.run_for(1)
        done += sum(len(one.residents()) for one in world.towns)
    return done
