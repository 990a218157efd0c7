"""The country on a map: every municipality once, shades that keep their order, and a table of the same."""

import re
from dataclasses import replace
from pathlib import Path

import nbformat
import numpy as np
import pytest

from sim.core.errors import SamspelError
from sim.core.paths import root
from sim.data.facts import official
from sim.data.municipalities import municipalities
from sim.policy.estimates import load_estimate
from sim.report.charts import Picture
from sim.report.country import MEASURES, CountryFit, country_fit
from sim.report.country_page import all_municipalities, fit, maps
from sim.report.maps import class_limits, map_chart
from sim.report.parameters import default_parameters
from sim.report.shapes import municipality_shapes

CODES = [one.code for one in municipalities()]
WORDS = ("under {high}", "{low} to {high}", "{low} and over", "missing")
CASE = """
title: Några kommuner
question: Hur stämmer modellen?
municipalities: ["0480", "0481", "2418", "1273", "0765"]
search_across_regions: false
start: 2017-01
horizon: 24
known_until: 2017-12
"""


def drawn(values: dict[str, float], two_ways: bool = False) -> Picture:
    return map_chart(values, [1.0, 2.0, 3.0, 4.0], "{:g}".format, WORDS, "a map", two_ways)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> CountryFit:
    folder = tmp_path_factory.mktemp("country")
    path = folder / "some.yaml"
    path.write_text(CASE, encoding="utf-8")
    return country_fit(str(path), "af_stock", months=24, size=400, out=str(folder / "runs"))


def test_every_municipality_has_a_border_inside_the_country() -> None:
    shapes = municipality_shapes()
    assert sorted(shapes) == CODES
    for polygons in shapes.values():
        for ring in (ring for polygon in polygons for ring in polygon):
            assert np.array_equal(ring[0], ring[-1]) and len(ring) >= 4
            assert (np.abs(ring[:, 0]) < 500).all() and ((ring[:, 1] > 6100) & (ring[:, 1] < 7750)).all()
    stockholm, malmo = (shapes[code][0][0].mean(axis=0) for code in ("0180", "1280"))
    assert np.hypot(*(stockholm - malmo)) == pytest.approx(513, abs=10)  # km, as the crow flies


def test_a_map_holds_one_shape_per_municipality_and_nothing_of_its_own() -> None:
    picture = drawn(dict.fromkeys(CODES, 2.5))
    assert picture.alt == "a map"
    assert "2 to 3" in picture.svg and "missing" not in picture.svg
    assert "http" not in picture.svg.replace("http://www.w3.org", "")
    assert "<script" not in picture.svg and "aria-" not in picture.svg
    assert picture.svg.count("<path") >= len(CODES)


def test_a_value_at_a_limit_is_in_the_class_above_and_a_missing_one_is_said() -> None:
    filled = {fill: code for fill, code in zip(("#edf3f7", "#c8dbe5", "#123f56"), CODES, strict=False)}
    picture = drawn(dict(zip(filled.values(), (0.99, 1.0, 4.0), strict=True)))
    for fill in filled:
        assert len(re.findall(f'fill="{fill}"', picture.svg)) == 2  # the shape and the legend
    assert "missing" in picture.svg


def test_limits_must_rise() -> None:
    with pytest.raises(ValueError, match="rising limits"):
        map_chart({}, [1.0, 1.0, 2.0, 3.0], str, WORDS, "")


def test_classes_hold_about_as_many_each_and_have_different_limits() -> None:
    values = np.random.default_rng(2).lognormal(1.5, 0.3, 290)
    limits = class_limits(values)
    counts = np.bincount(np.searchsorted(limits, values, "right"), minlength=5)
    assert counts.min() > 45
    close = class_limits(np.linspace(1.0, 1.001, 50))
    assert len(set(close)) == 4
    with pytest.raises(ValueError, match="fewer different values"):
        class_limits([1.0] * 20)


def test_official_figures_are_over_the_same_months_and_residents(found: CountryFit) -> None:
    assert found.rows["code"].to_list() == ["0480", "0481", "0765", "1273", "2418"]
    nykoping = found.rows.filter(code="0480").row(0, named=True)
    stock = official("0480", "af_stock", "2018").value
    assert nykoping["official"] == pytest.approx(100.0 * stock / nykoping["residents"])
    assert 1.0 < nykoping["model"] < 20.0 and found.regions == 3
    both = found.both
    gaps = (both["model"] - both["official"]).abs()
    assert found.typical_gap == pytest.approx(gaps.median())
    assert found.near == sum(gap <= 0.2 * value for gap, value in zip(gaps, both["official"], strict=True))


def test_the_page_says_that_levels_are_predictions_and_shows_each_number_twice(found: CountryFit) -> None:
    found = replace(found, calibrated=("0480", "1273"))
    shown, table = maps(found).html, all_municipalities(found).html
    assert "2 av 5 kommuner är anpassade till sina egna siffror" in shown
    assert "I de andra är nivåerna förutsägelser" in shown and "3 arbetsmarknadsregioner" in shown
    assert "stickprov på 400" in shown
    alts = re.findall(r'<img[^>]*alt="([^"]*)"', shown)
    assert len(alts) == 3 and len(set(alts)) == 3
    best = found.rows.sort("model").row(-1, named=True)
    number = f"{best['model']:.1f}".replace(".", ",")
    assert f"högst {best['name']} med {number}" in alts[0]
    assert re.search(f"<th scope=.row.>{best['name']}</th>.*?<td>{number}</td>", table)
    assert table.count("<tr") == 1 + found.rows.height
    assert f"{found.near} av 5" in fit(found).html
    assert f"{found.near_predicted} av 3" in fit(found).html


def test_where_all_are_fitted_nothing_is_called_a_prediction(found: CountryFit) -> None:
    assert set(found.calibrated) == {code for code in found.rows["code"] if load_estimate(code)}
    everybody = replace(found, calibrated=tuple(found.rows["code"]))
    shown = maps(everybody).html
    assert "Alla 5 kommuner är anpassade till sina egna siffror" in shown and "förutsägelser" not in shown
    assert "varav sådana" not in fit(everybody).html


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"measure": "af_stok"}, "Did you mean 'af_stock'"),
        ({"months": 12}, "from 2018-01 to 2018-12 inside the run"),
        ({"size": -1}, "size = -1"),
        ({"replications": -1}, "replications = -1"),
        ({"case": "svrige"}, "Did you mean 'sverige'"),
    ],
)
def test_bad_parameters_are_refused(change: dict[str, object], says: str, tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(re.sub(r"\[.*\]", '["2418"]', CASE), encoding="utf-8")
    usual = {"case": str(path), "months": 24, "size": 300, "out": str(tmp_path / "runs")}
    with pytest.raises(SamspelError, match=says):
        country_fit(**{**usual, **change})  # type: ignore[arg-type]


def test_the_notebook_names_every_parameter_and_runs_nothing_of_its_own() -> None:
    path = root() / "notebooks" / "08_all_sweden.ipynb"
    assert set(default_parameters(path)) == set(country_fit.__annotations__) - {"return"}
    assert default_parameters(path)["measure"] in MEASURES
    code = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]  # type: ignore[no-untyped-call]
    assert not any("def " in source or "import" in source for source in code[1:])
