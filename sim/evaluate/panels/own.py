"""Read a user's own table as an outcome: CSV or Excel, with Swedish or English numbers.

The table has one row for each place and period, and these columns, in any order::

    place    code ("0480") or name of a municipality, or any name of your own
    period   a year (2019) or a month (2019-03); months become the mean of their year
    value    a number: 1234.5 or 1 234,5

Public name: `read_own`.
"""

import csv
import io
import re
from pathlib import Path
from typing import Final

import polars as pl

from sim.core.errors import SamspelError, input_error
from sim.data.municipalities import municipality

COLUMNS: Final = ("place", "period", "value")
_SPACES = re.compile(r"[\s   ]")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_PERIOD = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?")
_SUFFIXES = {".csv", ".txt", ".tsv", ".xlsx", ".xls"}
_MONTHS = 12


def read_own(path: Path) -> pl.DataFrame:
    """Return the rows of a user's table: ``place``, ``period`` (year), ``value``, sorted.

    Municipalities may be given by code or name and come back as codes; other names stay as they are.

    Raises:
        SamspelError: The file is missing or of another kind, a column is missing, a place or period is not
            one, a value is not a number, a row is there twice, or a year has some of its months only. The
            message names file, row and what is allowed.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise input_error(
            path, "file", path.suffix or path.name, "a file that ends with .csv, .txt, .tsv or .xlsx"
        )
    if not path.is_file():
        raise SamspelError(
            f"{path}: there is no such file. Allowed: a CSV or Excel file with {', '.join(COLUMNS)}."
        )
    table = _excel(path) if path.suffix.lower().startswith(".xls") else _text(path)
    header = [name.strip().lower() for name in table[0]] if table else []
    for column in COLUMNS:
        if column not in header:
            allowed = "a first row with the columns " + ", ".join(COLUMNS)
            raise input_error(path, "columns", ", ".join(header) or "none", allowed)
    at = [header.index(column) for column in COLUMNS]
    parsed: dict[tuple[str, str], float] = {}
    for number, row in enumerate(table[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        place, period, value = (row[index].strip() if index < len(row) else "" for index in at)
        key = (_place(place, path, number), _period(period, path, number))
        if key in parsed:
            raise input_error(path, f"row {number}", f"{place}, {period}", "each place and period once")
        parsed[key] = _value(value, path, number, f"{place}, {period}")
    return _yearly(parsed, path)


def _text(path: Path) -> list[list[str]]:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    first = text.partition("\n")[0]
    separator = max(";\t,", key=first.count)
    return list(csv.reader(io.StringIO(text), delimiter=separator))


def _excel(path: Path) -> list[list[str]]:
    try:
        frame = pl.read_excel(path, has_header=False, infer_schema_length=0, drop_empty_rows=False)
    except Exception as error:  # the reader has no one kind of error for a damaged workbook
        first = (str(error).splitlines() or ["?"])[0]
        raise SamspelError(
            f"{path}: is not an Excel file that can be read ({first}). Save it again, or as CSV."
        ) from error
    return [["" if cell is None else str(cell) for cell in row] for row in frame.iter_rows()]


def _place(text: str, path: Path, row: int) -> str:
    if not text:
        raise input_error(
            path, f"row {row}, place", text, "a municipality, by code or name, or a name of your own"
        )
    try:
        return municipality(text.zfill(4) if text.isdigit() else text).code
    except SamspelError:
        return text


def _period(text: str, path: Path, row: int) -> str:
    text = text.removesuffix(".0")
    if not _PERIOD.fullmatch(text):
        raise input_error(path, f"row {row}, period", text, "a year, 2019, or a month, 2019-03")
    return text


def _value(text: str, path: Path, row: int, what: str) -> float:
    plain = _SPACES.sub("", text).replace("−", "-")
    if plain.rfind(",") > plain.rfind(
        "."
    ):  # the last of the two is the decimal sign; a lone comma is one too
        plain = plain.replace(".", "").replace(",", ".")
    else:
        plain = plain.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        allowed = "a number such as 1234.5 or 1 234,5; leave the row out where nothing is published"
        raise input_error(path, f"row {row}, value of {what}", text, allowed)
    return float(plain)


def _yearly(parsed: dict[tuple[str, str], float], path: Path) -> pl.DataFrame:
    if not parsed:
        raise SamspelError(f"{path}: has no rows. Allowed: one row for each place and period.")
    rows = pl.DataFrame(
        [(place, period[:4], len(period) > len("2019"), value) for (place, period), value in parsed.items()],
        schema={"place": pl.String, "year": pl.String, "monthly": pl.Boolean, "value": pl.Float64},
        orient="row",
    )
    years = rows.group_by("place", period=pl.col("year").cast(pl.Int64)).agg(
        pl.col("value").mean(), months=pl.col("monthly").sum(), rows=pl.len()
    ).sort("place", "period")  # fmt: skip
    short = years.filter(
        (pl.col("months") > 0) & ((pl.col("months") < _MONTHS) | (pl.col("months") != pl.col("rows")))
    )
    if short.height:
        place, period, _, months, _ = short.row(0)
        raise input_error(
            path, f"{place}, {period}", f"{months} months", "all twelve months of a year, or the year alone"
        )
    return years.select(COLUMNS)
