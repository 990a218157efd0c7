"""The charts of the page: what is drawn comes from the records, the look from the reports.

A picture ends with a mark made of its data, so that a stale one is told without drawing it again: text is
measured by the fonts of the machine that draws, and differs in the last decimal elsewhere.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.derived import Records, curve
from benchmarks.labels import BANDWIDTH, OUTSIDE, REGIONS, TOWN
from benchmarks.wording import number

Rows = list[dict[str, Any]]
_WIDTH = 460
_SHAPES = {REGIONS: "by regions", TOWN: "in one town"}


@dataclass(frozen=True)
class Drawing:
    """One picture of the page: its file, its words, and how it is drawn."""

    file: str
    alt: str
    rows: Rows
    draw: Callable[[Rows, str], str]

    @property
    def mark(self) -> str:
        """Return the line that an up-to-date file ends with."""
        content = json.dumps([self.file, self.alt, self.rows], sort_keys=True, ensure_ascii=False)
        return f"<!-- {hashlib.sha256(content.encode()).hexdigest()[:16]} -->\n"

    def svg(self) -> str:
        """Return the picture."""
        return f"{self.draw(self.rows, self.alt).rstrip()}\n{self.mark}"


def drawings(records: Records) -> dict[str, Drawing]:
    """Return the pictures that there are figures for, by name."""
    found = {"residents": _residents, "replications": _replications, "profile": _profile}
    made = {name: make(records) for name, make in found.items() if name in records}
    return {name: drawing for name, drawing in made.items() if drawing.rows}


def _residents(records: Records) -> Drawing:
    rows: Rows = [
        {
            "residents": size, "seconds": one.median, "low": one.spread[0], "high": one.spread[1],
            "shape": _SHAPES[shape],
        }
        for shape in _SHAPES for size, one in curve(records, shape)
    ]  # fmt: skip
    ends = [[row for row in rows if row["shape"] == shape] for shape in _SHAPES.values()]
    said = [
        f"{one[0]['shape']} from {number(one[0]['seconds'])} s with {number(one[0]['residents'])} residents "
        f"to {number(one[-1]['seconds'])} s with {number(one[-1]['residents'])}"
        for one in ends
        if one
    ]
    alt = f"Processor seconds a month against residents, on logarithmic scales: {'; '.join(said)}."
    return Drawing("performance-residents.svg", alt, rows, _draw_residents)


def _replications(records: Records) -> Drawing:
    rows: Rows = [
        {
            "pairs": float(str(one.facts["replications"])), "seconds": one.median,
            "processes": "one process" if one.facts["processes"] == 1 else "two processes",
        }
        for one in records["replications"].samples if one.values
    ]  # fmt: skip
    most = max(row["pairs"] for row in rows)
    said = [f"{number(row['seconds'])} s on {row['processes']}" for row in rows if row["pairs"] == most]
    alt = f"Seconds against paired replications: {number(most)} pairs take {' and '.join(said)}."
    return Drawing("performance-replications.svg", alt, rows, _draw_replications)


def _profile(records: Records) -> Drawing:
    record = records["profile"]
    width = record.sample(BANDWIDTH)
    rows: Rows = []
    for one in record.samples:
        if not one.values or one.label == BANDWIDTH:
            continue
        moved = float(str(one.facts.get("bytes") or 0))
        name = one.label if one.label == OUTSIDE else one.label.replace("_", " ")
        rows.append(
            {"process": name, "ns": one.median, "bound": 1e9 * moved / width.median if width else 0.0}
        )
    slowest = max(rows, key=lambda row: float(row["ns"]))
    alt = (
        "Nanoseconds a resident-month by process, with what the memory's bandwidth would allow. The slowest "
        f"is {slowest['process']} with {number(slowest['ns'])}."
    )
    return Drawing("performance-profile.svg", alt, rows, _draw_profile)


def _draw_residents(rows: Rows, alt_text: str) -> str:
    import altair as alt
    import polars as pl

    from sim.report.charts import INK, LINE, POINT, TEXT, picture

    x = alt.X("residents:Q", title="residents", scale=alt.Scale(type="log"), axis=_tens(rows, "residents"))
    title = "processor seconds a month"
    y = alt.Y("seconds:Q", title=title, scale=alt.Scale(type="log"), axis=_tens(rows, "seconds"))
    scale = alt.Scale(domain=list(_SHAPES.values()), range=[LINE, INK])
    colour = alt.Color("shape:N", legend=None, scale=scale)
    base = alt.Chart(pl.DataFrame(rows))
    layers = [
        base.mark_line(strokeWidth=2).encode(x, y, colour),
        base.mark_rule().encode(x, alt.Y("low:Q", title=title), alt.Y2("high"), colour),
        base.mark_point(**{**POINT, "color": INK}).encode(x, y, colour),
    ]
    for shape, dx, dy in ((_SHAPES[REGIONS], 8, 16), (_SHAPES[TOWN], -8, -10)):
        own = [row for row in rows if row["shape"] == shape]
        if own:
            end = alt.Chart(pl.DataFrame([max(own, key=lambda row: float(row["residents"]))]))
            layers.append(
                end.mark_text(align="right", dx=dx, dy=dy, **TEXT).encode(x, y, alt.Text("shape:N"))
            )
    return picture(layers, alt_text, _WIDTH, 240).svg


def _draw_replications(rows: Rows, alt_text: str) -> str:
    import altair as alt
    import polars as pl

    from sim.report.charts import INK, LINE, POINT, TEXT, picture

    x = alt.X("pairs:Q", title="paired replications")
    y = alt.Y("seconds:Q", title="seconds, with the start of processes")
    colour = alt.Color(
        "processes:N",
        legend=None,
        scale=alt.Scale(domain=["one process", "two processes"], range=[INK, LINE]),
    )
    base = alt.Chart(pl.DataFrame(rows))
    most = max(row["pairs"] for row in rows)
    last = alt.Chart(pl.DataFrame([row for row in rows if row["pairs"] == most]))
    layers = [
        base.mark_line(strokeWidth=2).encode(x, y, colour),
        base.mark_point(**{**POINT, "color": INK}).encode(x, y, colour),
        last.mark_text(align="right", dx=-8, dy=-8, **TEXT).encode(x, y, alt.Text("processes:N")),
    ]
    return picture(layers, alt_text, _WIDTH, 200).svg


def _draw_profile(rows: Rows, alt_text: str) -> str:
    import altair as alt
    import polars as pl

    from sim.report.charts import INK, LIGHT, LINE, TEXT, picture

    named = [{**row, "text": number(row["ns"])} for row in rows]
    y = alt.Y("process:N", sort=[row["process"] for row in rows], title=None, axis=alt.Axis(grid=False))
    base = alt.Chart(pl.DataFrame(named))
    title = "nanoseconds a resident-month (dark: what the memory would allow)"
    layers = [
        base.mark_bar(color=LIGHT, size=13).encode(y, alt.X("ns:Q", title=title)),
        base.mark_bar(color=LINE, size=5).encode(y, alt.X("bound:Q", title=title)),
        base.mark_text(align="left", dx=3, **{**TEXT, "color": INK}).encode(
            y, alt.X("ns:Q"), alt.Text("text:N")
        ),
    ]
    return picture(layers, alt_text, _WIDTH - 120, 260).svg


def _tens(rows: Sequence[Mapping[str, Any]], name: str) -> Any:
    """Return an axis with a mark at each power of ten, written as the page writes numbers."""
    import math

    import altair as alt

    values = [float(row[name]) for row in rows]
    powers = range(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))) + 1)
    ticks = [10.0**power for power in powers]
    texts = " : ".join(f"abs(datum.value / {tick} - 1) < 1e-6 ? '{number(tick)}'" for tick in ticks)
    return alt.Axis(values=ticks, labelExpr=f"{texts} : ''", ticks=False)
