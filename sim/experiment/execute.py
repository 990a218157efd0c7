"""Spread tasks over processes: one interface, `concurrent.futures`, in this process or in spawned ones."""

import math
import multiprocessing
import os
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from sim.core.errors import SamspelError
from sim.experiment.definition import Order
from sim.experiment.store import RunStore
from sim.experiment.worker import TaskReport, run_batch, start_worker

_BATCH_SECONDS = 0.3
_LARGEST_BATCH = 64


def execute(store: RunStore, orders: Sequence[Order], processes: int | None = None) -> Generator[TaskReport]:
    """Run and store the tasks, and yield a report as each ends.

    An interrupt lets tasks under way end and be stored, then passes on; the rest is left for the next call.

    Args:
        store: Where each task writes its own results.
        orders: The tasks.
        processes: Number of spawned processes; 1 runs here, None takes one per processor.

    Raises:
        SamspelError: A process died from outside (most often: out of memory).
    """
    count = min(processes or _processors(), len(orders) - 1)
    here = orders[:1] if count > 1 else orders
    seconds = []
    for order in here:  # the first task compiles for all: workers then load the machine code from the cache
        reports = run_batch(store, [order])
        seconds += [report.seconds for report in reports]
        yield from reports
    if count > 1:
        yield from _spawned(store, orders[1:], count, seconds)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _spawned(
    store: RunStore, orders: Sequence[Order], count: int, seconds: list[float]
) -> Generator[TaskReport]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=start_worker)
    waiting: set[Future[list[TaskReport]]] = set()
    sent = 0
    try:
        while sent < len(orders) or waiting:
            while sent < len(orders) and len(waiting) < 2 * count:
                large = orders[sent].task.large
                size = 1 if large else _batch_size(min(seconds), len(orders) - sent, count)
                waiting.add(pool.submit(run_batch, store, orders[sent : sent + size]))
                sent += size
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for report in (report for future in done for report in future.result()):
                seconds.append(report.seconds)
                yield report
    except BrokenProcessPool as error:
        raise SamspelError(
            "A worker process was ended from outside, most often because memory ran out. What had finished "
            "is kept: run the same command again to continue, with fewer processes or a smaller population."
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _batch_size(seconds: float, left: int, count: int) -> int:
    """Return how many tasks make a batch worth sending, leaving work for every process."""
    wanted = math.ceil(_BATCH_SECONDS / max(seconds, 1e-6))
    return max(1, min(wanted, _LARGEST_BATCH, left // (2 * count)))
