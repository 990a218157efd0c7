"""Charts of the reports: static SVG pictures, readable in grey, labelled directly, never a point without its interval.

One function per chart type, one theme. Pictures hold no script, link, role or text of Vega's own; what they show is
said by the alt text and the table beside them.
"""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import polars as pl
import vl_convert

from sim.report.estimate import Estimate

INK, GRID, LINE, DARK, LIGHT = "#1c2b33", "#e6eaec", "#1f5673", "#8fb4c7", "#c8dbe5"
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH, HEIGHT = 208, 168

Labeller = Callable[[float], str]


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
    x = alt.X(
        "month:Q",
        title=None,
        axis=alt.Axis(values=list(years), labelExpr=_lookup(years), grid=False, tickSize=4),
        scale=alt.Scale(domain=[0, max(years)], nice=False, padding=0),
    )
    ticks = _ticks(_floats(path, "low") + _floats(path, "high"))
    y = alt.Axis(values=ticks, labelExpr=_lookup({tick: label(tick) for tick in ticks}), ticks=False)
    scale = alt.Scale(domain=[min(ticks), max(ticks)], nice=False)
    data = alt.Data(values=path.to_dicts())
    marked = alt.Data(values=path.filter(pl.col("month").is_in(list(marks))).to_dicts())

    def band(low: str, high: str, colour: str) -> alt.Chart:
        limits = alt.Y(f"{low}:Q", title=None, axis=y, scale=scale)
        return alt.Chart(data).mark_area(color=colour, interpolate="monotone").encode(x, limits, alt.Y2(high))

    layers: list[alt.Chart] = [
        band("low", "high", LIGHT),
        band("low50", "high50", DARK),
        alt.Chart(data)
        .mark_line(color=LINE, strokeWidth=2, interpolate="monotone")
        .encode(x, alt.Y("mean:Q", scale=scale, axis=y, title=None)),
        alt.Chart(alt.Data(values=[{"zero": 0}]))
        .mark_rule(color=INK, strokeWidth=1.2)
        .encode(alt.Y("zero:Q", scale=scale)),
        alt.Chart(marked)
        .mark_rule(color=INK, strokeWidth=1.2)
        .encode(x, alt.Y("low:Q", scale=scale), alt.Y2("high")),
        alt.Chart(marked)
        .mark_point(filled=True, size=34, color=LINE, stroke="white", strokeWidth=1.2, opacity=1)
        .encode(x, alt.Y("mean:Q", scale=scale)),
    ]
    for column, baseline, offset in (("high", "bottom", -3), ("low", "top", 3)):
        layers.append(_labels(marked, column, label, path, marks, baseline, offset, x, scale))
    return _picture(alt.layer(*layers), alt_text)


def interval_chart(rows: Mapping[str, Estimate], scale_by: float, label: Labeller, alt_text: str) -> Picture:
    """Draw one 90 % (light) and 50 % (dark) interval a row, in ``scale_by`` units, with its limits written out."""
    fields = ("mean", "low", "high", "low50", "high50")
    values = [
        {"row": name, **{field: getattr(row, field) / scale_by for field in fields}}
        for name, row in rows.items()
    ]
    for value in values:
        value["low_text"], value["high_text"] = label(float(value["low"])), label(float(value["high"]))
    ticks = _ticks([float(value[field]) for value in values for field in ("low", "high")])
    room = 0.13 * (ticks[-1] - ticks[0])
    x_axis = alt.Axis(values=ticks, labelExpr=_lookup({tick: label(tick) for tick in ticks}), ticks=False)
    scale = alt.Scale(domain=[ticks[0] - room, ticks[-1] + room], nice=False)
    y = alt.Y(
        "row:N", sort=list(rows), title=None, axis=alt.Axis(ticks=False, labelFontWeight="bold", grid=False)
    )
    base = alt.Chart(alt.Data(values=values))

    def bar(low: str, high: str, colour: str) -> alt.Chart:
        limits = alt.X(f"{low}:Q", title=None, axis=x_axis, scale=scale)
        return base.mark_bar(color=colour, size=13).encode(y, limits, alt.X2(high))

    layers = [
        bar("low", "high", LIGHT),
        bar("low50", "high50", DARK),
        alt.Chart(alt.Data(values=[{"zero": 0}]))
        .mark_rule(color=INK, strokeWidth=1.2)
        .encode(alt.X("zero:Q", scale=scale)),
        base.mark_point(filled=True, size=34, color=LINE, stroke="white", strokeWidth=1.2, opacity=1).encode(
            y, alt.X("mean:Q", scale=scale)
        ),
        base.mark_text(align="right", dx=-3, fontWeight="bold", fontSize=10, color=INK).encode(
            y, alt.X("low:Q", scale=scale), alt.Text("low_text:N")
        ),
        base.mark_text(align="left", dx=3, fontWeight="bold", fontSize=10, color=INK).encode(
            y, alt.X("high:Q", scale=scale), alt.Text("high_text:N")
        ),
    ]
    return _picture(alt.layer(*layers), alt_text)


def _labels(
    marked: alt.Data,
    column: str,
    label: Labeller,
    path: pl.DataFrame,
    marks: Sequence[int],
    baseline: str,
    offset: int,
    x: alt.X,
    scale: alt.Scale,
) -> alt.Chart:
    """Write a limit of the interval at each marked month; the last one to the left of its line's end."""
    texts = {
        month: label(value)
        for month, value in path.filter(pl.col("month").is_in(list(marks)))
        .select("month", column)
        .iter_rows()
    }
    last = max(marks)
    return (
        alt.Chart(marked)
        .transform_calculate(text=_lookup(texts, "datum.month"))
        .mark_text(
            align=alt.expr(f"datum.month == {last} ? 'right' : 'center'"),
            baseline=baseline,
            dy=offset,
            dx=alt.expr(f"datum.month == {last} ? 3 : 0"),
            fontSize=10,
            fontWeight="bold",
            color=INK,
        )
        .encode(x, alt.Y(f"{column}:Q", scale=scale), alt.Text("text:N"))
    )


def _picture(chart: alt.LayerChart, alt_text: str) -> Picture:
    themed = chart.properties(width=WIDTH, height=HEIGHT, background="white", padding=4).configure(
        font=FONT,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(
            labelColor=INK, labelFontSize=10, gridColor=GRID, domain=False, tickColor=INK, labelLimit=130
        ),
    )
    svg = vl_convert.vegalite_to_svg(themed.to_dict(validate=False))
    svg = re.sub(r'\s(?:role|aria-[a-z]+)="[^"]*"', "", svg)  # Vega names its parts in English
    width, height = (round(float(_attribute(svg, name))) for name in ("width", "height"))
    return Picture(svg, alt_text, width, height)


def _attribute(svg: str, name: str) -> str:
    found = re.search(rf'<svg[^>]*\s{name}="([\d.]+)"', svg)
    if found is None:
        raise ValueError(f"the picture has no {name}")
    return found[1]


def _floats(path: pl.DataFrame, column: str) -> list[float]:
    return [float(value) for value in path[column]]


def _ticks(values: Sequence[float]) -> list[float]:
    """Return four to seven round numbers that cover the values and zero."""
    low, high = min(0.0, *values), max(0.0, *values)
    span = (high - low) or 1.0
    step = next(
        factor * 10.0**power
        for power in range(-3, 10)
        for factor in (1, 2, 2.5, 5)
        if span / (factor * 10.0**power) <= 5
    )
    first, last = int(-(-low // -step) if low >= 0 else low // step), int(-(-high // step))
    return [index * step for index in range(min(first, -1), max(last, 1) + 1)]


def _lookup(texts: Mapping[int, str] | Mapping[float, str], key: str = "datum.value") -> str:
    """Return a Vega expression that picks the text of a number."""
    choices = " : ".join(f"abs({key} - {value}) < 1e-6 ? '{text}'" for value, text in texts.items())
    return f"{choices} : ''"
