"""Accessible HTML from plain words: headings in order, tables with captions and scopes, pictures with words.

Every text is escaped here and nowhere else; ``**two stars**`` become bold, and ``[[sv|ord]]`` is marked as a
word of another language.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path

from sim.report.charts import Picture

PAGE_TYPE = "application/vnd.samspel.section"
TEMPLATE = Path(__file__).parent / "templates" / "samspel"
PARTS = ("value", "low", "high", "mean", "chance", "month")


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: the main text, a fainter text after it, or a text set to the left.

    ``numbers`` are the printed ones by part (of `PARTS`), rounded as in the text and in ``unit``, so that
    what is made of the page, such as the workbook, need not read them from words. One that is not printed,
    a small count, is there as its text.
    """

    text: str
    aside: str = ""
    left: bool = False
    language: str = ""
    numbers: Mapping[str, float | str] = field(default_factory=dict)
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A table row; ``total`` sets it apart as a sum."""

    head: str
    cells: Sequence[Cell]
    total: bool = False


@dataclass(frozen=True)
class Section:
    """A finished piece of a page.

    A notebook shows it with its styles; the page takes the same piece, and its ``notes``, from `PAGE_TYPE`.
    """

    html: str
    notes: dict[str, str] = field(default_factory=dict)

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
        shown = f'<style>{stylesheet()}</style>\n<div class="samspel">\n{self.html}\n</div>'
        return {"text/html": shown, PAGE_TYPE: self.html}, {PAGE_TYPE: self.notes}


@cache
def stylesheet() -> str:
    """Return the styles of the sections, which act inside ``.samspel`` only."""
    return (TEMPLATE / "report.css").read_text(encoding="utf-8")


def section(*parts: str, css: str = "", notes: dict[str, str] | None = None) -> Section:
    """Return the parts as one section, in a box of class ``css`` if given."""
    html = "\n".join(part for part in parts if part)
    return Section(f'<div class="{css}">\n{html}\n</div>' if css else html, notes or {})


def beside(*sections: Section) -> Section:
    """Set sections side by side, below each other on a narrow screen."""
    columns = "\n".join(f"<div>{each.html}</div>" for each in sections)
    return Section(f'<div class="two">\n{columns}\n</div>')


def inline(text: str) -> str:
    """Return a text as HTML."""
    bold = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text, quote=False))
    return re.sub(r"\[\[([a-z]{2})\|(.+?)\]\]", r'<span lang="\1">\2</span>', bold)


def in_language(text: str, language: str, of_page: str) -> str:
    """Return a text marked as being of a language, where the page is of another."""
    return text if language == of_page else f"[[{language}|{text}]]"


def heading(level: int, text: str, anchor: str = "") -> str:
    """Return a heading."""
    identity = f' id="{anchor}"' if anchor else ""
    return f"<h{level}{identity}>{inline(text)}</h{level}>"


def paragraph(*texts: str, css: str = "") -> str:
    """Return a paragraph of the texts that are not empty."""
    text = " ".join(part for part in texts if part)
    return f"<p{_css(css)}>{inline(text)}</p>" if text else ""


def bullets(texts: Iterable[str]) -> str:
    """Return a list."""
    return "<ul>\n" + "\n".join(f"<li>{inline(text)}</li>" for text in texts) + "\n</ul>"


def definitions(terms: Iterable[tuple[str, str]]) -> str:
    """Return a list of terms and what they mean."""
    rows = (f"<div><dt>{inline(term)}:</dt> <dd>{inline(text)}</dd></div>" for term, text in terms)
    return "<dl>\n" + "\n".join(rows) + "\n</dl>"


def table(caption: str, note: str, columns: Sequence[str], rows: Sequence[Row], css: str = "") -> str:
    """Return a table whose caption says what it holds and whose headers name every cell.

    A column is set to the left where its first cell is.
    """
    left = [True, *(cell.left for cell in rows[0].cells)] if rows else [True] * len(columns)
    head = "".join(
        f'<th scope="col"{_css("l" if at_left else "")}>{inline(name)}</th>'
        for name, at_left in zip(columns, left, strict=True)
    )
    body = "\n".join(
        f'<tr{_css("sum" if row.total else "")}><th scope="row">{inline(row.head)}</th>'
        + "".join(_cell(cell) for cell in row.cells)
        + "</tr>"
        for row in rows
    )
    said = f"{inline(caption)} <span>{inline(note)}</span>" if note else inline(caption)
    return (
        f"<table{_css(css)}>\n<caption>{said}</caption>\n<thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody>\n</table>"
    )


def figure(title: str, interval: str, text: str, picture: Picture) -> str:
    """Return a picture under its title and its interval in words."""
    return (
        f'<figure><figcaption><h3>{inline(title)}</h3><span class="iv">{inline(interval)}</span>'
        f'<span class="pr">{inline(text)}</span></figcaption>'
        f'<img width="{picture.width}" height="{picture.height}" alt="{escape(picture.alt)}" '
        f'src="{picture.source}"></figure>'
    )


def wide_figure(caption: str, note: str, picture: Picture, css: str = "wide") -> str:
    """Return a picture as wide as the page, or as its class ``css``, under a caption that is no heading."""
    return (
        f'<figure class="{css}"><figcaption><strong>{inline(caption)}</strong> <span>{inline(note)}</span>'
        f'</figcaption><img width="{picture.width}" height="{picture.height}" alt="{escape(picture.alt)}" '
        f'src="{picture.source}"></figure>'
    )


def link(text: str, anchor: str) -> str:
    """Return a link to a place on the same page, as HTML."""
    return f'<a href="#{anchor}">{inline(text)}</a>'


def _cell(cell: Cell) -> str:
    aside = f" <i>{inline(cell.aside)}</i>" if cell.aside else ""
    language = f' lang="{cell.language}"' if cell.language else ""
    data = "".join(f' data-{part}="{_number(cell.numbers[part])}"' for part in PARTS if part in cell.numbers)
    unit = f' data-unit="{escape(cell.unit)}"' if data and cell.unit else ""
    return f"<td{_css('l' if cell.left else '')}{language}{data}{unit}>{inline(cell.text)}{aside}</td>"


def _number(value: float | str) -> str:
    return escape(value) if isinstance(value, str) else f"{value:.12g}"


def _css(name: str) -> str:
    return f' class="{name}"' if name else ""
