"""Tell what a sweep will take before it is run, by measuring one small pair on this machine.

Public names: `Estimate` and `estimate_sweep`.
"""

import dataclasses
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.definition import MODEL, Order, orders
from sim.experiment.executors import processors
from sim.experiment.sources import experiment_sources
from sim.experiment.store import RunStore
from sim.experiment.sweeps.tasks import SweepTasks
from sim.experiment.worker import run_batch
from sim.model.inputs import Area, ModelInputs

_RESIDENTS = 5_000


@dataclass(frozen=True)
class Estimate:
    """What a sweep takes at most: precision may stop it earlier, and what has finished is not run again.

    Attributes:
        points: Number of points.
        tasks: Number of tasks: a baseline and its policies on the same chance.
        runs: Number of runs: baselines and policies.
        seconds: On the given number of processes, compiling not counted.
        bytes: Of disk.
        processes: Number of processes.
    """

    points: int
    tasks: int
    runs: int
    seconds: float
    bytes: int
    processes: int


def estimate_sweep(tasks: SweepTasks, processes: int | None = None) -> Estimate:
    """Run one small task of each world, and reckon from its time and size; nothing is kept.

    Time is taken to grow in proportion to residents, and space not to depend on them.
    """
    sources = experiment_sources(MODEL)
    draws = tasks.sweep.most_draws * tasks.sweep.replications
    count = processes or processors()
    seconds, space = 0.0, 0.0
    for number, task in enumerate(tasks.first_tasks):
        small, share = _small(task.inputs)
        order = next(orders([dataclasses.replace(task, inputs=small)], MODEL, sources))
        if number == 0:
            _measured(order)  # compiles, or loads what is compiled
        taken, size = _measured(order)
        seconds += taken / share * draws
        space += size * draws
    runs = draws * sum(1 + len(task.policies) for task in tasks.first_tasks)
    total = draws * len(tasks.first_tasks)
    return Estimate(len(tasks.points), total, runs, seconds / min(count, total), round(space), count)


def _measured(order: Order) -> tuple[float, int]:
    """Return how long a task takes, and how much it stores."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        run_batch(RunStore(Path(folder)), [order])
        seconds = time.perf_counter() - began
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
    return seconds, size


def _small(inputs: ModelInputs | Area) -> tuple[ModelInputs | Area, float]:
    """Return the inputs with few residents, and their share of all."""
    if isinstance(inputs, Area):
        parts = [_small(place) for place in inputs.places]
        places = tuple(place for place, _ in parts if isinstance(place, ModelInputs))
        everybody = sum(_residents(place) for place in inputs.places)
        return dataclasses.replace(inputs, places=places), sum(map(_residents, places)) / everybody
    size = min(_RESIDENTS, _residents(inputs))
    return dataclasses.replace(inputs, size=size), size / _residents(inputs)


def _residents(inputs: ModelInputs) -> int:
    return inputs.size or inputs.margins.residents(16, 64)
