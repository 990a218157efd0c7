"""Run a notebook, and return what its sections show, each in HTML."""

from pathlib import Path
from typing import Any

from papermill.execute import execute_notebook

from sim.core.paths import root


def run_notebook(notebook: Path, parameters: dict[str, Any]) -> Any:
    """Run a notebook in the project folder, and return it with its outputs."""
    return execute_notebook(
        notebook, None, parameters,
        kernel_name="python3", cwd=str(root()), progress_bar=False, extra_arguments=["--log-level=CRITICAL"],
    )  # fmt: skip


def shown_sections(notebook: Path, parameters: dict[str, Any]) -> list[str]:
    """Return the HTML of every section, one for each cell that draws what was found."""
    return sections_of(run_notebook(notebook, parameters), "(found)")


def sections_of(executed: Any, drawing: str) -> list[str]:
    """Return the HTML of every section of a run notebook, one for each cell that has ``drawing`` in it."""
    shown = [
        output.data["text/html"]
        for cell in executed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "data" in output
    ]
    assert len(shown) == sum(drawing in cell.source for cell in executed.cells)
    return shown
