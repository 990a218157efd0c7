"""Take a quarterly series apart into level, cycle and season."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
import statsmodels.api as sm
from numpy.typing import NDArray
from statsmodels.tsa.seasonal import STL
from threadpoolctl import threadpool_limits

from sim.calibrate.statistics.figures import enough
from sim.core.errors import SamspelError, input_error
from sim.data.tables import table

Floats = NDArray[np.float64]

FIRST_YEAR = 1995
"""Earlier years hold the crisis of the 1990s, a shift of level that no cycle about one level describes."""

_FEWEST = 40
_SCALE = 100.0
"""Logs are fitted in percent: at variances near 1e-5 the smoother's covariances lose their sign."""


@dataclass(frozen=True)
class Components:
    """A log series taken apart: level plus cycle plus season, with standard errors of each."""

    periods: tuple[str, ...]
    observed: Floats
    """Official value, in its unit."""
    level: float
    level_se: float
    cycle: Floats
    cycle_se: Floats
    season: Floats
    season_se: Floats
    persistence: float
    """Largest root of the cycle's autoregression: what is left of it a quarter later, in the long run."""
    ljung_box_p: float
    """Probability of as much autocorrelation in eight lags of the one-step errors, were there none."""
    residual_sd: float
    aic: float
    stl_gap: float
    """Largest difference in a quarter's mean season from that of a robust STL."""


@cache
def components(indicator: str, until: int = 2020) -> Components:
    r"""Take the log of a national quarterly series apart by an unobserved-components model.

    .. math:: \log y_t = \mu + c_t + s_t + e_t, \quad c_t = \phi_1 c_{t-1} + \phi_2 c_{t-2} + \varepsilon_t

    with a season that may change slowly and an irregular part for the survey's sampling error. Of the forms
    tried on the unemployed share since 1995, those with a damped trigonometric cycle, a slope or a level that
    wanders fit worse (AIC), so that the trend is a constant level; its error is wide, for the cycle is nearly
    as long as the series.

    Args:
        indicator: A quarterly indicator of ``data/national_series.csv``.
        until: Last year used.

    Raises:
        SamspelError: There is no such series, too little of it, or the likelihood has no maximum.
    """
    known = table("national_series").filter(pl.col("period").str.contains("Q"))
    if indicator not in known["indicator"].unique():
        names = known["indicator"].unique().sort()
        raise input_error(
            "data/national_series.csv", "indicator", indicator, "a quarterly indicator", names.to_list()
        )
    year = pl.col("period").str.head(4).cast(pl.Int64)
    rows = known.filter(pl.col("indicator") == indicator, year.is_between(FIRST_YEAR, until)).sort("period")
    enough(rows.height, _FEWEST, f"data/national_series.csv: {indicator}, quarters of {FIRST_YEAR}-{until}")
    observed = rows["value"].to_numpy().astype(np.float64)
    fit = _fit(np.log(observed), indicator)
    return Components(
        periods=tuple(rows["period"]),
        observed=observed,
        level=float(fit.level.smoothed[-1]) / _SCALE,
        level_se=float(np.sqrt(fit.level.smoothed_cov[-1])) / _SCALE,
        cycle=fit.autoregressive.smoothed / _SCALE,
        cycle_se=np.sqrt(fit.autoregressive.smoothed_cov) / _SCALE,
        season=fit.seasonal.smoothed / _SCALE,
        season_se=np.sqrt(fit.seasonal.smoothed_cov) / _SCALE,
        persistence=float(np.max(np.abs(np.roots([1.0, *-fit.params[-2:]])))),
        ljung_box_p=float(fit.test_serial_correlation("ljungbox", lags=8)[0, 1, -1]),
        residual_sd=float(np.std(fit.resid[8:])) / _SCALE,
        aic=float(fit.aic),
        stl_gap=_stl_gap(np.log(observed), fit.seasonal.smoothed / _SCALE),
    )


def _fit(logs: Floats, indicator: str) -> sm.tsa.UnobservedComponents:
    if np.ptp(logs) == 0:
        raise SamspelError(
            f"data/national_series.csv: {indicator} is constant at {float(np.exp(logs[0])):.6g}. "
            "Allowed: a series with variation."
        )
    model = sm.tsa.UnobservedComponents(
        _SCALE * logs,
        "deterministic constant",
        autoregressive=2,
        seasonal=4,
        stochastic_seasonal=True,
        use_exact_diffuse=True,
    )
    with threadpool_limits(1):  # matrices this small take several times as long on several threads
        return model.fit(disp=False, maxiter=1000)


def _stl_gap(logs: Floats, season: Floats) -> float:
    """Compare the mean seasons of the last ten years with those of a robust STL."""
    robust = STL(logs, period=4, robust=True).fit().seasonal
    last = min(40, len(logs) // 4 * 4)
    return float(np.max(np.abs((robust - season)[-last:].reshape(-1, 4).mean(axis=0))))
