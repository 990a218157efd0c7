"""Job tracks as institutions: who is admitted to a cohort, in one municipality or in several that share it.

Public names: `JobTrack`, `set_up_tracks`, `track_table` and `start_cohorts`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.core.draws import Decision
from sim.model.columns import SECTORS, TIERS
from sim.model.rules.queues import front
from sim.model.rules.tracks import (
    DROP_OUT,
    GAIN,
    LANGUAGE,
    PARTNER_SHARE,
    PLACEMENT_MONTHS,
    TRAINING_MONTHS,
    begin_track,
    track_queue,
)
from sim.policy.channels import Channel
from sim.policy.tracks import Track

if TYPE_CHECKING:
    from sim.model.model import LabourMarketModel
    from sim.model.place import Place

_COLUMNS = 6
_TAUGHT = 2
"""Skill tiers, from the lowest, whose vacancies decide which field a track trains for."""


class JobTrack(mesa.Agent):
    """One job track: it starts cohorts at its months and fills their places."""

    model: "LabourMarketModel"

    def __init__(
        self, model: "LabourMarketModel", number: int, track: Track, members: Sequence["Place"]
    ) -> None:
        """Create track ``number`` for the residents of some municipalities."""
        super().__init__(model)
        self.number = number
        self.track = track
        self.members = members
        self.eligible = np.zeros(members[0].segments)
        self.eligible[: len(track.eligible)] = track.eligible

    def start_cohort(self) -> None:
        """Fill a cohort if one starts this month: by rank and in drawn order over all its municipalities."""
        if self.model.month not in self.track.starts:
            return
        queues = [self._queue(place) for place in self.members]
        member = np.concatenate([np.full(rows.size, n) for n, (rows, _) in enumerate(queues)])
        rows = np.concatenate([rows for rows, _ in queues])
        order = np.concatenate([order for _, order in queues])
        first = front(order, min(self.track.places, order.size))
        fields = np.array(self.track.fields or (self._most_wanted(),), dtype=np.int8)
        for number, place in enumerate(self.members):
            chosen = rows[first[member[first] == number]]
            begin_track(place.tables, chosen, self.number, fields, self.model.track_table, self.model.keys)
            place.tally["track_starts"] += chosen.size
            place.tally["waiting_track"] += int((member == number).sum()) - chosen.size

    def _queue(self, place: "Place") -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        return track_queue(
            place.tables,
            place.known,
            self.model.month,
            self.eligible,
            self.track.language_entry,
            place.channel(Channel.PRIORITY),
            self.model.keys[Decision.TRACK_ORDER],
        )

    def _most_wanted(self) -> int:
        """Return the field with most vacancies that the track could train for."""
        vacancies = np.sum([place.state.vacancies.reshape(SECTORS, TIERS) for place in self.members], axis=0)
        return int(np.argmax(vacancies[:, :_TAUGHT].sum(axis=1)))


def set_up_tracks(model: "LabourMarketModel") -> list[JobTrack]:
    """Return the tracks of all policies; one that is shared stands once, for all its municipalities."""
    found: dict[tuple[str, int], tuple[Track, list[Place]]] = {}
    for place in model.places:
        for track in place.policy.tracks if place.policy is not None else ():
            key = (track.name, -1 if track.shared else place.index)
            found.setdefault(key, (track, []))[1].append(place)
    return [JobTrack(model, number, *pair) for number, pair in enumerate(found.values())]


def track_table(tracks: Sequence[JobTrack]) -> NDArray[np.float64]:
    """Return what rules read of the tracks, float64, shape (tracks, 6), at least one row."""
    table = np.zeros((max(1, len(tracks)), _COLUMNS))
    for row, job_track in zip(table, tracks, strict=False):
        track = job_track.track
        row[TRAINING_MONTHS] = track.training_months
        row[PLACEMENT_MONTHS] = track.placement_months
        row[PARTNER_SHARE] = track.partner_share
        row[GAIN] = track.gain
        row[DROP_OUT] = track.drop_out_rate
        row[LANGUAGE] = float(track.language_parallel)
    return table


def start_cohorts(model: "LabourMarketModel") -> None:
    """Cohorts of job tracks, each over the municipalities that share it."""
    for one in model.places:
        one.tally["track_starts"] = 0
        one.tally["waiting_track"] = 0
    for track in model.tracks:
        track.start_cohort()
