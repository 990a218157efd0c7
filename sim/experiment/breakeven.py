"""Tell when a payer has its money back: from which month the accumulated net stays at or above zero."""

from collections.abc import Sequence

import polars as pl

PAYERS = ("municipality", "region", "state", "funds", "joint", "employer", "person", "public")
_KEYS = ("scenario", "policy", "municipality")


def break_even_months(effects: pl.DataFrame, payers: Sequence[str] = PAYERS) -> pl.DataFrame:
    """Return scenario, policy, municipality, payer, draw and month (null: not within the horizon).

    A payer breaks even when its accumulated net (``cum_net_<payer>``) ends above zero; the month is the
    first from which it is never below zero again. A payer that no krona reaches does not break even.
    """
    names = {f"cum_net_{payer}": payer for payer in payers}
    paths = (
        effects.filter(pl.col("indicator").is_in(list(names)), pl.col("group") == "all")
        .with_columns(payer=pl.col("indicator").cast(pl.String).replace_strict(names))
        .group_by(*_KEYS, "payer", "draw", "month")
        .agg(pl.col("difference").mean())
        .sort("month")
    )
    below = pl.col("month").filter(pl.col("difference") < 0).max().fill_null(0)
    ends_above = pl.col("difference").last() > 0
    return (
        paths.group_by(*_KEYS, "payer", "draw")
        .agg(month=pl.when(ends_above).then(below + 1))
        .sort(*_KEYS, "payer", "draw")
    )


def break_even(effects: pl.DataFrame, payers: Sequence[str] = PAYERS, level: float = 0.90) -> pl.DataFrame:
    """Return the probability of breaking even within the horizon and the distribution of the month.

    Columns: scenario, policy, municipality, payer, probability, early, median, late, n. ``early``,
    ``median`` and ``late`` are quantiles over *all* draws, those that never break even counted as later
    than the horizon: null says "not within the horizon".
    """
    never = 2**15 - 1
    month = pl.col("month")

    def quantile(share: float) -> pl.Expr:
        value = month.fill_null(never).quantile(share, "nearest")
        return pl.when(value < never).then(value).cast(pl.Int16)

    return (
        break_even_months(effects, payers)
        .group_by(*_KEYS, "payer")
        .agg(
            probability=month.is_not_null().mean(),
            early=quantile((1 - level) / 2),
            median=quantile(0.5),
            late=quantile((1 + level) / 2),
            n=pl.len(),
        )
        .sort(*_KEYS, "payer")
    )
