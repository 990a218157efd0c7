import math

import numpy as np
import polars as pl
import pytest

from sim.calibrate.measures import FITTED, PREDICTED, fit_rows


def series(values: dict[str, float], draws: int = 3, months: int = 24) -> pl.DataFrame:
    """A run whose indicators are constant, one percent higher for each draw."""
    rows = [
        (draw, 0, "baseline", "all", indicator, month, value * (1 + draw / 100))
        for indicator, value in values.items()
        for draw in range(draws)
        for month in range(1, months + 1)
    ]
    names = ("draw", "replication", "policy", "group", "indicator", "month", "value")
    return pl.DataFrame(rows, schema=names, orient="row")


VALUES = {
    "af_stock": 2000.0,
    "stativ_share": 11.0,
    "assistance_households_prelim": 550.0,
    "assistance_households": 650.0,
    "assistance_households_year": 1300.0,
    "assistance_adults_10m": 500.0,
    "assistance_adults_year": 1500.0,
    "open_unemployed": 1000.0,
    "exits_to_work": 160.0,
    "af_inflow_from_work": 190.0,
    "employed": 25_000.0,
    "assistance_paid": 5_500_000.0,
    "bas_unemployed": 1600.0,
}


def test_measures_are_read_as_the_statistic_is_defined() -> None:
    rows = {row["key"]: row for row in fit_rows(series(VALUES), FITTED, ["0480"]).iter_rows(named=True)}
    assert rows["af_stock_2018"]["mean"] == pytest.approx(2020.0)
    assert rows["af_stock_2018"]["official"] == pytest.approx(1968.5)
    assert rows["af_stock_2018"]["low"] == pytest.approx(2002.0)
    assert rows["stativ_2018"]["official"] == 11.3
    assert rows["households_month_2017"]["official"] == pytest.approx(561.6, abs=0.1)
    assert rows["households_year_2017"]["official"] == 1258.0
    assert rows["paid_2017"]["official"] == 67_062.0
    assert rows["paid_2017"]["mean"] == pytest.approx(1.01 * 66_000.0)
    assert rows["open_share"]["mean"] == pytest.approx(0.5)
    assert rows["months_per_household"]["mean"] == pytest.approx(6.0)
    assert rows["long_assistance_2017"]["mean"] == pytest.approx(100 / 3)
    assert rows["job_starts"]["mean"] == pytest.approx(8.0)
    assert rows["inflow"]["mean"] == pytest.approx(0.76)
    assert (rows["inflow"]["official"], rows["inflow"]["official_high"]) == (0.5, 1.0)


def test_what_was_looked_at_is_a_target_and_the_rest_predictions() -> None:
    assert {one.key for one in FITTED if one.role == "prediction"} == {"stativ_2017", "paid_2017"}
    assert {measure.role for measure in PREDICTED} == {"prediction"}


def test_elsewhere_than_where_national_parameters_were_set_only_what_is_fitted_is_a_target() -> None:
    rows = {code: fit_rows(series(VALUES), FITTED, [code]) for code in ("0480", "1499")}
    assert set(rows["0480"].filter(role="prediction")["key"]) == {"stativ_2017", "paid_2017"}
    own = {"af_stock_2018", "stativ_2018", "households_month_2017", "season_2018"}
    assert set(rows["1499"].filter(role="target")["key"]) == own


def test_figures_of_several_municipalities_are_summed_where_they_add() -> None:
    rows = fit_rows(series(VALUES), FITTED, ["0480", "0481"])
    alone = [fit_rows(series(VALUES), FITTED, [code]) for code in ("0480", "0481")]
    stocks = [part.filter(key="af_stock_2018")["official"].item() for part in alone]
    assert rows.filter(key="af_stock_2018")["official"].item() == pytest.approx(sum(stocks))
    assert not {"stativ_2018", "long_assistance_2017", "season_2018"} & set(rows["key"])
    assert {"open_share", "months_per_household"} <= set(rows["key"])
    assert fit_rows(series(VALUES), FITTED[:0], ["0480"]).columns == rows.columns


def test_a_measure_without_an_official_figure_is_left_out() -> None:
    keys = fit_rows(series(VALUES), FITTED, ["1499"])["key"].to_list()
    assert "af_stock_2018" in keys
    assert "long_assistance_2017" not in keys


def test_the_swing_of_the_season_is_taken_off_its_trend() -> None:
    months = list(range(1, 25))
    season = [0.04 if month % 12 == 1 else -0.02 if month % 12 == 5 else 0.0 for month in months]
    stock = [2000.0 * math.exp(0.01 * month + bump) for month, bump in zip(months, season, strict=True)]
    rows = series(VALUES, draws=1).filter(pl.col("indicator") != "af_stock")
    own = rows.filter(pl.col("indicator") == "employed").with_columns(
        indicator=pl.lit("af_stock"), value=pl.Series(stock)
    )
    fitted = fit_rows(pl.concat([rows, own]), FITTED, ["0480"]).row(
        by_predicate=pl.col("key") == "season_2018", named=True
    )
    line = np.polyfit(np.arange(12.0), season[12:], 1)
    rest = np.array(season[12:]) - np.polyval(line, np.arange(12.0))
    assert fitted["mean"] == pytest.approx(100 * (rest.max() - rest.min()))
    assert fitted["official"] == pytest.approx(7.0, abs=3.0)
