"""Each municipality's level: near its own figure where that is sure, its group's where there is none."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim.calibrate.statistics.level_figures import level_figures
from sim.calibrate.statistics.levels import level_estimates, pooled_levels
from sim.core.errors import SamspelError
from sim.data.facts import official

COLUMNS = [
    "code",
    "moment",
    "official",
    "pooled",
    "log_sd",
    "without",
    "without_log_sd",
    "group",
    "n_figures",
]


@pytest.fixture(scope="module")
def levels() -> pl.DataFrame:
    return pooled_levels()


def test_every_municipality_has_every_moment(levels: pl.DataFrame) -> None:
    assert levels.columns == COLUMNS
    assert levels.equals(levels.sort("code", "moment"))
    assert levels["code"].n_unique() == 290
    assert set(levels["moment"]) == {"af_stock_share", "stativ_share", "households_share"}
    assert levels.height == 3 * 290
    assert levels.drop("official").null_count().sum_horizontal().item() == 0


def test_nykoping_keeps_its_own_figures(levels: pl.DataFrame) -> None:
    own = {row["moment"]: row for row in levels.filter(code="0480").iter_rows(named=True)}
    stock = official("0480", "af_stock", "2018").value / official("0480", "population_16_64", "2018-09").value
    assert own["af_stock_share"]["official"] == pytest.approx(stock)
    assert own["af_stock_share"]["pooled"] == pytest.approx(stock, rel=0.01)
    assert own["stativ_share"]["official"] == official("0480", "stativ_share", "2018").value
    households = official("0480", "assistance_households_month", "2017-01/2017-08").value
    assert own["households_share"]["official"] == pytest.approx(
        households / official("0480", "population_16_64", "2018-09").value
    )
    assert [own[moment]["n_figures"] for moment in sorted(own)] == [12, 8, 1]


def test_pooled_lies_between_official_and_group(levels: pl.DataFrame) -> None:
    known = levels.drop_nulls("official")
    low, high = pl.min_horizontal("official", "without"), pl.max_horizontal("official", "without")
    inside = known.filter(pl.col("pooled").is_between(low * (1 - 1e-9), high * (1 + 1e-9)))
    assert inside.height == known.height
    assert (known["log_sd"] < known["without_log_sd"]).all()


def test_missing_figures_fall_back_on_the_group(levels: pl.DataFrame) -> None:
    missing = levels.filter(pl.col("official").is_null())
    assert set(missing["moment"]) == {"households_share"}
    assert missing.height == 7
    assert (missing["pooled"] == missing["without"]).all()
    assert (missing["log_sd"] == missing["without_log_sd"]).all()
    assert (missing["n_figures"] == 0).all()


def test_large_municipalities_are_hardly_pulled(levels: pl.DataFrame) -> None:
    pulled = levels.drop_nulls("official").with_columns(
        pull=(pl.col("pooled") / pl.col("official")).log().abs()
    )
    large = pulled.filter(pl.col("code").is_in(["0180", "1280", "1480"]))
    assert large["pull"].max() < 0.005  # type: ignore[operator]
    assert pulled.filter(moment="af_stock_share")["pull"].max() > 0.02  # type: ignore[operator]


def test_predictions_without_own_figure_miss_as_often_as_they_say(levels: pl.DataFrame) -> None:
    known = levels.drop_nulls("official")
    missed = (known["official"] / known["without"]).log().abs() > 1.645 * known["without_log_sd"]
    rates = known.with_columns(missed=missed).group_by("moment").agg(pl.col("missed").mean())["missed"]
    tolerance = 3 * np.sqrt(0.1 * 0.9 / 290)
    assert all(abs(rate - 0.1) < tolerance for rate in rates)


def test_an_earlier_year_sees_only_what_was_published() -> None:
    earlier = pooled_levels(until=2017)
    assert set(earlier["moment"]) == {"stativ_share", "households_share"}
    stativ = earlier.filter(code="0480", moment="stativ_share")["official"].item()
    assert stativ == official("0480", "stativ_share", "2017").value
    assert set(pooled_levels(until=2013)["moment"]) == {"stativ_share"}


def test_years_before_the_figures_are_refused() -> None:
    with pytest.raises(SamspelError, match=r"levels: until = 2005 is not allowed. Allowed: a year from 2011"):
        level_figures(2005)


def test_a_municipality_without_group_is_named(copied: Path) -> None:
    members, about = copied / "skr_membership.csv", copied / "tables.yaml"
    rows = members.read_text(encoding="utf-8").splitlines(keepends=True)
    members.write_text("".join(row for row in rows if not row.startswith("0480,")), encoding="utf-8")
    text = about.read_text(encoding="utf-8")
    head, tail = text.split("skr_membership:", 1)
    about.write_text(head + "skr_membership:" + tail.replace("rows: 290", "rows: 289", 1), encoding="utf-8")
    with pytest.raises(SamspelError, match=r"skr_membership.csv: 0480 has no group"):
        pooled_levels(until=2012)


def test_headline_levels_say_how_they_were_found() -> None:
    figures = {one.name: one for one in level_estimates()}
    typical = figures["households_share_typical"]
    assert typical.n == 283
    assert typical.identified_by.startswith("Identified by differences between the 290 municipalities")
    assert typical.diagnostics["groups"] == 9
    assert figures["af_stock_share_between_log_sd"].estimate > 5 * figures["af_stock_share_between_log_sd"].se
