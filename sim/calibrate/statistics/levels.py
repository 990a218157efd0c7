"""Pool each municipality's level of unemployment and assistance with its group: stage 1's targets."""

from functools import cache
from typing import NamedTuple

import numpy as np
import polars as pl

from sim.calibrate.statistics.level_figures import LevelFigures, level_figures, working_age
from sim.calibrate.statistics.pooling import Pooled, partial_pooling
from sim.calibrate.statistics.result import Estimated, identification
from sim.core.errors import SamspelError
from sim.data.tables import table

_LABELS = {
    "af_stock_share": (
        "Inskrivna arbetslösa, andel av befolkningen",
        "Registered unemployed, share of residents",
    ),
    "stativ_share": ("Öppet arbetslösa någon gång under året", "Openly unemployed at any time in the year"),
    "households_share": (
        "Hushåll med ekonomiskt bistånd i månaden, per invånare 16–64 år",
        "Households paid social assistance in the month, per resident aged 16-64",
    ),
}


def pooled_levels(until: int = 2018) -> pl.DataFrame:
    r"""Return every municipality's official level, pooled with its group, and a prediction without it.

    .. math:: \log y_c = \mu + x_c'\beta + g_{G(c)} + a_c + e_c, \quad Var(e_c) = 1 / n_c

    ``n_c`` is the mean number of persons or households behind the figure: months are counted as one, because
    mostly the same people are in the next, so that the noise is rather too large than too small. ``x`` are
    the shares with little and with much education and of the young and, for households, the log STATIV share
    of the year. Groups are SKR's.

    Columns, sorted by code and moment: code; moment (``af_stock_share`` and ``households_share`` as shares of
    residents aged 16-64, ``stativ_share`` in percent of those aged 20-64); official (null where not
    published); pooled (median, same unit); log_sd (of the level given the figure: counting noise left after
    pooling, and the residual year by year or month by month that large places have too); without and
    without_log_sd (the same as if its own figure were missing); group (SKR's code); n_figures (months or
    years).

    Identified by differences between the 290 municipalities: what a group and covariates share gives the
    prediction, what is left of it the spread between alike places, against which the noise of a small count
    is weighed.

    Args:
        until: Last year whose figures may be used. Without 2018 there is no AF stock.

    Raises:
        SamspelError: Nothing was published by then, or the figures cannot be pooled.
    """
    return pl.concat([_as_frame(one) for one in _fits(until)]).sort("code", "moment")


def level_estimates(until: int = 2018) -> tuple[Estimated, ...]:
    """Return the typical level of each moment, and the spread of levels between municipalities alike."""
    return tuple(estimate for one in _fits(until) for estimate in (_typical(one), _spread(one)))


class _Fit(NamedTuple):
    figures: LevelFigures
    pooled: Pooled
    groups: list[str]


@cache
def _fits(until: int) -> tuple[_Fit, ...]:
    known = {one.moment: one for one in level_figures(until)}
    return tuple(_fit(one, until, known["stativ_share"]) for one in known.values())


def _fit(figures: LevelFigures, until: int, stativ: LevelFigures) -> _Fit:
    places = _covariates(until)
    columns = [places[name].to_numpy() for name in ("presecondary", "postsecondary", "young")]
    if figures.moment == "households_share":
        lacking = stativ.frame.filter(pl.col("official").is_null())["code"]
        if len(lacking):
            raise SamspelError(
                f"data/stativ.csv: {lacking[0]} has no figure for {stativ.period}. Allowed: all have."
            )
        columns.append(stativ.frame["official"].log().to_numpy())
    own = figures.frame["official"].log().cast(pl.Float64).fill_null(np.nan).to_numpy()
    counts = figures.frame["count"].cast(pl.Float64).fill_null(np.nan).to_numpy()
    groups = places["group_code"].to_list()
    pooled = partial_pooling(own, 1.0 / counts, np.column_stack(columns), groups, figures.moment)
    return _Fit(figures, pooled, groups)


def _covariates(until: int) -> pl.DataFrame:
    education = table("education_shares").filter(pl.col("year") <= until)
    last = education.filter(pl.col("year") == pl.col("year").max())
    places = (
        working_age()
        .join(last, on="code", how="left")
        .with_columns(pl.col("presecondary", "postsecondary").fill_null(strategy="mean"))
        .join(table("skr_membership"), on="code", how="left")
        .sort("code")
    )
    alone = places.filter(pl.col("group_code").is_null())["code"]
    if len(alone):
        raise SamspelError(
            f"data/skr_membership.csv: {alone[0]} has no group. Allowed: one for each municipality."
        )
    return places


def _as_frame(fit: _Fit) -> pl.DataFrame:
    residual = fit.figures.residual_variance
    pooled = fit.pooled
    return fit.figures.frame.select(
        "code",
        pl.lit(fit.figures.moment).alias("moment"),
        "official",
        pl.Series("pooled", np.exp(pooled.pooled)),
        pl.Series("log_sd", np.sqrt(pooled.pooled_sd**2 + residual)),
        pl.Series("without", np.exp(pooled.without)),
        pl.Series("without_log_sd", np.sqrt(pooled.without_sd**2 + residual)),
        pl.Series("group", fit.groups),
        "n_figures",
    )


def _diagnostics(fit: _Fit) -> dict[str, float]:
    pooled, noise = fit.pooled, fit.figures.noise
    return {
        "groups": float(pooled.groups),
        "group_sd": pooled.group_sd,
        "between_sd": pooled.between_sd,
        "without_sd_mean": float(pooled.without_sd.mean()),
        "residual_sd": float(np.sqrt(fit.figures.residual_variance)),
        "count_dispersion": noise.dispersion,
        "count_dispersion_se": noise.dispersion_se,
        "persistence": fit.figures.persistence,
        "weighted_scale": pooled.weighted_scale,
        "jarque_bera_p": pooled.normal_p,
    }


def _typical(fit: _Fit) -> Estimated:
    """Return the median level: exp of the intercept, its error by the delta method."""
    label_sv, label_en = _LABELS[fit.figures.moment]
    level = float(np.exp(fit.pooled.mean))
    return Estimated(
        name=f"{fit.figures.moment}_typical",
        label_sv=f"{label_sv}, typisk kommun",
        label_en=f"{label_en}, typical municipality",
        unit=fit.figures.unit,
        estimate=level,
        se=level * fit.pooled.mean_se,
        n=fit.pooled.n,
        period=fit.figures.period,
        method="Mixed model of log levels, groups random, education and age fixed (MixedLM, REML)",
        identified_by=identification(pooled_levels),
        diagnostics=_diagnostics(fit),
    )


def _spread(fit: _Fit) -> Estimated:
    """Return the spread between places alike, with the error of a standard deviation of normal values."""
    label_sv, label_en = _LABELS[fit.figures.moment]
    return Estimated(
        name=f"{fit.figures.moment}_between_log_sd",
        label_sv=f"{label_sv}, spridning mellan liknande kommuner",
        label_en=f"{label_en}, spread between municipalities alike",
        unit="log points",
        estimate=fit.pooled.between_sd,
        se=fit.pooled.between_sd / np.sqrt(2 * (fit.pooled.n - fit.pooled.groups)),
        n=fit.pooled.n,
        period=fit.figures.period,
        method="Variance between municipalities that makes the weighted residual variance 1 (Fay-Herriot)",
        identified_by=identification(pooled_levels),
        diagnostics=_diagnostics(fit),
    )
