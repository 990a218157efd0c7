"""Put many small batches of a store together into few.

Old batches are dropped only when the new one that holds their rows has been read back and vouched for,
receipts before files. An interruption at any moment leaves rows once or twice, and twice counts once.

Public name: `compact`.
"""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.catalogue import Catalogue
from sim.experiment.store import TABLES, RunStore, TaskEntry

_ROWS = 4_000_000  # of a batch: some twenty megabytes of files, and a quarter of a gigabyte to make them
_LEFT_BEHIND = 3600.0  # seconds after which a file without a receipt is nobody's any more


@dataclass(frozen=True)
class Compacted:
    """Number of batches before and after."""

    before: int
    after: int


def compact(store: RunStore, rows: int = _ROWS) -> Compacted:
    """Rewrite the batches of a store as few of about ``rows`` rows each; clear away what none vouches for.

    Raises:
        SamspelError: A batch is damaged (run the experiment again first), or the disk is full.
    """
    catalogue = Catalogue(store).refresh()
    before = catalogue.batches
    for receipt in before:
        store.check(receipt)
    kept: set[str] = set()
    for part in _parts(catalogue.tasks, rows):
        keys = [task.key for task in part]
        batches = {catalogue.batch_of(key) for key in keys}
        whole = [receipt for receipt in before if receipt.batch in batches]
        if len(whole) == 1 and len(whole[0].tasks) == len(part):
            kept.add(whole[0].batch)
            continue
        frames = {table: catalogue.scan(table, keys).collect() for table in TABLES}
        receipt = store.write_batch(tuple(part), frames)
        store.check(receipt)
        kept.add(receipt.batch)
    for receipt in before:
        if receipt.batch not in kept:
            store.discard(receipt.batch)
    _clear(store)
    return Compacted(len(before), len(kept))


def _parts(tasks: Iterable[TaskEntry], rows: int) -> Iterator[list[TaskEntry]]:
    part: list[TaskEntry] = []
    size = 0
    for task in tasks:
        own = sum(task.rows.values())
        if part and size + own > rows:
            yield part
            part, size = [], 0
        part.append(task)
        size += own
    if part:
        yield part


def _clear(store: RunStore) -> None:
    """Remove files that no receipt vouches for, once their writer cannot be under way any more."""
    vouched = {path.stem for path in store.receipts()}
    for folder in (*TABLES, "done"):
        for path in (store.folder / folder).glob("*"):
            stray = path.name.startswith(".") or path.stem not in vouched
            if stray and _age(path) > _LEFT_BEHIND:
                path.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
