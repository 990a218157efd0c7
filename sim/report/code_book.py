"""The page's tables as CSV in one archive, for those who calculate on, with a code book.

Public name: `write_csv`.
"""

import re
import unicodedata
import zipfile
from io import StringIO
from pathlib import Path

import polars as pl

from sim.report.page_tables import TEXT, PageTable, read_tables, read_texts
from sim.report.words import Words
from sim.report.workbook import column_head, unit_name

CODE_BOOK, ABOUT = "code_book.csv", "README.txt"
_LONGEST = 40
_DATE = (2000, 1, 1, 0, 0, 0)  # the same page gives the same archive


def write_csv(page: str, say: Words, path: Path) -> None:
    """Write a ZIP archive: one CSV a table, ``code_book.csv`` with a row for every column, ``README.txt``."""
    tables = read_tables(page)
    written: dict[str, str] = {}
    rows: list[tuple[str, ...]] = []
    for number, table in enumerate(tables, start=1):
        name = f"{number:02d}_{_name(table.caption)}.csv"
        columns = _column_names(table)
        values = zip(*table.rows, strict=True)
        frame = {key: list(map(_text, column)) for key, column in zip(columns, values, strict=True)}
        written[name] = pl.DataFrame(frame, schema=dict.fromkeys(columns, pl.String)).write_csv()
        rows += [
            (
                name,
                key,
                "text" if column.part in (TEXT, "unit") else "number",
                unit_name(column.unit, say),
                column_head(column, say),
                f"{table.heading}: {table.caption}",
                table.note,
            )
            for key, column in zip(columns, table.columns, strict=True)
        ]
    heads = ("file", "column", "type", "unit", "meaning", "table", "note")
    written[CODE_BOOK] = pl.DataFrame(rows, schema=heads, orient="row").write_csv()
    about = StringIO()
    print(*read_texts(page, "question"), "", *say.under("workbook.lines").values(), sep="\n", file=about)
    print("", say("workbook.csv"), "", *read_texts(page, "foot"), sep="\n", file=about)
    written[ABOUT] = about.getvalue()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in written.items():
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text.encode("utf-8"))


def _column_names(table: PageTable) -> list[str]:
    """Return a plain, unique name for each column: ``efter_ett_ar_low``."""
    names: list[str] = []
    for column in table.columns:
        name = "_".join(_name(text) for text in (column.head, column.part) if text not in ("", TEXT))
        names.append(name if name not in names else f"{name}_{len(names) + 1}")
    return names


def _name(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain)[:_LONGEST].strip("_")


def _text(value: object) -> str | None:
    """Return a number with a decimal point and no more digits than it has; an empty cell stays empty."""
    return f"{value:.12g}" if isinstance(value, float) else str(value) if value else None
