"""Forecasters: what they may see, and what they give where the truth is known."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from backtest_worlds import CYCLE, OWN, STEP, Fit, constant, synthetic

from sim.calibrate.backtest.ar_panel import ArPanel
from sim.calibrate.backtest.drift import choose_drift
from sim.calibrate.backtest.forecast import Forecast, Forecaster
from sim.calibrate.backtest.model import AF_STOCK, ENTRY, FINDING, STATIV, place_moments
from sim.calibrate.backtest.nations import meet
from sim.calibrate.backtest.panel import read_panel
from sim.calibrate.backtest.plain import Persistence, SeasonalNaive
from sim.calibrate.backtest.run import known_shares, known_stocks
from sim.calibrate.backtest.samspel import Samspel
from sim.core.errors import SamspelError
from sim.data.facts import official

FORECASTERS: tuple[Forecaster, ...] = (
    Samspel(), Persistence(), SeasonalNaive(), ArPanel(), ArPanel(nation=True)
)  # fmt: skip


def _shares() -> list[Forecast]:
    known = known_shares()
    return [one.shares(known) for one in FORECASTERS]


def _stocks() -> list[Forecast]:
    both = known_stocks(), known_stocks(published=False)
    return [one.stocks(known) for one in FORECASTERS for known in both]


def _spoil(folder: Path, file: str, column: str, rows: pl.Expr, value: str) -> None:
    table = pl.read_csv(folder / file, infer_schema=False)
    spoilt = table.with_columns(pl.when(rows).then(pl.lit(value)).otherwise(pl.col(column)).alias(column))
    assert not spoilt.equals(table)
    spoilt.write_csv(folder / file)


def _assert_same(ours: list[Forecast], theirs: list[Forecast]) -> None:
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one.mean, other.mean)
        np.testing.assert_array_equal(one.sd, other.sd)


def test_later_shares_change_no_forecast_of_shares(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    year = pl.col("year").cast(pl.Int64)
    _spoil(copied, "stativ.csv", "percent", year > 2017, "77.7")
    _spoil(copied, "education_shares.csv", "postsecondary", year > 2017, "0.9")
    _spoil(copied, "population_december.csv", "persons", year > 2017, "5")
    _spoil(copied, "af_stock.csv", "persons", pl.col("code") == "0480", "5")
    spoilt = _shares()
    monkeypatch.delenv("SAMSPEL_HOME")
    _assert_same(spoilt, _shares())


def test_later_figures_change_no_forecast_of_stocks(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    year = pl.col("year").cast(pl.Int64)
    of_places = pl.col("month").str.starts_with("2022") & (pl.col("code") != "0000")
    _spoil(copied, "stativ.csv", "percent", year > 2018, "77.7")
    _spoil(copied, "af_stock.csv", "persons", of_places, "7")
    spoilt = _stocks()
    monkeypatch.delenv("SAMSPEL_HOME")
    _assert_same(spoilt, _stocks())


def test_persistence_is_the_last_value() -> None:
    shares = Persistence().shares(known_shares())
    place = shares.codes.index("0480")
    last = official("0480", "stativ_share", "2017").value
    np.testing.assert_allclose(shares.quantile(0.5)[place], last)
    assert np.all(np.diff(shares.sd[place]) > 0)
    stocks = known_stocks()
    december = official("0480", "af_stock", "2018-12").value
    np.testing.assert_allclose(Persistence().stocks(stocks).quantile(0.5)[place], december)
    same_month = [official("0480", "af_stock", f"2018-{month:02d}").value for month in range(1, 13)]
    np.testing.assert_allclose(SeasonalNaive().stocks(stocks).quantile(0.5)[place], same_month)


def test_yearly_shares_have_no_season() -> None:
    known = known_shares()
    np.testing.assert_array_equal(SeasonalNaive().shares(known).mean, Persistence().shares(known).mean)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_intervals_cover_where_the_truth_is_known(seed: int) -> None:
    known, later = synthetic(seed)
    forecast = Samspel().shares(known)
    inside = (later > np.log(forecast.quantile(0.05))) & (later < np.log(forecast.quantile(0.95)))
    assert 0.80 < inside.mean() < 0.99
    missed = np.sqrt(np.mean((later - forecast.mean) ** 2, axis=0))
    naive = np.sqrt(np.mean((later - Persistence().shares(known).mean) ** 2, axis=0))
    assert np.all(missed < naive)


def test_drift_finds_the_truth() -> None:
    known, _ = synthetic(4)
    drift = choose_drift(known.panel, np.ones(290))
    assert "own" in drift.specification.terms
    effective = 1 / (1 - drift.specification.discount) if drift.specification.discount < 1 else 7
    error = STEP / (0.25 * np.sqrt(290 * effective))
    assert drift.coefficients["own"] == pytest.approx(OWN, abs=5 * error)
    if "cycle" in drift.coefficients:
        assert drift.coefficients["cycle"] == pytest.approx(CYCLE, abs=5 * error / 0.03)


def test_a_constant_series_is_forecast_as_constant() -> None:
    known = constant()
    for one in FORECASTERS:
        forecast = one.shares(known)
        np.testing.assert_allclose(forecast.mean, 2.3, atol=1e-6)
        assert np.all(forecast.sd >= 0.01)


def test_places_add_up_to_the_country() -> None:
    logs = np.log(np.array([[100.0, 50.0], [300.0, 10.0]]))
    met = meet(logs, np.array([0.5, 1.5]), np.ones(2), np.array([500.0, 40.0]))
    np.testing.assert_allclose(np.exp(met).sum(axis=0), [500.0, 40.0])
    moved = met - logs
    np.testing.assert_allclose(moved[1], 3 * moved[0])
    known = known_stocks()
    total = np.exp(Samspel().stocks(known).mean).sum(axis=0)
    assert np.all(total / np.exp(known.nation_mean) > 0.97)


def _fit(year: int, level: float, entry: float = 0.8, finding: float = -0.6) -> Fit:
    moments = (AF_STOCK, STATIV)
    draws = level * np.exp(np.linspace(-0.1, 0.1, 11))
    return Fit(
        year, dict.fromkeys(moments, draws), {name: {ENTRY: entry, FINDING: finding} for name in moments}
    )


def test_a_fit_gives_level_spread_and_answer() -> None:
    places = {"0114": _fit(2018, 2000.0, 1.2, -1.0), "0115": _fit(2018, 500.0, 0.4, -0.2)}
    found = place_moments(
        places, ("0114", "0115", "0117"), AF_STOCK, 2018, np.log([1.0, 1.0, 9.0]), np.ones(3)
    )
    np.testing.assert_allclose(np.exp(found.log_level), [2000.0, 500.0, 9.0])
    np.testing.assert_allclose(found.log_spread, [0.0663, 0.0663, 0.02], atol=1e-3)
    np.testing.assert_allclose(found.cycle, [1.1 / 0.7, 0.3 / 0.7, 1.0])
    assert found.calibrated == 2


def test_a_fit_newer_than_the_date_is_left_aside() -> None:
    known = known_shares()
    plain = Samspel().shares(known)
    np.testing.assert_array_equal(Samspel({"0480": _fit(2018, 90.0)}).shares(known).mean, plain.mean)
    moved = Samspel({"0480": _fit(2017, 30.0)}).shares(known)
    assert moved.mean[moved.codes.index("0480"), 0] > plain.mean[plain.codes.index("0480"), 0] + 0.3


@pytest.mark.parametrize(
    ("fit", "message"),
    [
        (Fit(2018), "estimate of 0114: levels = 'af_stock' is not allowed"),
        (Fit(2018, {AF_STOCK: np.array([1.0, -1.0])}), "at least 2 finite draws above 0"),
        (Fit(2018, {AF_STOCK: np.array([1.0, 2.0])}), "response.af_stock = 'entry_level'"),
        (_fit(2018, 9.0, entry=-1.0), "a stock that rises with entry and falls with job finding"),
    ],
)
def test_an_unusable_fit_is_refused(fit: Fit, message: str) -> None:
    with pytest.raises(SamspelError, match=message):
        place_moments({"0114": fit}, ("0114",), AF_STOCK, 2018, np.zeros(1), np.ones(1))


def test_a_year_without_figures_is_refused() -> None:
    with pytest.raises(SamspelError, match="a year from 2013 to 2021"):
        read_panel(2025)
