"""Emulators of the moments in the municipal parameters, with all else that varies as noise.

Public names: `WideEmulator` (a Gaussian process over the whole prior, to rule points out) and
`LocalEmulator` (a quadratic near the figures, to solve for parameters).
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import PolynomialFeatures

Floats = NDArray[np.float64]
_WIDE = (1e-8, 1e4)
_LENGTH = 1.5  # in standard deviations of the prior


@dataclass(frozen=True)
class WideEmulator:
    """A Gaussian process for each log moment over a quadratic in z, the parameters as standard normals.

    The white kernel's variance is that of everything else: national parameters and chance.
    """

    trends: tuple[Pipeline, ...]
    processes: tuple[Any, ...]
    spread: Floats
    """Standard deviation of a run about its expectation, by moment."""
    rest: Floats
    """What the runs deviate from their expectations, shape (runs, moments)."""

    @staticmethod
    def fit(z: Floats, logs: Floats) -> "WideEmulator":
        """Fit to runs: z of shape (runs, 3), log moments of shape (runs, moments)."""
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

    def predict(self, z: Floats) -> tuple[Floats, Floats]:
        """Return the expected log moments and their standard deviations (of the emulator alone)."""
        means, sds = [], []
        for trend, (process, scale), noise in zip(self.trends, self.processes, self.spread, strict=True):
            mean, sd = process.predict(z, return_std=True)
            means.append(trend.predict(z) + scale * mean)
            sds.append(np.sqrt(np.maximum(0.0, (scale * sd) ** 2 - noise**2)))
        return np.stack(means, axis=1), np.stack(sds, axis=1)


@dataclass(frozen=True)
class LocalEmulator:
    """A quadratic in z for each log moment, fitted by least squares where the figures lie.

    Attributes:
        model: From z to all log moments.
        r2: Share of the variance of each moment that it explains, shape (moments,).
        spread: Standard deviation of a run about it, by moment.
    """

    model: Pipeline
    r2: Floats
    spread: Floats

    @staticmethod
    def fit(z: Floats, logs: Floats) -> "LocalEmulator":
        """Fit to runs near the figures."""
        model = make_pipeline(PolynomialFeatures(2), LinearRegression()).fit(z, logs)
        rest = logs - model.predict(z)
        free = max(1, z.shape[0] - model[0].n_output_features_)
        spread = np.sqrt((rest**2).sum(axis=0) / free)
        return LocalEmulator(model, 1.0 - rest.var(axis=0) / logs.var(axis=0), spread)

    def predict(self, z: Floats) -> Floats:
        """Return the expected log moments, shape (n, moments)."""
        predicted: Floats = self.model.predict(z)
        return predicted

    def slopes(self, z: Floats) -> Floats:
        """Return the derivatives of each log moment by each z, shape (n, moments, 3)."""
        step = 1e-4
        columns = []
        for k in range(z.shape[1]):
            move = np.zeros(z.shape[1])
            move[k] = step
            columns.append((self.predict(z + move) - self.predict(z - move)) / (2.0 * step))
        return np.stack(columns, axis=2)
