"""Bands over time, drawn as SVG in a millisecond: Vega takes a fifth of a second for each picture.

The look is that of `sim.report.charts`; a picture holds no script and no link.

Public names: `band_picture` (a difference) and `levels_picture` (with and without).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.experiment.explore.answer import Band
from sim.report.charts import DARK, FONT, GRID, INK, LIGHT, LINE, Labeller, Picture

_WIDTH, _HEIGHT = 244, 142
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 14, 12, 20
_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST_TICKS: Final = 4

Values = NDArray[np.float64]


@dataclass(frozen=True)
class _Frame:
    """Where a month and a value are drawn."""

    months: int
    ticks: list[float]

    def x(self, month: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * month / self.months

    def y(self, value: float) -> float:
        low, high = self.ticks[0], self.ticks[-1]
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (high - value) / (high - low)

    def line(self, values: Values) -> str:
        """Return the points of a line through months 0, 1, ..."""
        return " ".join(f"{self.x(month):.1f},{self.y(value):.1f}" for month, value in enumerate(values))

    def area(self, low: Values, high: Values) -> str:
        """Return the points around a band."""
        back = [f"{self.x(m):.1f},{self.y(low[m]):.1f}" for m in range(len(low) - 1, -1, -1)]
        return f"{self.line(high)} {' '.join(back)}"


def band_picture(
    band: Band,
    scale: float,
    marks: Sequence[int],
    labels: tuple[Labeller, Labeller],
    years: Mapping[int, str],
    alt_text: str,
) -> Picture:
    """Draw a difference from zero at the start, with its 90 % band and the limits at marked months.

    Args:
        band: Monthly values from month 1.
        scale: What a printed unit is of them.
        marks: Months whose limits are written out.
        labels: Write a printed value: on the axis, and a limit.
        years: Axis labels by month.
        alt_text: What the picture shows, in words.
    """
    mean, low, high = (np.append(0.0, values) / scale for values in (band.mean, band.low, band.high))
    frame = _Frame(len(mean) - 1, _ticks(float(low.min()), float(high.max())))
    parts = [
        f'<polygon points="{frame.area(low, high)}" fill="{LIGHT}"/>',
        _axes(frame, labels[0], years),
        f'<polyline points="{frame.line(mean)}" fill="none" stroke="{LINE}" stroke-width="2"/>',
    ]
    for mark in marks:
        x, top, bottom = frame.x(mark), frame.y(high[mark]), frame.y(low[mark])
        parts.append(f'<path d="M{x:.1f} {top:.1f}V{bottom:.1f}" stroke="{INK}" stroke-width="1.2"/>')
        parts.append(
            f'<circle cx="{x:.1f}" cy="{frame.y(mean[mark]):.1f}" r="3" fill="{LINE}" stroke="#fff"/>'
        )
        if top < bottom:
            parts.append(_text(x, top - 3, labels[1](float(high[mark])), mark == marks[-1]))
            parts.append(_text(x, bottom + 10, labels[1](float(low[mark])), mark == marks[-1]))
    return _picture(parts, alt_text)


def levels_picture(
    before: Band,
    after: Band,
    names: tuple[str, str],
    label: Labeller,
    years: Mapping[int, str],
    alt_text: str,
) -> Picture:
    """Draw a level without the policy (dashed) and with it (its band), each with its name at its end.

    Args:
        before: Monthly values without, from month 1.
        after: Monthly values with it.
        names: What to write beside the lines: without, with.
        label: Writes a value.
        years: Axis labels by month.
        alt_text: What the picture shows, in words.
    """
    frame = _Frame(len(after.mean), _ticks(0.0, float(max(after.high.max(), before.high.max()))))
    zero, one = _level(before), _level(after)
    last, height = frame.x(frame.months), (frame.y(float(zero.mean[-1])), frame.y(float(one.mean[-1])))
    above = height[0] < height[1]
    parts = [
        f'<polygon points="{frame.area(zero.low, zero.high)}" fill="{GRID}"/>',
        f'<polygon points="{frame.area(one.low, one.high)}" fill="{DARK}" opacity=".55"/>',
        _axes(frame, label, years),
        f'<polyline points="{frame.line(zero.mean)}" fill="none" stroke="{INK}" stroke-width="1.6" '
        'stroke-dasharray="5 3"/>',
        f'<polyline points="{frame.line(one.mean)}" fill="none" stroke="{LINE}" stroke-width="2.2"/>',
        _text(last, height[0] + (-6 if above else 13), names[0], True),
        _text(last, height[1] + (13 if above else -6), names[1], True),
    ]
    return _picture(parts, alt_text)


def _level(band: Band) -> Band:
    """Return a level from month 0 on, which is never below nothing."""
    return Band(*(np.maximum(0.0, np.append(one[:1], one)) for one in (band.mean, band.low, band.high)))


def _axes(frame: _Frame, label: Labeller, years: Mapping[int, str]) -> str:
    parts = []
    for tick in frame.ticks:
        y = frame.y(tick)
        zero = abs(tick) < 1e-9
        width, colour = (1.2, INK) if zero else (0.8, GRID)
        parts.append(
            f'<path d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}" stroke="{colour}" stroke-width="{width}"/>'
        )
        parts.append(
            f'<text x="{_LEFT - 5}" y="{y + 3.5:.1f}" text-anchor="end">{escape(label(tick))}</text>'
        )
    for month, text in years.items():
        place = "start" if month == 0 else "end" if month == frame.months else "middle"
        x = frame.x(month)
        parts.append(f'<path d="M{x:.1f} {_HEIGHT - _BOTTOM}v4" stroke="{INK}"/>')
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 6}" text-anchor="{place}">{escape(text)}</text>')
    return "".join(parts)


def _text(x: float, y: float, text: str, last: bool) -> str:
    """Return a bold text with a halo, left of the picture's right edge."""
    place, shift = ("end", 6) if last else ("middle", 0)
    inside = min(max(y, 9.0), _HEIGHT - _BOTTOM - 2.0)
    return (
        f'<text x="{x + shift:.1f}" y="{inside:.1f}" text-anchor="{place}" font-weight="bold" stroke="#fff" '
        f'stroke-width="2.5" paint-order="stroke">{escape(text)}</text>'
    )


def _picture(parts: Sequence[str], alt_text: str) -> Picture:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}"><rect width="100%" height="100%" fill="#fff"/>'
        f'<g font-family="{FONT}" font-size="10.5" fill="{INK}">{"".join(parts)}</g></svg>'
    )
    return Picture(svg, alt_text, _WIDTH, _HEIGHT)


def _ticks(low: float, high: float) -> list[float]:
    """Return round numbers that cover both values and zero."""
    low, high = min(0.0, low), max(0.0, high)
    if high - low < 1e-9:
        return [-1.0, 0.0, 1.0]
    rough = (high - low) / _MOST_TICKS
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in _STEPS if factor * power >= rough * 0.999)
    return [step * place for place in range(floor(low / step + 1e-9), ceil(high / step - 1e-9) + 1)]
