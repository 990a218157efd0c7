"""Read what a sweep is to vary, and refuse what cannot be run before anything is.

Public names: `SweepFile`, `Span`, `load_sweep` and `Point`, `sweep_points`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.core.errors import SamspelError, input_error
from sim.experiment.indicators import effect_indicators
from sim.experiment.sweeps.design import grid, latin_hypercube
from sim.experiment.tables import GROUPS
from sim.policy.case import Case, load_case
from sim.policy.documents import checked, read_document
from sim.policy.overrides import apply_settings, setting_names
from sim.policy.priors import load_priors
from sim.policy.quantity import Number
from sim.policy.scenario import WORLD

_MOST_POINTS = 10_000
Count = Annotated[int, Field(strict=True, ge=1)]


class Span(BaseModel):
    """Numbers from ``low`` to ``high``: ``steps`` of them in a grid, any of them in a Latin hypercube."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    low: Number
    high: Number
    steps: Annotated[int, Field(strict=True, ge=2)] | None = None
    whole: bool = False
    """Only whole numbers."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low >= self.high:
            raise ValueError(f"low < high (low is {self.low:g}, high is {self.high:g})")
        return self


class Asked(BaseModel):
    """One effect that the table of points shows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    indicator: str
    month: Count
    group: str = "all"


class AskedPrecision(Asked):
    """How precise the mean effect of every point must be before its draws stop."""

    half_width: Annotated[Number, Field(gt=0)]
    minimum: Annotated[int, Field(strict=True, ge=2)] = 50
    maximum: Count | None = None
    """Draws at most; ``draws`` unless given."""


class SweepFile(BaseModel):
    """A sweep as its file states it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    case: str
    settings: tuple[str, ...] = ()
    """Changes of the case that hold at every point, as ``--set`` of a report takes them."""
    design: Literal["grid", "latin_hypercube", "list"]
    dimensions: dict[str, tuple[Any, ...] | Span] = {}
    samples: Count | None = None
    points: tuple[dict[str, Any], ...] = ()
    draws: Count = 50
    replications: Count = 1
    seed: Annotated[int, Field(strict=True, ge=0)] = 1
    burn_in: Annotated[int, Field(strict=True, ge=12)] = 60
    size: Annotated[int, Field(strict=True, ge=100)] | None = None
    effects: Annotated[tuple[Asked, ...], Field(min_length=1)]
    precision: AskedPrecision | None = None

    @model_validator(mode="after")
    def _of_its_design(self) -> Self:
        if self.design == "list" and (not self.points or self.dimensions):
            raise ValueError("design: list with points, at least one, and no dimensions")
        if self.design != "list" and (not self.dimensions or self.points):
            raise ValueError(f"design: {self.design} with dimensions, at least one, and no points")
        if (self.samples is not None) != (self.design == "latin_hypercube"):
            raise ValueError("samples for design: latin_hypercube, and for no other")
        for name, values in self.dimensions.items():
            if isinstance(values, Span) and self.design == "grid" and values.steps is None:
                raise ValueError(f"steps beside low and high in a grid (missing for {name})")
        return self

    @property
    def most_draws(self) -> int:
        """Return the number of draws of each point, the largest where precision may stop them earlier."""
        return (self.precision and self.precision.maximum) or self.draws


@dataclass(frozen=True)
class Point:
    """One point of a sweep: its short name, what is set there, and the case with that applied."""

    name: str
    settings: Mapping[str, Any]
    case: Case


def load_sweep(path: Path) -> SweepFile:
    """Return a sweep from its YAML file.

    Raises:
        SamspelError: The file breaks the format, or asks for an effect or a group that does not exist.
    """
    document = read_document(path)
    if not isinstance(document, dict):
        raise input_error(path, "file", type(document).__name__, "the keys of a sweep: case, design, ...")
    sweep = checked(SweepFile, _with_spans(document, path), path)
    asked = [(f"effects[{index}]", one) for index, one in enumerate(sweep.effects)]
    known = effect_indicators()
    for key, one in [*asked, *([("precision", sweep.precision)] if sweep.precision else [])]:
        if one.indicator not in known:
            raise input_error(path, f"{key}.indicator", one.indicator, "an indicator of the results", known)
        if one.group not in GROUPS:
            raise input_error(path, f"{key}.group", one.group, "one of " + ", ".join(GROUPS), GROUPS)
    precision = sweep.precision
    if precision and precision.minimum > sweep.most_draws:
        raise input_error(
            path, "precision.minimum", precision.minimum, f"at most the {sweep.most_draws} draws there are"
        )
    return sweep


def sweep_points(sweep: SweepFile, path: Path) -> list[Point]:
    """Return the points of a sweep, each with its case.

    Raises:
        SamspelError: A dimension is unknown, a value is out of bounds, or the case has no policy.
    """
    base = apply_settings(load_case(_case_of(sweep, path)), sweep.settings)
    if not base.policy:
        raise SamspelError(
            f"{base.name}: policy is empty. Allowed: at least one lever, to tell the effect of."
        )
    parameters = {prior.name for prior in load_priors()} | set(WORLD)
    known = (
        *setting_names(base),
        *sorted(parameters),
        *(f"parameters.{name}" for name in sorted(parameters)),
    )
    chosen = _chosen(sweep)
    if len(chosen) > _MOST_POINTS:
        raise input_error(path, "dimensions", len(chosen), f"at most {_MOST_POINTS} points")
    for name in dict.fromkeys(name for one in chosen for name in one):
        if _without_number(name) not in known:
            raise input_error(path, "dimensions", name, "a setting of the case or a parameter", known)
    for name, span in sweep.dimensions.items():
        for end in (span.low, span.high) if isinstance(span, Span) else ():
            _applied(base, {name: end}, parameters, path)
    width = len(str(len(chosen)))
    points = [
        Point(f"p{number:0{width}d}", one, _applied(base, one, parameters, path))
        for number, one in enumerate(chosen, start=1)
    ]
    for point in points:
        _check_months(sweep, point, path)
    return points


def _with_spans(document: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return the plain values with each ``{low, high}`` of a dimension as a span."""
    dimensions = document.get("dimensions")
    if not isinstance(dimensions, dict):
        return document
    changed: dict[str, Any] = {}
    for name, values in dimensions.items():
        key = f"dimensions.{name}"
        if isinstance(values, dict):
            changed[name] = checked(Span, values, path, f"{key}.")
        elif isinstance(values, list) and values:
            changed[name] = values
        else:
            raise input_error(path, key, values, "a list of at least one value, or {low: a, high: b}")
    return {**document, "dimensions": changed}


def _case_of(sweep: SweepFile, path: Path) -> str | Path:
    beside = path.parent / sweep.case
    return beside if beside.suffix in (".yaml", ".yml") and beside.exists() else sweep.case


def _chosen(sweep: SweepFile) -> list[dict[str, Any]]:
    if sweep.design == "list":
        return [dict(point) for point in sweep.points]
    dimensions = {
        name: (values.low, values.high, values.steps, values.whole)
        if isinstance(values, Span)
        else list(values)
        for name, values in sweep.dimensions.items()
    }
    if sweep.design == "grid":
        return grid(dimensions)
    return latin_hypercube(dimensions, sweep.samples or 1, sweep.seed)


def _applied(case: Case, settings: Mapping[str, Any], parameters: set[str], path: Path) -> Case:
    for name, value in settings.items():
        key = f"parameters.{name}" if name in parameters else name
        text = f"{key}={json.dumps(value, ensure_ascii=False)}"
        try:
            case = apply_settings(case, [text])
        except SamspelError as error:
            message = str(error).removeprefix(f"--set {text}: ")
            raise SamspelError(f"{path}: {name} = {value!r}: {message}") from error
    return case


def _without_number(name: str) -> str:
    head, dot, key = name.partition(".")
    return head.partition("[")[0] + dot + key


def _check_months(sweep: SweepFile, point: Point, path: Path) -> None:
    asked = [*sweep.effects, *([sweep.precision] if sweep.precision else [])]
    for one in asked:
        if one.month > point.case.horizon:
            allowed = f"a month from 1 to {point.case.horizon}, the horizon of the case"
            raise input_error(path, f"month of {one.indicator}", one.month, allowed)
