"""Pool figures of many municipalities partially: each keeps its own, the less of it the noisier it is."""

import warnings
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from sim.calibrate.statistics.figures import enough
from sim.core.errors import SamspelError

Floats = NDArray[np.float64]

_MINIMUM = 20
_MISSING_VARIANCE = 1e6
"""A figure that does not exist is one with a sampling variance beyond all others."""
_PASSES = 12


@dataclass(frozen=True)
class Pooled:
    """Figures pooled towards group and covariates, in the order in which they came."""

    pooled: Floats
    pooled_sd: Floats
    without: Floats
    """Prediction from group, covariates and the other places alone."""
    without_sd: Floats
    between_sd: float
    """Spread of true levels between places of a group with the same covariates."""
    group_sd: float
    mean: float
    """Level of a place with average covariates in an average group."""
    mean_se: float
    coefficients: Floats
    """Effect of one standard deviation of each covariate."""
    coefficient_ses: Floats
    n: int
    groups: int
    weighted_scale: float
    """Mean squared weighted residual; 1 when the variances fit the data."""
    normal_p: float
    """Probability of more skew and kurtosis than in the residuals, were they normal (Jarque-Bera)."""


def partial_pooling(
    own: Floats, sampling: Floats, covariates: Floats, groups: list[str], what: str
) -> Pooled:
    r"""Shrink each place's own figure to its group by the noise in it.

    .. math:: y_c = \mu + x_c'\beta + g_{G(c)} + a_c + e_c,\quad
              g \sim N(0, \tau_g^2),\; a \sim N(0, \tau^2),\; e_c \sim N(0, v_c)

    with known sampling variances (the area-level model of Fay and Herriot, 1979). ``MixedLM`` estimates
    :math:`\tau_g` and :math:`\beta` by REML on rows divided by :math:`\sqrt{\tau^2 + v_c}`, and :math:`\tau`
    is what makes its residual variance 1 (Paule and Mandel, 1982). ``without`` is the best linear unbiased
    prediction that leaves the place's own figure out, and ``pooled`` combines the two by their variances.

    Args:
        own: The places' own figures, NaN where there is none.
        sampling: Sampling variance of each; ignored where there is no figure.
        covariates: One column each, standardised here; may have no column.
        groups: The group of each place.
        what: The figures' name, for messages.

    Raises:
        SamspelError: Too few figures, all of them equal, or a variance that is not positive.
    """
    known = np.isfinite(own)
    enough(int(known.sum()), _MINIMUM, what)
    if np.ptp(own[known]) == 0:
        raise SamspelError(
            f"{what}: all {known.sum()} figures are {own[known][0]!r}. Allowed: some variation."
        )
    if not np.all(sampling[known] > 0):
        bad = sampling[known][~(sampling[known] > 0)][0]
        raise SamspelError(f"{what}: sampling variance = {bad!r} is not allowed. Allowed: positive numbers.")
    fixed = _design(covariates)
    labels = np.asarray(groups)
    with threadpool_limits(1):  # matrices this small take ten times as long on several threads
        fit, between = _fit(own[known], fixed[known], sampling[known], labels[known], what)
        group_variance = float(np.asarray(fit.cov_re)[0, 0])
        without, level_variance = _left_out(own, fixed, sampling, labels, between, group_variance)
    noise = np.where(known, sampling, np.inf)
    weight = 1.0 / (1.0 + noise / level_variance)
    pooled = np.where(known, without + weight * (np.where(known, own, 0.0) - without), without)
    return Pooled(
        pooled=pooled,
        pooled_sd=np.sqrt(np.where(known, weight * np.where(known, sampling, 0.0), level_variance)),
        without=without,
        without_sd=np.sqrt(level_variance),
        between_sd=float(np.sqrt(between)),
        group_sd=float(np.sqrt(group_variance)),
        mean=float(fit.fe_params[0]),
        mean_se=float(fit.bse_fe[0]),
        coefficients=np.asarray(fit.fe_params[1:], dtype=np.float64),
        coefficient_ses=np.asarray(fit.bse_fe[1:], dtype=np.float64),
        n=int(known.sum()),
        groups=len(set(labels[known])),
        weighted_scale=float(fit.scale),
        normal_p=float(sm.stats.stattools.jarque_bera(fit.resid)[1]),
    )


def _design(covariates: Floats) -> Floats:
    standard = (covariates - covariates.mean(axis=0)) / covariates.std(axis=0)
    return np.column_stack([np.ones(len(covariates)), standard])


def _fit(
    y: Floats, x: Floats, sampling: Floats, groups: NDArray[np.str_], what: str
) -> tuple[sm.MixedLM, float]:
    """Return the mixed model at the variance between places that makes its scale 1, and that variance."""
    least = 1e-3 * float(np.var(y))
    between = max(float(np.var(y) - sampling.mean()), least)
    for _ in range(_PASSES):
        sd = np.sqrt(between + sampling)
        fit = _reml(y / sd, x / sd[:, None], 1.0 / sd, groups)
        if not np.isfinite(fit.llf):
            raise SamspelError(f"{what}: the mixed model has no finite likelihood for these figures.")
        step = (fit.scale - 1.0) / float(np.mean(sd**-2.0))
        if abs(step) < 1e-3 * between or (between == least and step < 0):
            break
        between = max(between + step, least)
    return fit, between


def _reml(y: Floats, x: Floats, random: Floats, groups: NDArray[np.str_]) -> sm.MixedLM:
    """Fit by Powell's method: the default runs to a spurious point with a singular covariance."""
    model = sm.MixedLM(y, x, groups=groups, exog_re=random[:, None])
    with warnings.catch_warnings():
        # Groups that do not differ put the estimate on its boundary, zero: that is an answer, not a failure.
        warnings.filterwarnings("ignore", "The MLE may be on the boundary", ConvergenceWarning)
        return model.fit(reml=True, method="powell")


def _left_out(
    own: Floats,
    fixed: Floats,
    sampling: Floats,
    groups: NDArray[np.str_],
    between: float,
    group_variance: float,
) -> tuple[Floats, Floats]:
    r"""Return each place's prediction without its own figure, and the variance of its true level.

    With :math:`P = V^{-1} - V^{-1}X(X'V^{-1}X)^{-1}X'V^{-1}` the left-out residual is :math:`[Py]_c / P_{cc}`
    and its variance :math:`1 / P_{cc}`, both exact at given variances.
    """
    known = np.isfinite(own)
    noise = np.where(known, sampling, _MISSING_VARIANCE)
    covariance = group_variance * (groups[:, None] == groups[None, :]) + np.diag(between + noise)
    inverse = np.linalg.inv(covariance)
    half = inverse @ fixed
    projection = inverse - half @ np.linalg.solve(fixed.T @ half, half.T)
    start = float(own[known].mean())
    y = np.where(known, own, start)
    diagonal = np.diag(projection)
    return y - projection @ y / diagonal, 1.0 / diagonal - noise
