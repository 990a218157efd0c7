"""A pooled autoregressive panel: what a statistician would do with the same shares.

Public name: `ArPanel`.
"""

from dataclasses import dataclass

import numpy as np

from sim.calibrate.backtest.fits import least_squares
from sim.calibrate.backtest.forecast import Forecast, KnownShares, KnownStocks
from sim.calibrate.backtest.nations import meet
from sim.calibrate.backtest.panel import Floats, Panel
from sim.calibrate.backtest.stocks import BASE, MONTHS, TARGET

_LEAST_SPREAD = 0.01


@dataclass(frozen=True)
class ArPanel:
    r"""Direct h-step regressions on logs, pooled, with partly pooled municipality effects.

    :math:`y_{c,t+h} - y_{ct} = a_h + b_h y_{ct} + c_h (y_{ct} - y_{c,t-1}) + d_h \bar y_{ct} + e`, with
    :math:`\bar y_{ct}` the municipality's mean up to :math:`t` (Mundlak's device for municipality effects).
    With or without :math:`c` and :math:`d` is decided by BIC. Ordinary least squares on data to the date;
    the spread is that of residuals. The 4-step change of STATIV shares, through the link of stock and share,
    is laid on the same month of 2018.
    """

    nation: bool = False
    """The level of the country is the one that ``samspel`` has too; only the places are predicted."""

    @property
    def name(self) -> str:
        """``ar_panel``, or ``ar_panel_nation``."""
        return "ar_panel_nation" if self.nation else "ar_panel"

    def shares(self, known: KnownShares) -> Forecast:
        """Predict each later year by its own regression."""
        panel = known.panel
        steps = [_step(panel, ahead, self.nation) for ahead in range(1, known.horizon + 1)]
        mean = np.column_stack([panel.logs[:, -1] + change for change, _ in steps])
        variance = np.array([sd**2 for _, sd in steps])
        if self.nation:
            target = np.exp(panel.nation[-1] + known.nation.mean)
            mean = meet(mean, np.ones(len(mean)), panel.residents / panel.residents.sum(), target)
            variance = variance + known.nation.sd**2
        return Forecast(panel.codes, known.periods, mean, np.broadcast_to(np.sqrt(variance), mean.shape))

    def stocks(self, known: KnownStocks) -> Forecast:
        """Predict each month of 2022 from the same month of 2018."""
        stocks = known.stocks
        change, sd = _step(known.panel, TARGET - BASE, self.nation)
        mean = stocks.logs + known.link.slope * change[:, None]
        variance = known.link.widen(np.full(mean.shape, sd**2), TARGET - BASE) + stocks.spread[:, None] ** 2
        if self.nation:
            inside = np.exp(stocks.logs).sum(axis=0) / stocks.nation_base
            ones = np.ones(len(mean))
            mean = meet(mean, ones, ones, inside * np.exp(known.nation_mean))
            variance = variance + known.nation_sd**2
        return Forecast(stocks.codes, MONTHS, mean, np.sqrt(variance))


def _step(panel: Panel, ahead: int, relative: bool) -> tuple[Floats, float]:
    """Return each municipality's expected log change from the last year, and the spread around it."""
    logs = panel.deviations if relative else panel.logs
    origins = range(1, logs.shape[1] - ahead)
    best = None
    for columns in ((0, 1), (0, 1, 2), (0, 1, 3), (0, 1, 2, 3)):
        x = np.concatenate([_regressors(logs, origin)[:, columns] for origin in origins])
        z = np.concatenate([logs[:, origin + ahead] - logs[:, origin] for origin in origins])
        fit = least_squares(z, x)
        score = len(z) * np.log(max(float(fit.mse_resid), 1e-12)) + len(columns) * np.log(len(z))
        if best is None or score < best[0]:
            best = (score, fit, columns)
    assert best is not None
    _, fit, columns = best
    change: Floats = _regressors(logs, logs.shape[1] - 1)[:, columns] @ np.asarray(fit.params)
    return change, max(float(np.sqrt(fit.mse_resid)), _LEAST_SPREAD)


def _regressors(logs: Floats, origin: int) -> Floats:
    now = logs[:, origin]
    return np.column_stack(
        [np.ones(len(now)), now, now - logs[:, origin - 1], logs[:, : origin + 1].mean(axis=1)]
    )
