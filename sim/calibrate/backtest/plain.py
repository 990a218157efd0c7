"""The plainest rivals: the last value, and the same month of the last year.

Public names: `Persistence`, `SeasonalNaive`.
"""

from dataclasses import dataclass

import numpy as np

from sim.calibrate.backtest.forecast import Forecast, KnownShares, KnownStocks
from sim.calibrate.backtest.panel import Floats, Panel
from sim.calibrate.backtest.stocks import BASE, MONTHS, TARGET

_LEAST_SPREAD = 0.01


@dataclass(frozen=True)
class Persistence:
    """The last observed value, as a random walk in logs without drift.

    :math:`\\log y_{t+h} \\sim N(\\log y_t, s_h^2)`, with :math:`s_h` the root mean square of all h-step log
    changes known at the date, pooled over municipalities. The median is the bare last value, so the column
    ``mae`` is the CRPS of bare point persistence.
    """

    name: str = "persistence"

    def shares(self, known: KnownShares) -> Forecast:
        """Predict the share of the last known year."""
        return _last_share(known)

    def stocks(self, known: KnownStocks) -> Forecast:
        """Predict the persons of December 2018; the spread adds that of the season, by calendar month."""
        logs = known.stocks.logs
        season = np.mean((logs - logs[:, -1:]) ** 2, axis=0)
        ahead = np.array([TARGET - BASE - (12 - month) / 12 for month in range(1, 13)])
        variance = _spread(known.panel, ahead) ** 2 + np.zeros((len(logs), 1))
        variance = known.link.widen(variance, TARGET - BASE) + season
        return _months(known, np.repeat(logs[:, -1:], 12, axis=1), variance)


@dataclass(frozen=True)
class SeasonalNaive:
    """The same month of the last year known; for yearly shares the same as persistence."""

    name: str = "seasonal_naive"

    def shares(self, known: KnownShares) -> Forecast:
        """Predict the share of the last known year: a yearly figure has no season."""
        return _last_share(known)

    def stocks(self, known: KnownStocks) -> Forecast:
        """Predict the persons of the same month of 2018, with the spread of changes over four years."""
        ahead = np.full(12, float(TARGET - BASE))
        logs = known.stocks.logs
        variance = _spread(known.panel, ahead) ** 2 + np.zeros((len(logs), 1))
        return _months(known, logs, known.link.widen(variance, TARGET - BASE))


def _last_share(known: KnownShares) -> Forecast:
    panel = known.panel
    mean = np.repeat(panel.logs[:, -1:], known.horizon, axis=1)
    sd = _spread(panel, np.arange(1.0, known.horizon + 1))
    return Forecast(panel.codes, known.periods, mean, np.broadcast_to(sd, mean.shape))


def _months(known: KnownStocks, mean: Floats, variance: Floats) -> Forecast:
    sd = np.sqrt(variance + known.stocks.spread[:, None] ** 2)
    return Forecast(known.stocks.codes, MONTHS, mean, sd)


def _spread(panel: Panel, ahead: Floats) -> Floats:
    """Return the root mean square log change of shares over this many years, interpolated."""
    most = min(len(panel.years) - 1, int(np.ceil(ahead.max())))
    steps = range(1, most + 1)
    squares = [np.mean((panel.logs[:, step:] - panel.logs[:, :-step]) ** 2) for step in steps]
    found: Floats = np.sqrt(np.interp(ahead, [0, *steps], [0.0, *squares]))
    return np.maximum(found, _LEAST_SPREAD)
