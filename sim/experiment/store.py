"""Keep the results of an experiment: three tables, one file each per task, whole or absent.

    <runs>/<name>-<hash>/manifest.json   what the experiment is
                         log.txt         when tasks ran, and the tracebacks of failures
                         runs/  series/  effects/   <task>.parquet

A task's ``runs`` file is written last and holds the checksums of its other two files and its own: a task
is finished when its rows in ``runs`` say so and the checksums agree. Everything else is computed again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dataframely as dy
import polars as pl

from sim.core.errors import SamspelError
from sim.core.files import write_text, write_whole
from sim.experiment.canonical import frame_hash
from sim.experiment.tables import Effects, Runs, Series

_TABLES: dict[str, type[dy.Schema]] = {"series": Series, "effects": Effects}


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

    def write(self, file_name: str, tables: TaskTables) -> None:
        """Write one task: series and effects first, then the runs that vouch for them."""
        checksums = {name: self._write(name, file_name, getattr(tables, name), {}) for name in _TABLES}
        self._write("runs", file_name, tables.runs, checksums | {"runs": frame_hash(tables.runs)})

    def finished(self, file_name: str) -> bool:
        """Return whether the task is finished and intact.

        Raises:
            SamspelError: A file is damaged or missing beside a task that was finished.
        """
        path = self._path("runs", file_name)
        if not path.exists():
            return False
        try:
            runs = Runs.validate(pl.read_parquet(path))
            checksums = pl.read_parquet_metadata(path)
        except (pl.exceptions.PolarsError, dy.exc.ValidationError, dy.exc.SchemaError, OSError) as error:
            raise SamspelError(f"{path}: cannot be read ({str(error).splitlines()[0]}).") from error
        if frame_hash(runs) != checksums.get("runs"):
            raise SamspelError(f"{path}: is damaged (its values are not those that were written).")
        for name in _TABLES:
            other = self._path(name, file_name)
            if not other.exists() or _checksum(other) != checksums.get(name):
                raise SamspelError(f"{other}: is damaged or missing (its checksum is not the recorded one).")
        return bool((runs["status"] == "finished").all())

    def read(self, name: str, file_names: Sequence[str]) -> pl.DataFrame:
        """Return one table (``runs``, ``series``, ``effects``) over the tasks, in their order."""
        return pl.read_parquet([self._path(name, file_name) for file_name in file_names])

    def write_manifest(self, text: str) -> Path:
        """Write the manifest."""
        return write_text(self.folder / "manifest.json", text)

    def log(self, text: str) -> None:
        """Add a dated entry to the log."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log.txt").open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {text}\n")

    def _path(self, table: str, file_name: str) -> Path:
        return self.folder / table / file_name

    def _write(self, table: str, file_name: str, frame: pl.DataFrame, metadata: dict[str, str]) -> str:
        def write(path: Path) -> None:
            frame.write_parquet(path, compression="zstd", metadata=metadata)

        return _checksum(write_whole(self._path(table, file_name), write))


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
