"""Estimate how many of the households with social assistance have someone born abroad, place by place."""

import numpy as np
import polars as pl

from sim.calibrate.statistics.figures import enough, once
from sim.calibrate.statistics.level_figures import working_age
from sim.calibrate.statistics.pooling import Pooled, partial_pooling
from sim.calibrate.statistics.result import Estimated, identification
from sim.data.tables import table

_WHERE = "data/assistance_households.csv"


def origin_shares(households: pl.DataFrame | None = None) -> pl.DataFrame:
    r"""Return the share of assistance households with someone born abroad, pooled with the group.

    .. math:: \log\frac{f_c}{d_c} = \mu + g_{G(c)} + a_c + e_c, \quad Var(e_c) = 1 / f_c + 1 / d_c

    with means of the published months of January-August 2017 (mostly the same households in each, so that
    months count as one). Columns, sorted by code: code; official (null where no month has both origins);
    pooled and se; without and without_se (as if the own figure were missing); n_months.

    Identified by each municipality's own counts; where they are few, small cells being unpublished besides,
    by municipalities of the same group. Months with one origin unpublished are left out, which drops small
    municipalities with few foreign-born households more often than others.

    Args:
        households: The columns of data/assistance_households.csv, in place of the official table.

    Raises:
        SamspelError: Too few municipalities with both origins, or two values for one of them in a month.
    """
    rows, pooled = _pooled(households)
    share, without = 1 / (1 + np.exp(-pooled.pooled)), 1 / (1 + np.exp(-pooled.without))
    return rows.select(
        "code",
        (pl.col("foreign") / (pl.col("foreign") + pl.col("domestic"))).alias("official"),
        pl.Series("pooled", share),
        pl.Series("se", share * (1 - share) * pooled.pooled_sd),
        pl.Series("without", without),
        pl.Series("without_se", without * (1 - without) * pooled.without_sd),
        "n_months",
    )


def origin_estimate() -> Estimated:
    """Return the share of assistance households with someone born abroad in a typical municipality."""
    rows, pooled = _pooled(None)
    share = float(1 / (1 + np.exp(-pooled.mean)))
    known = rows.drop_nulls("foreign")
    country = table("assistance_households").filter(code="0000").drop_nulls()
    abroad = float(country["foreign_born"].sum())
    foreign = float(known["foreign"].sum())
    return Estimated(
        name="assistance_foreign_born_share",
        label_sv="Andel av biståndshushållen med någon född utomlands, typisk kommun",
        label_en="Share of assistance households with someone born abroad, typical municipality",
        unit="share of households",
        estimate=share,
        se=share * (1 - share) * pooled.mean_se,
        n=pooled.n,
        period="2017-01/2017-08",
        method="Mixed model of log odds by REML, groups random, counting noise known (statsmodels MixedLM)",
        identified_by=identification(origin_shares),
        diagnostics={
            "groups": float(pooled.groups),
            "group_sd_log_odds": pooled.group_sd,
            "between_sd_log_odds": pooled.between_sd,
            "weighted_scale": pooled.weighted_scale,
            "all_municipalities": foreign / (foreign + float(known["domestic"].sum())),
            "country": abroad / (abroad + float(country["swedish_born"].sum())),
        },
    )


def _pooled(households: pl.DataFrame | None) -> tuple[pl.DataFrame, Pooled]:
    whole = table("assistance_households") if households is None else households
    both = whole.drop_nulls().filter(
        pl.col("code") != "0000", pl.col("foreign_born") > 0, pl.col("swedish_born") > 0
    )
    for origin in ("swedish_born", "foreign_born"):
        once(both, ["code", "month"], origin, _WHERE)
    means = both.group_by("code").agg(
        domestic=pl.col("swedish_born").mean(), foreign=pl.col("foreign_born").mean(), n_months=pl.len()
    )
    enough(means.height, 20, f"{_WHERE}: municipalities with both origins")
    rows = (
        working_age()
        .select("code")
        .join(means, on="code", how="left")
        .join(table("skr_membership"), on="code", how="left")
        .with_columns(pl.col("n_months").fill_null(0))
        .sort("code")
    )
    odds = (rows["foreign"] / rows["domestic"]).log().fill_null(np.nan).to_numpy()
    noise = (1 / rows["foreign"] + 1 / rows["domestic"]).fill_null(np.nan).to_numpy()
    nothing = np.empty((rows.height, 0))
    groups = rows["group_code"].to_list()
    return rows, partial_pooling(odds, noise, nothing, groups, "assistance households by origin")
