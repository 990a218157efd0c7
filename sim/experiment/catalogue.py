"""Find a task's rows among the batches of a store, whoever wrote them and however often.

A task that two writers have run, or that failed and was run again, lies in several batches: a finished one
counts before a failed one, and one in a larger batch before the rest, so every reader picks the same rows.

Public names: `Catalogue` and `open_store`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sim.core.errors import SamspelError, input_error
from sim.experiment.store import TABLES, Receipt, RunStore, TaskEntry
from sim.experiment.tables import Effects, Runs, Series, typed

_SCHEMAS = {"runs": Runs, "series": Series, "effects": Effects}


def open_store(folder: Path | str) -> "Catalogue":
    """Return what an experiment's folder holds, to scan its tables; nothing is run or checked.

    Raises:
        SamspelError: The folder holds no experiment.
    """
    store = RunStore(Path(folder))
    if not store.receipts():
        allowed = "the folder of an experiment with results (samspel runs list prints them)"
        raise input_error("store", "folder", str(folder), allowed)
    return Catalogue(store).refresh()


@dataclass(frozen=True)
class _Place:
    """Where a task's rows lie: its batch, and in each table the first of them."""

    batch: str
    size: int
    task: TaskEntry
    first: dict[str, int]

    @property
    def rank(self) -> tuple[bool, int, str]:
        return self.task.finished, self.size, self.batch


class Catalogue:
    """What the receipts of a store vouch for; the tables are read only when asked for, and lazily."""

    def __init__(self, store: RunStore) -> None:
        """Begin without having looked."""
        self.store = store
        self._receipts: dict[str, Receipt] = {}
        self._places: dict[str, _Place] = {}

    def refresh(self, damaged: Callable[[SamspelError], None] | None = None) -> "Catalogue":
        """Read the receipts that are new since last time, and forget those that are gone.

        Args:
            damaged: Told of each damaged batch, which is then removed, so that its tasks are run again. Every
                new file is read for its checksum. Without it nothing is checked or removed, and damaged
                receipts are passed over.
        """
        kept = {}
        for path in self.store.receipts():
            receipt = self._receipts.get(path.stem) or self._read(path, damaged)
            if receipt is not None:
                kept[path.stem] = receipt
        self._receipts = kept
        self._places = {}
        for receipt in kept.values():
            for place in _places(receipt):
                before = self._places.get(place.task.key)
                if before is None or before.rank < place.rank:
                    self._places[place.task.key] = place
        return self

    @property
    def batches(self) -> list[Receipt]:
        """Return the receipts of all batches."""
        return list(self._receipts.values())

    @property
    def tasks(self) -> list[TaskEntry]:
        """Return the tasks that have rows, by draw and replication."""
        entries = [place.task for place in self._places.values()]
        return sorted(entries, key=lambda task: (task.draw, task.replication, task.key))

    def finished(self, key: str) -> bool:
        """Return whether a task has finished; False also for one that failed or has never run."""
        place = self._places.get(key)
        return place is not None and place.task.finished

    def batch_of(self, key: str) -> str:
        """Return the batch that a task is read from."""
        return self._places[key].batch

    def scan(self, table: str, keys: Iterable[str] | None = None) -> pl.LazyFrame:
        """Return one table (``runs``, ``series``, ``effects``) over tasks, in their order; all unless given.

        Raises:
            SamspelError: A task has no rows in the store.
        """
        frames: list[pl.LazyFrame] = []
        whole: list[Path] = []
        for path, first, rows, everything in self.pieces(table, keys):
            if everything:
                whole.append(path)
                continue
            if whole:
                frames.append(pl.scan_parquet(whole))
                whole = []
            frames.append(pl.scan_parquet(path).slice(first, rows))
        if whole:
            frames.append(pl.scan_parquet(whole))
        if not frames:
            return typed(_SCHEMAS[table], []).lazy()
        return frames[0] if len(frames) == 1 else pl.concat(frames)

    def pieces(self, table: str, keys: Iterable[str] | None = None) -> list[tuple[Path, int, int, bool]]:
        """Return the stretches of files that hold a table over tasks: (file, first row, rows, all of it)."""
        stretches: list[tuple[str, int, int]] = []
        for key in [task.key for task in self.tasks] if keys is None else keys:
            if key not in self._places:
                raise SamspelError(
                    f"{self.store.folder}: holds no rows of task {key}. Run the experiment again."
                )
            place = self._places[key]
            first, rows = place.first[table], place.task.rows[table]
            if rows == 0:
                continue
            if stretches and stretches[-1][0] == place.batch and sum(stretches[-1][1:]) == first:
                stretches[-1] = (place.batch, stretches[-1][1], stretches[-1][2] + rows)
            else:
                stretches.append((place.batch, first, rows))
        totals = {
            batch: sum(task.rows[table] for task in self._receipts[batch].tasks) for batch, _, _ in stretches
        }
        return [
            (self.store.path(table, batch), first, rows, rows == totals[batch])
            for batch, first, rows in stretches
        ]

    def _read(self, path: Path, damaged: Callable[[SamspelError], None] | None) -> Receipt | None:
        try:
            receipt = self.store.read_receipt(path)
            if damaged is not None:
                self.store.check(receipt)
        except FileNotFoundError:  # dropped in the meantime: another process has put batches together
            return None
        except SamspelError as error:
            if damaged is not None and path.exists():
                damaged(error)
                self.store.discard(path.stem)
            return None
        return receipt


def _places(receipt: Receipt) -> Sequence[_Place]:
    first = dict.fromkeys(TABLES, 0)
    places = []
    for task in receipt.tasks:
        places.append(_Place(receipt.batch, len(receipt.tasks), task, dict(first)))
        first = {table: first[table] + task.rows[table] for table in TABLES}
    return places
