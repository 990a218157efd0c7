"""One municipality of the world: its people, its institutions, its policy and its books."""

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import TYPE_CHECKING

from reference.hiring import SPELLS
from reference.household import Household
from reference.institutions import EmploymentService, LabourMarketUnit, Municipality
from reference.market import CELLS, Employers
from reference.observation import Counts
from reference.people import Resident
from sim.core.draws import Decision
from sim.model.columns import Reason
from sim.model.inputs import ModelInputs
from sim.model.parameters import PER_RESIDENTS, parameters_from
from sim.model.prices import prices_from
from sim.policy.channels import CHANNELS, SEGMENTS, TRIAL_SEGMENTS, Channel
from sim.policy.compiled import CompiledPolicy, CostLine

if TYPE_CHECKING:
    from reference.world import ReferenceWorld

TALLIES = (
    "separations",
    "af_inflow_from_work",
    "outreach_contacts",
    "promises_kept",
    "promises_short",
    "track_starts",
    "waiting_track",
    "af_returns",
    "partner_hires",
    "held_losses",
    "delayed_losses",
    "hires",
    "exits_to_work",
    "exits_to_work_clients",
    "subsidised_hires",
    *(f"{what}_{months}" for what in ("registered", "exits") for months in SPELLS),
    "assistance_entries",
    "assistance_exits",
    "assistance_exits_without_work",
    "sanctions",
)
"""What is counted one person or household at a time."""


class Town:
    """A municipality from the burn-in's first month on, with a policy or none."""

    def __init__(self, world: "ReferenceWorld", index: int, inputs: ModelInputs) -> None:
        """Set up municipality number ``index`` of a world, without residents."""
        self.world = world
        self.index = index
        self.inputs = inputs
        self.p = parameters_from(inputs.parameters)
        self.prices = prices_from(inputs.institutions, self.p.place_wage_share)
        self.policy: CompiledPolicy | None = None
        self.path: Sequence[Sequence[Sequence[float]]] = ()
        self.costs: Sequence[CostLine] = ()
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
        return self.world.burning

    @property
    def season(self) -> float:
        return self.inputs.season[self.world.month % 12]

    @property
    def per_residents(self) -> float:
        """Residents aged 16-64, in the unit that usual numbers of places are given for."""
        return (self.inputs.size or self.inputs.margins.residents(16, 64)) / PER_RESIDENTS

    @property
    def segments(self) -> int:
        """Segments that channels tell apart: in a trial twice as many."""
        if self.policy is None:
            return TRIAL_SEGMENTS
        assert len(self.path[0]) in (SEGMENTS, TRIAL_SEGMENTS)
        return len(self.path[0])

    def adopt(self, policy: CompiledPolicy | None) -> None:
        """Take the policy of the months after the burn-in."""
        self.policy = policy
        if policy is not None:
            self.path, self.costs = policy.path.tolist(), policy.costs

    def channel(self, channel: Channel, segment: int) -> float:
        """Return a channel's value this month: neutral without a policy."""
        if self.policy is None or self.burning:
            return CHANNELS[channel].neutral
        return self.path[self.world.month - self.inputs.start][segment][channel]

    def whole(self, channel: Channel) -> float:
        """Return the value this month of a channel that is the same for all segments."""
        return self.channel(channel, 0)

    def draw(self, decision: Decision, identity: int) -> float:
        """Return this month's uniform number of one decision for one id."""
        return self.world.draw(decision, identity)

    def everyone(self) -> list[Resident]:
        """Return those who live here at any time of the run, in an order of no meaning."""
        return shuffled(self.people, self.world.random)

    def residents(self) -> list[Resident]:
        """Return those who live here now, in an order of no meaning."""
        return shuffled([person for person in self.people if person.here], self.world.random)

    def households_in_any_order(self) -> list[Household]:
        return shuffled(self.households, self.world.random)

    def book(self, kind: str, ore: int) -> None:
        """Enter a payment of this month."""
        self.ledger[self.world.month][kind] += ore

    def open_month(self) -> None:
        self.ledger[self.world.month] = Counter()
        self.tally = dict.fromkeys(TALLIES, 0)

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
        needed = max(1.0, self.steady_clients / months / p.unit_caseload)
        self.unit.kept_coaches = p.starting_staff if p.starting_staff > 0.0 else needed
        for person in self.residents():
            person.group = person.report_group(self.inputs.start)
            person.client = person.unemployed
            person.reason = Reason.NONE


def shuffled[Thing](things: list[Thing], chance: Random) -> list[Thing]:
    """Return the same in another order."""
    return chance.sample(things, len(things))
