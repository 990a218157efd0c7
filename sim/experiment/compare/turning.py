"""Tell which assumption would change which of two policies is better: Monte Carlo filtering of the draws.

Draws in which the first policy is better are held against those in which the other is. A parameter separates
the two sets when its values differ between them by more than chance would give (two-sample
Kolmogorov-Smirnov test, false discoveries among all parameters held at 5 %). Of each that does, a tree of one
split says at which value, and what the policies do on either side of it.

Public names: `turning_points` and its result `Turning`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.policy.priors import Prior

FEWEST: Final = 10
"""Draws that each policy must be better in; with fewer nothing can be told apart."""
_FALSE = 0.05
_LEAF = 0.1  # least share of the draws on each side of a split
_SCHEMA: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("parameter", "label_sv", "label_en", "unit", "grade", "part"), pl.String),
    **dict.fromkeys(("distance", "q_value", "split"), pl.Float64),
    **dict.fromkeys(("below", "above", "p_below", "p_above"), pl.Float64),
    "turns": pl.Boolean,
}


@dataclass(frozen=True)
class Turning:
    """What separates the draws in which one policy is better from those in which another is.

    Attributes:
        policy: The first policy.
        other: The second one.
        better: Draws in which the first is better.
        worse: Draws in which the second is.
        tested: Number of uncertain parameters looked at; none where either set is smaller than `FEWEST`.
        parameters: A row for each that separates the sets by more than chance, the clearest first: distance
            (between the two distributions, 0 to 1), q_value (false discoveries allowed for), split (the value
            that divides best), below and above (mean by which the first policy is better on either side),
            p_below and p_above (share of draws in which it is), and turns (whether the sign of the mean
            changes at the split).
    """

    policy: str
    other: str
    better: int
    worse: int
    tested: int
    parameters: pl.DataFrame


def turning_points(
    policy: str,
    other: str,
    gap: pl.DataFrame,
    draws: pl.DataFrame,
    priors: Mapping[str, Prior],
) -> Turning:
    """Return which parameters separate the draws in which a policy is better from those in which it is worse.

    Args:
        policy: Name of the first policy.
        other: Name of the second.
        gap: Columns draw and value: what the first is better by.
        draws: Values of the parameters: column draw, and one per parameter.
        priors: What is known of them, by name.
    """
    from scipy.stats import false_discovery_control, ks_2samp

    rows = draws.join(gap.filter(pl.col("value") != 0), on="draw").sort("draw")
    by = rows["value"].to_numpy()
    better = by > 0
    counts = int(better.sum()), int((~better).sum())
    varied = [name for name in draws.columns if name != "draw" and name in priors]
    values = {name: rows[name].to_numpy() for name in varied if rows[name].n_unique() > 1}
    if min(counts) < FEWEST or not values:
        return Turning(policy, other, *counts, 0, pl.DataFrame(schema=_SCHEMA))
    tests = [ks_2samp(one[better], one[~better]) for one in values.values()]
    q_values = false_discovery_control([test.pvalue for test in tests])
    found = [
        (
            *_labels(name, priors[name]),
            float(test.statistic),
            float(q),
            *_divided(values[name], by),
        )
        for name, test, q in zip(values, tests, q_values, strict=True)
        if q <= _FALSE
    ]
    table = pl.DataFrame(found, schema=_SCHEMA, orient="row").sort("q_value", "parameter")
    return Turning(policy, other, *counts, len(values), table)


def _labels(name: str, prior: Prior) -> tuple[str, str, str, str, str, str]:
    return name, prior.label_sv, prior.label_en, prior.unit, prior.grade, str(prior.part)


def _divided(
    value: NDArray[np.float64], by: NDArray[np.float64]
) -> tuple[float, float, float, float, float, bool]:
    """Return the value that divides the signs best, and means and shares on either side."""
    from sklearn.tree import DecisionTreeClassifier

    leaf = max(FEWEST // 2, int(_LEAF * by.size))
    tree = DecisionTreeClassifier(max_depth=1, min_samples_leaf=leaf, random_state=0)
    tree.fit(value[:, None], by > 0)
    split = float(tree.tree_.threshold[0]) if tree.tree_.node_count > 1 else float(np.median(value))
    under, over = by[value <= split], by[value > split]
    below, above = float(under.mean()), float(over.mean())
    shares = float((under > 0).mean()), float((over > 0).mean())
    return split, below, above, *shares, below * above < 0
