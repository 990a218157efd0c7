"""Read calibrated municipalities as the forecaster wants them.

Public names: `FittedPlace` and `fitted_places`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import ndtri

from sim.calibrate.backtest.model import AF_STOCK, STATIV
from sim.calibrate.backtest.panel import Floats
from sim.data.tables import table
from sim.policy.estimates import load_estimate

_YEAR = 2018
_ROWS = {AF_STOCK: "af_stock_2018", STATIV: "stativ_2018"}
_MOMENTS = {AF_STOCK: "af_stock_share", STATIV: "stativ_share"}
_DRAWS = 200
_INSIDE = 0.90


@dataclass(frozen=True)
class FittedPlace:
    """One municipality's fit: levels as the check of its posterior has them, elasticities at its middle."""

    document: Mapping[str, Any]
    year: int = _YEAR

    @cached_property
    def levels(self) -> Mapping[str, Floats]:
        """Draws of each moment: quantiles of a lognormal with the mean and the 90 % interval of the fit."""
        rows = {row["key"]: row for row in self.document["fit"]}
        z = ndtri((np.arange(_DRAWS) + 0.5) / _DRAWS)
        levels = {}
        for moment, key in _ROWS.items():
            row = rows[key]
            spread = np.log(row["high"] / row["low"]) / (2.0 * ndtri((1.0 + _INSIDE) / 2.0))
            levels[moment] = row["mean"] * np.exp(spread * z - spread**2 / 2.0)
        return levels

    @property
    def response(self) -> Mapping[str, Mapping[str, float]]:
        """Elasticities of each moment to the municipal parameters."""
        return {moment: self.document["identification"][name] for moment, name in _MOMENTS.items()}


def fitted_places() -> dict[str, FittedPlace]:
    """Return every municipality that has been calibrated, by code."""
    found = {code: load_estimate(code) for code in table("municipalities")["code"].sort()}
    return {code: FittedPlace(estimate.document) for code, estimate in found.items() if estimate is not None}
