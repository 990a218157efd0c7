"""Keep the results of an experiment: three tables, one file each per task, whole or absent.

    <runs>/<name>-<hash>/manifest.json   what the experiment is
                         log.txt         when tasks ran, and the tracebacks of failures
                         runs/  series/  effects/   <task>.parquet
                         done/                      <task>.json

A task's receipt in ``done`` is written last: whether it finished, and the checksums of its three files. A
task whose receipt or checksums do not agree is computed again; no damaged file is ever parsed.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from sim.core.errors import SamspelError
from sim.core.files import write_text, write_whole

_TABLES = ("runs", "series", "effects")


@dataclass(frozen=True)
class TaskTables:
    """The rows of one task in the three tables."""

    runs: pl.DataFrame
    series: pl.DataFrame
    effects: pl.DataFrame


@dataclass(frozen=True)
class RunStore:
    """The folder of one experiment."""

    folder: Path

    def write(self, name: str, tables: TaskTables) -> None:
        """Write one task: its tables first, then the receipt that vouches for them."""
        receipt = {table: self._write(table, name, getattr(tables, table)) for table in _TABLES}
        receipt["status"] = str(tables.runs["status"][0])
        write_text(self._receipt(name), json.dumps(receipt, sort_keys=True) + "\n")

    def finished(self, name: str) -> bool:
        """Return whether the task has finished; False also for one that failed or has never run.

        Raises:
            SamspelError: A file of the task is damaged or missing.
        """
        path = self._receipt(name)
        if not path.exists():
            return False
        try:
            receipt = json.loads(path.read_text(encoding="utf-8"))
            recorded = {table: receipt[table] for table in (*_TABLES, "status")}
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise SamspelError(f"{path}: is damaged ({type(error).__name__}).") from error
        for table in _TABLES:
            file = self._path(table, name)
            if not file.exists() or _checksum(file) != recorded[table]:
                raise SamspelError(f"{file}: is damaged or missing (its checksum is not the recorded one).")
        return bool(recorded["status"] == "finished")

    def read(self, table: str, names: Sequence[str]) -> pl.DataFrame:
        """Return one table (``runs``, ``series``, ``effects``) over the tasks, in their order."""
        return pl.read_parquet([self._path(table, name) for name in names])

    def write_manifest(self, text: str) -> Path:
        """Write the manifest."""
        return write_text(self.folder / "manifest.json", text)

    def log(self, text: str) -> None:
        """Add a dated entry to the log."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log.txt").open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {text}\n")

    def _path(self, table: str, name: str) -> Path:
        return self.folder / table / f"{name}.parquet"

    def _receipt(self, name: str) -> Path:
        return self.folder / "done" / f"{name}.json"

    def _write(self, table: str, name: str, frame: pl.DataFrame) -> str:
        path = self._path(table, name)
        return _checksum(write_whole(path, lambda file: frame.write_parquet(file, compression="zstd")))


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
