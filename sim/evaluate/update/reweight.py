r"""Weigh the model's draws by how well each agrees with an estimate.

Draw i predicts the effect :math:`\tau_i`; an estimate :math:`\hat\tau` with standard error :math:`s` has the
likelihood :math:`N(\hat\tau; \tau_i, s^2)`, so :math:`w_i \propto \exp(-(\hat\tau - \tau_i)^2 / 2 s^2)`. The
standard error is that of the placebos, which holds what the outcome does by itself, not only sampling.

Public names: `Update`, `reweight`, `weighted_interval`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from sim.core.errors import SamspelError, input_error
from sim.evaluate.estimators.result import INSIDE
from sim.evaluate.panels.panel import Floats

CONFLICT = 0.05
"""An estimate less probable than this under the model is called a conflict."""
_FEW = 20.0


@dataclass(frozen=True)
class Update:
    """What an estimate does to the draws.

    Attributes:
        weights: New weight of each draw, sum 1.
        effective: Effective number of draws, 1 / sum of squared weights.
        before: Mean and interval of the predicted effect before.
        after: The same after.
        surprise: Probability, before, of an estimate at least as far from the mean prediction.
        warnings: A conflict, or too few effective draws.
    """

    weights: Floats
    effective: float
    before: tuple[float, float, float]
    after: tuple[float, float, float]
    surprise: float
    warnings: tuple[str, ...]


def reweight(predicted: Sequence[float] | Floats, estimate: float, se: float) -> Update:
    """Return the weights that an estimate gives the draws of a prediction.

    Args:
        predicted: Predicted effect by draw, in the estimate's unit.
        estimate: The estimate, ours or a published one.
        se: Its standard error.

    Raises:
        SamspelError: There are no draws, or the standard error is not above zero.
    """
    draws = np.asarray(predicted, dtype=np.float64)
    if draws.size < 2 or not np.all(np.isfinite(draws)):
        raise SamspelError("update: needs at least two draws, all finite numbers.")
    if not np.isfinite(estimate):
        raise input_error("update", "estimate", estimate, "a number")
    if not (np.isfinite(se) and se > 0):
        raise input_error("update", "se", se, "a number above zero")
    logs = -0.5 * ((estimate - draws) / se) ** 2
    raw = np.exp(logs - logs.max())
    weights = raw / raw.sum()
    effective = float(1 / np.sum(weights**2))
    equal = np.full(draws.size, 1 / draws.size)
    spread = float(np.sqrt(np.var(draws) + se**2))
    surprise = float(2 * norm.sf(abs(estimate - draws.mean()) / spread))
    warnings = []
    if surprise < CONFLICT:
        warnings.append(
            f"the model and the estimate conflict: an estimate as far from the prediction had a probability "
            f"of {surprise:.3f}; doubt both before using the update"
        )
    if effective < _FEW:
        warnings.append(
            f"only {effective:.0f} effective draws are left: run more draws before using the update"
        )
    return Update(
        weights, effective, _summary(draws, equal), _summary(draws, weights), surprise, tuple(warnings)
    )


def weighted_interval(values: Floats, weights: Floats) -> tuple[float, float]:
    """Return the interval that holds `INSIDE` of the weight, linear between the values' mid-ranks."""
    order = np.argsort(values, kind="stable")
    sorted_values, sorted_weights = values[order], weights[order]
    ranks = np.cumsum(sorted_weights) - sorted_weights / 2
    low, high = np.interp([(1 - INSIDE) / 2, (1 + INSIDE) / 2], ranks, sorted_values)
    return float(low), float(high)


def _summary(values: Floats, weights: Floats) -> tuple[float, float, float]:
    return (float(values @ weights), *weighted_interval(values, weights))
