"""Share out the variance of an effect: by parameter, then by grade of evidence; shares sum to one.

    chance      mean over points run twice of (first - second)^2 / 2, over the variance
    emulator    its cross-validated R2
    rest        1 - chance - emulator: other parameters, and what the emulator misses

Both are estimates: where they come to more than one together, both are scaled down to it.

The emulator's part is divided by the middle of each parameter's first and total index, (S + T) / 2: its
Shapley share where no more than two interact.

Public names: `Division`, `divide`, `by_parameter` and `by_grade`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.calibrate.sensitivity.emulator import Emulator
from sim.calibrate.sensitivity.indices import Indices
from sim.calibrate.sensitivity.runs import Headline
from sim.calibrate.sensitivity.screening import Screening
from sim.calibrate.sensitivity.space import CASE_SETTINGS, SCENARIO, Dimension
from sim.experiment.uncertainty import REST

CHANCE = "chance"
EVIDENCE = ("A", "B", "C", CASE_SETTINGS, SCENARIO, CHANCE, REST)
_ROWS = {CHANCE: ("Slump", "Chance"), REST: ("Övriga parametrar", "Other parameters")}
_Z = 1.959963984540054


@dataclass(frozen=True)
class Division:
    """The variance of an effect in three parts that sum to one, and the half-width (95 %) of chance's."""

    chance: float
    chance_conf: float
    emulator: float
    rest: float


def divide(filling: NDArray[np.float64], again: NDArray[np.float64], r2: float) -> Division:
    """Return the three parts of the variance of an effect over the filling design.

    Args:
        filling: The effect at each point, on its first chance.
        again: The effect on the second chance, at the points that begin ``filling``.
        r2: Cross-validated R2 of the emulator.
    """
    squares = (filling[: len(again)] - again) ** 2 / 2
    squares = squares[np.isfinite(squares)]
    variance = float(np.nanvar(filling, ddof=1))
    chance, emulator = float(squares.mean()) / variance, max(0.0, r2)
    scale = max(1.0, chance + emulator)
    conf = _Z * float(squares.std(ddof=1)) / np.sqrt(len(squares)) / variance
    chance, emulator = chance / scale, emulator / scale
    return Division(chance, float(conf), emulator, max(0.0, 1 - chance - emulator))


def by_parameter(
    headline: Headline,
    dimensions: Sequence[Dimension],
    screening: Screening,
    emulator: Emulator,
    indices: Indices,
    division: Division,
) -> pl.DataFrame:
    """Return a row for each parameter, then chance and the rest, the largest share first.

    ``first``, ``total`` and their half-widths are shares of the whole variance of the effect; they and
    ``share`` are null for a parameter outside the emulator, whose part is in the rest.
    """
    middle = np.maximum(0.0, (indices.first + indices.total) / 2)
    shares = division.emulator * middle / (middle.sum() or 1.0)
    place = {column: index for index, column in enumerate(emulator.kept)}
    rows = []
    for column, one in enumerate(dimensions):
        index = place.get(column)
        scaled = [None] * 5 if index is None else [
            *(division.emulator * float(values[index]) for values in _columns(indices)),
            float(shares[index]),
        ]  # fmt: skip
        morris = [
            float(values[column]) for values in (screening.mu_star, screening.mu_star_conf, screening.sigma)
        ]
        above = bool(screening.above_noise[column])
        labels = (one.name, one.label_sv, one.label_en, one.evidence, one.part)
        rows.append((headline.indicator, headline.month, *labels, *morris, above, *scaled))
    for name, (label_sv, label_en) in _ROWS.items():
        share = division.chance if name == CHANCE else division.rest
        conf = division.chance_conf if name == CHANCE else None
        blank = (None,) * 4
        labels = (name, label_sv, label_en, name, name)
        rows.append((headline.indicator, headline.month, *labels, *blank, share, conf, share, conf, share))
    table = pl.DataFrame(rows, schema=_SCHEMA, orient="row")
    last = pl.col("parameter").is_in([CHANCE, REST])
    return table.sort(last, "share", "mu_star", descending=[False, True, True], nulls_last=True)


def by_grade(table: pl.DataFrame) -> pl.DataFrame:
    """Return indicator, month, grade and share, every grade of `EVIDENCE` in its order.

    Args:
        table: Rows of `by_parameter`, of any number of headlines.
    """
    sums = table.group_by("indicator", "month", "grade").agg(pl.col("share").sum())
    headlines = table.select("indicator", "month").unique(maintain_order=True)
    grades = pl.DataFrame({"grade": EVIDENCE})
    return (
        headlines.join(grades, how="cross")
        .join(sums, on=("indicator", "month", "grade"), how="left", maintain_order="left")
        .with_columns(pl.col("share").fill_null(0.0))
    )


def _columns(indices: Indices) -> tuple[NDArray[np.float64], ...]:
    return indices.first, indices.first_conf, indices.total, indices.total_conf


_NUMBERS = ("first", "first_conf", "total", "total_conf", "share")
_SCHEMA: dict[str, type[pl.DataType]] = {
    "indicator": pl.String,
    "month": pl.Int64,
    **dict.fromkeys(("parameter", "label_sv", "label_en", "grade", "part"), pl.String),
    **dict.fromkeys(("mu_star", "mu_star_conf", "sigma"), pl.Float64),
    "above_noise": pl.Boolean,
    **dict.fromkeys(_NUMBERS, pl.Float64),
}
