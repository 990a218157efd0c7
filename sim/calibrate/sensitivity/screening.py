"""Morris screening: which parameters move an effect by more than chance does.

An elementary effect is the change of the effect when one parameter goes from one quantile to another and all
else stays, chance included, scaled to the way from quantile 1/8 to 7/8. ``mu_star`` is the mean of its size
over trajectories, ``sigma`` its standard deviation.

Public names: `Screening`, `screen` and `chooser`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.sensitivity.designs import LEVELS, MORRIS_BOUNDS, morris_problem
from sim.core.errors import SamspelError

Floats = NDArray[np.float64]
_STEP = LEVELS / (2 * (LEVELS - 1))  # of an elementary effect, as a share of the way from 1/8 to 7/8
_HALF_NORMAL = np.sqrt(2 / np.pi)  # mean of the size of a standard normal
_Z = 1.6448536269514722  # one-sided 95 %
_T = 2.5
_RESAMPLES = 500


@dataclass(frozen=True)
class Screening:
    """What the trajectories say of each parameter, in the unit of the effect.

    Attributes:
        mu: Mean of the elementary effects, with their sign.
        mu_star: Mean of their size.
        mu_star_conf: Half-width of its 95 % interval, over trajectories.
        sigma: Standard deviation of the elementary effects.
        noise: What ``mu_star`` stays below with 95 % probability for a parameter whose change does nothing
            but draw chance anew.
        trajectories: How many could be used.
    """

    mu: Floats
    mu_star: Floats
    mu_star_conf: NDArray[np.float64]
    sigma: NDArray[np.float64]
    noise: float
    trajectories: int

    @property
    def above_noise(self) -> NDArray[np.bool_]:
        """Return which parameters have a ``mu_star`` above the noise."""
        return self.mu_star > self.noise


def screen(
    names: Sequence[str],
    points: NDArray[np.float64],
    effect: NDArray[np.float64],
    chance_sd: float,
    seed: int = 1,
) -> Screening:
    """Return what trajectories say; one with a failed run (NaN) is left out.

    Args:
        names: The parameters.
        points: Quantiles of the trajectories, under each other.
        effect: The effect at each.
        chance_sd: Standard deviation of the effect over chance, with all parameters the same.
        seed: Of the resampling behind ``mu_star_conf``.

    Raises:
        SamspelError: Fewer than two whole trajectories.
    """
    from SALib.analyze import morris

    whole = np.isfinite(effect.reshape(-1, len(names) + 1)).all(axis=1)
    used = int(whole.sum())
    if used < 2:
        raise SamspelError(
            f"sensitivity: {used} whole trajectories, the others have failed runs. Allowed: at least 2; the "
            "same command tries failed runs again."
        )
    rows = np.repeat(whole, len(names) + 1)
    found = morris.analyze(
        morris_problem(names),
        points[rows],
        effect[rows],
        num_levels=LEVELS,
        num_resamples=_RESAMPLES,
        seed=seed,
    )
    mu, mu_star, conf, sigma = (
        np.asarray(np.ma.filled(found[key], 0.0), dtype=np.float64)
        for key in ("mu", "mu_star", "mu_star_conf", "sigma")
    )
    return Screening(mu, mu_star, conf, sigma, _noise(chance_sd, used), used)


def chooser(screening: Screening, keep: int) -> Callable[[Floats, Floats], tuple[int, ...]]:
    """Return what picks the parameters of an emulator from the points and effects that it is fitted to.

    Taken are parameters whose mu_star is above the noise of chance, and those whose straight line through
    the points has |t| > 2.5; of them the ``keep`` largest by the share of the variance that either gives:
    (mu_star / step)^2 / 12 over the variance, or R2. Where none is taken, the one with the largest R2 is.
    The second way finds what chance hides from a few trajectories, for every point bears on every parameter.
    An emulator is judged on points that its parameters were not picked from.
    """
    width = 1 / (MORRIS_BOUNDS[1] - MORRIS_BOUNDS[0])
    by_morris = np.where(screening.above_noise, (screening.mu_star * width) ** 2 / 12, 0.0)

    def choose(points: Floats, effect: Floats) -> tuple[int, ...]:
        n = len(effect)
        centred, deviation = points - points.mean(axis=0), effect - effect.mean()
        variance = float(deviation @ deviation)
        r2 = (centred.T @ deviation) ** 2 / (np.sum(centred**2, axis=0) * variance)
        t2 = r2 * (n - 2) / np.maximum(1 - r2, 1e-12)
        size = np.maximum(by_morris * n / variance, np.where(t2 > _T**2, r2, 0.0))
        if not size.any():
            size = np.where(np.arange(len(r2)) == int(r2.argmax()), r2, 0.0)
        ranked = sorted(np.flatnonzero(size), key=lambda index: (-size[index], index))
        return tuple(sorted(int(index) for index in ranked[:keep]))

    return choose


def _noise(chance_sd: float, trajectories: int) -> float:
    """Return the 95 % limit of a mean of sizes of differences of two draws of chance, each over the step."""
    spread = chance_sd * np.sqrt(2) / _STEP
    return float(spread * (_HALF_NORMAL + _Z * np.sqrt((1 - 2 / np.pi) / trajectories)))
