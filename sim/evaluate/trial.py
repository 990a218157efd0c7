"""A published evaluation as a trial: who, how they were drawn, what each arm got, and what was found.

The keys are printed, with what they mean, by ``samspel evidence --schema``.

Public names: `Trial` (checked, by `sim.evaluate.trials`), `TrialDocument` (its keys) and `Outcome`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.evaluate.indicators import indicator
from sim.evaluate.person_indicators import Indicator
from sim.evaluate.units import UNITS
from sim.evaluate.where import Where
from sim.policy.casefile import FIRST_START, LAST_START
from sim.policy.documents import is_month
from sim.policy.instance import Instance

LONGEST = 120
"""Months that a trial may be followed."""

UsedFor = Literal["calibration", "design_target", "validation"]
Measure = Literal[
    "difference", "ratio", "hazard_ratio", "median_ratio", "untreated_hazard_ratio", "displacement_share",
    "per_treated", "ordering", "level", "level_ratio",
]  # fmt: skip
Among = Literal["treated", "untreated", "all", "everybody"]
Axis = Literal["treated_share", "demand_multiplier"]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Demand = Annotated[float, Field(strict=True, gt=0, le=10)]
WITHOUT_ARMS = ("level", "level_ratio")


def _as_list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value if value is None else (value,)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Population(_Part):
    """Who is in the trial."""

    municipality: str = "0480"
    size: Annotated[int, Field(ge=1, strict=True)] | None = None
    where: dict[str, Any] | list[Any] = {}
    demand_multiplier: Annotated[tuple[Demand, ...], Field(min_length=1)] = (1.0,)
    start: str = "2017-01"

    _listed = field_validator("demand_multiplier", mode="before")(_as_list)

    @field_validator("start", mode="before")
    @classmethod
    def _known_month(cls, value: object) -> object:
        if not is_month(value) or not FIRST_START <= str(value) <= LAST_START:
            raise ValueError(f"a month written YYYY-MM from {FIRST_START} to {LAST_START}")
        return value


class Design(_Part):
    """How people were drawn, and when the arms began."""

    unit: Literal["person", "office", "municipality"] = "person"
    treated_share: Annotated[tuple[Share, ...], Field(min_length=1)] | None = None
    rollout_month: Annotated[int, Field(ge=0, le=60, strict=True)] = 0
    intake_months: Annotated[int, Field(ge=0, le=60, strict=True)] = 0

    _listed = field_validator("treated_share", mode="before")(_as_list)

    @property
    def shares(self) -> tuple[float, ...]:
        """Shares that are drawn to the treated arm: half of persons unless stated, else everybody."""
        usual = 0.5 if self.unit == "person" else 1.0
        return (usual,) if self.treated_share is None else self.treated_share


class Limits(_Part):
    """Where the simulated value must lie, both ends included."""

    low: Number | None = None
    high: Number | None = None

    @model_validator(mode="after")
    def _some_and_ordered(self) -> Self:
        if self.low is None and self.high is None:
            raise ValueError("low, high or both")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low <= high (low is {self.low:g}, high is {self.high:g})")
        return self


class At(_Part):
    """Which of several treated shares and demands an outcome is about."""

    treated_share: Share | None = None
    demand_multiplier: Demand | None = None


class Outcome(_Part):
    """One published finding and the limits within which the model counts as agreeing with it."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
    measure: Measure
    indicator: str = "employed"
    months: tuple[Annotated[int, Field(ge=0, le=LONGEST)], Annotated[int, Field(ge=0, le=LONGEST)]] = (0, 12)
    window: Literal["calendar", "per_spell"] = "calendar"
    limits: Limits = Field(alias="pass")
    unit: str | None = None
    estimate: Number | None = None
    se: Number | None = None
    used_for: UsedFor | None = None
    where: dict[str, Any] | list[Any] = {}
    against: dict[str, Any] | list[Any] | None = None
    arm: str | None = None
    among: Among | None = None
    per: str | None = None
    compare: Literal["scale_arms"] | None = None
    over: Axis | None = None
    at: At = At()
    pairs: tuple[tuple[str, int, str, int], ...] = ()
    source: str | None = None
    note: str = ""

    @field_validator("months", mode="before")
    @classmethod
    def _both_ends(cls, value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool):
            return (value, value)
        whole = isinstance(value, list | tuple) and all(type(month) is int for month in value)
        if not whole or len(value) != 2 or value[0] > value[1]:  # type: ignore[arg-type, index]
            raise ValueError(f"a month, or [first, last] with first <= last, from 0 to {LONGEST}")
        return tuple(value)  # type: ignore[arg-type]

    @field_validator("unit")
    @classmethod
    def _known_unit(cls, value: str | None) -> str | None:
        if value is not None and value.strip().lower() not in UNITS:
            raise ValueError("one of " + ", ".join(UNITS))
        return value

    @field_validator("pairs", mode="before")
    @classmethod
    def _as_pairs(cls, value: object) -> object:
        if not isinstance(value, list | tuple) or not all(
            isinstance(pair, list | tuple) and len(pair) == 4 for pair in value
        ):
            raise ValueError("a list of [arm, month, arm, month]: the first is expected to be larger")
        return tuple(tuple(pair) for pair in value)

    @property
    def against_name(self) -> str:
        """Return the name of the choice of persons that the outcome is held against."""
        return f"{self.name}/against"

    @property
    def compared_arm(self) -> str:
        """Return the arm that is held against control; for a level, the arm that it is the level of."""
        return self.arm or ("control" if self.measure in WITHOUT_ARMS else "treated")

    @property
    def last_month(self) -> int:
        """Months since the roll-out that must be followed."""
        return max([self.months[1], *(month for pair in self.pairs for month in (pair[1], pair[3]))])


class TrialDocument(_Part):
    """The keys of a trial's file; arms are parsed apart."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
    title: str = ""
    source: str = ""
    verification: str = ""
    used_for: UsedFor = "validation"
    population: Population = Population()
    design: Design = Design()
    arms: dict[str, list[Any]] = {}
    outcomes: Annotated[tuple[Outcome, ...], Field(min_length=1)]
    note: str = ""


@dataclass(frozen=True)
class Trial:
    """One trial, checked: every name in it is known."""

    id: str
    title: str
    source: str
    verification: str
    used_for: UsedFor
    population: Population
    design: Design
    where: Where
    arms: Mapping[str, tuple[Instance, ...]]
    outcomes: tuple[Outcome, ...]
    choices: Mapping[str, Where]
    """By outcome, those with a choice of their own."""
    origin: str
    """The file it came from, for messages."""
    note: str = ""

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """Return the indicators by the name in the file (not kept: a trial is sent between processes)."""
        named = [name for one in self.outcomes for name in (one.indicator, one.per) if name is not None]
        return {name: indicator(name.removeprefix("-"), self.origin, "indicator") for name in named}

    @property
    def horizon(self) -> int:
        """Months from the start that must be run."""
        spell = max(outcome.last_month for outcome in self.outcomes) + 1
        return self.design.rollout_month + self.design.intake_months + spell

    def used(self, outcome: Outcome) -> UsedFor:
        """Return what an outcome is used for."""
        return outcome.used_for or self.used_for
