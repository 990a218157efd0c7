"""Compare shares and hazards within pairs, where a difference of counts would mislead.

The result has the columns of `effects`, one row per pair, and goes through `summarise` like any other effect.
"""

import polars as pl

from sim.experiment.tables import BASELINE

_PAIR = ("draw", "replication", "scenario", "municipality", "group")
_CLIENTS = ("exits_to_work_clients", "clients_at_risk", "held_losses", "delayed_losses")
_REACHED = ("reached_90", "contacts_90")
_REACHED_MONTHS = ((4, 12), (37, 48))
_FIRST_YEAR = (1, 12)


def ratios(series: pl.DataFrame) -> pl.DataFrame:
    """Return the ratios of every pair, group and policy, as rows like those of ``effects`` without run ids.

    Existing clients, months 1-12 (month 12): ``hazard_ratio`` is the monthly rate of exit to work under
    the policy over that of the baseline, and ``hazard_ratio - 1 = hazard_lock_in + hazard_dip +
    hazard_other``:

        hazard_lock_in = -(held losses, policy - baseline) / baseline exits
        hazard_dip     = -(delayed losses, policy - baseline) / baseline exits

    Reached within 90 days of first contact, contacts of months 4-12 (month 12) and 37-48 (month 48):
    ``reached_90_share_baseline``, ``reached_90_share_policy``, and their difference ``reached_90_share``.
    Pairs without clients or contacts have no row.
    """
    parts = [_hazards(_paired(series, _CLIENTS, *_FIRST_YEAR))]
    last = int(series.select(pl.col("month").max()).item() or 0)
    for first, until in _REACHED_MONTHS:
        if until <= last:
            parts.append(_reached(_paired(series, _REACHED, first, until), until))
    return pl.concat(parts).sort("policy", *_PAIR, "indicator", "month")


def _paired(series: pl.DataFrame, indicators: tuple[str, ...], first: int, last: int) -> pl.DataFrame:
    """Return sums over the months: a row per pair, group and policy, each indicator and its ``_baseline``."""
    sums = (
        series.filter(pl.col("indicator").is_in(indicators), pl.col("month").is_between(first, last))
        .group_by(*_PAIR, "policy", "indicator")
        .agg(pl.col("value").sum())
        .pivot("indicator", index=[*_PAIR, "policy"], values="value")
    )
    sums = sums.with_columns(
        pl.lit(None, pl.Float64).alias(name) for name in indicators if name not in sums.columns
    )
    baseline = sums.filter(pl.col("policy") == BASELINE).drop("policy")
    policies = sums.filter(pl.col("policy") != BASELINE)
    return policies.join(baseline, on=_PAIR, suffix="_baseline")


def _hazards(sums: pl.DataFrame) -> pl.DataFrame:
    exits, at_risk, held, delayed = (pl.col(name) for name in _CLIENTS)
    exits0, at_risk0, held0, delayed0 = (pl.col(f"{name}_baseline") for name in _CLIENTS)
    with_clients = sums.filter(exits0 > 0, at_risk > 0)
    ratio = (exits / at_risk) / (exits0 / at_risk0)
    lock_in, dip = -(held - held0) / exits0, -(delayed - delayed0) / exits0
    columns = with_clients.with_columns(
        hazard_ratio=ratio, hazard_lock_in=lock_in, hazard_dip=dip
    ).with_columns(hazard_other=pl.col("hazard_ratio") - 1 - pl.col("hazard_lock_in") - pl.col("hazard_dip"))
    return _long(columns, ("hazard_ratio", "hazard_lock_in", "hazard_dip", "hazard_other"), _FIRST_YEAR[1])


def _reached(sums: pl.DataFrame, month: int) -> pl.DataFrame:
    with_contacts = sums.filter(pl.col("contacts_90") > 0, pl.col("contacts_90_baseline") > 0)
    shares = with_contacts.with_columns(
        reached_90_share_policy=pl.col("reached_90") / pl.col("contacts_90"),
        reached_90_share_baseline=pl.col("reached_90_baseline") / pl.col("contacts_90_baseline"),
    ).with_columns(
        reached_90_share=pl.col("reached_90_share_policy") - pl.col("reached_90_share_baseline"),
    )
    names = ("reached_90_share", "reached_90_share_policy", "reached_90_share_baseline")
    return _long(shares, names, month)


def _long(wide: pl.DataFrame, names: tuple[str, ...], month: int) -> pl.DataFrame:
    rows = wide.unpivot(names, index=[*_PAIR, "policy"], variable_name="indicator", value_name="difference")
    return rows.with_columns(
        pl.col("indicator").cast(pl.Categorical), pl.lit(month, pl.Int16).alias("month")
    ).drop_nulls("difference")
