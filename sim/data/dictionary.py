"""Generate the pages about the data: the dictionary of tables, and the official figures of a municipality.

Run ``python -m sim.data.dictionary`` to write them, with ``--check`` to see that they are current.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import dataframely as dy

from sim.core.files import write_text
from sim.core.paths import root
from sim.data.figures import figures
from sim.data.margins import margins
from sim.data.municipalities import municipality
from sim.data.operators import Operator
from sim.data.schemas import SCHEMAS
from sim.data.season import stock_season
from sim.data.tables import TABLES, table

_CASE: Final = "0480"
_LATEST: Final = 4
"""Figures of one statistic that the page prints, the newest."""
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def data_dictionary() -> str:
    """Return the page that describes every table, column and indicator."""
    return "\n".join(
        (
            "# Data dictionary",
            "",
            "Generated from `data/tables.yaml` and the schemas (`python -m sim.data.dictionary`); "
            "do not edit by hand.",
            "",
            *markdown_table(
                ("table", "rows", "publisher", "vintage", "confidence"),
                [
                    (f"[{n}](#{n})", f"{table(n).height}", t.publisher, t.vintage, t.confidence)
                    for n, t in TABLES.items()
                ],
            ),
            *(line for name in SCHEMAS for line in _table_section(name)),
            "## Indicators in facts and national_series",
            "",
            *markdown_table(
                ("indicator", "publisher", "unit", "definition"),
                list(table("indicators").iter_rows()),
            ),
        )
    )


def official_figures(code: str) -> str:
    """Return the page of what the model is held against in one municipality."""
    place = municipality(code)
    return "\n".join(
        (
            f"# {place.name}: the official figures that the model is held against",
            "",
            "Generated from the tables in `data/` (`python -m sim.data.dictionary`); do not edit by hand.",
            "",
            f"{place.name} ({place.code}), {place.county}; {place.skr_group}; labour-market area "
            f"{place.fa_region}. Each statistic has its own definition, and the model observes itself "
            "through it. Two definitions are never chained into one series.",
            "",
            *(line for part in (_statistics(code), _season(code), _margins(code)) for line in part),
        )
    )


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with ``--check`` say which are not current (exit code 1)."""
    stale = [path for path, text in pages().items() if not path.exists() or _read(path) != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path}: not current. Run: python -m sim.data.dictionary", file=sys.stderr)
        return 1 if stale else 0
    for path in stale:
        print(write_text(path, pages()[path]))
    return 0


def pages() -> dict[Path, str]:
    """Return the text of each page by its path."""
    docs = root() / "docs"
    return {
        docs / "data-dictionary.md": data_dictionary(),
        docs / "official-figures.md": official_figures(_CASE),
    }


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _table_section(name: str) -> Iterator[str]:
    about = TABLES[name]
    yield from (f"## {name}", "", f"**{about.title}.** {about.definition}", "")
    yield f"- Publisher and table: {about.source}"
    yield f"- Unit: {about.unit}. Vintage: {about.vintage}. Confidence: {about.confidence}."
    yield f"- Licence: {about.licence}"
    yield ""
    key = SCHEMAS[name].primary_key()
    columns = [
        (column, _type(kind), "key" if column in key else "", kind.description or "")
        for column, kind in SCHEMAS[name].columns().items()
    ]
    yield from markdown_table(("column", "type", "", "meaning"), columns)


def _type(column: dy.Column) -> str:
    return f"{type(column).__name__.lower()}{', may be empty' if column.nullable else ''}"


def _statistics(code: str) -> Iterator[str]:
    yield from ("## Statistics", "")
    printed: list[tuple[str, ...]] = []
    for figure in figures(code):
        operator = figure.operator
        for fact in (*figure.facts[-_LATEST:], *figure.context):
            where = _place(fact.code)
            value = f"{fact.value:,.{operator.digits}f}"
            printed.append(
                (operator.label_sv, fact.period, where, value, fact.unit, fact.confidence, fact.note)
            )
        if not figure.facts and not figure.context:
            printed.append(
                (operator.label_sv, "", "", "not published", operator.unit, "", operator.definition)
            )
    yield from markdown_table(
        ("statistic", "period", "place", "figure", "unit", "confidence", "note"), printed
    )
    yield from ("## Definitions, and how the model observes them", "")
    yield from markdown_table(
        ("name", "publisher", "definition", "observed by the model as"),
        [
            (
                figure.operator.name,
                figure.operator.publisher,
                figure.operator.definition,
                _observed(figure.operator),
            )
            for figure in figures(code)
        ],
    )


def _season(code: str) -> Iterator[str]:
    yield from ("## Season of the AF stock, from the other municipalities", "")
    yield from ("Deviation of the log stock from its own linear trend over 2018, in percent.", "")
    yield from markdown_table(_MONTHS, [tuple(f"{100 * value:+.1f}" for value in stock_season(code))])


def _margins(code: str) -> Iterator[str]:
    yield from ("## Margins of the synthetic population", "")
    years = [margins(code, year) for year in (2018, 2022)]
    yield from markdown_table(
        (
            "September",
            "16-64",
            "women 16-74",
            "men 16-74",
            "presecondary",
            "upper secondary",
            "post-secondary",
        ),
        [
            (
                str(one.year),
                f"{one.residents(16, 64):,}",
                *(f"{count:,}" for count in one.persons.sum(axis=1)),
                *(f"{count:,}" for count in one.education.sum(axis=0)),
            )
            for one in years
        ],
    )


def _observed(operator: Operator) -> str:
    return operator.observed_by + (f" ({', '.join(operator.parameters)})" if operator.parameters else "")


def _place(code: str) -> str:
    """Return the name of a municipality, a county or the country."""
    if code == "0000":
        return "Riket"
    counties: dict[str, str] = dict(table("counties").iter_rows())
    return counties[code] if code in counties else municipality(code).name


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table and an empty line after it."""
    for cells in (header, ["---"] * len(header), *rows):
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
    yield ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
