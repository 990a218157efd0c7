"""Read what each policy did, by draw: people in work, assistance, and what it costs whom.

All are differences from doing nothing within the pair, summed over the case's municipalities.

Public names: `OUTCOMES`, `PAYERS`, `costs_by_draw`, `outcomes_by_draw` and `employed_by_place`.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from sim.model.ledger import PUBLIC, REFORM_KINDS

PAYERS: Final = (*(party.name.lower() for party in PUBLIC), "public")
"""Who may pay; ``joint`` is a coordination association, ``public`` all of them."""
OUTCOMES: Final[Mapping[str, tuple[str, int]]] = {
    "employed": ("persons", 1),
    "employed_unsubsidised": ("persons", 1),
    "months_in_work": ("months", 1),
    "months_unsubsidised": ("months", 1),
    "assistance_households": ("households", -1),
    **{f"net_{payer}": ("kronor", 1) for payer in PAYERS},
}
"""Unit of each outcome, and 1 where more is better or -1 where less is.

People and households are those of the last month, months in work are counted from the start, and ``net`` is
what a payer gains (below zero: loses) in all from the start.
"""
_STOCKS = ("employed", "employed_unsubsidised", "assistance_households")
_MONTHS = {"employed": "months_in_work", "employed_unsubsidised": "months_unsubsidised"}
_BESIDE: Mapping[str, Mapping[str, float]] = {
    "municipality": {"place_wage": 1.0, "place_contribution": 1.0, "place_subsidy": -1.0},
    "state": {"place_subsidy": 1.0, "wage_subsidy": 1.0, "place_contribution": -1.0},
}
"""What a policy's places and subsidies cost beside its own kinds of payment."""
_SPENT = "spending_"
_KEYS = ("scenario", "policy", "draw")


def costs_by_draw(
    effects: pl.LazyFrame, labels: Sequence[str], payer: str, kind: str, month: int
) -> pl.DataFrame:
    """Return scenario, policy, draw and what a payer has paid by a month (``value``, kronor).

    Args:
        effects: The effects of the runs.
        labels: What the runs of the case's municipalities are filed under.
        payer: One of `PAYERS`.
        kind: ``spending``, what the payer spends on the policy itself, or ``net``, its whole loss.
        month: Month since the start.
    """
    name = f"{_SPENT}{payer}" if kind == "spending" else f"net_{payer}"
    found = outcomes_by_draw(effects, labels, month).filter(outcome=name).drop("outcome")
    return found if kind == "spending" else found.with_columns(-pl.col("value"))


def outcomes_by_draw(effects: pl.LazyFrame, labels: Sequence[str], month: int) -> pl.DataFrame:
    """Return scenario, policy, draw, outcome and value: all `OUTCOMES` and each ``spending_<payer>``.

    Spending is what a payer pays for the policy itself: staff, premises, places, meetings and investments,
    and the wages and subsidies of its places, less the subsidies that it gets for them.
    """
    flows = {f"cum_flow_{kind}": None for payer in PAYERS for kind in _weights(payer)}
    nets = {f"cum_net_{payer}": f"net_{payer}" for payer in PAYERS}
    rows = _rows(effects, labels, [*_STOCKS, *nets, *flows], month)
    last = rows.filter(pl.col("month") == month)
    stocks = last.filter(pl.col("indicator").is_in([*_STOCKS, *nets])).with_columns(
        outcome=pl.col("indicator").replace(nets)
    )
    worked = (
        rows.filter(pl.col("indicator").is_in(list(_MONTHS)))
        .group_by(*_KEYS, "indicator")
        .agg(pl.col("value").sum())
        .with_columns(outcome=pl.col("indicator").replace(_MONTHS))
    )
    pairs = last.select(_KEYS).unique()
    spent = [_spending(last, pairs, payer) for payer in PAYERS]
    columns = [*_KEYS, "outcome", "value"]
    return pl.concat([part.select(columns) for part in (stocks, worked, *spent)]).sort(
        "scenario", "outcome", "policy", "draw"
    )


def employed_by_place(effects: pl.LazyFrame, codes: Sequence[str], month: int) -> pl.DataFrame:
    """Return scenario, policy, draw, municipality and value: people in work there in a month, persons."""
    text = {name: pl.col(name).cast(pl.String) for name in ("indicator", "group", "municipality")}
    return (
        effects.filter(
            text["indicator"] == "employed",
            text["group"] == "all",
            text["municipality"].is_in(list(codes)),
            pl.col("month") == month,
        )
        .select(
            pl.col("scenario", "policy").cast(pl.String), "draw", text["municipality"], value="difference"
        )
        .sort(*_KEYS, "municipality")
        .collect()
    )


def _spending(last: pl.DataFrame, pairs: pl.DataFrame, payer: str) -> pl.DataFrame:
    """Return the weighted sum of a payer's flows in each pair, zero where there are none."""
    weights = {f"cum_flow_{kind}": weight for kind, weight in _weights(payer).items()}
    weight = pl.col("indicator").replace_strict(weights, return_dtype=pl.Float64)
    spent = (
        last.filter(pl.col("indicator").is_in(list(weights)))
        .group_by(_KEYS, maintain_order=True)
        .agg((pl.col("value") * weight).sum())
    )
    every = pairs.join(spent, on=_KEYS, how="left").with_columns(pl.col("value").fill_null(0.0))
    return every.with_columns(outcome=pl.lit(f"{_SPENT}{payer}"))


def _weights(payer: str) -> dict[str, float]:
    """Return the payments that a policy consists of for a payer: 1 paid, -1 received."""
    if payer != "public":
        own = {f"reform_{kind}_{payer}": 1.0 for kind in REFORM_KINDS}
        return {**own, **_BESIDE.get(payer, {})}
    total: dict[str, float] = {}
    for party in PUBLIC:
        for kind, weight in _weights(party.name.lower()).items():
            total[kind] = total.get(kind, 0.0) + weight
    return {kind: weight for kind, weight in total.items() if weight}


def _rows(
    effects: pl.LazyFrame, labels: Sequence[str], indicators: Sequence[str], month: int
) -> pl.DataFrame:
    """Return the effects that are read, summed over what the runs are filed under."""
    text = {name: pl.col(name).cast(pl.String) for name in ("indicator", "group", "municipality")}
    return (
        effects.filter(
            text["indicator"].is_in(list(indicators)),
            pl.col("month") <= month,
            pl.col("month").eq(month) | text["indicator"].is_in(list(_MONTHS)),
            text["group"] == "all",
            text["municipality"].is_in(list(labels)),
        )
        .with_columns(pl.col("scenario", "policy", "indicator", "municipality").cast(pl.String))
        .sort(*_KEYS, "indicator", "month", "municipality")  # sums of kronor are taken in one order
        .group_by(*_KEYS, "indicator", "month", maintain_order=True)
        .agg(pl.col("difference").sum().alias("value"))
        .collect()
    )
