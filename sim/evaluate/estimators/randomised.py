r"""The analysis of a roll-out that was drawn by lot: units against units, with their own past beside.

Public name: `ancova`.
"""

import numpy as np
import statsmodels.api as sm
from scipy.stats import t

from sim.evaluate.estimators.result import INSIDE, Estimate
from sim.evaluate.panels.panel import Panel


def ancova(panel: Panel) -> Estimate:
    r"""Return the adjusted difference between units drawn to start and units drawn to wait.

    :math:`\bar y_{j,after} = a + \tau d_j + b \bar y_{j,before} + c\, y_{j,last} + e_j` by ordinary least
    squares with HC3 standard errors and the t distribution (statsmodels). With the own past as a covariate
    less is left to chance than in a difference of differences (McKenzie 2012). All treated start together.

    Args:
        panel: A panel whose treated units have one first period; others wait.
    """
    start = min(panel.first.values())
    used = [period for period in panel.periods if period not in panel.left_out]
    before = [period for period in used if period < start]
    after = [period for period in used if period >= start]
    drawn = np.array([name in panel.first for name in panel.places], dtype=np.float64)
    past = panel.at(before)
    x = np.column_stack([np.ones(len(drawn)), drawn, past.mean(axis=1), past[:, -1]])
    fit = sm.OLS(panel.at(after).mean(axis=1), x).fit(cov_type="HC3", use_t=True)
    effect, se = float(fit.params[1]), float(fit.bse[1])
    margin = float(t.ppf((1 + INSIDE) / 2, fit.df_resid)) * se
    return Estimate(
        estimator="ancova",
        outcome=panel.outcome,
        unit=panel.unit,
        place=", ".join(panel.treated),
        effect=effect,
        se=se,
        low=effect - margin,
        high=effect + margin,
        p_value=float(fit.pvalues[1]),
        inference=f"HC3, {int(drawn.sum())} units drawn to start and {int((1 - drawn).sum())} to wait",
        diagnostics={"freedom": float(fit.df_resid), "r_squared": float(fit.rsquared)},
    )
