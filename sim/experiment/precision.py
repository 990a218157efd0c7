"""Tell how precise a mean effect is: the Monte Carlo half-width on the first n draws.

This is the error of the *mean* over draws. It falls as 1/sqrt(n) and says nothing about the interval that the
parameters leave open, which more draws do not narrow.
"""

from statistics import NormalDist

import polars as pl

from sim.experiment.definition import Precision

_KEYS = ("scenario", "policy", "municipality")


def sizes(minimum: int, maximum: int) -> list[int]:
    """Return the numbers of draws at which precision is looked at: 50, 100, 200, ... and last the maximum."""
    steps, size = [], minimum
    while size < maximum:
        steps.append(size)
        size *= 2
    return [*steps, maximum]


def half_width(effects: pl.DataFrame | pl.LazyFrame, target: Precision) -> float:
    """Return the half-width of the target's mean effect, the largest over policies and scenarios.

    Half-width = z * standard deviation between draws / sqrt(n); infinite with fewer than two draws.
    """
    widths = _widths(_by_draw(effects, target), target)["half_width"].fill_null(float("inf"))
    return max(widths.to_list(), default=float("inf"))


def precision_by_size(effects: pl.DataFrame, target: Precision) -> pl.DataFrame:
    """Return n, mean and half_width by policy, on the first 50, 100, 200, ... draws and on all."""
    values = _by_draw(effects, target)
    draws = values["draw"].unique().sort().to_list()
    steps = sizes(target.minimum, len(draws))
    parts = [_widths(values.filter(pl.col("draw").is_in(draws[:n])), target) for n in steps]
    return pl.concat(parts).sort(*_KEYS, "n")


def _by_draw(effects: pl.DataFrame | pl.LazyFrame, target: Precision) -> pl.DataFrame:
    chosen = effects.lazy().filter(
        pl.col("indicator") == target.indicator,
        pl.col("group") == target.group,
        pl.col("month") == target.month,
    )
    by_draw = chosen.collect().group_by(*_KEYS, "draw").agg(pl.col("difference").mean())
    return by_draw.sort(*_KEYS, "draw")


def _widths(values: pl.DataFrame, target: Precision) -> pl.DataFrame:
    z = NormalDist().inv_cdf((1 + target.level) / 2)
    difference = pl.col("difference")
    return values.group_by(_KEYS).agg(
        n=pl.len(), mean=difference.mean(), half_width=z * difference.std() / pl.len().sqrt()
    )
