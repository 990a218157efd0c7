"""Find the season of the inflow that gives the AF stock its season.

Public name: `season_of`.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.worlds import Readings
from sim.experiment.cases import inflow_season

Floats = NDArray[np.float64]
_LOWEST = 0.1  # of a mean month: an inflow cannot be negative


def season_of(wanted: Floats) -> Callable[[Readings], tuple[float, ...]]:
    """Return a function from runs to the season of the inflow, mean one, shape (12,).

    The runs' own inflow was made for the season ``wanted``; what their mean stock's season differs from it
    (by school leavers, for instance) is taken off before the inflow is found anew.

    Args:
        wanted: Log deviations of the stock, January to December, shape (12,).
    """

    def better(runs: Readings) -> tuple[float, ...]:
        given = detrended(runs.stock.mean(axis=0))
        return _positive(inflow_season(tuple(2.0 * wanted - given)))

    return better


def first_season(wanted: Floats) -> tuple[float, ...]:
    """Return the inflow's season before any run: that of a stock which nothing else moves."""
    return _positive(inflow_season(tuple(wanted)))


def detrended(stock: Floats) -> Floats:
    """Return the log of twelve months less its least-squares line, shape (12,)."""
    months, logs = np.arange(12.0), np.log(stock)
    rest: Floats = logs - np.polyval(np.polyfit(months, logs, 1), months)
    return rest


def _positive(season: tuple[float, ...]) -> tuple[float, ...]:
    kept = np.maximum(np.array(season), _LOWEST)
    return tuple(round(one, 6) for one in (kept / kept.mean()).tolist())
