"""Gather the three official levels of unemployment and assistance, with the noise in each figure."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
import statsmodels.api as sm
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from sim.calibrate.statistics.design import design
from sim.calibrate.statistics.figures import once
from sim.calibrate.statistics.noise import Noise, split_noise
from sim.core.errors import input_error
from sim.data.tables import table

AF_YEAR = 2018
"""The year of the AF stock that is fitted; 2022 is held out to test predictions."""
HOUSEHOLD_YEAR = 2017
"""The only year with monthly assistance households by municipality."""


@dataclass(frozen=True)
class LevelFigures:
    """One official level of every municipality, and how noisy such a figure is."""

    moment: str
    period: str
    frame: pl.DataFrame
    """Columns code, official (null where not published), count (persons or households), n_figures."""
    noise: Noise
    persistence: float
    """Share of one period's deviation that is left in the next."""
    residual_variance: float
    """Variance of the official level that does not fall with the count, averaged over its months."""
    unit: str


def level_figures(until: int) -> tuple[LevelFigures, ...]:
    """Return the official levels that were known by the end of a year.

    Moments: ``af_stock_share``, the mean of the twelve month ends of 2018 over residents aged 16-64 in
    September 2018; ``stativ_share``, percent of residents aged 20-64, of ``until`` or the last published year
    before it; ``households_share``, the mean of the months of
    January-August 2017 in which both origins are published, over the same residents (preliminary figures).
    The population is that of September 2018 also for earlier years: no other month by age is at hand.

    Raises:
        SamspelError: No level was published by then.
    """
    years = table("stativ")["year"].unique().sort().to_list()
    if until < years[1]:  # the noise of a figure is told from its changes
        raise input_error("levels", "until", until, f"a year from {years[1]}")
    chosen = [_stativ(min(until, years[-1]))]
    if until >= AF_YEAR:
        chosen.insert(0, _af_stock())
    if until >= HOUSEHOLD_YEAR:
        chosen.append(_households())
    return tuple(chosen)


@cache
def working_age() -> pl.DataFrame:
    """Return residents of September 2018 by municipality: code, residents, residents_20_64, young, old.

    ``young`` and ``old`` are the shares aged 18-24 and 55-64 among residents aged 16-64.
    """
    bands = [f"age_{low}_{low + 4}" for low in range(20, 65, 5)]
    return (
        table("population")
        .filter(month="2018-09")
        .group_by("code")
        .agg(pl.col("age_16_17", "age_18_19", *bands).sum())
        .select(
            "code",
            pl.sum_horizontal("age_16_17", "age_18_19", *bands).alias("residents"),
            pl.sum_horizontal(*bands).alias("residents_20_64"),
            pl.sum_horizontal("age_18_19", "age_20_24").alias("young"),
            pl.sum_horizontal("age_55_59", "age_60_64").alias("old"),
        )
        .with_columns(pl.col("young", "old") / pl.col("residents"))
        .sort("code")
    )


@cache
def _af_stock() -> LevelFigures:
    rows = table("af_stock").filter(
        pl.col("month").str.starts_with(str(AF_YEAR)), pl.col("code").is_in(working_age()["code"].to_list())
    )
    period = f"{AF_YEAR}-01/{AF_YEAR}-12"
    return _monthly("af_stock_share", period, rows.select("code", "month", value="persons"), "af_stock")


@cache
def _households() -> LevelFigures:
    rows = (
        table("assistance_households")
        .filter(pl.col("month").str.starts_with(str(HOUSEHOLD_YEAR)), pl.col("code") != "0000")
        .select("code", "month", value=pl.col("swedish_born") + pl.col("foreign_born"))
        .drop_nulls()
        .filter(pl.col("value") > 0)
    )
    period = f"{HOUSEHOLD_YEAR}-01/{HOUSEHOLD_YEAR}-08"
    return _monthly("households_share", period, rows, "assistance_households")


@cache
def _stativ(year: int) -> LevelFigures:
    panel = once(table("stativ"), ["code", "year"], "percent", "data/stativ.csv").filter(
        pl.col("year") <= year
    )
    counted = panel.join(working_age(), on="code").with_columns(
        value=pl.col("percent") / 100 * pl.col("residents_20_64")
    )
    noise, persistence = _path_noise(counted.with_columns(month="year"), "stativ_share")
    frame = counted.filter(year=year).select(
        "code", official="percent", count="value", n_figures=pl.lit(1, pl.Int64)
    )
    return LevelFigures(
        moment="stativ_share",
        period=str(year),
        frame=_every_municipality(frame),
        noise=noise,
        persistence=persistence,
        residual_variance=noise.shared,
        unit="percent of population 20-64",
    )


def _monthly(moment: str, period: str, rows: pl.DataFrame, source: str) -> LevelFigures:
    rows = once(rows, ["code", "month"], "value", f"data/{source}.csv").sort("code", "month")
    noise, persistence = _path_noise(rows, moment)
    means = (
        rows.group_by("code")
        .agg(pl.col("value").mean().alias("count"), pl.len().cast(pl.Int64).alias("n_figures"))
        .join(working_age(), on="code")
        .select("code", official=pl.col("count") / pl.col("residents"), count="count", n_figures="n_figures")
    )
    months = rows["month"].n_unique()
    return LevelFigures(
        moment=moment,
        period=period,
        frame=_every_municipality(means),
        noise=noise,
        persistence=persistence,
        residual_variance=noise.shared * _averaged(persistence, months),
        unit="share of population 16-64",
    )


def _every_municipality(frame: pl.DataFrame) -> pl.DataFrame:
    return (
        working_age()
        .select("code")
        .join(frame, on="code", how="left")
        .with_columns(pl.col("n_figures").fill_null(0))
        .sort("code")
    )


def _path_noise(rows: pl.DataFrame, moment: str) -> tuple[Noise, float]:
    """Return the noise around each place's own level and everyone's path, and how long it lasts.

    The path is least squares on a dummy for each place and period.
    """
    several = rows.filter(pl.len().over("code") > 1).sort("code", "month")
    path = design(several, effects=("code", "month")).matrix
    with threadpool_limits(1):  # as fast alone, and does not fight with other work
        fit = sm.OLS(several["value"].log().to_numpy(), path).fit(method="qr")
    left = several.select("code", "value", residual=pl.Series(np.asarray(fit.resid)))
    means = left.select(pl.col("value").mean().over("code"))
    noise = split_noise(
        left["residual"].to_numpy(), means.to_series().to_numpy(), float(fit.df_resid / fit.nobs), moment
    )
    pairs = left.with_columns(before=pl.col("residual").shift(1).over("code")).drop_nulls()
    last = sm.OLS(pairs["residual"].to_numpy(), pairs["before"].to_numpy()).fit()
    return noise, float(np.clip(last.params[0], 0.0, 0.95))


def _averaged(persistence: float, months: int) -> float:
    """Return the variance of a mean over that of one month, at a first-order autocorrelation."""
    apart: NDArray[np.int64] = np.abs(np.subtract.outer(np.arange(months), np.arange(months)))
    return float(np.mean(persistence**apart))
