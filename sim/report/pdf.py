"""The page as a tagged PDF (PDF/UA-1), for paper and for screen readers, by the print styles of the page.

Public names: `write_pdf` and `pdf_problem`.
"""

import hashlib
import importlib
from functools import cache
from pathlib import Path
from typing import Any, Final

VARIANT: Final = "pdf/ua-1"


@cache
def pdf_problem() -> str:
    """Return why no PDF can be made here, in one line, or nothing."""
    try:
        importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:  # OSError where Pango, which it draws with, is missing
        return (
            f"no PDF: {str(error).splitlines()[0]} (WeasyPrint needs Pango). Open the HTML file in a browser "
            "and print it from there; its print style is the same."
        )
    return ""


def write_pdf(page: str, path: Path) -> None:
    """Write a page as a PDF with tags, language, title and the pictures' alternative texts.

    Nothing is fetched from any host. The same page gives the same file.
    """
    weasyprint: Any = importlib.import_module("weasyprint")
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=["data"])
    weasyprint.HTML(string=page, url_fetcher=fetcher).write_pdf(
        path,
        pdf_variant=VARIANT,
        pdf_tags=True,
        pdf_identifier=hashlib.sha256(page.encode()).digest()[:16],
    )
