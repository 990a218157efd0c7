"""How the model without a policy compares with official figures, each marked target or prediction.

A *target* is what a municipality's own parameters are fitted to or, for the municipality that the national
parameters were set with, what was looked at then; a *prediction* is neither. Each measure is read from the
model as the official statistic is defined (`sim.data.operators`), over the months of the official period.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from sim.core.errors import SamspelError, input_error
from sim.core.months import month_number
from sim.data.facts import observations, official
from sim.data.season import own_season
from sim.experiment.tables import BASELINE

_COLUMNS = {
    "key": pl.String,
    "role": pl.String,
    "digits": pl.Int64,
    "main": pl.Boolean,
    "official": pl.Float64,
    "official_high": pl.Float64,
    "mean": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
}
SET_WITH = ("0480",)
"""Municipalities whose figures were looked at while national parameters were set."""
FIRST_START = month_number("2017-01")
FIRST_HORIZON = 24


@dataclass(frozen=True)
class Measure:
    """One official figure and how the model reads it on itself.

    ``months`` are the first and last month since the start of the run that ``reading`` is taken over. Where
    no municipal figure exists, ``known`` is the range that is held to be plausible. ``adds``: the figure of
    several municipalities is the sum of theirs. ``fitted``: each municipality's own parameters are fitted to
    it, so that it is a target everywhere.
    """

    key: str
    role: Literal["target", "prediction"]
    months: tuple[int, int]
    reading: pl.Expr
    digits: int
    indicator: str = ""
    period: str = ""
    known: tuple[float, float] | None = None
    official: Callable[[str], float] | None = None
    main: bool = True
    adds: bool = False
    fitted: bool = False


_REGISTERED = pl.col("af_stock").mean()
_HOUSEHOLDS = pl.col("assistance_households_prelim").mean()
_STATIV = pl.col("stativ_share").last()
_YEAR, _NEXT = (1, 12), (13, 24)
_LOG = pl.col("af_stock").log()
_DETRENDED = _LOG - pl.col("month") * pl.cov("month", _LOG) / pl.col("month").var()
_SWING = 100.0 * (_DETRENDED.max() - _DETRENDED.min())


def _households_2017(code: str) -> float:
    """Return the mean of the months of January to August 2017 that are published, of which some lack one.

    Raises:
        SamspelError: None is published.
    """
    rows = observations("assistance_households_month").filter(code=code)
    months = rows.filter(pl.col("period").is_between(pl.lit("2017-01"), pl.lit("2017-08")))
    if months.is_empty():
        raise input_error(
            "data", f"assistance_households_month of {code}", "2017", "a month that is published"
        )
    return float(months["value"].mean())  # type: ignore[arg-type]


def _own_swing(code: str) -> float:
    """Return the official season's highest month against its lowest, percent of the stock in 2018."""
    season = own_season(code)
    return 100.0 * (max(season) - min(season))


FITTED = (
    Measure("af_stock_2018", "target", _NEXT, _REGISTERED, 0, "af_stock", "2018", adds=True, fitted=True),
    Measure("stativ_2018", "target", _NEXT, _STATIV, 1, "stativ_share", "2018", fitted=True),
    Measure("stativ_2017", "prediction", _YEAR, _STATIV, 1, "stativ_share", "2017", main=False),
    Measure(
        "households_month_2017",
        "target",
        (1, 8),
        _HOUSEHOLDS,
        0,
        official=_households_2017,
        adds=True,
        fitted=True,
    ),
    Measure(
        "households_year_2017",
        "target",
        _YEAR,
        pl.col("assistance_households_year").last(),
        0,
        "assistance_households_year",
        "2017",
        adds=True,
    ),
    Measure(
        "open_share",
        "target",
        _NEXT,
        pl.col("open_unemployed").mean() / pl.col("af_stock").mean(),
        2,
        known=(0.46, 0.56),
        main=False,
    ),
    Measure(
        "months_per_household",
        "target",
        _YEAR,
        pl.col("assistance_households").sum() / pl.col("assistance_households_year").last(),
        1,
        known=(5.4, 6.7),
        main=False,
    ),
    Measure(
        "long_assistance_2017",
        "target",
        _YEAR,
        100.0 * pl.col("assistance_adults_10m").last() / pl.col("assistance_adults_year").last(),
        0,
        "assistance_longterm_share",
        "2017",
        main=False,
    ),
    Measure(
        "paid_2017",
        "prediction",
        _YEAR,
        pl.col("assistance_paid").sum() / 1000.0,
        -2,
        "assistance_paid_year",
        "2017",
        main=False,
        adds=True,
    ),
    Measure(
        "job_starts",
        "target",
        _NEXT,
        100.0 * pl.col("exits_to_work").sum() / pl.col("af_stock").sum(),
        1,
        known=(6.0, 11.0),
        main=False,
    ),
    Measure(
        "inflow",
        "target",
        _NEXT,
        100.0 * pl.col("af_inflow_from_work").sum() / pl.col("employed").sum(),
        2,
        known=(0.5, 1.0),
        main=False,
    ),
    Measure("season_2018", "target", _NEXT, _SWING, 1, official=_own_swing, main=False, fitted=True),
)
"""Measured on a run without policy that starts in January 2017."""

PREDICTED = (
    Measure("af_stock_2022", "prediction", _YEAR, _REGISTERED, -1, "af_stock", "2022", adds=True),
    Measure(
        "bas_2023",
        "prediction",
        _YEAR,
        pl.col("bas_unemployed").mean(),
        -1,
        "bas_unemployed",
        "2023",
        adds=True,
    ),
)
"""Measured on the baseline of a case that starts in 2022 or later."""
LATER_START = month_number("2022-01")


def fit_rows(series: pl.DataFrame, measures: Iterable[Measure], codes: Sequence[str]) -> pl.DataFrame:
    """Return one row per measure that has an official figure for the municipalities together.

    Columns: key, role, digits, main, official, official_high (null unless a range), mean, low, high (90 %).

    Args:
        series: Levels of one place: the municipality, or the total of several.
        measures: What to compare.
        codes: The municipalities that the levels are of.
    """
    baseline = series.filter(pl.col("policy") == BASELINE, pl.col("group") == "all")
    wide = baseline.pivot("indicator", index=["draw", "replication", "month"], values="value").sort("month")
    rows = []
    for measure in measures:
        figure = _official(measure, codes)
        if figure is None:
            continue
        value = pl.col("value")
        inside = wide.filter(pl.col("month").is_between(*measure.months))
        draws = inside.group_by("draw").agg(measure.reading.alias("value"))
        limits = draws.select(
            mean=value.mean(), low=value.quantile(0.05, "linear"), high=value.quantile(0.95, "linear")
        )
        rows.append(
            {
                "key": measure.key,
                "role": measure.role if measure.fitted or set(codes) <= set(SET_WITH) else "prediction",
                "digits": measure.digits,
                "main": measure.main,
                "official": figure[0],
                "official_high": figure[1],
                **limits.row(0, named=True),
            }
        )
    return pl.DataFrame(rows, schema=_COLUMNS)


def _official(measure: Measure, codes: Sequence[str]) -> tuple[float, float | None] | None:
    if measure.known is not None:
        return measure.known
    if len(codes) > 1 and not measure.adds:
        return None
    try:
        if measure.official is not None:
            return sum(measure.official(code) for code in codes), None
        return sum(official(code, measure.indicator, measure.period).value for code in codes), None
    except SamspelError:  # not published for a municipality and this period
        return None
