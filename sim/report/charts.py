"""Charts of the reports: static SVG pictures, readable in grey, no point without its interval written out.

One function per chart type, one theme. Pictures hold no script, link, role or text of Vega's own; what they
show is said by the alt text and the table beside them.
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import altair as alt
import polars as pl
import vl_convert

from sim.report.estimate import Estimate

INK, GRID, LINE, DARK, LIGHT = "#1c2b33", "#e6eaec", "#1f5673", "#8fb4c7", "#c8dbe5"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH, HEIGHT = 208, 122
WIDE, ROW = 340, 13  # of a chart with a row for each figure
NAMES = 38  # room for the names of the payers
LIMITS = ("low", "high")
TEXT: dict[str, Any] = {"fontSize": 10, "fontWeight": "bold", "color": INK}
POINT: dict[str, Any] = {
    "filled": True,
    "size": 34,
    "color": LINE,
    "stroke": "white",
    "strokeWidth": 1.2,
    "opacity": 1,
}

Labeller = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Miss:
    """How far the model is from one official figure, percent of it, with its 90 % interval.

    ``band`` is half the width of what is held to be plausible, where there is a range and no figure. A
    ``filled`` point is a target, a hollow one a prediction. ``text`` is written beside the row.
    """

    name: str
    mean: float
    low: float
    high: float
    band: float
    filled: bool
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG with the words that replace it."""

    svg: str
    alt: str
    width: int
    height: int

    @property
    def source(self) -> str:
        """Return the picture as a data address, so that the page asks no host for it."""
        return "data:image/svg+xml;base64," + base64.b64encode(self.svg.encode()).decode("ascii")


def fan_chart(
    path: pl.DataFrame, marks: Sequence[int], label: Labeller, years: Mapping[int, str], alt_text: str
) -> Picture:
    """Draw a difference over time with its 90 % (light) and 50 % (dark) bands and marked months.

    Args:
        path: Columns month, mean, low, high, low50, high50 in printed units, from month 0.
        marks: The months that carry a vertical interval with its limits written out.
        label: Writes a number as the language does.
        years: Axis labels by month.
        alt_text: What the picture shows, in words.
    """
    ticks = _ticks([*path["low"], *path["high"]])
    scale = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False)
    axis = alt.Axis(values=ticks, labelExpr=_lookup({tick: label(tick) for tick in ticks}), ticks=False)
    x = alt.X(
        "month:Q",
        title=None,
        axis=alt.Axis(values=list(years), labelExpr=_lookup(years), grid=False, tickSize=4),
        scale=alt.Scale(domain=[0, max(years)], nice=False, padding=0),
    )
    texts = [
        pl.col(limit).map_elements(label, return_dtype=pl.String).alias(f"{limit}_text") for limit in LIMITS
    ]
    whole = alt.Chart(path)
    chosen = path.filter(pl.col("month").is_in(list(marks))).with_columns(texts)
    marked = alt.Chart(chosen)
    last = f"datum.month == {max(marks)}"

    def y(column: str) -> alt.Y:
        return alt.Y(f"{column}:Q", title=None, axis=axis, scale=scale)

    def limit_text(limit: str, baseline: Any, offset: int) -> alt.LayerChart:
        align, shift = alt.expr(f"{last} ? 'right' : 'center'"), alt.expr(f"{last} ? 3 : 0")
        text = marked.mark_text(align=align, baseline=baseline, dx=shift, dy=offset, **TEXT)
        return haloed(text.encode(x, y(limit), alt.Text(f"{limit}_text:N")))

    return picture(
        [
            whole.mark_area(color=LIGHT, interpolate="monotone").encode(x, y("low"), alt.Y2("high")),
            whole.mark_area(color=DARK, interpolate="monotone").encode(x, y("low50"), alt.Y2("high50")),
            whole.mark_line(color=LINE, strokeWidth=2, interpolate="monotone").encode(x, y("mean")),
            _zero().encode(alt.Y("zero:Q", axis=axis, scale=scale)),
            marked.mark_rule(color=INK, strokeWidth=1.2).encode(x, y("low"), alt.Y2("high")),
            marked.mark_point(**POINT).encode(x, y("mean")),
            limit_text("high", "bottom", -3),
            limit_text("low", "top", 3),
        ],
        alt_text,
    )


def interval_chart(rows: Mapping[str, Estimate], unit: float, label: Labeller, alt_text: str) -> Picture:
    """Draw one 90 % (light) and 50 % (dark) interval a row, in multiples of ``unit``, with its limits."""
    fields = ("mean", "low", "high", "low50", "high50")
    values = [
        {
            "row": name,
            **{field: getattr(row, field) / unit for field in fields},
            **{f"{limit}_text": label(getattr(row, limit) / unit) for limit in LIMITS},
        }
        for name, row in rows.items()
    ]
    ticks = _ticks([float(value[limit]) for value in values for limit in LIMITS], most=3)
    room = 0.13 * (ticks[-1] - ticks[0])  # for the limits beside the widest bar
    scale = alt.Scale(domain=[ticks[0] - room, ticks[-1] + room], nice=False)
    axis = alt.Axis(values=ticks, labelExpr=_lookup({tick: label(tick) for tick in ticks}), ticks=False)
    names = alt.Axis(ticks=False, labelFontWeight="bold", grid=False)
    y = alt.Y("row:N", sort=list(rows), title=None, axis=names)
    base = alt.Chart(pl.DataFrame(values))

    def x(column: str) -> alt.X:
        return alt.X(f"{column}:Q", title=None, axis=axis, scale=scale)

    def limit_text(limit: str, align: Any, shift: int) -> alt.LayerChart:
        text = base.mark_text(align=align, dx=shift, **TEXT)
        return haloed(text.encode(y, x(limit), alt.Text(f"{limit}_text:N")))

    return picture(
        [
            base.mark_bar(color=LIGHT, size=13).encode(y, x("low"), alt.X2("high")),
            base.mark_bar(color=DARK, size=13).encode(y, x("low50"), alt.X2("high50")),
            _zero().encode(alt.X("zero:Q", axis=axis, scale=scale)),
            base.mark_point(**POINT).encode(y, x("mean")),
            limit_text("low", "right", -3),
            limit_text("high", "left", 3),
        ],
        alt_text,
        WIDTH - NAMES,
    )


def miss_chart(rows: Sequence[Miss], label: Labeller, alt_text: str) -> Picture:
    """Draw one point with its interval a row about the zero line, which is the official figure."""
    ticks = _ticks([value for row in rows for value in (row.low, row.high, row.band, -row.band)], most=8)
    scale = alt.Scale(domain=[ticks[0], ticks[-1]], nice=False)
    axis = alt.Axis(values=ticks, labelExpr=_lookup({tick: label(tick) for tick in ticks}), ticks=False)
    names = alt.Axis(ticks=False, grid=False, labelLimit=260)
    y = alt.Y("name:N", sort=[row.name for row in rows], title=None, axis=names)
    values = pl.DataFrame([asdict(row) for row in rows]).with_columns(below=-pl.col("band"))
    base = alt.Chart(values)

    def x(column: str) -> alt.X:
        return alt.X(f"{column}:Q", title=None, axis=axis, scale=scale)

    hollow = {**POINT, "color": "white", "stroke": LINE, "strokeWidth": 1.6}
    layers = [
        base.transform_filter("datum.band > 0").mark_bar(color=GRID, size=10)
        .encode(y, x("below"), alt.X2("band")),
        _zero().encode(alt.X("zero:Q", axis=axis, scale=scale)),
        base.mark_rule(color=LINE, strokeWidth=2.2).encode(y, x("low"), alt.X2("high")),
        base.transform_filter("datum.filled").mark_point(**POINT).encode(y, x("mean")),
        base.transform_filter("!datum.filled").mark_point(**hollow).encode(y, x("mean")),
        base.mark_text(align="left", color=INK, fontSize=10).encode(
            y, alt.Text("text:N"), x=alt.value(WIDE + 8)
        ),
    ]  # fmt: skip
    return picture(layers, alt_text, WIDE, ROW * len(rows))


def picture(
    layers: Sequence[alt.Chart | alt.LayerChart], alt_text: str, width: int = WIDTH, height: int = HEIGHT
) -> Picture:
    """Return layers in the theme as a picture that holds no words of Vega's own."""
    axis = alt.AxisConfig(
        labelColor=INK,
        labelFontSize=10,
        gridColor=GRID,
        domain=False,
        tickColor=INK,
        labelLimit=130,
        labelOverlap=False,
    )
    legend = alt.LegendConfig(labelColor=INK, labelFontSize=10, symbolType="square", symbolStrokeWidth=0)
    chart = (
        alt.layer(*layers)
        .properties(width=width, height=height, background="white", padding=4)
        .configure(font=FONT, view=alt.ViewConfig(stroke=None), axis=axis, legend=legend)
    )
    svg = vl_convert.vegalite_to_svg(chart.to_dict(validate=False))
    svg = re.sub(r'\s(?:role|aria-[a-z]+)="[^"]*"', "", svg)  # Vega names its parts in English
    wide, high = (round(float(_attribute(svg, name))) for name in ("width", "height"))
    return Picture(svg, alt_text, wide, high)


def haloed(text: alt.Chart) -> alt.LayerChart:
    """Return text that stays readable over lines and bands."""
    under = text.copy(deep=True)
    under.mark.stroke, under.mark.strokeWidth, under.mark.strokeJoin = "white", 2.5, "round"
    return alt.LayerChart(layer=[under, text])


def _zero() -> alt.Chart:
    rule: alt.Chart = alt.Chart(pl.DataFrame({"zero": [0]})).mark_rule(color=INK, strokeWidth=1.2)
    return rule


def _attribute(svg: str, name: str) -> str:
    found = re.search(rf'<svg[^>]*\s{name}="([\d.]+)"', svg)
    if found is None:
        raise ValueError(f"the picture has no {name}")
    return found[1]


def _ticks(values: Sequence[float], most: int = 5) -> list[float]:
    """Return round numbers that cover the values and zero, with at most ``most`` steps between the ends."""
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0
    step = next(
        factor * 10.0**power
        for power in range(-3, 10)
        for factor in (1, 2, 2.5, 5)
        if span / (factor * 10.0**power) <= most
    )
    first, last = int(-(-low // -step) if low >= 0 else low // step), int(-(-high // step))
    return [index * step for index in range(min(first, -1), max(last, 1) + 1)]


def _lookup(texts: Mapping[int, str] | Mapping[float, str]) -> str:
    """Return a Vega expression that picks the text of an axis value."""
    choices = " : ".join(f"abs(datum.value - {value}) < 1e-6 ? '{text}'" for value, text in texts.items())
    return f"{choices} : ''"
