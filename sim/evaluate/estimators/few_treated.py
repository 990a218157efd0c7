r"""Inference for pooled cohorts where few places are treated: deal the reform to others, many times.

The clustered standard error of a pooled estimator supposes many treated places; with seven it is far too
small, and neighbours that were treated together are one draw of chance, not four. So every case is dealt to a
random group of as many bordering donors, with its own first year, and the estimator is run again: the
distribution under no effect (randomisation inference; Conley and Taber 2011 for the idea of using the many
controls). Interval and p-value follow `sim.evaluate.estimators.placebo`, and so does the comparison of paths
before the start.

Public names: `with_reassignment`, `dealt_points`.
"""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sim.evaluate.estimators.cohorts import CohortFit
from sim.evaluate.estimators.result import INSIDE, Estimate, Point
from sim.evaluate.panels.clusters import Borders, bordering_groups
from sim.evaluate.panels.panel import Panel

_FEW = 20
_MISFIT = "misfit"


def dealt_points(
    panel: Panel,
    clusters: Sequence[Sequence[str]],
    borders: Borders,
    estimator: Callable[[Panel], CohortFit],
    draws: int,
    seed: int = 1,
) -> dict[str, Point]:
    """Return what the estimator finds when the same cases are dealt to others; arguments as below."""
    rng = np.random.default_rng(seed)
    pools = {size: bordering_groups(panel.donors, borders, size) for size in {len(c) for c in clusters}}
    points = {}
    for index in range(draws):
        fit = estimator(_dealt(panel, clusters, pools, rng))
        points[f"deal {index}"] = Point(fit.effect, fit.path, diagnostics={_MISFIT: fit.misfit})
    return points


def with_reassignment(
    panel: Panel,
    clusters: Sequence[Sequence[str]],
    borders: Borders,
    estimator: Callable[[Panel], CohortFit],
    name: str,
    draws: int = 199,
    seed: int = 1,
    known: Mapping[str, Point] | None = None,
) -> Estimate:
    """Estimate the pooled effect with inference over ``draws`` other deals of the same cases.

    Args:
        panel: All treated places and their donors.
        clusters: The treated places of each case; places of one case are dealt together.
        borders: Who borders on whom, for cases of several places.
        estimator: One of `sim.evaluate.estimators.cohorts.COHORT`.
        name: Its name.
        draws: Number of deals.
        seed: Seed of the deals.
        known: `dealt_points`, where another panel with the same donors has given them.
    """
    own = estimator(panel)
    deals = dealt_points(panel, clusters, borders, estimator, draws, seed) if known is None else known
    draws = len(deals)
    effects = np.array([deal.effect for deal in deals.values()])
    misfits = np.array([deal.diagnostics[_MISFIT] for deal in deals.values()])
    sizes = np.sort(np.abs(effects))
    count = math.ceil(INSIDE * (draws + 1))
    margin = float(sizes[count - 1]) if count <= draws else math.inf
    treated = panel.treated
    warnings = [f"{len(treated)} treated places in {len(clusters)} cases: the clustered standard error "
                f"({own.se:.2f}) is not used"] if len(treated) < _FEW else []  # fmt: skip
    return Estimate(
        estimator=name,
        outcome=panel.outcome,
        unit=panel.unit,
        place=", ".join(treated),
        effect=own.effect,
        se=float(np.sqrt(np.mean(effects**2))),
        low=own.effect - margin,
        high=own.effect + margin,
        p_value=float((1 + np.sum(sizes >= abs(own.effect))) / (draws + 1)),
        inference=f"{draws} deals of the same cases to other municipalities",
        path=own.path,
        placebos={label: deal.effect for label, deal in deals.items()},
        pretrend=float((1 + np.sum(misfits >= own.misfit)) / (draws + 1)),
        diagnostics={"clustered_se": own.se},
        warnings=tuple(warnings),
    )


def _dealt(
    panel: Panel,
    clusters: Sequence[Sequence[str]],
    pools: Mapping[int, Sequence[tuple[str, ...]]],
    rng: np.random.Generator,
) -> Panel:
    """Return the panel of donors alone, with every case dealt to a group of them; no place twice."""
    first: dict[str, int] = {}
    for cluster in sorted(clusters, key=len, reverse=True):
        free = [group for group in pools[len(cluster)] if not set(group) & set(first)]
        group = free[int(rng.integers(len(free)))]
        first |= dict(zip(group, (panel.first[place] for place in cluster), strict=True))
    return panel.of([*sorted(first), *(name for name in panel.donors if name not in first)], first)
