"""The season of registered unemployment, taken from everywhere but the municipality that it is used for."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.core.errors import SamspelError
from sim.data.municipalities import municipality
from sim.data.tables import table

_YEAR = "2018"


def stock_season(exclude: str) -> tuple[float, ...]:
    r"""Return the season of the log AF stock, January to December, mean zero.

    For each other municipality :math:`s_{cm} = \log S_{cm} - (a_c + b_c m)` with its own least-squares line
    over the twelve months of 2018; the season is the mean of :math:`s_{cm}` weighted by the mean stock.

    Args:
        exclude: The municipality that the season is to be compared with, by code or name.
    """
    left_out = municipality(exclude).code
    stocks = _stocks(pl.col("code") != left_out)
    season = np.average(_detrended(stocks), axis=1, weights=stocks.mean(axis=1))
    return tuple(float(value) for value in season - season.mean())


def own_season(code: str) -> tuple[float, ...]:
    """Return one municipality's own detrended log AF stock of 2018, January to December, mean zero."""
    season = _detrended(_stocks(pl.col("code") == municipality(code).code))[:, 0]
    return tuple(float(value) for value in season)


def _stocks(chosen: pl.Expr) -> NDArray[np.float64]:
    """Return the stocks of 2018 [municipality, month]."""
    stocks = (
        table("af_stock")
        .filter(
            pl.col("month").str.starts_with(_YEAR),
            pl.col("code").str.len_chars() == 4,
            pl.col("code") != "0000",
            chosen,
        )
        .pivot(on="month", index="code", values="persons", sort_columns=True)
        .drop("code")
        .to_numpy()
        .astype(np.float64)
    )
    if stocks.shape[1] != 12 or not np.all(stocks > 0):
        raise SamspelError(
            f"data/af_stock.csv: every municipality needs a positive stock in all months of {_YEAR}."
        )
    return stocks


def _detrended(stocks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log stocks less their own least-squares lines [month, municipality]."""
    line = np.column_stack([np.ones(12), np.arange(12.0)])
    logs = np.log(stocks).T
    rest: NDArray[np.float64] = logs - line @ np.linalg.lstsq(line, logs, rcond=None)[0]
    return rest
