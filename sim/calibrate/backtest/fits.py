"""The two regressions that the forecasters share.

Public names: `least_squares`, `log_variance`.
"""

import warnings
from typing import Any, Final

import numpy as np
import statsmodels.api as sm
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning, SingularMatrixWarning

from sim.calibrate.backtest.panel import Floats

_LEAST_SQUARE: Final = 1e-6


def least_squares(target: Floats, regressors: Floats, weights: Floats | None = None) -> Any:
    """Return the fit of weighted least squares (statsmodels).

    Where regressors do not differ between places (a constant series) the solution of least norm is taken, so
    that what cannot be told apart has no effect.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SingularMatrixWarning)
        return sm.WLS(target, regressors, weights=1.0 if weights is None else weights).fit()


def log_variance(errors: Floats, regressors: Floats) -> Floats:
    r"""Return the coefficients :math:`\gamma` of :math:`E(e^2) = \exp(x'\gamma)`, a gamma regression."""
    family = sm.families.Gamma(sm.families.links.Log())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SingularMatrixWarning)
        warnings.simplefilter("ignore", PerfectSeparationWarning)  # a constant series has no error at all
        fit = sm.GLM(np.square(errors) + _LEAST_SQUARE, regressors, family=family).fit()
    return np.asarray(fit.params, dtype=np.float64)
