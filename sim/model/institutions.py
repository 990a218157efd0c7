"""Institutions of the model: ordinary Mesa agents with behaviour, one set of each kind."""

import math
from typing import TYPE_CHECKING

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.model.columns import SEGMENTS, TIERS
from sim.model.ledger import KIND_INDEX, split
from sim.model.rules.hiring import efficiency, matches, vacancies_next
from sim.model.rules.planning import plans_a_month
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from sim.model.model import LabourMarketModel


class Institution(mesa.Agent):
    """An organisation in the model; it reads the policy's channels and the state through its model."""

    model: "LabourMarketModel"

    def channel(self, channel: Channel) -> NDArray[np.float64]:
        """Return a channel's value by segment this month, float64, shape (16,)."""
        return self.model.channels[:, channel]


class Municipality(Institution):
    """The municipality: keeps the books and pays for its part of the policy."""

    def book(self, kind: str, payer: str, amount: int) -> None:
        """Enter one cost of the policy, in öre, with its payer."""
        self.model.flows[KIND_INDEX[f"reform_{kind}_{payer}"]] += amount

    def pay_policy(self, clients: int, plans: int, places: int) -> None:
        """Enter this month's costs of the policy: fixed, per client, per plan and per place in use."""
        volumes = {"month": 1, "client": clients, "plan": plans, "place_in_use": places}
        for line in self.model.costs:
            if not line.first <= self.model.month <= line.last:
                continue
            if line.unit == "once":
                amount = line.ore_per_unit if self.model.month == line.first else 0
            else:
                amount = line.ore_per_unit * volumes[line.unit]
            for payer, part in split(amount, line.shares):
                self.book(line.kind, payer, part)

    def equalise(self) -> None:
        """Give back the tax of two years ago beyond the share that income equalisation leaves."""
        back = self.model.ledger_of(self.model.month - 24)
        if back is None:
            return
        for level in ("municipal", "region"):
            tax = int(back[KIND_INDEX[f"{level}_tax"]])
            kept = int(tax * self.model.p.equalisation_kept_share)
            self.model.flows[KIND_INDEX[f"{level}_equalisation"]] += tax - kept


class EmploymentService(Institution):
    """AF's local office: caseworkers with a caseload, and room in training and practice."""

    def hours(self) -> NDArray[np.float64]:
        """Return contact hours per client and month by segment."""
        p = self.model.p
        return (p.coach_hours / p.af_caseload) / self.channel(Channel.AF_CASELOAD)

    def activity_room(self) -> int:
        """Return the entries to training and practice that there is room for this month.

        In the burn-in there is room for all; then for the entries of its last year times the capacity.
        """
        state, p = self.model.state, self.model.p
        if self.model.burning:
            return state.residents.id.size
        return max(1, int(p.activity_capacity * state.activity_starts / max(1, state.reference_months) + 0.5))

    @property
    def reference_hours(self) -> float:
        """Contact hours per client and month without a policy."""
        return self.model.p.coach_hours / self.model.p.af_caseload


class LabourMarketUnit(Institution):
    """The municipality's labour-market unit (AME, Jobbtorg): coaches, plans and municipal places."""

    def coaches(self) -> float:
        """Return the coaches that the caseload channel implies."""
        state, p = self.model.state, self.model.p
        staff = (
            state.coaches
            if not self.model.burning
            else max(1.0, (state.clients + state.queue) / p.unit_caseload)
        )
        return staff * math.fsum(1.0 / self.channel(Channel.CASELOAD)) / SEGMENTS

    def hours(self) -> NDArray[np.float64]:
        """Return coach hours per client and month by segment, net of planning."""
        state, p = self.model.state, self.model.p
        caseload = p.unit_caseload if self.model.burning else max(1.0, state.clients) / state.coaches
        return (p.coach_hours * (1.0 - p.plan_time_share) / caseload) / self.channel(Channel.CASELOAD)

    def plan_capacity(self) -> int:
        """Return the plans that coaches can make this month."""
        return plans_a_month(
            self.coaches(), math.fsum(self.channel(Channel.PLAN_TIME)) / SEGMENTS, self.model.p
        )

    def free_places(self, in_use: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return free municipal places: those from before, and the policy's, int64, shape (2,)."""
        ordinary, created = self.policy_places()
        before = int(self.model.p.baseline_places + 0.5) - int(in_use[2])
        new = int(ordinary + created + 0.5) - int(in_use[0] + in_use[1])
        return np.maximum(np.array([before, new], dtype=np.int64), 0)

    def policy_places(self) -> tuple[float, float]:
        """Return the policy's ordinary and created places."""
        return float(self.channel(Channel.ORDINARY_PLACES)[0]), float(self.channel(Channel.CREATED_PLACES)[0])


class SocialServices(Institution):
    """The social services: test and pay assistance, with the delay that a reorganisation adds."""

    def delay(self) -> NDArray[np.float64]:
        """Return extra days of processing by segment."""
        return self.channel(Channel.ASSISTANCE_DAYS)


class Employer(Institution):
    """All employers of one field: they hold vacancies by skill tier, post new ones and fill them."""

    def __init__(self, model: "LabourMarketModel", sector: int) -> None:
        """Create the employers of field ``sector``."""
        super().__init__(model)
        self.cells = range(sector * TIERS, (sector + 1) * TIERS)

    def post(self) -> None:
        """Carry unfilled vacancies over, post new ones and those that job changers leave."""
        state, p = self.model.state, self.model.p
        demand = 1.0 if self.model.burning else p.demand_multiplier
        for cell in self.cells:
            state.vacancies[cell] = vacancies_next(
                state.vacancies[cell],
                int(state.hires[cell]),
                int(state.moves[cell]),
                state.openings[cell] * demand,
                state.filled[cell],
                p,
            )

    def rates(self, search: NDArray[np.float64]) -> list[float]:
        """Return hires per unit of search weight in this employer's cells."""
        state, p = self.model.state, self.model.p
        level = efficiency(p)
        found = (matches(level, search[c], state.vacancies[c], p.matching_curvature) for c in self.cells)
        return [m / search[c] if search[c] > 0.0 else 0.0 for m, c in zip(found, self.cells, strict=True)]
