"""Which assumptions decide whether more people are in work, and how probable that is on either side.

Only assumptions that stand out from what chance alone would show among so many are named, so with few runs
there may be none.

Public name: `conditions`.
"""

from collections.abc import Sequence
from statistics import NormalDist
from typing import Final

import polars as pl

from sim.policy.priors import Prior

MOST: Final = 3
_FALSE = 0.05  # probability that any assumption is named where none matters
_SCHEMA: Final = {
    "label": pl.String,
    "unit": pl.String,
    "grade": pl.String,
    "middle": pl.Float64,
    "below": pl.Float64,
    "above": pl.Float64,
}


def conditions(
    effects: pl.DataFrame, draws: pl.DataFrame, priors: Sequence[Prior], lang: str
) -> pl.DataFrame:
    """Return the assumptions that matter most for the sign of an effect, the strongest first.

    An assumption is named where the rank correlation r of its draws with the effect has
    |r| sqrt(n - 1) > z, z the normal quantile that gives all assumptions together a 5 percent chance of
    naming one where none matters.

    Args:
        effects: Rows of one indicator, group and month: columns draw and difference.
        draws: Parameter draws: column draw, and one per parameter.
        priors: Priors, for labels, units and grades.
        lang: Language of the labels.

    Returns:
        Columns label, unit, grade, middle (median of the draws) and the share of draws with an effect above
        zero where the assumption is ``below`` its middle and where it is at it or ``above``; at most `MOST`
        rows.
    """
    rows = draws.join(effects.group_by("draw").agg(pl.col("difference").mean()), on="draw")
    known = {prior.name: prior for prior in priors}
    varied = [name for name in draws.columns if name in known and _has_sides(rows[name])]
    if not varied or rows["difference"].n_unique() < 2:
        return pl.DataFrame(schema=_SCHEMA)
    ranks = rows.select(pl.corr(name, "difference", method="spearman") for name in varied)
    limit = NormalDist().inv_cdf(1 - _FALSE / (2 * len(varied))) / (rows.height - 1) ** 0.5
    strength = {name: abs(ranks[name].item()) for name in varied}
    chosen = sorted((name for name in varied if strength[name] > limit), key=lambda name: -strength[name])
    return pl.DataFrame([_row(rows, known[name], lang) for name in chosen[:MOST]], _SCHEMA, orient="row")


def _has_sides(values: pl.Series) -> bool:
    return bool((values < values.median()).any())


def _row(rows: pl.DataFrame, prior: Prior, lang: str) -> tuple[str, str, str, float, float, float]:
    middle = float(rows[prior.name].median())  # type: ignore[arg-type]
    up, under = pl.col("difference") > 0, pl.col(prior.name) < middle
    below, above = (float(rows.filter(side).select(up.mean()).item()) for side in (under, ~under))
    label = prior.label_sv if lang == "sv" else prior.label_en
    return label, prior.unit, prior.grade, middle, below, above
