"""Predict the months of 2022 for named municipalities, also those whose 2022 is not published here.

Public names: `predict_stocks`, `QUANTILES`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import polars as pl

from sim.calibrate.backtest.model import CalibratedPlace
from sim.calibrate.backtest.run import known_stocks
from sim.calibrate.backtest.samspel import Samspel
from sim.calibrate.backtest.stocks import BASE, MONTHS
from sim.core.errors import input_error
from sim.core.months import month_number
from sim.data.municipalities import municipality

QUANTILES: Final = (5, 10, 25, 50, 75, 90, 95)
"""Percent of each quantile."""


def predict_stocks(
    wanted: Sequence[str],
    month: str | None = None,
    places: Mapping[str, CalibratedPlace] | None = None,
) -> pl.DataFrame:
    r"""Return the predictive distribution of persons registered at month end, one row per place and month.

    Lognormal: mean :math:`e^{\mu + \sigma^2/2}`, standard deviation mean :math:`\sqrt{e^{\sigma^2} - 1}`. The
    method is that of the test ``af_2022``: own figures to 2018, residents and the country's stock of 2022.

    Args:
        wanted: Municipalities, by code or name.
        month: One month of 2022, ``YYYY-MM``; all twelve unless given.
        places: Calibrated municipalities; those that are missing take the official figure.

    Raises:
        SamspelError: A municipality or month is unknown; the nearest name is suggested.
    """
    found = list(dict.fromkeys(municipality(one, "backtest --predict") for one in wanted))
    months = MONTHS if month is None else (_checked(month),)
    fitted = places or {}
    known = known_stocks()
    forecast = Samspel(fitted).stocks(known)
    fallback = dict(zip(known.stocks.codes, known.stocks.fallback.tolist(), strict=True))
    names = pl.DataFrame(
        {
            "code": [one.code for one in found],
            "municipality": [one.name for one in found],
            "fallback": [fallback[one.code] for one in found],
            "calibrated": [one.code in fitted and fitted[one.code].year == BASE for one in found],
        }
    )
    quantiles = pl.DataFrame(
        {f"q{percent:02d}": forecast.quantile(percent / 100).ravel() for percent in QUANTILES}
    )
    rows = pl.concat([forecast.frame(), quantiles], how="horizontal").rename({"period": "month"})
    mean = np.exp(rows["mean_log"].to_numpy() + rows["sd_log"].to_numpy() ** 2 / 2)
    rows = rows.with_columns(
        mean=pl.Series(mean), sd=pl.Series(mean * np.sqrt(np.expm1(rows["sd_log"].to_numpy() ** 2)))
    )
    columns = ("mean", "sd", *quantiles.columns, "fallback", "calibrated")
    joined = names.join(rows.filter(pl.col("month").is_in(months)), on="code", maintain_order="left_right")
    return joined.select("code", "municipality", "month", *columns)


def _checked(month: str) -> str:
    month_number(month, "backtest", "--month")
    if month not in MONTHS:
        raise input_error("backtest", "--month", month, f"a month from {MONTHS[0]} to {MONTHS[-1]}", MONTHS)
    return month
