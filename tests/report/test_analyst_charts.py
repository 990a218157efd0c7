"""The charts of the analysts' notebooks: what is drawn, and words that replace it."""

import re

import numpy as np
import polars as pl
import pytest

from sim.report.analyst_charts import (
    Interval,
    against_chart,
    density_chart,
    heat_chart,
    histogram_chart,
    line_chart,
    scatter_chart,
)
from sim.report.analyst_page import number, panel, percent, signed, twin
from sim.report.charts import Picture

VALUES = np.geomspace(0.5, 2.0, 50)


def texts(picture: Picture) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg)


def bell(middle: float, spread: float) -> pl.DataFrame:
    density = np.exp(-0.5 * ((np.log(VALUES) - np.log(middle)) / spread) ** 2)
    return pl.DataFrame({"value": VALUES, "density": density})


def lines() -> Picture:
    rows = pl.DataFrame(
        {
            "line": ["own"] * 3 + ["pooled"] * 3,
            "x": [1, 2, 3] * 2,
            "value": [1.0, 2.0, 3.0, 1.1, 2.1, 3.01],
            "low": [None, None, None, 0.9, 1.9, 2.8],
            "high": [None, None, None, 1.3, 2.3, 3.2],
        }
    )
    return line_chart(rows, {1: "Jan", 3: "Mar"}, "persons", "lines")


def against() -> Picture:
    rows = [
        Interval("one", 99.0, 95.0, 104.0, (100.0, 100.0), text="1,234"),
        Interval("two", 99.0, 95.0, 104.0, (90.0, 110.0), hollow=True),
    ]
    return against_chart(rows, "percent", 100.0, "against")


def histogram() -> Picture:
    bars = pl.DataFrame({"left": [0.0, 1.0], "right": [1.0, 2.0], "count": [3, 9]})
    return histogram_chart(bars, ("rank", "sets"), "histogram", band=(2.0, 6.0, 10.0), at=1.0)


PICTURES = {
    "lines": lines,
    "against": against,
    "density": lambda: density_chart(bell(1.0, 0.8), bell(0.8, 0.1), (0.7, 0.8, 0.9), "ratio", "density"),
    "heat": lambda: heat_chart(
        pl.DataFrame({"row": ["a", "a"], "column": ["b", "c"], "value": [0.6, -0.3]}), signed, "heat"
    ),
    "scatter": lambda: scatter_chart(
        pl.DataFrame({"x": [0.1, 1.0], "y": [0.11, 0.9], "low": [0.1, 0.8], "high": [0.12, 1.1]}),
        ("truth", "found"),
        "scatter",
        diagonal=True,
        named="equal",
    ),
    "histogram": histogram,
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_itself_and_holds_no_words_but_its_own(name: str) -> None:
    picture = PICTURES[name]()
    assert picture.alt == name
    assert "http" not in picture.svg.replace("http://www.w3.org", "")
    assert "<script" not in picture.svg and "aria-" not in picture.svg
    assert "undefined" not in picture.svg and "NaN" not in picture.svg


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("lines", {"own", "pooled", "persons", "Jan", "Mar"}),
        ("against", {"one", "two", "percent", "1,234"}),
        ("density", {"before", "after", "ratio"}),
        ("heat", {"a", "b", "c", "+0.60", "-0.30"}),
        ("scatter", {"truth", "found", "equal"}),
        ("histogram", {"rank", "sets"}),
    ],
)
def test_axes_name_their_unit_and_lines_themselves(name: str, shown: set[str]) -> None:
    assert shown <= set(texts(PICTURES[name]()))


def test_names_of_lines_that_end_together_stand_apart() -> None:
    places = re.findall(
        r'translate\([\d.]+,([\d.]+)\)"[^>]*fill="[^"]*"[^>]*>(?:own|pooled)<', lines().svg
    ) or re.findall(r"translate\([\d.]+,([\d.]+)\)[^<]*>(?:own|pooled)<", lines().svg)
    assert len(places) == 2 and abs(float(places[0]) - float(places[1])) >= 10


def test_a_prediction_is_hollow_and_a_range_is_a_bar() -> None:
    svg = against().svg
    assert svg.count('fill="white"') >= 1 and svg.count('fill="#1f5673"') >= 1
    assert len(re.findall(r'fill="#e6eaec"', svg)) == 1


def test_numbers_are_short_and_english() -> None:
    assert [number(value) for value in (1968.5, 0.04531, 12.0, 0.5, 0.0, None, float("nan"))] == [
        "1,969", "0.0453", "12", "0.5", "0", "none", "none",
    ]  # fmt: skip
    assert (signed(0.671), signed(-0.0131), signed(0.0), percent(0.895)) == ("+0.67", "-0.01", "0", "90 %")


def test_a_panel_holds_title_words_and_table() -> None:
    shown = panel("What is seen", "a note", against(), twin("the same", ("a", "b"), [("one", "2")])).html
    assert '<img width="' in shown and 'alt="against"' in shown and "<h3>What is seen</h3>" in shown
    assert "<summary>Table: the same</summary>" in shown and '<th scope="row">one</th><td>2</td>' in shown
