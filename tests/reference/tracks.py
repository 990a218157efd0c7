"""Job tracks: cohorts that one municipality fills, or several together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reference.hiring import added_up
from reference.people import YEAR, Resident
from reference.queues import served
from sim.core.draws import Decision
from sim.model.columns import SECTORS, Activity
from sim.policy.tracks import Track

if TYPE_CHECKING:
    from reference.town import Town
    from reference.world import ReferenceWorld

TAUGHT_TIERS = (0, 1)
"""A track trains for work at these skill tiers."""


class JobTrack:
    """A job track, with the municipalities whose residents it is for."""

    def __init__(self, number: int, track: Track, towns: Sequence["Town"]) -> None:
        self.number = number
        self.track = track
        self.towns = towns

    def begin_cohort(self, month: int) -> None:
        """Admit as many as there are places, over all municipalities in one queue."""
        if month not in self.track.starts:
            return
        fields = self.track.fields or (self.most_wanted_field(),)
        queue = [person for town in self.towns for person in town.residents() if self.admits(person)]
        admitted = served(queue, Decision.TRACK_ORDER, self.track.places)
        for person in queue:
            person.town.tally["track_starts" if person in admitted else "waiting_track"] += 1
        for person in admitted:
            drawn = fields[int(person.draw(Decision.TRACK_FIELD) * len(fields))]
            person.begin(Activity.TRACK, self.track.training_months + self.track.placement_months)
            person.track = self
            person.track_field = person.sector if person.sector in fields else drawn
            person.language = self.track.language_parallel

    def admits(self, person: Resident) -> bool:
        """The registered, under 60 and able to work full time, who have been in no track before."""
        eligible = self.track.eligible
        return (
            person.seeks_activity
            and person.spell > 0
            and person.track is None
            and not person.limitation
            and person.age < 60 * YEAR
            and person.segment < len(eligible)
            and eligible[person.segment]
            and person.swedish >= self.track.language_entry
        )

    def most_wanted_field(self) -> int:
        """Return the field with most vacancies at the tiers that are taught, over all municipalities."""

        def wanted(sector: int) -> float:
            by_tier = (
                added_up(town.employers.vacancies[sector, tier] for town in self.towns)
                for tier in TAUGHT_TIERS
            )
            return added_up(by_tier)

        return max(range(SECTORS), key=wanted)

    def in_training(self, person: Resident) -> bool:
        """Whether a participant is in the training, or past it in the placement."""
        return person.left > self.track.placement_months


def tracks_of(towns: Sequence["Town"]) -> list[JobTrack]:
    """Return the tracks of all policies; a shared one stands once, where it is first met."""
    tracks: list[JobTrack] = []
    shared: dict[str, list[Town]] = {}
    for town in towns:
        for track in town.policy.tracks if town.policy is not None else ():
            if track.shared and track.name in shared:
                shared[track.name].append(town)
                continue
            members = [town]
            if track.shared:
                shared[track.name] = members
            tracks.append(JobTrack(len(tracks), track, members))
    return tracks


def start_cohorts(world: "ReferenceWorld") -> None:
    """Tracks take turns in their own order: a person who enters one is lost to the next."""
    for job_track in world.tracks:
        job_track.begin_cohort(world.month)
