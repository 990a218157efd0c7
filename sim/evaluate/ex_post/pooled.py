"""Several cases pooled: one mean effect, with inference for few treated places.

Public names: `Pooled`, `evaluate_pooled`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sim.core.errors import SamspelError
from sim.evaluate.estimators.cohorts import COHORT, bacon_weights, honest_bounds
from sim.evaluate.estimators.few_treated import with_reassignment
from sim.evaluate.estimators.result import Estimate
from sim.evaluate.panels.designs import borders, case_design
from sim.evaluate.panels.official import PRIMARY_LAST, cohort_panel
from sim.evaluate.panels.panel import Panel
from sim.evaluate.power.standing import warnings_of
from sim.policy.case import Case

DEALS = {"callaway_santanna": 199, "imputation": 99, "event_study": 99}
"""Deals of the cases to other places; the slower estimators have fewer."""


@dataclass(frozen=True)
class Pooled:
    """What pooled cases show.

    Attributes:
        panel: All treated municipalities and those that no case bars.
        estimates: One for each of `COHORT`, the preferred first.
        two_way: Weight and mean effect of each comparison that two-way fixed effects averages.
        bounds: Interval when parallel paths may fail as much as they did before; None where too few are
            treated to say.
    """

    panel: Panel
    estimates: tuple[Estimate, ...]
    two_way: Mapping[str, tuple[float, float]]
    bounds: tuple[float, float] | None

    @property
    def two_way_effect(self) -> float:
        """Return what two-way fixed effects gives, which is never the answer."""
        return sum(weight * effect for weight, effect in self.two_way.values())


def evaluate_pooled(
    cases: Sequence[Case], outcome: str = "stativ_share", last: int = PRIMARY_LAST, deals: int | None = None
) -> Pooled:
    """Estimate the mean effect of several cases.

    Args:
        cases: At least two cases; places of one are dealt together.
        outcome: The statistic.
        last: Last year used.
        deals: Deals for inference; `DEALS` unless given.

    Raises:
        SamspelError: There are fewer than two cases, or two cases treat one municipality.
    """
    if len(cases) < 2:
        raise SamspelError("evaluate: --pool needs another case. Allowed: two cases or more.")
    designs = [case_design(case) for case in cases]
    clusters = [design.treated for design in designs]
    twice = {code for one in clusters for code in one if sum(code in other for other in clusters) > 1}
    if twice:
        raise SamspelError(
            f"evaluate: {', '.join(sorted(twice))} is treated in two of the cases. "
            "Allowed: each municipality once."
        )
    panel = cohort_panel(designs, outcome, last)
    found = (
        with_reassignment(panel, clusters, borders(), estimator, name, deals or DEALS[name])
        for name, estimator in COHORT.items()
    )
    estimates = tuple(replace(one, warnings=(*one.warnings, *warnings_of(one.estimator))) for one in found)
    return Pooled(panel, estimates, bacon_weights(panel), honest_bounds(panel))
