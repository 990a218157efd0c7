"""A municipality of fewer residents than it has, with a policy as much smaller.

The model takes places and sums of money as they are, however few residents are simulated. So that as many
are reached of a hundred as in the whole town, they must shrink with it.

Public names: `thinned_area` and `thinned_policy`.
"""

import dataclasses
from typing import Final

import numpy as np

from sim.model.inputs import Area, ModelInputs
from sim.policy.channels import CHANNELS
from sim.policy.compiled import CompiledPolicy

_FOR_ALL: Final = ("month", "once")
_STATED: Final = ("starting_places", "starting_staff")
_SPLIT: Final = [declared.channel for declared in CHANNELS if declared.split]


def thinned_area(area: Area, share: float) -> Area:
    """Return the municipalities with ``share`` of their residents, and of the places and staff stated.

    Args:
        area: Municipalities that are run together, one for one.
        share: Above 0; at 1 the area itself is returned.
    """
    if share >= 1.0:
        return area
    return dataclasses.replace(area, places=tuple(_thinned(place, share) for place in area.places))


def thinned_policy(policy: CompiledPolicy, share: float) -> CompiledPolicy:
    """Return a policy with ``share`` of its places and of its costs by month.

    The places of a job track are whole, and at least one.
    """
    if share >= 1.0:
        return policy
    path = policy.path.copy()
    path[:, :, _SPLIT] *= share
    costs = [
        dataclasses.replace(line, ore_per_unit=round(line.ore_per_unit * share))
        if line.unit in _FOR_ALL
        else line
        for line in policy.costs
    ]
    tracks = [
        dataclasses.replace(track, places=max(1, round(track.places * share))) if track.places else track
        for track in policy.tracks
    ]
    return dataclasses.replace(
        policy, path=np.ascontiguousarray(path), costs=tuple(costs), tracks=tuple(tracks)
    )


def _thinned(place: ModelInputs, share: float) -> ModelInputs:
    values = dict(place.parameters)
    values |= {name: values[name] * share for name in _STATED if name in values}
    size = max(1, round(place.margins.residents(16, 64) * share))
    return dataclasses.replace(place, parameters=values, size=size)
