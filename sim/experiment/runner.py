"""Run what has not been run, wherever tasks run, and tell how far it has come.

Public names: `Runner` (an open store with its workers) and `Places` (where tasks run).
"""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import chain, islice
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.core.errors import SamspelError
from sim.experiment.catalogue import Catalogue
from sim.experiment.definition import Order, TaskName
from sim.experiment.execute import execute
from sim.experiment.executors import Crew, dask_cluster, here, local_processes, processors
from sim.experiment.store import RunStore
from sim.experiment.worker import TaskReport


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

    def complete(self, orders: Iterable[Order], total: int) -> list[TaskName]:
        """Run the tasks that have not finished, and return the names of all.

        A damaged batch is reported and its tasks run again.

        Args:
            orders: The tasks; made one by one, only those on their way to a worker take up memory.
            total: How many they are.

        Raises:
            SamspelError: A worker died, the store cannot be written, or workers write to another folder.
        """
        self.catalogue.refresh(self._report_damage)
        names: list[TaskName] = []
        sent: list[str] = []
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        bar = Progress(*columns, console=self.console, transient=True, disable=not self._shown)
        pairs = bar.add_task("Runs", total=total)

        def left() -> Iterator[Order]:
            for order in orders:
                names.append(order.name)
                if self.catalogue.finished(order.name.key):
                    bar.advance(pairs)
                else:
                    if not sent and self._places.scheduler is None and order.model.startswith("sim."):
                        _compile(self.console)
                    sent.append(order.name.key)
                    yield order

        with bar, closing(self._reports(left(), total)) as reports:
            for report in reports:
                bar.advance(pairs)
                state = f"failed\n{report.failure}" if report.failure else "finished"
                self.store.log(f"{report.key} {report.seconds:.3f} s {state}")
        if sent:
            self.catalogue.refresh(self._report_damage)
            self._check_kept(sent)
        return names

    def _reports(self, left: Iterator[Order], total: int) -> Generator[TaskReport]:
        """Run the tasks; the first one here, where it compiles for the other processes of this machine."""
        with here() as alone:
            if self._crew is None and self._places.scheduler is None:
                count = min(self._places.processes or processors(), total - 1)
                if count <= 1:
                    yield from execute(self.store, left, total, alone)
                    return
                yield from execute(self.store, islice(left, 1), 1, alone)
        following = next(left, None)
        if following is None:
            return
        if self._crew is None:
            address = self._places.scheduler
            opened = local_processes(count) if address is None else dask_cluster(address)
            self._crew = self._open.enter_context(opened)
        yield from execute(self.store, chain([following], left), total, self._crew)

    def _check_kept(self, sent: Sequence[str]) -> None:
        known = {task.key for task in self.catalogue.tasks}
        lost = [key for key in sent if key not in known]
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


def _compile(console: Console) -> None:
    """Compile the model if it is not, before anything runs; its parts are loaded only then."""
    from sim.experiment.warm import warm

    warm(console)
