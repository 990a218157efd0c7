"""Run an experiment, or what is left of it, and return its tables."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl

from sim.core.errors import SamspelError, input_error
from sim.core.paths import root
from sim.experiment import tables
from sim.experiment.canonical import content_hash, content_json
from sim.experiment.catalogue import Catalogue
from sim.experiment.definition import Experiment, Task, TaskName, orders
from sim.experiment.precision import half_width, sizes
from sim.experiment.runner import Places, Runner
from sim.experiment.sources import experiment_sources
from sim.experiment.store import RunStore


@dataclass(frozen=True)
class Results:
    """The tables of an experiment; the two long ones are read when first asked for.

    Args:
        runs: One row per run, failed ones with their stage and message.
        draws: Parameter draws, one row each.
        folder: Where the tables lie.
        fingerprint: Twelve digits that change with every input and every source that can move a result.
    """

    runs: pl.DataFrame
    draws: pl.DataFrame
    folder: Path
    fingerprint: str
    _catalogue: Catalogue = field(repr=False)
    _keys: tuple[str, ...] = field(repr=False)

    @cached_property
    def series(self) -> pl.DataFrame:
        """Values per run, group, indicator and month."""
        return self.scan("series").collect()

    @cached_property
    def effects(self) -> pl.DataFrame:
        """Policy minus baseline within each pair, per group, indicator and month."""
        return self.scan("effects").collect()

    @property
    def failed(self) -> pl.DataFrame:
        """Return the failed runs, which the summaries leave out."""
        return self.runs.filter(pl.col("status") == "failed")

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a table (``runs``, ``series``, ``effects``) unread, for a question about a part of it."""
        return self._catalogue.refresh().scan(table, self._keys)


def run_experiment(
    experiment: Experiment,
    processes: int | None = None,
    progress: bool = True,
    folder: Path | None = None,
    scheduler: str | None = None,
) -> Results:
    """Run what has not been run, and return all results of the experiment.

    A finished run is read from the store and never run twice. A failed one is retried. A damaged file is
    reported and its tasks computed again. Neither processes nor interruptions change the results.

    Args:
        experiment: What to run.
        processes: Number of processes; 1 runs in this one, None takes one per processor.
        progress: Show a bar with the time left when standard error is a terminal.
        folder: Where experiments are kept; ``runs/`` in the project folder unless given.
        scheduler: Address of a Dask scheduler to run on instead; its workers must see the folder.

    Raises:
        SamspelError: Every run failed, a process died, or the folder cannot be written.
    """
    sources = experiment_sources(experiment.model)
    store = RunStore(((folder or root() / "runs") / _folder_name(experiment, sources)).absolute())
    store.write_plan(plan_text(experiment.name, experiment.model, sources, len(experiment.tasks)))
    used: list[TaskName] = []
    with Runner(store, Places(processes, scheduler), progress) as runner:
        for part in _stages(experiment):
            used = runner.complete(orders(part, experiment.model, sources), len(part))
            if _precise(experiment, runner.catalogue, used):
                break
        catalogue = runner.catalogue
    results = _read(experiment, store, catalogue, used)
    store.write_manifest(_manifest(experiment, results, sources, len(used)))
    return results


def folder_name(name: str, identity: str) -> str:
    """Return the name of an experiment's folder: its own and twelve digits of what makes it.

    Raises:
        SamspelError: The name cannot be that of a folder.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", name):
        raise input_error("experiment", "name", name, "1-40 small letters a-z, digits, - and _")
    return f"{name}-{identity[:12]}"


def plan_text(name: str, model: str, sources: str, tasks: int) -> str:
    """Return what the plan of an experiment says, as JSON."""
    return content_json({"name": name, "model": model, "sources": sources, "tasks": tasks}, indent=2) + "\n"


def read_runs(catalogue: Catalogue, name: str, keys: Sequence[str]) -> pl.DataFrame:
    """Return the rows of ``runs``.

    Raises:
        SamspelError: Every run failed.
    """
    runs = catalogue.scan("runs", keys).collect()
    failed = runs.filter(pl.col("status") == "failed")
    if failed.height == runs.height:
        raise SamspelError(
            f"{name}: every run failed. The first one, at stage {failed['stage'][0]}: "
            f"{failed['message'][0]}. Tracebacks are in {catalogue.store.folder / 'log.txt'}."
        )
    return runs


def _folder_name(experiment: Experiment, sources: str) -> str:
    target = experiment.precision and [experiment.precision, len(experiment.tasks)]
    identity = content_hash([experiment.definition, experiment.model, target, sources])
    return folder_name(experiment.name, identity)


def _stages(experiment: Experiment) -> Iterator[list[Task]]:
    """Yield the tasks of the first 50, 100, 200, ... draws and last all; only all without a target."""
    draws = list(dict.fromkeys(task.draw for task in experiment.tasks))
    minimum = experiment.precision.minimum if experiment.precision else len(draws)
    for size in sizes(minimum, len(draws)):
        prefix = set(draws[:size])
        yield [task for task in experiment.tasks if task.draw in prefix]


def _precise(experiment: Experiment, catalogue: Catalogue, part: list[TaskName]) -> bool:
    target = experiment.precision
    if target is None:
        return False
    effects = catalogue.scan("effects", [name.key for name in part])
    return half_width(effects, target) <= target.half_width


def _read(experiment: Experiment, store: RunStore, catalogue: Catalogue, used: list[TaskName]) -> Results:
    keys = tuple(name.key for name in used)
    runs = read_runs(catalogue, experiment.name, keys)
    drawn = experiment.draws.filter(pl.col("draw").is_in([name.draw for name in used]))
    fingerprint = content_hash([name.run_ids for name in used])[:12]
    results = Results(runs, drawn, store.folder, fingerprint, catalogue, keys)
    one = next(task.key for task in catalogue.tasks if task.finished and task.key in keys)
    tables.check_tables(runs, *(catalogue.scan(table, [one]).collect() for table in ("series", "effects")))
    return results


def _manifest(experiment: Experiment, results: Results, sources: str, tasks_used: int) -> str:
    content = {
        "name": experiment.name,
        "fingerprint": results.fingerprint,
        "sources": sources,
        "model": experiment.model,
        "definition": experiment.definition,
        "tasks": len(experiment.tasks),
        "precision": experiment.precision,
        "tasks_used": tasks_used,
        "failed": results.failed.height,
    }
    return content_json(content, indent=2) + "\n"
