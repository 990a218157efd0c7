"""Open the places where tasks run, behind one interface, `concurrent.futures.Executor`: this process, spawned
processes of this machine, or a Dask cluster by its address.

Public names: `Crew`, `processors`, `here`, `local_processes` and `dask_cluster`. Only the last one
imports Dask.
"""

import importlib
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sim.core.errors import SamspelError
from sim.experiment.worker import start_worker

_PATIENCE = 5.0


@dataclass(frozen=True)
class Crew:
    """Where tasks run: an executor, and how many places it has now, for a cluster may grow or shrink."""

    executor: Executor
    places: Callable[[], int]
    lost: tuple[type[BaseException], ...]
    """Errors that mean that a place was lost, not that a task went wrong."""


def processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def here() -> Iterator[Crew]:
    """Run each task in this process, at once."""
    yield Crew(_Here(), lambda: 1, ())


@contextmanager
def local_processes(count: int) -> Iterator[Crew]:
    """Run tasks in spawned processes; those under way end before this one goes on."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=start_worker)
    try:
        yield Crew(pool, lambda: count, (BrokenExecutor,))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def dask_cluster(address: str) -> Iterator[Crew]:
    """Run tasks on the workers of a Dask scheduler, which must see the folder of the experiment.

    Raises:
        SamspelError: Dask is not installed, or no scheduler or no worker answers within seconds.
    """
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError as error:
        raise SamspelError(
            "--scheduler needs Dask, which is not installed. Allowed: pip install 'samspel[dask]', or no "
            "--scheduler, which runs on this machine."
        ) from error
    lost = (distributed.KilledWorker, distributed.comm.CommClosedError, CancelledError)
    try:
        client = distributed.Client(address, timeout=_PATIENCE, name="samspel")
    except Exception as error:  # what answers may be anything, and fail in any way
        raise SamspelError(
            f"--scheduler {address}: no scheduler answers there. Start one with: dask scheduler --port 8786; "
            "then on each machine: dask worker tcp://HOST:8786 --nworkers -1 --nthreads 1; and give "
            "--scheduler tcp://HOST:8786."
        ) from error
    try:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise SamspelError(
                f"--scheduler {address}: the scheduler has no workers. Start some on each machine: "
                f"dask worker {address} --nworkers -1 --nthreads 1"
            ) from error
        executor = client.get_executor(pure=False)
        try:
            yield Crew(
                executor,
                lambda: max(1, sum(client.ncores().values())),
                lost,
            )
        finally:
            executor.shutdown(wait=client.status == "running")
    finally:
        client.close()


class _Here(Executor):
    """An executor of this very process; an error of the task passes on at once."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future
