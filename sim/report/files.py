"""The files of a report: the page, and what is made from it. All are made before the first is written.

Public names: `report_paths`, `check_replaceable`, `write_files`.
"""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from sim.core.errors import SamspelError
from sim.core.files import write_whole
from sim.report.pdf import pdf_problem, write_pdf
from sim.report.words import Words

Paths = Mapping[str, Path]


def report_paths(
    folder: Path, name: str, lang: str, pdf: bool = False, summary: bool = False
) -> dict[str, Path]:
    """Return the path of each file of a report, by what it is, the page first.

    Args:
        folder: Folder of the report.
        name: Name of the case.
        lang: Language of the report.
        pdf: Whether the page is written as a PDF too.
        summary: Whether the summary is written, as HTML and, where it can be made, as a PDF.
    """
    stem = name if lang == "sv" else f"{name}-{lang}"
    endings = {"page": ".html", "workbook": ".xlsx", "tables": "-csv.zip", "memo": ".txt"}
    endings |= {"page_pdf": ".pdf"} if pdf else {}
    endings |= {"summary": "-summary.html"} if summary else {}
    endings |= {"summary_pdf": "-summary.pdf"} if summary and not pdf_problem() else {}
    return {kind: folder / f"{stem}{ending}" for kind, ending in endings.items()}


def check_replaceable(paths: Paths) -> None:
    """Refuse a file that another program holds open, before anything is run.

    Raises:
        SamspelError: One of the files is there and cannot be opened for writing.
    """
    for path in paths.values():
        if not path.exists():
            continue
        try:
            path.open("r+b").close()
        except OSError as error:
            raise SamspelError(
                f"{path}: cannot be replaced ({error.strerror or error}). Allowed: a file that no other "
                "program (Excel, for instance) has open. Close it there, or choose another folder with --out."
            ) from error


def write_files(page: str, say: Words, paths: Paths, summary: str = "") -> None:
    """Make every file from the finished page, then put all in place, the page last.

    Args:
        page: The page.
        say: Words of its language.
        paths: Those of `report_paths`.
        summary: The page of the summary, where one is asked for.

    Raises:
        SamspelError: A file cannot be written; it is named, and the old one is whole.
    """
    from sim.report.code_book import write_csv  # slow to import
    from sim.report.page_tables import read_texts
    from sim.report.workbook import write_workbook

    makers: dict[str, Callable[[Path], None]] = {
        "workbook": partial(write_workbook, page, say),
        "tables": partial(write_csv, page, say),
        "memo": partial(_write, "\n\n".join(read_texts(page, "copy")) + "\n"),
        "page_pdf": partial(write_pdf, page),
        "summary_pdf": partial(write_pdf, summary),
        "summary": partial(_write, summary),
        "page": partial(_write, page),
    }
    with tempfile.TemporaryDirectory(prefix="samspel-") as folder:
        made = {kind: Path(folder) / paths[kind].name for kind in makers if kind in paths}
        for kind, path in made.items():
            makers[kind](path)
        for kind, path in made.items():
            write_whole(paths[kind], partial(_copy, path))


def _write(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _copy(made: Path, target: Path) -> None:
    shutil.copyfile(made, target)
