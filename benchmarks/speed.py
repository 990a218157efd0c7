"""Resident-months per second of the compiled model and of its plain Mesa version, all rules on, one core.

The two take turns, so that a busy machine slows both alike. Processor time is given beside wall time: on a
busy machine it is the better measure of the model, and wall time of what a user meets.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median

from reference.agreement import populated
from reference.trial import demanding_policy, small_town
from reference.world import ReferenceWorld

from sim.model.inputs import ModelInputs, alone
from sim.model.simulate import burn_in, run
from sim.model.state import State

RESIDENTS = 100_000
REFERENCE_RESIDENTS = 3_000
MONTHS = 24
REFERENCE_MONTHS = 4
BURN_IN = 12
TURNS = 3


@dataclass(frozen=True)
class Speed:
    """Resident-months per second, the median of the turns."""

    model: str
    residents: int
    months: int
    by_wall: float
    by_processor: float


def speeds() -> list[Speed]:
    """Return the speed of the compiled model at two sizes, and of the plain model."""
    large, small = _town(RESIDENTS, MONTHS), _town(REFERENCE_RESIDENTS, REFERENCE_MONTHS)
    starts = burn_in(alone(large))[0], burn_in(alone(small))[0]
    _compiled(large, starts[0])  # loads what is compiled
    world = _reference_at_start(small)
    taken: list[list[tuple[float, float]]] = [[], [], []]
    for _ in range(TURNS):
        taken[0].append(_timed(lambda: _compiled(large, starts[0])))
        taken[1].append(_timed(lambda: _compiled(small, starts[1])))
        taken[2].append(_timed(lambda: _plain(world)))
    names = ("compiled", "compiled", "plain Mesa")
    sizes = (RESIDENTS, REFERENCE_RESIDENTS, REFERENCE_RESIDENTS)
    months = (MONTHS, REFERENCE_MONTHS, REFERENCE_MONTHS)
    return [
        Speed(name, size, n, median(wall for wall, _ in turns), median(cpu for _, cpu in turns))
        for name, size, n, turns in zip(names, sizes, months, taken, strict=True)
    ]


def _town(residents: int, months: int) -> ModelInputs:
    return small_town(residents, BURN_IN, months, changes={})


def _reference_at_start(inputs: ModelInputs) -> ReferenceWorld:
    horizon = TURNS * REFERENCE_MONTHS
    longer = replace(inputs, horizon=horizon)
    world = populated(alone(longer), order_seed=1)
    world.run_for(BURN_IN)
    world.start([demanding_policy(longer)])
    return world


def _timed(work: Callable[[], int]) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    done = work()
    return done / (time.perf_counter() - wall), done / (time.process_time() - processor)


def _compiled(inputs: ModelInputs, start: State) -> int:
    outcome = run(alone(inputs), [start.copy()], [demanding_policy(inputs)])
    return int(outcome.series["population_16_64", "all"].sum())


def _plain(world: ReferenceWorld) -> int:
    done = 0
    for _ in range(REFERENCE_MONTHS):
        world.run_for(1)
        done += sum(len(town.residents()) for town in world.towns)
    return done
