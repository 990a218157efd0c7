"""Run the points of a sensitivity analysis through the run store, and read the effects that are asked about.

Public names: `Problem`, `Headline`, `Answers` and `answers`.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.calibrate.sensitivity.designs import Designs
from sim.calibrate.sensitivity.space import Space
from sim.core.paths import root
from sim.experiment.canonical import content_hash, content_json
from sim.experiment.cases import ParameterPoint
from sim.experiment.catalogue import Catalogue
from sim.experiment.definition import MODEL, Task, orders
from sim.experiment.run import folder_name, plan_text, read_runs
from sim.experiment.runner import Places, Runner
from sim.experiment.sources import experiment_sources
from sim.experiment.store import RunStore


@dataclass(frozen=True)
class Headline:
    """One effect: the policy minus its baseline, everybody, in one month (counted from 1)."""

    indicator: str
    month: int

    @property
    def name(self) -> str:
        """Return what it is called in tables: ``employed@48``."""
        return f"{self.indicator}@{self.month}"


@dataclass(frozen=True)
class Problem:
    """A model with uncertain parameters.

    Attributes:
        name: Short name; the folder begins with it.
        space: What is uncertain.
        tasks: Makes the tasks of points, in their order; one task for each market and replication.
        markets: How many tasks one replication of a point takes.
        definition: What makes the problem, besides its space and the model's sources, in plain values.
        model: Dotted path and name of the model function.
    """

    name: str
    space: Space
    tasks: Callable[[Iterable[ParameterPoint]], Iterator[Task]]
    markets: int
    definition: Mapping[str, object]
    model: str = MODEL


@dataclass(frozen=True)
class Answers:
    """Effects at the points of a design, one column for each headline; those of failed runs are NaN.

    Attributes:
        headlines: The columns.
        centre: ``[replications, headlines]``.
        morris: ``[trajectories * (parameters + 1), headlines]``.
        filling: ``[points, headlines]``, each on its first chance.
        again: ``[points run twice, headlines]``, on their second chance.
        folder: Where the runs are kept.
        ran: How many tasks had not been run before.
        failed: How many tasks failed.
    """

    headlines: tuple[Headline, ...]
    centre: NDArray[np.float64]
    morris: NDArray[np.float64]
    filling: NDArray[np.float64]
    again: NDArray[np.float64]
    folder: Path
    ran: int
    failed: int


def answers(
    problem: Problem,
    designs: Designs,
    headlines: Sequence[Headline],
    places: Places,
    folder: Path | None = None,
    progress: bool = True,
) -> Answers:
    """Run what has not been run of a design, and return the effects.

    Args:
        problem: What is run.
        designs: At which points.
        headlines: The effects; others can be read of the same runs later.
        places: Where tasks run.
        folder: Where experiments are kept; ``runs/`` in the project folder unless given.
        progress: Show a bar with the time left when standard error is a terminal.

    Raises:
        SamspelError: Every run failed, a process died, or the folder cannot be written.
    """
    sources = experiment_sources(problem.model)
    definition = _definition(problem, designs)
    name = f"{problem.name[:28]}-sensitivity"
    identity = content_hash([definition, problem.model, sources])
    store = RunStore(((folder or root() / "runs") / folder_name(name, identity)).absolute())
    total = designs.runs * problem.markets
    store.write_plan(plan_text(name, problem.model, sources, total))
    with Runner(store, places, progress) as runner:
        runner.complete((), 0)  # finds what is damaged, which then counts as not run
        finished = Counter(task.draw for task in runner.catalogue.tasks if task.finished)
        left = [p for p in designs.points() if finished[p.draw] < len(p.chances) * problem.markets]
        count = sum(len(point.chances) for point in left) * problem.markets
        runner.complete(orders(problem.tasks(left), problem.model, sources), count)
        catalogue = runner.catalogue
    keys = [task.key for task in catalogue.tasks]
    runs = read_runs(catalogue, name, keys)
    effects = _effects(catalogue, keys, runs, headlines)
    manifest = {"name": name, "sources": sources, "model": problem.model, "definition": definition}
    store.write_manifest(content_json({**manifest, "tasks_used": total}, indent=2) + "\n")
    plan = designs.plan
    filling = [designs.filling_draw(index) for index in range(plan.points)]
    return Answers(
        tuple(headlines),
        _values(effects, headlines, [(0, index) for index in range(plan.centre)]),
        _values(effects, headlines, [(designs.morris_draw(i), 0) for i in range(len(designs.morris))]),
        _values(effects, headlines, [(draw, 0) for draw in filling]),
        _values(effects, headlines, [(draw, 1) for draw in filling[: plan.again]]),
        store.folder,
        count,
        sum(not task.finished for task in catalogue.tasks),
    )


def _definition(problem: Problem, designs: Designs) -> dict[str, object]:
    """Return what the folder is named by: all that a point's number and replication leave open.

    The first point's task stands for the figures and institutions behind all of them.
    """
    first = next(problem.tasks(designs.points()))
    return {
        **problem.definition,
        "dimensions": problem.space.names,
        "calibrated": problem.space.identity,
        "seed": designs.plan.seed,
        "first": content_hash([first.values, first.inputs, first.policies]),
    }


def _effects(
    catalogue: Catalogue, keys: Sequence[str], runs: pl.DataFrame, headlines: Sequence[Headline]
) -> pl.DataFrame:
    """Return indicator, month, draw, replication and the difference, summed over markets."""
    labels = runs["municipality"].cast(pl.String).unique().to_list()
    text = {name: pl.col(name).cast(pl.String) for name in ("indicator", "group", "municipality")}
    return (
        catalogue.scan("effects", keys)
        .filter(
            text["indicator"].is_in([headline.indicator for headline in headlines]),
            pl.col("month").is_in([headline.month for headline in headlines]),
            text["group"] == "all",
            text["municipality"].is_in(labels),
        )
        .with_columns(text["indicator"])
        .group_by("indicator", "month", "draw", "replication")
        .agg(pl.col("difference").sum())
        .collect()
    )


def _values(
    effects: pl.DataFrame, headlines: Sequence[Headline], wanted: Sequence[tuple[int, int]]
) -> NDArray[np.float64]:
    """Return a row for each (draw, replication), a column for each headline."""
    rows = pl.DataFrame(
        wanted, schema={"draw": pl.Int32, "replication": pl.Int32}, orient="row"
    ).with_row_index("row")
    columns = []
    for headline in headlines:
        mine = effects.filter(indicator=headline.indicator, month=headline.month)
        joined = rows.join(mine, on=("draw", "replication"), how="left").sort("row")
        columns.append(joined["difference"].fill_null(float("nan")).to_numpy())
    return np.column_stack(columns)
