from pathlib import Path
from typing import Any

import nbformat
import pytest
from pages import NOTEBOOK, notebook

from sim.core.errors import SamspelError
from sim.report.gather import report_facts
from sim.report.parameters import check_parameters, default_parameters, given

DEFAULTS: dict[str, Any] = {"case": "nykoping", "replications": 200, "settings": [], "half_width": 1.0}


def test_the_notebook_is_thin() -> None:
    cells = notebook().cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert not any(cell.get("outputs") for cell in cells)
    assert not any(
        word in source for source in code for word in ("def ", "class ", "lambda", "for ", "while ")
    )
    rest = [
        cell.source
        for cell in cells
        if cell.cell_type == "code" and cell.metadata.get("tags") != ["parameters"]
    ]
    assert all(len(source.splitlines()) <= 5 for source in rest)
    assert [cell.metadata.get("tags") for cell in cells].count(["parameters"]) == 1


def test_the_notebooks_parameters_are_those_of_the_facts() -> None:
    assert given({"In": []}, report_facts) == {}
    defaults = default_parameters(NOTEBOOK)
    asked = {
        "case": "nykoping",
        "replications": 200,
        "seed": 1,
        "settings": [],
        "lang": "sv",
        "posterior": "",
    }
    assert defaults == asked
    assert given({**defaults, "page": 1}, report_facts) == defaults


def test_given_values_replace_the_defaults() -> None:
    checked = check_parameters({"replications": 50, "half_width": 2}, DEFAULTS, "report")
    assert checked == {**DEFAULTS, "replications": 50, "half_width": 2}


def test_a_misspelt_parameter_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SamspelError, match=r"'replicatoins'.*Did you mean 'replications'"):
        check_parameters({"replicatoins": 50}, DEFAULTS, "report")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("replications", "50", "a whole number"),
        ("replications", True, "a whole number"),
        ("replications", 50.0, "a whole number"),
        ("case", 480, "a text"),
        ("settings", "co_location.handover_days=10", "a list of texts"),
        ("half_width", "wide", "a number"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(name: str, value: object, allowed: str) -> None:
    with pytest.raises(SamspelError, match=f"{name} = .*Allowed: {allowed}"):
        check_parameters({name: value}, DEFAULTS, "report")


def test_a_parameter_that_bare_papermill_injects_is_refused_inside_the_notebook() -> None:
    cells = ["", 'case = "nykoping"', '# Parameters\ncase = "osby"\nreplicatoins = 50\n']
    with pytest.raises(SamspelError, match="Did you mean 'replications'"):
        given({"In": cells, "case": "osby"}, report_facts)


def test_names_of_ones_own_are_no_parameters() -> None:
    assert given({"In": ["", "mine = 3"], "mine": 3, "seed": 2}, report_facts) == {"seed": 2}


def test_a_notebook_without_parameters_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "empty.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), path)  # type: ignore[no-untyped-call]
    with pytest.raises(SamspelError, match="0 cells tagged parameters"):
        default_parameters(path)
    with pytest.raises(SamspelError, match="cannot be read"):
        default_parameters(tmp_path / "missing.ipynb")
