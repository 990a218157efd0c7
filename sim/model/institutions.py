"""Institutions of the model: ordinary Mesa agents with behaviour, one set of each kind a municipality."""

import math
import operator
from collections.abc import Sequence
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.model.codes import ASSOCIATION, CREATED, EXISTING, ORDINARY
from sim.model.columns import TIERS
from sim.model.ledger import KIND_INDEX, split
from sim.model.parameters import PER_RESIDENTS
from sim.model.rules.hiring import hiring_rates, post_vacancies
from sim.model.rules.offers import ADULT_EDUCATION, KEPT_JOB, OFFERS, SFI, SUBSIDISED_JOB
from sim.model.rules.placing import ordinary_in_fact
from sim.model.rules.planning import plans_a_month
from sim.policy.channels import Channel
from sim.policy.compiled import CostLine

if TYPE_CHECKING:
    from sim.model.model import LabourMarketModel
    from sim.model.place import Place


class Institution(mesa.Agent):
    """An organisation in a municipality; it reads the policy's channels and the state through its place."""

    model: "LabourMarketModel"

    def __init__(self, model: "LabourMarketModel", place: "Place") -> None:
        """Create the institution in a municipality."""
        super().__init__(model)
        self.place = place


class Municipality(Institution):
    """The municipality: keeps the books and pays for its part of the policy."""

    def book(self, kind: str, payer: str, amount: int) -> None:
        """Enter one cost of the policy, in öre, with its payer."""
        self.place.flows[KIND_INDEX[f"reform_{kind}_{payer}"]] += amount

    def pay_policy(self, volumes: dict[str, int]) -> None:
        """Enter this month's costs of the policy; ``volumes`` by unit of cost."""
        lines = [line for line in self.place.costs if line.first <= self.model.month <= line.last]
        if not lines:
            return
        clients: list[list[int]] = self.place.clients.tolist()
        for line in lines:
            amount = line.ore_per_unit * self._volume(line, volumes, clients)
            if amount == 0:
                continue
            self.place.note_cost(line.lever, line.kind, amount)
            for payer, part in split(amount, line.shares):
                self.book(line.kind, payer, part)

    def _volume(self, line: CostLine, volumes: dict[str, int], clients: Sequence[list[int]]) -> int:
        if line.unit == "month":
            return 1
        if line.unit == "once":
            return 1 if self.model.month == line.first else 0
        if line.unit not in ("client", "af_client"):
            return volumes[line.unit]
        counted = clients[0 if line.unit == "client" else 1]
        return sum(counted[segment] for segment in line.segments) if line.segments else sum(counted)

    def share_benefits(self) -> None:
        """Enter the municipality's part of the state's benefits, where it is made to pay one."""
        flows, place = self.place.flows, self.place
        paid = int(flows[KIND_INDEX["establishment_benefit"]])
        flows[KIND_INDEX["newcomer_benefit_share"]] += int(place.whole(Channel.NEWCOMER_PAYER) * paid)
        paid = int(flows[KIND_INDEX["activity_support"]] + flows[KIND_INDEX["insurance_grant"]])
        flows[KIND_INDEX["cofinancing"]] += int(place.whole(Channel.COFINANCING) * paid)

    def equalise(self) -> None:
        """Give back the tax of two years ago beyond the share that income equalisation leaves."""
        back = self.place.ledger_of(self.model.month - 24)
        if back is None:
            return
        for level in ("municipal", "region"):
            tax = int(back[KIND_INDEX[f"{level}_tax"]])
            kept = int(tax * self.place.p.equalisation_kept_share)
            self.place.flows[KIND_INDEX[f"{level}_equalisation"]] += tax - kept


class EmploymentService(Institution):
    """AF's local office: caseworkers with a caseload, and room in training and practice."""

    def hours(self) -> NDArray[np.float64]:
        """Return contact hours per client and month by segment."""
        return self.reference_hours / self.place.channel(Channel.AF_CASELOAD)

    def followed(self) -> NDArray[np.float64]:
        """Return contact hours, extra meetings included, against the ordinary ones, by segment."""
        return (self.hours() + self.place.channel(Channel.CONTACT_HOURS)) / self.reference_hours

    def activity_room(self) -> int:
        """Return the entries to training and practice that there is room for this month.

        In the burn-in there is room for all; then for the entries of its last year times the capacity.
        """
        state = self.place.state
        if self.model.burning:
            return state.residents.id.size
        capacity = self.place.p.activity_capacity * self.place.whole(Channel.ACTIVITY_CAPACITY)
        return max(1, int(capacity * state.activity_starts / max(1, state.reference_months) + 0.5))

    @property
    def reference_hours(self) -> float:
        """Contact hours per client and month without a policy."""
        return self.place.p.coach_hours / self.place.p.af_caseload


class LabourMarketUnit(Institution):
    """The municipality's labour-market unit (AME, Jobbtorg): coaches, plans, places and what it offers."""

    def coaches(self) -> float:
        """Return the coaches that the caseload channel implies."""
        state, p = self.place.state, self.place.p
        staff = (
            state.coaches
            if not self.model.burning
            else max(1.0, (state.clients + state.queue) / p.unit_caseload)
        )
        return staff * self._mean(1.0 / self.place.channel(Channel.CASELOAD))

    def hours(self) -> NDArray[np.float64]:
        """Return coach hours per client and month by segment, net of planning."""
        state, p = self.place.state, self.place.p
        caseload = p.unit_caseload if self.model.burning else max(1.0, state.clients) / state.coaches
        return (p.coach_hours * (1.0 - p.plan_time_share) / caseload) / self.place.channel(Channel.CASELOAD)

    def plan_capacity(self) -> int:
        """Return the plans that coaches can make this month."""
        return plans_a_month(self.coaches(), self._mean(self.place.channel(Channel.PLAN_TIME)), self.place.p)

    def _mean(self, values: NDArray[np.float64]) -> float:
        """Return the mean of a channel over last month's clients; over segments where there are none."""
        of_each: list[float] = values.tolist()
        if of_each == [1.0] * len(of_each):
            return 1.0
        clients: list[int] = self.place.state.segment_clients[: values.size].tolist()
        if not any(clients):
            return math.fsum(of_each) / len(of_each)
        return math.fsum(map(operator.mul, of_each, clients)) / sum(clients)

    def places_before(self) -> int:
        """Return the municipal places that existed before the policy."""
        p = self.place.p
        usual = p.starting_places or p.baseline_places * self.place.persons / PER_RESIDENTS
        return int(usual + 0.5)

    def policy_places(self) -> tuple[float, float]:
        """Return the policy's ordinary and created places: beyond the few ordinary workplaces that there
        are, places meant to be ordinary are created."""
        meant = self.place.whole(Channel.ORDINARY_PLACES)
        capacity = self.place.p.ordinary_capacity * self.place.persons / PER_RESIDENTS
        ordinary = ordinary_in_fact(meant, capacity) if meant > 0.0 else 0.0
        return ordinary, self.place.whole(Channel.CREATED_PLACES) + meant - ordinary

    def free_places(self, in_use: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return free places by pool (before, policy, associations), int64, shape (3,)."""
        ordinary, created = self.policy_places()
        free = [
            self.places_before() - int(in_use[EXISTING]),
            int(ordinary + created + 0.5) - int(in_use[ORDINARY] + in_use[CREATED]),
            int(self.place.whole(Channel.ASSOCIATION_PLACES) + 0.5) - int(in_use[ASSOCIATION]),
        ]
        return np.array([max(0, one) for one in free], dtype=np.int64)

    def free_offers(self, in_use: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return what is free of each offer, int64, shape (4,); kept jobs fall due evenly over the months."""
        free = [0] * OFFERS
        if self.model.burning:
            return np.array(free, dtype=np.int64)
        for what, channel in (
            (SUBSIDISED_JOB, Channel.SUBSIDISED_PLACES),
            (ADULT_EDUCATION, Channel.EDUCATION_PLACES),
            (SFI, Channel.SFI_PLACES),
        ):
            free[what] = max(0, int(self.place.whole(channel) + 0.5) - int(in_use[what]))
        due, months = self.place.whole(Channel.RESERVED_HIRES), self.model.month - self.place.inputs.start
        free[KEPT_JOB] = int((months + 1) * due) - int(months * due)
        return np.array(free, dtype=np.int64)


class SocialServices(Institution):
    """The social services: test and pay assistance, with the delay that a reorganisation adds."""

    def delay(self) -> NDArray[np.float64]:
        """Return extra days of processing by segment."""
        return self.place.channel(Channel.ASSISTANCE_DAYS)


class Employer(Institution):
    """All employers of one field: they hold vacancies by skill tier, post new ones and fill them."""

    def __init__(self, model: "LabourMarketModel", place: "Place", sector: int) -> None:
        """Create the employers of field ``sector`` in a municipality."""
        super().__init__(model, place)
        self.cells = sector * TIERS, (sector + 1) * TIERS

    def post(self) -> None:
        """Carry unfilled vacancies over, post new ones and those that job changers leave, less those that
        places have taken beforehand."""
        post([self])

    def rates(self, search: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return hires per unit of search weight in this employer's cells."""
        return hires_per_search([self], search)


def post(employers: Sequence[Employer]) -> None:
    """Let employers of a municipality whose cells follow on each other post vacancies, all at once."""
    place = employers[0].place
    state, p = place.state, place.p
    demand = p.demand_multiplier * place.whole(Channel.OPENINGS)
    market = state.vacancies, state.hires, state.moves, state.filled, state.owed
    first, last = employers[0].cells[0], employers[-1].cells[1]
    post_vacancies(place.tables, market, state.openings * demand, first, last)


def hires_per_search(employers: Sequence[Employer], search: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return hires per unit of search weight in the cells of such employers, all at once."""
    place = employers[0].place
    first, last = employers[0].cells[0], employers[-1].cells[1]
    return hiring_rates(place.tables, place.state.vacancies, search, first, last)
