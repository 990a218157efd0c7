"""Dated rules: amounts, rates and delays with their periods, who pays, and how sure the figure is.

Every file ``params/institutions/*.yaml`` is a list of `Rule`; a rule has one value per period. Some rules are
read by the model (through `sim.policy.institutions`), others are facts that explain an assumption.

Public names: `Rule`, `DatedValue`, `load_rules`.
"""

from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.core.errors import input_error
from sim.core.months import month_number
from sim.core.paths import root
from sim.policy.documents import checked, is_month, read_document

Status = Literal["seen", "derived", "memory", "assumed", "not_found"]


class DatedValue(BaseModel):
    """What a rule said from one month to another (both included; no end means that none is known)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: str | None = Field(default=None, alias="from")
    last: str | None = Field(default=None, alias="to")
    period: str | None = None
    value: bool | float | tuple[float, ...] | str | None
    unit: str | None = None
    status: Status
    source: str | None = None
    note: str | None = None

    @field_validator("first", "last")
    @classmethod
    def _is_month(cls, text: str | None) -> str | None:
        if text is not None and not is_month(text):
            raise ValueError("a month written YYYY-MM, for instance 2023-09")
        return text

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.first and self.last and self.last < self.first:
            raise ValueError(f"from <= to, and {self.first} is after {self.last}")
        if self.value is None and self.status != "not_found":
            raise ValueError("a value, or status: not_found")
        return self


class Rule(BaseModel):
    """One amount, rate, delay or fact, with its value in each period."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str = Field(pattern=r"^[a-z_]+\.[a-z0-9_]+$")
    label_sv: str | None = None
    label_en: str | None = None
    unit: str
    payer: str | None = None
    values: tuple[DatedValue, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _periods_apart(self) -> Self:
        dated = [value for value in self.values if value.first]
        for earlier, later in pairwise(dated):
            if str(later.first) <= (earlier.last or str(earlier.first)):
                raise ValueError(f"periods in order, without overlap: {earlier.first} meets {later.first}")
        return self

    def at(self, month: int) -> tuple[DatedValue, bool]:
        """Return the value that holds in a month, and whether its period covers that month.

        Where no period covers it, the latest earlier value is carried on.

        Raises:
            SamspelError: Nothing is known so early.
        """
        known = [value for value in self.values if value.value is not None]
        started = [value for value in known if value.first is None or month_number(value.first) <= month]
        if not started:
            raise input_error("params/institutions", self.rule, month, f"a month from {known[0].first}")
        latest = started[-1]
        return latest, latest.last is None or month <= month_number(latest.last)


def load_rules(folder: Path | None = None) -> Mapping[str, Rule]:
    """Return all dated rules by name.

    Raises:
        SamspelError: A file breaks the format, or a rule is given in two places.
    """
    return _load(root() / "params" / "institutions" if folder is None else folder)


@cache
def _load(folder: Path) -> Mapping[str, Rule]:
    rules: dict[str, Rule] = {}
    for path in sorted(folder.glob("*.yaml")):
        entries = read_document(path)
        if not isinstance(entries, list):
            raise input_error(path, "file", type(entries).__name__, "a list of entries, each '- rule: ...'")
        for index, entry in enumerate(entries):
            name = entry.get("rule") if isinstance(entry, dict) else None
            rule = checked(Rule, entry, f"{path} ({name})" if name else path, f"[{index}].")
            if rule.rule in rules:
                raise input_error(path, "rule", rule.rule, "each rule once, in one file")
            rules[rule.rule] = rule
    return rules
