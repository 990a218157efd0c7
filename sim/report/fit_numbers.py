"""One measure of a fit card in cells: the official figure, the model's own, and no count of few persons.

Public names: `official_cell`, `model_cell`, `both_cell`, `range_text`, `rounded_parts`, and whether a row is
`hidden` or its figure `in_interval`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sim.report.markup import Cell
from sim.report.numbers import SMALLEST_COUNT, Numbers, Rounding, digits_rounding, rounded
from sim.report.words import Words

_LIMITS = ("mean", "low", "high")


def in_interval(row: dict[str, Any]) -> bool:
    """Return whether the official figure, or range, meets the model's interval."""
    high = row["official"] if row["official_high"] is None else row["official_high"]
    return bool(row["low"] <= high and row["high"] >= row["official"])


def hidden(row: dict[str, Any]) -> bool:
    """Return whether the official figure is a count too small to be told."""
    return bool(row["persons"] and row["official"] < SMALLEST_COUNT)


def _official(say: Words, numbers: Numbers, row: dict[str, Any] | None) -> str:
    if row is None:
        return say("card.box.none")
    values = [row[name] for name in ("official", "official_high") if row[name] is not None]
    return say("interval.between").join(_number(say, numbers, row, value, True) for value in values)


def model_cell(say: Words, numbers: Numbers, row: dict[str, Any] | None) -> Cell:
    """Return the model's mean, with its interval after it."""
    if row is None:
        return Cell("")
    mean, low, high = (_number(say, numbers, row, row[name]) for name in _LIMITS)
    return Cell(mean, range_text(say, low, high), numbers=_model_numbers(say, row), unit="row")


def both_cell(say: Words, numbers: Numbers, row: dict[str, Any] | None) -> Cell:
    """Return the official figure, with the model's interval after it."""
    official, model = official_cell(say, numbers, row), model_cell(say, numbers, row)
    limits = {name: value for name, value in model.numbers.items() if name != "mean"}
    return replace(official, aside=model.aside, numbers={**limits, **official.numbers})


def official_cell(say: Words, numbers: Numbers, row: dict[str, Any] | None) -> Cell:
    """Return the official figure or range."""
    printed = _official(say, numbers, row)
    if row is None:
        return Cell(printed)
    ends = {"value": row["official"]}
    if row["official_high"] is not None:
        ends = {"low": row["official"], "high": row["official_high"]}
    rounding = digits_rounding(max(0, row["digits"]))
    return Cell(printed, numbers=_shown(say, row, ends, rounding), unit="row")


def _model_numbers(say: Words, row: dict[str, Any]) -> dict[str, float | str]:
    return _shown(say, row, {name: row[name] for name in _LIMITS}, digits_rounding(row["digits"]))


def _shown(
    say: Words, row: dict[str, Any], values: Mapping[str, float], rounding: Rounding
) -> dict[str, float | str]:
    """Return the numbers of a measure as they are printed: a count of fewer than five persons as words."""
    fewer = say("interval.fewer_than")
    return {
        name: fewer if row["persons"] and value < SMALLEST_COUNT else rounded(value, rounding)
        for name, value in values.items()
    }


def rounded_parts(values: Mapping[str, float], rounding: Rounding) -> dict[str, float | str]:
    """Return numbers of a cell, rounded as they are printed."""
    return {name: rounded(value, rounding) for name, value in values.items()}


def _number(
    say: Words, numbers: Numbers, row: dict[str, Any], value: float, is_official: bool = False
) -> str:
    """Return a figure as its measure is printed; a count of fewer than five persons is not told."""
    if row["persons"] and value < SMALLEST_COUNT:
        return say("interval.fewer_than")
    digits = max(0, row["digits"]) if is_official else row["digits"]
    return numbers.plain(value, digits_rounding(digits))


def range_text(say: Words, low: str, high: str) -> str:
    """Return ``(5 till 20)``."""
    return f"({say('interval.range', low=low, high=high)})"
