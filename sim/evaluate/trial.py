"""A published evaluation as a trial: who, how they were drawn, what each arm got, and what was found.

The keys are printed, with what they mean, by ``samspel evidence --schema``.

Public names: `Trial`, `Outcome`, `load_trials` and `parse_trial`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from sim.core.errors import SamspelError, input_error
from sim.core.months import month_number, month_text
from sim.core.paths import root
from sim.evaluate.indicators import Indicator, indicator
from sim.evaluate.units import UNITS
from sim.evaluate.where import Where, parse_where
from sim.policy.casefile import FIRST_START, LAST_START
from sim.policy.documents import checked, is_month, read_document
from sim.policy.instance import Instance, parse_instance

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


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Population(_Part):
    """Who is in the trial."""

    municipality: str = "0480"
    size: Annotated[int, Field(ge=1, strict=True)] | None = None
    where: dict[str, Any] = {}
    demand_multiplier: Annotated[tuple[Demand, ...], Field(min_length=1)] = (1.0,)
    start: str = "2017-01"

    _listed = field_validator("demand_multiplier", mode="before")(lambda value: _as_list(value))

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

    _listed = field_validator("treated_share", mode="before")(lambda value: _as_list(value))

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
    where: dict[str, Any] = {}
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
    def compared_arm(self) -> str:
        """Return the arm that is held against control; for a level, the arm that it is the level of."""
        return self.arm or ("control" if self.measure in WITHOUT_ARMS else "treated")

    @property
    def last_month(self) -> int:
        """Months since the roll-out that must be followed."""
        return max([self.months[1], *(month for pair in self.pairs for month in (pair[1], pair[3]))])


class _Document(_Part):
    """The keys of a trial's file; arms are parsed apart."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
    title: Annotated[str, Field(min_length=3)]
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
    indicators: Mapping[str, Indicator]
    """By the name in the file."""
    choices: Mapping[str, Where]
    """By outcome, those with a choice of their own."""
    origin: str
    """The file it came from, for messages."""
    note: str = field(default="")

    @property
    def horizon(self) -> int:
        """Months from the start that must be run."""
        spell = max(outcome.last_month for outcome in self.outcomes) + 1
        return self.design.rollout_month + self.design.intake_months + spell

    def used(self, outcome: Outcome) -> UsedFor:
        """Return what an outcome is used for."""
        return outcome.used_for or self.used_for


def load_trials(files: Sequence[str | Path] = (), only: Sequence[str] = ()) -> tuple[Trial, ...]:
    """Return trials from files, or those of ``params/evidence``, in order of file name.

    A file holds one trial, or a list of them.

    Args:
        files: YAML files; none means the project's own.
        only: Ids to keep; none means all.

    Raises:
        SamspelError: A file breaks the schema, an id is given twice, or one of ``only`` is not there.
    """
    paths = [Path(file) for file in files] or sorted((root() / "params" / "evidence").glob("*.yaml"))
    trials: dict[str, Trial] = {}
    for path in paths:
        content = read_document(path)
        for number, document in enumerate(content if isinstance(content, list) else [content]):
            place = f"{path} [{number}]" if isinstance(content, list) else str(path)
            trial = parse_trial(document, place)
            if trial.id in trials:
                raise input_error(place, "id", trial.id, f"an id not in {trials[trial.id].origin}")
            trials[trial.id] = trial
    for name in only:
        if name not in trials:
            raise input_error("evidence", "--only", name, "one of " + ", ".join(trials), trials)
    return tuple(trial for trial in trials.values() if not only or trial.id in only)


def parse_trial(document: object, where: object) -> Trial:
    """Return the trial that plain values state.

    Raises:
        SamspelError: A key or name is unknown, a value is not allowed, or there is nothing to compare.
    """
    if not isinstance(document, Mapping):
        raise input_error(where, "file", type(document).__name__, "the keys of a trial: id, title, ...")
    read = checked(_Document, dict(document), where)
    population = read.population.model_copy(
        update={"municipality": _code(document.get("population"), read.population.municipality, where)}
    )
    arms = {name: _arm(name, entries, read, where) for name, entries in read.arms.items()}
    if arms:
        arms = {"control": (), **arms}
    indicators: dict[str, Indicator] = {}
    choices: dict[str, Where] = {}
    for number, outcome in enumerate(read.outcomes):
        key = f"outcomes[{number}]"
        _check_outcome(outcome, read, arms, where, key)
        for name, label in ((outcome.indicator, "indicator"), (outcome.per, "per")):
            if name is not None:
                indicators[name] = indicator(name.removeprefix("-"), where, f"{key}.{label}")
        _check_kind(outcome, indicators, where, key)
        if outcome.where:
            choices[outcome.name] = parse_where(outcome.where, where, f"{key}.where")
    twice = [one.name for n, one in enumerate(read.outcomes) if one.name in {o.name for o in read.outcomes[:n]}]
    if twice:
        raise input_error(where, "outcomes", twice[0], "each name once")
    chosen = parse_where(read.population.where, where, "population.where")
    return Trial(
        read.id, read.title, read.source, read.verification, read.used_for, population, read.design, chosen,
        arms, read.outcomes, indicators, choices, str(where), read.note,
    )  # fmt: skip


def _as_list(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value if value is None else (value,)


def _code(given: object, entry: str, where: object) -> str:
    from sim.data.municipalities import municipality

    return municipality(entry, f"{where}: population").code


def _arm(name: str, entries: list[Any], read: _Document, where: object) -> tuple[Instance, ...]:
    """Return an arm's levers: from the roll-out, in full, unless the file says otherwise."""
    rollout = month_text(month_number(read.population.start) + read.design.rollout_month)
    usual = {"start": rollout, "fidelity": 1.0}
    return tuple(
        parse_instance(usual | entry if isinstance(entry, dict) else entry, where, f"arms.{name}[{number}]")
        for number, entry in enumerate(entries)
    )


def _check_outcome(
    outcome: Outcome, read: _Document, arms: Mapping[str, object], where: object, key: str
) -> None:
    if not arms and outcome.measure not in WITHOUT_ARMS:
        raise SamspelError(
            f"{where}: {key} ({outcome.name}) compares arms, and the trial has neither arms nor level outcomes "
            f"alone. Allowed: arms: {{control: [], treated: [...]}}, or measure: level or level_ratio."
        )
    named = [outcome.compared_arm] if outcome.measure != "ordering" else []
    if not arms and outcome.arm is None:
        named = []
    if outcome.measure == "ordering" and not outcome.pairs:
        raise input_error(where, f"{key}.pairs", [], "a list of [arm, month, arm, month]")
    for arm in [*named, *(pair[index] for pair in outcome.pairs for index in (0, 2))]:
        if arm not in arms:
            raise input_error(where, f"{key}.arm", arm, "one of " + ", ".join(arms), arms)
    if outcome.measure == "level_ratio" and outcome.per is None:
        raise input_error(where, f"{key}.per", None, "the indicator that the level is held against")
    axes: dict[Axis, tuple[float, ...]] = {
        "treated_share": read.design.shares,
        "demand_multiplier": read.population.demand_multiplier,
    }
    for axis, values in axes.items():
        chosen = getattr(outcome.at, axis)
        if chosen is not None and chosen not in values:
            raise input_error(where, f"{key}.at.{axis}", chosen, "one of " + ", ".join(map(str, values)))
    if outcome.compare and not any(len(axes[axis]) > 1 for axis in ([outcome.over] if outcome.over else axes)):
        allowed = "a list of treated shares or demand multipliers to compare"
        raise input_error(where, f"{key}.compare", outcome.compare, allowed)


def _check_kind(outcome: Outcome, indicators: Mapping[str, Indicator], where: object, key: str) -> None:
    """Refuse a measure that an indicator cannot be put through."""
    kind = indicators[outcome.indicator].kind
    hazard = outcome.measure in ("hazard_ratio", "untreated_hazard_ratio", "median_ratio")
    if hazard and kind not in ("event", "state"):
        raise input_error(where, f"{key}.indicator", outcome.indicator, "an event or a state of persons")
    if kind == "payback" and outcome.measure not in ("difference", "level"):
        raise input_error(where, f"{key}.measure", outcome.measure, "difference, for a break-even month")
    if outcome.window == "per_spell" and not indicators[outcome.indicator].of_persons:
        raise input_error(where, f"{key}.window", "per_spell", "calendar, for an indicator of the municipality")
    if outcome.where and not indicators[outcome.indicator].of_persons:
        raise input_error(where, f"{key}.where", outcome.where, "no choice of persons, for such an indicator")
