import numpy as np
import pytest
from numpy.typing import NDArray

from sim.calibrate.season import detrended, first_season, season_of
from sim.calibrate.worlds import Readings

WANTED = 0.03 * np.sin(np.arange(12) / 12 * 2 * np.pi)


def runs(stock: NDArray[np.float64]) -> Readings:
    return Readings(np.zeros((3, 3)), np.tile(stock, (3, 1)), ())


def test_a_line_is_taken_off_the_log() -> None:
    assert detrended(100.0 * np.exp(0.02 * np.arange(12))) == pytest.approx(np.zeros(12), abs=1e-12)


def test_a_stock_that_already_has_its_season_keeps_the_inflow() -> None:
    wanted = detrended(np.exp(WANTED))
    again = season_of(wanted)(runs(500.0 * np.exp(wanted)))
    assert again == pytest.approx(first_season(wanted), abs=1e-5)


def test_what_the_model_adds_to_the_season_is_taken_off() -> None:
    wanted = detrended(np.exp(WANTED))
    extra = np.where(np.arange(12) == 5, 0.02, 0.0)
    better = season_of(wanted)(runs(500.0 * np.exp(wanted + extra)))
    assert better[5] < first_season(wanted)[5]
    assert np.mean(better) == pytest.approx(1.0, abs=1e-5)
    assert min(better) > 0
