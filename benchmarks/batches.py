"""Runs per second: `mesa.batch_run` on the plain model against the workbench's own runner, the same town.

Each is called in a fresh process, as a user's script would call it, on one process and on two. Ours also
writes every series to the store, checksummed; `batch_run` returns a handful of numbers and keeps nothing.
"""

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from mesa import Model
from mesa.batchrunner import batch_run
from mesa.datacollection import DataCollector

from benchmarks.labels import BATCH_RUN, RUNNER
from benchmarks.records import Sample
from benchmarks.session import Session, in_fresh_process
from benchmarks.speed import town
from sim.model.inputs import alone

_PROCESSES = (1, 2)


def batches(session: Session) -> list[Sample]:
    """Return runs per wall second of both, on one process and two."""
    sizes = session.sizes
    common = {"residents": sizes.batch_residents, "burn_in": sizes.burn_in, "months": sizes.batch_months}
    functions = {
        BATCH_RUN: ("by_batch_run", sizes.batch_runs),
        RUNNER: ("by_runner", sizes.store_runs),
    }
    rates: dict[tuple[str, int], list[float]] = {}
    for turn in range(sizes.peer_turns):
        for label, (function, runs) in functions.items():
            for processes in _PROCESSES:
                session.turn(f"{label}, {processes} processes, turn {turn + 1} of {sizes.peer_turns}")
                given: dict[str, Any] = {**common, "runs": runs, "processes": processes}
                found = in_fresh_process("benchmarks.batches", function, **given)
                rates.setdefault((label, processes), []).append(runs / found["seconds"])
    return [
        Sample(
            label=f"{label}, {processes} process{'es' if processes > 1 else ''}",
            unit="runs/s",
            values=tuple(values),
            facts={**common, "runs": functions[label][1], "processes": processes, "compiled": "warm"},
        )
        for (label, processes), values in rates.items()
    ]


class PlainRun(Model):
    """The plain model as `batch_run` wants one: a class whose instance steps until it has run."""

    def __init__(self, residents: int, burn_in: int, months: int, rng: Any = None) -> None:
        from reference.agreement import populated

        super().__init__(rng=rng)
        inputs = replace(town(residents, burn_in, months), replication=int(rng))
        self.months, self.burn_in = months, burn_in
        self.world = populated(alone(inputs), order_seed=1)
        self.datacollector = DataCollector(model_reporters={"residents": _residents})

    def step(self) -> None:
        """Run a month."""
        self.world.run_for(1)
        done = self.world.month - self.world.first_month + 1
        if done == self.burn_in:
            self.world.start([None])
        if done == self.burn_in + self.months:
            self.datacollector.collect(self)
            self.running = False


def _residents(model: PlainRun) -> int:
    return sum(len(one.residents()) for one in model.world.towns)


def by_batch_run(residents: int, burn_in: int, months: int, runs: int, processes: int) -> dict[str, float]:
    """Return the wall seconds of some runs by `mesa.batch_run`."""
    began = time.perf_counter()
    found = batch_run(
        PlainRun,
        {"residents": residents, "burn_in": burn_in, "months": months},
        number_processes=processes,
        rng=list(range(runs)),
        max_steps=burn_in + months,
        display_progress=False,
    )
    assert len(found) == runs
    return {"seconds": time.perf_counter() - began}


def by_runner(residents: int, burn_in: int, months: int, runs: int, processes: int) -> dict[str, float]:
    """Return the wall seconds of some runs by the workbench's runner into an empty store."""
    from sim.experiment.definition import Experiment, Task
    from sim.experiment.run import run_experiment

    inputs = town(residents, burn_in, months)
    tasks = [
        Task(number, 0, "base", inputs.municipality, {}, replace(inputs, replication=number))
        for number in range(runs)
    ]
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        results = run_experiment(
            Experiment("bench", {}, tasks), processes, progress=False, folder=Path(folder)
        )
        seconds = time.perf_counter() - began
    assert results.failed.height == 0 and results.runs.height == runs
    return {"seconds": seconds}
