r"""Inference for one treated place: the same estimator on every donor as if it had been treated.

If the place treated is one of the units at random, or is at least exchangeable with them, its effect is one
of :math:`n + 1` draws when nothing happened. So :math:`p = (1 + \#\{|\hat\tau_j| \ge |\hat\tau|\})/(n + 1)`,
and the interval holds every :math:`\tau` that such a test does not refuse: :math:`\hat\tau \pm q`, with
:math:`q` the :math:`\lceil 0.9 (n + 1) \rceil`-th smallest :math:`|\hat\tau_j|` (Abadie, Diamond and
Hainmueller 2010; Firpo and Possebom 2018, with a constant effect). The standard error is the root mean square
of the placebos.

Public names: `with_placebos`, `placebo_points`, `placebo_in_time`.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np

from sim.core.errors import SamspelError
from sim.evaluate.estimators.result import INSIDE, Estimate, Point
from sim.evaluate.panels.panel import Panel

Estimator = Callable[[Panel], Point]
_FEWEST = 40
_LEAST_BEFORE = 3


def placebo_points(panel: Panel, estimator: Estimator) -> dict[str, Point]:
    """Return what an estimator finds in each donor as if it had been treated, compared with all the others.

    The treated place is in none of these comparisons.
    """
    return {donor: estimator(panel.with_treated(donor)) for donor in panel.donors}


def with_placebos(
    panel: Panel, estimator: Estimator, name: str, known: Mapping[str, Point] | None = None
) -> Estimate:
    """Estimate the effect in the panel's only treated place, with inference over its donors.

    The comparison before is judged alike: ``pretrend`` is the rank of the treated place's root mean square
    difference before the start among those of the placebos.

    Args:
        panel: The panel.
        estimator: The estimator.
        name: Its name.
        known: Its `placebo_points`, where another panel with the same donors has given them.

    Raises:
        SamspelError: There are fewer than two donors.
    """
    if len(panel.donors) < 2:
        raise SamspelError(
            f"{panel.treated[0]}: has {len(panel.donors)} donors. Allowed: at least 2, better 40."
        )
    own = estimator(panel)
    placebos = placebo_points(panel, estimator) if known is None else known
    effects = np.array([point.effect for point in placebos.values()])
    margin = _quantile(np.abs(effects))
    misfit = _misfit(panel, own)
    others = np.array([_misfit(panel, point) for point in placebos.values()])
    warnings = []
    if len(effects) < _FEWEST:
        warnings.append(
            f"only {len(effects)} donors: the smallest possible p-value is {1 / (len(effects) + 1):.2f}"
        )
    return Estimate(
        estimator=name,
        outcome=panel.outcome,
        unit=panel.unit,
        place=panel.treated[0],
        effect=own.effect,
        se=float(np.sqrt(np.mean(effects**2))),
        low=own.effect - margin,
        high=own.effect + margin,
        p_value=_rank_p(abs(own.effect), np.abs(effects)),
        inference=f"placebo in space over {len(effects)} donors",
        path=own.path,
        placebos={donor: point.effect for donor, point in placebos.items()},
        weights=own.weights,
        pretrend=_rank_p(misfit, others) if np.isfinite(misfit) else None,
        diagnostics={
            **own.diagnostics,
            "rmse_before": misfit,
            "rmse_before_placebos": float(np.median(others)),
        },
        warnings=tuple(warnings),
    )


def placebo_in_time(panel: Panel, estimator: Estimator) -> dict[int, float]:
    """Return the effect found at each earlier start, from the periods before treatment alone.

    As many periods after the pretended start are used as there are before the true one from it on.
    """
    before = panel.before
    known = panel.until(before[-1])
    return {start: estimator(known.started(start)).effect for start in before[_LEAST_BEFORE:]}


def _quantile(sizes: np.ndarray) -> float:
    count = math.ceil(INSIDE * (len(sizes) + 1))
    return float(np.sort(sizes)[count - 1]) if count <= len(sizes) else math.inf


def _rank_p(own: float, others: np.ndarray) -> float:
    return float((1 + np.sum(others >= own)) / (1 + len(others)))


def _misfit(panel: Panel, point: Point) -> float:
    gaps = np.array([point.path[period] for period in panel.before if period in point.path])
    return float(np.sqrt(np.mean(gaps**2))) if len(gaps) else math.nan
