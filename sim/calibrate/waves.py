"""History matching in waves, then one posterior draw of the municipal parameters per national point.

The first wave covers the prior; a Gaussian process rules out what is implausible. The second runs every
national point at a place that the first has not ruled out, near the figures; a quadratic emulator with the
point's own residual gives its draw. The check runs some of the draws.

Public names: `fit_posterior` and its result `Posterior`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import qmc

from sim.calibrate.emulator import LocalEmulator, WideEmulator
from sim.calibrate.settings import Settings
from sim.calibrate.solve import solve
from sim.calibrate.worlds import Readings, Series, World
from sim.policy.estimates import POINTS

Floats = NDArray[np.float64]
_CANDIDATES = 4096
_NEAREST = 120
_CHANCE = 1000


@dataclass(frozen=True)
class Figures:
    """What a municipality is fitted to: official log moments, and how closely the model should hit each.

    Attributes:
        logs: y, shape (3,).
        sd: s, shape (3,): discrepancy of the model and, where a moment has no figure of its own, the spread
            of the group.
        persons: Residents aged 16-64, whose chance the figures carry.
    """

    logs: Floats
    sd: Floats
    persons: int


@dataclass(frozen=True)
class Posterior:
    """What the waves gave.

    Attributes:
        z: One draw for each national point, standard normals, shape (POINTS, 3).
        check: Readings of runs at the first draws.
        kept_share: Share of the prior that the first wave did not rule out.
        slopes: Change of each log moment by each z at the middle of the posterior, shape (3, 3).
        spread: Standard deviation of a run about the emulator by moment: national parameters and chance.
        noise: The part of it that is chance, at the number of residents run; None where a town is run one
            for one and the two need not be told apart.
        moved: What the draws were moved by after a check, in log moments; zero where none was needed.
        season: The season of the inflow that gives the stock the wanted season.
    """

    z: Floats
    check: Readings
    kept_share: float
    slopes: Floats
    spread: Floats
    noise: Floats | None
    moved: Floats
    season: tuple[float, ...]


def fit_posterior(
    world: World,
    figures: Figures,
    settings: Settings,
    season: Callable[[Readings], tuple[float, ...]] | None = None,
    told: Callable[[], None] | None = None,
) -> Posterior:
    """Return draws of the municipal parameters given a municipality's figures.

    Args:
        world: The municipality.
        figures: What it is fitted to.
        settings: Sizes of waves, and what is implausible.
        season: Returns a better season of the inflow from the first wave's stocks; as it is unless given.
        told: Called after each run.
    """
    normals = ndtri(qmc.Sobol(6, scramble=True, rng=np.random.default_rng(1)).random_base2(8)[:POINTS])
    prior, errors = normals[:, :3], normals[:, 3:]
    wanted = figures.logs + errors * figures.sd

    first = prior[: settings.first_wave]
    wide = world.run(first, range(settings.first_wave), told)
    emulator = WideEmulator.fit(first, wide.logs)
    candidates = ndtri(qmc.Sobol(3, scramble=True, rng=np.random.default_rng(2)).random(_CANDIDATES))
    mean, sd = emulator.predict(candidates)
    unsure = np.sqrt(sd**2 + emulator.spread**2 + figures.sd**2)
    implausible = (np.abs(figures.logs - mean) / unsure).max(axis=1)
    kept = implausible < settings.implausible
    if kept.sum() < _NEAREST:  # the figures lie at the edge of what the model can give: take the nearest
        kept = implausible <= np.partition(implausible, _NEAREST)[_NEAREST]

    near = LocalEmulator.fit(candidates[kept], mean[kept])
    drawn = _alike(emulator.rest, emulator.spread)
    start = solve(near, drawn, wanted, figures.sd, prior, _middle(candidates[kept]))
    second = world.run(start, range(POINTS), told)
    local = LocalEmulator.fit(start, second.logs)
    residuals = second.logs - local.predict(start)
    noise = None
    if world.residents < figures.persons:
        noise = _noise(world, _middle(start)[:1], settings, told)
        residuals *= _shrink(residuals, noise, world.residents / figures.persons)
    if season is not None:
        world = world.with_season(season(second))
    z, check, moved = _checked(world, local, residuals, wanted, figures, prior, start, settings, told)
    slopes = local.slopes(z.mean(axis=0, keepdims=True))[0]
    season_used = tuple(world.inputs.season)
    return Posterior(z, check, float(kept.mean()), slopes, local.spread, noise, moved, season_used)


def _checked(
    world: World,
    local: LocalEmulator,
    residuals: Floats,
    wanted: Floats,
    figures: Figures,
    prior: Floats,
    start: Floats,
    settings: Settings,
    told: Callable[[], None] | None,
) -> tuple[Floats, Readings, Floats]:
    """Return the draws, runs at the first of them, and what they were moved by.

    Where the runs miss what was wanted by more than ``settings.miss`` on average, the emulator was off by
    that much: all draws are found again with the miss added to their residuals, and run again.
    """
    moved = np.zeros(wanted.shape[1])
    for last in (False, True):
        z = solve(local, residuals + moved, wanted, figures.sd, prior, start)
        check = world.run(z[: settings.check], range(settings.check), told)
        miss = np.log(np.exp(check.logs - wanted[: settings.check]).mean(axis=0))
        far = (np.abs(miss) > settings.miss) & (figures.sd < settings.known)
        if last or not far.any():
            break
        moved = moved + np.where(far, miss, 0.0)
    return z, check, moved


def _alike(rest: Floats, spread: Floats) -> Floats:
    """Return a residual for each point, drawn with the spread and the correlations of the first wave's."""
    root = np.linalg.cholesky(np.corrcoef(rest.T) + 1e-9 * np.eye(spread.size))
    drawn: Floats = np.random.default_rng(3).standard_normal((POINTS, spread.size)) @ root.T * spread
    return drawn


def _middle(z: Floats) -> Floats:
    """Return the mean of some points, once for each national point."""
    return np.repeat(z.mean(axis=0, keepdims=True), POINTS, axis=0)


def _noise(world: World, z: Floats, settings: Settings, told: Callable[[], None] | None) -> Floats:
    """Return the standard deviation of chance alone: one point run again and again."""
    runs = settings.first_wave // 3
    series: list[Series] = []
    for index in range(runs):
        series.extend(world.run(z, [0], told, chance=_CHANCE * (index + 1)).series)
    return world.read(series).logs.std(axis=0, ddof=1)


def _shrink(residuals: Floats, noise: Floats, left: float) -> Floats:
    """Return what residuals are multiplied by, so that they hold as much chance as the true town has.

    Chance has a variance in proportion to one over residents: with the share n / N run, V_c n / N is left.
    """
    total = residuals.var(axis=0, ddof=1)
    chance = np.minimum(noise**2, total)
    factor: Floats = np.sqrt((total - chance + chance * left) / total)
    return factor
