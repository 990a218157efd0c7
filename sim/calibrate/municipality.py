"""Calibrate one municipality, and write what was found.

Public names: `calibrate`, its result `Calibrated`, and `write`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml
from numpy.typing import NDArray

from sim.calibrate.fit import check_fit
from sim.calibrate.season import detrended, first_season, season_of
from sim.calibrate.settings import MOMENTS, Settings
from sim.calibrate.targets import Target
from sim.calibrate.waves import Figures, Posterior, fit_posterior
from sim.calibrate.worlds import World, municipal_values
from sim.core.files import write_text, write_whole
from sim.data.municipalities import municipality
from sim.data.season import own_season
from sim.policy.estimates import MUNICIPAL, estimates_folder, municipal_priors
from sim.policy.vintage import made_with

Floats = NDArray[np.float64]
_DIGITS = 6
_FAR = 2.0


@dataclass(frozen=True)
class Calibrated:
    """One municipality's draws, and all that its file says.

    Attributes:
        code: Municipality code.
        values: Municipal parameters, shape (points, 3).
        document: Plain values for the file.
    """

    code: str
    values: Floats
    document: dict[str, Any]


def calibrate(target: Target, settings: Settings, told: Callable[[], None] | None = None) -> Calibrated:
    """Return the estimate of a municipality.

    Args:
        target: Its figures.
        settings: How it is done.
        told: Called after each run of the model.
    """
    world = World.of(target.code, settings.residents, target.months, first_season(target.season))
    figures = Figures(target.logs, target.sd, target.persons)
    posterior = fit_posterior(world, figures, settings, season_of(target.season), told)
    fit = check_fit(target, posterior, world.with_season(posterior.season), settings, told)
    values = municipal_values(posterior.z)
    document = {
        "municipality": municipality(target.code).name,
        "group": target.group,
        "made_with": made_with(),
        "fallback": list(target.missing),
        "parameters": _parameters(posterior.z, values),
        "correlations": _correlations(values),
        "fit": fit,
        "monthly_correlation": _short(
            np.corrcoef(detrended(posterior.check.stock.mean(axis=0)), own_season(target.code))[0, 1], 3
        ),
        "season": [_short(one) for one in posterior.season],
        "identification": _identification(posterior),
        "waves": {
            "count": posterior.waves,
            "residents": world.residents,
            "kept_share": _short(posterior.kept_share, 3),
            "spread": _by_moment(posterior.spread),
            "chance": None if posterior.noise is None else _by_moment(posterior.noise),
            "moved": _by_moment(posterior.moved),
        },
        "fights": [
            name for name, z in zip(MUNICIPAL, posterior.z.mean(axis=0), strict=True) if abs(z) > _FAR
        ],
    }
    return Calibrated(target.code, values, document)


def write(found: Calibrated, folder: Path | None = None) -> tuple[Path, Path]:
    """Write an estimate's two files, each whole or not at all, and return their paths."""
    folder = estimates_folder() if folder is None else folder
    columns = {name: found.values[:, k].astype(np.float32) for k, name in enumerate(MUNICIPAL)}
    draws = pl.DataFrame({"point": np.arange(len(found.values), dtype=np.int16), **columns})
    parquet = write_whole(
        folder / "draws" / f"{found.code}.parquet",
        lambda path: draws.write_parquet(path, compression="zstd", statistics=False),
    )
    head = f"# Written by samspel calibrate {found.code}; edits are lost.\n"
    body = yaml.safe_dump(
        found.document, allow_unicode=True, sort_keys=False, width=110, default_flow_style=None
    )
    return parquet, write_text(folder / f"{found.code}.yaml", head + body)


def _parameters(z: Floats, values: Floats) -> dict[str, dict[str, float]]:
    """Return each parameter's posterior and prior, and how much of the prior's spread is gone."""
    rows = {}
    for k, prior in enumerate(municipal_priors()):
        low, median, high = np.quantile(values[:, k], (0.05, 0.5, 0.95))
        before = prior.quantiles(np.array([0.05, 0.95]))
        rows[prior.name] = {
            "mean": _short(values[:, k].mean()),
            "low": _short(low),
            "median": _short(median),
            "high": _short(high),
            "prior_low": _short(before[0]),
            "prior_high": _short(before[1]),
            "learnt": _short(1.0 - z[:, k].std(), 3),
        }
    return rows


def _correlations(values: Floats) -> dict[str, float]:
    table = np.corrcoef(np.log(values).T)
    pairs = ((0, 1), (0, 2), (1, 2))
    return {f"{MUNICIPAL[a]}, {MUNICIPAL[b]}": _short(table[a, b], 3) for a, b in pairs}


def _identification(posterior: Posterior) -> dict[str, dict[str, float]]:
    """Return the elasticity of each moment to each parameter at the middle of the posterior."""
    middle, step = posterior.z.mean(axis=0), 1e-3
    moves = []
    for k in range(middle.size):
        move = np.zeros(middle.size)
        move[k] = step
        ends = municipal_values(np.stack([middle - move, middle + move]))
        moves.append((np.log(ends[1, k]) - np.log(ends[0, k])) / (2.0 * step))
    elasticities = posterior.slopes / np.array(moves)
    return {
        moment: {name: _short(elasticities[row, k], 3) for k, name in enumerate(MUNICIPAL)}
        for row, moment in enumerate(MOMENTS)
    }


def _by_moment(values: Floats) -> dict[str, float]:
    return {name: _short(one, 3) for name, one in zip(MOMENTS, values, strict=True)}


def _short(value: float, digits: int = _DIGITS) -> float:
    """Return a number with as many significant digits as mean something."""
    return float(f"{float(value):.{digits}g}")
