"""Make the report of a case: check everything, run what is left, execute the notebook, write the files.

The workbook, the archive of tables and the lines to copy are made from the finished page.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from sim.core.errors import SamspelError, input_error
from sim.core.paths import root
from sim.policy.vintage import stale_warning
from sim.report.files import check_replaceable, report_paths, write_files
from sim.report.parameters import check_parameters, default_parameters
from sim.report.pdf import pdf_problem
from sim.report.words import words

NOTEBOOK = "04_scenario_report.ipynb"
SUMMARY = "summary"  # tag of the notebook's cells that make the two printable pages


def build_report(
    case: str | Path,
    lang: str = "sv",
    out: Path | None = None,
    replications: int | None = None,
    seed: int | None = None,
    settings: Sequence[str] = (),
    processes: int | None = None,
    pdf: bool = False,
    summary: bool = False,
    posterior: str = "",
) -> Path:
    """Write the report of a case, print the paths of its files and return that of the HTML file.

    Beside ``NAME.html`` stand ``NAME.xlsx``, ``NAME-csv.zip`` and ``NAME.txt`` (`sim.report.files`).

    Args:
        case: Name of a case, or the path of a case file.
        lang: Language of the report.
        out: Folder of the report; ``reports/`` in the project folder unless given.
        replications: Number of paired runs; the notebook's own unless given.
        seed: Root of all randomness; the notebook's own unless given.
        settings: Changes of the case, ``lever.setting=value``.
        processes: Number of processes; one per processor unless given.
        pdf: Also write the report as a tagged PDF, where one can be made.
        summary: Also write the two pages of the summary, as HTML and as a PDF.
        posterior: Name of a posterior to draw from; the calibrated draws unless given.

    Raises:
        SamspelError: A parameter, the case or the folder is not allowed; nothing has been written.
    """
    given: dict[str, Any] = {
        "case": _named(case),
        "lang": lang,
        "settings": list(settings),
        "posterior": posterior,
    }
    given |= {
        name: value for name, value in (("replications", replications), ("seed", seed)) if value is not None
    }
    notebook = root() / "notebooks" / NOTEBOOK
    parameters = check_parameters(given, default_parameters(notebook), notebook.name)
    from sim.report.gather import checked_case, run_report  # slow to import
    from sim.report.page import render

    chosen = checked_case(**parameters)
    folder = (root() / "reports" if out is None else Path(out)).absolute()
    _check_writable(folder, "--out")
    _check_writable(root() / "runs", "folder of runs")
    if (pdf or summary) and pdf_problem():
        print(f"samspel: {pdf_problem()}", file=sys.stderr)
    paths = report_paths(folder, chosen.name, lang, pdf and not pdf_problem(), summary)
    check_replaceable(paths)
    stale = stale_warning(chosen.municipalities)
    if stale:
        print(f"samspel: {stale}", file=sys.stderr)
    run_report(**parameters, processes=processes)
    with Console(stderr=True).status("Writing the report"):
        executed = _executed(notebook, parameters)
        page, two_pages = render(executed), render(executed, SUMMARY) if summary else ""
        write_files(page, words(lang), paths, two_pages)
    print(*paths.values(), sep="\n")
    return paths["page"]


def _executed(notebook: Path, parameters: dict[str, Any]) -> Any:
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import execute_notebook

    try:
        return execute_notebook(
            notebook,
            None,
            parameters,
            kernel_name="python3",
            cwd=str(root()),
            progress_bar=False,
            extra_arguments=["--log-level=CRITICAL"],  # else it tells of TCP, and of being told to end
        )
    except PapermillExecutionError as error:
        if error.ename == SamspelError.__name__:
            raise SamspelError(error.evalue) from error
        raise


def _named(case: str | Path) -> str:
    """Return the case's name, or the whole path of a case file, which holds wherever the notebook runs."""
    path = Path(case)
    return str(path.absolute()) if path.suffix in (".yaml", ".yml") else str(case)


def _check_writable(folder: Path, key: str) -> None:
    """Refuse a folder that cannot be written or made, before anything is run, and make none yet."""
    exists = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        tempfile.TemporaryFile(dir=exists).close()
    except OSError as error:
        allowed = "a folder that you may write to"
        raise input_error("report", key, str(folder), f"{allowed} ({error.strerror})") from error
