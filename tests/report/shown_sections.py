"""Run a notebook and return what its sections show, each in HTML."""

from pathlib import Path
from typing import Any

from papermill.execute import execute_notebook

from sim.core.paths import root


def shown_sections(notebook: Path, parameters: dict[str, Any]) -> list[str]:
    """Return the HTML of every section, one for each cell that draws what was found."""
    executed: Any = execute_notebook(
        notebook, None, parameters,
        kernel_name="python3", cwd=str(root()), progress_bar=False, extra_arguments=["--log-level=CRITICAL"],
    )  # fmt: skip
    shown = [
        output.data["text/html"]
        for cell in executed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "data" in output
    ]
    assert len(shown) == sum("(found)" in cell.source for cell in executed.cells)
    return shown
