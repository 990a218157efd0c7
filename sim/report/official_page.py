"""The sections of the notebook on data: official figures, their coverage and definitions, and stage 1.

Public names: `published`, `coverage`, `definitions`, `estimates`, `levels`, `season` and `elasticity`.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from sim.data.operators import OPERATORS
from sim.report.analyst_charts import Interval, against_chart, line_chart
from sim.report.analyst_page import (
    MONTHS,
    NINETY,
    grid,
    lines,
    number,
    panel,
    percent,
    said,
    signed,
    twin,
)
from sim.report.maps import map_chart
from sim.report.markup import Section, bullets, figure, paragraph, section
from sim.report.official_figures import COVERED, OfficialFigures

MOMENTS: Final = {
    "af_stock_share": "AF stock, share of residents 16-64, 2018",
    "stativ_share": "STATIV share of residents 20-64, 2018",
    "households_share": "Assistance households a month per resident 16-64, 2017",
}
_SCALE = {"af_stock_share": 100.0, "stativ_share": 1.0, "households_share": 1000.0}
_UNIT = {"af_stock_share": "percent", "stativ_share": "percent", "households_share": "per 1,000"}
_TICKS = {month: MONTHS[month - 1] for month in (1, 4, 7, 10)}
_CLASSES = [3.0, 4.0, 5.0, 6.0]


def published(found: OfficialFigures) -> Section:
    """Draw what is published of the municipality, one panel per definition."""
    name = found.place.name
    stock = _by_month({year: found.of("af_stock", year) for year in ("2018", "2022")})
    bas = _by_month({"2023": found.of("bas_unemployed", "2023")})
    origins = {
        "born in Sweden": found.of("assistance_households_month_swedish_born", "2017"),
        "someone born abroad": found.of("assistance_households_month_foreign_born", "2017"),
    }
    return grid(
        _months(
            stock,
            f"{name}: registered with AF at month end",
            "persons",
            "Openly unemployed or in programmes.",
        ),
        _stativ(found),
        _months(bas, f"{name}: unemployed by BAS", "persons", "Registered and without earnings; 2023."),
        _months(
            _by_month(origins),
            f"{name}: households with assistance in the month",
            "households",
            "January-August 2017, preliminary; small cells are not published.",
        ),
    )


def coverage(found: OfficialFigures) -> Section:
    """Draw and write which municipality has which figures."""
    has, name = found.coverage, found.place.name
    counts = has.select("code", pl.sum_horizontal(list(COVERED)).cast(pl.Float64).alias("count"))
    values = dict(counts.iter_rows())
    spread = [sum(value == n for value in values.values()) for n in range(len(COVERED) + 1)]
    often = ", ".join(f"{n} in {count}" for n, count in enumerate(spread) if count)
    drawn = map_chart(
        values,
        _CLASSES,
        lambda limit: f"{limit:.0f}",
        ("under {high}", "{low}", "{low} or more", "none"),
        f"Map of how many of {len(COVERED)} kinds of figures each municipality has: {often}.",
    )
    own = has.filter(code=found.place.code).row(0, named=True)
    rows = [
        (
            what,
            str(int(has[what].sum())),
            "yes" if own[what] else "no",
            _few(has.filter(~pl.col(what))["name"].to_list()),
        )
        for what in COVERED
    ]
    columns = ("figures", "municipalities", name, "missing in")
    most = int(np.argmax(spread))
    title = f"{spread[most]} municipalities have {most} of {len(COVERED)} kinds of figures"
    written = lines("Which municipality has which figures", columns, rows, "of 290", left=0)
    every = twin(
        "every municipality",
        ("municipality", *COVERED),
        [(row["name"], *("yes" if row[what] else "no" for what in COVERED)) for row in has.to_dicts()],
    )
    return section(grid(section(figure(title, "", "", drawn)), columns=3).html, written, every)


def definitions(found: OfficialFigures) -> Section:
    """Write the definitions that must never be chained into one series."""
    rows = [
        (one.name, one.publisher, one.population, one.definition, one.observed_by)
        for one in OPERATORS.values()
    ]
    columns = ("statistic", "publisher", "population", "definition", "how the model observes itself")
    stativ, bas = found.estimates["stativ_over_af"], found.estimates["bas_over_af"]
    return section(
        paragraph(
            "**Never chain these into one series.** In the same place and year a STATIV share is "
            f"{number(stativ['estimate'])} times an AF share, and BAS counts {number(bas['estimate'], 2)} "
            "of AF's stock; a jump from one to the next is a change of definition, not of unemployment. "
            "The model is compared with each by its own definition."
        ),
        lines("Official statistics and their definitions", columns, rows, left=4),
    )


def estimates(found: OfficialFigures) -> Section:
    """Write stage 1's headline figures with their errors, and what identifies each."""
    reasons = list(dict.fromkeys(one["identified_by"] for one in found.estimates.values()))
    rows = [
        (
            one["label_en"],
            number(one["estimate"]),
            number(one["se"], 2),
            " to ".join(number(one["estimate"] + sign * NINETY * one["se"]) for sign in (-1, 1)),
            str(one["n"]),
            one["unit"],
            one["period"],
            f"[{reasons.index(one['identified_by']) + 1}]",
        )
        for one in found.estimates.values()
    ]
    columns = ("figure", "estimate", "s.e.", "90 %", "n", "unit", "period", "identified by")
    where = "estimated now" if found.recomputed else "read from params/estimates/national.yaml"
    old = "" if found.current else " **The tables have changed since: set recompute = True.**"
    return section(
        paragraph(f"{len(rows)} figures, {where}; data vintage {found.vintage}.{old}"),
        lines("Headline figures of stage 1", columns, rows),
        paragraph("What identifies each:"),
        bullets(f"[{n}] {_without_marks(text)}" for n, text in enumerate(reasons, 1)),
    )


def levels(found: OfficialFigures) -> Section:
    """Draw the municipality's own figures beside what its group says of it."""
    mine = {row["moment"]: row for row in found.levels.filter(code=found.place.code).to_dicts()}
    drawn, rows = [], []
    for moment, label in MOMENTS.items():
        row = mine[moment]
        base = row["official"] or row["without"]
        for what, value, sd in (
            ("pooled", row["pooled"], row["log_sd"]),
            ("by its group alone", row["without"], row["without_log_sd"]),
        ):
            ends = value * np.exp(NINETY * sd * np.array([0.0, -1.0, 1.0]))
            printed = [number(_SCALE[moment] * float(end)) for end in ends]
            mean, low, high = (100.0 * ends / base).tolist()
            short = label.split(",")[0].replace(" per resident 16-64", "").replace(" of residents 20-64", "")
            drawn.append(
                Interval(
                    f"{short}: {what}",
                    mean,
                    low,
                    high,
                    hollow=what != "pooled",
                    text=f"{printed[0]} ({printed[1]}-{printed[2]})",
                )
            )
        own = "not published" if row["official"] is None else number(_SCALE[moment] * row["official"])
        rows.append(
            (
                label,
                own,
                *(number(_SCALE[moment] * row[key]) for key in ("pooled", "without")),
                number(row["log_sd"], 2),
                number(row["without_log_sd"], 2),
                _UNIT[moment],
            )
        )
    farthest = max(MOMENTS, key=lambda m: abs(np.log(mine[m]["pooled"] / mine[m]["without"])))
    gap = mine[farthest]["pooled"] / mine[farthest]["without"] - 1.0
    side = "above" if gap > 0 else "below"
    what = MOMENTS[farthest].split(",")[0]
    title = f"{what}: {found.place.name} is {percent(abs(gap))} {side} what its group suggests"
    alt_text = (
        f"Three levels of {found.place.name}, pooled and as its group alone suggests, in percent of its "
        f"own figure with 90 percent intervals; {'; '.join(f'{one.name} {one.text}' for one in drawn)}."
    )
    columns = ("level", "own figure", "pooled", "group alone", "s.d. (log)", "s.d. alone (log)", "unit")
    note = "Filled: pooled with the group. Hollow: as if its own figure were missing. Lines: 90 %."
    chart = against_chart(drawn, "percent of its own figure", 100.0, alt_text, 230)
    table = lines("Levels of the municipality", columns, rows)
    return section(grid(panel(title, note, chart, "")).html, table, _members(found))


def season(found: OfficialFigures) -> Section:
    """Draw the municipality's own season of the AF stock, and the one that stage 2 wants."""
    rows = found.season
    long = pl.concat(
        [
            rows.select(
                line=pl.lit("pooled"),
                x="month",
                value=100 * pl.col("pooled"),
                low=100 * pl.col("low"),
                high=100 * pl.col("high"),
            ),
            rows.select(line=pl.lit("own"), x="month", value=100 * pl.col("own"), low=None, high=None),
        ],
        how="vertical_relaxed",
    )
    top, bottom = (rows.sort("pooled").row(k, named=True) for k in (-1, 0))
    swing = 100 * (top["pooled"] - bottom["pooled"])
    high, low = MONTHS[top["month"] - 1], MONTHS[bottom["month"] - 1]
    title = f"{found.place.name}: highest in {high}, lowest in {low}, {number(swing, 2)} percent apart"
    chart = line_chart(
        long,
        _TICKS,
        "deviation from trend, percent",
        f"Season of the AF stock 2018, own and pooled with 90 percent band: {title}.",
        zero=False,
    )
    outside = rows.filter((pl.col("own") < pl.col("low")) | (pl.col("own") > pl.col("high"))).height
    note = f"Band: 90 % of the pooled season. The own figure is outside it in {outside} months of 12."
    table = twin(
        "the season of 2018, percent",
        ("month", "own", "pooled", "low", "high"),
        [
            (
                MONTHS[row["month"] - 1],
                *(signed(100 * row[key], 1) for key in ("own", "pooled", "low", "high")),
            )
            for row in rows.to_dicts()
        ],
    )
    return grid(panel(title, note, chart, table))


def elasticity(found: OfficialFigures) -> Section:
    """Draw the assistance elasticity with its halves, and say what it is not."""
    one = found.estimates["assistance_elasticity"]
    extra: Mapping[str, Any] = one["diagnostics"]
    whole = [("all years", one["estimate"], one["se"])]
    halves = [
        (key.replace("_", " "), extra[key], extra[f"se_{key}"]) for key in extra if f"se_{key}" in extra
    ]
    drawn = [
        Interval(
            name,
            value,
            value - NINETY * se,
            value + NINETY * se,
            hollow=name != "all years",
            text=f"{number(value)} ({number(se)})",
        )
        for name, value, se in (*whole, *halves)
    ]
    title = (
        f"One percent more unemployed goes with {number(one['estimate'])} percent more assistance "
        f"(s.e. {number(one['se'])})"
    )
    alt_text = (
        f"{title}; {'; '.join(f'{each.name} {each.text}' for each in drawn)}, with 90 percent intervals."
    )
    table = twin(
        "the elasticity",
        ("years", "elasticity", "s.e.", "90 %"),
        [
            (each.name, number(each.mean), number(se), f"{number(each.low)} to {number(each.high)}")
            for each, (_, _, se) in zip(drawn, (*whole, *halves), strict=True)
        ],
    )
    least, most = (number(extra[f"{end}_without_one"]) for end in ("lowest", "highest"))
    note = (
        f"Number and s.e. to the right; lines: 90 %. Without one municipality at a time: {least} to {most}."
    )
    chart = against_chart(drawn, "elasticity of SEK per inhabitant", 0.0, alt_text)
    warning = paragraph(
        f"**An association, not an effect.** {extra['groups']:.0f} municipalities of Stockholm county, "
        f"{one['period']}: other municipalities than the cases, and what moves unemployment and assistance "
        "together in one place is in it. The model is compared with it; no effect of a reform is."
    )
    return section(grid(panel(title, note, chart, table)).html, warning)


def _months(rows: pl.DataFrame, title: str, unit: str, note: str) -> Section:
    """Return a panel of lines over the months of a year, or a line that says what is missing."""
    if rows.is_empty():
        return said(f"**{title}:** not published.")
    means = [
        f"{number(part['value'].mean())} ({line})"  # type: ignore[arg-type]
        for (line,), part in rows.group_by("line", maintain_order=True)
    ]
    chart = line_chart(rows, _TICKS, unit, f"{title}, {unit} by month; means: {', '.join(means)}.")
    wide = rows.pivot("line", index="x", values="value").sort("x")
    table = twin(
        f"{title}, {unit}",
        ("month", *wide.columns[1:]),
        [(MONTHS[row[0] - 1], *(number(value) for value in row[1:])) for row in wide.rows()],
    )
    return panel(f"{title}: {', '.join(means)} on average", note, chart, table)


def _stativ(found: OfficialFigures) -> Section:
    rows = found.stativ.rename({"year": "x"})
    last = rows.filter(x=rows["x"].max()).to_dicts()
    own, country = last[0]["value"], last[-1]["value"]
    what = f"{found.place.name}: openly unemployed at any time in the year (STATIV)"
    title = f"{what}, {number(own)} % in {last[0]['x']}"
    years = {year: str(year) for year in (2010, 2013, 2016, 2019, 2021)}
    chart = line_chart(
        rows,
        years,
        "percent of residents 20-64",
        f"{title}; the country {number(country)}; lines since 2010.",
    )
    wide = rows.pivot("line", index="x", values="value").sort("x")
    table = twin(
        "STATIV shares, percent of residents 20-64",
        ("year", *wide.columns[1:]),
        [(str(row[0]), *(number(value) for value in row[1:])) for row in wide.rows()],
        "group and country: means weighted by residents aged 20-64 in September 2018",
    )
    return panel(title, f"Group: {found.place.skr_group}.", chart, table)


def _members(found: OfficialFigures) -> str:
    """Return the table of the group's municipalities."""
    rows = found.levels.filter(pl.col("code").is_in(found.group))
    names = dict(found.coverage.select("code", "name").iter_rows())
    made = []
    for (code,), part in rows.group_by("code", maintain_order=True):
        by_moment = {row["moment"]: row for row in part.to_dicts()}
        texts = [
            number(None if by_moment[m][key] is None else _SCALE[m] * by_moment[m][key])
            for m in MOMENTS
            for key in ("official", "pooled", "without")
        ]
        made.append((names[str(code)], *texts))
    heads = [
        f"{short} {key}"
        for short in ("AF, %:", "STATIV, %:", "assistance, per 1,000:")
        for key in ("own", "pooled", "group alone")
    ]
    return twin(f"all of the group ({found.place.skr_group})", ("municipality", *heads), made)


def _by_month(lines_of: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return the lines that have figures: columns line, x (month 1-12), value."""
    return pl.concat(
        rows.select(
            pl.lit(name).alias("line"), x=pl.col("period").str.slice(5, 2).cast(pl.Int64), value="value"
        )
        for name, rows in lines_of.items()
    )


def _few(names: list[str]) -> str:
    if len(names) > 10:
        return f"{len(names)} municipalities"
    return ", ".join(names) or "none"


def _without_marks(text: str) -> str:
    """Return a docstring's text with its formulas as words."""
    return re.sub(r":math:`\\?(\w+)`", r"\1", text).replace("**", "")
