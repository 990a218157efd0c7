"""One use of a lever in a policy: its settings, where, when, for whom, who pays, and how much of it is real.

Public names: `Instance` and `parse_instance` (from the flat form of a case file).
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.core.errors import input_error
from sim.policy.channels import SEGMENT_BITS
from sim.policy.documents import checked, is_month
from sim.policy.levers.base import Lever
from sim.policy.levers.registry import lever_class
from sim.policy.quantity import Number, Quantity, Range, Value, at_end, drawn, parse_quantity

Payer = Literal["municipality", "region", "state", "funds", "joint", "employer", "person"]
Target = Literal["newcomer", "youth", "long_term", "weak_swedish", "newly_registered"]
_TOLERANCE = 1e-9
_USUAL_FIDELITY = Range(low=0.33, high=0.5)


class Instance(BaseModel):
    """A lever with its dates.

    strength(t) rises in equal steps over ``ramp_months`` from ``start`` (1/ramp in the first month), and is 0
    after ``end`` (a month in which it still acts). ``fidelity`` is the share of the full effect that is
    reached: a third to a half unless the case knows better. ``decided`` is for the record of what was known
    when, and must not come after ``start``. Without ``municipalities`` and ``target``: all of the case,
    everybody.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    lever: str
    settings: dict[str, Value] = {}
    municipalities: tuple[str, ...] = ()
    decided: str | None = None
    start: str
    ramp_months: Annotated[int, Field(ge=0, le=60, strict=True)] = 0
    end: str | None = None
    target: tuple[Target, ...] = ()
    funding: dict[Payer, Annotated[Number, Field(ge=0, le=1)]] = {"municipality": 1.0}
    fidelity: Quantity = _USUAL_FIDELITY

    @field_validator("target", mode="before")
    @classmethod
    def _all_is_everybody(cls, value: object) -> object:
        if value == "all":
            return ()
        if isinstance(value, str) or value == []:
            raise ValueError("all, or a list of " + ", ".join(SEGMENT_BITS))
        return value

    @field_validator("decided", "start", "end", mode="before")
    @classmethod
    def _month(cls, value: object) -> object:
        if value is not None and not is_month(value):
            raise ValueError("a month written YYYY-MM, for instance 2023-09")
        return value

    @field_validator("funding")
    @classmethod
    def _whole(cls, shares: dict[Payer, float]) -> dict[Payer, float]:
        if abs(sum(shares.values()) - 1.0) > _TOLERANCE:
            raise ValueError(f"shares by payer that sum to 1 (these sum to {sum(shares.values()):g})")
        return shares

    @field_validator("fidelity")
    @classmethod
    def _share(cls, fidelity: Quantity) -> Quantity:
        low, high = (fidelity.low, fidelity.high) if isinstance(fidelity, Range) else (fidelity, fidelity)
        if not 0 <= low <= high <= 1:
            raise ValueError("from 0 to 1")
        return fidelity

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.decided is not None and self.decided > self.start:
            raise ValueError(f"decided <= start (decided is {self.decided}, start is {self.start})")
        if self.end is not None and self.end < self.start:
            raise ValueError(f"start <= end (start is {self.start}, end is {self.end})")
        return self

    def at(self, draw: Mapping[str, float], prefix: str) -> tuple[Lever, float]:
        """Return the lever with its ranges drawn, and the drawn fidelity."""
        lever = lever_class(self.lever).model_validate(drawn(self.settings, prefix, draw))
        fidelity = draw[f"{prefix}.fidelity"] if isinstance(self.fidelity, Range) else self.fidelity
        return lever, fidelity

    def to_document(self) -> dict[str, Any]:
        """Return the flat form of a case file."""
        values = self.model_dump(exclude_defaults=True, mode="json")
        return {"lever": values.pop("lever"), **values.pop("settings", {}), **values}


def parse_instance(entry: object, where: object, key: str) -> Instance:
    """Return the instance that a case file states flat: ``{lever: co_location, staff_share: 1, start: ...}``.

    Args:
        entry: Plain values from YAML.
        where: The file or option, for messages.
        key: Its place in it, for messages (``policy[0]``).

    Raises:
        SamspelError: The lever or a key is unknown, or a value is not allowed.
    """
    if not isinstance(entry, Mapping):
        raise input_error(where, key, entry, "a lever with its settings: {lever: ..., start: ...}")
    lever = lever_class(entry.get("lever"), where, f"{key}.lever")
    known = [*lever.model_fields, *(name for name in Instance.model_fields if name != "settings")]
    settings: dict[str, Any] = {}
    shared: dict[str, object] = {"settings": settings}
    for name, value in entry.items():
        if name not in known:
            raise input_error(where, key, name, "one of " + ", ".join(known), known)
        if name in lever.model_fields:
            settings[name] = _setting(value, where, f"{key}.{name}")
        else:
            shared[name] = parse_quantity(value, where, f"{key}.{name}") if name == "fidelity" else value
    for values in _corners(settings):
        checked(lever, values, where, f"{key}.")
    return checked(Instance, shared, where, f"{key}.")


def _corners(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the settings with all ranges at one end, and with each at its high end beside the others' low.

    A rule that orders two settings then holds for every draw of them.
    """
    low = at_end(settings, "low")
    ranges = {key: value.high for key, value in settings.items() if isinstance(value, Range)}
    return [low, at_end(settings, "high"), *({**low, key: high} for key, high in ranges.items())]


def _setting(value: object, where: object, key: str) -> object:
    if isinstance(value, dict):
        return parse_quantity(value, where, key)
    if isinstance(value, list):
        return tuple(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
