"""Seasons sum to nothing, are pooled towards the country's, and refuse series without information."""

import numpy as np
import polars as pl
import pytest

from sim.calibrate.statistics.components import components
from sim.calibrate.statistics.cycle import annual_unemployment, cycle_responses
from sim.calibrate.statistics.monthly import detrended, stock_matrix
from sim.calibrate.statistics.season import county_seasons, municipal_seasons, season_estimates
from sim.calibrate.statistics.trends import stativ_trends
from sim.core.errors import SamspelError
from sim.data.season import own_season, stock_season
from sim.data.tables import table


@pytest.fixture(scope="module")
def seasons() -> pl.DataFrame:
    return municipal_seasons()


def _stocks(year: str = "2018") -> pl.DataFrame:
    return table("af_stock").filter(
        pl.col("month").str.starts_with(year), pl.col("code").str.len_chars() == 4, pl.col("code") != "0000"
    )


def test_every_municipality_has_twelve_months_that_sum_to_nothing(seasons: pl.DataFrame) -> None:
    assert seasons.columns == ["code", "month", "season", "se"]
    assert seasons.height == 290 * 12
    sums = seasons.group_by("code").agg(pl.col("season").sum())["season"]
    np.testing.assert_allclose(sums.to_numpy(), 0, atol=1e-9)
    assert (seasons["se"] > 0).all()


def test_a_season_lies_nearer_to_the_country_than_the_own_one(seasons: pl.DataFrame) -> None:
    country = np.array(stock_season("2418"))
    own = np.array(own_season("2418"))  # Malå: a stock of about a hundred
    pooled = seasons.filter(code="2418")["season"].to_numpy()
    assert np.abs(pooled - country).mean() < 0.7 * np.abs(own - country).mean()
    large = seasons.filter(code="1480")["season"].to_numpy()
    np.testing.assert_allclose(large, own_season("1480"), atol=0.01)


def test_pooled_seasons_of_2018_foretell_2022_better_than_own_or_national_ones(seasons: pl.DataFrame) -> None:
    codes, stocks = stock_matrix(_stocks(), "2018")
    later_codes, later = stock_matrix(_stocks("2022"), "2022")
    places = [codes.index(code) for code in later_codes]
    own = detrended(stocks)
    pooled = seasons["season"].to_numpy().reshape(-1, 12)
    country = np.average(own, axis=0, weights=stocks.mean(axis=1))
    seen = detrended(later)
    misses = [
        np.sqrt(np.mean((seen - guess) ** 2)) for guess in (pooled[places], country[None, :], own[places])
    ]
    assert misses == sorted(misses)


def test_counties_have_seasons_with_smaller_errors(seasons: pl.DataFrame) -> None:
    counties = county_seasons()
    assert counties.height == 21 * 12
    sums = counties.group_by("county_code").agg(pl.col("season").sum())["season"]
    np.testing.assert_allclose(sums.to_numpy(), 0, atol=1e-9)
    assert counties["se"].median() < seasons["se"].median()  # type: ignore[operator]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (pl.lit(7), "af_stock.csv: code 0480 has persons = 7 in all 12 periods"),
        (pl.lit(0), "af_stock.csv: code 0480 has persons = 0 in 2018-01"),
    ],
)
def test_a_series_without_variation_is_refused(change: pl.Expr, message: str) -> None:
    flat = _stocks().with_columns(persons=pl.when(code="0480").then(change).otherwise("persons"))
    with pytest.raises(SamspelError, match=message):
        municipal_seasons(flat)


def test_two_values_for_one_month_are_both_named() -> None:
    again = _stocks().filter(code="0480", month="2018-03").with_columns(pl.col("persons") + 1)
    both = pl.concat([_stocks(), again])
    value = again["persons"].item()
    with pytest.raises(
        SamspelError, match=f"code 0480, month 2018-03 has two values of persons, {value - 1} and {value}"
    ):
        municipal_seasons(both)


def test_a_missing_month_is_refused() -> None:
    short = _stocks().filter(~((pl.col("code") == "0480") & (pl.col("month") == "2018-03")))
    with pytest.raises(
        SamspelError, match=r"months of code 0480: too few observations, 11. Allowed: at least 12"
    ):
        municipal_seasons(short)


def test_the_national_series_falls_into_its_parts() -> None:
    parts = components("aku_unemployed_share_of_population")
    logs = np.log(parts.observed)
    assert np.abs(logs - parts.level - parts.cycle - parts.season).max() < 0.05  # the irregular part
    assert parts.ljung_box_p > 0.05
    assert parts.stl_gap < 2 * parts.season_se[-4:].max()
    assert parts.season[-3] > parts.season[-1]  # more unemployed in the second quarter than in the fourth


def test_unknown_and_short_series_are_refused() -> None:
    with pytest.raises(SamspelError, match=r"indicator = 'gpd' is not allowed.*Did you mean 'gdp'"):
        components("gpd")
    with pytest.raises(
        SamspelError, match=r"quarters of 1995-2000: too few observations, 24. Allowed: at least 40"
    ):
        components("gdp", 2000)


def test_years_after_the_quarterly_series_are_not_chained() -> None:
    years = annual_unemployment()
    assert years.filter(pl.col("year") > 2020).select("share", "cycle").null_count().row(0) == (5, 5)
    assert years.filter(year=2018)["share"].item() == pytest.approx((6.7 + 6.9 + 5.9 + 6.0) / 4)
    assert annual_unemployment(until=2017)["year"].max() == 2017


def test_responses_can_be_held_to_earlier_years() -> None:
    stativ, gdp = cycle_responses(until=2017)
    assert (stativ.period, stativ.n) == ("2010-2017", 7)
    assert gdp.period.endswith("2017-Q4")
    later = cycle_responses()[0]
    assert abs(stativ.estimate - later.estimate) < 2 * stativ.se
    with pytest.raises(SamspelError, match="yearly changes to 2012: too few observations, 2"):
        cycle_responses(until=2012)


def test_seasons_of_the_stock_wait_for_their_year() -> None:
    names = [one.name for one in season_estimates(until=2017)]
    assert not any(name.startswith("af_") for name in names)
    assert len(names) == 8


def test_trends_are_recovered_from_a_known_panel() -> None:
    rng = np.random.default_rng(11)
    slopes = rng.normal(0, 0.02, 60)
    levels = rng.normal(2.4, 0.2, 60)
    codes = table("municipalities")["code"][:60]
    years = np.arange(2010, 2020)
    logs = levels[:, None] + slopes[:, None] * (years - 2014.5) + rng.normal(0, 0.03, (60, 10))
    panel = pl.DataFrame(
        {"code": np.repeat(codes.to_numpy(), 10), "year": np.tile(years, 60), "percent": np.exp(logs).ravel()}
    )
    found = stativ_trends(panel=panel)
    gap = found["trend"].to_numpy() - (slopes - slopes.mean())
    assert np.sqrt(np.mean((gap / found["trend_se"].to_numpy()) ** 2)) == pytest.approx(
        1, abs=4 / np.sqrt(120)
    )
    constant = panel.with_columns(percent=pl.when(code="0114").then(9.5).otherwise("percent"))
    with pytest.raises(SamspelError, match=r"STATIV panel: code 0114 has percent = 9.5 in all 10 periods"):
        stativ_trends(panel=constant)
    with pytest.raises(SamspelError, match=r"years to 2012: too few observations, 3. Allowed: at least 5"):
        stativ_trends(until=2012, panel=panel)
