"""Estimators for one treated place: each returns the effect and its path, and leaves inference to placebos.

Public names: `SINGLE`, the estimators by name, `tuned` for one whose tuning is chosen once for a panel, and
`synthetic_control_fit` for its conformal intervals.
"""

import warnings
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
import statsmodels.api as sm
from diff_diff import SyntheticControl, SyntheticDiD
from pysyncon import AugSynth, Dataprep

from sim.evaluate.estimators.placebo import Estimator
from sim.evaluate.estimators.result import Point
from sim.evaluate.panels.panel import Floats, Panel

_SMALL = 1e-6


def difference(panel: Panel) -> Point:
    r"""Return the plain difference in differences: :math:`\bar y_{after} - \bar y_{before}` less the donors'.

    With one treated place it is what two-way fixed effects gives; it believes in parallel paths.
    """
    gaps = panel.values[0] - panel.values[1:].mean(axis=0)
    level = gaps[[panel.periods.index(period) for period in panel.before]].mean()
    path = dict(zip(panel.periods, (gaps - level).tolist(), strict=True))
    return Point(_mean(path, panel), _used(path, panel))


def prepath_regression(panel: Panel) -> Point:
    r"""Return the place's outcome less what donors with the same path had on average.

    :math:`y_{jt} = \alpha_t + \beta_t' (y_{j1}, \dots, y_{jT_0}) + e_{jt}` by ordinary least squares on the
    donors, one regression for each period after (statsmodels). The benchmark: on municipal shares it has the
    smallest spread of placebos. The pre-path is matched by construction, so there is no fit before to show.
    """
    return _regression(panel, panel.at(panel.before))


def prepath_covariates(panel: Panel) -> Point:
    """Return the same with the panel's covariates beside the path; without any it is the same."""
    path = panel.at(panel.before)
    return _regression(panel, path if panel.covariates is None else np.column_stack([path, panel.covariates]))


def _regression(panel: Panel, known: Floats) -> Point:
    x = sm.add_constant(known, has_constant="add")
    path, explained = {}, []
    for period, y in zip(panel.after, panel.at(panel.after).T, strict=True):
        fit = sm.OLS(y[1:], x[1:]).fit()
        path[period] = float(y[0] - fit.predict(x[:1])[0])
        explained.append(float(fit.rsquared))
    return Point(_mean(path, panel), path, diagnostics={"r_squared": float(np.mean(explained))})


def synthetic_did(panel: Panel) -> Point:
    """Return synthetic difference in differences (Arkhangelsky and others 2021; diff-diff).

    Donors are weighted so that their path before runs parallel to the place's, and periods before so that
    they look like those after.
    """
    frame = _frame(panel)
    frame["d"] = (frame["place"] == panel.treated[0]).astype(int)
    fit = _quiet(
        lambda: SyntheticDiD(variance_method="jackknife", n_bootstrap=2, seed=1).fit(
            frame, outcome="value", treatment="d", unit="place", time="period", post_periods=list(panel.after)
        )
    )
    weights = {str(name): float(weight) for name, weight in fit.unit_weights.items()}
    row = np.array([weights.get(name, 0.0) for name in panel.donors])
    gaps = panel.values[0] - row @ panel.values[1:]
    times = {int(period): float(weight) for period, weight in fit.time_weights.items()}
    level = sum(weight * gaps[panel.periods.index(period)] for period, weight in times.items())
    path = dict(zip(panel.periods, (gaps - level).tolist(), strict=True))
    return Point(
        float(fit.att), _used(path, panel), _large(weights), {"effective_donors": float(1 / np.sum(row**2))}
    )


def synthetic_control(panel: Panel) -> Point:
    """Return the synthetic control on all outcomes before (Abadie and others 2010; diff-diff)."""
    fit = synthetic_control_fit(panel)
    weights = {str(name): float(weight) for name, weight in fit.donor_weights.items()}
    path = {int(period): float(gap) for period, gap in fit.gap_path.items()}
    row = np.array(list(weights.values()))
    return Point(
        float(fit.att), _used(path, panel), _large(weights), {"effective_donors": float(1 / np.sum(row**2))}
    )


def synthetic_control_fit(panel: Panel) -> Any:
    """Return the library's own result, which can also invert conformal tests."""
    frame = _frame(panel)
    own, start = panel.treated[0], panel.start
    frame["d"] = ((frame["place"] == own) & (frame["period"] >= start)).astype(int)
    estimator = SyntheticControl(v_method="inverse_variance", standardize="none")
    return _quiet(lambda: estimator.fit(frame, outcome="value", treatment="d", unit="place", time="period"))


def augmented_synthetic_control(panel: Panel, penalty: float | None = None) -> Point:
    """Return the ridge-augmented synthetic control (Ben-Michael, Feller and Rothstein 2021; pysyncon).

    The penalty is chosen by leaving out one period at a time unless it is given.
    """
    before, after = list(panel.before), list(panel.after)
    prepared = Dataprep(
        foo=_frame(panel),
        predictors=[],
        predictors_op="mean",
        time_predictors_prior=before,
        dependent="value",
        unit_variable="place",
        time_variable="period",
        treatment_identifier=panel.treated[0],
        controls_identifier=list(panel.donors),
        time_optimize_ssr=before,
    )
    fit = AugSynth()
    _quiet(lambda: fit.fit(prepared, lambda_=penalty, use_covariates=False))
    row = np.asarray(fit.W, dtype=np.float64)
    used = [*before, *after]
    gaps = panel.at(used)[0] - row @ panel.at(used)[1:]
    path = dict(zip(used, gaps.tolist(), strict=True))
    weights = dict(zip(panel.donors, row.tolist(), strict=True))
    return Point(_mean(path, panel), path, _large(weights), {"penalty": float(fit.lambda_ or 0.0)})


SINGLE: Final[Mapping[str, Estimator]] = {
    "prepath_regression": prepath_regression,
    "synthetic_did": synthetic_did,
    "augmented_synthetic_control": augmented_synthetic_control,
    "synthetic_control": synthetic_control,
    "prepath_covariates": prepath_covariates,
    "difference": difference,
}
"""Estimators of one treated place, the preferred first."""


def tuned(name: str, panel: Panel) -> Estimator:
    """Return an estimator for a panel and its placebos: what has a penalty keeps that of the treated place.

    Choosing it anew for each of eighty placebos takes minutes and moves the estimate by hundredths.
    """
    if name != "augmented_synthetic_control":
        return SINGLE[name]
    penalty = augmented_synthetic_control(panel).diagnostics["penalty"]
    return partial(augmented_synthetic_control, penalty=penalty)


def _frame(panel: Panel) -> pd.DataFrame:
    """Return the panel's rows as the libraries take them."""
    return pd.DataFrame(panel.long().to_dict(as_series=False))


def _quiet(fit: Any) -> Any:
    """Return a fit without the library's hints; what matters of them is in our own diagnostics."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return fit()


def _mean(path: Mapping[int, float], panel: Panel) -> float:
    return float(np.mean([path[period] for period in panel.after]))


def _used(path: Mapping[int, float], panel: Panel) -> dict[int, float]:
    return {period: path[period] for period in (*panel.before, *panel.after) if period in path}


def _large(weights: Mapping[str, float]) -> dict[str, float]:
    """Return the weights that are not zero, the largest first."""
    kept = {name: weight for name, weight in weights.items() if abs(weight) > _SMALL}
    return dict(sorted(kept.items(), key=lambda item: (-abs(item[1]), item[0])))
