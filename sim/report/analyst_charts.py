"""Charts of the analysts' notebooks, in the reports' theme: one function per type, readable in grey.

Public names: `line_chart`, `against_chart`, `density_chart`, `heat_chart`, `scatter_chart` and
`histogram_chart`. Every axis names its unit; intervals are drawn; lines are named where they end.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import altair as alt
import polars as pl

from sim.report.charts import DARK, GRID, INK, LIGHT, LINE, Labeller, Picture, picture

WIDE, HIGH = 330, 190
_GREY = "#6f7c84"
_STYLES: Final = ((LINE, [1, 0], 2.4), (INK, [6, 3], 1.6), (_GREY, [2, 2], 1.6), (_GREY, [8, 2, 2, 2], 1.4))
"""Colour, dashes and width of the first lines."""
_LIGHTEST, _DARKEST = "#ffffff", "#2f6f92"
_LETTER = 5.3  # width of a letter of a text beside a row, pixels
_ROW = 19


@dataclass(frozen=True, slots=True)
class Interval:
    """One row of `against_chart`: the model with its interval, and the official figure or range."""

    name: str
    mean: float
    low: float
    high: float
    official: tuple[float, float] | None = None
    hollow: bool = False
    """Drawn hollow: a prediction among targets."""
    text: str = ""


def line_chart(
    rows: pl.DataFrame,
    ticks: Mapping[int, str],
    unit: str,
    alt_text: str,
    zero: bool = True,
    high: int = HIGH,
    most: float | None = None,
) -> Picture:
    """Draw lines that are named at their ends, with bands where ``low`` and ``high`` are given.

    Args:
        rows: Columns line, x, value, and maybe low and high; the first line is drawn boldest.
        ticks: Axis labels by x.
        unit: Title of the vertical axis.
        alt_text: What is seen, in words.
        zero: The vertical axis begins at zero.
        high: Height in pixels.
        most: Where the vertical axis ends; above the highest value and its name unless given.
    """
    names = rows["line"].unique(maintain_order=True).to_list()
    scale = alt.Scale(zero=zero, nice=True, domainMax=alt.Undefined if most is None else most)
    across = [float(at) for at in (*rows["x"], *ticks)]
    first, last = min(across), max(across)
    x = alt.X(
        "x:Q",
        title=None,
        axis=alt.Axis(values=list(ticks), labelExpr=_lookup(ticks), grid=False, tickSize=4),
        scale=alt.Scale(domain=[first, last + 0.02 * (last - first)], nice=False),
    )
    y = alt.Y("value:Q", title=unit, axis=_axis(), scale=scale)
    layers: list[alt.Chart | alt.LayerChart] = []
    if "low" in rows.columns:
        banded = rows.drop_nulls(["low", "high"])
        band = alt.Chart(banded).mark_area(color=LIGHT, opacity=0.7)
        layers += [
            band.encode(
                x, alt.Y("low:Q", title=unit, axis=_axis(), scale=scale), alt.Y2("high")
            ).transform_filter(alt.datum.line == name)
            for name in banded["line"].unique(maintain_order=True)
        ]
    for name, (colour, dashes, width) in zip(names, _STYLES, strict=False):
        line = alt.Chart(rows.filter(line=name)).encode(x, y)
        layers.append(line.mark_line(color=colour, strokeDash=dashes, strokeWidth=width))
    low, top = _extent(rows, zero)
    ends = [(name, rows.filter(line=name).sort("x").row(-1, named=True)) for name in names]
    places = _apart([float(row["value"]) for _, row in ends], 13 * (top - low) / high)
    for (name, row), place, (colour, *_) in zip(ends, places, _STYLES, strict=False):
        end = pl.DataFrame({"x": [row["x"]], "value": [place], "name": [name]})
        text = alt.Chart(end).mark_text(align="left", dx=6, color=colour, fontSize=10, fontWeight="bold")
        layers.append(text.encode(x, y, alt.Text("name:N")))
    return picture(layers, alt_text, WIDE, high)


def against_chart(
    rows: Sequence[Interval], unit: str, reference: float | None, alt_text: str, wide: int = WIDE
) -> Picture:
    """Draw intervals a row, with a line at the reference, a bar where officials give a range, and text.

    Args:
        rows: What to draw, from the top; all in one unit.
        unit: Title of the horizontal axis.
        reference: Where a line is drawn, the official figure for instance.
        alt_text: What is seen, in words.
        wide: Width in pixels.
    """
    values = [
        {
            "row": one.name,
            "mean": one.mean,
            "low": one.low,
            "high": one.high,
            "text": one.text,
            "from": one.official[0] if one.official else None,
            "to": one.official[1] if one.official else None,
            "fill": "white" if one.hollow else LINE,
        }
        for one in rows
    ]
    table = pl.DataFrame(values, infer_schema_length=None)
    order = list(dict.fromkeys(one.name for one in rows))
    y = alt.Y(
        "row:N", sort=order, title=None, axis=alt.Axis(ticks=False, labelLimit=260, grid=False, domain=False)
    )
    ends = [one.low for one in rows] + [one.high for one in rows] + [one.mean for one in rows]
    ends += [limit for one in rows if one.official for limit in one.official]
    ends += [] if reference is None else [reference]
    room = 0.05 * (max(ends) - min(ends) or 1.0)
    texts = min(0.6, _LETTER * max(len(one.text) for one in rows) / wide)
    aside = 1.1 * texts / (1.0 - texts)  # room for the texts beside everything else
    scale = alt.Scale(
        domain=[min(ends) - room, max(ends) + room + aside * (max(ends) - min(ends))], nice=False
    )

    def x(column: str) -> alt.X:
        return alt.X(f"{column}:Q", title=unit, axis=_axis(tickCount=6), scale=scale)

    layers: list[alt.Chart | alt.LayerChart] = []
    ranged = table.filter(pl.col("from") < pl.col("to"))
    if ranged.height:
        bar = alt.Chart(ranged).mark_bar(color=GRID, stroke=_GREY, strokeWidth=0.6, size=13)
        layers.append(bar.encode(y, x("from"), alt.X2("to")))
    if reference is not None:
        line = alt.Chart(pl.DataFrame({"at": [reference]})).mark_rule(color=INK, strokeWidth=1.2)
        layers.append(line.encode(x("at")))
    base = alt.Chart(table)
    point = base.mark_point(filled=True, size=44, stroke=LINE, strokeWidth=1.6, opacity=1)
    text = base.mark_text(align="right", fontSize=10, color=INK).encode(
        y, alt.Text("text:N"), x=alt.value(wide)
    )
    layers += [
        base.mark_rule(color=LINE, strokeWidth=2).encode(y, x("low"), alt.X2("high")),
        point.encode(y, x("mean"), alt.Fill("fill:N", scale=None)),
        text,
    ]
    return picture(layers, alt_text, wide, _ROW * len(order))


def density_chart(
    before: pl.DataFrame, after: pl.DataFrame, interval: tuple[float, float, float], unit: str, alt_text: str
) -> Picture:
    """Draw what is believed after seeing figures (filled) and before (line), on a log scale.

    Args:
        before: Columns value, density, by value.
        after: The same afterwards; each is drawn against its own highest point.
        interval: Low, median and high of what is believed afterwards.
        unit: Title of the horizontal axis.
        alt_text: What is seen, in words.
    """
    low, high = float(before["value"].min()), float(before["value"].max())  # type: ignore[arg-type]
    scale = alt.Scale(type="log", domain=[low, high], nice=False)
    x = alt.X("value:Q", title=unit, axis=_axis(values=_round_between(low, high)), scale=scale)
    y = alt.Y("density:Q", title=None, axis=None, scale=alt.Scale(domain=[-0.12, 1.12], nice=False))
    drawn = [one.with_columns(pl.col("density") / pl.col("density").max()) for one in (before, after)]
    rule = pl.DataFrame({"value": [interval[0]], "to": [interval[2]], "density": [-0.06]})
    point = pl.DataFrame({"value": [interval[1]], "density": [-0.06]})
    peak = drawn[1].sort("density").row(-1, named=True)
    on_right = peak["value"] < (low * high) ** 0.5  # name the peak on the side with more room
    beside = pl.DataFrame({"value": [peak["value"]], "density": [1.05], "name": ["after"]})
    high_enough = drawn[0].filter(pl.col("density") >= 0.75)
    share = high_enough.row(-1 if on_right else 0, named=True)
    prior = pl.DataFrame({"value": [share["value"]], "density": [share["density"]], "name": ["before"]})
    name = alt.Text("name:N")
    return picture(
        [
            alt.Chart(drawn[1]).mark_area(color=DARK, line={"color": LINE}).encode(x, y),
            alt.Chart(drawn[0]).mark_line(color=INK, strokeDash=[6, 3], strokeWidth=1.6).encode(x, y),
            alt.Chart(rule).mark_rule(color=LINE, strokeWidth=3).encode(x, y, alt.X2("to")),
            alt.Chart(point).mark_point(filled=True, size=50, color=LINE, opacity=1).encode(x, y),
            alt.Chart(beside).mark_text(fontWeight="bold", fontSize=10, color=LINE).encode(x, y, name),
            alt.Chart(prior)
            .mark_text(
                fontWeight="bold",
                fontSize=10,
                color=INK,
                dx=6 if on_right else -6,
                align="left" if on_right else "right",
            )
            .encode(x, y, name),
        ],
        alt_text,
        WIDE * 3 // 4,
        130,
    )


def heat_chart(cells: pl.DataFrame, label: Labeller, alt_text: str) -> Picture:
    """Draw a table of signed numbers, darker the farther from zero, each number written in its cell.

    Args:
        cells: Columns row, column, value, in the order of the table.
        label: Writes a number.
        alt_text: What is seen, in words.
    """
    rows, columns = (cells[name].unique(maintain_order=True).to_list() for name in ("row", "column"))
    far = float(cells["value"].abs().max() or 1.0)  # type: ignore[arg-type]
    texts = [label(value) for value in cells["value"]]
    table = cells.with_columns(size=pl.col("value").abs(), text=pl.Series(texts))
    axis: dict[str, Any] = {"ticks": False, "domain": False, "labelLimit": 260, "grid": False}
    x = alt.X("column:N", sort=columns, title=None, axis=alt.Axis(orient="top", labelAngle=0, **axis))
    y = alt.Y("row:N", sort=rows, title=None, axis=alt.Axis(**axis))
    shade = alt.Scale(domain=[0.0, far], range=[_LIGHTEST, _DARKEST], interpolate="rgb")
    ink = alt.condition(alt.datum.size > 0.6 * far, alt.value("white"), alt.value(INK))
    base = alt.Chart(table)
    return picture(
        [
            base.mark_rect(stroke=_GREY, strokeWidth=0.6).encode(
                x, y, alt.Color("size:Q", scale=shade, legend=None)
            ),
            base.mark_text(fontSize=12, fontWeight="bold").encode(x, y, alt.Text("text:N"), color=ink),
        ],
        alt_text,
        130 * len(columns),
        36 * len(rows),
    )


def scatter_chart(
    points: pl.DataFrame, units: tuple[str, str], alt_text: str, diagonal: bool = False, named: str = ""
) -> Picture:
    """Draw points on log scales, with vertical intervals where ``low`` and ``high`` are given.

    Args:
        points: Columns x, y, and maybe low and high.
        units: Titles of the horizontal and the vertical axis.
        alt_text: What is seen, in words.
        diagonal: Draw the line on which both are equal, over the same range on both axes.
        named: What the diagonal is.
    """
    across, up = (_span(points, names) for names in (("x",), ("y", "low", "high")))
    if diagonal:
        across = up = (min(across[0], up[0]), max(across[1], up[1]))
    scales = [alt.Scale(type="log", domain=list(span), nice=False) for span in (across, up)]
    x = alt.X("x:Q", title=units[0], axis=_axis(values=_round_between(*across)), scale=scales[0])

    def y(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", title=units[1], axis=_axis(values=_round_between(*up)), scale=scales[1])

    base = alt.Chart(points)
    layers: list[alt.Chart | alt.LayerChart] = []
    if diagonal:
        line = pl.DataFrame({"x": list(across), "y": list(across)})
        layers.append(
            alt.Chart(line).mark_line(color=INK, strokeDash=[6, 3], strokeWidth=1.2).encode(x, y("y"))
        )
        said = pl.DataFrame({"x": [across[1]], "y": [across[1]], "name": [named]})
        text = alt.Chart(said).mark_text(align="right", dx=-14, dy=4, fontSize=10, color=INK)
        layers.append(text.encode(x, y("y"), alt.Text("name:N")))
    if "low" in points.columns:
        layers.append(base.mark_rule(color=DARK, strokeWidth=1.2).encode(x, y("low"), alt.Y2("high")))
    layers.append(base.mark_point(filled=True, size=16, color=LINE, opacity=0.6).encode(x, y("y")))
    return picture(layers, alt_text, WIDE * 3 // 4, 200)


def histogram_chart(
    bars: pl.DataFrame,
    units: tuple[str, str],
    alt_text: str,
    band: tuple[float, float, float] | None = None,
    at: float | None = None,
) -> Picture:
    """Draw counts by class, with a band in which they should lie and a line at a value of the axis.

    Args:
        bars: Columns left, right, count.
        units: Titles of the horizontal and the vertical axis.
        alt_text: What is seen, in words.
        band: Low, expected and high count.
        at: Where a vertical line is drawn.
    """
    ends = [float(bars["left"][0]), float(bars["right"][-1])]
    highest = max([float(bars["count"].max()), *(band or ())])  # type: ignore[arg-type]
    scale = alt.Scale(domain=ends, nice=False)
    up = alt.Scale(domain=[0.0, 1.08 * highest or 1.0], nice=False)

    def x(column: str) -> alt.X:
        return alt.X(f"{column}:Q", title=units[0], axis=_axis(tickCount=6, grid=False), scale=scale)

    def y(column: str) -> alt.Y:
        return alt.Y(
            f"{column}:Q", title=units[1], axis=_axis(tickCount=5, tickMinStep=1, format="d"), scale=up
        )

    drawn = bars.with_columns(bottom=pl.lit(0.0))
    bar = alt.Chart(drawn).mark_rect(color=DARK, stroke="white", strokeWidth=0.8)
    layers: list[alt.Chart | alt.LayerChart] = [
        bar.encode(x("left"), alt.X2("right"), y("count"), alt.Y2("bottom"))
    ]
    if band is not None:
        frame = pl.DataFrame({"left": [ends[0]], "right": [ends[1]], "low": [band[0]], "high": [band[2]]})
        area = alt.Chart(frame).mark_rect(fill=_GREY, opacity=0.18, stroke=INK, strokeWidth=1)
        layers.append(area.encode(x("left"), alt.X2("right"), y("low"), alt.Y2("high")))
        middle = alt.Chart(pl.DataFrame({"mid": [band[1]]})).mark_rule(color=INK, strokeDash=[6, 3])
        layers.append(middle.encode(y("mid")))
    if at is not None:
        line = alt.Chart(pl.DataFrame({"at": [at]})).mark_rule(color=INK, strokeWidth=1.4)
        layers.append(line.encode(x("at")))
    return picture(layers, alt_text, WIDE * 3 // 4, 130)


def _axis(**more: Any) -> alt.Axis:
    return alt.Axis(
        ticks=False, titleFontSize=10, titleFontWeight="normal", titleColor=INK, titleLimit=320, **more
    )


def _extent(rows: pl.DataFrame, zero: bool) -> tuple[float, float]:
    names = [name for name in ("value", "low", "high") if name in rows.columns]
    values = [value for name in names for value in rows[name].drop_nulls()]
    return min(*values, 0.0) if zero else min(values), max(values)


def _span(points: pl.DataFrame, names: Sequence[str]) -> tuple[float, float]:
    values = [value for name in names if name in points.columns for value in points[name]]
    return 0.96 * min(values), 1.04 * max(values)


def _apart(places: Sequence[float], least: float) -> list[float]:
    """Return places moved upward until any two are at least so far apart, in the given order."""
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = list(places)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + least)
    return moved


def _round_between(low: float, high: float) -> list[float]:
    """Return round numbers between two positive ones, for a log axis: even steps where they are near."""
    if high < 4.0 * low:
        for step in (digit * 10.0**power for power in range(-6, 9) for digit in (1, 2, 2.5, 5)):
            if (high - low) / step <= 5:
                first, last = int(-(-low // step)), int(high // step)
                return [float(f"{count * step:.6g}") for count in range(first, last + 1)]
    found: list[float] = []
    for digits in ((1, 2, 5), (1, 1.5, 2, 3, 4, 5, 7)):
        ticks = (float(f"{digit * 10.0**power:.3g}") for power in range(-6, 9) for digit in digits)
        found = [tick for tick in ticks if low <= tick <= high]
        if len(found) > 2:
            break
    return found


def _lookup(texts: Mapping[int, str]) -> str:
    choices = " : ".join(f"datum.value == {value} ? '{text}'" for value, text in texts.items())
    return f"{choices} : ''"
