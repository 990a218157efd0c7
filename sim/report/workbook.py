"""The page's tables as an Excel workbook: real numbers in the language's formats, intervals in own columns.

The first sheet says what the workbook is, how to make it again and what each sheet holds; then one sheet a
table, in the order of the page, the sources last. Numbers are those of the page, rounded as there.

Public names: `write_workbook`, `number_format`, and `column_head` and `unit_name`, which the code book
shares.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from sim.report.markup import PARTS
from sim.report.page_tables import TEXT, UNIT, Column, PageTable, read_tables, read_texts
from sim.report.words import Words

_LONGEST_NAME: Final = 31  # letters that Excel allows in the name of a sheet
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\']")
_LOCALE: Final = {"sv": "[$-41D]", "en": "[$-809]"}
_WIDEST = 60
_MADE: Final = datetime(2000, 1, 1)  # a date of its own would make two workbooks of the same page differ


def write_workbook(page: str, say: Words, path: Path) -> None:
    """Write the tables of a page as a workbook.

    Args:
        page: The finished page.
        say: Words of its language.
        path: File to write.
    """
    tables = read_tables(page)
    names = _sheet_names(tables)
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": read_texts(page, "question")[0], "created": _MADE})
        formats = _formats(book, say.language)
        _about(book.add_worksheet(say("workbook.about")), page, tables, names, say, formats)
        for name, table in zip(names, tables, strict=True):
            _sheet(book.add_worksheet(name), table, say, formats)


def _about(
    sheet: Any, page: str, tables: Sequence[PageTable], names: Sequence[str], say: Words, formats: "_Formats"
) -> None:
    """Write what the workbook is, how to make it again, and a list of its sheets."""
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, read_texts(page, "question")[0], formats("title"))
    lines = [*read_texts(page, "lead"), *say.under("workbook.lines").values(), *read_texts(page, "foot")]
    for row, line in enumerate(lines, start=2):
        sheet.merge_range(row, 0, row, 1, line, formats("text"))
        sheet.set_row(row, 15 * (1 + len(line) // 120))
    first = len(lines) + 3
    for column, head in enumerate(("sheet", "holds")):
        sheet.write_string(first, column, say(f"workbook.{head}"), formats("head"))
    for row, (name, table) in enumerate(zip(names, tables, strict=True), start=first + 1):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", formats("link"), name)
        sheet.write_string(row, 1, _title(table))
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _sheet(sheet: Any, table: PageTable, say: Words, formats: "_Formats") -> None:
    """Write one table: caption, note, heads, rows."""
    sheet.write_string(0, 0, _title(table), formats("title"))
    if table.note:
        sheet.write_string(1, 0, table.note)
    for place, column in enumerate(table.columns):
        sheet.write_string(3, place, column_head(column, say), formats("head"))
        values = [row[place] for row in table.rows]
        number = formats(_digits(values))
        for row, value in enumerate(values, start=4):
            if isinstance(value, float):
                sheet.write_number(row, place, value, number)
            elif value and column.part == UNIT:
                sheet.write_string(row, place, unit_name(str(value), say))
            elif value:
                sheet.write_string(
                    row, place, str(value), formats("hidden" if column.part in PARTS else "plain")
                )
        lengths = [len(str(value or "")) for value in values]
        wide = max(lengths) + 2 if column.part in (TEXT, UNIT) else 12
        sheet.set_column(place, place, min(_WIDEST, max(wide, 12)))
    sheet.set_row(3, 48)
    sheet.freeze_panes(4, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)


def column_head(column: Column, say: Words) -> str:
    """Return the head of a column: ``Efter ett år, lägst (personer)``."""
    part = "" if column.part == TEXT else say(f"workbook.part.{column.part}")
    head = ", ".join(name for name in (column.head, part) if name)
    unit = unit_name(column.unit, say)
    return f"{head} ({unit})" if unit else head


def unit_name(unit: str, say: Words) -> str:
    """Return a unit in the language; one that is a word already stays."""
    return say(f"workbook.unit.{unit}") if say.has(f"workbook.unit.{unit}") else unit


def _title(table: PageTable) -> str:
    return table.caption if table.caption == table.heading else f"{table.heading}: {table.caption}"


def _sheet_names(tables: Sequence[PageTable]) -> list[str]:
    """Return a name for each sheet that Excel allows: its number, and the caption or heading, the shorter."""
    return [
        f"{number} {_FORBIDDEN.sub(' ', min(table.caption, table.heading, key=len))}"[:_LONGEST_NAME].rstrip()
        for number, table in enumerate(tables, start=1)
    ]


def _digits(values: Sequence[object]) -> int:
    """Return the decimals that the numbers of a column need."""
    texts = [f"{value:.12g}" for value in values if isinstance(value, float)]
    return max((len(text.partition(".")[2]) for text in texts), default=0)


_Formats = Callable[[str | int], Any]


def _formats(book: Any, language: str) -> _Formats:
    """Return a function that gives a format by its name, or that of numbers with so many decimals."""
    styles: dict[str, dict[str, object]] = {
        "title": {"bold": True, "font_size": 13},
        "head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EEF3F6"},
        "text": {"text_wrap": True, "valign": "top"},
        "link": {"font_color": "#1F5673", "underline": 1},
        "plain": {},
        "hidden": {"align": "right", "italic": True},
    }
    made: dict[str | int, Any] = {name: book.add_format(style) for name, style in styles.items()}

    def of(name: str | int) -> Any:
        if name not in made:
            made[name] = book.add_format({"num_format": number_format(language, int(name))})
        return made[name]

    return of


def number_format(language: str, decimals: int) -> str:
    """Return Excel's format of numbers in a language with so many decimals."""
    return f"{_LOCALE[language]}#,##0" + ("." + "0" * decimals if decimals else "")
