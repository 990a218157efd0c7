"""The generated pages of `docs/`: written from code, parameters, data and words, and never by hand.

Public names: `pages`, `stale_pages` and `write_pages`.
"""

from pathlib import Path

from sim.core.files import write_text
from sim.core.paths import root
from sim.data import dictionary
from sim.report.guides.odd import odd_page
from sim.report.guides.terms import glossary_page
from sim.report.guides.values import parameter_page


def pages() -> dict[Path, str]:
    """Return the text of every generated page by its path."""
    docs = root() / "docs"
    return {
        docs / "odd.md": odd_page(),
        docs / "parameters.md": parameter_page(),
        docs / "glossary.md": glossary_page(),
        **dictionary.pages(),
    }


def stale_pages() -> dict[Path, str]:
    """Return the pages whose files are missing or say something else, with the text that they should have."""
    return {
        path: text
        for path, text in pages().items()
        if not path.exists() or path.read_bytes() != text.encode("utf-8")
    }


def write_pages() -> list[Path]:
    """Write the pages that are not current; return which."""
    return [write_text(path, text) for path, text in stale_pages().items()]
