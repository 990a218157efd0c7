"""Run more pairs, one for one, in the background until the mean is precise enough; a new case stops the old.

Public names: `Refinement` and `Target`.
"""

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Final

from sim.core.errors import SamspelError
from sim.data.margins import margins_at
from sim.experiment.executors import processors
from sim.experiment.explore.answer import Answer, answered
from sim.experiment.explore.pairs import Pair, Pairs, Sample
from sim.experiment.worker import start_worker
from sim.policy.case import Case

_TOLD_AT: Final = (4, 10, 20, 40, 80, 160, 320)
_LEAST: Final = 10
_EVERYBODY: Final = 100_000_000
_RESIDENTS_KEPT: Final = 1_000_000
_BESIDE: Final = 5  # what the user sees goes first


@dataclass(frozen=True)
class Target:
    """When to stop.

    Args:
        half_width: Half the 90 % interval of the mean of people in work in the last month, persons.
        pairs: Most pairs.
        seed: Seed of both the parameter draws and chance.
    """

    half_width: float = 10.0
    pairs: int = 60
    seed: int = 1

    def met_by(self, answer: Answer) -> bool:
        """Return whether an answer needs no more pairs."""
        precise = answer.pairs >= _LEAST and answer.half_width <= self.half_width
        return precise or answer.pairs >= self.pairs


class Refinement:
    """One case at a time under refinement, in processes of its own.

    Args:
        target: When to stop.
        processes: Number of processes; one less than processors, and at least one, unless given.
    """

    def __init__(self, target: Target, processes: int | None = None) -> None:
        self.target = target
        self._count = processes or max(1, processors() - 1)
        self._pools: list[ProcessPoolExecutor] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Return whether a case is being refined."""
        return self._thread is not None and self._thread.is_alive() and not self._stop.is_set()

    def start(
        self,
        case: Case,
        told: Callable[[Answer, bool], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Refine a case instead of what was refined before, of which nothing more is told.

        Args:
            case: The case.
            told: Gets each better answer, and whether it is the last; called in another thread.
            failed: Gets the error that ended the refinement; called in another thread.
        """
        self.cancel()
        stop = self._stop = threading.Event()
        self._thread = threading.Thread(target=self._refine, args=(case, told, failed, stop), daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Stop; pairs under way end unheard."""
        self._stop.set()

    def wait(self, seconds: float) -> None:
        """Wait until the case under refinement is done, at most so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def close(self) -> None:
        """Stop, and end the processes."""
        self.cancel()
        pools, self._pools = self._pools, []
        for pool in pools:
            pool.shutdown(wait=True, cancel_futures=True)

    def _refine(
        self,
        case: Case,
        told: Callable[[Answer, bool], None],
        failed: Callable[[Exception], None],
        stop: threading.Event,
    ) -> None:
        waiting: list[Future[Pair]] = []
        pairs: list[Pair] = []
        try:
            while not stop.is_set():
                while len(waiting) < 2 * self._count and len(pairs) + len(waiting) < self.target.pairs:
                    waiting.append(self._submit(case, len(pairs) + len(waiting)))
                pairs.append(waiting.pop(0).result())
                if stop.is_set():
                    break
                if len(pairs) in _TOLD_AT or len(pairs) == self.target.pairs:
                    answer = answered(case, pairs)
                    last = self.target.met_by(answer)
                    told(answer, last)
                    if last:
                        break
        except Exception as error:  # whatever went wrong in a process is told, not raised in a thread
            if not stop.is_set():
                failed(error)
        finally:
            for future in waiting:
                future.cancel()

    def _submit(self, case: Case, number: int) -> Future[Pair]:
        """Send a pair to the process that keeps its burn-in."""
        if not self._pools:
            context = multiprocessing.get_context("spawn")
            self._pools = [
                ProcessPoolExecutor(1, mp_context=context, initializer=_start) for _ in range(self._count)
            ]
        return self._pools[number % self._count].submit(
            _one_for_one, case, number, self.target.pairs, self.target.seed
        )


def _start() -> None:
    start_worker()
    if hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(_BESIDE)


def _one_for_one(case: Case, number: int, pairs: int, seed: int) -> Pair:
    """Return a pair with every resident; run in a process that remembers where pairs start."""
    try:
        residents = sum(margins_at(code, case.first_month).residents(16, 64) for code in case.municipalities)
        return _pairs(pairs, seed, max(4, _RESIDENTS_KEPT // residents)).pair(case, number)
    except SamspelError as error:
        raise SamspelError(str(error)) from None


@cache
def _pairs(pairs: int, seed: int, kept: int) -> Pairs:
    return Pairs(Sample(pairs, _EVERYBODY, seed, kept=kept))
