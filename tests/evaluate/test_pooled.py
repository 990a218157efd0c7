"""Pooled cases: places of one case are dealt together, and what may not be pooled is refused."""

import numpy as np
import pytest

from sim.core.errors import SamspelError
from sim.evaluate.estimators.cohorts import COHORT, callaway_santanna, honest_bounds
from sim.evaluate.estimators.few_treated import with_reassignment
from sim.evaluate.ex_post.pooled import evaluate_pooled
from sim.evaluate.panels.designs import borders, case_design
from sim.evaluate.panels.official import cohort_panel
from sim.evaluate.panels.panel import Panel
from sim.policy.case import load_case

CASES = ("monsteras", "falkoping", "osby", "sydostra-skane")


def test_the_usual_standard_error_is_not_used_for_seven_treated() -> None:
    designs = [case_design(load_case(name)) for name in CASES]
    panel = cohort_panel(designs)
    clusters = [design.treated for design in designs]
    found = with_reassignment(panel, clusters, borders(), callaway_santanna, "callaway_santanna", draws=19)
    assert "7 treated places in 4 cases" in found.warnings[0]
    assert found.se > found.diagnostics["clustered_se"]
    assert found.low < 0 < found.high and len(found.placebos) == 19
    again = with_reassignment(panel, clusters, borders(), callaway_santanna, "callaway_santanna", draws=19)
    assert again.placebos == found.placebos


def test_a_deal_keeps_each_case_together_and_treats_nobody_that_is() -> None:
    designs = [case_design(load_case(name)) for name in CASES]
    panel = cohort_panel(designs)
    seen = []

    def spy(dealt: object) -> object:
        seen.append(dealt)
        return callaway_santanna(dealt)  # type: ignore[arg-type]

    with_reassignment(panel, [d.treated for d in designs], borders(), spy, "spy", draws=3)  # type: ignore[arg-type]
    for dealt in seen[1:]:
        assert sorted(dealt.first.values()) == sorted(panel.first.values())  # type: ignore[attr-defined]
        assert not set(dealt.places) & set(panel.treated)  # type: ignore[attr-defined]
        together = [place for place, year in dealt.first.items() if year == 2019]  # type: ignore[attr-defined]
        touching = sum(bool(set(borders()[place]) & set(together)) for place in together)
        assert touching >= 4  # the four of south-east Skåne; Osby's stand-in may lie anywhere
    assert not np.isnan(seen[0].values).any()  # type: ignore[attr-defined]


def test_one_case_and_a_municipality_treated_twice_are_refused() -> None:
    osby = load_case("osby")
    with pytest.raises(SamspelError, match="two cases or more"):
        evaluate_pooled([osby])
    with pytest.raises(SamspelError, match="1273 is treated in two of the cases"):
        evaluate_pooled([osby, osby])


@pytest.mark.parametrize("name", list(COHORT))
@pytest.mark.parametrize("anticipation", [0, 1])
def test_the_year_before_is_not_averaged_in(name: str, anticipation: int) -> None:
    rng = np.random.default_rng(1)
    places, periods = tuple(f"p{row}" for row in range(30)), tuple(range(2010, 2020))
    values = 10 + rng.normal(0, 0.001, (30, 10))
    first = {"p0": 2017, "p1": 2017, "p2": 2018}
    for place, year in first.items():
        values[places.index(place), periods.index(year) :] -= 3
    panel = Panel("outcome", "points", places, periods, values, first, np.ones(30))
    fit = COHORT[name](panel, anticipation=anticipation)
    assert fit.effect == pytest.approx(-3.0, abs=0.01)
    if anticipation == 0:
        assert fit.effect == pytest.approx(fit.library.overall_att, abs=1e-9)


def test_two_treated_places_are_too_few_for_honest_bounds_and_do_not_break() -> None:
    assert (
        honest_bounds(cohort_panel([case_design(load_case(name)) for name in ("osby", "falkoping")])) is None
    )
    assert honest_bounds(cohort_panel([case_design(load_case(name)) for name in CASES])) is not None
