"""Estimate the national cycle of unemployment, and how STATIV and GDP move with it."""

from typing import Any

import numpy as np
import polars as pl
import statsmodels.api as sm
from statsmodels.stats.diagnostic import het_breuschpagan

from sim.calibrate.statistics.components import FIRST_YEAR, components
from sim.calibrate.statistics.figures import enough
from sim.calibrate.statistics.level_figures import working_age
from sim.calibrate.statistics.result import Estimated, identification
from sim.data.tables import table

_SHARE = "aku_unemployed_share_of_population"
_LAST = 2020


def annual_unemployment(until: int = 2025) -> pl.DataFrame:
    """Return the national unemployment by year, with its cycle.

    Columns: year; share (AKU, percent of the population 16-64, mean of four quarters, to 2020); cycle (log
    deviation of the share from its level, mean of four quarters) and cycle_se; thousands (AKU, persons
    15-74, from 2001). The two definitions are never chained: after 2020 share and cycle are null.
    """
    parts = components(_SHARE, min(until, _LAST))
    quarters = pl.DataFrame(
        {"period": parts.periods, "share": parts.observed, "cycle": parts.cycle, "cycle_se": parts.cycle_se}
    )
    shares = (
        quarters.group_by(pl.col("period").str.head(4).cast(pl.Int64).alias("year"))
        .agg(pl.col("share", "cycle", "cycle_se").mean())  # errors of a year's quarters go together
        .sort("year")
    )
    persons = (
        table("national_series")
        .filter(indicator="aku_unemployed_15_74_total")
        .select(year=pl.col("period").cast(pl.Int64), thousands="value")
        .filter(pl.col("year") <= until)
    )
    return shares.join(persons, on="year", how="full", coalesce=True).sort("year")


def cycle_estimates(until: int = _LAST) -> tuple[Estimated, ...]:
    r"""Return level and persistence of the unemployed share, and the cycle of the last year.

    Identified by quarterly AKU since 1995: what returns to a level is the cycle, what returns each year the
    season. As the cycle is long, level and cycle of any one year are told apart only roughly, which their
    errors show.
    """
    parts = components(_SHARE, until)
    level = float(np.exp(parts.level))
    shared: dict[str, Any] = {
        "n": len(parts.periods),
        "period": f"{parts.periods[0]}/{parts.periods[-1]}",
        "method": "Unobserved components by maximum likelihood: level, AR(2) cycle, slowly changing season",
        "identified_by": identification(cycle_estimates),
        "diagnostics": {
            "ljung_box_p": parts.ljung_box_p,
            "residual_sd": parts.residual_sd,
            "persistence": parts.persistence,
            "aic": parts.aic,
        },
    }
    return (
        Estimated(
            name="aku_unemployed_level",
            label_sv="Arbetslösa (AKU), nivå kring vilken konjunkturen svänger",
            label_en="Unemployed (AKU), the level around which the cycle moves",
            unit="percent of population 16-64",
            estimate=level,
            se=level * parts.level_se,
            **shared,
        ),
        Estimated(
            name="aku_unemployed_cycle",
            label_sv=f"Arbetslösa (AKU), konjunkturläge {parts.periods[-1][:4]}",
            label_en=f"Unemployed (AKU), state of the cycle in {parts.periods[-1][:4]}",
            unit="log deviation",
            estimate=float(parts.cycle[-4:].mean()),
            se=float(parts.cycle_se[-4:].mean()),
            **shared,
        ),
    )


def cycle_responses(until: int = 2021) -> tuple[Estimated, ...]:
    r"""Return how the mean STATIV share, and GDP, move with the national unemployed share.

    .. math:: \Delta \log s_t = \alpha + \beta \Delta \log u_t + e_t, \qquad
              100 \Delta_4 \log g_q = \alpha + \gamma \Delta_4 u_q + e_q

    Identified by year-to-year changes since 2010 for STATIV, fewer than a dozen and two of them large (2011,
    2020), and by four-quarter changes since 1995 for GDP, whose overlap the Newey-West errors allow for. Both
    are associations over the cycle; neither says what causes what.
    """
    return _stativ(min(until, _LAST)), _gdp(min(until, _LAST))


def _stativ(until: int) -> Estimated:
    share = (pl.col("percent") * pl.col("residents_20_64")).sum() / pl.col("residents_20_64").sum()
    mean = table("stativ").join(working_age(), on="code").group_by("year").agg(share.alias("stativ"))
    official = (
        table("national_series")
        .filter(pl.col("indicator") == _SHARE)
        .group_by(pl.col("period").str.head(4).cast(pl.Int64).alias("year"))
        .agg(pl.col("value").mean())
    )
    years = mean.join(official, on="year").filter(pl.col("year") <= until).sort("year")
    changes = years.select(pl.col("stativ", "value").log().diff()).drop_nulls()
    enough(changes.height, 4, f"data/stativ.csv: yearly changes to {until}")
    x = sm.add_constant(changes["value"].to_numpy())
    fit = sm.OLS(changes["stativ"].to_numpy(), x).fit()
    return Estimated(
        name="stativ_response_to_unemployment",
        label_sv="Öppet arbetslösa enligt Stativ, procent per procent högre arbetslöshet (AKU)",
        label_en="STATIV share, percent for a percent more unemployed (AKU)",
        unit="elasticity",
        estimate=float(fit.params[1]),
        se=float(fit.bse[1]),
        n=changes.height,
        period=f"{years['year'][0]}-{years['year'][-1]}",
        method="Least squares of yearly changes in logs, ordinary errors (too few years for robust ones)",
        identified_by=identification(cycle_responses),
        diagnostics={
            "r2": float(fit.rsquared),
            "residual_sd": float(np.sqrt(fit.scale)),
            "durbin_watson": float(sm.stats.stattools.durbin_watson(fit.resid)),
            "breusch_pagan_p": float(het_breuschpagan(fit.resid, x)[1]),
        },
    )


def _gdp(until: int) -> Estimated:
    quarters = (
        table("national_series")
        .filter(pl.col("indicator").is_in(["gdp", _SHARE]))
        .pivot(on="indicator", index="period", values="value")
        .with_columns(year=pl.col("period").str.head(4).cast(pl.Int64))
        .filter(pl.col("year").is_between(FIRST_YEAR, until))
        .sort("period")
    )
    changes = quarters.select(
        growth=100 * pl.col("gdp").log().diff(4), change=pl.col(_SHARE).diff(4)
    ).drop_nulls()
    enough(changes.height, 20, f"data/national_series.csv: four-quarter changes to {until}")
    x = sm.add_constant(changes["change"].to_numpy())
    fit = sm.OLS(changes["growth"].to_numpy(), x).fit(cov_type="HAC", cov_kwds={"maxlags": 4}, use_t=True)
    return Estimated(
        name="gdp_response_to_unemployment",
        label_sv="BNP-tillväxt, procent per procentenhet högre arbetslöshet (AKU)",
        label_en="Growth of GDP, percent for a percentage point more unemployed (AKU)",
        unit="percent per percentage point",
        estimate=float(fit.params[1]),
        se=float(fit.bse[1]),
        n=changes.height,
        period=f"{quarters['period'][0]}/{quarters['period'][-1]}",
        method="Least squares of four-quarter changes, Newey-West errors with four lags",
        identified_by=identification(cycle_responses),
        diagnostics={
            "r2": float(fit.rsquared),
            "residual_sd": float(np.sqrt(fit.scale)),
            "ljung_box_p": float(sm.stats.acorr_ljungbox(fit.resid, lags=[8])["lb_pvalue"].iloc[0]),
        },
    )
