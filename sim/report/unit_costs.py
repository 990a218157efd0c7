"""What one extra month in work costs, where there are months to divide by.

Public names: `Ratio` and `cost_per_month`.
"""

from dataclasses import dataclass

import polars as pl

_COST, _MONTHS = "cum_reform_cost", "cum_employed"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio of two means over parameter draws, and its 90 % interval by draws."""

    mean: float
    low: float
    high: float


def cost_per_month(effects: pl.DataFrame, month: int, level: float = 0.90) -> Ratio | None:
    """Return kronor for the policy per extra month in work, both since the start, or None.

    ratio = mean cost / mean months in work; its interval is that of the draws' own ratios. None where the
    interval of the months reaches zero: a few draws near nothing would then decide the answer.

    Args:
        effects: The rows of `sim.report.derive.all_effects` for one place.
        month: Month since the start.
        level: Width of the interval.
    """
    value, tail = pl.col("difference"), (1 - level) / 2
    chosen = effects.filter(
        pl.col("group") == "all", pl.col("month") == month, pl.col("indicator").is_in([_COST, _MONTHS])
    )
    by_draw = chosen.group_by("draw", "indicator").agg(value.mean()).pivot("indicator", values="difference")
    if not {_COST, _MONTHS} <= set(by_draw.columns):
        return None
    months = by_draw[_MONTHS]
    least = months.quantile(tail, "linear")
    if least is None or least <= 0:
        return None
    drawn = by_draw.filter(pl.col(_MONTHS) > 0).select(ratio=pl.col(_COST) / pl.col(_MONTHS))["ratio"]
    mean = by_draw.select(pl.col(_COST).mean() / pl.col(_MONTHS).mean()).item()
    limits = drawn.quantile(tail, "linear"), drawn.quantile(1 - tail, "linear")
    return Ratio(float(mean), *(float(limit or 0.0) for limit in limits))
