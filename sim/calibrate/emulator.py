"""Emulators of the moments in the municipal parameters, with all else that varies as noise.

Public names: `Emulator` (what both give), `WideEmulator` (a Gaussian process over the whole prior) and
`LocalEmulator` (the same, corrected by runs near the figures).
"""

import warnings
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.linear_model import LinearRegression, RidgeCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

Floats = NDArray[np.float64]
_WIDE = (1e-8, 1e4)
_LENGTH = 1.5  # in standard deviations of the prior
_PENALTIES = np.logspace(-2, 4, 25)


class Emulator(Protocol):
    """What stands in for the model."""

    def predict(self, z: Floats) -> Floats:
        """Return the expected log moments at z, shape (n, moments)."""
        ...


@dataclass(frozen=True)
class WideEmulator:
    """A Gaussian process for each log moment over a quadratic in z, the parameters as standard normals.

    The white kernel's variance is that of everything else: national parameters and chance.
    """

    trends: tuple[Pipeline, ...]
    processes: tuple[tuple[Any, float], ...]
    spread: Floats
    """Standard deviation of a run about its expectation, by moment."""
    rest: Floats
    """What the runs deviate from their expectations, shape (runs, moments)."""

    @staticmethod
    def fit(z: Floats, logs: Floats) -> "WideEmulator":
        """Fit to runs over the prior: z of shape (runs, 3), log moments of shape (runs, moments)."""
        trends, processes, spread, left = [], [], [], []
        for y in logs.T:
            trend = make_pipeline(PolynomialFeatures(2), LinearRegression()).fit(z, y)
            rest = y - trend.predict(z)
            scale = float(rest.std())
            smooth = ConstantKernel(0.5, _WIDE) * RBF(_LENGTH, "fixed")
            process = GaussianProcessRegressor(smooth + WhiteKernel(0.5, _WIDE))
            with warnings.catch_warnings():  # where the quadratic says it all, the process ends at its bound
                warnings.simplefilter("ignore", ConvergenceWarning)
                process.fit(z, rest / scale)
            trends.append(trend)
            processes.append((process, scale))
            spread.append(scale * float(np.sqrt(process.kernel_.k2.noise_level)))
            left.append(rest - scale * process.predict(z))
        return WideEmulator(tuple(trends), tuple(processes), np.array(spread), np.stack(left, axis=1))

    def predict(self, z: Floats) -> Floats:
        """Return the expected log moments, shape (n, moments)."""
        parts = zip(self.trends, self.processes, strict=True)
        return np.stack([trend.predict(z) + scale * gp.predict(z) for trend, (gp, scale) in parts], axis=1)

    def unsure(self, z: Floats) -> Floats:
        """Return the standard deviation of the expectation itself, shape (n, moments)."""
        parts = zip(self.processes, self.spread, strict=True)
        whole = [(scale * gp.predict(z, return_std=True)[1], noise) for (gp, scale), noise in parts]
        return np.stack([np.sqrt(np.maximum(0.0, sd**2 - noise**2)) for sd, noise in whole], axis=1)


@dataclass(frozen=True)
class LocalEmulator:
    """What was known before, and a line in z that corrects its level and slopes where the figures lie.

    The line is a ridge regression for each log moment, its penalty chosen by leaving one run out at a time:
    where runs are noisy it moves little but the level.

    Attributes:
        before: What is corrected.
        correction: From z to what the runs deviated from it.
        spread: Standard deviation of a run about the emulator, by moment.
    """

    before: Emulator
    correction: Pipeline
    spread: Floats

    @staticmethod
    def fit(z: Floats, logs: Floats, before: Emulator) -> "LocalEmulator":
        """Fit to runs near the figures: z of shape (runs, 3), log moments of shape (runs, moments)."""
        rest = logs - before.predict(z)
        ridge = RidgeCV(alphas=_PENALTIES, alpha_per_target=True)
        correction = make_pipeline(StandardScaler(), ridge).fit(z, rest)
        left = rest - correction.predict(z)
        return LocalEmulator(before, correction, left.std(axis=0, ddof=1))

    def predict(self, z: Floats) -> Floats:
        """Return the expected log moments, shape (n, moments)."""
        corrected: Floats = self.before.predict(z) + self.correction.predict(z)
        return corrected
