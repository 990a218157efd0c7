"""Write a regression on a Polars table as the matrix that statsmodels takes."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray


class Design(NamedTuple):
    """Columns of a regression, in order, with their names."""

    names: tuple[str, ...]
    matrix: NDArray[np.float64]

    def column(self, name: str) -> int:
        """Return the place of a column."""
        return self.names.index(name)


def design(frame: pl.DataFrame, covariates: tuple[str, ...] = (), effects: tuple[str, ...] = ()) -> Design:
    """Return a constant, the covariates, and a dummy for each value but the first of each fixed effect.

    Statsmodels' formulas would need pandas and pyarrow; this is ``covariates + C(effect) + ...`` without
    them.
    """
    columns = {"constant": np.ones(frame.height)}
    columns |= {name: frame[name].cast(pl.Float64).to_numpy() for name in covariates}
    for effect in effects:
        values = frame[effect].cast(pl.String).to_numpy()
        columns |= {
            f"{effect}[{level}]": (values == level).astype(np.float64) for level in np.unique(values)[1:]
        }
    return Design(tuple(columns), np.column_stack(list(columns.values())))
