"""Effects that follow from others and that a report prints: parts of a sum, what is moved, costs, rates.

All are differences within pairs, so that their intervals come from the same draws as everything else.

Public names: `all_effects`, `REFORM_COSTS`, `SUPPORTS` (what assistance may be moved to) and `COST_KINDS`.
"""

import re

import polars as pl

from sim.experiment.ratios import ratios

REFORM_COSTS = ("staff", "premises", "meetings", "places", "investment")
SUPPORTS = ("insurance", "activity_support", "establishment_benefit", "student_support", "other_benefit")
COST_KINDS = ("investment", "running")
_COST = re.compile(rf"cost_[a-z_]+_(?:{'|'.join(COST_KINDS)})")
_PLACE_COSTS = ("place_wage", "place_contribution", "wage_subsidy")
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
    "shared_benefits": {"newcomer_benefit_share": -1.0, "cofinancing": -1.0},
    "other": {"study_cost": -1.0},
}
_KEYS = ("draw", "replication", "scenario", "policy", "municipality", "group", "month")


def all_effects(effects: pl.DataFrame, series: pl.DataFrame) -> pl.DataFrame:
    """Return the effects with those derived from them, as rows that `summarise` reads.

    Added indicators: ``cum_municipality_<part>`` (the parts sum to ``cum_net_municipality``),
    ``cum_municipality_tax_before``, ``cum_moved`` with its parts ``cum_moved_<support>`` and ``cum_saved``,
    ``cum_reform_cost`` (what all pay for the policy itself, with wages and subsidies of its places),
    ``cum_cost_<lever>_<kind>``, ``cum_employed`` (months in work), ``client_exit_change`` (hazard ratio less
    one) with its parts ``hazard_lock_in`` and ``hazard_dip``, ``reached_90_share`` and its two levels; and
    the group ``women_minus_men`` of ``employed``.
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
    paid = dict.fromkeys(_reform_flows(flows), 1.0)
    cost = _sum(flows, paid).with_columns(indicator=pl.lit("cum_reform_cost"))
    added = [*parts, tax, cost, *_moved(flows), _since_start(plain), rates, change, _sexes(plain)]
    return pl.concat([plain, *(rows.select(columns).cast(plain.schema) for rows in added)])


def _sum(flows: pl.DataFrame, weights: dict[str, float]) -> pl.DataFrame:
    """Return the weighted sum of flows in each pair and month."""
    chosen = flows.filter(pl.col("indicator").is_in(list(weights)))
    weight = pl.col("indicator").replace_strict(weights or {"": 0.0}, return_dtype=pl.Float64)
    return chosen.group_by(_KEYS).agg((pl.col("difference") * weight).sum())


def _reform_flows(flows: pl.DataFrame) -> list[str]:
    """Return the kinds of payment that the policy itself consists of."""
    kinds = flows["indicator"].unique().to_list()
    return [name for name in kinds if name in _PLACE_COSTS or name.startswith("reform_")]


def _since_start(effects: pl.DataFrame) -> pl.DataFrame:
    """Return months in work, and what each lever costs, summed from the start."""
    name = pl.col("indicator")
    costs = [one for one in effects["indicator"].unique().to_list() if _COST.fullmatch(one)]
    chosen = effects.filter(pl.col("group") == "all", name.is_in([*costs, "employed"])).sort("month")
    over = [key for key in (*_KEYS, "indicator") if key != "month"]
    summed = pl.col("difference").cum_sum().over(over)
    return chosen.with_columns(difference=summed, indicator=pl.lit("cum_") + name)


def _moved(flows: pl.DataFrame) -> list[pl.DataFrame]:
    """Return how much of a fall in assistance is met by a rise in other support, and how much is saved.

    In each pair and month, all since the start, with F the fall in assistance and R the sum of the changes of
    the other supports: moved = max(0, min(F, R)), shared between the supports that rise in proportion to
    their rises, and saved = F - moved.
    """
    fall = _sum(flows, {"assistance": -1.0})
    rise = _sum(flows, dict.fromkeys(SUPPORTS, 1.0))
    both = fall.join(rise, on=_KEYS, suffix="_rise")
    moved = both.with_columns(
        moved=pl.min_horizontal("difference", "difference_rise").clip(lower_bound=0.0)
    ).with_columns(saved=pl.col("difference") - pl.col("moved"))
    kinds = flows.filter(pl.col("indicator").is_in(SUPPORTS)).with_columns(
        pl.col("difference").clip(lower_bound=0.0)
    )
    rises = kinds.group_by(_KEYS).agg(rises=pl.col("difference").sum())
    shared = kinds.join(rises, on=_KEYS).join(moved.select(*_KEYS, "moved"), on=_KEYS)
    part = pl.when(pl.col("rises") > 0).then(pl.col("difference") / pl.col("rises")).otherwise(0.0)
    totals = [
        moved.with_columns(difference=pl.col(name), indicator=pl.lit(f"cum_{name}"))
        for name in ("moved", "saved")
    ]
    parts = shared.with_columns(
        difference=pl.col("moved") * part, indicator=pl.lit("cum_moved_") + pl.col("indicator")
    )
    return [*totals, parts]


def _sexes(effects: pl.DataFrame) -> pl.DataFrame:
    """Return women's effect on employment minus men's."""
    work = effects.filter(pl.col("indicator") == "employed")
    keys = [key for key in (*_KEYS, "indicator") if key != "group"]
    women, men = (work.filter(pl.col("group") == sex) for sex in ("women", "men"))
    both = women.join(men, on=keys, suffix="_men")
    difference = pl.col("difference") - pl.col("difference_men")
    return both.with_columns(difference=difference, group=pl.lit("women_minus_men"))
