"""One outcome of many places over time, with the first treated period of each place.

A panel is complete: one finite value for each place and period. What makes a panel out of official figures,
of a user's file or of simulated towns is elsewhere; every estimator takes this.

Public names: `Panel`, `make_panel`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.core.errors import SamspelError, input_error

Floats = NDArray[np.float64]

COLUMNS: Final = ("place", "period", "value")
"""Columns of the long form."""
LEAST_BEFORE: Final = 3


@dataclass(frozen=True)
class Panel:
    """A complete panel; `make_panel` makes one from rows and checks it.

    Attributes:
        outcome: Name of the outcome.
        unit: Its unit, as printed.
        places: Names of the places: treated ones first, then those that they are compared with.
        periods: Periods in order, whole numbers such as years.
        values: The outcome, float64, shape (places, periods).
        first: The first treated period of each treated place, by name.
        residents: Residents of each place, shape (places,); all 1 where they are not known.
        left_out: Periods that count neither as before nor as after, such as a year treated in part.
        covariates: What was known of each place before, shape (places, any); None where nothing is.
    """

    outcome: str
    unit: str
    places: tuple[str, ...]
    periods: tuple[int, ...]
    values: Floats
    first: Mapping[str, int]
    residents: Floats
    left_out: tuple[int, ...] = ()
    covariates: Floats | None = None

    @cached_property
    def treated(self) -> tuple[str, ...]:
        """Return the treated places."""
        return tuple(name for name in self.places if name in self.first)

    @cached_property
    def donors(self) -> tuple[str, ...]:
        """Return the places that are never treated."""
        return tuple(name for name in self.places if name not in self.first)

    @property
    def start(self) -> int:
        """Return the first treated period of the panel's only treated place."""
        if len(self.treated) != 1:
            raise input_error(
                "panel", "treated places", len(self.treated), "one place; pool cohorts for several"
            )
        return self.first[self.treated[0]]

    @property
    def before(self) -> tuple[int, ...]:
        """Return the periods before treatment, without those left out."""
        return tuple(p for p in self.periods if p < self.start and p not in self.left_out)

    @property
    def after(self) -> tuple[int, ...]:
        """Return the periods from the first treated one, without those left out."""
        return tuple(p for p in self.periods if p >= self.start and p not in self.left_out)

    def at(self, periods: Sequence[int]) -> Floats:
        """Return the values of some periods, shape (places, len(periods))."""
        return self.values[:, [self.periods.index(period) for period in periods]]

    def of(self, names: Sequence[str], first: Mapping[str, int]) -> "Panel":
        """Return the panel of some places in a given order, and who of them is treated from when."""
        rows = [self.places.index(name) for name in names]
        return replace(
            self,
            places=tuple(names),
            values=self.values[rows],
            residents=self.residents[rows],
            covariates=None if self.covariates is None else self.covariates[rows],
            first=dict(first),
        )

    def with_treated(self, place: str) -> "Panel":
        """Return the panel of a placebo: a donor as if treated, compared with all other donors."""
        return self.of([place, *(name for name in self.donors if name != place)], {place: self.start})

    def until(self, last: int) -> "Panel":
        """Return the panel without the periods after ``last``."""
        kept = [period for period in self.periods if period <= last]
        return replace(self, periods=tuple(kept), values=self.values[:, : len(kept)])

    def started(self, start: int) -> "Panel":
        """Return the panel as if its only treated place had been treated from another period."""
        return replace(self, first={self.treated[0]: start})

    def long(self) -> pl.DataFrame:
        """Return rows of `COLUMNS` and ``first`` (0 for donors), periods that are left out not among them."""
        used = [period for period in self.periods if period not in self.left_out]
        return pl.DataFrame(
            {
                "place": np.repeat(np.array(self.places), len(used)),
                "period": used * len(self.places),
                "value": self.at(used).ravel(),
                "first": np.repeat([self.first.get(name, 0) for name in self.places], len(used)),
            }
        )


def make_panel(
    rows: pl.DataFrame,
    outcome: str,
    unit: str,
    first: Mapping[str, int],
    residents: Mapping[str, float] | None = None,
    left_out: Sequence[int] = (),
    where: str = "panel",
    least_before: int = LEAST_BEFORE,
) -> Panel:
    """Return the panel that rows make.

    Args:
        rows: ``place`` (text), ``period`` (whole number), ``value``; one row for each place and period.
        outcome: Name of the outcome.
        unit: Its unit.
        first: First treated period of each treated place.
        residents: Residents by place.
        left_out: Periods to leave out.
        where: The file or table that the rows came from, for messages.
        least_before: Periods that there must be before the first treated one.

    Raises:
        SamspelError: Rows are doubled or missing, a value is not a number, a treated place is not in the
            rows, nobody is left to compare with, or treatment starts before enough periods.
    """
    doubled = rows.filter(rows.select("place", "period").is_duplicated())
    if doubled.height:
        place, period = doubled.row(0)[:2]
        raise input_error(where, f"{place}, {period}", f"{doubled.height} rows", "one row a place and period")
    wide = rows.pivot(on="period", index="place", values="value").sort("place")
    periods = tuple(sorted(int(name) for name in wide.columns if name != "place"))
    names = wide["place"].to_list()
    for name in first:
        if name not in names:
            raise input_error(where, "treated place", name, "a place of the panel", names)
    order = [*sorted(first), *(name for name in names if name not in first)]
    wide = pl.DataFrame({"place": order}).join(wide, on="place", how="left", maintain_order="left")
    values = wide.select(str(period) for period in periods).to_numpy().astype(np.float64)
    _check_complete(values, order, periods, where)
    if len(order) == len(first):
        raise SamspelError(
            f"{where}: nobody is left to compare with. Allowed: at least two untreated places."
        )
    for name, start in first.items():
        early = [period for period in periods if period < start and period not in left_out]
        if len(early) < least_before:
            known = f"{periods[0]}-{periods[-1]}"
            allowed = f"a period with at least {least_before} periods before it; the panel has {known}"
            raise input_error(where, f"first treated period of {name}", start, allowed)
        if not any(period >= start and period not in left_out for period in periods):
            allowed = f"a period that the panel has, at the latest {periods[-1]}"
            raise input_error(where, f"first treated period of {name}", start, allowed)
    size = np.array([(residents or {}).get(name, 1.0) for name in order], dtype=np.float64)
    return Panel(outcome, unit, tuple(order), periods, values, dict(first), size, tuple(left_out))


def _check_complete(values: Floats, names: Sequence[str], periods: Sequence[int], where: str) -> None:
    gaps = np.argwhere(~np.isfinite(values))
    if len(gaps):
        place, period = names[gaps[0][0]], periods[gaps[0][1]]
        raise SamspelError(
            f"{where}: {len(gaps)} values are missing, the first of {place} in {period}. Allowed: a value "
            "for each place and period; leave out the place or the period."
        )
