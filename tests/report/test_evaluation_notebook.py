"""The evaluation notebook runs for another case in one command, and its sections say what was found."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from papermill.execute import execute_notebook

from sim.core.errors import SamspelError
from sim.core.paths import root
from sim.report.evaluation import evaluation_found
from sim.report.parameters import default_parameters

NOTEBOOK = root() / "notebooks" / "06_evaluation.ipynb"


def test_the_notebook_has_the_parameters_of_its_function_and_no_loops() -> None:
    assert set(default_parameters(NOTEBOOK)) == set(evaluation_found.__annotations__) - {"return"}
    cells = nbformat.read(NOTEBOOK, as_version=4).cells  # type: ignore[no-untyped-call]
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert not any(
        word in source for source in code for word in ("def ", "class ", "lambda", "for ", "while ")
    )


def test_the_notebook_runs_for_osby_in_english() -> None:
    executed: Any = execute_notebook(
        NOTEBOOK, None, {"case": "osby", "draws": 20, "lang": "en", "estimator": "synthetic_control"},
        kernel_name="python3", cwd=str(root()), progress_bar=False, extra_arguments=["--log-level=CRITICAL"],
    )  # fmt: skip
    shown = [
        output.data["text/html"]
        for cell in executed.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "data" in output
    ]
    assert len(shown) == sum("_page." in cell.source for cell in executed.cells)
    answer, plan, *_ = shown
    assert "Osby" in answer and "four times in five" in answer
    assert "first whole year 2019" in plan and "2018 is treated in part and left out" in plan
    for html in shown:
        images = re.findall(r"<img[^>]*>", html)
        assert all(re.search(r'alt="[^"]{40,}"', image) for image in images)
        assert "<table" in html or not images


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"case": "falkopng"}, "Did you mean 'falkoping'"),
        ({"estimator": "sythetic_did"}, "Did you mean 'synthetic_did'"),
        ({"lang": "fi"}, "lang = 'fi'"),
        ({"draws": 3}, "at least 20"),
        ({"outcome": "bas_unemployed"}, "Needed"),
        ({"case": "nykoping", "last": 2021}, "Needed: SCB STATIV"),
        ({"file": "borta.csv"}, "no such file"),
    ],
)
def test_bad_parameters_are_told(change: dict[str, Any], said: str) -> None:
    with pytest.raises(SamspelError, match=re.escape(said)):
        evaluation_found(**{"case": "falkoping", **change})


def test_a_plan_for_another_case_is_refused(tmp_path: Path) -> None:
    from sim.evaluate.ex_post.evaluation import plan_of
    from sim.evaluate.ex_post.plan import seal_plan
    from sim.policy.case import load_case

    path = tmp_path / "plan.yaml"
    seal_plan(plan_of(load_case("osby"), "stativ_share", "difference", 2019), path, "2026-11-28")
    with pytest.raises(SamspelError, match="is a plan for osby"):
        evaluation_found("falkoping", plan=str(path))
