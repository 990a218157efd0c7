"""Calibrate many municipalities in processes of their own; what is finished is kept, and not done again.

Public names: `calibrate_many` and its result `Batch`.
"""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from threadpoolctl import threadpool_limits

from sim.calibrate.municipality import calibrate, write
from sim.calibrate.settings import Settings, load_settings
from sim.calibrate.targets import Target, targets
from sim.core.errors import SamspelError
from sim.experiment.executors import local_processes, processors
from sim.experiment.warm import warm
from sim.policy.estimates import load_estimate
from sim.policy.vintage import changed_since


@dataclass(frozen=True)
class Batch:
    """What became of a call.

    Attributes:
        done: Seconds that each municipality took, by code, for those calibrated now.
        fresh: Codes whose estimates were made with what is here, and stood.
        failed: Why a municipality could not be calibrated, by code.
        seconds: Wall time of all.
    """

    done: dict[str, float] = field(default_factory=dict)
    fresh: tuple[str, ...] = ()
    failed: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0


def calibrate_many(
    codes: Sequence[str],
    again: bool = False,
    processes: int | None = None,
    folder: Path | None = None,
    progress: bool = True,
) -> Batch:
    """Calibrate municipalities whose estimates are missing or stale, and write their files as they end.

    Args:
        codes: Municipality codes.
        again: Calibrate also those whose estimate was made with the data, priors and model that are here.
        processes: Number of processes; one per processor unless given.
        folder: Where estimates are kept; ``params/estimates`` unless given.
        progress: Show a bar with the time left on a terminal.

    Raises:
        SamspelError: A municipality is unknown, a process died, or a file cannot be written.
    """
    began = time.perf_counter()
    console = Console(stderr=True)
    settings = load_settings()
    fresh = () if again else tuple(code for code in codes if _is_fresh(code, folder))
    left = [code for code in codes if code not in fresh]
    batch = Batch(fresh=fresh)
    if left:
        warm(console)
        aims, refused = _aims(left, settings)
        batch.failed.update(refused)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        shown = progress and console.is_terminal
        with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
            municipalities = bar.add_task("Municipalities", total=len(aims))
            for code, seconds in _each(aims, settings, folder, processes):
                batch.done[code] = seconds
                bar.advance(municipalities)
    return Batch(batch.done, fresh, batch.failed, time.perf_counter() - began)


def _is_fresh(code: str, folder: Path | None) -> bool:
    try:
        estimate = load_estimate(code, folder)
    except SamspelError:  # damaged: make it anew
        return False
    return estimate is not None and not changed_since(estimate.document)


def _aims(codes: Sequence[str], settings: Settings) -> tuple[list[Target], dict[str, str]]:
    """Return the targets of all that can be calibrated, and why the others cannot."""
    try:
        return list(targets(list(codes), settings).values()), {}
    except SamspelError as error:
        if len(codes) == 1:
            return [], {codes[0]: str(error)}
    aims: list[Target] = []
    refused: dict[str, str] = {}
    for code in codes:
        one, why = _aims([code], settings)
        aims += one
        refused |= why
    return aims, refused


def _each(
    aims: Sequence[Target], settings: Settings, folder: Path | None, processes: int | None
) -> Iterator[tuple[str, float]]:
    count = min(processes or processors(), len(aims))
    if count <= 1:
        for target in aims:
            yield _one(target, settings, folder)
        return
    with local_processes(count) as crew:
        waiting = iter(aims)
        running: set[Future[tuple[str, float]]] = set()
        try:
            while True:
                for target in islice(waiting, count - len(running)):
                    running.add(crew.executor.submit(_one, target, settings, folder))
                if not running:
                    return
                ended, running = wait(running, return_when=FIRST_COMPLETED)
                for future in ended:
                    yield future.result()
        except BrokenExecutor as error:
            raise SamspelError(
                "A process of the calibration died (out of memory, or killed); what is finished is kept. "
                "Allowed: run the same command again, with --processes 1 if memory is short."
            ) from error


def _one(target: Target, settings: Settings, folder: Path | None) -> tuple[str, float]:
    """Calibrate one municipality in whatever process this is, on one thread, and write its files."""
    began = time.perf_counter()
    with threadpool_limits(1):
        write(calibrate(target, settings), folder)
    return target.code, time.perf_counter() - began
