"""Estimate the season of unemployment: for the country by quarter, for each municipality by month."""

from functools import cache
from typing import Any

import numpy as np
import polars as pl

from sim.calibrate.statistics.components import components
from sim.calibrate.statistics.level_figures import AF_YEAR
from sim.calibrate.statistics.monthly import detrended, stock_matrix
from sim.calibrate.statistics.noise import split_noise
from sim.calibrate.statistics.pooling import Floats, Pooled, partial_pooling
from sim.calibrate.statistics.result import Estimated, identification
from sim.data.tables import table

_QUARTERS = ("första", "andra", "tredje", "fjärde")
_WHERE = "data/af_stock.csv"
_LEAST_DISPERSION = 0.05
"""A month whose noise does not fall with the stock still has some: a twentieth of independent persons'."""
_SERIES = {
    "unemployed": ("aku_unemployed_share_of_population", "Säsong i arbetslösheten (AKU)", "unemployed share"),
    "employed": ("aku_employed_share_of_population", "Säsong i sysselsättningen (AKU)", "employed share"),
}


def municipal_seasons(stocks: pl.DataFrame | None = None) -> pl.DataFrame:
    r"""Return each municipality's season of the AF stock of 2018, pooled with its group and the country.

    .. math:: s_{cm} = \log S_{cm} - (a_c + b_c m) = \mu_m + g_{G(c)m} + u_{cm} + e_{cm}, \quad
              Var(e_{cm}) = \phi / \bar S_c

    a mixed model for each month: the month's mean fixed, groups and municipalities random. Each
    municipality's own least-squares line is taken out first, as in ``sim.data.season``. Columns, sorted:
    code, month (1-12), season (log deviation, mean zero over the year), se.

    Identified by twelve month ends of one year: a municipality's season counts as its own only so far as the
    spread over municipalities exceeds what small numbers cause (:math:`\phi`, from how the spread falls with
    the size of the stock). What happened in 2018 alone cannot be told from what happens every year.

    Args:
        stocks: Columns code, month (YYYY-MM), persons, in place of the official table of 2018.

    Raises:
        SamspelError: A municipality lacks a month, has a constant or non-positive stock, or two values for a
            month.
    """
    codes, pooled = _pooled(stocks)
    season = np.column_stack([one.pooled for one in pooled])
    return pl.DataFrame(
        {
            "code": np.repeat(codes, 12),
            "month": np.tile(np.arange(1, 13), len(codes)),
            "season": (season - season.mean(axis=1, keepdims=True)).ravel(),
            "se": np.column_stack([one.pooled_sd for one in pooled]).ravel(),
        }
    )


def county_seasons() -> pl.DataFrame:
    """Return the detrended log AF stock of each county in 2018: county_code, month, season, se.

    The counties' stocks are sums over their municipalities; the error is the counting noise at their size.
    """
    rows = _official().with_columns(county_code=pl.col("code").str.head(2))
    summed = rows.group_by("county_code", "month").agg(pl.col("persons").sum())
    codes, stocks = stock_matrix(summed.rename({"county_code": "code"}), _WHERE)
    _, municipal = stock_matrix(_official(), _WHERE)
    noise = _noise(municipal, detrended(municipal))
    return pl.DataFrame(
        {
            "county_code": np.repeat(codes, 12),
            "month": np.tile(np.arange(1, 13), len(codes)),
            "season": detrended(stocks).ravel(),
            "se": np.sqrt(noise / stocks.mean(axis=1)[:, None]).ravel(),
        }
    )


def season_estimates(until: int = 2020) -> tuple[Estimated, ...]:
    """Return the country's seasons by quarter, and how far municipal seasons swing and differ.

    Identified by the same quarters of many years (AKU, since 1995): the season may change slowly, and the
    last year's is reported.
    """
    quarters = [estimate for key in _SERIES for estimate in _national(key, until)]
    return (*quarters, *(_municipal() if until >= AF_YEAR else ()))


def _national(key: str, until: int) -> list[Estimated]:
    indicator, label_sv, label_en = _SERIES[key]
    parts = components(indicator, until)
    return [
        Estimated(
            name=f"aku_{key}_season_q{quarter + 1}",
            label_sv=f"{label_sv}, {_QUARTERS[quarter]} kvartalet",
            label_en=f"Season of the {label_en} (AKU), quarter {quarter + 1}",
            unit="log deviation",
            estimate=float(parts.season[quarter - 4]),
            se=float(parts.season_se[quarter - 4]),
            n=len(parts.periods),
            period=f"{parts.periods[0]}/{parts.periods[-1]}",
            method="Unobserved components by maximum likelihood: level, AR(2) cycle, slowly changing season",
            identified_by=identification(season_estimates),
            diagnostics={
                "ljung_box_p": parts.ljung_box_p,
                "residual_sd": parts.residual_sd,
                "stl_gap": parts.stl_gap,
            },
        )
        for quarter in range(4)
    ]


def _municipal() -> tuple[Estimated, ...]:
    codes, pooled = _pooled(None)
    means = np.array([one.mean for one in pooled])
    errors = np.array([one.mean_se for one in pooled])
    high, low = int(means.argmax()), int(means.argmin())
    months = {f"month_{month + 1:02d}": float(value) for month, value in enumerate(means)}
    between = float(np.sqrt(np.mean([one.between_sd**2 for one in pooled])))
    shared: dict[str, Any] = {
        "unit": "log points",
        "n": 12 * len(codes),
        "period": f"{AF_YEAR}-01/{AF_YEAR}-12",
        "identified_by": identification(municipal_seasons),
    }
    return (
        Estimated(
            name="af_season_range",
            label_sv="Inskrivna arbetslösa, skillnad mellan årets högsta och lägsta månad",
            label_en="Registered unemployed, highest less lowest month of the season",
            estimate=float(means[high] - means[low]),
            se=float(np.hypot(errors[high], errors[low])),
            method="Mixed model for each month, groups random (statsmodels MixedLM, REML)",
            diagnostics={"highest_month": high + 1.0, "lowest_month": low + 1.0, **months},
            **shared,
        ),
        Estimated(
            name="af_season_between_sd",
            label_sv="Inskrivna arbetslösa, spridning mellan kommuners säsonger",
            label_en="Registered unemployed, spread of municipal seasons within a group",
            estimate=between,
            se=between / np.sqrt(2 * 10 * len(codes)),
            method="Variance that makes the weighted residual variance 1 (Fay-Herriot)",
            diagnostics={
                "groups": float(pooled[0].groups),
                "group_sd": float(np.sqrt(np.mean([one.group_sd**2 for one in pooled]))),
                "count_dispersion": float(_noise(*_noise_inputs()).mean()),
                "weighted_scale_max": max(one.weighted_scale for one in pooled),
            },
            **shared,
        ),
    )


def _official() -> pl.DataFrame:
    return table("af_stock").filter(
        pl.col("month").str.starts_with(str(AF_YEAR)),
        pl.col("code").str.len_chars() == 4,
        pl.col("code") != "0000",
    )


def _noise_inputs() -> tuple[Floats, Floats]:
    _, stocks = stock_matrix(_official(), _WHERE)
    return stocks, detrended(stocks)


def _pooled(stocks: pl.DataFrame | None) -> tuple[list[str], tuple[Pooled, ...]]:
    return _official_pooled() if stocks is None else _pool(stocks)


@cache
def _official_pooled() -> tuple[list[str], tuple[Pooled, ...]]:
    return _pool(_official())


def _pool(rows: pl.DataFrame) -> tuple[list[str], tuple[Pooled, ...]]:
    codes, stocks = stock_matrix(rows, _WHERE)
    seasons = detrended(stocks)
    counts = stocks.mean(axis=1)
    noise = _noise(stocks, seasons)
    members = dict(table("skr_membership").iter_rows())
    groups = [members[code] for code in codes]
    nothing = np.empty((len(codes), 0))
    return codes, tuple(
        partial_pooling(
            seasons[:, month],
            noise[month] / counts,
            nothing,
            groups,
            f"AF stock, season of month {month + 1}",
        )
        for month in range(12)
    )


def _noise(stocks: Floats, seasons: Floats) -> Floats:
    """Return variance times stock of the detrended log stock around each month's mean.

    It differs over months: what a line takes out of a stock that moves slowly is not the same at each.
    """
    counts = stocks.mean(axis=1)
    around = seasons - seasons.mean(axis=0)
    freedom = 1.0 - 1.0 / len(stocks)
    parts = [split_noise(column, counts, freedom, "AF stock, one month") for column in around.T]
    return np.array([max(one.dispersion, _LEAST_DISPERSION) for one in parts])
