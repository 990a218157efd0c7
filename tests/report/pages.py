"""Pages for the tests: the notebook's own section cells, run on invented facts."""

import ast
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat

from sim.core.paths import root
from sim.report import appendix, detail, fit_card, memo, places, reading, summary
from sim.report.context import Context
from sim.report.facts import ReportFacts
from sim.report.page import render

NOTEBOOK = root() / "notebooks" / "04_scenario_report.ipynb"


def notebook() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)  # type: ignore[no-untyped-call]


def page_of(facts: ReportFacts, lang: str = "sv", only: str = "") -> str:
    """Return the page that the notebook would make of these facts, or the part of it with a tag."""
    executed = notebook()
    parts = (appendix, detail, fit_card, memo, places, reading, summary)
    names = {**{part.__name__.rsplit(".", 1)[1]: part for part in parts}, "page": Context(facts, lang)}
    for cell in executed.cells:
        if cell.cell_type == "code" and "(page)" in cell.source:
            section = eval(ast.unparse(ast.parse(cell.source, mode="eval")), names)
            data, metadata = section._repr_mimebundle_()
            shown = {"output_type": "display_data", "data": data, "metadata": metadata}
            cell.outputs = [nbformat.from_dict(shown)]  # type: ignore[no-untyped-call]
    return render(executed, only)


def write_page(facts: ReportFacts, folder: Path, lang: str = "sv") -> Path:
    path = folder / "report.html"
    path.write_text(page_of(facts, lang), encoding="utf-8")
    return path


class Reader(HTMLParser):
    """Collects what the tests ask of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._quiet = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._quiet += tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._quiet -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self._quiet:
            self.text.append(data)


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def plain(html: str) -> str:
    """Return what is read on a page."""
    return re.sub(r"\s+", " ", " ".join(read(html).text))
