"""How the stock of registered moves with the STATIV share, which has more years.

Public names: `Link`, `read_link`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sim.calibrate.backtest.fits import least_squares, log_variance
from sim.calibrate.backtest.panel import Floats, Panel
from sim.core.errors import SamspelError
from sim.data.facts import observations

FIRST: Final = 2010
LAST: Final = 2013
"""The two years for which Kolada's stock share is published for all municipalities."""

_INDICATOR = "kolada_unemployed_or_programme_share_18_64"
_LEAST_PLACES = 20


@dataclass(frozen=True)
class Link:
    """Log change of a stock share given the log change of the STATIV share of the same place."""

    slope: float
    """Log change of the stock share per log change of the STATIV share."""
    standard_error: float
    places: int
    variance: Floats
    """Variance per year of the part that STATIV does not explain [municipality]."""

    def widen(self, variance: Floats, years: float) -> Floats:
        """Return the variance of the stock's change, given that of STATIV's [municipality, period]."""
        total: Floats = self.slope**2 * variance + years * self.variance[:, None]
        return total


def read_link(panel: Panel) -> Link:
    r"""Estimate the link on the changes from 2010 to 2013, both before any date of a test.

    :math:`\Delta \log k_c = a + b \Delta \log y_c + e_c`, with :math:`k` openly unemployed and in programmes
    of residents aged 18-64 (Kolada) and :math:`y` the STATIV share; ordinary least squares. The variance of
    :math:`e` follows size, by a gamma regression on log residents, and grows in proportion to the years.

    Raises:
        SamspelError: Too few municipalities have both figures.
    """
    rows = observations(_INDICATOR).filter(
        pl.col("period").is_in([str(FIRST), str(LAST)]), pl.col("value") > 0
    )
    wide = rows.pivot(on="period", on_columns=[str(FIRST), str(LAST)], index="code", values="value")
    places = pl.DataFrame({"code": panel.codes}).join(wide, on="code", how="left", maintain_order="left")
    known = places.select(pl.all_horizontal(pl.all().is_not_null())).to_series().to_numpy()
    if known.sum() < _LEAST_PLACES:
        raise SamspelError(
            f"data/facts.csv: {_INDICATOR} needs {FIRST} and {LAST} in at least {_LEAST_PLACES} places."
        )
    stock = (places[str(LAST)].log() - places[str(FIRST)].log()).to_numpy()[known]
    first, last = panel.years.index(FIRST), panel.years.index(LAST)
    share = (panel.logs[:, last] - panel.logs[:, first])[known]
    fit = least_squares(stock, np.column_stack([np.ones(len(share)), share]))
    size = np.log(panel.residents) - np.log(panel.residents[known]).mean()
    sizes = np.column_stack([np.ones(len(share)), size[known]])
    constant, per_size = map(float, log_variance(np.asarray(fit.resid), sizes))
    return Link(
        slope=float(fit.params[1]),
        standard_error=float(fit.bse[1]),
        places=int(known.sum()),
        variance=np.exp(constant + per_size * size) / (LAST - FIRST),
    )
