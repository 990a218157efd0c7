"""The small interface that every forecaster meets, and what it may know.

Public names: `Forecast`, `Forecaster`, `KnownShares`, `KnownStocks`.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl
from scipy.stats import norm

from sim.calibrate.backtest.link import Link
from sim.calibrate.backtest.nation import Nation
from sim.calibrate.backtest.panel import Floats, Panel
from sim.calibrate.backtest.stocks import Stocks
from sim.core.errors import SamspelError


@dataclass(frozen=True)
class KnownShares:
    """All that a forecaster of STATIV shares may see: the panel to the date, and the country predicted."""

    panel: Panel
    nation: Nation
    """Log change of the country's share since the panel's last year, by year ahead."""

    @property
    def horizon(self) -> int:
        """Years ahead."""
        return len(self.nation.mean)

    @property
    def periods(self) -> tuple[str, ...]:
        """The years predicted."""
        return tuple(str(self.panel.years[-1] + ahead) for ahead in range(1, self.horizon + 1))


@dataclass(frozen=True)
class KnownStocks:
    """All that a forecaster of the months of 2022 may see."""

    panel: Panel
    """To and including 2018."""
    stocks: Stocks
    link: Link
    """How the stock moves with the STATIV share."""
    nation_mean: Floats
    """Log of the country's stock in each month of 2022: published, or predicted from AKU."""
    nation_sd: Floats
    """Its standard deviation: 0 if published."""


@dataclass(frozen=True)
class Forecast:
    """Lognormal predictive distributions: mean and standard deviation of the log, in the unit's logs."""

    codes: tuple[str, ...]
    periods: tuple[str, ...]
    mean: Floats
    """[municipality, period]"""
    sd: Floats
    """[municipality, period], above 0"""

    def __post_init__(self) -> None:
        """Refuse what cannot be scored."""
        shape = (len(self.codes), len(self.periods))
        if self.mean.shape != shape or self.sd.shape != shape:
            raise SamspelError(f"forecast: mean {self.mean.shape} and sd {self.sd.shape} must be {shape}.")
        if not np.all(np.isfinite(self.mean)) or not np.all(np.isfinite(self.sd)) or not np.all(self.sd > 0):
            raise SamspelError("forecast: every mean must be finite and every standard deviation above 0.")

    def quantile(self, probability: float) -> Floats:
        """Return the quantile in the moment's own unit [municipality, period]."""
        values: Floats = np.exp(self.mean + self.sd * norm.ppf(probability))
        return values

    def frame(self) -> pl.DataFrame:
        """Return one row per municipality and period: code, period, mean_log, sd_log."""
        count = len(self.periods)
        return pl.DataFrame(
            {
                "code": np.repeat(np.array(self.codes), count),
                "period": list(self.periods) * len(self.codes),
                "mean_log": self.mean.ravel(),
                "sd_log": self.sd.ravel(),
            }
        )


class Forecaster(Protocol):
    """A way to predict; it sees what was known and nothing else."""

    @property
    def name(self) -> str:
        """Name in the tables."""
        ...

    def shares(self, known: KnownShares) -> Forecast:
        """Predict percent openly unemployed at any time in each later year."""
        ...

    def stocks(self, known: KnownStocks) -> Forecast:
        """Predict persons registered at the end of each month of 2022."""
        ...
