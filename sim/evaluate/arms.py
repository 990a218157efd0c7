"""The arms of a trial as policies: one path of channels in which each person's arm chooses the rows.

Rows 0-31 are the segments of those who get the control arm, rows 32-63 those of the treated. A channel of the
whole municipality has one value for all: the treated arm's where it moves it, else control's.

Public names: `ArmPolicies`, `compile_arms` and `joined_policy`.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.evaluate.trial import Trial
from sim.policy.casefile import Case, parse_case
from sim.policy.channels import CHANNELS, SEGMENTS, Channel, neutral_channels
from sim.policy.compiled import CompiledPolicy, CostLine, compile_policy, neutral_policy
from sim.policy.priors import central
from sim.policy.tracks import Track
from sim.policy.uncertain import case_priors, model_parameters

_WHOLE = [declared.channel for declared in CHANNELS if declared.whole_municipality]
_FIRST, _SECOND = range(SEGMENTS), range(SEGMENTS, 2 * SEGMENTS)


@dataclass(frozen=True)
class ArmPolicies:
    """What each world of a trial runs under.

    Attributes:
        worlds: By arm, the policy of the world in which the treated get it and the others control.
        null: By arm, the same costs without any of the effects.
        apart: Whether the arms cannot share a world, so that all in the trial get the one or the other.
        parameters: Centres of all priors.
        case: The municipality and the time, without a policy.
    """

    worlds: Mapping[str, CompiledPolicy]
    null: Mapping[str, CompiledPolicy]
    apart: bool
    parameters: Mapping[str, float]
    case: Case


def compile_arms(trial: Trial, horizon: int) -> ArmPolicies:
    """Return the policies of a trial's worlds over ``horizon`` months from its start.

    Raises:
        SamspelError: An arm cannot be compiled.
    """
    idle = _case(trial, horizon, "idle", ())
    compiled = {}
    for name, levers in (trial.arms or {"control": ()}).items():
        case = _case(trial, horizon, name, [lever.to_document() for lever in levers])
        compiled[name] = compile_policy(case, central(case_priors(case)), name)
    control, nothing = compiled["control"], neutral_policy(idle)
    by_person = trial.design.unit == "person"
    apart = by_person and any(_clash(control.path, arm.path) for arm in compiled.values())
    worlds, null = {}, {}
    for name, arm in compiled.items():
        worlds[name] = joined_policy(_others(arm, control, nothing, by_person, apart), arm)
        base = joined_policy(nothing, control) if apart else joined_policy(control, control)
        null[name] = dataclasses.replace(worlds[name], path=base.path, tracks=base.tracks)
    parameters = model_parameters(idle, central(case_priors(idle)))
    return ArmPolicies(worlds, null, apart, parameters, idle)


def _others(
    arm: CompiledPolicy, control: CompiledPolicy, nothing: CompiledPolicy, by_person: bool, apart: bool
) -> CompiledPolicy:
    """Return what those get in an arm's world who are not drawn to it."""
    if not by_person:
        return arm
    return nothing if apart else control


def _case(trial: Trial, horizon: int, name: str, levers: Sequence[object]) -> Case:
    document = {
        "title": trial.title,
        "question": trial.title,
        "municipalities": [trial.population.municipality],
        "start": trial.population.start,
        "horizon": horizon,
        "known_until": trial.population.start,
        "policy": list(levers),
    }
    return parse_case(f"{trial.id}-{name}", document, f"{trial.origin}: arms.{name}")


def _clash(control: NDArray[np.float64], arm: NDArray[np.float64]) -> bool:
    """Return whether an arm moves a channel of the whole municipality and unmakes one that control moves."""
    moved, kept = (_moved(path) for path in (control, arm))
    unmade = any(not np.array_equal(control[:, :, channel], arm[:, :, channel]) for channel in moved)
    return bool(kept) and unmade


def _moved(path: NDArray[np.float64]) -> list[Channel]:
    """Return the channels of the whole municipality that a path moves."""
    neutral = neutral_channels()
    return [channel for channel in _WHOLE if (path[:, :, channel] != neutral[channel]).any()]


def joined_policy(others: CompiledPolicy, treated: CompiledPolicy) -> CompiledPolicy:
    """Return one policy with ``others`` in the first rows and ``treated`` in the second; the same for both
    acts, and costs, as one. A channel of the whole municipality that ``treated`` moves is moved for all."""
    path = np.concatenate([others.path, treated.path], axis=1)
    moved = _moved(treated.path)
    for channel in _WHOLE:
        whole = treated.path if channel in moved else others.path
        path[:, :, channel] = np.tile(whole[:, :, channel], (1, 2))
    if others is treated:
        costs = tuple(_reaching(line, (*_FIRST, *_SECOND)) for line in treated.costs)
        tracks = tuple(_admitting(track, True, True) for track in treated.tracks)
    else:
        costs = (
            *(_reaching(line, _FIRST) for line in others.costs),
            *(_reaching(line, _SECOND) for line in treated.costs),
        )
        tracks = (
            *(_admitting(track, True, False) for track in others.tracks),
            *(_admitting(track, False, True) for track in treated.tracks),
        )
    starts = [month for month in (others.first_month, treated.first_month) if month is not None]
    disrupted = others.disrupted | treated.disrupted
    return CompiledPolicy(treated.name, min(starts, default=None), path, costs, disrupted, tracks)


def _reaching(line: CostLine, rows: Sequence[int]) -> CostLine:
    """Return a cost line that counts the clients of its segments among some rows."""
    meant = set(line.segments or _FIRST)
    return dataclasses.replace(line, segments=tuple(row for row in rows if row % SEGMENTS in meant))


def _admitting(track: Track, first: bool, second: bool) -> Track:
    """Return a track open to its segments among those of either arm."""
    closed = (False,) * SEGMENTS
    return dataclasses.replace(
        track, eligible=(track.eligible if first else closed) + (track.eligible if second else closed)
    )
