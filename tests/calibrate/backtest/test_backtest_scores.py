"""Scores against values worked out without the code under test."""

import math

import numpy as np
import polars as pl
import pytest

from sim.calibrate.backtest.forecast import Forecast
from sim.calibrate.backtest.score import score_rows, summarise
from sim.core.errors import SamspelError


def _scores(mean: float, sd: float, value: float, scale: float = 1.0) -> dict[str, float]:
    forecast = Forecast(("0480",), ("2018",), np.array([[mean]]), np.array([[sd]]))
    observed = pl.DataFrame({"code": ["0480"], "period": ["2018"], "value": [value], "scale": [scale]})
    return score_rows(forecast, observed).row(0, named=True)


def test_crps_is_the_integral_of_its_definition() -> None:
    mean, sd, value = math.log(10.0), 0.3, 12.0
    edges = np.linspace(1e-6, 60.0, 600_001)
    x = (edges[1:] + edges[:-1]) / 2
    below = np.array([0.5 * (1 + math.erf((math.log(one) - mean) / (sd * math.sqrt(2)))) for one in x])
    by_hand = float(np.sum((below - (x >= value)) ** 2) * (edges[1] - edges[0]))
    assert _scores(mean, sd, value)["crps"] == pytest.approx(by_hand, rel=1e-3)


def test_crps_of_a_certain_forecast_is_its_distance() -> None:
    found = _scores(math.log(10.0), 1e-7, 12.5, scale=2.0)
    assert found["crps"] == pytest.approx(1.25, rel=1e-5)
    assert (found["mae"], found["bias"]) == pytest.approx((1.25, -1.25))


@pytest.mark.parametrize(("away", "inside90", "inside50"), [(0.5, 1, 1), (1.0, 1, 0), (1.7, 0, 0)])
def test_coverage_counts_central_intervals(away: float, inside90: int, inside50: int) -> None:
    found = _scores(2.0, 0.1, math.exp(2.0 + 0.1 * away))
    assert (found["cover90"], found["cover50"]) == (inside90, inside50)


def test_summaries_are_means_over_the_figures() -> None:
    rows = pl.DataFrame(
        {"forecaster": ["a", "a"], "crps": [1.0, 3.0], "cover90": [1.0, 0.0]}
        | {name: [0.0, 0.0] for name in ("cover50", "mae", "bias")}
    )
    assert summarise(rows, ("forecaster",)).row(0)[:4] == ("a", 2, 2.0, 0.5)


def test_a_forecast_without_spread_is_refused() -> None:
    with pytest.raises(SamspelError, match="standard deviation above 0"):
        Forecast(("0480",), ("2018",), np.zeros((1, 1)), np.zeros((1, 1)))
    with pytest.raises(SamspelError, match="must be"):
        Forecast(("0480",), ("2018", "2019"), np.zeros((1, 1)), np.ones((1, 1)))
