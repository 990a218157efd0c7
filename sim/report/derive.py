"""Effects that follow from others and that a report prints: parts of a payer's sum, what is moved, rates.

All are differences within pairs, so that their intervals come from the same draws as everything else.
"""

import polars as pl

from sim.experiment.ratios import ratios

REFORM_COSTS = ("staff", "premises", "meetings", "places", "investment")
_PARTS: dict[str, dict[str, float]] = {
    "reform_cost": {
        **{f"reform_{kind}_municipality": -1.0 for kind in REFORM_COSTS},
        "place_wage": -1.0,
        "place_contribution": -1.0,
        "place_subsidy": 1.0,
    },
    "assistance": {"assistance": -1.0, "assistance_administration": -1.0},
    "state_grants": {"newcomer_grant": 1.0},
    "tax_after": {"municipal_tax": 1.0, "municipal_equalisation": -1.0},
    "other": {"study_cost": -1.0, "newcomer_benefit_share": -1.0, "cofinancing": -1.0},
}
_KEYS = ("draw", "replication", "scenario", "policy", "municipality", "group", "month")


def all_effects(effects: pl.DataFrame, series: pl.DataFrame) -> pl.DataFrame:
    """Return the effects with those derived from them, as rows that `summarise` reads.

    Added indicators: ``cum_municipality_<part>`` (the parts sum to ``cum_net_municipality``),
    ``cum_municipality_tax_before``, ``cum_moved``, ``client_exit_change`` (hazard ratio less one) with its
    parts ``hazard_lock_in`` and ``hazard_dip``, ``reached_90_share`` and its two levels; and the group
    ``women_minus_men`` of ``employed``.
    """
    columns = [*_KEYS, "indicator", "difference"]
    plain = effects.select(columns).with_columns(pl.col("group", "indicator").cast(pl.String))
    money = plain.filter(pl.col("group") == "all", pl.col("indicator").str.starts_with("cum_flow_"))
    flows = money.with_columns(pl.col("indicator").str.strip_prefix("cum_flow_"))
    parts = [
        _sum(flows, weights).with_columns(indicator=pl.lit(f"cum_municipality_{part}"))
        for part, weights in _PARTS.items()
    ]
    tax = _sum(flows, {"municipal_tax": 1.0}).with_columns(indicator=pl.lit("cum_municipality_tax_before"))
    rates = ratios(series).with_columns(pl.col("group", "indicator").cast(pl.String))
    change = rates.filter(pl.col("indicator") == "hazard_ratio").with_columns(
        pl.col("difference") - 1.0, indicator=pl.lit("client_exit_change")
    )
    added = [*parts, tax, _moved(flows), rates, change, _sexes(plain)]
    return pl.concat([plain, *(rows.select(columns).cast(plain.schema) for rows in added)])


def _sum(flows: pl.DataFrame, weights: dict[str, float]) -> pl.DataFrame:
    """Return the weighted sum of flows in each pair and month."""
    chosen = flows.filter(pl.col("indicator").is_in(list(weights)))
    weight = pl.col("indicator").replace_strict(weights, return_dtype=pl.Float64)
    return chosen.group_by(_KEYS).agg((pl.col("difference") * weight).sum())


def _moved(flows: pl.DataFrame) -> pl.DataFrame:
    """Return how much of a fall in assistance is met by a rise in insurance: moved, and not saved.

    In each pair and month max(0, min(fall in assistance, rise in insurance)), both since the start.
    """
    fall = _sum(flows, {"assistance": -1.0})
    rise = _sum(flows, {"insurance": 1.0})
    both = fall.join(rise, on=_KEYS, suffix="_rise")
    moved = pl.min_horizontal("difference", "difference_rise").clip(lower_bound=0.0)
    return both.with_columns(difference=moved, indicator=pl.lit("cum_moved"))


def _sexes(effects: pl.DataFrame) -> pl.DataFrame:
    """Return women's effect on employment minus men's."""
    work = effects.filter(pl.col("indicator") == "employed")
    keys = [key for key in (*_KEYS, "indicator") if key != "group"]
    women, men = (work.filter(pl.col("group") == sex) for sex in ("women", "men"))
    both = women.join(men, on=keys, suffix="_men")
    difference = pl.col("difference") - pl.col("difference_men")
    return both.with_columns(difference=difference, group=pl.lit("women_minus_men"))
