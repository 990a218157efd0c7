"""Run all trials over replications and say, outcome by outcome, whether the model agrees with what was found.

Public names: `Finding`, `run_bench` and `counted` (those that count, and how many pass).
"""

import math
import multiprocessing
import os
import traceback
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.core.errors import SamspelError, input_error
from sim.evaluate.arms import compile_arms
from sim.evaluate.measures import Estimate, Sums, estimate
from sim.evaluate.sums import sums_of
from sim.evaluate.trial import Outcome, Trial, UsedFor
from sim.evaluate.worlds import Starts, TrialWorlds, rounded_horizon
from sim.experiment.warm import warm
from sim.experiment.worker import start_worker

REPLICATIONS = 20
_COUNTING = ("design_target", "validation")


@dataclass(frozen=True)
class Finding:
    """One outcome: what the model gives, what was published, and whether it lies within the limits.

    An outcome that the null model passes too (the same arms without their effects) does not count.
    """

    trial: str
    outcome: str
    used_for: UsedFor
    simulated: float
    mc_se: float
    published: float | None
    low: float | None
    high: float | None
    passed: bool
    null_passes: bool
    unit: str
    enrolled: int
    """Persons in the trial, mean over replications."""
    n: int
    """Replications."""
    null_simulated: float
    measure: str
    indicator: str
    note: str


@dataclass(frozen=True)
class Task:
    """One replication of some trials that share a burn-in."""

    trials: tuple[Trial, ...]
    replication: int
    seed: int
    residents: int | None


@dataclass(frozen=True)
class Sample:
    """One trial in one replication: sums by outcome, in the model and in the null model, or why it failed."""

    trial: str
    replication: int
    sums: tuple[Sums, ...]
    null: tuple[Sums, ...]
    enrolled: int
    failure: str = ""


def run_bench(
    trials: Sequence[Trial],
    replications: int = REPLICATIONS,
    processes: int | None = None,
    seed: int = 1,
    residents: int | None = None,
    progress: bool = True,
) -> list[Finding]:
    """Return one finding per outcome, in the order of the trials.

    Args:
        trials: The trials.
        replications: Indices of chance, from 0; the parameters are the centres of all priors in each.
        processes: Number of processes; 1 runs in this one, None takes one per processor.
        seed: Seed of chance.
        residents: Residents aged 16-64 to simulate; None means one for one.
        progress: Show a bar with the time left when standard error is a terminal.

    Raises:
        SamspelError: An arm cannot be compiled, a number is out of range, or a process died.
    """
    if replications < 1:
        raise input_error("evidence", "replications", replications, "a whole number of at least 1")
    for trial in trials:
        compile_arms(trial, rounded_horizon(trial))
    tasks = [
        Task(shared, replication, seed, residents)
        for replication in range(replications)
        for shared in _sharing(trials)
    ]
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    samples: list[Sample] = []
    warm(console)
    shown = progress and console.is_terminal and bool(tasks)
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        runs = bar.add_task("Trials", total=len(trials) * replications)
        with closing(_executed(tasks, processes)) as reports:
            for report in reports:
                samples += report
                bar.advance(runs, len(report))
    samples.sort(key=lambda sample: sample.replication)
    return [
        finding
        for trial in trials
        for finding in _findings(trial, [sample for sample in samples if sample.trial == trial.id])
    ]


def counted(findings: Sequence[Finding]) -> tuple[int, int]:
    """Return how many findings pass, and how many count: design targets and validation that the null model
    fails."""
    counting = [one for one in findings if one.used_for in _COUNTING and not one.null_passes]
    return sum(one.passed for one in counting), len(counting)


def _sharing(trials: Sequence[Trial]) -> list[tuple[Trial, ...]]:
    """Return trials that have the same burn-in together."""
    groups: dict[tuple[str, str, int], list[Trial]] = {}
    for trial in trials:
        key = (trial.population.municipality, trial.population.start, rounded_horizon(trial))
        groups.setdefault(key, []).append(trial)
    return [tuple(group) for group in groups.values()]


def _executed(tasks: Sequence[Task], processes: int | None) -> Generator[list[Sample]]:
    """Run the tasks here or in spawned processes, the first always here: it compiles for all."""
    wanted = processes or (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    count = min(wanted, len(tasks) - 1)
    here = tasks if count <= 1 else tasks[:1]
    for task in here:
        yield run_task(task)
    if count <= 1:
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=start_worker)
    try:
        for future in as_completed([pool.submit(run_task, task) for task in tasks[1:]]):
            yield future.result()
    except BrokenProcessPool as error:
        raise SamspelError(
            "A worker process was ended from outside, most often because memory ran out. Run again with "
            "--processes 1, or --only one trial at a time."
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def run_task(task: Task) -> list[Sample]:
    """Run one replication of trials; a trial that fails is a sample that says why."""
    starts = Starts(task.replication, task.seed, task.residents)
    return [_sample(trial, starts) for trial in task.trials]


def _sample(trial: Trial, starts: Starts) -> Sample:
    try:
        worlds = TrialWorlds(trial, starts)
        found = tuple(sums_of(trial, outcome, worlds) for outcome in trial.outcomes)
        null = tuple(sums_of(trial, outcome, worlds, null=True) for outcome in trial.outcomes)
        return Sample(trial.id, starts.replication, found, null, worlds.enrolled)
    except SamspelError:
        raise
    except Exception:  # any other error of the model is a result: the finding says where and why
        return Sample(trial.id, starts.replication, (), (), 0, traceback.format_exc())


def _findings(trial: Trial, samples: Sequence[Sample]) -> list[Finding]:
    failures = [sample.failure for sample in samples if sample.failure]
    enrolled = round(math.fsum(sample.enrolled for sample in samples) / max(1, len(samples)))
    found = []
    for number, outcome in enumerate(trial.outcomes):
        kind = trial.indicators[outcome.indicator].kind
        if failures:
            model = null = Estimate(math.nan, math.nan, len(samples))
        else:
            model = estimate(outcome, kind, [sample.sums[number] for sample in samples])
            null = estimate(outcome, kind, [sample.null[number] for sample in samples])
        found.append(
            Finding(
                trial=trial.id,
                outcome=outcome.name,
                used_for=trial.used(outcome),
                simulated=model.value,
                mc_se=model.se,
                published=outcome.estimate,
                low=outcome.limits.low,
                high=outcome.limits.high,
                passed=_within(outcome, model.value),
                null_passes=_within(outcome, null.value),
                unit=outcome.unit or "",
                enrolled=enrolled,
                n=model.n,
                null_simulated=null.value,
                measure=outcome.measure,
                indicator=outcome.indicator,
                note=_note(outcome, model, enrolled, failures),
            )
        )
    return found


def _within(outcome: Outcome, value: float) -> bool:
    """Return whether a value lies within the limits; what cannot be worked out does not."""
    low, high = outcome.limits.low, outcome.limits.high
    return not math.isnan(value) and (low is None or value >= low) and (high is None or value <= high)


def _note(outcome: Outcome, model: Estimate, enrolled: int, failures: Sequence[str]) -> str:
    if failures:
        return "the run failed: " + failures[0].strip().splitlines()[-1]
    if enrolled == 0:
        return "nobody qualifies for the trial"
    if np.isnan(model.value):
        return "cannot be worked out: nobody at risk, no event or no change to divide by"
    return outcome.note
