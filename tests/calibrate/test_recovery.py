"""Calibration of data whose parameters are known."""

import numpy as np
import polars as pl
import pytest

from sim.calibrate.belief import recover, summarise
from sim.policy.estimates import MUNICIPAL


def made_up(sets: int, spread: float) -> pl.DataFrame:
    """Posteriors of known spread about a truth that they do not know."""
    rng = np.random.default_rng(5)
    rows = []
    for number in range(sets):
        for name in MUNICIPAL:
            truth = rng.normal(0.0, 0.5)
            mean = truth + rng.normal(0.0, 0.1)
            rank = int(200 * (rng.normal(mean, spread, 100_000 // sets) < truth).mean())
            low, high = np.exp(mean - 1.645 * spread), np.exp(mean + 1.645 * spread)
            rows.append((number, name, np.exp(truth), np.exp(mean), low, high, rank, 1.0))
    names = ("set", "parameter", "truth", "mean", "low", "high", "rank", "seconds")
    return pl.DataFrame(rows, schema=names, orient="row")


def test_right_intervals_are_told_from_narrow_ones() -> None:
    right, narrow = summarise(made_up(400, 0.1)), summarise(made_up(400, 0.04))
    assert right["coverage"].min() > 0.85  # type: ignore[operator]
    assert narrow["coverage"].max() < 0.7  # type: ignore[operator]
    assert right["ranks_p"].min() > 0.001  # type: ignore[operator]
    assert narrow["ranks_p"].max() < 1e-6  # type: ignore[operator]
    assert right["correlation"].min() > 0.95  # type: ignore[operator]


@pytest.mark.slow
def test_parameters_of_simulated_towns_are_recovered() -> None:
    found = recover(8)
    summary = summarise(found)
    assert summary["correlation"].min() > 0.9  # type: ignore[operator]
    inside = found.filter(pl.col("truth").is_between(pl.col("low"), pl.col("high"))).height
    assert inside >= 15, "24 intervals of 90 %: fewer than 15 hold has a probability below 1 in 10,000"
