"""A policy as the model reads it: channel values by month and segment, and dated cost lines.

value(t) = neutral + fidelity x strength(t) x (full - neutral) for each instance, without fidelity where the
channel is a dose or a harm (caseload, contact, plan time); instances combine by product or sum, the dip
joins them unscaled, and bounds are kept. Where nothing acts the value is the neutral
one, exactly.

Public names: `CompiledPolicy`, `CostLine`, `compile_policy`, `neutral_policy`.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import SamspelError, input_error
from sim.core.months import month_number
from sim.core.paths import root
from sim.data.margins import margins_at
from sim.policy.casefile import Case
from sim.policy.channels import (
    CHANNELS,
    SEGMENTS,
    Channel,
    ChannelDeclaration,
    neutral_channels,
    segment_mask,
)
from sim.policy.instance import Instance
from sim.policy.levers.base import CostKind, CostRate, CostUnit, Lever
from sim.policy.rules import load_rules
from sim.policy.starting import StartingPosition
from sim.policy.tracks import Track
from sim.policy.uncertain import starting_position

_INDEX_RULE = "wage.staff_cost_index"
_ORE = 100
_ONE = np.ones(1)


@dataclass(frozen=True)
class CostLine:
    """One public cost of a policy, over months ``first`` to ``last`` (both included).

    ore_per_unit is per month and unit: a month, a client of the unit, a place in use, a plan made; ``once``
    falls in ``first`` alone. A negative amount is a saving. ``segments``: whose clients are counted; none
    means everybody's.
    """

    lever: str
    label: str
    kind: CostKind
    unit: CostUnit
    ore_per_unit: int
    first: int
    last: int
    shares: tuple[tuple[str, float], ...]
    segments: tuple[int, ...] = ()


@dataclass(frozen=True)
class CompiledPolicy:
    """A policy of one municipality under one draw; ``first_month`` is None if it never does anything."""

    name: str
    first_month: int | None
    path: NDArray[np.float64]
    """[month of the horizon, segment, channel]."""
    costs: tuple[CostLine, ...]
    disrupted: NDArray[np.bool_]
    """Months of the horizon in which the dip of a change acts."""
    tracks: tuple[Track, ...] = ()


class _Complete(dict[str, float]):
    """A draw in which a parameter that no file gives is an error to mend."""

    def __missing__(self, name: str) -> float:
        raise SamspelError(f"params/priors: {name} is missing. Allowed: a prior for each effect of a lever.")


@dataclass(frozen=True)
class _Active:
    """An instance with its lever drawn, placed on the months of the horizon."""

    instance: Instance
    lever: Lever
    fidelity: float
    strength: NDArray[np.float64]
    start: int
    last: int
    share: float
    """This municipality's part of the instance's places and sums, by residents."""


def compile_policy(
    case: Case, draw: Mapping[str, float], name: str = "policy", municipality: str | None = None
) -> CompiledPolicy:
    """Return the case's policy under one draw.

    Args:
        case: The case.
        draw: Values of all parameters of `sim.policy.uncertain.case_priors`.
        name: Name of the policy among those compared.
        municipality: Code of the municipality to compile for; without it, the case's first.

    Raises:
        SamspelError: The municipality is not in the case.
    """
    code = case.municipalities[0] if municipality is None else municipality
    if code not in case.municipalities:
        raise input_error(
            case.name, "municipality", code, ", ".join(case.municipalities), case.municipalities
        )
    draw = _Complete(draw)
    start = starting_position(case, draw)
    here = [
        (index, instance, instance.municipalities or case.municipalities)
        for index, instance in enumerate(case.policy)
        if not instance.municipalities or code in instance.municipalities
    ]
    actives = [
        _placed(case, instance, *instance.at(draw, case.instance_name(index)), _share(case, code, among))
        for index, instance, among in here
    ]
    path, disrupted = _path(case, actives, draw, start)
    index, _ = load_rules()[_INDEX_RULE].at(case.rules_month)
    costs = tuple(line for active in actives for line in _costs(active, draw, start, _index(index.value)))
    tracks = tuple(
        track
        for (number, _, _), active in zip(here, actives, strict=True)
        for track in _tracks(case, active, draw, start, case.instance_name(number))
    )
    return CompiledPolicy(name, _first_month(case, path, costs, tracks), path, costs, disrupted, tracks)


def neutral_policy(case: Case, name: str = "none") -> CompiledPolicy:
    """Return the policy that changes nothing and costs nothing."""
    return CompiledPolicy(name, None, _neutral(case.horizon), (), np.zeros(case.horizon, dtype=bool))


def _share(case: Case, code: str, among: Sequence[str]) -> float:
    """Return a municipality's residents aged 16-64 over those of all that an instance is about."""
    if len(among) == 1:
        return 1.0
    persons = {one: _persons(one, case.first_month, root()) for one in among}
    return persons[code] / sum(persons.values())


@cache
def _persons(code: str, month: int, folder: Path) -> int:
    """Return residents aged 16-64 by the tables of a project folder, which every draw asks for."""
    return margins_at(code, month).residents(16, 64)


def _placed(case: Case, instance: Instance, lever: Lever, fidelity: float, share: float) -> _Active:
    start = month_number(instance.start) - case.first_month
    last = case.horizon - 1 if instance.end is None else month_number(instance.end) - case.first_month
    months = np.arange(case.horizon)
    ramp = np.minimum(1.0, (months - start + 1) / max(instance.ramp_months, 1))
    strength = np.where((months >= start) & (months <= last), ramp, 0.0)
    return _Active(instance, lever, fidelity, strength, start, min(last, case.horizon - 1), share)


def _neutral(horizon: int) -> NDArray[np.float64]:
    return np.tile(neutral_channels(), (horizon, SEGMENTS, 1))


def _path(
    case: Case, actives: list[_Active], draw: Mapping[str, float], start: StartingPosition
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    # One table by month and segment for each channel, side by side in memory until the end.
    tables = np.repeat(neutral_channels(), case.horizon * SEGMENTS).reshape(-1, case.horizon, SEGMENTS)
    disrupted = np.zeros(case.horizon, dtype=bool)
    places: dict[Channel | None, NDArray[np.float64]] = {}
    for active in actives:
        full = active.lever.full_effect(draw, start)
        weight = active.fidelity * active.strength
        mask = segment_mask(active.instance.target)
        for channel, value in full.items():
            declared = CHANNELS[channel]
            now = _places(full, declared.mixed_by) * weight
            before = places.get(declared.mixed_by, np.zeros(case.horizon))
            if declared.split:
                value = value * active.share
            where = slice(None) if declared.whole_municipality or mask.all() else mask
            table = tables[channel]
            dose = weight if declared.by_fidelity else active.strength
            table[:, where] = _combined(declared, table[:, where], value, dose, before, now)
        for by in (None, Channel.ASSOCIATION_PLACES):
            places[by] = places.get(by, np.zeros(case.horizon)) + _places(full, by) * weight
        for month in range(max(active.start, 0), active.last + 1):
            dip = active.lever.disruption(draw, start, month - active.start)
            for channel, value in dip.items():
                declared = CHANNELS[channel]
                series = tables[channel][month : month + 1]
                series[:, mask] = _combined(declared, series[:, mask], value, _ONE, _ONE, _ONE)
                disrupted[month] = True
    for declared in CHANNELS:
        np.clip(tables[declared.channel], declared.low, declared.high, out=tables[declared.channel])
    return np.ascontiguousarray(tables.transpose(1, 2, 0)), disrupted


def _places(full: Mapping[Channel, float], by: Channel | None) -> float:
    """Return the places that weigh an instance in a mix: the municipality's of both kinds, or a channel's."""
    counted = (Channel.ORDINARY_PLACES, Channel.CREATED_PLACES) if by is None else (by,)
    return sum(full.get(channel, 0.0) for channel in counted)


def _combined(
    declared: ChannelDeclaration,
    series: NDArray[np.float64],
    full: float,
    weight: NDArray[np.float64],
    places_before: NDArray[np.float64],
    places_now: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return a channel [month, segment] with one more instance on it, at ``weight`` of its full value."""
    own = (declared.neutral + weight * (full - declared.neutral))[:, None]
    if declared.kind == "multiply":
        return series * own
    if declared.kind == "add":
        return series + own
    if declared.kind == "most":
        return np.maximum(series, own)
    if declared.kind == "set":
        return np.where(weight[:, None] > 0.0, full, series)
    if declared.kind == "switch":
        return np.maximum(series, np.where(weight > 0.0, full, declared.neutral)[:, None])
    both = places_before + places_now
    mixed = (series * places_before[:, None] + full * places_now[:, None]) / np.where(both > 0.0, both, 1.0)[
        :, None
    ]
    return np.where(places_now[:, None] > 0.0, mixed, series)


def _costs(
    active: _Active, draw: Mapping[str, float], start: StartingPosition, index: float
) -> list[CostLine]:
    """Return the cost lines of an instance; one that grows with the roll-out becomes a line per step."""
    lines = []
    for rate in active.lever.costs(draw, start):
        sek = rate.sek * (index if rate.indexed else 1.0)
        if rate.unit in ("month", "once"):
            sek = sek * active.share
        for first, last, share in _steps(active, rate):
            ore = round(sek * share * _ORE)
            if ore != 0:
                lines.append(_line(active.instance, rate, ore, first, last))
    return lines


def _line(instance: Instance, rate: CostRate, ore: int, first: int, last: int) -> CostLine:
    offset = month_number(instance.start)
    shares: tuple[tuple[str, float], ...] = tuple(instance.funding.items())
    who = np.flatnonzero(segment_mask(instance.target)) if instance.target else ()
    return CostLine(
        instance.lever,
        rate.label_sv,
        rate.kind,
        rate.unit,
        ore,
        offset + first,
        offset + last,
        shares,
        tuple(int(segment) for segment in who),
    )


def _steps(active: _Active, rate: CostRate) -> list[tuple[int, int, float]]:
    """Return (first, last, share of the full cost), in months since the instance's start."""
    length = active.last - active.start + 1
    if rate.unit == "once":
        return [(0, 0, 1.0)]
    if rate.unit == "track_participant":  # a cohort that has begun finishes after the end
        length = min(length + active.lever.runs_on(), active.strength.size - active.start)
    ramp = min(active.instance.ramp_months, length) if rate.ramps else 0
    rising = [(m, m, (m + 1) / active.instance.ramp_months) for m in range(ramp - 1)]
    first = max(ramp - 1, 0)
    share = 1.0 if ramp == 0 else min(1.0, (first + 1) / active.instance.ramp_months)
    return [*rising, (first, length - 1, share)]


def _index(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise input_error("params/institutions", _INDEX_RULE, value, "a number")
    return float(value)


def _tracks(
    case: Case, active: _Active, draw: Mapping[str, float], start: StartingPosition, name: str
) -> list[Track]:
    """Return the job track of an instance, if it has one, with the places that are this municipality's."""
    track = active.lever.track(draw, start, active.fidelity)
    if track is None:
        return []
    offset = month_number(active.instance.start)
    last = case.first_month + active.last
    starts = tuple(offset + month for month in active.lever.cohort_months() if offset + month <= last)
    places = track.places if track.shared else round(track.places * active.share)
    eligible = tuple(bool(one) for one in segment_mask(active.instance.target))
    return [dataclasses.replace(track, name=name, places=places, starts=starts, eligible=eligible)]


def _first_month(
    case: Case, path: NDArray[np.float64], costs: tuple[CostLine, ...], tracks: tuple[Track, ...]
) -> int | None:
    moved = np.flatnonzero((path != neutral_channels()).any(axis=(1, 2)))
    months = [line.first for line in costs] + [month for track in tracks for month in track.starts]
    if moved.size:
        months.append(case.first_month + int(moved[0]))
    return min(months) if months else None
