"""Run a sweep: many points of a case, each against its own baseline, until each is precise enough.

Public names: `run_sweep`, `SweepResults` and `Stop`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import NormalDist
from typing import Any

import polars as pl

from sim.core.files import write_text, write_whole
from sim.core.paths import root
from sim.experiment.canonical import content_hash, content_json
from sim.experiment.catalogue import Catalogue
from sim.experiment.definition import MODEL, Precision, TaskName, orders
from sim.experiment.precision import half_width, sizes
from sim.experiment.run import folder_name, plan_text, read_runs
from sim.experiment.runner import Places, Runner
from sim.experiment.sources import experiment_sources
from sim.experiment.store import RunStore
from sim.experiment.summary import summarise
from sim.experiment.sweeps.document import Asked, Point, SweepFile
from sim.experiment.sweeps.tasks import SweepTasks

_LEVEL = 0.90


@dataclass(frozen=True)
class Stop:
    """Why the draws of a point ended: how many there are, the half-width then, and whether it was enough."""

    draws: int
    half_width: float | None
    precise: bool | None


@dataclass(frozen=True)
class SweepResults:
    """What a sweep found.

    Attributes:
        name: Name of the sweep.
        folder: Its store.
        fingerprint: Twelve digits that change with every input and every source that can move a result.
        points: The points with what is set at each.
        worlds: Point to the scenario that its baseline is filed under.
        stops: Point to how its draws ended.
        table: A row per point and effect asked for: mean, its 90 % interval over draws, the Monte Carlo
            half-width of the mean, and the number of draws.
        failed: Number of failed runs.
    """

    name: str
    folder: Path
    fingerprint: str
    points: tuple[Point, ...]
    worlds: dict[str, str]
    stops: dict[str, Stop]
    table: pl.DataFrame
    failed: int


def run_sweep(
    name: str,
    sweep: SweepFile,
    points: Sequence[Point],
    places: Places,
    folder: Path | None = None,
    progress: bool = True,
) -> SweepResults:
    """Run what has not been run of a sweep, and return its table of points.

    Args:
        name: Name of the sweep; its folder begins with it.
        sweep: What to run.
        points: Its points (`sim.experiment.sweeps.document.sweep_points`).
        places: Where tasks run.
        folder: Where experiments are kept; ``runs/`` in the project folder unless given.
        progress: Show a bar with the time left when standard error is a terminal.

    Raises:
        SamspelError: Every run failed, a process died, or the folder cannot be written.
    """
    sources = experiment_sources(MODEL)
    tasks = SweepTasks(sweep, points)
    definition = _definition(sweep, points)
    identity = content_hash([definition, MODEL, sources])
    store = RunStore(((folder or root() / "runs") / folder_name(name, identity)).absolute())
    store.write_plan(plan_text(name, MODEL, sources, tasks.count([p.name for p in points], sweep.most_draws)))
    used: list[TaskName] = []
    stops: dict[str, Stop] = {}
    steps = sizes(sweep.precision.minimum, sweep.most_draws) if sweep.precision else [sweep.most_draws]
    with Runner(store, places, progress) as runner:
        first = 0
        for last in steps:
            active = [point.name for point in points if point.name not in stops]
            part = orders(tasks.between(active, first, last), MODEL, sources)
            used += runner.complete(part, tasks.count(active, last) - tasks.count(active, first))
            stops |= _stops(sweep, tasks, runner.catalogue, used, active, last)
            first = last
            if len(stops) == len(points):
                break
        catalogue = runner.catalogue
    keys = [task.key for task in used]
    runs = read_runs(catalogue, name, keys)
    results = SweepResults(
        name,
        store.folder,
        content_hash([task.run_ids for task in used])[:12],
        tuple(points),
        tasks.world_of,
        stops,
        _table(sweep, tasks, catalogue, keys, points),
        runs.filter(pl.col("status") == "failed").height,
    )
    drawn = tasks.parameters(max(stop.draws for stop in stops.values()))
    write_whole(store.folder / "draws.parquet", drawn.write_parquet)
    _keep(store, results, definition, sources, len(used))
    return results


def _definition(sweep: SweepFile, points: Sequence[Point]) -> dict[str, object]:
    """Return what makes a sweep; how many draws it has is left out where precision does not decide it."""
    kept = sweep.model_dump(
        mode="json", exclude={"effects", "draws", "points", "dimensions", "case", "settings"}
    )
    if sweep.precision:
        kept["draws"] = sweep.most_draws
    return {**kept, "points": [[point.name, point.case.to_document()] for point in points]}


def _stops(
    sweep: SweepFile,
    tasks: SweepTasks,
    catalogue: Catalogue,
    used: Sequence[TaskName],
    active: Sequence[str],
    draws: int,
) -> dict[str, Stop]:
    """Return the points whose draws end here: precise enough on the first ``draws``, or at the last."""
    target = sweep.precision
    if target is None:
        return {name: Stop(draws, None, None) for name in active}
    wanted = Precision(
        target.indicator, target.month, target.half_width, target.group, _LEVEL, target.minimum
    )
    rows = _effects(tasks, catalogue, [task.key for task in used], target)
    stops = {}
    for name in active:
        width = half_width(rows.filter(pl.col("policy") == name), wanted)
        precise = width <= target.half_width
        if precise or draws == sweep.most_draws:
            stops[name] = Stop(draws, width if width < float("inf") else None, precise)
    return stops


def _effects(tasks: SweepTasks, catalogue: Catalogue, keys: Sequence[str], asked: Asked) -> pl.DataFrame:
    """Return the rows of one effect, the only ones that are taken into memory."""
    return (
        catalogue.scan("effects", keys)
        .filter(
            pl.col("indicator") == asked.indicator,
            pl.col("group") == asked.group,
            pl.col("month") == asked.month,
            pl.col("municipality") == tasks.municipality,
        )
        .with_columns(pl.col("scenario", "policy", "municipality", "indicator", "group").cast(pl.String))
        .collect()
    )


def _table(
    sweep: SweepFile, tasks: SweepTasks, catalogue: Catalogue, keys: Sequence[str], points: Sequence[Point]
) -> pl.DataFrame:
    """Return the table of points, in their order, each effect in the order asked for."""
    every = pl.DataFrame(
        [(point.name, index) for point in points for index in range(len(sweep.effects))],
        schema={"policy": pl.String, "order": pl.Int32},
        orient="row",
    )
    z = NormalDist().inv_cdf((1 + _LEVEL) / 2)
    parts = [
        summarise(_effects(tasks, catalogue, keys, asked), _LEVEL).with_columns(order=pl.lit(index, pl.Int32))
        for index, asked in enumerate(sweep.effects)
    ]
    return every.join(pl.concat(parts), on=("policy", "order"), how="left", maintain_order="left").select(
        pl.col("policy").alias("point"),
        pl.col("policy").replace_strict(tasks.world_of).alias("scenario"),
        *(pl.col("order").replace_strict(asked).alias(key) for key, asked in _asked(sweep).items()),
        "mean",
        "low",
        "high",
        (z * pl.col("se")).alias("half_width"),
        pl.col("n").fill_null(0).alias("draws"),
    )


def _asked(sweep: SweepFile) -> dict[str, dict[int, Any]]:
    """Return what was asked for by key and number of the effect."""
    return {
        key: {index: getattr(asked, key) for index, asked in enumerate(sweep.effects)}
        for key in ("indicator", "group", "month")
    }


def _keep(
    store: RunStore, results: SweepResults, definition: dict[str, object], sources: str, tasks_used: int
) -> None:
    """Write the points and their table beside the runs, and last the manifest."""
    settings: list[dict[str, Any]] = [
        {"point": point.name, "scenario": results.worlds[point.name], "settings": dict(point.settings)}
        for point in results.points
    ]
    write_text(store.folder / "points.json", content_json(settings, indent=2) + "\n")
    write_text(store.folder / "table.csv", results.table.write_csv())
    manifest = {
        "name": results.name,
        "fingerprint": results.fingerprint,
        "sources": sources,
        "model": MODEL,
        "definition": definition,
        "stops": {point: asdict(stop) for point, stop in results.stops.items()},
        "tasks_used": tasks_used,
        "failed": results.failed,
    }
    store.write_manifest(content_json(manifest, indent=2) + "\n")
