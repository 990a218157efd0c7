"""Estimators for several treated places with starts of their own, and what two-way fixed effects would mix.

The year before the first whole treated one may be treated in part, so it is taken as anticipation: every
estimator compares with the year before that. The libraries count such a year among those after; the mean
effect here is over whole treated years alone.

Public names: `COHORT`, the estimators by name, `event_study`, `bacon_weights`, `honest_bounds`.
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from diff_diff import BaconDecomposition, CallawaySantAnna, HonestDiD, ImputationDiD, SunAbraham

from sim.evaluate.estimators.result import INSIDE
from sim.evaluate.panels.panel import Panel

ANTICIPATION: Final = 1
"""Years before the first whole treated one that may be treated in part."""


@dataclass(frozen=True)
class CohortFit:
    """A pooled estimate as its library gives it: with a standard error for many treated places.

    Attributes:
        effect: Mean over treated places and their whole treated years.
        se: Clustered by place; far too small where few are treated. Of the imputation estimator it is the
            library's, which counts the year before in.
        path: Effect by year since the first whole treated one; the reference year is 0.
        library: The library's own result.
    """

    effect: float
    se: float
    path: Mapping[int, float]
    library: Any

    @property
    def misfit(self) -> float:
        """Return the root mean square of the differences before the start, anticipation not among them."""
        early = [effect for year, effect in self.path.items() if year < -ANTICIPATION]
        return float(np.sqrt(np.mean(np.square(early)))) if early else float("nan")


def callaway_santanna(panel: Panel, anticipation: int = ANTICIPATION) -> CohortFit:
    """Return the mean of group-time effects against never-treated places (Callaway and Sant'Anna 2021)."""
    estimator = CallawaySantAnna(
        anticipation=anticipation, estimation_method="reg", base_period="universal", alpha=1 - INSIDE
    )
    return _fit(estimator, panel, aggregate="all")


def imputation(panel: Panel, anticipation: int = ANTICIPATION) -> CohortFit:
    """Return the mean gap to what untreated rows impute by place and year (Borusyak and others 2024)."""
    return _fit(ImputationDiD(anticipation=anticipation, alpha=1 - INSIDE), panel, aggregate="event_study")


def event_study(panel: Panel, anticipation: int = ANTICIPATION) -> CohortFit:
    """Return the interaction-weighted event study (Sun and Abraham 2021)."""
    return _fit(SunAbraham(anticipation=anticipation, alpha=1 - INSIDE), panel)


COHORT: Final[Mapping[str, Callable[..., CohortFit]]] = {
    "callaway_santanna": callaway_santanna,
    "imputation": imputation,
    "event_study": event_study,
}
"""Estimators of pooled cohorts, the preferred first."""


def bacon_weights(panel: Panel) -> dict[str, tuple[float, float]]:
    """Return what two-way fixed effects averages: weight and mean effect of each kind of comparison.

    Goodman-Bacon (2021). ``later_vs_earlier`` uses places already treated as controls, which is why two-way
    fixed effects is shown with a warning and never as the answer.
    """
    fit = _quiet(lambda: BaconDecomposition().fit(_frame(panel), **_COLUMNS))
    return {
        "treated_vs_never": (fit.total_weight_treated_vs_never, fit.weighted_avg_treated_vs_never),
        "earlier_vs_later": (fit.total_weight_earlier_vs_later, fit.weighted_avg_earlier_vs_later),
        "later_vs_earlier": (fit.total_weight_later_vs_earlier, fit.weighted_avg_later_vs_earlier),
    }


def honest_bounds(panel: Panel, relative: float = 1.0) -> tuple[float, float] | None:
    """Return the interval when parallel paths may fail by as much as they did before.

    None where so few places are treated that the library's covariance of the years is singular.

    Rambachan and Roth (2023): the change of the difference from year to year after the start is at most
    ``relative`` times the largest before it.
    """
    fit = callaway_santanna(panel).library
    shares = _shares(panel)
    weights = [
        shares.get(int(year), 0.0) for year in sorted(fit.event_study_effects) if year >= -ANTICIPATION
    ]
    method = HonestDiD(method="relative_magnitude", M=relative, alpha=1 - INSIDE, l_vec=weights)
    try:
        bounds = _quiet(lambda: method.fit(fit))
    except ValueError as error:
        if "singular" not in str(error):
            raise
        return None
    return float(bounds.ci_lb), float(bounds.ci_ub)


_COLUMNS: Final = {"outcome": "value", "unit": "place", "time": "period", "first_treat": "first"}


def _fit(estimator: Any, panel: Panel, **options: Any) -> CohortFit:
    fit = _quiet(lambda: estimator.fit(_frame(panel), **_COLUMNS, **options))
    path = {int(year): float(row["effect"]) for year, row in sorted(fit.event_study_effects.items())}
    shares = _shares(panel)
    effect = sum(share * path[year] for year, share in shares.items())
    return CohortFit(effect, _clustered(fit, shares), path, fit)


def _shares(panel: Panel) -> dict[int, float]:
    """Return the share of treated place-years in each year since the first whole treated one."""
    counts: dict[int, int] = {}
    for start in panel.first.values():
        for period in panel.periods:
            if period >= start and period not in panel.left_out:
                counts[period - start] = counts.get(period - start, 0) + 1
    return {year: count / sum(counts.values()) for year, count in sorted(counts.items())}


def _clustered(fit: Any, shares: Mapping[int, float]) -> float:
    """Return the standard error of the mean effect, from the library's covariance of the years' effects."""
    covariance = getattr(fit, "event_study_vcov", None)
    if covariance is None:
        return float(fit.overall_se)
    weights = np.array([shares.get(int(year), 0.0) for year in fit.event_study_vcov_index])
    return float(np.sqrt(weights @ np.asarray(covariance) @ weights))


def _frame(panel: Panel) -> pd.DataFrame:
    return pd.DataFrame(panel.long().to_dict(as_series=False))


def _quiet(fit: Callable[[], Any]) -> Any:
    """Return a fit without the library's hints; what matters of them is in our own warnings."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return fit()
