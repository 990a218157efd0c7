"""A number that may be known or a range: public notices rarely state a dose.

Public names: `Range`, `Quantity` (a number or a range) and `parse_quantity`; `at_end` and `drawn` turn
settings that hold ranges into settings that hold numbers.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.core.errors import input_error
from sim.policy.documents import checked

Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]


class Range(BaseModel):
    """A number known only to lie between two others, each value in between as likely as the next."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    low: Number
    high: Number

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low < high (low is {self.low:g}, high is {self.high:g})")
        return self


Quantity = Number | Range
Value = Quantity | bool | str | tuple[str, ...] | None
"""What a setting may hold in a case file."""


def parse_quantity(value: object, where: object, key: str) -> float | Range:
    """Return a number or a range from plain values.

    Raises:
        SamspelError: It is neither a number nor ``{low: a, high: b}`` with a < b.
    """
    if isinstance(value, Range):
        return value
    if isinstance(value, dict):
        return checked(Range, value, where, f"{key}.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise input_error(where, key, value, "a number, or a range {low: a, high: b}")
    return float(value)


def at_end(values: Mapping[str, Value], end: Literal["low", "high"]) -> dict[str, Any]:
    """Return the settings with each range replaced by one of its ends."""
    return {key: getattr(value, end) if isinstance(value, Range) else value for key, value in values.items()}


def drawn(values: Mapping[str, Value], prefix: str, draw: Mapping[str, float]) -> dict[str, Any]:
    """Return the settings with each range replaced by the draw named ``<prefix>.<setting>``."""
    return {
        key: draw[f"{prefix}.{key}"] if isinstance(value, Range) else value for key, value in values.items()
    }
