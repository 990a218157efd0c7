"""Estimate how the official definitions of unemployment relate: AF's stock, STATIV and BAS, never chained."""

from typing import Any

import numpy as np
import polars as pl
import statsmodels.api as sm
from numpy.typing import NDArray
from statsmodels.stats.diagnostic import het_breuschpagan

from sim.calibrate.statistics.figures import enough, once
from sim.calibrate.statistics.level_figures import AF_YEAR, working_age
from sim.calibrate.statistics.monthly import detrended, stock_matrix
from sim.calibrate.statistics.noise import split_noise
from sim.calibrate.statistics.result import Estimated, identification
from sim.core.errors import SamspelError
from sim.core.paths import root
from sim.data.facts import observations
from sim.data.tables import table
from sim.data.yaml_text import parse_yaml

_MONTH = "2022-08"
_PLACES = 20


def stativ_on_af() -> tuple[Estimated, ...]:
    r"""Return slope and scatter of the log STATIV share on the log AF stock share of 2018.

    .. math:: \log s_c = \alpha + \beta \log u_c + e_c

    Identified by differences between the 290 municipalities in one year: a slope below one says that where
    the stock is large, spells are longer and the same people fill it. It relates two definitions and is no
    effect of one on the other.
    """
    stock = (
        table("af_stock")
        .filter(pl.col("month").str.starts_with(str(AF_YEAR)))
        .group_by("code")
        .agg(pl.col("persons").mean())
    )
    rows = (
        working_age()
        .join(stock, on="code")
        .join(table("stativ").filter(year=AF_YEAR), on="code")
        .select(stativ=(pl.col("percent") / 100).log(), af=(pl.col("persons") / pl.col("residents")).log())
    )
    enough(rows.height, _PLACES, "STATIV on AF stock: municipalities with both")
    x = sm.add_constant(rows["af"].to_numpy() - rows["af"].mean())
    fit = sm.OLS(rows["stativ"].to_numpy(), x).fit(cov_type="HC3")
    shared: dict[str, Any] = {
        "n": rows.height,
        "period": str(AF_YEAR),
        "method": "Least squares in logs over municipalities, robust errors (HC3)",
        "identified_by": identification(stativ_on_af),
        "diagnostics": {
            "r2": float(fit.rsquared),
            "residual_sd": float(np.sqrt(fit.scale)),
            "breusch_pagan_p": float(het_breuschpagan(fit.resid, x)[1]),
            "jarque_bera_p": float(sm.stats.stattools.jarque_bera(fit.resid)[1]),
        },
    }
    ratio = float(np.exp(fit.params[0] - rows["af"].mean()))
    return (
        Estimated(
            name="stativ_on_af_slope",
            label_sv="Stativ mot Arbetsförmedlingens inskrivna, procent per procent mellan kommuner",
            label_en="STATIV share on AF stock share, percent for a percent between municipalities",
            unit="elasticity",
            estimate=float(fit.params[1]),
            se=float(fit.bse[1]),
            **shared,
        ),
        Estimated(
            name="stativ_over_af",
            label_sv="Stativ i förhållande till Arbetsförmedlingens inskrivna, typisk kommun",
            label_en="STATIV share over AF stock share, typical municipality",
            unit="ratio of shares",
            estimate=ratio,
            se=ratio * float(fit.bse[0]),
            **shared,
        ),
    )


def bas_over_af(pairs: pl.DataFrame | None = None) -> Estimated:
    r"""Return BAS over the AF stock in August 2022, the one month with both.

    .. math:: B_c = r A_c + e_c, \quad Var(e_c) \propto A_c

    so that :math:`r` is the ratio of the sums. One less it is the share of the registered who have earnings,
    the prior ``bas_earnings_share``, whose low, mode and high stand in the diagnostics. ``spread`` is the
    standard deviation of the log ratio between municipalities, ``spread_beyond_counts`` what is left of it
    without small numbers.

    Identified by 197 municipalities in one August: seasonal work in summer may make the share with earnings
    larger than in other months, and the 93 without a published AF stock in 2022 may differ.

    Args:
        pairs: Columns code, af, bas, in place of the official figures.
    """
    rows = _pairs() if pairs is None else pairs
    enough(rows.height, _PLACES, "BAS over AF stock: municipalities with both")
    af, bas = (rows[name].to_numpy().astype(np.float64) for name in ("af", "bas"))
    fit = sm.WLS(bas, af, weights=1.0 / af).fit(cov_type="HC3")
    logs = np.log(bas / af)
    noise = split_noise(logs - np.log(fit.params[0]), af, 1.0 - 1.0 / len(af), "BAS over AF stock")
    prior = _prior("bas_earnings_share")
    return Estimated(
        name="bas_over_af",
        label_sv="Arbetslösa enligt BAS i förhållande till inskrivna hos Arbetsförmedlingen",
        label_en="Unemployed by BAS over registered unemployed (AF)",
        unit="ratio",
        estimate=float(fit.params[0]),
        se=float(fit.bse[0]),
        n=rows.height,
        period=_MONTH,
        method="Weighted least squares through the origin (ratio of sums), robust errors (HC3)",
        identified_by=identification(bas_over_af),
        diagnostics={
            "mean_ratio": float(np.exp(logs).mean()),
            "spread": float(logs.std(ddof=1)),
            "spread_beyond_counts": float(np.sqrt(noise.shared)),
            "lowest_tenth": float(np.quantile(bas / af, 0.1)),
            "highest_tenth": float(np.quantile(bas / af, 0.9)),
            "earnings_share": 1.0 - float(fit.params[0]),
            **{f"prior_{key}": prior[key] for key in ("low", "mode", "high")},
        },
    )


def bas_season() -> Estimated:
    """Return the range of the season of BAS in 2023, highest less lowest month, trend taken out.

    Identified by twelve months of one year, weighted by the number of unemployed: season and the events of
    2023 cannot be told apart.
    """
    where = "data/bas_unemployed.csv"
    rows = table("bas_unemployed").group_by("code", "month").agg(persons=pl.col("total_16_64").sum())
    codes, counts = stock_matrix(rows, where)
    seasons = detrended(counts)
    months = np.tile(np.eye(12), (len(codes), 1))
    weights = np.repeat(counts.mean(axis=1), 12)
    groups: NDArray[np.int64] = np.repeat(np.arange(len(codes)), 12)
    fit = sm.WLS(seasons.ravel(), months, weights=weights).fit(
        cov_type="cluster", cov_kwds={"groups": groups}
    )
    high, low = int(fit.params.argmax()), int(fit.params.argmin())
    test = fit.t_test(np.eye(12)[high] - np.eye(12)[low])
    return Estimated(
        name="bas_season_range",
        label_sv="Arbetslösa enligt BAS, skillnad mellan årets högsta och lägsta månad",
        label_en="Unemployed by BAS, highest less lowest month of the season",
        unit="log points",
        estimate=float(test.effect[0]),
        se=float(np.squeeze(test.sd)),
        n=counts.size,
        period="2023-01/2023-12",
        method="Weighted least squares of detrended logs on the month, errors clustered by municipality",
        identified_by=identification(bas_season),
        diagnostics={
            "highest_month": high + 1.0,
            "lowest_month": low + 1.0,
            "groups": float(len(codes)),
            "residual_sd": float(np.std(fit.resid)),
            **{f"month_{month + 1:02d}": float(value) for month, value in enumerate(fit.params)},
        },
    )


def _pairs() -> pl.DataFrame:
    parts = [
        once(
            observations(indicator).filter(pl.col("period") == _MONTH, pl.col("code").str.len_chars() == 4),
            ["code"],
            "value",
            f"{indicator} in {_MONTH}",
        ).select("code", pl.col("value").alias(name))
        for indicator, name in (("af_stock", "af"), ("bas_unemployed", "bas"))
    ]
    return parts[0].join(parts[1], on="code").filter(pl.col("code") != "0000").sort("code")


def _prior(name: str) -> dict[str, float]:
    path = root() / "params" / "priors" / "operators.yaml"
    entries = parse_yaml(path.read_text(encoding="utf-8"))
    for entry in entries if isinstance(entries, list) else ():
        if entry.get("name") == name:
            return {key: float(entry[key]) for key in ("low", "mode", "high")}
    raise SamspelError(f"{path}: has no prior {name}. Allowed: a triangular prior of that name.")
