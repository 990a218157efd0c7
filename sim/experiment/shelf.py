"""Look over the experiments that a folder keeps, and clear away those that are not wanted any more.

Public names: `Shelved` (what is known of one), `experiments`, `named` and `remove`.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim.core.errors import SamspelError, input_error
from sim.experiment.catalogue import Catalogue
from sim.experiment.sources import experiment_sources
from sim.experiment.store import RunStore


@dataclass(frozen=True)
class Shelved:
    """An experiment in the folder.

    Attributes:
        name: Its own name.
        folder: Name of its folder.
        finished: Tasks that have finished.
        failed: Tasks that failed and will be tried again.
        left: Tasks that have not been run; 0 once the experiment is complete, None where the plan is missing.
        batches: Number of batches that the tasks lie in.
        bytes: Size of all its files.
        written: When something was last written to it.
        current: Whether the model's sources are still those of its runs; None where that cannot be told.
    """

    name: str
    folder: str
    finished: int
    failed: int
    left: int | None
    batches: int
    bytes: int
    written: datetime
    current: bool | None


def experiments(runs: Path) -> list[Shelved]:
    """Return the experiments in a folder, by name and then by when they were last written."""
    found = (
        [_shelved(folder) for folder in runs.glob("*/") if _is_experiment(folder)] if runs.is_dir() else []
    )
    return sorted(found, key=lambda one: (one.name, one.written))


def named(runs: Path, names: Sequence[str]) -> list[Shelved]:
    """Return the experiments of the given names or folder names.

    Raises:
        SamspelError: There is none of a name.
    """
    found = experiments(runs)
    known = sorted({name for one in found for name in (one.name, one.folder)})
    for name in names:
        if name not in known:
            raise input_error(runs, "name", name, "a name that samspel runs list prints", known)
    return [one for one in found if one.name in names or one.folder in names]


def remove(runs: Path, one: Shelved) -> None:
    """Remove an experiment: its receipts first, so that a half-removed one counts as not run.

    Raises:
        SamspelError: A file cannot be removed.
    """
    folder = runs / one.folder
    try:
        if (folder / "done").is_dir():
            shutil.rmtree(folder / "done")
        shutil.rmtree(folder)
    except OSError as error:
        raise SamspelError(f"{error.filename or folder}: cannot be removed ({error.strerror}).") from error


def _is_experiment(folder: Path) -> bool:
    return any((folder / name).exists() for name in ("plan.json", "manifest.json", "done"))


def _shelved(folder: Path) -> Shelved:
    tasks = Catalogue(RunStore(folder)).refresh()
    plan, manifest = _document(folder / "plan.json"), _document(folder / "manifest.json")
    facts = manifest | plan
    finished = sum(task.finished for task in tasks.tasks)
    failed = len(tasks.tasks) - finished
    planned = manifest.get("tasks_used", plan.get("tasks"))
    files = [path.stat() for path in folder.rglob("*") if path.is_file()]
    written = max((file.st_mtime for file in files), default=folder.stat().st_mtime)
    return Shelved(
        name=str(facts.get("name", folder.name.rpartition("-")[0])),
        folder=folder.name,
        finished=finished,
        failed=failed,
        left=None if planned is None else max(0, int(planned) - finished - failed),
        batches=len(tasks.batches),
        bytes=sum(file.st_size for file in files),
        written=datetime.fromtimestamp(written, UTC),
        current=_current(facts),
    )


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def _current(facts: dict[str, Any]) -> bool | None:
    if "model" not in facts or "sources" not in facts:
        return None
    try:
        return experiment_sources(str(facts["model"])) == str(facts["sources"])
    except ModuleNotFoundError:
        return None
