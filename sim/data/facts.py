"""One official figure at a time: what was published, for which place and period, by whom, and how surely."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import polars as pl

from sim.core.errors import SamspelError, input_error
from sim.core.months import month_number, month_text
from sim.data.municipalities import municipality
from sim.data.tables import TABLES, table

Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class Fact:
    """A published figure, or the arithmetic result of published figures (then ``note`` says which)."""

    code: str
    indicator: str
    period: str
    value: float
    unit: str
    source: str
    table: str
    confidence: Confidence
    note: str = ""


def official(code: str, indicator: str, period: str) -> Fact:
    """Return the official figure of an indicator for a place and period.

    Args:
        code: A municipality (code or name), a county (two digits) or the country (0000).
        indicator: A name that ``indicators()`` lists.
        period: A year, a month ``YYYY-MM``, or a span ``YYYY-MM/YYYY-MM``. A year or span of a monthly
            indicator is the mean of its months, all of which must be published.

    Raises:
        SamspelError: The place, indicator or period is unknown; what exists is listed.
    """
    place = code if code == "0000" or len(code) == 2 else municipality(code).code
    rows = observations(indicator).filter(code=place)
    for wanted in (rows.filter(period=period), _mean_of_months(rows, period)):
        if wanted.height == 1:
            return Fact(indicator=indicator, **wanted.drop("indicator").row(0, named=True))
    known = ", ".join(rows["period"]) or "none for this place"
    raise input_error("data", f"{indicator} of {place}, period", period, known)


def observations(indicator: str) -> pl.DataFrame:
    """Return every official figure of an indicator.

    Columns: code, indicator, period, value, unit, source, table, confidence, note; sorted by place, period.

    Raises:
        SamspelError: There is no such indicator; the nearest name is suggested.
    """
    if indicator not in indicators():
        raise input_error("data", "indicator", indicator, "an indicator with official figures", indicators())
    return _observations(indicator)


@cache
def indicators() -> tuple[str, ...]:
    """Return the names of all indicators that have official figures, sorted."""
    return tuple(sorted({*_TABLED, *_panel_columns(), *table("facts")["indicator"].unique()}))


@dataclass(frozen=True)
class _Tabled:
    """An indicator that a whole table holds."""

    table: str
    unit: str
    value: Callable[[], pl.Expr]
    period: str = "month"
    by_sex: bool = False

    def rows(self) -> pl.DataFrame:
        frame = table(self.table).select(
            "code", period=pl.col(self.period).cast(pl.String), value=self.value()
        )
        if self.by_sex:
            frame = frame.group_by("code", "period").agg(pl.col("value").sum())
        return frame.drop_nulls("value")


def _ages(low: int, high: int) -> Callable[[], pl.Expr]:
    bands = [(16, 17), (18, 19), *((age, age + 4) for age in range(20, 65, 5))]
    return lambda: pl.sum_horizontal(f"age_{a}_{b}" for a, b in bands if low <= a and b <= high)


def _column(name: str) -> Callable[[], pl.Expr]:
    return lambda: pl.col(name)


_TABLED: Final[dict[str, _Tabled]] = {
    "af_stock": _Tabled("af_stock", "persons", _column("persons")),
    "stativ_share": _Tabled("stativ", "percent of population 20-64", _column("percent"), "year"),
    "bas_unemployed": _Tabled("bas_unemployed", "persons", _column("total_16_64"), by_sex=True),
    "assistance_households_month": _Tabled(
        "assistance_households", "households", lambda: pl.col("swedish_born") + pl.col("foreign_born")
    ),
    "assistance_households_month_swedish_born": _Tabled(
        "assistance_households", "households", _column("swedish_born")
    ),
    "assistance_households_month_foreign_born": _Tabled(
        "assistance_households", "households", _column("foreign_born")
    ),
    "population_16_64": _Tabled("population", "persons", _ages(16, 64), by_sex=True),
    "population_18_24": _Tabled("population", "persons", _ages(18, 24), by_sex=True),
    "population_20_64": _Tabled("population", "persons", _ages(20, 64), by_sex=True),
    "population_total": _Tabled("population_totals", "persons", _column("persons")),
    "population_18_plus": _Tabled("population_totals", "persons", _column("persons_18_plus")),
    "population_december": _Tabled("population_december", "persons", _column("persons"), "year"),
    "municipal_tax_rate": _Tabled("municipal_tax", "SEK per 100 SEK", _column("percent"), "year"),
}


def _panel_columns() -> tuple[str, ...]:
    return tuple(name for name in table("stockholm_panel").columns if name not in ("code", "year"))


@cache
def _observations(indicator: str) -> pl.DataFrame:
    parts = [_scattered(indicator)]
    if indicator in _TABLED:
        parts.append(_from_table(indicator, _TABLED[indicator]))
    elif indicator in _panel_columns():
        unit = "SEK" if "_sek_" in indicator else "percent"
        parts.append(_from_table(indicator, _Tabled("stockholm_panel", unit, _column(indicator), "year")))
    rows = pl.concat(parts).sort("code", "period")
    twice = rows.filter(pl.struct("code", "period").is_duplicated())
    if twice.height:
        raise SamspelError(f"data: {indicator} has two figures for {twice.row(0)[0]} in {twice.row(0)[2]}.")
    return rows


def _from_table(indicator: str, tabled: _Tabled) -> pl.DataFrame:
    about = TABLES[tabled.table]
    return tabled.rows().select(
        "code",
        pl.lit(indicator).alias("indicator"),
        "period",
        pl.col("value").cast(pl.Float64),
        pl.lit(tabled.unit).alias("unit"),
        pl.lit(about.source).alias("source"),
        pl.lit(about.name).alias("table"),
        pl.lit(about.confidence).alias("confidence"),
        pl.lit("").alias("note"),
    )


def _scattered(indicator: str) -> pl.DataFrame:
    return (
        table("facts")
        .filter(indicator=indicator)
        .join(table("indicators").select("indicator", "unit"), on="indicator", how="left")
        .join(table("sources"), on="source", how="left")
        .select(
            "code",
            "indicator",
            "period",
            "value",
            "unit",
            pl.format("{}, {}", "publisher", "address").alias("source"),
            pl.lit("facts").alias("table"),
            "confidence",
            pl.col("note").fill_null(""),
        )
    )


def _mean_of_months(rows: pl.DataFrame, period: str) -> pl.DataFrame:
    """Return one row with the mean over the months of a year or span, or none if a month is missing."""
    months = _months_of(period)
    inside = rows.filter(pl.col("period").is_in(months))
    if not months or inside.height != len(months):
        return rows.clear()
    worst = max(inside["confidence"], key=("high", "medium", "low").index)
    return inside.head(1).with_columns(
        period=pl.lit(period),
        value=pl.lit(inside["value"].mean()),
        source=pl.lit("; ".join(inside["source"].unique(maintain_order=True))),
        table=pl.lit(", ".join(inside["table"].unique(maintain_order=True))),
        confidence=pl.lit(worst),
        note=pl.lit(f"mean of {len(months)} months"),
    )


def _months_of(period: str) -> list[str]:
    first, slash, last = period.partition("/")
    if not slash and len(period) == 4 and period.isdigit():
        first, last = f"{period}-01", f"{period}-12"
    elif not slash:
        return []
    begin, end = month_number(first, "data", "period"), month_number(last, "data", "period")
    return [month_text(number) for number in range(begin, end + 1)]
