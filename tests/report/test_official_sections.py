"""The notebook on data: official figures as published, each number twice, and stage 1 as it is kept."""

import re

import polars as pl
import pytest

from sim.calibrate.statistics.result import Estimated, StageOne
from sim.core.errors import SamspelError
from sim.data.facts import official
from sim.report import official_figures as module
from sim.report import official_page as page
from sim.report.markup import Section
from sim.report.official_figures import COVERED, OfficialFigures, official_figures


@pytest.fixture(scope="module")
def found() -> OfficialFigures:
    return official_figures()


@pytest.fixture(scope="module")
def small() -> OfficialFigures:
    """A municipality of the same call that lacks figures: no assistance households."""
    return official_figures("Vaggeryd")


def charts(shown: Section) -> list[str]:
    """Return the alt texts, which must differ."""
    alts = re.findall(r'<img[^>]*alt="([^"]*)"', shown.html)
    assert len(set(alts)) == len(alts)
    return alts


def test_figures_are_those_that_are_published(found: OfficialFigures) -> None:
    stock = official("0480", "af_stock", "2018").value
    assert found.of("af_stock", "2018")["value"].mean() == pytest.approx(stock)
    assert found.place.name == "Nyköping" and "0480" in found.group
    lines = found.stativ.filter(year=2018).rows_by_key("line", named=True, unique=True)
    assert lines["Nyköping"]["value"] == official("0480", "stativ_share", "2018").value
    assert 8.0 < lines["the country"]["value"] < 15.0


def test_coverage_counts_every_municipality_once(found: OfficialFigures) -> None:
    has = found.coverage
    assert has.height == 290 and has["code"].n_unique() == 290
    counts = has.select(list(COVERED)).sum().row(0)
    assert counts[:4] == (290, 197, 290, 290)
    shown = page.coverage(found).html
    assert shown.count("<tr>") == 2 + len(COVERED) + 290
    for count in counts:
        assert f"<td>{count}</td>" in shown


def test_each_chart_has_words_and_a_table(found: OfficialFigures) -> None:
    shown = page.published(found)
    alts = charts(shown)
    assert len(alts) == 4 and shown.html.count("<table") == 4
    assert "1,969 (2018), 2,101 (2022)" in alts[0] and "1,969 (2018), 2,101 (2022)" in shown.html
    for section in (page.levels, page.season, page.elasticity):
        assert len(charts(section(found))) == 1 and "<table" in section(found).html


def test_what_is_not_published_is_said(small: OfficialFigures) -> None:
    shown = page.published(small)
    assert len(charts(shown)) == 3 and "not published" in shown.html
    assert "<td>not published</td>" in page.levels(small).html


def test_levels_are_those_of_stage_one(found: OfficialFigures) -> None:
    row = found.levels.filter(code="0480", moment="stativ_share").row(0, named=True)
    shown = page.levels(found).html
    assert f"<td>{row['official']:.1f}</td><td>{row['pooled']:.1f}</td>" in shown
    members = found.levels.filter(pl.col("code").is_in(found.group))["code"].n_unique()
    assert shown.count("<tr>") == 1 + 3 + 1 + members


def test_estimates_stand_with_their_errors_and_reasons(found: OfficialFigures) -> None:
    shown = page.estimates(found).html
    assert shown.count("<tr>") == 1 + len(found.estimates)
    one = found.estimates["assistance_elasticity"]
    assert f"<td>{one['estimate']:.3f}</td><td>{one['se']:.2g}</td>" in shown
    reasons = {each["identified_by"] for each in found.estimates.values()}
    assert shown.count("<li>") == len(reasons)
    assert ":math:" not in shown and "<strong>The tables have changed" not in shown


def test_the_elasticity_is_called_an_association(found: OfficialFigures) -> None:
    shown = page.elasticity(found).html
    assert "0.519" in shown and "0.157" in shown
    assert "An association, not an effect" in shown and "other municipalities than the cases" in shown


def test_definitions_are_never_chained(found: OfficialFigures) -> None:
    shown = page.definitions(found).html
    assert "Never chain" in shown and "2.08 times" in shown and "0.77 of AF" in shown


def test_the_season_holds_the_own_one_beside_the_pooled(found: OfficialFigures) -> None:
    rows = found.season
    assert rows["month"].to_list() == list(range(1, 13))
    assert abs(float(rows["own"].sum())) < 1e-9 and abs(float(rows["pooled"].sum())) < 1e-9
    assert ((rows["low"] < rows["pooled"]) & (rows["pooled"] < rows["high"])).all()


def test_recompute_estimates_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Estimated("a", "ett", "one", "share", 0.5, 0.1, 9, "2018", "by hand", "Identified by hand.")
    monkeypatch.setattr(module, "stage_one", lambda: StageOne((one,), ("stativ",), "old"))
    found = official_figures("Nyköping", recompute=True)
    shown = page.estimates(found).html
    assert "estimated now" in shown and '<th scope="row">one</th><td>0.5</td>' in shown
    assert "The tables have changed" in shown and not found.current


def test_an_unknown_municipality_is_refused() -> None:
    with pytest.raises(SamspelError, match="Did you mean 'Nyköping'"):
        official_figures("Nyköpng")
