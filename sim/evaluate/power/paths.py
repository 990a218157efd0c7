"""Paths of STATIV without any policy, simulated by the calibrated model for many municipalities.

Each run is one draw of a municipality's posterior with chance of its own. Towns larger than the model runs
have their chance scaled to their true size. Paths are kept as one table, so that they are simulated once.

Public names: `TownPaths`, `town_paths`.
"""

from collections.abc import Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from threadpoolctl import threadpool_limits

from sim.core.files import write_whole
from sim.core.paths import root
from sim.evaluate.panels.panel import Floats
from sim.experiment.canonical import content_hash
from sim.experiment.cases import place_inputs
from sim.experiment.definition import MODEL
from sim.experiment.drawn import case_draws
from sim.experiment.executors import local_processes, processors
from sim.experiment.sources import experiment_sources
from sim.experiment.warm import warm
from sim.model.simulate import simulate
from sim.policy.case import Case
from sim.policy.uncertain import model_parameters

_START = "2017-01"
_YEAR = 12
_BURN_IN = 60
_MOST = 8_000
_SCENARIO = "none"
_SCHEMA = {"code": pl.String, "chance": pl.Int64, "year": pl.Int64, "share": pl.Float64}


@dataclass(frozen=True)
class TownPaths:
    """Simulated shares.

    Attributes:
        codes: Municipality codes.
        shares: Percent openly unemployed at any time in the year, shape (towns, chances, years).
    """

    codes: tuple[str, ...]
    shares: Floats


def town_paths(
    codes: Sequence[str], chances: int, years: int, seed: int = 1, processes: int | None = None
) -> TownPaths:
    """Return simulated paths of some municipalities; those that are kept are not simulated again.

    Args:
        codes: Municipality codes; all calibrated.
        chances: Paths of each.
        years: Years of each path.
        seed: Root of chance.
        processes: Number of processes; one per processor unless given.

    Raises:
        SamspelError: A process died, or the table cannot be written.
    """
    path = _path(years, seed)
    kept = pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=_SCHEMA)
    counts = dict(kept.group_by("code").agg(pl.col("chance").n_unique()).iter_rows())
    lacking = [code for code in codes if counts.get(code, 0) < chances]
    if lacking:
        fresh = _simulated(lacking, chances, years, seed, processes)
        kept = pl.concat([kept.filter(~pl.col("code").is_in(lacking)), fresh]).sort("code", "chance", "year")
        write_whole(path, lambda temporary: kept.write_parquet(temporary))
    used = kept.filter(pl.col("code").is_in(list(codes)), pl.col("chance") < chances)
    shares = used["share"].to_numpy().reshape(len(set(codes)), chances, years)
    order = used["code"].unique().sort().to_list()
    return TownPaths(tuple(codes), shares[[order.index(code) for code in codes]])


def _path(years: int, seed: int) -> Path:
    mark = content_hash([experiment_sources(MODEL), years, seed, _MOST, _START])[:12]
    return root() / "runs" / f"towns-{mark}" / "paths.parquet"


def _simulated(
    codes: Sequence[str], chances: int, years: int, seed: int, processes: int | None
) -> pl.DataFrame:
    console = Console(stderr=True)
    warm(console)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    rows: list[pl.DataFrame] = []
    with (
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar,
        local_processes(processes or processors()) as crew,
    ):
        task = bar.add_task("Simulated towns", total=len(codes))
        waiting = [crew.executor.submit(_town, code, chances, years, seed) for code in codes]
        for future in as_completed(waiting):
            rows.append(future.result())
            bar.advance(task)
    return pl.concat(rows)


def _town(code: str, chances: int, years: int, seed: int) -> pl.DataFrame:
    """Simulate one town in whatever process this is, on one thread."""
    case = Case(
        name="town",
        title="town",
        question="town",
        municipalities=(code,),
        start=_START,
        horizon=years * _YEAR,
        known_until=_START,
        scenario=_SCENARIO,
    )
    inputs = place_inputs(case, code, seed, _BURN_IN, None)
    residents = inputs.margins.residents(16, 64)
    size = min(residents, _MOST)
    inputs = replace(inputs, size=size if size < residents else None)
    shares = np.empty((chances, years))
    with threadpool_limits(1):
        for chance, draw in enumerate(case_draws(case, chances, seed)):
            values = model_parameters(case, {**draw.values, **draw.places[code]})
            (outcome,) = simulate(replace(inputs, parameters=values, replication=chance), [None])
            shares[chance] = outcome.series["stativ_share", "all"][_YEAR - 1 :: _YEAR]
    shrink = np.sqrt(size / residents)
    levels = shares.mean(axis=1, keepdims=True)
    shares = levels + (shares - levels) * shrink
    return pl.DataFrame(
        {
            "code": [code] * shares.size,
            "chance": np.repeat(np.arange(chances), years),
            "year": np.tile(np.arange(years), chances),
            "share": shares.ravel(),
        },
        schema=_SCHEMA,
    )
