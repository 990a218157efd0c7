"""History matching in waves, then one posterior draw of the municipal parameters per national point.

The first wave covers the prior; a Gaussian process rules out what is implausible. The second runs every
national point at a place that the first has not ruled out, near the figures; a quadratic emulator with the
point's own residual gives its draw. The check runs some of the draws; where they miss, a third wave starts
from them.

Public names: `fit_posterior` and its result `Posterior`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import qmc

from sim.calibrate.emulator import Emulator, LocalEmulator, WideEmulator
from sim.calibrate.settings import Settings
from sim.calibrate.solve import slopes, solve
from sim.calibrate.worlds import Readings, Series, World
from sim.policy.estimates import POINTS

Floats = NDArray[np.float64]
_CANDIDATES = 4096
_NEAREST = 120
_CHANCE = 1000
_WAVES = 2  # near the figures: a second, and a third where the second's draws miss
_LOST = 3.0  # times what is tolerated
_SURE = 1.5  # standard errors


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
        waves: How many there were, the first over the prior included.
        season: The season of the inflow that gives the stock the wanted season.
    """

    z: Floats
    check: Readings
    kept_share: float
    slopes: Floats
    spread: Floats
    noise: Floats | None
    moved: Floats
    waves: int
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
        season: Returns a better season of the inflow from the second wave's stocks; as it is unless given.
        told: Called after each run.
    """
    normals = ndtri(qmc.Sobol(6, scramble=True, rng=np.random.default_rng(1)).random_base2(8)[:POINTS])
    prior, errors = normals[:, :3], normals[:, 3:]
    wanted = figures.logs + errors * figures.sd

    first = prior[: settings.first_wave]
    wide = world.run(first, range(settings.first_wave), told)
    emulator = WideEmulator.fit(first, wide.logs)
    candidates = ndtri(qmc.Sobol(3, scramble=True, rng=np.random.default_rng(2)).random(_CANDIDATES))
    unsure = np.sqrt(emulator.unsure(candidates) ** 2 + emulator.spread**2 + figures.sd**2)
    implausible = (np.abs(figures.logs - emulator.predict(candidates)) / unsure).max(axis=1)
    kept = implausible < settings.implausible
    if kept.sum() < _NEAREST:  # the figures lie at the edge of what the model can give: take the nearest
        kept = implausible <= np.partition(implausible, _NEAREST)[_NEAREST]

    drawn = _alike(emulator.rest, emulator.spread)
    start = solve(emulator, drawn, wanted, figures.sd, prior, _middle(candidates[kept]))
    known: Emulator = emulator
    aim = _Aim(figures, wanted, prior, settings)
    noise: Floats | None = None
    best: tuple[_Draws, LocalEmulator, int] | None = None
    for wave in range(_WAVES):
        runs = world.run(start, range(POINTS), told)
        known = local = LocalEmulator.fit(start, runs.logs, known)
        residuals = runs.logs - local.predict(start)
        if world.residents < figures.persons:
            if noise is None:
                noise = _noise(world, _middle(start)[:1], settings, told)
            residuals *= _shrink(residuals, noise, world.residents / figures.persons)
        if season is not None and wave == 0:
            world = world.with_season(season(runs))
        for found in _tries(world, local, residuals, aim, start, told):
            if best is None or found.miss < best[0].miss:
                best = found, local, wave + 2
        assert best is not None
        chosen, local, waves = best
        if chosen.miss < _LOST:
            break
        start = chosen.z
    return Posterior(
        z=chosen.z,
        check=chosen.check,
        kept_share=float(kept.mean()),
        slopes=slopes(local, chosen.z.mean(axis=0, keepdims=True))[0],
        spread=local.spread,
        noise=noise,
        moved=chosen.moved,
        waves=waves,
        season=tuple(world.inputs.season),
    )


@dataclass(frozen=True)
class _Aim:
    """What every draw is to hit, and where in the prior it comes from."""

    figures: Figures
    wanted: Floats
    prior: Floats
    settings: Settings


@dataclass(frozen=True)
class _Draws:
    """Draws, runs at the first of them, what they were moved by, and the largest miss over its tolerance."""

    z: Floats
    check: Readings
    moved: Floats
    miss: float


def _tries(
    world: World,
    local: LocalEmulator,
    residuals: Floats,
    aim: _Aim,
    start: Floats,
    told: Callable[[], None] | None,
) -> Iterator[_Draws]:
    """Yield the draws and, where their runs miss what was wanted, draws that were moved by the miss.

    A miss counts where the mean of the check is further off than ``settings.miss`` and than its own standard
    error allows: the emulator was off by that much, which is added to every residual.
    """
    settings, n = aim.settings, aim.settings.check
    moved = np.zeros(aim.figures.sd.size)
    for _ in range(2):
        z = solve(local, residuals + moved, aim.wanted, aim.figures.sd, aim.prior, start)
        check = world.run(z[:n], range(n), told)
        off = np.exp(check.logs - aim.wanted[:n])
        miss = np.where(aim.figures.sd < settings.known, np.log(off.mean(axis=0)), 0.0)
        tolerance = np.maximum(settings.miss, _SURE * off.std(axis=0) / np.sqrt(n))
        yield _Draws(z, check, moved, float((np.abs(miss) / tolerance).max()))
        if (np.abs(miss) <= tolerance).all():
            return
        moved = moved + np.where(np.abs(miss) > tolerance, miss, 0.0)


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
