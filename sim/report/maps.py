"""Maps of municipalities in the reports' theme: the country in classes that keep their order in grey, or a
few municipalities with what is said of each written on it.

Public names: `map_chart`, its `class_limits`, `area_map`, and `claim_map` with its `MOST_ON_A_MAP`.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, Literal

import altair as alt
import numpy as np

from sim.data.municipalities import municipality
from sim.report.charts import INK, Labeller, Picture, haloed, picture
from sim.report.estimate import Estimate, claim
from sim.report.grammar import Grammar
from sim.report.numbers import PERSONS
from sim.report.shapes import Ring, municipality_shapes

_SHADES = ("#edf3f7", "#c8dbe5", "#8fb4c7", "#4f86a3", "#123f56")
_TWO_WAYS = ("#7a3b06", "#d9a566", "#f2f0ec", "#8fb4c7", "#1f5673")
_CLAIM_SHADES: Final = {1: "#b9d3e0", 0: "#f4f2ee", -1: "#efcf9f"}  # more, cannot be said, fewer
MOST_ON_A_MAP: Final = 12
"""More municipalities have no room for their texts."""
_MISSING = "#ffffff"
_WIDTH, _HEIGHT = 190, 440
_AREA = 340  # the longer side of a map of a few


def class_limits(values: Iterable[float], classes: int = len(_SHADES)) -> list[float]:
    """Return the limits of classes of about as many values each, rounded to two digits where they differ."""
    found = np.quantile(np.fromiter(values, float), np.arange(1, classes) / classes)
    for digits in range(2, 17):
        limits = [float(f"{limit:.{digits}g}") for limit in found]
        if limits == sorted(set(limits)):
            return limits
    raise ValueError("fewer different values than classes")


def map_chart(
    values: Mapping[str, float],
    limits: Sequence[float],
    label: Labeller,
    words: tuple[str, str, str, str],
    alt_text: str,
    two_ways: bool = False,
) -> Picture:
    """Draw the municipalities shaded by class.

    Args:
        values: Value by municipality code; a municipality that is left out has none.
        limits: The four limits between the five classes, rising; a value at a limit belongs above it.
        label: Writes a number as the language does.
        words: Of the lowest class ``under {high}``, of those between ``{low} to {high}``, of the highest
            ``{low} and over``, and of a missing value.
        alt_text: What the map shows, in words.
        two_ways: Shade the middle class lightest, for differences.
    """
    if len(limits) != len(_SHADES) - 1 or list(limits) != sorted(set(limits)):
        raise ValueError(f"{len(_SHADES) - 1} rising limits are needed, not {list(limits)}")
    names = _class_names([label(limit) for limit in limits], words)
    colours = list(_TWO_WAYS if two_ways else _SHADES)
    shapes = [
        _feature(polygons, names[_class_of(values.get(code), limits)])
        for code, polygons in municipality_shapes().items()
    ]
    shown = names if any(one["properties"]["class"] == names[-1] for one in shapes) else names[:-1]
    scale = alt.Scale(domain=shown, range=[*colours, _MISSING][: len(shown)])
    legend = alt.Legend(title=None, orient="top-left", offset=0)
    data = alt.Data(values=shapes)  # type: ignore[no-untyped-call]
    layer = (
        alt.Chart(data)
        .mark_geoshape(stroke=INK, strokeWidth=0.25)
        .encode(alt.Color("properties.class:N", scale=scale, legend=legend))
        .project(type="identity", reflectY=True)
    )
    return picture([layer], alt_text, _WIDTH, _HEIGHT)


def claim_map(effects: Mapping[str, Estimate], grammar: Grammar, alt_text: str) -> Picture:
    """Draw a few municipalities, shaded by what can be said of a number of persons, with the intervals.

    Args:
        effects: Difference by municipality code, persons.
        grammar: Puts it into words.
        alt_text: What the map shows, in words.
    """
    shades = {code: _CLAIM_SHADES[claim(one, PERSONS).direction] for code, one in effects.items()}
    labels = {
        code: (
            municipality(code).name,
            grammar.signed(one, PERSONS),
            grammar.verdict("count", one, PERSONS),
        )
        for code, one in effects.items()
    }
    return area_map(shades, labels, alt_text)


def area_map(shades: Mapping[str, str], labels: Mapping[str, Sequence[str]], alt_text: str) -> Picture:
    """Draw a few municipalities, each with its own lines of text on it, the first of them bold.

    Args:
        shades: Colour by municipality code; light enough for dark text.
        labels: Lines of text by municipality code.
        alt_text: What the map shows, in words.
    """
    shapes = {code: municipality_shapes()[code] for code in shades}
    points = np.concatenate(
        [ring for polygons in shapes.values() for polygon in polygons for ring in polygon]
    )
    left, top = points[:, 0].min(), points[:, 1].max()
    scale = _AREA / max(np.ptp(points[:, 0]), np.ptp(points[:, 1]))
    pixels = {
        code: [[(ring - (left, top)) * (scale, -scale) for ring in polygon] for polygon in polygons]
        for code, polygons in shapes.items()
    }
    features = [_feature(polygons, shades[code]) for code, polygons in pixels.items()]
    land = (
        alt.Chart(alt.Data(values=features))  # type: ignore[no-untyped-call]
        .mark_geoshape(stroke=INK, strokeWidth=0.8)
        .encode(alt.Color("properties.class:N", scale=None))
        .project(type="identity", scale=1, translate=[0, 0])
    )
    layers: list[alt.Chart | alt.LayerChart] = [land]
    for code, polygons in pixels.items():
        x, y = _middle(max((polygon[0] for polygon in polygons), key=len))
        for number, line in enumerate(labels[code]):
            place = {"x": alt.value(x), "y": alt.value(y + 12 * (number - (len(labels[code]) - 1) / 2))}
            weight: Literal["bold", "normal"] = "bold" if number == 0 else "normal"
            base = alt.Chart(alt.Data(values=[{"line": line}]))  # type: ignore[no-untyped-call]
            text = base.mark_text(fontSize=10, fontWeight=weight, color=INK)
            layers.append(haloed(text.encode(alt.Text("line:N"), **place)))
    width, height = (round(float(scale * np.ptp(points[:, axis]))) for axis in (0, 1))
    return picture(layers, alt_text, width, height)


def _middle(ring: Ring) -> tuple[float, float]:
    """Return the centre of gravity of the area inside a ring."""
    x, y = ring.T
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    area = cross.sum() * 3
    return float(((x[:-1] + x[1:]) * cross).sum() / area), float(((y[:-1] + y[1:]) * cross).sum() / area)


def _class_names(limits: Sequence[str], words: tuple[str, str, str, str]) -> list[str]:
    lowest, between, highest, missing = words
    inner = [between.format(low=low, high=high) for low, high in pairwise(limits)]
    return [lowest.format(high=limits[0]), *inner, highest.format(low=limits[-1]), missing]


def _class_of(value: float | None, limits: Sequence[float]) -> int:
    """Return the number of a value's class, from 0; the last is that of no value."""
    return len(limits) + 1 if value is None else sum(value >= limit for limit in limits)


def _feature(polygons: Sequence[Sequence[Any]], name: str) -> dict[str, Any]:
    rings = [[ring.round(1).tolist() for ring in polygon] for polygon in polygons]
    return {
        "type": "Feature",
        "properties": {"class": name},
        "geometry": {"type": "MultiPolygon", "coordinates": rings},
    }
