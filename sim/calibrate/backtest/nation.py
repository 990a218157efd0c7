"""Predict the country's share of a later year from the labour force survey.

Public names: `Nation`, `forecast_nation`.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from sim.calibrate.backtest.fits import least_squares
from sim.calibrate.backtest.panel import Floats, Panel
from sim.core.errors import SamspelError
from sim.data.tables import table

_RIVALS = {
    "last value": (),
    "drift": ("one",),
    "unemployed": ("unemployed",),
    "employed": ("employed",),
}
"""Regressors of each regression of the yearly change of the log share."""

_FIRST_FIT = 3
"""Yearly changes that the first rolling fit uses."""

_LEAST_ERROR = 0.005


@dataclass(frozen=True)
class Nation:
    """Log change of the country's share since the last known year, for 1, 2, ... years ahead."""

    mean: Floats
    sd: Floats
    weights: dict[str, float]
    """Weight of each regression in the mean."""


def forecast_nation(panel: Panel, horizon: int, equal: bool = False) -> Nation:
    r"""Combine four regressions of the yearly change, each with its own forecast error.

    :math:`\Delta n_t = x_t'\beta + e_t` by least squares up to the panel's last year, with :math:`x` empty,
    one, the change of log unemployed or of log employed persons (SCB AKU, known for the years predicted). The
    weights are inverse mean squared errors of rolling forecasts inside the panel (Bates and Granger 1969), or
    equal.
    Variance: that of each forecast, :math:`h\sigma^2 + X_h'V X_h`, plus the spread between the forecasts.
    """
    changes = np.diff(panel.nation)
    known = _regressors(panel.years, horizon)
    weights, means, variances = {}, [], []
    for name, columns in _RIVALS.items():
        x = np.column_stack([known[column] for column in columns]) if columns else None
        weights[name] = 1.0 if equal else 1.0 / _rolling_error(changes, x)
        mean, variance = _ahead(changes, x, horizon)
        means.append(mean)
        variances.append(variance)
    total = sum(weights.values())
    shares = {name: weight / total for name, weight in weights.items()}
    share = np.array(list(shares.values()))[:, None]
    mean = (share * np.array(means)).sum(axis=0)
    variance = (share * (np.array(variances) + (np.array(means) - mean) ** 2)).sum(axis=0)
    return Nation(mean=mean, sd=np.sqrt(variance), weights=shares)


def _regressors(years: tuple[int, ...], horizon: int) -> dict[str, Floats]:
    """Return yearly changes from the panel's second year to the last predicted one."""
    wanted = range(years[0], years[-1] + horizon + 1)
    found = {"one": np.ones(len(wanted) - 1)}
    for name in ("unemployed", "employed"):
        rows = table("national_series").filter(indicator=f"aku_{name}_15_74_total")
        values = dict(zip(rows["period"].cast(pl.Int64), rows["value"], strict=True))
        missing = [year for year in wanted if year not in values]
        if missing:
            raise SamspelError(
                f"data/national_series.csv: aku_{name}_15_74_total lacks the year {missing[0]}."
            )
        found[name] = np.diff(np.log([values[year] for year in wanted]))
    return found


def _ahead(changes: Floats, x: Floats | None, horizon: int) -> tuple[Floats, Floats]:
    """Return mean and variance of the sum of the next 1, 2, ... changes."""
    count, steps = len(changes), np.arange(1.0, horizon + 1)
    if x is None:
        return np.zeros(horizon), steps * float(np.mean(changes**2))
    fit = least_squares(changes, x[:count])
    ahead = np.cumsum(x[count : count + horizon], axis=0)
    parameters = np.einsum("hi,ij,hj->h", ahead, np.asarray(fit.cov_params()), ahead)
    return ahead @ np.asarray(fit.params), steps * float(fit.mse_resid) + parameters


def _rolling_error(changes: Floats, x: Floats | None) -> float:
    """Return the mean squared error per year ahead of forecasts from each earlier year."""
    errors = []
    for count in range(_FIRST_FIT, len(changes)):
        ahead = len(changes) - count
        mean, _ = _ahead(changes[:count], x, ahead)
        errors.append((np.cumsum(changes[count:]) - mean) ** 2 / np.arange(1, ahead + 1))
    return float(max(np.mean(np.concatenate(errors)), _LEAST_ERROR**2)) if errors else 1.0
