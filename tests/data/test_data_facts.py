"""Expected values are the publishers' own figures, typed in here."""

import math

import numpy as np
import polars as pl
import pytest

from sim.core.errors import SamspelError
from sim.data.facts import indicators, observations, official
from sim.data.figures import figures
from sim.data.margins import margins
from sim.data.municipalities import municipalities, municipality
from sim.data.operators import OPERATORS
from sim.data.season import stock_season
from sim.data.tables import table


@pytest.mark.parametrize(
    ("indicator", "period", "value"),
    [
        ("af_stock", "2018-01", 2104),
        ("af_stock", "2018", 1968.5),
        ("stativ_share", "2018", 11.3),
        ("assistance_households_month", "2017-03", 581),
        ("assistance_households_month", "2017-01/2017-08", 561.625),
        ("assistance_households_year", "2017", 1258),
        ("assistance_paid_year", "2017", 67062),
        ("assistance_longterm_share", "2017", 33.4),
        ("municipal_tax_rate", "2022", 21.42),
        ("population_16_64", "2018-09", 32060),
    ],
)
def test_figures_of_nykoping(indicator: str, period: str, value: float) -> None:
    assert official("0480", indicator, period).value == pytest.approx(value, abs=1e-9)


def test_a_figure_carries_source_unit_and_confidence() -> None:
    fact = official("Nyköping", "af_stock", "2021-09")
    assert (fact.confidence, fact.unit, fact.table) == ("medium", "persons", "facts")
    assert "Arbetsförmedlingen" in fact.source and fact.note


@pytest.mark.parametrize(
    ("place", "indicator", "period", "says"),
    [
        ("Nyköpingg", "af_stock", "2018", "Did you mean 'Nyköping'"),
        ("0480", "af_stok", "2018", "Did you mean 'af_stock'"),
        ("0480", "af_stock", "2019", "2018-01"),
        ("0480", "assistance_households_month", "2017", "2017-08"),
        ("0480", "af_stock", "2018-13/2018-14", "YYYY-MM"),
        ("0480", "af_got_job", "2018", "none for this place"),
    ],
)
def test_what_is_not_published_is_an_error_that_says_what_is(
    place: str, indicator: str, period: str, says: str
) -> None:
    with pytest.raises(SamspelError, match=says):
        official(place, indicator, period)


def test_every_indicator_has_one_figure_for_each_place_and_period() -> None:
    for indicator in indicators():
        rows = observations(indicator)
        assert rows.height > 0 and not rows.select("code", "period").is_duplicated().any()
        assert rows["unit"].null_count() == 0 and rows["source"].null_count() == 0


def test_operators_name_published_or_derived_statistics() -> None:
    assert {figure.operator.name for figure in figures("0480") if figure.facts or figure.context} == set(
        OPERATORS
    ) - {"af_inflow_rate"}
    assert len({operator.label_sv for operator in OPERATORS.values()}) == len(OPERATORS)


def test_derived_figures_show_their_arithmetic() -> None:
    found = {figure.operator.name: figure for figure in figures("0480")}
    low, high = found["open_share"].facts
    assert (low.confidence, high.confidence) == ("low", "high")
    assert [low.value, high.value] == pytest.approx([1007 / 1968.5, 915 / 2434])
    months = found["assistance_months_per_household_year"]
    assert months.facts[0].value == pytest.approx(12 * 561.625 / 1258)
    assert [fact.value for fact in months.context] == [6.6, 6.6]
    starts = [fact.value for fact in found["job_start_rate"].context]
    assert min(starts) == pytest.approx(100 * 3594 / 59519) and max(starts) == pytest.approx(100 * 929 / 8667)


def test_every_municipality_has_figures_and_margins() -> None:
    for place in municipalities()[::15]:
        assert any(figure.facts for figure in figures(place.code))
    for place in municipalities():
        for year in (2018, 2022):
            one = margins(place.code, year)
            assert one.persons.sum() >= one.education.sum() > 0


def test_margins_of_nykoping() -> None:
    one = margins("0480", 2018)
    assert one.persons.shape == (2, 13) and one.education.shape == (2, 3)
    assert one.persons[0, 0] == 584 and one.persons[1, 12] == 2807
    assert one.residents(16, 64) == 32060
    assert one.education[0].tolist() == [3247, 8903, 7072]
    with pytest.raises(ValueError, match="read-only"):
        one.persons[0, 0] = 0


def test_margins_of_another_year_or_age_are_an_error() -> None:
    with pytest.raises(SamspelError, match="2018 or 2022"):
        margins("0480", 2020)
    with pytest.raises(SamspelError, match="ends of the bands"):
        margins("0480", 2018).residents(16, 50)


@pytest.mark.parametrize("text", ["0480", "Nyköping", "nykoping", "NYKÖPING", " nyköping "])
def test_a_municipality_is_found_by_code_or_name(text: str) -> None:
    found = municipality(text)
    assert (found.code, found.county, found.fa_region) == ("0480", "Södermanlands län", "Nyköping-Oxelösund")
    assert "0481" in found.neighbours


def test_neighbours_are_mutual() -> None:
    known = {place.code: place for place in municipalities()}
    assert len(known) == 290
    assert all(code in known[other].neighbours for code in known for other in known[code].neighbours)


def test_season_is_that_of_the_others_with_mean_zero() -> None:
    season = stock_season("Nyköping")
    assert len(season) == 12 and math.isclose(sum(season), 0, abs_tol=1e-12)
    assert season == pytest.approx(_season_by_hand("0480"), abs=1e-12)
    assert season != stock_season("Stockholm")


def _season_by_hand(exclude: str) -> list[float]:
    stock = table("af_stock").filter(pl.col("month").str.starts_with("2018"))
    total, weights = np.zeros(12), 0.0
    for (code,), rows in stock.group_by("code"):
        if code in (exclude, "0000"):
            continue
        persons = rows.sort("month")["persons"].to_numpy().astype(float)
        logs, months = np.log(persons), np.arange(12.0) - 5.5
        slope = (months * logs).sum() / (months * months).sum()
        total += persons.mean() * (logs - logs.mean() - slope * months)
        weights += persons.mean()
    return list(total / weights)
