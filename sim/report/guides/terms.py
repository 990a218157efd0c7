"""The glossary as a page, in both languages."""

from sim.data.dictionary import markdown_table
from sim.report.glossary import Term, glossary


def glossary_page() -> str:
    """Return the page of every term, with one meaning each."""
    lines = [
        "# Glossary",
        "",
        "Generated from `sim/report/glossary.yaml` (`samspel odd`); do not edit by hand.",
        "",
        "Each word has one meaning, the same in code, notebooks and reports. A star marks the words that a "
        "report explains to its reader.",
        "",
    ]
    for chapter in glossary():
        lines += [f"## {chapter.title}", ""]
        columns = ("English", "Swedish", "meaning", "betydelse")
        lines += markdown_table(columns, [_row(term) for term in chapter.terms])
    return "\n".join(lines)


def _row(term: Term) -> tuple[str, ...]:
    swedish = f"{term.sv} ({term.also_sv})" if term.also_sv else term.sv
    return f"{term.en}{' *' if term.report else ''}", swedish, term.text_en, term.text_sv
