"""The analysts' notebooks run as they stand, with other parameters, and refuse what they do not know."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from papermill.exceptions import PapermillExecutionError
from shown_sections import run_notebook, sections_of

from sim.core.errors import SamspelError
from sim.core.paths import root
from sim.report.calibration import calibration_found
from sim.report.official_figures import official_figures
from sim.report.parameters import default_parameters, given

NOTEBOOKS: dict[str, Callable[..., Any]] = {
    "02_data.ipynb": official_figures,
    "03_calibration.ipynb": calibration_found,
}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_notebook_is_thin_and_has_the_parameters_of_its_function(name: str) -> None:
    path = root() / "notebooks" / name
    assert set(default_parameters(path)) == set(NOTEBOOKS[name].__annotations__) - {"return"}
    cells = nbformat.read(path, as_version=4).cells  # type: ignore[no-untyped-call]
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    words = ("def ", "class ", "lambda", "for ", "while ", "/", ".csv", ".yaml")
    assert not any(word in source for source in code for word in words)
    assert all(len(source.splitlines()) <= 5 for source in code)
    assert not any("import" in source for source in code[1:])


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_notebook_runs_with_another_municipality_and_each_chart_has_its_table(name: str) -> None:
    executed = run_notebook(root() / "notebooks" / name, {"municipality": "Växjö"})
    shown = sections_of(executed, "_page.")
    assert "Växjö" in shown[0]
    for html in shown:
        images = re.findall(r"<img[^>]*>", html)
        assert all(re.search(r'alt="[^"]{40,}"', image) for image in images)
        assert "<table" in html or not images
    assert not any(
        output.get("name") == "stderr" for cell in executed.cells for output in cell.get("outputs", [])
    )


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_unknown_and_wrong_parameters_are_refused(name: str) -> None:
    function = NOTEBOOKS[name]
    defaults = default_parameters(root() / "notebooks" / name)
    with pytest.raises(SamspelError, match="Did you mean 'municipality'"):
        given({**defaults, "In": ['# Parameters\nmunicipalty = "0480"\n']}, function)
    with pytest.raises(SamspelError, match=r"municipality = 480.*a text"):
        given({**defaults, "municipality": 480}, function)


def test_bare_papermill_is_stopped_inside_the_notebook(tmp_path: Path) -> None:
    with pytest.raises(PapermillExecutionError, match="Did you mean 'folder'"):
        run_notebook(root() / "notebooks" / "03_calibration.ipynb", {"foldr": str(tmp_path)})
