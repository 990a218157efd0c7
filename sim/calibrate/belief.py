"""Test calibration on data whose parameters are known: does it recover them, and do its intervals cover them?

A data set is one run of a town at municipal and national parameters drawn from their priors, and read as the
official statistics are. It is then calibrated like any municipality, by the very same steps. Ranks of the
truth among the posterior's draws are uniform if the intervals are right (simulation-based calibration), which
shows that the procedure is true to itself, not that the model is true to the world.

Public names: `recover` (the experiment) and `summarise` (correlation, coverage and ranks by parameter).
"""

import time

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import kstest, qmc
from threadpoolctl import threadpool_limits

from sim.calibrate.settings import Settings, load_settings
from sim.calibrate.targets import Target, targets
from sim.calibrate.waves import Figures, fit_posterior
from sim.calibrate.worlds import World, municipal_values
from sim.experiment.executors import local_processes, processors
from sim.policy.estimates import MUNICIPAL, POINTS, national_priors
from sim.policy.priors import draw_parameters

TOWN = "0821"
"""A small town, where chance is large, and a run short."""
LEVEL = 0.90
_SEED = 77
_CHANCE = 50_000


def recover(sets: int, code: str = TOWN, processes: int | None = None, first: int = 0) -> pl.DataFrame:
    """Return what calibration finds of ``sets`` simulated data sets.

    Columns: set, parameter, truth, mean, low, high (90 %), rank (draws below the truth, 0 to 200), seconds.

    Args:
        sets: Number of data sets.
        code: The municipality whose population they have.
        processes: Number of processes; one per processor unless given.
        first: Number of the first set; sets are the same whatever others are made.
    """
    settings = load_settings()
    target = targets([code], settings)[code]
    numbers = range(first, first + sets)
    count = min(processes or processors(), sets)
    if count <= 1:
        parts = [_one(target, settings, number) for number in numbers]
    else:
        with local_processes(count) as crew:
            futures = [crew.executor.submit(_one, target, settings, number) for number in numbers]
            parts = [future.result() for future in futures]
    return pl.concat(parts)


def summarise(found: pl.DataFrame) -> pl.DataFrame:
    """Return for each parameter: correlation of posterior mean and truth (logs), coverage, and evenness.

    Columns: parameter, sets, correlation, coverage, coverage_se, ranks_p (Kolmogorov-Smirnov test that ranks
    are uniform), shrinkage (posterior over prior standard deviation, logs).
    """
    rows = []
    for name in MUNICIPAL:
        mine = found.filter(parameter=name)
        truth, mean = (np.log(mine[column].to_numpy()) for column in ("truth", "mean"))
        inside = mine.select((pl.col("truth") >= pl.col("low")) & (pl.col("truth") <= pl.col("high")))
        covered = float(inside.to_series().mean())  # type: ignore[arg-type]
        width = np.log(mine["high"].to_numpy() / mine["low"].to_numpy()) / (2.0 * ndtri((1 + LEVEL) / 2))
        rows.append(
            {
                "parameter": name,
                "sets": mine.height,
                "correlation": float(np.corrcoef(truth, mean)[0, 1]),
                "coverage": covered,
                "coverage_se": float(np.sqrt(LEVEL * (1 - LEVEL) / mine.height)),
                "ranks_p": float(kstest((mine["rank"].to_numpy() + 0.5) / (POINTS + 1), "uniform").pvalue),
                "shrinkage": float(np.median(width) / truth.std()),
            }
        )
    return pl.DataFrame(rows)


def _one(target: Target, settings: Settings, number: int) -> pl.DataFrame:
    """Simulate one data set, calibrate on it, and compare."""
    began = time.perf_counter()
    with threadpool_limits(1):
        world = World.of(target.code, settings.residents, target.months)
        z = _truths(number + 1)[number]
        truth = municipal_values(z[None, :])[0]
        series = world.series_at(truth, _national(number), _CHANCE + number)
        data = world.read([series])
        discrepancy = np.array(list(settings.discrepancy.model_dump().values()))
        error = np.random.default_rng([_SEED, number]).standard_normal(discrepancy.size) * discrepancy
        figures = Figures(data.logs[0] + error, discrepancy, world.residents)
        posterior = fit_posterior(world, figures, settings)
    values = municipal_values(posterior.z)
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return pl.DataFrame(
        {
            "set": number,
            "parameter": MUNICIPAL,
            "truth": truth,
            "mean": np.exp(np.log(values).mean(axis=0)),
            "low": low,
            "high": high,
            "rank": (values < truth).sum(axis=0).astype(np.int64),
            "seconds": time.perf_counter() - began,
        }
    )


def _truths(n: int) -> NDArray[np.float64]:
    """Return municipal parameters drawn from the prior, standard normals, shape (n, 3)."""
    points = qmc.Sobol(len(MUNICIPAL), scramble=True, rng=np.random.default_rng(_SEED))
    drawn: NDArray[np.float64] = ndtri(points.random_base2((n - 1).bit_length()))
    return drawn


def _national(number: int) -> dict[str, float]:
    """Return national parameters drawn from their priors, at none of the calibrated points."""
    return draw_parameters(national_priors(), number + 1, _SEED)[number]
