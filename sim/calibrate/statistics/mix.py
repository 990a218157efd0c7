"""Estimate who the unemployed are by age, how many are long-term unemployed, and where they were born."""

import numpy as np
import polars as pl
import statsmodels.api as sm
from numpy.typing import NDArray

from sim.calibrate.statistics.figures import enough
from sim.calibrate.statistics.result import Estimated, identification
from sim.core.months import month_number
from sim.data.facts import observations
from sim.data.tables import table

_PLACES = 20
_BANDS = ("16_19", "20_24", "25_29", "30_34", "35_39", "40_44", "45_49", "50_54", "55_59", "60_64")
_GROUPS = {
    "16_24": (_BANDS[:2], "16–24 år"),
    "25_54": (_BANDS[2:8], "25–54 år"),
    "55_64": (_BANDS[8:], "55–64 år"),
}
_MONTHS_APART = 12


def age_mix(cells: pl.DataFrame | None = None) -> tuple[Estimated, ...]:
    """Return the shares of three age groups, and of women, among the unemployed by BAS in 2023.

    Shares are of the sum of the published cells: SCB perturbs small ones, so they do not add up to the
    published totals exactly. ``spread`` is the standard deviation of the share between municipalities.

    Identified by the counts themselves, means of twelve months over all municipalities; errors are those of
    municipalities as clusters, for they say how far the mix differs from place to place.

    Args:
        cells: The columns of data/bas_unemployed.csv, in place of the official table.
    """
    rows = table("bas_unemployed") if cells is None else cells
    parts = rows.group_by("code").agg(
        *(
            pl.sum_horizontal(f"age_{band}" for band in bands).sum().alias(group)
            for group, (bands, _) in _GROUPS.items()
        ),
        pl.sum_horizontal(f"age_{band}" for band in _BANDS)
        .filter(pl.col("sex") == "women")
        .sum()
        .alias("women"),
        pl.sum_horizontal(f"age_{band}" for band in _BANDS).sum().alias("all"),
    )
    parts = parts.filter(pl.col("all") > 0).sort("code")
    enough(parts.height, _PLACES, "BAS by age: municipalities")
    months = rows["month"].sort()
    period = f"{months[0]}/{months[-1]}"
    labels = {
        group: (
            f"Andel {sv} av de arbetslösa (BAS)",
            f"Share aged {group.replace('_', '-')} of the unemployed (BAS)",
        )
        for group, (_, sv) in _GROUPS.items()
    }
    labels["women"] = ("Andel kvinnor av de arbetslösa (BAS)", "Share of women among the unemployed (BAS)")
    return tuple(
        _share(f"bas_share_{group}", *text, parts[group], parts["all"], period, identification(age_mix))
        for group, text in labels.items()
    )


def longterm_share() -> tuple[Estimated, ...]:
    """Return the share of the registered who have been unemployed for 12 months or longer, as AF is quoted.

    The long-term share of the labour force over the unemployment rate of the same municipality, at most 12
    months apart; and for the city of Stockholm in 2007-2016 the persons beyond 100 days (under 25) or six
    months over all.

    Identified by figures quoted in AF's releases for a few municipalities on different dates: neither a
    sample nor one moment, and numerator and denominator are mostly months apart, so that the error is only
    that of the scatter between places. The share over six months is another statistic and stands apart.
    """
    return _quoted(), _stockholm()


def _quoted() -> Estimated:
    pairs = _nearest_rates().filter(pl.col("code").str.len_chars() == 4)
    local = pairs.filter(pl.col("code") != "0000")
    enough(local.height, 4, "data/facts.csv: long-term share and unemployment rate of a municipality")
    dates = local["period"].sort().to_list()
    shares = (local["longterm"] / local["rate"]).to_numpy()
    groups = local["code"].rank("dense").to_numpy().astype(np.int64)
    fit = sm.OLS(shares, np.ones(len(shares))).fit(cov_type="cluster", cov_kwds={"groups": groups})
    country = pairs.filter(code="0000")
    return Estimated(
        name="longterm_12m_share",
        label_sv="Andel av de inskrivna arbetslösa som varit utan arbete i minst 12 månader",
        label_en="Share of the registered unemployed who have been so for 12 months or longer",
        unit="share of registered unemployed",
        estimate=float(fit.params[0]),
        se=float(fit.bse[0]),
        n=local.height,
        period=f"{dates[0]}/{dates[-1]}",
        method="Mean of quoted ratios over municipalities, errors clustered by municipality",
        identified_by=identification(longterm_share),
        diagnostics={
            "groups": float(local["code"].n_unique()),
            "spread": float(shares.std(ddof=1)),
            "months_apart_mean": float(local["apart"].mean()),  # type: ignore[arg-type]
            "country": float((country["longterm"] / country["rate"]).mean()),  # type: ignore[arg-type]
        },
    )


def _nearest_rates() -> pl.DataFrame:
    """Return each quoted long-term share with the unemployment rate of the nearest month."""
    rates = pl.concat(
        observations(f"af_unemployment_rate_16_{age}").select("code", month="period", rate="value")
        for age in (65, 66)
    )
    number = pl.col("month").map_elements(month_number, return_dtype=pl.Int64)
    rates = rates.with_columns(month=number).sort("month")
    quoted = (
        observations("af_longterm_12m_share")
        .filter(pl.col("confidence") != "low")
        .select("code", "period", longterm="value", month="period")
        .with_columns(month=number, at=number)
        .sort("month")
    )
    near = quoted.join_asof(
        rates.with_columns(rate_month="month"),
        on="month",
        by="code",
        strategy="nearest",
        tolerance=_MONTHS_APART,
        check_sortedness=False,
    )
    return (
        near.drop_nulls("rate")
        .with_columns(apart=(pl.col("rate_month") - pl.col("at")).abs())
        .sort("code", "at")
    )


def _stockholm() -> Estimated:
    rows = (
        observations("af_longterm_annual_mean")
        .select("code", "period", longterm="value")
        .join(
            observations("af_unemployed_total_annual_mean").select("code", "period", "value"),
            on=["code", "period"],
        )
        .with_columns(share=pl.col("longterm") / pl.col("value"))
        .sort("period")
    )
    six = rows.filter(pl.col("period") <= "2016")
    enough(six.height, 5, "data/facts.csv: years with long-term unemployed in Stockholm")
    fit = sm.OLS(six["share"].to_numpy(), np.ones(six.height)).fit(cov_type="HAC", cov_kwds={"maxlags": 2})
    twelve = rows.filter(period="2017")["share"]
    return Estimated(
        name="longterm_6m_share_stockholm",
        label_sv="Andel långtidsarbetslösa (minst sex månader, unga 100 dagar), Stockholms stad",
        label_en="Share of long-term unemployed (six months, the young 100 days), city of Stockholm",
        unit="share of registered unemployed",
        estimate=float(fit.params[0]),
        se=float(fit.bse[0]),
        n=six.height,
        period=f"{six['period'][0]}-{six['period'][-1]}",
        method="Mean of yearly ratios, Newey-West errors with two lags",
        identified_by=identification(longterm_share),
        diagnostics={"spread": float(six["share"].std()), "over_12_months_2017": float(twelve.mean())},  # type: ignore[arg-type]
    )


def _share(
    name: str,
    label_sv: str,
    label_en: str,
    part: pl.Series,
    whole: pl.Series,
    period: str,
    identified_by: str,
) -> Estimated:
    """Return a ratio of sums: weighted least squares of part on whole through the origin."""
    counts: NDArray[np.float64] = whole.to_numpy().astype(np.float64)
    parts = part.to_numpy().astype(np.float64)
    fit = sm.WLS(parts, counts, weights=1.0 / counts).fit(cov_type="HC3")
    return Estimated(
        name=name,
        label_sv=label_sv,
        label_en=label_en,
        unit="share",
        estimate=float(fit.params[0]),
        se=float(fit.bse[0]),
        n=len(counts),
        period=period,
        method="Ratio of sums (weighted least squares through the origin), robust errors (HC3)",
        identified_by=identified_by,
        diagnostics={"spread": float(np.std(parts / counts, ddof=1)), "groups": float(len(counts))},
    )
