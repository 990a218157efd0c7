"""The yearly panel as it was known at a date: STATIV shares, and what was known of the places.

Public names: `Panel`, `read_panel`.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.core.errors import SamspelError, input_error
from sim.data.facts import observations
from sim.data.municipalities import municipalities
from sim.data.tables import table

Floats = NDArray[np.float64]

FOREIGN_YEAR: Final = 2013
"""The year of the share born abroad, the only one that is published here for all municipalities."""

_LEAST_YEARS = 4
_LEAST_PERCENT = 0.05


@dataclass(frozen=True)
class Panel:
    """Log shares of one year each, up to and including the last year that a forecaster may see."""

    codes: tuple[str, ...]
    groups: tuple[str, ...]
    """SKR group of each municipality, by its code (A1 to C9)."""
    years: tuple[int, ...]
    logs: Floats
    """Log of percent openly unemployed at any time in the year [municipality, year] (SCB STATIV)."""
    residents: Floats
    """Residents at the end of the last year with a figure, not after the date (SCB)."""
    foreign: Floats
    """Log share born abroad in 2013 (Kolada; adults, but all residents in Stockholm county)."""
    education: dict[int, Floats]
    """Share with post-secondary education by year of publication, not after the date (SCB)."""

    @property
    def nation(self) -> Floats:
        """Log of the share of the whole country [year]: the mean of shares weighted by residents."""
        weights = self.residents / self.residents.sum()
        means: Floats = np.log(weights @ np.exp(self.logs))
        return means

    @property
    def deviations(self) -> Floats:
        """Log share less the log share of the country [municipality, year]."""
        return self.logs - self.nation

    def until(self, year: int) -> "Panel":
        """Return the panel as it was known at the end of an earlier year."""
        count = self.years.index(year) + 1
        return Panel(
            codes=self.codes,
            groups=self.groups,
            years=self.years[:count],
            logs=self.logs[:, :count],
            residents=self.residents,
            foreign=self.foreign,
            education={known: shares for known, shares in self.education.items() if known <= year},
        )


def read_panel(last: int) -> Panel:
    """Return the panel of all municipalities up to and including the year ``last``; nothing later is kept.

    Raises:
        SamspelError: The years before ``last`` are too few, or a municipality lacks a year.
    """
    codes = pl.DataFrame({"code": [one.code for one in municipalities()]})
    shares = table("stativ").filter(pl.col("year") <= last)
    years = tuple(sorted(shares["year"].unique()))
    if len(years) < _LEAST_YEARS or years[-1] != last:
        known = sorted(table("stativ")["year"].unique())
        raise input_error(
            "data/stativ.csv", "last year", last, f"a year from {known[0] + _LEAST_YEARS - 1} to {known[-1]}"
        )
    percent = _wide(codes, shares, "year", "percent", "data/stativ.csv")
    membership = codes.join(table("skr_membership"), on="code", how="left", maintain_order="left")
    return Panel(
        codes=tuple(codes["code"]),
        groups=tuple(membership["group_code"]),
        years=years,
        logs=np.log(np.maximum(percent, _LEAST_PERCENT)),
        residents=_residents(codes, last),
        foreign=_foreign(codes),
        education=_education(codes, last),
    )


def _wide(codes: pl.DataFrame, rows: pl.DataFrame, on: str, values: str, file: str) -> Floats:
    wide = rows.pivot(on=on, index="code", values=values, sort_columns=True)
    wide = codes.join(wide, on="code", how="left", maintain_order="left")
    incomplete = wide.filter(pl.any_horizontal(pl.all().is_null()))
    if incomplete.height:
        raise SamspelError(f"{file}: {incomplete['code'][0]} lacks a figure that all others have.")
    return wide.drop("code").to_numpy().astype(np.float64)


def _residents(codes: pl.DataFrame, last: int) -> Floats:
    rows = table("population_december").filter(pl.col("year") <= last)
    rows = rows.filter(pl.col("year") == rows["year"].max())
    return _wide(codes, rows, "year", "persons", "data/population_december.csv")[:, 0]


def _foreign(codes: pl.DataFrame) -> Floats:
    """Return log shares born abroad; where none is published, the mean of the others."""
    adults = (
        observations("foreign_born_adult_share")
        .filter(period=str(FOREIGN_YEAR))
        .select("code", share="value")
    )
    stockholm = (
        table("stockholm_panel").filter(year=FOREIGN_YEAR).select("code", share="foreign_born_percent")
    )
    both = pl.concat([adults, stockholm.drop_nulls()]).unique("code", keep="first", maintain_order=True)
    logs = codes.join(both, on="code", how="left", maintain_order="left")["share"].log()
    return logs.fill_null(strategy="mean").to_numpy().astype(np.float64)


def _education(codes: pl.DataFrame, last: int) -> dict[int, Floats]:
    rows = table("education_shares").filter(pl.col("year") <= last).select("code", "year", "postsecondary")
    found = {}
    for (year,), part in rows.group_by("year", maintain_order=True):
        joined = codes.join(part, on="code", how="left", maintain_order="left")["postsecondary"]
        found[int(str(year))] = joined.fill_null(strategy="mean").to_numpy().astype(np.float64)
    return dict(sorted(found.items()))
