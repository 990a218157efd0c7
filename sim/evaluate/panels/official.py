"""Panels of official figures: the outcomes that are published for all municipalities over enough years.

Public names: `Outcome`, `outcomes`, `case_panel`, `cohort_panel`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from sim.core.errors import SamspelError, input_error
from sim.data.facts import observations
from sim.data.operators import OPERATORS
from sim.data.tables import table
from sim.evaluate.panels.covariates import with_covariates
from sim.evaluate.panels.designs import CaseDesign, residents
from sim.evaluate.panels.panel import Panel, make_panel

PRIMARY_LAST: Final = 2019
"""The last year of the primary window: the pandemic and the reform of AF come after it."""

_LEAST_YEARS: Final = 5
_NEED: Final = {
    "af_stock": "Arbetsförmedlingen's stock by municipality and month, for every year from 2010 on",
    "assistance_households_month": "Socialstyrelsen's households with assistance by municipality and month, "
    "for every year from 2010 on",
    "assistance_households_year": "Socialstyrelsen's households with assistance in the year, by municipality "
    "(Kolada publishes them too)",
    "bas_unemployed": "SCB's BAS by municipality and month, from 2020 on, and the years before a reform",
}


@dataclass(frozen=True)
class Outcome:
    """An official statistic as the outcome of an evaluation.

    Attributes:
        name: Name of the indicator.
        label_sv: What reports call it.
        unit: Unit of the level.
        source: Publisher.
        years: Years that every municipality has.
    """

    name: str
    label_sv: str
    unit: str
    source: str
    years: tuple[int, ...]


def outcomes() -> Mapping[str, Outcome]:
    """Return the outcomes that a panel can be made of; today STATIV alone has enough years."""
    rows = table("stativ")
    operator = OPERATORS["stativ_share"]
    years = tuple(sorted(rows["year"].unique().to_list()))
    return {
        operator.name: Outcome(operator.name, operator.label_sv, operator.unit, operator.publisher, years)
    }


def case_panel(
    design: CaseDesign,
    outcome: str = "stativ_share",
    last: int = PRIMARY_LAST,
    rows: pl.DataFrame | None = None,
) -> Panel:
    """Return the panel of a case: the treated cluster against its donors; a cluster is its residents' mean.

    Args:
        design: Who is treated and compared.
        outcome: One of `outcomes`, or any name where ``rows`` are given.
        last: The last year to use.
        rows: A table of one's own instead: ``place`` (municipality code), ``period`` (year), ``value``.

    Raises:
        SamspelError: The outcome has no panel, or it ends before the case has a whole treated year; the
            message says which published tables would give it.
    """
    known = _outcome(outcome) if rows is None else _own(outcome, rows)
    if design.first > min(last, known.years[-1]):
        raise SamspelError(
            f"{design.case}: the first whole year with the policy is {design.first}, and {outcome} is here "
            f"for {known.years[0]}-{known.years[-1]}{f', used to {last}' if last < known.years[-1] else ''}. "
            "Needed: SCB STATIV, openly unemployed at any time in the year, by municipality, up to "
            f"{design.first + 1} at least, or {_NEED['bas_unemployed']}; give them with --file."
        )
    groups = {design.name: design.treated, **design.donors}
    first = {design.name: design.first}
    return _panel(known, rows, groups, first, design.first - 1, last, design.left_out)


def cohort_panel(
    designs: Iterable[CaseDesign], outcome: str = "stativ_share", last: int = PRIMARY_LAST
) -> Panel:
    """Return one panel of several cases: each treated municipality by itself, with its own first whole year.

    Donors are the municipalities that every case allows; nothing is left out, so the year treated in part
    must be taken as anticipation by the estimator.

    Raises:
        SamspelError: The outcome has no panel.
    """
    designs = list(designs)
    known = _outcome(outcome)
    first = {code: design.first for design in designs for code in design.treated}
    barred = set().union(*(design.excluded for design in designs))
    places = [code for code in table("stativ")["code"].unique().sort() if code in first or code not in barred]
    return _panel(known, None, {code: (code,) for code in places}, first, min(first.values()) - 1, last)


def _outcome(name: str) -> Outcome:
    known = outcomes()
    if name in known:
        return known[name]
    if name in OPERATORS:
        years = sorted({period[:4] for period in observations(name)["period"]})
        need = _NEED.get(name, "the same statistic for every municipality and year")
        raise SamspelError(
            f"outcome {name}: is here for {', '.join(years) or 'no year'}, and a panel takes at "
            f"least {_LEAST_YEARS} years of all municipalities. Needed: {need}; give it with --file."
        )
    raise input_error("evaluate", "outcome", name, "an outcome with a panel: " + ", ".join(known), OPERATORS)


def _own(name: str, rows: pl.DataFrame) -> Outcome:
    years = tuple(sorted(rows["period"].unique().to_list()))
    return Outcome(name, name, "as given", "a table of one's own", years)


def _panel(
    outcome: Outcome,
    own: pl.DataFrame | None,
    groups: Mapping[str, tuple[str, ...]],
    first: Mapping[str, int],
    weighted: int,
    last: int,
    left_out: tuple[int, ...] = (),
) -> Panel:
    size = residents(weighted)
    members = pl.DataFrame(
        [(name, code, size[code]) for name, codes in groups.items() for code in codes],
        schema={"place": pl.String, "code": pl.String, "weight": pl.Float64},
        orient="row",
    )
    rows = (
        table("stativ").select("code", period="year", value="percent")
        if own is None
        else own.rename({"place": "code"})
    )
    used = rows.filter(pl.col("period") <= last).join(members, on="code")
    _check_members(used, groups, outcome.source)
    weight = pl.col("weight")
    means = used.group_by("place", "period").agg(value=(pl.col("value") * weight).sum() / weight.sum())
    total = {name: sum(size[code] for code in codes) for name, codes in groups.items()}
    panel = make_panel(
        means.sort("place", "period"), outcome.name, outcome.unit, first, total, left_out, outcome.source
    )
    return with_covariates(panel, groups, weighted)


def _check_members(used: pl.DataFrame, groups: Mapping[str, tuple[str, ...]], where: str) -> None:
    """Refuse a unit that lacks a member in some year: its mean would be of other municipalities then."""
    years = used["period"].unique().sort().to_list()
    known = set(used.select("code", "period").iter_rows())
    for name, codes in groups.items():
        for code in codes:
            lacking = [year for year in years if (code, year) not in known]
            if lacking:
                count = sum(map(len, groups.values()))
                raise SamspelError(
                    f"{where}: {code} ({name}) has no value for {lacking[0]}. Allowed: a value for every "
                    f"year of all {count} municipalities that are treated or compared."
                )
