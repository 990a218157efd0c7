"""Split the scatter of log counts into what small numbers cause and what is there in large ones too."""

from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray

from sim.calibrate.statistics.figures import enough

_MINIMUM = 30


@dataclass(frozen=True)
class Noise:
    """The two parts of the variance of log counts around their expected path."""

    shared: float
    """Variance that does not fall with the count (log points squared)."""
    shared_se: float
    dispersion: float
    """Variance times count: 1 for independent persons, less where the same persons are counted again."""
    dispersion_se: float
    n: int


def split_noise(
    residuals: NDArray[np.float64], counts: NDArray[np.float64], freedom: float, what: str
) -> Noise:
    r"""Estimate the noise of log counts from residuals of a fitted path.

    .. math:: E\,e_i^2 = \sigma^2 + \phi / n_i

    by weighted least squares of squared residuals on the inverse counts, with weights from a first pass; a
    negative part is set to zero and the other estimated alone.

    Args:
        residuals: Deviations in logs.
        counts: Persons or households behind each.
        freedom: Residual degrees of freedom over observations, with which squares are scaled up.
        what: The figures' name, for messages.
    """
    enough(len(residuals), _MINIMUM, what)
    squares = residuals**2 / freedom
    inverse = 1.0 / counts
    both = np.column_stack([np.ones(len(inverse)), inverse])
    first = sm.OLS(squares, both).fit()
    expected = np.maximum(first.fittedvalues, 0.1 * squares.mean())
    fit = sm.WLS(squares, both, weights=expected**-2).fit(cov_type="HC1")
    parts, errors = fit.params.copy(), fit.bse.copy()
    if parts.min() < 0:
        kept = int(np.argmax(parts))
        alone = sm.WLS(squares, both[:, kept], weights=expected**-2).fit(cov_type="HC1")
        parts, errors = np.zeros(2), np.zeros(2)
        parts[kept], errors[kept] = alone.params[0], alone.bse[0]
    return Noise(
        shared=float(parts[0]),
        shared_se=float(errors[0]),
        dispersion=float(parts[1]),
        dispersion_se=float(errors[1]),
        n=len(residuals),
    )
