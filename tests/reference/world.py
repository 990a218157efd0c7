"""The world: its calendar, its draws, its municipalities and the order of a month."""

from collections.abc import Callable, Mapping, Sequence

import mesa

from reference.activities import assign_activities
from reference.assistance import test_assistance
from reference.casework import hand_over_cases, plan_cases
from reference.endings import advance_activities
from reference.institutions import keep_ledger
from reference.lives import age_and_move
from reference.market import Cell, search_and_match
from reference.observation import observe
from reference.offers import make_offers
from reference.pay import support_incomes
from reference.places import fill_places
from reference.register import register_people, separate_jobs
from reference.town import Town, shuffled
from reference.tracks import JobTrack, start_cohorts, tracks_of
from sim.core.draws import Decision, stream_keys, uniform
from sim.model.inputs import Area
from sim.policy.compiled import CompiledPolicy


class ReferenceWorld(mesa.Model):
    """The municipalities of an area from the burn-in's first month on, a month at a time."""

    def __init__(self, area: Area, order_seed: int) -> None:
        """Set up a world without residents; ``order_seed`` shuffles the order in which they act."""
        super().__init__(rng=order_seed)
        inputs = area.first
        self.ties = area.ties
        self.start_month = inputs.start
        self.first_month = inputs.start - inputs.burn_in
        self.month = self.first_month - 1
        months = inputs.burn_in + inputs.horizon
        self.keys = stream_keys(inputs.root_seed, inputs.replication, self.first_month, months)
        self.held_rates: Mapping[int, Sequence[Mapping[Cell, float]]] | None = None
        """By month and municipality, where tightness is held."""
        self.tracks: list[JobTrack] = []
        self.towns = [Town(self, index, inputs) for index, inputs in enumerate(area.places)]

    @property
    def burning(self) -> bool:
        """Whether the month is before the start."""
        return self.month < self.start_month

    def draw(self, decision: Decision, identity: int) -> float:
        """Return this month's uniform number of one decision for one id."""
        return uniform(self.keys[self.month - self.first_month, decision], identity)

    def start(self, policies: Sequence[CompiledPolicy | None]) -> None:
        """End the burn-in and give each municipality its policy, or none."""
        for town, policy in zip(self.towns, policies, strict=True):
            town.start()
            town.adopt(policy)
        self.tracks = tracks_of(self.towns)

    def step(self) -> None:
        """Run one month."""
        self.month += 1
        for town in self.towns:
            town.open_month()
        for process in SCHEDULE:
            process(self)


def in_each(process: Callable[[Town], None]) -> Callable[[ReferenceWorld], None]:
    """Return a process of one municipality as one of the world; the order of municipalities means nothing."""

    def process_of_all(world: ReferenceWorld) -> None:
        for town in shuffled(world.towns, world.random):
            process(town)

    return process_of_all


def post_vacancies(town: Town) -> None:
    town.employers.post()


SCHEDULE: tuple[Callable[[ReferenceWorld], None], ...] = (
    in_each(age_and_move),
    in_each(post_vacancies),
    in_each(separate_jobs),
    in_each(register_people),
    in_each(hand_over_cases),
    in_each(plan_cases),
    in_each(assign_activities),
    start_cohorts,
    in_each(fill_places),
    in_each(make_offers),
    in_each(advance_activities),
    search_and_match,
    in_each(support_incomes),
    in_each(test_assistance),
    in_each(keep_ledger),
    in_each(observe),
)
