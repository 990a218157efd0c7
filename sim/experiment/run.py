"""Run an experiment, or what is left of it, and return its tables."""

import importlib
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sim.core.compiled import source_hash
from sim.core.errors import SamspelError, input_error
from sim.core.paths import root
from sim.experiment import pairs, tables, worker
from sim.experiment.canonical import content_hash, content_json
from sim.experiment.definition import Experiment, Order, orders
from sim.experiment.execute import execute
from sim.experiment.precision import half_width
from sim.experiment.store import RunStore


@dataclass(frozen=True)
class Results:
    """The tables of an experiment.

    Args:
        runs: One row per run, failed ones with their stage and message.
        series: Values per run, group, indicator and month.
        effects: Policy minus baseline within each pair, per group, indicator and month.
        draws: Parameter draws, one row each.
        folder: Where the tables lie.
        fingerprint: Twelve digits that change with every input and every source that can move a result.
    """

    runs: pl.DataFrame
    series: pl.DataFrame
    effects: pl.DataFrame
    draws: pl.DataFrame
    folder: Path
    fingerprint: str

    @property
    def failed(self) -> pl.DataFrame:
        """Return the failed runs, which the summaries leave out."""
        return self.runs.filter(pl.col("status") == "failed")


def run_experiment(
    experiment: Experiment,
    processes: int | None = None,
    progress: bool = True,
    folder: Path | None = None,
) -> Results:
    """Run what has not been run, and return all results of the experiment.

    A finished run is read from the store and never run twice. A failed one is retried. A damaged file is
    reported and its task computed again. Neither processes nor interruptions change the results.

    Args:
        experiment: What to run.
        processes: Number of processes; 1 runs in this one, None takes one per processor.
        progress: Show a bar with the time left when standard error is a terminal.
        folder: Where experiments are kept; ``runs/`` in the project folder unless given.

    Raises:
        SamspelError: Every run failed, a process died, or the folder cannot be written.
    """
    sources = _sources(experiment)
    todo = orders(experiment, sources)
    store = RunStore((folder or root() / "runs") / _folder_name(experiment, sources))
    console = Console(stderr=True)
    used = todo
    for part in _stages(experiment, todo):
        used = part
        left = [order for order in part if not _finished(store, order, console)]
        _execute(store, left, len(part), processes, console, progress)
        if _precise(experiment, store, part):
            break
    results = _read(experiment, store, used)
    store.write_manifest(_manifest(experiment, results, sources, len(used)))
    return results


def _sources(experiment: Experiment) -> str:
    """Return the hash of everything that turns inputs into rows: the model, and the comparison of pairs."""
    model = importlib.import_module(experiment.model.partition(":")[0])
    modules = (pairs, tables, worker, model)
    ours = [Path(str(module.__file__)).read_text(encoding="utf-8") for module in modules]
    return content_hash([source_hash(), *ours])


def _folder_name(experiment: Experiment, sources: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", experiment.name):
        allowed = "1-40 small letters a-z, digits, - and _"
        raise input_error("experiment", "name", experiment.name, allowed)
    target = experiment.precision and [experiment.precision, len(experiment.tasks)]
    identity = content_hash([experiment.definition, experiment.model, target, sources])
    return f"{experiment.name}-{identity[:12]}"


def _stages(experiment: Experiment, todo: list[Order]) -> Iterator[list[Order]]:
    """Yield the tasks of the first 50, 100, 200, ... draws and last all; only all without a target."""
    draws = list(dict.fromkeys(order.task.draw for order in todo))
    size = experiment.precision.minimum if experiment.precision else len(draws)
    while size < len(draws):
        prefix = set(draws[:size])
        yield [order for order in todo if order.task.draw in prefix]
        size *= 2
    yield todo


def _precise(experiment: Experiment, store: RunStore, part: list[Order]) -> bool:
    target = experiment.precision
    if target is None:
        return False
    effects = store.read("effects", [order.key for order in part])
    return half_width(effects, target) <= target.half_width


def _finished(store: RunStore, order: Order, console: Console) -> bool:
    try:
        return store.finished(order.key)
    except SamspelError as error:
        console.print(f"{error} That run is computed again.", markup=False, highlight=False, soft_wrap=True)
        store.log(f"{error} Computed again.")
        return False


def _execute(
    store: RunStore, left: list[Order], total: int, processes: int | None, console: Console, progress: bool
) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    shown = progress and console.is_terminal and bool(left)
    with Progress(*columns, console=console, transient=True, disable=not shown) as bar:
        pairs_run = bar.add_task("Runs", total=total, completed=total - len(left))
        with closing(execute(store, left, processes)) as reports:
            for report in reports:
                bar.advance(pairs_run)
                state = f"failed\n{report.failure}" if report.failure else "finished"
                store.log(f"{report.key} {report.seconds:.3f} s {state}")


def _read(experiment: Experiment, store: RunStore, used: list[Order]) -> Results:
    names = [order.key for order in used]
    runs = store.read("runs", names)
    failed = runs.filter(pl.col("status") == "failed")
    if failed.height == runs.height:
        raise SamspelError(
            f"{experiment.name}: every run failed. The first one, at stage {failed['stage'][0]}: "
            f"{failed['message'][0]}. Tracebacks are in {store.folder / 'log.txt'}."
        )
    drawn = experiment.draws.filter(pl.col("draw").is_in([order.task.draw for order in used]))
    fingerprint = content_hash([order.run_ids for order in used])[:12]
    series, effects = store.read("series", names), store.read("effects", names)
    tables.check_tables(runs, series, effects)
    return Results(runs, series, effects, drawn, store.folder, fingerprint)


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
