"""The calibrated model's forecast: its levels, its answer to the national cycle, and drift from the country.

Public name: `Samspel`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from sim.calibrate.backtest.drift import Drift, choose_drift
from sim.calibrate.backtest.fits import least_squares
from sim.calibrate.backtest.forecast import Forecast, KnownShares, KnownStocks
from sim.calibrate.backtest.model import AF_STOCK, STATIV, CalibratedPlace, place_moments
from sim.calibrate.backtest.nations import meet
from sim.calibrate.backtest.panel import Floats, Panel
from sim.calibrate.backtest.stocks import BASE, MONTHS, TARGET, Stocks


@dataclass(frozen=True)
class Samspel:
    r"""Level draws x answer to the country's cycle x drift.

    :math:`\log y_{cp} = \ell_c + r_c x_p + g_{cp} + e_{cp}`: the level of the fit with its spread, the cycle
    as a common shift :math:`x_p` of entry and job finding such that the places add up to the country, the
    expected drift :math:`g` and its spread by years ahead and size. See `place_moments` and `choose_drift`.
    """

    places: Mapping[str, CalibratedPlace] = field(default_factory=dict)
    name: str = "samspel"

    def shares(self, known: KnownShares) -> Forecast:
        """Predict each later year; the country's share is predicted too, with its error."""
        panel = known.panel
        weights = panel.residents / panel.residents.sum()
        moments = place_moments(
            self.places, panel.codes, STATIV, panel.years[-1], panel.logs[:, -1], panel.residents
        )
        drift = choose_drift(panel, moments.cycle)
        path = drift.path(_yearly(known.nation.mean))
        target = np.exp(panel.nation[-1] + known.nation.mean)
        mean = meet(moments.log_level[:, None] + path, moments.cycle, weights, target)
        answer = moments.cycle + drift.slope()
        variance = (
            moments.log_spread[:, None] ** 2
            + drift.spread(np.arange(1.0, known.horizon + 1)) ** 2
            + (answer[:, None] * known.nation.sd) ** 2
        )
        return Forecast(panel.codes, known.periods, mean, np.sqrt(variance))

    def stocks(self, known: KnownStocks) -> Forecast:
        """Predict each month of 2022 for its own residents; the season is partly the municipality's own."""
        stocks, years = known.stocks, TARGET - BASE
        official = np.log(np.exp(stocks.logs).mean(axis=1))
        moments = place_moments(self.places, stocks.codes, AF_STOCK, BASE, official, np.exp(official))
        drift = choose_drift(known.panel, moments.cycle)
        change = _change_per_resident(known)
        path = known.link.slope * drift.path(np.full(years, change / years))[:, -1]
        growth = np.log(stocks.residents_target / stocks.residents_base)
        season, noise = _season(stocks)
        base = (moments.log_level + path + growth)[:, None] + season
        inside = np.exp(stocks.logs).sum(axis=0) / stocks.nation_base
        target = inside * np.exp(known.nation_mean)
        mean = meet(base, moments.cycle, np.ones(len(base)), target)
        variance = (
            moments.log_spread[:, None] ** 2
            + known.link.widen(drift.spread(np.array([float(years)])) ** 2, years)
            + noise[:, None]
            + stocks.spread[:, None] ** 2
            + ((moments.cycle + known.link.slope * drift.slope())[:, None] * known.nation_sd) ** 2
        )
        return Forecast(stocks.codes, MONTHS, mean, np.sqrt(variance))

    def drift(self, panel: Panel) -> Drift:
        """Return the drift that the forecast from this panel uses when no place is calibrated."""
        return choose_drift(panel, np.ones(len(panel.codes)))


def _yearly(cumulative: Floats) -> Floats:
    return np.diff(cumulative, prepend=0.0)


def _change_per_resident(known: KnownStocks) -> float:
    """Return the log change of the country's stock per resident aged 16-64, 2018 to 2022."""
    stocks = known.stocks
    growth = np.log(stocks.residents_target.sum() / stocks.residents_base.sum())
    base = np.log(stocks.nation_base.mean())
    return float(np.log(np.exp(known.nation_mean).mean()) - base - growth)


def _season(stocks: Stocks) -> tuple[Floats, Floats]:
    r"""Return the season of each place [municipality, month], mean zero, and the variance of a month.

    The country's season of 2018 plus a part of the place's own difference from it, a line over the months
    taken out of both. The part is :math:`\tau^2 / (\tau^2 + \kappa / S_c)`: squared differences regressed on
    the inverse of the stock tell lasting differences (:math:`\tau^2`) from the chance of few persons.
    """
    common = _detrended(np.log(stocks.nation_base)[None, :])
    apart = _detrended(stocks.logs) - common
    inverse = 1.0 / np.exp(stocks.logs).mean(axis=1)
    fit = least_squares((apart**2).mean(axis=1), np.column_stack([np.ones(len(inverse)), inverse]))
    lasting, chance = np.maximum(np.asarray(fit.params), 0.0) + 1e-12
    part = lasting / (lasting + chance * inverse)
    part[stocks.fallback] = 0.0
    return common + part[:, None] * apart, (1.0 - part) * lasting + chance * inverse


def _detrended(logs: Floats) -> Floats:
    line = np.column_stack([np.ones(12), np.arange(12.0)])
    rest: Floats = logs - (line @ np.linalg.lstsq(line, logs.T, rcond=None)[0]).T
    return rest
