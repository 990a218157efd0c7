"""A report from nothing and from a finished store, and where the time of the second goes."""

import sys
import tempfile
import time
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.labels import NOTHING, STORED
from benchmarks.records import Fact, Sample
from benchmarks.session import CHECKOUT, Session, in_fresh_process, run_and_read

CASE = "nykoping"


def reports(session: Session) -> list[Sample]:
    """Return the wall seconds of `samspel report nykoping`, and its parts when the store is finished."""
    sizes = session.sizes
    number = sizes.report_replications
    nothing: list[float] = []
    stored: list[float] = []
    parts: dict[str, list[float]] = {}
    for turn in range(sizes.report_turns):
        with tempfile.TemporaryDirectory() as folder:
            home = _home(Path(folder))
            session.turn(f"{NOTHING}, turn {turn + 1} of {sizes.report_turns}")
            nothing.append(_report(home, number))
            session.turn(f"{STORED}, turn {turn + 1} of {sizes.report_turns}")
            stored.append(_report(home, number))
            found = in_fresh_process("benchmarks.reports", "parts_of_a_report", home=str(home), number=number)
            for part, seconds in found.items():
                parts.setdefault(part, []).append(seconds)
    facts: dict[str, Fact] = {"case": CASE, "replications": number, "compiled": "warm"}
    return [
        Sample(label=NOTHING, unit="s", values=tuple(nothing), facts=facts),
        Sample(label=STORED, unit="s", values=tuple(stored), facts=facts),
        *(Sample(label=f"part: {part}", unit="s", values=tuple(v), facts=facts) for part, v in parts.items()),
    ]


def _home(folder: Path) -> Path:
    """Return a project folder with the checkout's data and notebooks, and runs of its own."""
    for name in ("data", "params", "notebooks"):
        (folder / name).symlink_to(CHECKOUT / name)
    return folder


def _report(home: Path, number: int) -> float:
    command = [sys.executable, "-m", "sim", "report", CASE, "--replications", str(number)]
    began = time.perf_counter()
    run_and_read([*command, "--out", str(home / "out")], {"SAMSPEL_HOME": str(home)})
    return time.perf_counter() - began


def parts_of_a_report(home: str, number: int) -> dict[str, float]:
    """Make the report as the command does, step by step, and return the seconds of each.

    Cells are timed by papermill, in the kernel's own process.
    """
    import os

    os.environ["SAMSPEL_HOME"] = home
    times = [("", time.perf_counter())]

    def done(part: str) -> None:
        times.append((part, time.perf_counter()))

    from sim.report.parameters import check_parameters, default_parameters

    notebook = Path(home) / "notebooks" / "04_scenario_report.ipynb"
    parameters = check_parameters(
        {"case": CASE, "replications": number}, default_parameters(notebook), notebook.name
    )
    done("command: reading the notebook's parameters")
    import sim.report.gather as gather

    done("command: importing the model and the analysis")
    gather.run_report(**parameters)
    done("command: checking the case and the store")
    from papermill.execute import execute_notebook

    done("command: importing papermill")
    executed = execute_notebook(
        notebook, None, parameters, kernel_name="python3", progress_bar=False, cwd=home,
        extra_arguments=["--log-level=CRITICAL"],
    )  # fmt: skip
    done("notebook")
    from sim.report.page import render

    done("command: importing nbconvert")
    render(executed)
    done("command: rendering the page")
    seconds = {part: end - start for (_, start), (part, end) in pairwise(times)}
    whole = seconds.pop("notebook")
    cells = _cells(executed)
    seconds["notebook: starting and ending the kernel"] = whole - sum(cells.values())
    return seconds | cells


def _cells(notebook: Any) -> dict[str, float]:
    """Return the seconds of the notebook's imports, of its facts, and of the sections and pictures."""
    found = {
        "notebook: imports": 0.0,
        "notebook: gathering facts": 0.0,
        "notebook: sections and pictures": 0.0,
    }
    for cell in notebook.cells:
        about = cell.metadata.get("papermill", {})
        if cell.cell_type != "code" or not about.get("end_time"):
            continue
        begun, ended = (datetime.fromisoformat(about[key]) for key in ("start_time", "end_time"))
        text = cell.source
        kind = (
            "imports" if text.startswith(("from ", "import "))
            else "gathering facts" if "report_facts(" in text
            else "sections and pictures"
        )  # fmt: skip
        found[f"notebook: {kind}"] += (ended - begun).total_seconds()
    return found
