"""The world: its calendar, its draws, its books and the order of a month."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

import mesa

from reference.activities import assign_activities
from reference.assistance import test_assistance
from reference.casework import hand_over_cases, plan_cases
from reference.endings import advance_activities
from reference.institutions import EmploymentService, LabourMarketUnit, Municipality
from reference.lives import age_and_move
from reference.market import CELLS, SPELLS, Cell, Employers, search_and_match
from reference.observation import Counts, count
from reference.pay import support_incomes
from reference.people import Household, Resident
from reference.register import register_people, separate_jobs
from sim.core.draws import Decision, stream_keys, uniform
from sim.model.columns import Reason
from sim.model.inputs import ModelInputs
from sim.model.parameters import parameters_from
from sim.model.prices import prices_from
from sim.policy.channels import CHANNELS, Channel

TALLIES = (
    "held_losses",
    "delayed_losses",
    "hires",
    "exits_to_work",
    "exits_to_work_clients",
    "subsidised_hires",
    "af_returns",
    "af_inflow_from_work",
    *(f"{what}_{months}" for what in ("registered", "exits") for months in SPELLS),
)
"""What is counted one person at a time."""


class ReferenceWorld(mesa.Model):
    """One municipality from the burn-in's first month on, a policy (or none), and a month at a time."""

    def __init__(self, inputs: ModelInputs, order_seed: int) -> None:
        """Set up a world without residents; ``order_seed`` shuffles the order in which they act."""
        super().__init__(rng=order_seed)
        self.inputs = inputs
        self.p = parameters_from(inputs.parameters)
        self.prices = prices_from(inputs.institutions, self.p.place_wage_share)
        self.first_month = inputs.start - inputs.burn_in
        self.month = self.first_month - 1
        months = inputs.burn_in + inputs.horizon
        self.keys = stream_keys(inputs.root_seed, inputs.replication, self.first_month, months)
        self.path: Sequence[Sequence[Sequence[float]]] | None = None
        self.costs: Sequence[Any] = ()
        self.held_rates: Mapping[int, dict[Cell, float]] | None = None
        self.people: list[Resident] = []
        self.households: list[Household] = []
        self.employers = Employers(self)
        self.service = EmploymentService(self)
        self.unit = LabourMarketUnit(self)
        self.municipality = Municipality(self)
        self.ledger: dict[int, Counter[str]] = {}
        self.tally: dict[str, float] = {}
        self.counts: Counts = Counter()
        self.steady_months = 0
        self.steady_clients = 0
        self.steady_starts = 0.0
        self.steady_vacancies = dict.fromkeys(CELLS, 0.0)
        self.steady_moves = dict.fromkeys(CELLS, 0)

    @property
    def burning(self) -> bool:
        """Whether the month is before the start."""
        return self.month < self.inputs.start

    @property
    def season(self) -> float:
        return self.inputs.season[self.month % 12]

    def channel(self, channel: Channel, segment: int) -> float:
        """Return a channel's value this month: neutral without a policy."""
        if self.path is None or self.burning:
            return CHANNELS[channel].neutral
        return self.path[self.month - self.inputs.start][segment][channel]

    def draw(self, decision: Decision, identity: int) -> float:
        """Return this month's uniform number of one decision for one id."""
        return uniform(self.keys[self.month - self.first_month, decision], identity)

    def everyone(self) -> list[Resident]:
        """Return those who live here at any time of the run, in an order of no meaning."""
        return _shuffled(self.people, self.random)

    def residents(self) -> list[Resident]:
        """Return those who live here now, in an order of no meaning."""
        return _shuffled([person for person in self.people if person.here], self.random)

    def households_in_any_order(self) -> list[Household]:
        return _shuffled(self.households, self.random)

    def served(self, queue: list[Resident], order: Decision, capacity: int) -> list[Resident]:
        """Return the first of a queue in drawn order."""
        return sorted(queue, key=lambda person: (person.draw(order), person.id))[:capacity]

    def book(self, kind: str, ore: int) -> None:
        """Enter a payment of this month."""
        self.ledger[self.month][kind] += ore

    def step(self) -> None:
        """Run one month."""
        self.month += 1
        self.ledger[self.month] = Counter()
        self.tally = dict.fromkeys(TALLIES, 0)
        for process in SCHEDULE:
            process(self)

    def note_steady_state(self) -> None:
        """Add up clients, starts of activities, vacancies and job changes over the burn-in's last year."""
        self.steady_months += 1
        self.steady_clients += self.unit.clients + self.unit.queue
        self.steady_starts += self.tally["activity_starts"]
        for cell in CELLS:
            self.steady_vacancies[cell] += self.employers.vacancies[cell]
            self.steady_moves[cell] += self.employers.moves[cell]

    def start(self) -> None:
        """End the burn-in: keep demand and staff that hold it steady, and settle groups and clients."""
        p, months = self.p, self.steady_months
        for cell in CELLS:
            vacancies, moves = self.steady_vacancies[cell] / months, self.steady_moves[cell] / months
            kept = vacancies * (1.0 - p.filling_reference) * (1.0 - p.vacancy_expiry)
            self.employers.openings[cell] = max(0.0, vacancies - kept - p.vacancy_repost * moves)
        self.unit.kept_coaches = max(1.0, self.steady_clients / months / p.unit_caseload)
        for person in self.residents():
            person.group = person.report_group(self.inputs.start)
            person.client = person.unemployed
            person.reason = Reason.NONE


def _shuffled[Thing](things: list[Thing], chance: Random) -> list[Thing]:
    return chance.sample(things, len(things))


def post_vacancies(world: ReferenceWorld) -> None:
    world.employers.post()


def keep_ledger(world: ReferenceWorld) -> None:
    world.municipality.pay_policy()
    world.municipality.equalise()
    world.tally["places_in_use"] = world.unit.places_in_use(0, 1, 2)


def observe(world: ReferenceWorld) -> None:
    world.counts = count(world)
    world.unit.clients = sum(n for (name, *_), n in world.counts.items() if name == "participants")
    world.unit.queue = sum(n for (name, *_), n in world.counts.items() if name == "waiting_plan")
    if world.burning and world.month >= world.inputs.start - 12:
        world.note_steady_state()


SCHEDULE: tuple[Callable[[ReferenceWorld], None], ...] = (
    age_and_move,
    post_vacancies,
    separate_jobs,
    register_people,
    hand_over_cases,
    plan_cases,
    assign_activities,
    advance_activities,
    search_and_match,
    support_incomes,
    test_assistance,
    keep_ledger,
    observe,
)
