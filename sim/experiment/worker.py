"""Run one task in whatever process it lands: simulate, compare within the pair, store.

Kept apart so that a worker imports neither the analysis libraries nor the command line.
"""

import importlib
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import polars as pl

from sim.core.errors import SamspelError
from sim.experiment.definition import Order
from sim.experiment.pairs import Outcome, differences
from sim.experiment.sources import experiment_sources
from sim.experiment.store import RunStore, TaskTables
from sim.experiment.tables import Effects, Runs, Series, long_frame, typed

Model = Callable[[Any, Sequence[Any]], Sequence[Outcome]]


@dataclass(frozen=True)
class TaskReport:
    """How a task went: for the progress bar and the log, never for the results."""

    key: str
    seconds: float
    failure: str = ""


def run_batch(store: RunStore, orders: Sequence[Order]) -> list[TaskReport]:
    """Run the tasks one after the other and store them as one batch; a failed task becomes rows and a report.

    What has finished when an interrupt comes is stored before it passes on.

    Raises:
        SamspelError: The sources here are not those that the tasks were made with, or nothing can be written.
    """
    _check_sources(orders[0])
    done: list[tuple[TaskTables, TaskReport]] = []
    try:
        for order in orders:
            done.append(_run(order))
    finally:
        if done:
            began = time.perf_counter()
            store.write([tables for tables, _ in done])
            share = (time.perf_counter() - began) / len(done)
    return [replace(report, seconds=report.seconds + share) for _, report in done]


def start_worker() -> None:
    """Leave interrupts to the parent, and end with it even when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _check_sources(order: Order) -> None:
    here = experiment_sources(order.model)
    if here != order.sources:
        raise SamspelError(
            "The sources that this process has read are not those that the run was started with: they were "
            "edited meanwhile, or a worker on another machine has another version. Allowed: the same version "
            "of samspel everywhere. Run the same command again."
        )


def _run(order: Order) -> tuple[TaskTables, TaskReport]:
    began = time.perf_counter()
    stage, failure = "start", ""
    try:
        model = _model(order.model)
        stage = "simulate"
        inputs, policies = order.unpack()
        outcomes = model(inputs, [None, *policies])
        if len(outcomes) != len(order.name.run_ids):
            raise ValueError(
                f"the model returned {len(outcomes)} outcomes for {len(order.name.run_ids)} runs"
            )
        stage = "compare"
        parts = [_parts(order, index, outcome) for index, outcome in enumerate(outcomes)]
        changes = [
            (labels, differences(baseline, outcome))
            for part in parts[1:]
            for (_, baseline), (labels, outcome) in zip(parts[0], part, strict=True)
        ]
        stage = "tables"
        tables = TaskTables(
            order.name.key,
            _runs(order, "finished"),
            long_frame(Series, [(labels, outcome.series) for part in parts for labels, outcome in part]),
            long_frame(Effects, changes),
        )
    except Exception as error:  # any error of the model is a result: the row says where and why
        failure = traceback.format_exc()
        message = f"{type(error).__name__}: {error}"
        failed = _runs(order, "failed", stage, message)
        tables = TaskTables(order.name.key, failed, long_frame(Series, []), long_frame(Effects, []))
    return tables, TaskReport(order.name.key, time.perf_counter() - began, failure)


def _model(path: str) -> Model:
    module, _, name = path.partition(":")
    return cast(Model, getattr(importlib.import_module(module), name))


def _parts(order: Order, index: int, outcome: Outcome) -> list[tuple[dict[str, object], Outcome]]:
    """Return a run's outcome with its labels, and those of each municipality where there are several."""
    labels = _labels(order, index)
    parts = getattr(outcome, "places", {})
    return [(labels, outcome), *(({**labels, "municipality": code}, part) for code, part in parts.items())]


def _labels(order: Order, index: int) -> dict[str, object]:
    return {
        "run_id": order.name.run_ids[index],
        "draw": order.name.draw,
        "replication": order.replication,
        "scenario": order.scenario,
        "policy": order.name.policy_names[index],
        "municipality": order.municipality,
    }


def _runs(order: Order, status: str, stage: str = "", message: str = "") -> pl.DataFrame:
    state = {"status": status, "stage": stage, "message": message}
    return typed(Runs, [_labels(order, index) | state for index in range(len(order.name.run_ids))])


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
