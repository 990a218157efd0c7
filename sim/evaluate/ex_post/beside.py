"""What is published beside the outcome: AF's total stock and assistance, of the treated and those compared.

STATIV falls when people move from open unemployment into activities without a job; the stock and assistance
do not. Their series by municipality are published here for single years, so they say how the treated stood
among the others in that year, and nothing of what the reform did.

Public names: `Level`, `published_levels`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sim.data.facts import observations
from sim.data.operators import OPERATORS
from sim.evaluate.panels.designs import CaseDesign, residents

BESIDE: Final = ("af_stock", "assistance_households_month")
_PER = 1000.0
_LEAST = 10
"""Comparison units that must be published in a year for the year to be shown."""


@dataclass(frozen=True)
class Level:
    """One statistic in one year, per 1,000 residents.

    Attributes:
        name: Name of the indicator.
        label_sv: What reports call it.
        publisher: Who publishes it.
        year: The year; the mean of the months that are published for the treated.
        months: How many.
        before: Whether the year ended before the policy started.
        treated: Of the treated; None where it is not published.
        low: One in ten of those compared with is below.
        middle: Their median.
        high: One in ten is above.
        others: How many of them are published.
    """

    name: str
    label_sv: str
    publisher: str
    year: int
    months: int
    before: bool
    treated: float | None
    low: float
    middle: float
    high: float
    others: int


def published_levels(design: CaseDesign) -> list[Level]:
    """Return the published years of AF's stock and of assistance, treated and compared."""
    found = []
    for name in BESIDE:
        rows = observations(name).with_columns(year=pl.col("period").str.slice(0, 4).cast(pl.Int64))
        for (year,), monthly in rows.sort("year").group_by("year", maintain_order=True):
            level = _level(name, int(str(year)), monthly, design)
            if level.others >= _LEAST:
                found.append(level)
    return found


def _level(name: str, year: int, monthly: pl.DataFrame, design: CaseDesign) -> Level:
    size = residents(year)
    treated = monthly.filter(pl.col("code").is_in(list(design.treated)))
    counts = treated.group_by("period").len().filter(pl.col("len") == len(design.treated))
    months = counts["period"].to_list()
    used = monthly.filter(pl.col("period").is_in(months)) if months else monthly
    values: dict[str, float] = dict(used.group_by("code").agg(pl.col("value").mean()).iter_rows())

    def per_resident(codes: Sequence[str]) -> float | None:
        if any(code not in values for code in codes):
            return None
        return _PER * sum(values[code] for code in codes) / sum(size[code] for code in codes)

    others = [rate for codes in design.donors.values() if (rate := per_resident(codes)) is not None]
    low, middle, high = np.quantile(others, [0.1, 0.5, 0.9]) if others else (0.0, 0.0, 0.0)
    operator = OPERATORS[name]
    return Level(
        name=name,
        label_sv=operator.label_sv,
        publisher=operator.publisher,
        year=year,
        months=len(months),
        before=f"{year}-12" < design.start,
        treated=per_resident(design.treated),
        low=float(low),
        middle=float(middle),
        high=float(high),
        others=len(others),
    )
