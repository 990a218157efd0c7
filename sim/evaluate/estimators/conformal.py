r"""Conformal inference for a synthetic control: the place's own years as the yardstick, not other places.

Chernozhukov, Wüthrich and Zhu (2021): take a constant effect :math:`\tau` off the years after, fit the
synthetic control on all years, and ask how often a reshuffling of its residuals over years gives as large a
mean after the start. The interval holds every :math:`\tau` that is not refused (diff-diff does the test; it
is asked over a grid). With :math:`T` years of which :math:`T_1` come after, no p-value is below
:math:`1/\binom{T}{T_1}`: nine years and one after give 0.11, and then a 90 % interval has no ends.

Public names: `conformal`, `CONFORMAL`.
"""

import math
import warnings
from typing import Final

import numpy as np

from sim.evaluate.estimators.result import INSIDE, Estimate
from sim.evaluate.estimators.single import synthetic_control, synthetic_control_fit
from sim.evaluate.panels.panel import Floats, Panel

CONFORMAL: Final = "synthetic_control_conformal"
_POINTS = 161
_SPREADS = 8.0
_SHUFFLES = 1000


def conformal(panel: Panel) -> Estimate:
    """Return the synthetic control's effect with a conformal interval for an effect that is constant.

    An end is infinite where it is further from the effect than eight times the spread of plain differences
    among donors. The accepted values need not lie together; the interval is their hull.
    """
    point = synthetic_control(panel)
    fit = synthetic_control_fit(panel)
    grid = point.effect + np.linspace(-1.0, 1.0, _POINTS) * _SPREADS * _spread(panel)

    def tested(size: float) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return float(fit.conformal_test(size, scheme="iid", n_iid=_SHUFFLES, seed=1)["p_value"])

    accepted = [float(size) for size in grid if tested(float(size)) > 1 - INSIDE]
    step = float(grid[1] - grid[0])
    low, high = (accepted[0] - step, accepted[-1] + step) if accepted else (math.nan, math.nan)
    low = -math.inf if low < grid[0] else low
    high = math.inf if high > grid[-1] else high
    periods = len(panel.before) + len(panel.after)
    smallest = 1 / math.comb(periods, len(panel.after))
    said = []
    if smallest > 1 - INSIDE:
        said.append(f"{periods} periods: no p-value is below {smallest:.2f}, so a 90 % interval has no ends")
    if not accepted:
        said.append("no constant effect goes with these years, so there is no interval")
    return Estimate(
        estimator=CONFORMAL,
        outcome=panel.outcome,
        unit=panel.unit,
        place=panel.treated[0],
        effect=point.effect,
        se=math.nan,
        low=low,
        high=high,
        p_value=tested(0.0),
        inference=f"conformal, residuals reshuffled over {periods} periods",
        path=point.path,
        weights=point.weights,
        diagnostics={"smallest_p": smallest},
        warnings=tuple(said),
    )


def _spread(panel: Panel) -> float:
    """Return the standard deviation over donors of the change from before to after."""
    change: Floats = panel.at(panel.after).mean(axis=1) - panel.at(panel.before).mean(axis=1)
    return float(change[1:].std())
