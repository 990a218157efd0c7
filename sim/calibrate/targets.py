"""What each municipality is fitted to: its own figures and, where it lacks one, its group's by stage 1.

A published figure is aimed at as it stands. What chance has done to it is not taken off but carried on: each
draw has the chance of its own run, so that the draws of a small municipality lie far apart.

Public names: `Target` and `targets`.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.calibrate.settings import MOMENTS, Settings
from sim.calibrate.statistics.levels import pooled_levels
from sim.calibrate.statistics.season import municipal_seasons
from sim.core.errors import SamspelError, input_error
from sim.data.margins import margins
from sim.data.municipalities import municipality
from sim.data.season import own_season
from sim.data.tables import table

_FEWEST = 2
_YEAR = 2018
_MONTHS = range(1, 9)


@dataclass(frozen=True)
class Target:
    """One municipality's figures, as stage 2 is held to them.

    Attributes:
        code: Municipality code.
        group: Its SKR group.
        persons: Residents aged 16-64 in September 2018.
        official: Published figure by moment, None where there is none.
        logs: What is aimed at: the log of the figure, or of the group's prediction, shape (3,).
        sd: How closely, shape (3,): the model's discrepancy, and the spread of the group where there is no
            figure of its own.
        months: Months of 2017, from 0, that the assistance households are a mean of.
        season: Wanted season of the log AF stock, January to December, shape (12,).
    """

    code: str
    group: str
    persons: int
    official: dict[str, float | None]
    logs: NDArray[np.float64]
    sd: NDArray[np.float64]
    months: tuple[int, ...]
    season: NDArray[np.float64]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the moments without a figure of their own."""
        return tuple(name for name in MOMENTS if self.official[name] is None)


def targets(codes: list[str], settings: Settings) -> dict[str, Target]:
    """Return the targets of some municipalities, by code.

    Raises:
        SamspelError: A municipality is unknown, has too few figures to fit (the count is said), or a series
            that does not vary.
    """
    places = [municipality(code).code for code in codes]
    levels = pooled_levels().partition_by("code", as_dict=True)
    seasons = municipal_seasons().partition_by("code", as_dict=True)
    return {code: _target(code, levels[code,], seasons[code,], settings) for code in places}


def _target(code: str, levels: pl.DataFrame, season: pl.DataFrame, settings: Settings) -> Target:
    rows: dict[str, dict[str, Any]] = {row["moment"]: row for row in levels.iter_rows(named=True)}
    official: dict[str, float | None] = {name: rows[name]["official"] for name in MOMENTS}
    own = [name for name in MOMENTS if official[name] is not None]
    if len(own) < _FEWEST:
        raise SamspelError(
            f"{code}: only {len(own)} of {len(MOMENTS)} figures to fit is published "
            f"({', '.join(own) or 'none'}). Allowed: at least {_FEWEST} of {', '.join(MOMENTS)}."
        )
    _check_varies(code)
    discrepancy = np.array([getattr(settings.discrepancy, name) for name in MOMENTS])
    unknown = np.array([0.0 if name in own else rows[name]["without_log_sd"] for name in MOMENTS])
    return Target(
        code,
        rows[MOMENTS[0]]["group"],
        margins(code, _YEAR).residents(16, 64),
        official,
        np.log([official[name] or rows[name]["without"] for name in MOMENTS]),
        np.hypot(discrepancy, unknown),
        _published_months(code),
        settings.season_own * np.array(own_season(code))
        + (1.0 - settings.season_own) * season.sort("month")["season"].to_numpy(),
    )


def _published_months(code: str) -> tuple[int, ...]:
    rows = table("assistance_households").filter(code=code).drop_nulls(["swedish_born", "foreign_born"])
    months = tuple(month - 1 for month in _MONTHS if f"2017-{month:02d}" in set(rows["month"]))
    return months or tuple(month - 1 for month in _MONTHS)


def _check_varies(code: str) -> None:
    stock = table("af_stock").filter(pl.col("code") == code, pl.col("month").str.starts_with(str(_YEAR)))
    if stock["persons"].n_unique() < 2:
        raise input_error(
            "data/af_stock.csv", f"{code} {_YEAR}", stock["persons"].unique().to_list(), "months that differ"
        )
