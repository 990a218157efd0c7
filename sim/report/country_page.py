"""The country in words, maps and tables: the sections of the notebook on all municipalities.

Public names: `maps`, `fit` and `all_municipalities`.
"""

import polars as pl

from sim.calibrate.measures import SET_WITH
from sim.data.municipalities import municipality
from sim.report.country import CountryFit
from sim.report.maps import class_limits, map_chart
from sim.report.markup import (
    Cell,
    Row,
    Section,
    figure,
    heading,
    paragraph,
    section,
    table,
)
from sim.report.numbers import Numbers, Rounding, digits_rounding
from sim.report.words import Words, words

_TENTHS = digits_rounding(1)
_HUNDREDTHS = digits_rounding(2)
_GAPS = (-0.4, -0.1, 0.1, 0.4)  # limits of the differences, over the typical official figure


def maps(found: CountryFit, lang: str = "sv") -> Section:
    """Draw the model, the official figures and their difference, with what must be said about the levels."""
    say, numbers = words(lang), Numbers(words(lang).locale)
    both = found.both
    limits = class_limits([*both["model"], *both["official"]])
    middle = float(both["official"].median())  # type: ignore[arg-type]
    gaps = [round(share * middle, 1) for share in _GAPS]
    drawn = [
        _map(say, numbers, found, "model", found.rows, limits),
        _map(say, numbers, found, "official", both, limits),
        _map(
            say,
            numbers,
            found,
            "difference",
            both.with_columns(difference=pl.col("model") - pl.col("official")),
            gaps,
            signed=True,
        ),
    ]
    notes = [say("country.regions", regions=found.regions)]
    if found.size:
        notes.append(say("country.sample", size=numbers.plain(found.size)))
    missing = found.rows.height - both.height
    if missing:
        notes.append(say("country.missing", count=missing))
    return section(
        heading(2, say("country.title", measure=_name(say, found))),
        paragraph(
            say(
                "country.all_fitted" if len(found.calibrated) == found.rows.height else "country.warning",
                count=len(found.calibrated),
                all=found.rows.height,
                names=say.listed([municipality(code).name for code in SET_WITH]),
            )
        ),
        section(*(one.html for one in drawn), css="three").html,
        paragraph(*notes, css="note"),
    )


def fit(found: CountryFit, lang: str = "sv") -> Section:
    """Write how near the model comes, over all municipalities with an official figure."""
    say, numbers = words(lang), Numbers(words(lang).locale)
    unit, gap = (say(f"country.measure.{found.measure}.{key}") for key in ("unit", "gap"))
    model, official = (numbers.plain(found.of_country(name), _TENTHS) for name in ("model", "official"))
    rows = [
        (say("country.fit.country", unit=unit), say("country.fit.both", model=model, official=official)),
        (say("country.fit.correlation"), numbers.plain(found.correlation, _HUNDREDTHS)),
        (say("country.fit.typical", unit=gap), numbers.plain(found.typical_gap, _TENTHS)),
        (say("country.fit.near"), say("country.fit.of", count=found.near, all=found.both.height)),
    ]
    fitted = found.both.height - found.predicted.height
    if fitted and found.predicted.height:
        apart = say("country.fit.of", count=found.near_predicted, all=found.predicted.height)
        rows.append((say("country.fit.near_predicted"), apart))
    return section(
        heading(2, say("country.fit.title")),
        table(
            say("country.fit.caption"),
            say("country.fit.note", count=fitted),
            list(say.under("country.fit.columns").values()),
            [Row(name, [Cell(value)]) for name, value in rows],
        ),
    )


def all_municipalities(found: CountryFit, lang: str = "sv") -> Section:
    """Write the table twin of the maps: every municipality with both figures and their difference."""
    say, numbers = words(lang), Numbers(words(lang).locale)
    rows = []
    for row in found.rows.sort("name").iter_rows(named=True):
        official = row["official"]
        cells = [Cell(row["region"], left=True), Cell(numbers.plain(row["model"], _TENTHS))]
        if official is None:
            cells += [Cell(say("country.classes.none")), Cell("")]
        else:
            gap = row["model"] - official
            cells += [Cell(numbers.plain(official, _TENTHS)), Cell(numbers.signed(gap, _TENTHS))]
        rows.append(Row(row["name"], cells))
    columns = list(say.under("country.table.columns").values())
    twin = table(say("country.table.caption", measure=_name(say, found)), "", columns, rows)
    return section(f"<details><summary>{say('country.table.show')}</summary>\n{twin}\n</details>")


def _name(say: Words, found: CountryFit) -> str:
    return say(f"country.measure.{found.measure}.name")


def _map(
    say: Words,
    numbers: Numbers,
    found: CountryFit,
    column: str,
    rows: pl.DataFrame,
    limits: list[float],
    signed: bool = False,
) -> Section:
    def label(value: float, rounding: Rounding = _TENTHS) -> str:
        return numbers.signed(value, rounding) if signed else numbers.plain(value, rounding)

    ordered = rows.sort(column)
    quarters = [float(ordered[column].quantile(share, "linear") or 0.0) for share in (0.25, 0.75)]
    alt_text = say(
        "country.map_alt",
        measure=_name(say, found),
        source=say(f"country.source_{column}"),
        lowest=ordered["name"][0],
        low=label(ordered[column][0]),
        highest=ordered["name"][-1],
        high=label(ordered[column][-1]),
        quarter=label(quarters[0]),
        three_quarters=label(quarters[1]),
    )
    lowest, between, highest, none = say.under("country.classes").values()
    values = dict(zip(rows["code"], rows[column], strict=True))
    picture = map_chart(values, limits, label, (lowest, between, highest, none), alt_text, two_ways=signed)
    return section(figure(say(f"country.{column}"), "", "", picture))
