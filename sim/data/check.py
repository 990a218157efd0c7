"""Validate every table: schema, keys, places, coverage, and the sums that must agree between tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import polars as pl

from sim.core.errors import SamspelError
from sim.data.facts import indicators, observations
from sim.data.schemas import SCHEMAS
from sim.data.tables import TABLES, table

_COUNTRY = "0000"
_PERTURBATION = 40
"""Largest distance between a BAS total and the sum of its ages that SCB's perturbation explains."""
_UNKNOWN_PLACE = 100
"""Most registered unemployed of the country without a known municipality."""


@dataclass(frozen=True)
class Checked:
    """The outcome for one table or one comparison between tables."""

    name: str
    rows: int
    problem: str = ""


def check() -> tuple[Checked, ...]:
    """Validate all tables and the relations between them; a problem is a sentence, not an exception."""
    outcomes = [_table(name) for name in SCHEMAS]
    if any(outcome.problem for outcome in outcomes):
        return tuple(outcomes)
    return (*outcomes, *(_relation(name, rule) for name, rule in _RELATIONS.items()))


def _table(name: str) -> Checked:
    try:
        frame = table(name)
        return Checked(name, frame.height, _places(frame, name, TABLES[name].coverage == "all"))
    except SamspelError as error:
        return Checked(name, 0, str(error))


def _places(frame: pl.DataFrame, name: str, all_of_them: bool) -> str:
    if "code" not in frame.columns:
        return ""
    register = set(table("municipalities")["code"])
    allowed = register | {_COUNTRY} | set(table("counties")["county_code"])
    for column in ("code", "neighbour_code", "peer_code"):
        unknown = sorted(set(frame[column]) - allowed) if column in frame.columns else []
        if unknown:
            return f"{TABLES[name].path}: {column} {unknown[0]} is no municipality, county or country."
    missing = sorted(register - set(frame["code"])) if all_of_them else []
    return f"{TABLES[name].path}: municipality {missing[0]} is missing." if missing else ""


def _relation(name: str, rule: Callable[[], Iterator[tuple[str, pl.DataFrame]]]) -> Checked:
    rows = 0
    try:
        for problem, frame in rule():
            rows += frame.height
            wrong = frame.filter(~pl.col("good")).drop("good")
            if wrong.height:
                return Checked(name, rows, f"{problem}; {wrong.height} rows, first {wrong.row(0)}.")
    except SamspelError as error:
        return Checked(name, rows, str(error))
    return Checked(name, rows)


def _ages_within_totals() -> Iterator[tuple[str, pl.DataFrame]]:
    ages = table("population").group_by("code", "month").agg(pl.col("^age_.*$").sum())
    both = ages.join(table("population_totals"), on=["code", "month"], how="left")
    adults = pl.sum_horizontal(pl.col("^age_.*$").exclude("age_16_17"))
    good = (adults <= pl.col("persons_18_plus")) & (pl.col("persons_18_plus") <= pl.col("persons"))
    yield (
        "data/population.csv: residents by age exceed data/population_totals.csv",
        both.select("code", "month", good=good.fill_null(False)),
    )


def _education_within_population() -> Iterator[tuple[str, pl.DataFrame]]:
    people = table("population").select(
        "code",
        "sex",
        year=pl.col("month").str.slice(0, 4).cast(pl.Int64),
        persons=pl.sum_horizontal("^age_.*$"),
    )
    levels = table("education")
    known = levels.select("code", "sex", "year", known=pl.sum_horizontal(pl.exclude("code", "sex", "year")))
    both = known.join(people, on=["code", "sex", "year"], how="left")
    share = pl.col("known") / pl.col("persons")
    yield (
        "data/education.csv: residents with known education are not 85-100 percent of those aged 16-74",
        both.select("code", "year", "sex", good=share.is_between(0.85, 1.0).fill_null(False)),
    )


def _education_shares_sum() -> Iterator[tuple[str, pl.DataFrame]]:
    total = pl.sum_horizontal("presecondary", "upper_secondary", "postsecondary")
    yield (
        "data/education_shares.csv: shares do not sum to one",
        table("education_shares").select("code", "year", good=total.is_between(0.999, 1.001)),
    )


def _bas_totals() -> Iterator[tuple[str, pl.DataFrame]]:
    gap = (pl.sum_horizontal("^age_.*$") - pl.col("total_16_64")).abs()
    yield (
        f"data/bas_unemployed.csv: ages differ from the total by more than {_PERTURBATION}",
        table("bas_unemployed").select("code", "month", "sex", good=gap <= _PERTURBATION),
    )


def _stock_sums_to_country() -> Iterator[tuple[str, pl.DataFrame]]:
    stock = table("af_stock").filter(pl.col("month").str.starts_with("2018"))
    parts = stock.filter(pl.col("code") != _COUNTRY).group_by("month").agg(parts=pl.col("persons").sum())
    both = parts.join(stock.filter(code=_COUNTRY), on="month", how="left").sort("month")
    gap = pl.col("persons") - pl.col("parts")
    yield (
        "data/af_stock.csv: municipalities do not sum to the country",
        both.select("month", good=gap.is_between(0, _UNKNOWN_PLACE).fill_null(False)),
    )


def _months_complete() -> Iterator[tuple[str, pl.DataFrame]]:
    for name in ("af_stock", "bas_unemployed"):
        years = table(name).group_by("code", year=pl.col("month").str.slice(0, 4))
        count = years.agg(months=pl.col("month").n_unique()).sort("code", "year")
        yield (
            f"data/{name}.csv: a year lacks months",
            count.select("code", "year", good=pl.col("months") == 12),
        )


def _facts_described() -> Iterator[tuple[str, pl.DataFrame]]:
    facts = table("facts")
    for column, other in (("indicator", "indicators"), ("source", "sources")):
        known = table(other)[column].implode()
        yield (
            f"data/facts.csv: {column} is not described in data/{other}.csv",
            facts.select("code", "indicator", "period", good=pl.col(column).is_in(known)),
        )


def _one_figure_each() -> Iterator[tuple[str, pl.DataFrame]]:
    for name in indicators():
        yield f"{name} is published twice", observations(name).select("code", "period", good=pl.lit(True))


def _neighbours_once() -> Iterator[tuple[str, pl.DataFrame]]:
    good = pl.col("code") < pl.col("neighbour_code")
    yield (
        "data/neighbours.csv: the first code of a pair is not the smaller",
        table("neighbours").select("code", "neighbour_code", good=good),
    )


_RELATIONS: Final[dict[str, Callable[[], Iterator[tuple[str, pl.DataFrame]]]]] = {
    "ages within population totals": _ages_within_totals,
    "education within population": _education_within_population,
    "education shares sum to one": _education_shares_sum,
    "BAS ages against totals": _bas_totals,
    "AF stock sums to the country": _stock_sums_to_country,
    "years have twelve months": _months_complete,
    "facts have unit, definition and source": _facts_described,
    "one figure for each place and period": _one_figure_each,
    "neighbour pairs stand once": _neighbours_once,
}
