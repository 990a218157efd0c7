"""Interrupted series: the place's own past alone, with nobody to compare with.

Public name: `interrupted_series`.
"""

import numpy as np
import statsmodels.api as sm
from scipy.stats import t

from sim.evaluate.estimators.result import INSIDE, Estimate
from sim.evaluate.panels.panel import Panel

_LAGS = 1


def interrupted_series(panel: Panel) -> Estimate:
    r"""Return the break from the place's own trend.

    :math:`y_t = a + b t + \tau 1[t \ge t_0] + e_t` by ordinary least squares with Newey-West standard errors
    of one lag (statsmodels) and the t distribution. It takes whatever else happened in the country for an
    effect, so it always carries a warning.
    """
    periods = np.array([*panel.before, *panel.after], dtype=np.float64)
    y = panel.at([*panel.before, *panel.after])[0]
    after = (periods >= panel.start).astype(np.float64)
    x = np.column_stack([np.ones(len(y)), periods - periods[0], after])
    fit = sm.OLS(y, x).fit(cov_type="HAC", cov_kwds={"maxlags": _LAGS, "use_correction": True}, use_t=True)
    effect, se = float(fit.params[2]), float(fit.bse[2])
    margin = float(t.ppf((1 + INSIDE) / 2, fit.df_resid)) * se
    path = y - x[:, :2] @ fit.params[:2]
    return Estimate(
        estimator="interrupted_series",
        outcome=panel.outcome,
        unit=panel.unit,
        place=panel.treated[0],
        effect=effect,
        se=se,
        low=effect - margin,
        high=effect + margin,
        p_value=float(fit.pvalues[2]),
        inference=f"Newey-West, {_LAGS} lag, {len(y)} periods",
        path=dict(zip((int(period) for period in periods), path.tolist(), strict=True)),
        diagnostics={
            "durbin_watson": float(sm.stats.durbin_watson(fit.resid)),
            "periods": float(len(y)),
            "freedom": float(fit.df_resid),
        },
        warnings=("nobody to compare with: a change of the whole country counts as an effect",),
    )
