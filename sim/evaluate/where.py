"""Choose people by their attributes: ``where: {origin: newcomer, education: low, age: [18, 64]}``.

All the attributes named must fit; of a list of such choices, any. A value is a name, yes or no, a number, a
list of names or numbers of which any will do, or for numbers a range: ``[low, high]``, both included, or
``{low: 3}`` open upwards.

Public names: `Where` and `parse_where`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import input_error
from sim.evaluate.attributes import ATTRIBUTES, RAW, Attribute
from sim.model.columns import HouseholdColumns, Presence, ResidentColumns

_INFINITY = float("inf")


@dataclass(frozen=True)
class Condition:
    """One attribute within limits, or among codes."""

    attribute: str
    low: float = -_INFINITY
    high: float = _INFINITY
    codes: tuple[float, ...] | None = None

    def fits(self, values: NDArray[Any]) -> NDArray[np.bool_]:
        """Return which values fit."""
        if self.codes is not None:
            return np.isin(values, self.codes)
        fits: NDArray[np.bool_] = (values >= self.low) & (values <= self.high)
        return fits


@dataclass(frozen=True)
class Where:
    """Conditions of which all must hold in one of the alternatives; none means everybody."""

    alternatives: tuple[tuple[Condition, ...], ...] = ((),)

    @property
    def everybody(self) -> bool:
        """Whether nobody is left out."""
        return () in self.alternatives

    @property
    def by_register(self) -> bool:
        """Whether people are chosen by their registration, so that spells under way are meant."""
        return any(ATTRIBUTES[one.attribute].register for all_of in self.alternatives for one in all_of)

    def mask(self, r: ResidentColumns, h: HouseholdColumns, month: int) -> NDArray[np.bool_]:
        """Return which residents live here and fit, at the end of month number ``month``."""
        chosen = np.zeros(r.id.size, dtype=np.bool_)
        for all_of in self.alternatives:
            fits = np.asarray(r.presence == Presence.HERE)
            for condition in all_of:
                fits = fits & condition.fits(ATTRIBUTES[condition.attribute].read(r, h, month))
            chosen |= fits
        return chosen


def parse_where(values: object, where: object, key: str = "where") -> Where:
    """Return the choice that plain values state.

    Raises:
        SamspelError: An attribute or one of its names is unknown, or a range is the wrong way round.
    """
    if isinstance(values, list) and values:
        parts = [parse_where(part, where, f"{key}[{number}]") for number, part in enumerate(values)]
        return Where(tuple(all_of for part in parts for all_of in part.alternatives))
    if not isinstance(values, Mapping):
        raise input_error(where, key, values, "attributes with their values: {origin: newcomer}")
    conditions = []
    for name, value in values.items():
        if name not in ATTRIBUTES:
            raise input_error(where, key, name, "one of " + ", ".join(ATTRIBUTES), ATTRIBUTES)
        conditions.append(_condition(ATTRIBUTES[name], value, where, f"{key}.{name}"))
    return Where((tuple(conditions),))


def _condition(attribute: Attribute, value: object, where: object, key: str) -> Condition:
    if isinstance(value, Mapping):
        return _open_range(attribute, value, where, key)
    entries: list[Any] = list(value) if isinstance(value, list | tuple) else [value]
    if not entries:
        raise input_error(where, key, value, "a value, or a list of at least one")
    plain = all(isinstance(entry, int | float) and not isinstance(entry, bool) for entry in entries)
    if plain and len(entries) == 2:
        low, high = (float(entry) for entry in entries)
        return _range(attribute, low, high, where, key)
    codes = [code for entry in entries for code in _code(attribute, entry, where, key)]
    return Condition(attribute.name, codes=tuple(codes))


def _open_range(attribute: Attribute, value: Mapping[object, object], where: object, key: str) -> Condition:
    ends = {"low": -_INFINITY, "high": _INFINITY}
    for end, number in value.items():
        if end not in ends:
            raise input_error(where, key, end, "low and high", ends)
        if isinstance(number, bool) or not isinstance(number, int | float):
            raise input_error(where, f"{key}.{end}", number, "a number")
        ends[str(end)] = float(number)
    return _range(attribute, ends["low"], ends["high"], where, key)


def _range(attribute: Attribute, low: float, high: float, where: object, key: str) -> Condition:
    if not low <= high:
        raise input_error(where, key, [low, high], "a range [low, high] with low <= high")
    return Condition(attribute.name, low, high)


def _code(attribute: Attribute, entry: object, where: object, key: str) -> tuple[float, ...]:
    flag = "yes" in attribute.names or attribute.unit == RAW
    if isinstance(entry, int | float) and (flag or not isinstance(entry, bool)):
        return (float(entry),)
    if isinstance(entry, str) and entry in attribute.names:
        return attribute.names[entry]
    named = ", ".join(attribute.names)
    allowed = f"any of {named}, or a number" if named else f"a number ({attribute.unit}), or [low, high]"
    raise input_error(where, key, entry, allowed, attribute.names)
