"""Pieces that the analysts' notebooks are written with: numbers in English, panels, and table twins.

Public names: `number`, `signed`, `percent`, `panel`, `grid`, `twin`, `lines` and `said`.
"""

from collections.abc import Iterable, Sequence
from math import floor, isfinite, log10
from typing import Final

from sim.report.charts import Picture
from sim.report.markup import Cell, Row, Section, figure, paragraph, section, table
from sim.report.numbers import Numbers, digits_rounding

ENGLISH: Final = Numbers("en")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NINETY: Final = 1.6449
"""Standard errors from the middle to the end of a 90 % interval."""


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with at most so many significant digits, whole from there on: ``0.0453``, ``1,968``."""
    if value is None or not isfinite(value):
        return "none"
    most = 0 if value == 0 else max(0, digits - 1 - floor(log10(abs(value))))
    enough = next(few for few in range(most + 1) if round(value, few) == round(value, most))
    return ENGLISH.plain(value, digits_rounding(enough))


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign and so many decimals."""
    return ENGLISH.signed(value, digits_rounding(digits))


def percent(share: float) -> str:
    """Return a share in whole percent."""
    return f"{ENGLISH.plain(100.0 * share)} %"


def panel(title: str, note: str, drawn: Picture, table_twin: str) -> Section:
    """Return a chart under a title that says what is seen, over the table of the same numbers."""
    return section(figure(title, "", note, drawn), table_twin)


def grid(*panels: Section, columns: int = 2) -> Section:
    """Set panels side by side, two or three to a row."""
    css = "two" if columns == 2 else "three"
    return section(*(f"<div>{one.html}</div>" for one in panels), css=css)


def twin(caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> str:
    """Return a folded table; the first column of each row is its head."""
    return f"<details><summary>Table: {caption}</summary>\n{lines(caption, columns, rows, note)}\n</details>"


def lines(
    caption: str, columns: Sequence[str], rows: Iterable[Sequence[str]], note: str = "", left: int = 0
) -> str:
    """Return a table of texts, the ``left`` columns after the head set to the left."""
    made = [Row(head, [Cell(text, left=k < left) for k, text in enumerate(texts)]) for head, *texts in rows]
    return table(caption, note, columns, made, "long" if left else "")


def said(*texts: str) -> Section:
    """Return a section of words alone."""
    return section(paragraph(*texts))
