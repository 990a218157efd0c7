"""Test the loop on synthetic truth: does updating by simulated estimates leave honest intervals?

Public name: `update_rounds`.
"""

import numpy as np
import polars as pl

from sim.evaluate.panels.panel import Floats
from sim.evaluate.power.trials import Trials
from sim.evaluate.update.reweight import reweight

_SCHEMA = {
    "estimator": pl.String,
    "truth": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "before": pl.Float64,
    "after": pl.Float64,
    "effective": pl.Float64,
    "warned": pl.Boolean,
}


def update_rounds(trials: Trials, predicted: Floats) -> pl.DataFrame:
    """Return one row per simulated panel with a reform and estimator.

    In each round the truth is one draw of the prediction; the estimate and its placebo standard error come
    from the panel made with it; the other draws are re-weighted. ``low`` and ``high`` bound the updated 90 %
    interval, ``before`` and ``after`` are its widths, ``warned`` tells of a conflict, ``effective`` of draws.
    An estimator without a standard error has no rounds.

    Args:
        trials: Trials whose draw i took row i of the prediction, again from the first when all were used.
        predicted: Mean effect by draw, shape (draws,).
    """
    rows = []
    usable = (pl.col("arm") == "reform") & pl.col("se").is_finite() & (pl.col("se") > 0)
    for row in trials.rows.filter(usable).iter_rows(named=True):
        others = np.delete(predicted, row["draw"] % len(predicted))
        update = reweight(others, row["effect"], row["se"])
        (_, low0, high0), (_, low, high) = update.before, update.after
        warned = any("conflict" in warning for warning in update.warnings)
        rows.append(
            (row["estimator"], row["truth"], low, high, high0 - low0, high - low, update.effective, warned)
        )
    return pl.DataFrame(rows, schema=_SCHEMA, orient="row")
