"""The sensitivity notebook: its parameters, its charts with the same numbers in tables, what it may say."""

import re
from typing import Any

import nbformat
import numpy as np
import polars as pl
import pytest
from shown_sections import shown_sections

from sim.calibrate.sensitivity.needed import needed_of
from sim.calibrate.sensitivity.result import read_estimates
from sim.calibrate.sensitivity.shares import by_grade
from sim.core.errors import SamspelError
from sim.core.paths import root
from sim.policy.priors import load_priors
from sim.report import sensitivity_page
from sim.report.parameters import default_parameters
from sim.report.sensitivity import SensitivityFound, sensitivity_found

NOTEBOOK = root() / "notebooks" / "07_sensitivity.ipynb"
OVER = {prior.name: prior for prior in load_priors() if "handover_days" in prior.name}


def made(gain: float) -> SensitivityFound:
    """Return what is kept of Nyköping, with draws made up of what a payer gains."""
    rng = np.random.default_rng(4)
    number = np.arange(100)
    days = {name: rng.uniform(10.0, 60.0, 100) for name in OVER}
    gains = gain - 2.0 * days[next(iter(OVER))] + rng.normal(0, 10, 100)
    values = pl.concat(
        pl.DataFrame({"draw": number, "outcome": [f"{kind}_municipality"] * 100, "value": value})
        for kind, value in (("net", gains - 100.0), ("spending", np.full(100, 100.0)))
    )
    needed = needed_of("nykoping", "municipality", 48, values, pl.DataFrame({"draw": number, **days}), OVER)
    parameters, quality = read_estimates("nykoping")
    return SensitivityFound("nykoping", parameters, by_grade(parameters), quality, needed, True)


def test_the_notebook_has_the_parameters_of_its_function_and_no_loops() -> None:
    assert set(default_parameters(NOTEBOOK)) == set(sensitivity_found.__annotations__) - {"return"}
    cells = nbformat.read(NOTEBOOK, as_version=4).cells  # type: ignore[no-untyped-call]
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert not any(
        word in source for source in code for word in ("def ", "class ", "lambda", "for ", "while ")
    )


@pytest.mark.slow
def test_the_notebook_runs_in_little() -> None:
    parameters = {
        "run": True, "points": 40, "trajectories": 2, "draws": 20, "size": 300, "settings": ["horizon=6"],
    }  # fmt: skip
    assert shown_sections(NOTEBOOK, parameters)


def test_each_section_draws_with_words_and_a_table_of_the_same_numbers() -> None:
    found = made(150.0)
    for draw in (sensitivity_page.tornado, sensitivity_page.shares, sensitivity_page.grades):
        html = draw(found).html
        alts = re.findall(r'<img[^>]*alt="([^"]{40,})"', html)
        assert len(alts) == html.count("<img") == len(set(alts)) == found.quality.height
        assert html.count("<details>") == len(alts)
    share = found.grades.filter(indicator="employed", grade="chance")["share"][0]
    assert f"chance of one town</th><td>{100 * share:.0f} %" in sensitivity_page.grades(found).html
    tornado = sensitivity_page.tornado(found).html
    assert "0 of the numbers move it beyond chance" in tornado and "5 of the numbers" in tornado
    assert "25 % on what the case leaves open; 43 % is chance" in sensitivity_page.answer(found).html


def test_what_must_be_true_is_drawn_with_its_numbers() -> None:
    html = sensitivity_page.must_be_true(made(170.0)).html
    assert re.search(r'<img[^>]*alt="[^"]{40,}"', html) and "<details>" in html
    assert "at most 3" in html, "the hand-over that pays is near 35 days"
    assert "does not tell them apart" in html
    never = sensitivity_page.must_be_true(made(-500.0)).html
    assert "it pays for the municipality in 0 % of the draws" in never
    assert "no effect is large enough" in never and "nearly all draws are alike" in never


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"case": "nykopng"}, "Did you mean 'nykoping'"),
        ({"case": "osby"}, "sensitivity CASE --write has been run for"),
        ({"payer": "stat"}, "Did you mean 'state'"),
        ({"over": ["handover_days_apar"]}, "Did you mean 'handover_days_apart'"),
        ({"draws": 3}, "at least 20"),
        ({"size": 300}, "run = True with settings or size"),
    ],
)
def test_bad_parameters_are_told(change: dict[str, Any], said: str) -> None:
    with pytest.raises(SamspelError, match=re.escape(said)):
        sensitivity_found(**{"case": "nykoping", **change})
