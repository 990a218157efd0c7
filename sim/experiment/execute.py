"""Send tasks to an executor in batches worth sending, and hear of each as it ends.

Public name: `execute`.
"""

import math
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import islice

from sim.core.errors import SamspelError
from sim.experiment.definition import Order
from sim.experiment.executors import Crew
from sim.experiment.store import RunStore
from sim.experiment.worker import TaskReport, run_batch

_BATCH_SECONDS = 1.0
_LARGEST_BATCH = 64
_AHEAD = 2  # batches sent for each place, so that none waits for the next


def execute(store: RunStore, orders: Iterator[Order], total: int, crew: Crew) -> Generator[TaskReport]:
    """Run and store the tasks, and yield a report as each ends.

    An interrupt lets batches under way end and be stored, then passes on; the rest is left for the next call.

    Args:
        store: Where each batch writes its own results.
        orders: The tasks, taken only as places become free.
        total: About how many they are.
        crew: Where they run.

    Raises:
        SamspelError: A process died from outside (most often: out of memory), or the cluster was lost.
    """
    waiting: set[Future[list[TaskReport]]] = set()
    seconds: list[float] = []
    sent = 0
    more = True
    try:
        while more or waiting:
            places = crew.places()
            while more and len(waiting) < (_AHEAD * places if places > 1 else 1):
                batch = _next_batch(orders, _batch_size(seconds, total - sent, places))
                sent += len(batch)
                if batch:
                    waiting.add(crew.executor.submit(run_batch, store, batch))
                more = bool(batch)
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for report in (report for future in done for report in future.result()):
                seconds.append(report.seconds)
                yield report
    except crew.lost as error:
        raise SamspelError(
            "A worker process was ended from outside, most often because memory ran out. What had finished "
            "is kept: run the same command again to continue, with fewer processes or a smaller population."
        ) from error


def _next_batch(orders: Iterator[Order], size: int) -> list[Order]:
    """Take up to so many tasks, none after a large one."""
    batch = []
    for order in islice(orders, size):
        batch.append(order)
        if order.large:
            break
    return batch


def _batch_size(seconds: Sequence[float], left: int, places: int) -> int:
    """Return how many tasks make a batch worth sending, leaving work for every place."""
    if not seconds:
        return 1
    wanted = math.ceil(_BATCH_SECONDS / max(min(seconds[-_LARGEST_BATCH:]), 1e-6))
    return max(1, min(wanted, _LARGEST_BATCH, left // (2 * places)))
