"""The evaluation notebook runs for another case in one command, and its sections say what was found."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import numpy as np
import polars as pl
import pytest
from shown_sections import shown_sections

from sim.core.errors import SamspelError
from sim.core.paths import root
from sim.evaluate.ex_post.pooled import Pooled, evaluate_pooled
from sim.evaluate.power.study import Run, Study
from sim.evaluate.power.trials import Trials
from sim.policy.case import load_case
from sim.report import evaluation_around
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
    shown = shown_sections(
        NOTEBOOK, {"case": "osby", "draws": 20, "lang": "en", "estimator": "synthetic_control"}
    )
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
        ({"trials": 3}, "0 or at least 20"),
        ({"pool": "osby, monstras"}, "Did you mean 'monsteras'"),
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


def test_pooled_cases_and_power_are_drawn_with_the_same_numbers_in_a_table() -> None:
    run = Run(1, 3, _trials(), pl.DataFrame())
    study = Study("osby", "one", "points", 23, 1.0, None, (run,))
    found = SimpleNamespace(
        power=study, pooled=evaluate_pooled(list(map(load_case, ("osby", "falkoping"))), deals=9)
    )
    for draw in (evaluation_around.power, evaluation_around.pooled):
        html = draw(found).html  # type: ignore[arg-type]
        assert re.search(r'alt="[^"]{40,}"', html) and "<table" in html
    power = evaluation_around.power(found).html  # type: ignore[arg-type]
    assert "difference" in power and f"{run.trials.detectable('difference'):.2g}"[:3] in power
    pooled = evaluation_around.pooled(found).html  # type: ignore[arg-type]
    assert "2 municipalities against" in pooled and "2 treated places in 2 cases" in pooled


def _trials() -> Trials:
    rng = np.random.default_rng(1)
    rows = [
        {
            "draw": draw, "estimator": "difference", "arm": arm, "truth": truth, "effect": truth + error,
            "se": 0.5,
            "low": truth + error - 0.8, "high": truth + error + 0.8, "p_value": 0.3, "limit": 1.0,
        }
        for draw, error in enumerate(rng.normal(0, 0.5, 40))
        for arm, truth in (("none", 0.0), ("reform", -1.0))
    ]  # fmt: skip
    return Trials(pl.DataFrame(rows))


def _pooled() -> Pooled:
    return evaluate_pooled([load_case(name) for name in ("osby", "falkoping")], deals=9)
