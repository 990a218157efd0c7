"""Fit cards as files of their own, in the reports' theme.

Public names: `card_page` and `write_cards`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_notebook

from sim.core.files import write_text
from sim.core.paths import root
from sim.report.fit_card import fit_card
from sim.report.fit_facts import FitFacts, fit_facts
from sim.report.markup import PAGE_TYPE, Section, section
from sim.report.page import render
from sim.report.words import Words, words


def write_cards(
    codes: Sequence[str], folder: Path | None = None, out: Path | None = None, lang: str = "sv"
) -> list[Path]:
    """Write the card of each municipality as ``fit-<code>.html`` and return the paths.

    Args:
        codes: Municipality codes.
        folder: Folder of the estimates; ``params/estimates`` unless given.
        out: Folder of the cards; ``reports/`` unless given.
        lang: Language of the cards.

    Raises:
        SamspelError: An estimate is damaged, or a file cannot be written.
    """
    to = root() / "reports" if out is None else out
    pages = [card_page(fit_facts(code, folder, lang=lang), lang) for code in codes]
    return [write_text(to / f"fit-{code}.html", page) for code, page in zip(codes, pages, strict=True)]


def card_page(card: FitFacts, lang: str = "sv") -> str:
    """Return a municipality's card as one HTML page."""
    say = words(lang)
    top = f'<div class="top"><span><b>{say("page.brand")}</b> · {say("card.page.kind")}</span></div>'
    parts = (section(top, notes=_notes(card, say)), section(*fit_card(card, say, 1), css="card"))
    cells = [_cell(part, tags) for part, tags in zip(parts, (["header"], []), strict=True)]
    return render(new_notebook(cells=cells))  # type: ignore[no-untyped-call]


def _notes(card: FitFacts, say: Words) -> dict[str, str]:
    title = say("card.page.title", name=card.name)
    return {
        "lang": say.language,
        "title": title,
        "skip": say("card.page.skip"),
        "skip_to": f"passning-{card.code}",
        "running": say("page.running", place=card.name),
        "page_of": say("page.page_of"),
        "of": say("page.of"),
    }


def _cell(part: Section, tags: list[str]) -> Any:
    output = {
        "output_type": "display_data",
        "data": {PAGE_TYPE: part.html},
        "metadata": {PAGE_TYPE: part.notes},
    }
    shown = from_dict(output)  # type: ignore[no-untyped-call]
    return new_code_cell(outputs=[shown], metadata={"tags": tags})  # type: ignore[no-untyped-call]
