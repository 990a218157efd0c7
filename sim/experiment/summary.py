"""Summarise effects and levels over parameter draws: mean, intervals, probabilities of sign, and precision.

Replications of one draw are averaged first, so the intervals are over draws: what the parameters leave
open, with what chance is left. ``se`` is the Monte Carlo error of the mean, a different thing.
"""

import polars as pl

_KEYS = ("scenario", "policy", "municipality", "indicator", "group", "month")


def summarise(effects: pl.DataFrame, level: float = 0.90) -> pl.DataFrame:
    """Return one row per policy, indicator, group and month.

    Columns after the keys: mean; low, high (the ``level`` interval); low50, high50; p_positive,
    p_negative, p_zero (shares of draws); se (standard error of the mean); n (draws).
    """
    value = pl.col("difference")
    return (
        _by_draw(effects, "difference")
        .group_by(_KEYS)
        .agg(
            mean=value.mean(),
            low=value.quantile((1 - level) / 2, "linear"),
            high=value.quantile((1 + level) / 2, "linear"),
            low50=value.quantile(0.25, "linear"),
            high50=value.quantile(0.75, "linear"),
            p_positive=(value > 0).mean(),
            p_negative=(value < 0).mean(),
            p_zero=(value == 0).mean(),
            se=value.std() / pl.len().sqrt(),
            n=pl.len(),
        )
        .sort(_KEYS)
    )


def levels(series: pl.DataFrame, level: float = 0.90) -> pl.DataFrame:
    """Return mean, low, high and n over draws per policy and baseline, indicator, group and month."""
    value = pl.col("value")
    return (
        _by_draw(series, "value")
        .group_by(_KEYS)
        .agg(
            mean=value.mean(),
            low=value.quantile((1 - level) / 2, "linear"),
            high=value.quantile((1 + level) / 2, "linear"),
            n=pl.len(),
        )
        .sort(_KEYS)
    )


def _by_draw(rows: pl.DataFrame, value: str) -> pl.DataFrame:
    if rows["replication"].n_unique() <= 1:
        return rows
    return rows.group_by(*_KEYS, "draw").agg(pl.col(value).mean())
