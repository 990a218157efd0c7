"""Score predictive distributions: CRPS, coverage, error of the median.

Public names: `score_rows`, `summarise`.
"""

from typing import Final

import numpy as np
import polars as pl
from scipy.stats import norm

from sim.calibrate.backtest.forecast import Forecast

MEASURES: Final = ("crps", "cover90", "cover50", "mae", "bias")
"""crps: continuous ranked probability score; mae: of the median (CRPS of the bare point); bias: median less
figure."""


def score_rows(forecast: Forecast, observed: pl.DataFrame) -> pl.DataFrame:
    r"""Return one row per figure with its scores, in the unit of the figure.

    :math:`CRPS = \int (F(x) - 1\{x \ge y\})^2 dx` of the lognormal in closed form (scoringrules).

    Args:
        forecast: Predictive distributions.
        observed: Columns code, period, value and scale: scores are divided by ``scale``.
    """
    from scoringrules import crps_lognormal  # takes seconds to import

    rows = forecast.frame().join(observed, on=("code", "period"), how="inner", maintain_order="left")
    mean, sd, value, scale = (
        rows[name].to_numpy().astype(np.float64) for name in ("mean_log", "sd_log", "value", "scale")
    )
    error = np.exp(mean) - value
    place = norm.cdf((np.log(np.maximum(value, 1e-9)) - mean) / sd)
    return rows.select("code", "period").with_columns(
        crps=pl.Series(np.asarray(crps_lognormal(value, mean, sd)) / scale),
        cover90=pl.Series((np.abs(place - 0.5) <= 0.45).astype(np.float64)),
        cover50=pl.Series((np.abs(place - 0.5) <= 0.25).astype(np.float64)),
        mae=pl.Series(np.abs(error) / scale),
        bias=pl.Series(error / scale),
    )


def summarise(rows: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """Return the mean of every measure and the number of figures, by the given columns, sorted."""
    return (
        rows.group_by(by)
        .agg(pl.len().cast(pl.Int64).alias("n"), *(pl.col(name).mean() for name in MEASURES))
        .sort(by)
    )
