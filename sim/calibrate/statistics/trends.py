"""Estimate how municipalities' unemployment moves apart or together over the STATIV years."""

import warnings

import numpy as np
import polars as pl
import statsmodels.api as sm
from statsmodels.tools.sm_exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from sim.calibrate.statistics.design import design
from sim.calibrate.statistics.figures import enough, once, varying
from sim.calibrate.statistics.level_figures import working_age
from sim.calibrate.statistics.result import Estimated, identification
from sim.data.tables import table

_YEARS = 5
"""Fewest years from which a trend is estimated."""
_LAST = 2021


def stativ_trends(until: int = _LAST, panel: pl.DataFrame | None = None) -> pl.DataFrame:
    r"""Return each municipality's level and trend of the log STATIV share, relative to the country's path.

    .. math:: \log s_{ct} = \delta_t + a_c + b_c (t - \bar t) + e_{ct}

    Columns, sorted by code: code, level and trend (log points, and log points a year, predicted random
    effects), level_se and trend_se (their conditional standard deviations).

    Identified by each municipality's twelve yearly figures against the year effects, which take up everything
    that the country shares, and by the spread of intercepts and slopes over municipalities, which says how
    much of a single slope is to be believed.

    Args:
        until: Last year used.
        panel: Columns code, year, percent, in place of the official table.

    Raises:
        SamspelError: Too few years, a constant series, or a year published twice with different values.
    """
    rows = _panel(until, panel)
    fit = _fit(rows)
    effects = [
        (code, *fit.random_effects[code], *np.sqrt(np.diag(fit.random_effects_cov[code])))
        for code in sorted(fit.random_effects)
    ]
    return pl.DataFrame(effects, ["code", "level", "trend", "level_se", "trend_se"], orient="row")


def trend_estimates(until: int = _LAST) -> tuple[Estimated, ...]:
    """Return the country's trend of the STATIV share and the spread of municipal trends around it.

    Identified by the country's yearly means, whose errors are serially correlated (Newey-West, one lag): with
    so few years, and a cycle in them, it is a description of the period and not a forecast.
    """
    rows = _panel(until, None)
    years = _national(rows)
    line = sm.OLS(years["log_share"].to_numpy(), sm.add_constant(years["year"].to_numpy() - 2015.0))
    country = line.fit(cov_type="HAC", cov_kwds={"maxlags": 1}, use_t=True)
    fit = _fit(rows)
    slope_sd = float(np.sqrt(fit.cov_re[1, 1]))
    period = f"{years['year'][0]}-{years['year'][-1]}"
    return (
        Estimated(
            name="stativ_trend",
            label_sv="Öppet arbetslösa någon gång under året, trend i riket",
            label_en="Openly unemployed at any time in the year, trend of the country",
            unit="log points a year",
            estimate=float(country.params[1]),
            se=float(country.bse[1]),
            n=years.height,
            period=period,
            method="Least squares of the log of the population-weighted mean on the year, Newey-West errors",
            identified_by=identification(trend_estimates),
            diagnostics={
                "r2": float(country.rsquared),
                "residual_sd": float(np.sqrt(country.scale)),
                "durbin_watson": float(sm.stats.stattools.durbin_watson(country.resid)),
            },
        ),
        Estimated(
            name="stativ_trend_between_sd",
            label_sv="Öppet arbetslösa någon gång under året, spridning mellan kommuners trender",
            label_en="Openly unemployed at any time in the year, spread of municipal trends",
            unit="log points a year",
            estimate=slope_sd,
            se=float(_variance_se(fit) / (2 * slope_sd)),
            n=rows.height,
            period=period,
            method="Mixed model of log shares, year effects, random intercepts and slopes (MixedLM, REML)",
            identified_by=identification(stativ_trends),
            diagnostics={
                "groups": float(rows["code"].n_unique()),
                "level_sd": float(np.sqrt(fit.cov_re[0, 0])),
                "level_trend_correlation": float(
                    fit.cov_re[0, 1] / np.sqrt(fit.cov_re[0, 0] * fit.cov_re[1, 1])
                ),
                "residual_sd": float(np.sqrt(fit.scale)),
            },
        ),
    )


def _panel(until: int, panel: pl.DataFrame | None) -> pl.DataFrame:
    where = "data/stativ.csv" if panel is None else "STATIV panel"
    rows = once(table("stativ") if panel is None else panel, ["code", "year"], "percent", where)
    rows = rows.filter(pl.col("year") <= until).sort("code", "year")
    enough(rows["year"].n_unique(), _YEARS, f"{where}: years to {until}")
    enough(rows["code"].n_unique(), 20, f"{where}: municipalities")
    varying(rows, "percent", "code", where)
    return rows


def _fit(rows: pl.DataFrame) -> sm.MixedLM:
    time = rows["year"].to_numpy() - float(np.mean(np.unique(rows["year"].to_numpy())))
    model = sm.MixedLM(
        rows["percent"].log().to_numpy(),
        design(rows, effects=("year",)).matrix,
        groups=rows["code"].to_numpy(),
        exog_re=np.column_stack([np.ones(rows.height), time]),
    )
    with warnings.catch_warnings(), threadpool_limits(1):
        # Slopes that do not differ put their variance on its boundary, zero: an answer, not a failure.
        warnings.filterwarnings("ignore", "The MLE may be on the boundary", ConvergenceWarning)
        return model.fit(reml=True, method="powell")


def _national(rows: pl.DataFrame) -> pl.DataFrame:
    weighted = rows.join(working_age(), on="code")
    share = (pl.col("percent") * pl.col("residents_20_64")).sum() / pl.col("residents_20_64").sum()
    return weighted.group_by("year").agg(share.log().alias("log_share")).sort("year")


def _variance_se(fit: sm.MixedLM) -> float:
    """Return the standard error of the slope variance, the last of the random effects' parameters."""
    return float(fit.bse[-1]) * float(fit.scale)
