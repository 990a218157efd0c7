"""Keep the results of an experiment: three tables in batches of tasks, each batch whole or absent.

    <runs>/<name>-<hash>/plan.json       what is to be run, written first
                         manifest.json   what the experiment is, written when it is complete
                         log.txt         when tasks ran, and the tracebacks of failures
                         runs/  series/  effects/   <batch>.parquet
                         done/                      <batch>.json

A batch's receipt in ``done`` is written last: its tasks, how each went and how many rows it has, the
checksums of the three files, and its own. Only what a receipt vouches for counts (`sim.experiment.catalogue`
reads it). No two writers ever give a batch the same name, so any number of them may write at once.

Public names: `RunStore`, `TaskTables`, `Receipt` and `TABLES`.
"""

import errno
import hashlib
import io
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from sim.core.errors import SamspelError
from sim.core.files import write_text, write_whole

TABLES = ("runs", "series", "effects")
_LEVEL = 1  # of zstd: higher ones cost twice the time for a tenth less space


@dataclass(frozen=True)
class TaskTables:
    """The rows of one task in the three tables, under its short name."""

    key: str
    runs: pl.DataFrame
    series: pl.DataFrame
    effects: pl.DataFrame


@dataclass(frozen=True)
class TaskEntry:
    """What a receipt says of a task: its place among the others, how it went, and its rows by table."""

    key: str
    draw: int
    replication: int
    finished: bool
    rows: Mapping[str, int]


@dataclass(frozen=True)
class Receipt:
    """What vouches for a batch: its tasks in the order of their rows, and a checksum by table."""

    batch: str
    tasks: tuple[TaskEntry, ...]
    checksums: Mapping[str, str]


@dataclass(frozen=True)
class RunStore:
    """The folder of one experiment."""

    folder: Path

    def write(self, tasks: Sequence[TaskTables]) -> Receipt:
        """Write a batch of tasks: its tables first, then the receipt that vouches for them.

        Raises:
            SamspelError: The disk is full, or the folder cannot be written. Other batches are untouched.
        """
        entries = tuple(_entry(task) for task in tasks)
        frames = {
            table: pl.concat([getattr(task, table) for task in tasks], rechunk=False) for table in TABLES
        }
        return self.write_batch(entries, frames)

    def write_batch(self, tasks: tuple[TaskEntry, ...], frames: Mapping[str, pl.DataFrame]) -> Receipt:
        """Write a batch whose rows are already in one frame by table, in the order of ``tasks``."""
        batch = f"{tasks[0].key[:8]}-{secrets.token_hex(4)}"
        written: list[Path] = []
        try:
            checksums = {}
            for table in TABLES:
                path = self.path(table, batch)
                checksums[table] = _write_parquet(path, frames[table])
                written.append(path)
            receipt = Receipt(batch, tasks, checksums)
            write_text(self.receipt_path(batch), _receipt_text(receipt))
        except SamspelError as error:
            for path in written:
                path.unlink(missing_ok=True)
            raise _explained(error, self.folder) from error
        return receipt

    def receipts(self) -> list[Path]:
        """Return the receipts that lie in the folder, by name."""
        return sorted((self.folder / "done").glob("[!.]*.json"))

    def read_receipt(self, path: Path) -> Receipt:
        """Return a receipt.

        Raises:
            SamspelError: It is damaged.
        """
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            content = document["content"]
            if _text_checksum(content) != document["sha256"]:
                raise ValueError("its checksum is not its own")
            tasks = tuple(TaskEntry(**task) for task in content["tasks"])
            return Receipt(path.stem, tasks, content["checksums"])
        except (ValueError, KeyError, TypeError) as error:
            raise SamspelError(f"{path}: is damaged ({type(error).__name__}).") from error

    def check(self, receipt: Receipt) -> None:
        """Check that the three files of a batch are those that its receipt vouches for.

        Raises:
            SamspelError: One is damaged or missing.
        """
        for table in TABLES:
            path = self.path(table, receipt.batch)
            if not path.exists() or _checksum(path) != receipt.checksums[table]:
                raise SamspelError(f"{path}: is damaged or missing (its checksum is not the recorded one).")

    def discard(self, batch: str) -> None:
        """Remove a batch, its receipt first, so that a half-removed one counts for nothing."""
        self.receipt_path(batch).unlink(missing_ok=True)
        for table in TABLES:
            self.path(table, batch).unlink(missing_ok=True)

    def path(self, table: str, batch: str) -> Path:
        """Return where a batch's rows of a table lie."""
        return self.folder / table / f"{batch}.parquet"

    def receipt_path(self, batch: str) -> Path:
        """Return where a batch's receipt lies."""
        return self.folder / "done" / f"{batch}.json"

    def write_manifest(self, text: str) -> Path:
        """Write the manifest: the experiment is complete."""
        return write_text(self.folder / "manifest.json", text)

    def write_plan(self, text: str) -> Path:
        """Write what is to be run, before anything is."""
        return write_text(self.folder / "plan.json", text)

    def log(self, text: str) -> None:
        """Add a dated entry to the log.

        Raises:
            SamspelError: The disk is full, or the folder cannot be written.
        """
        path = self.folder / "log.txt"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {text}\n")
        except OSError as error:
            raise _explained(
                SamspelError(f"{path}: cannot be written ({error.strerror})."), self.folder, error
            ) from error


def _entry(task: TaskTables) -> TaskEntry:
    first = task.runs.row(0, named=True)
    rows = {table: getattr(task, table).height for table in TABLES}
    return TaskEntry(task.key, first["draw"], first["replication"], first["status"] == "finished", rows)


def _write_parquet(path: Path, frame: pl.DataFrame) -> str:
    """Write a frame whole or not at all, and return the checksum of what was meant to be written."""
    buffer = io.BytesIO()
    # Statistics by row group cost a fifth of the writing and no query here can leave a row group out.
    frame.write_parquet(buffer, compression="zstd", compression_level=_LEVEL, statistics=False)
    content = buffer.getbuffer()

    def write(temporary: Path) -> None:
        temporary.write_bytes(content)

    write_whole(path, write)
    return hashlib.sha256(content).hexdigest()


def _receipt_text(receipt: Receipt) -> str:
    content = {"tasks": [asdict(task) for task in receipt.tasks], "checksums": dict(receipt.checksums)}
    return json.dumps({"content": content, "sha256": _text_checksum(content)}, sort_keys=True) + "\n"


def _text_checksum(content: object) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _explained(error: SamspelError, folder: Path, cause: BaseException | None = None) -> SamspelError:
    """Say that the disk is full where that is why."""
    why = cause or error.__cause__
    if isinstance(why, OSError) and why.errno in (errno.ENOSPC, errno.EDQUOT):
        return SamspelError(
            f"{folder}: the disk is full ({why.strerror}). What had finished is kept and can be read. Free "
            "some space (samspel runs list shows what older runs take) and run the same command again."
        )
    return error
