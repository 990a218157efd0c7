"""Split the variance of an effect over draws by how well the uncertain parameters are known.

The draws of different parameters are independent, so the share of the variance that one parameter accounts
for, in a straight line, is the R2 of a regression on it alone. The adjusted R2 takes off what chance alone
would add. (One regression on all of them at once needs many times more draws than there are parameters.)
What is left over is chance, curvature and interplay between parameters.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import polars as pl

REST = "rest"
SCENARIO = "scenario"
_GRADES = ("A", "B", "C")
_SPARE = 10


class GradedPrior(Protocol):
    """What is read of a prior."""

    @property
    def name(self) -> str:
        """Return the parameter's name."""

    @property
    def grade(self) -> str:
        """Return A (figure seen), B (sign or design seen) or C (remembered or assumed)."""

    @property
    def part(self) -> str:
        """Return model, lever, scenario or operator."""


def shares_by_grade(
    effects: pl.DataFrame, draws: pl.DataFrame, priors: Sequence[GradedPrior]
) -> pl.DataFrame:
    """Return grade (A, B, C, ``scenario``, ``rest``), share of the variance, r2 and n.

    Shares are at least zero and sum to one. ``r2`` is the sum of the adjusted R2 of all parameters. A
    parameter that no prior names (a range in a case file) is grade C. With an effect that does not vary, or
    hardly more draws than parameters, shares and r2 are null: nothing can be said.

    Args:
        effects: Rows of one indicator, group and month of one policy: columns draw and difference.
        draws: Parameter draws: column draw, and one per parameter.
        priors: Priors, for their grades.
    """
    by_draw = effects.group_by("draw").agg(pl.col("difference").mean())
    rows = draws.join(by_draw, on="draw").sort("draw")
    effect = rows["difference"].to_numpy()
    varied = [name for name in draws.columns if name != "draw" and rows[name].n_unique() > 1]
    if effect.size < len(varied) + _SPARE or not np.ptp(effect) > 0:
        return _frame(dict.fromkeys((*_GRADES, SCENARIO, REST)), None, effect.size)

    from statsmodels.regression.linear_model import OLS  # slow to import, and most callers never get here
    from statsmodels.tools.tools import add_constant

    values = rows.select(varied).to_numpy()
    fits = [OLS(effect, add_constant(column)).fit() for column in values.T]
    explained = np.array([fit.rsquared_adj for fit in fits])

    known = {prior.name: SCENARIO if prior.part == "scenario" else prior.grade for prior in priors}
    shares: dict[str, float | None] = dict.fromkeys((*_GRADES, SCENARIO), 0.0)
    for grade in shares:
        chosen = [known.get(name, "C") == grade for name in varied]
        shares[grade] = max(0.0, float(explained[chosen].sum()))
    total = sum(share or 0.0 for share in shares.values())
    scale = max(1.0, total)
    shares = {grade: (share or 0.0) / scale for grade, share in shares.items()}
    return _frame(shares | {REST: max(0.0, 1.0 - total)}, float(explained.sum()), effect.size)


def _frame(shares: dict[str, float | None], r2: float | None, n: int) -> pl.DataFrame:
    schema = {"grade": pl.String, "share": pl.Float64, "r2": pl.Float64, "n": pl.Int64}
    return pl.DataFrame(
        [(grade, share, r2, n) for grade, share in shares.items()], schema=schema, orient="row"
    )
