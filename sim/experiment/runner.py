"""Run what has not been run, wherever tasks run, and tell how far it has come.

Public names: `Runner` (an open store with its workers) and `Places` (where tasks run).
"""

from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.core.errors import SamspelError
from sim.experiment.catalogue import Catalogue
from sim.experiment.definition import Order
from sim.experiment.execute import execute
from sim.experiment.executors import Crew, dask_cluster, here, local_processes, processors
from sim.experiment.store import RunStore


@dataclass(frozen=True)
class Places:
    """Where tasks run.

    Args:
        processes: Number of processes on this machine; 1 runs in this one, None takes one per processor.
        scheduler: Address of a Dask scheduler, used instead.
    """

    processes: int | None = None
    scheduler: str | None = None


class Runner:
    """A store with the workers that fill it; they start when there is something to run, and end with it."""

    def __init__(self, store: RunStore, places: Places, progress: bool = True) -> None:
        """Open a store; nothing is read, run or written yet."""
        self.store = store
        self.catalogue = Catalogue(store)
        self.console = Console(stderr=True)
        self._places = places
        self._shown = progress and self.console.is_terminal
        self._open = ExitStack()
        self._crew: Crew | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def complete(self, orders: Sequence[Order]) -> None:
        """Run the tasks that have not finished; a damaged batch is reported and its tasks run again.

        Raises:
            SamspelError: A worker died, the store cannot be written, or workers write to another folder.
        """
        self.catalogue.refresh(self._report_damage)
        left = [order for order in orders if not self.catalogue.finished(order.key)]
        if not left:
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        bar = Progress(*columns, console=self.console, transient=True, disable=not self._shown)
        with bar:
            pairs = bar.add_task("Runs", total=len(orders), completed=len(orders) - len(left))
            for part, crew in self._parts(left):
                with closing(execute(self.store, part, crew)) as reports:
                    for report in reports:
                        bar.advance(pairs)
                        state = f"failed\n{report.failure}" if report.failure else "finished"
                        self.store.log(f"{report.key} {report.seconds:.3f} s {state}")
        self.catalogue.refresh(self._report_damage)
        self._check_kept(left)

    def _parts(self, left: Sequence[Order]) -> list[tuple[Sequence[Order], Crew]]:
        """Return the tasks with who runs them: the first one here, where it compiles for other processes."""
        if self._crew is not None:
            return [(left, self._crew)]
        alone = self._open.enter_context(here())
        if self._places.scheduler is not None:
            self._crew = self._open.enter_context(dask_cluster(self._places.scheduler))
            return [(left, self._crew)]
        count = min(self._places.processes or processors(), len(left) - 1)
        if count <= 1:
            return [(left, alone)]
        self._crew = self._open.enter_context(local_processes(count))
        return [(left[:1], alone), (left[1:], self._crew)]

    def _check_kept(self, left: Sequence[Order]) -> None:
        known = {task.key for task in self.catalogue.tasks}
        lost = [order.key for order in left if order.key not in known]
        if lost:
            raise SamspelError(
                f"{self.store.folder}: {len(lost)} tasks were run but are not here. Allowed: a folder that "
                "all workers see under this very path (a shared one; give it with --out)."
            )

    def _report_damage(self, error: SamspelError) -> None:
        self.console.print(
            f"{error} Its runs are computed again.", markup=False, highlight=False, soft_wrap=True
        )
        self.store.log(f"{error} Computed again.")
