"""Read the tables of a finished page as numbers, so that what is written beside it can say nothing else.

Every cell holds what it prints as data (`sim.report.markup.Cell`). A column of the page becomes one column
for each part of its numbers (lowest, highest, mean, ...), a text where it has one, and a unit where that
differs by row.

Public names: `PageTable`, its `Column`, `read_tables` and `read_texts`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree

from sim.report.markup import PARTS

TEXT, UNIT = "text", "unit"
_WITHOUT_UNIT = ("chance", "month")
_FIGURES = re.compile(r"<figure.*?</figure>", re.DOTALL)
_PIECES = re.compile(r"<h[1-6][ >].*?</h[1-6]>|<table[ >].*?</table>", re.DOTALL)
BLOCKS: Final = {
    "question": r"<h1[ >].*?</h1>",
    "lead": r'<p class="lead">.*?</p>',
    "copy": r'<div class="text">.*?</div>',
    "foot": r'<div class="foot">.*?</div>',
}

Value = float | str | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of numbers or texts: the page's own head, the part of its numbers, and their unit.

    ``part`` is one of `sim.report.markup.PARTS`, ``text`` or ``unit``; ``unit`` is empty where there is none,
    or where it differs by row and stands in a column of its own.
    """

    head: str
    part: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PageTable:
    """One table of the page, under its nearest heading."""

    heading: str
    caption: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def read_tables(page: str) -> list[PageTable]:
    """Return the tables of a page, in order."""
    found, heading = [], ""
    for piece in _PIECES.findall(_FIGURES.sub("", page)):  # the heading of a picture is not that of its twin
        element = ElementTree.fromstring(piece)
        if element.tag == "table":
            found.append(_table(element, heading))
        else:
            heading = _text(element)
    return found


def read_texts(page: str, block: str) -> list[str]:
    """Return the lines of a block of the page (of `BLOCKS`), none where it lacks it."""
    found = re.search(BLOCKS[block], page, re.DOTALL)
    if found is None:
        return []
    element = ElementTree.fromstring(found[0])
    lines = [element] if element.tag in ("h1", "p") else list(element.iter("p"))
    return [_text(line) for line in lines]


def _table(element: ElementTree.Element, heading: str) -> PageTable:
    caption = next(element.iter("caption"))
    note = "".join(_text(span) for span in caption.findall("span"))
    heads = [_text(head) for head in element.iterfind("thead/tr/th")]
    rows = [list(row) for row in element.iterfind("tbody/tr")]
    columns = [Column(heads[0], TEXT)]
    values: list[list[Value]] = [[_text(row[0]) for row in rows]]
    for place, head in enumerate(heads[1:], start=1):
        for column, cells in _columns(head, [row[place] for row in rows]):
            if (
                column.part != UNIT or cells not in values
            ):  # the units of the column before hold for this one too
                columns.append(column)
                values.append(cells)
    return PageTable(
        heading,
        (caption.text or "").strip(),
        note,
        tuple(columns),
        tuple(zip(*values, strict=True)),
    )


def _columns(head: str, cells: list[ElementTree.Element]) -> Iterator[tuple[Column, list[Value]]]:
    """Yield the columns that one column of the page becomes, each with its values."""
    units = [cell.get("data-unit", "") for cell in cells if _parts(cell)]
    same = len(set(units)) < 2
    worded = any(_text(cell) and not _parts(cell) for cell in cells)
    if worded or any("chance" in _parts(cell) for cell in cells):
        yield Column(head, TEXT), [_text(cell) for cell in cells]
    for part in PARTS:
        if any(cell.get(f"data-{part}") is not None for cell in cells):
            unit = units[0] if same and part not in _WITHOUT_UNIT else ""
            yield Column(head, part, unit), [_value(cell.get(f"data-{part}")) for cell in cells]
    if not same:
        yield Column("", UNIT), [cell.get("data-unit", "") for cell in cells]


def _parts(cell: ElementTree.Element) -> list[str]:
    return [part for part in PARTS if cell.get(f"data-{part}") is not None]


def _value(text: str | None) -> Value:
    try:
        return None if text is None else float(text)
    except ValueError:
        return text


def _text(element: ElementTree.Element) -> str:
    return re.sub(r"[^\S\xa0]+", " ", "".join(element.itertext())).strip()
