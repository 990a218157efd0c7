"""Draw what the uncertainty of an effect rests on: a bar per parameter, chance and the rest last.

Public name: `share_chart`.
"""

import textwrap

import altair as alt
import polars as pl

from sim.report.charts import DARK, INK, LIGHT, TEXT, Picture, picture
from sim.report.numbers import PERCENT, Numbers

_ROW, _WIDTH, _LETTERS = 13, 210, 60  # height of a line, width of the bars, letters in a line of a name
_LEAST = 0.005  # a smaller share would be drawn as 0 %
_WITHOUT_GRADE = ("chance", "rest")
_OWN = {
    "sv": {"case": "fallets\u00a0egen", "scenario": "scenario"},
    "en": {"case": "the\u00a0case's\u00a0own", "scenario": "scenario"},
}
_GRADE = {"sv": "grad\u00a0", "en": "grade\u00a0"}


def share_chart(
    parameters: pl.DataFrame, alt_text: str, most: int = 12, lang: str = "sv", graded: bool = True
) -> Picture:
    """Draw the largest shares of the variance of one effect, with the 95 % interval of the total index.

    Bars of parameters are dark; chance and the rest, which rest on no single assumption, are light. The grade
    stands after each name.

    Args:
        parameters: Rows of one effect (`sim.calibrate.sensitivity.result.SensitivityResult.parameters`).
        alt_text: What the picture shows, in words.
        most: Most parameters to draw.
        lang: Language of the names, sv or en.
        graded: Write the grade after each name.
    """
    named = ~pl.col("parameter").is_in(_WITHOUT_GRADE)
    shared = parameters.filter((pl.col("share") >= _LEAST) | ~named & pl.col("share").is_not_null())
    rows = pl.concat([shared.filter(named).sort("share", descending=True).head(most), shared.filter(~named)])
    own = pl.col("part").replace_strict(_OWN[lang], default=_GRADE[lang] + pl.col("grade"))
    label = f"label_{lang}"
    drawn = rows.with_columns(
        row=pl.when(named & graded)
        .then(pl.col(label) + " (" + own + ")")
        .otherwise(label)
        .map_elements(_wrapped, return_dtype=pl.String),
        low=(pl.col("total") - pl.col("total_conf")).clip(0.0, 1.0),
        high=(pl.col("total") + pl.col("total_conf")).clip(0.0, 1.0),
        text=pl.col("share").map_elements(_percent, return_dtype=pl.String),
    ).with_columns(edge=pl.max_horizontal("share", "high"))
    top = min(1.0, float(drawn.select(pl.col("edge").max()).item()) + 0.08)
    ticks = [tick / 10 for tick in range(int(top * 10) + 1)]
    shown = " : ".join(f"abs(datum.value - {tick}) < 1e-6 ? '{_percent(tick)}'" for tick in ticks)
    axis = alt.Axis(values=ticks, labelExpr=f"{shown} : ''", ticks=False)
    scale = alt.Scale(domain=[0, top], nice=False)
    names = alt.Axis(ticks=False, grid=False, labelLimit=400, labelExpr="split(datum.label, '|')")
    lines = max(row.count("|") + 1 for row in drawn["row"])
    y = alt.Y("row:N", sort=drawn["row"].to_list(), title=None, axis=names)

    def x(column: str) -> alt.X:
        return alt.X(f"{column}:Q", title=None, axis=axis, scale=scale)

    def bars(mine: pl.Expr, colour: str) -> alt.Chart:
        chart: alt.Chart = alt.Chart(drawn.filter(mine)).mark_bar(size=12, color=colour)
        return chart.encode(y, x("share"))

    whole = alt.Chart(drawn.drop_nulls("high"))
    layers = [
        bars(named, DARK),
        bars(~named, LIGHT),
        whole.mark_rule(color=INK, strokeWidth=1.2).encode(y, x("low"), alt.X2("high")),
        alt.Chart(drawn).mark_text(align="left", dx=4, **TEXT).encode(y, x("edge"), alt.Text("text:N")),
    ]
    return picture(layers, alt_text, _WIDTH, (_ROW * lines + 4) * drawn.height)


def _wrapped(name: str) -> str:
    return "|".join(textwrap.wrap(name.replace("|", "/"), _LETTERS))


def _percent(share: float) -> str:
    return f"{Numbers('sv').plain(share, PERCENT)} %"
