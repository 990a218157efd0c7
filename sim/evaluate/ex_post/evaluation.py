"""Evaluate a case on official figures: estimates, what could have been seen, and the model's own prediction.

Public names: `Evaluation`, `evaluate_case`, `detectable_effect`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import polars as pl

from sim.core.errors import input_error
from sim.evaluate.estimators.one_place import OVER_TIME, estimated
from sim.evaluate.estimators.placebo import placebo_in_time, with_placebos
from sim.evaluate.estimators.result import Estimate
from sim.evaluate.estimators.single import SINGLE, tuned
from sim.evaluate.ex_post.plan import Plan
from sim.evaluate.panels.designs import CaseDesign, case_design, spill_designs
from sim.evaluate.panels.official import case_panel
from sim.evaluate.panels.panel import Panel
from sim.evaluate.power.standing import warnings_of
from sim.policy.case import Case

PRIMARY: Final = "prepath_regression"
"""The estimator of the verdict unless a plan says another: it had the smallest spread of placebos."""
RULE: Final = (
    "An effect is claimed only where the placebo interval of the sealed estimator leaves zero out; otherwise "
    "the answer is that it cannot be said, with the smallest effect that could have been seen."
)
_POWER = 0.80
_TEST = 0.95
_STEPS = 400
_SPILL: Final = "prepath_regression"


@dataclass(frozen=True)
class Evaluation:
    """All that an evaluation found.

    Attributes:
        case: The case.
        design: The comparison.
        panel: The panel of the outcome.
        plan: What was sealed, or what was done where nothing was.
        sealed_on: Day of the seal; None where there was none.
        deviations: What was done otherwise than sealed, by field: (sealed, done).
        estimates: All estimators, that of the verdict first.
        in_time: Effects "found" at earlier starts by the estimator of the verdict.
        spill: Estimates for the border neighbours.
        detectable: The smallest effect that the test would have seen four times in five.
    """

    case: Case
    design: CaseDesign
    panel: Panel
    plan: Plan
    sealed_on: str | None
    deviations: Mapping[str, tuple[object, object]]
    estimates: tuple[Estimate, ...]
    in_time: Mapping[int, float]
    spill: tuple[Estimate, ...]
    detectable: float

    @property
    def main(self) -> Estimate:
        """Return the estimate that the verdict rests on."""
        return self.estimates[0]


def plan_of(case: Case, outcome: str, estimator: str, last: int, smallest: float = 0.0) -> Plan:
    """Return the plan that options make, before any outcome is read.

    Raises:
        SamspelError: The estimator is unknown.
    """
    if estimator not in SINGLE:
        raise input_error("evaluate", "--design", estimator, "one of " + ", ".join(SINGLE), SINGLE)
    design = case_design(case)
    return Plan(case.name, outcome, estimator, last, tuple(design.donors), smallest, RULE)


def evaluate_case(
    case: Case,
    plan: Plan,
    rows: pl.DataFrame | None = None,
    sealed: Plan | None = None,
    sealed_on: str | None = None,
    others: Sequence[str] = tuple(SINGLE),
) -> Evaluation:
    """Estimate a case's effect as a plan says, with every other estimator beside it.

    Args:
        case: The case.
        plan: What to do.
        rows: The user's own outcome (``place``, ``period``, ``value``) instead of the official one.
        sealed: The sealed plan, where there is one; differences are listed.
        sealed_on: Its day.
        others: Estimators to show beside.

    Raises:
        SamspelError: There is no panel for it.
    """
    design = case_design(case)
    panel = case_panel(design, plan.outcome, plan.last, rows)
    names = [plan.estimator, *(name for name in (*others, *OVER_TIME) if name != plan.estimator)]
    found = [estimated(name, panel) for name in names]
    spill = [
        with_placebos(case_panel(one, plan.outcome, plan.last, rows), SINGLE[_SPILL], _SPILL)
        for one in spill_designs(case, design)
    ]
    return Evaluation(
        case=case,
        design=design,
        panel=panel,
        plan=plan,
        sealed_on=sealed_on,
        deviations=sealed.deviations(plan) if sealed else {},
        estimates=tuple(_warned(one) for one in found),
        in_time=placebo_in_time(panel, tuned(plan.estimator, panel)),
        spill=tuple(spill),
        detectable=detectable_effect(list(found[0].placebos.values())),
    )


def _warned(estimate: Estimate) -> Estimate:
    """Return the estimate with the warning that its estimator carries."""
    return replace(estimate, warnings=(*estimate.warnings, *warnings_of(estimate.estimator)))


def detectable_effect(placebos: Sequence[float], power: float = _POWER) -> float:
    r"""Return the smallest effect that a two-sided 5 % placebo test would refuse to call none, so often.

    The smallest :math:`\delta` with :math:`P(|\delta + e| > q) \ge 0.8`, :math:`e` the placebos taken with
    both signs and :math:`q` the 95 % quantile of their size.
    """
    errors = np.abs(np.asarray(placebos, dtype=np.float64))
    both = np.concatenate([errors, -errors])
    limit = float(np.quantile(errors, _TEST))
    sizes = np.linspace(0, 4 * limit, _STEPS + 1)
    seen = np.array([np.mean(np.abs(size + both) > limit) for size in sizes])
    return float(sizes[int(np.argmax(seen >= power))])
