"""AF's office, the municipality's labour-market unit, and the municipality that keeps the books."""

import math
from typing import TYPE_CHECKING

import mesa

from reference.activities import CREATED, EXISTING, ORDINARY, holds_place
from sim.model.columns import SEGMENTS
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.world import ReferenceWorld


class EmploymentService(mesa.Agent):
    """AF's office: hours of contact per client, and room in its activities."""

    model: "ReferenceWorld"

    @property
    def usual_hours(self) -> float:
        return self.model.p.coach_hours / self.model.p.af_caseload

    def hours(self, segment: int) -> float:
        return self.usual_hours / self.model.channel(Channel.AF_CASELOAD, segment)

    def room(self, asked: int) -> int:
        """Return the entries to training and practice this month: all asked for in the burn-in, and then its
        last year's mean times the capacity."""
        world = self.model
        if world.burning:
            return asked
        mean = world.p.activity_capacity * world.steady_starts / world.steady_months
        return max(1, int(mean + 0.5))


class LabourMarketUnit(mesa.Agent):
    """The municipality's unit: coaches with a caseload, plans and places."""

    model: "ReferenceWorld"
    clients = 0
    queue = 0
    kept_coaches = 1.0
    """Full-time coaches after the burn-in."""

    def hours(self, segment: int) -> float:
        """Return coach hours per client and month, net of planning."""
        world, p = self.model, self.model.p
        caseload = p.unit_caseload if world.burning else max(1.0, self.clients) / self.kept_coaches
        hours = p.coach_hours * (1.0 - p.plan_time_share) / caseload
        return hours / world.channel(Channel.CASELOAD, segment)

    def plan_capacity(self) -> int:
        """Return the plans that the coaches can make this month; in the burn-in staff follows the clients."""
        world, p = self.model, self.model.p
        coaches = (
            max(1.0, (self.clients + self.queue) / p.unit_caseload) if world.burning else self.kept_coaches
        )
        coaches = (
            coaches * math.fsum(1.0 / world.channel(Channel.CASELOAD, s) for s in range(SEGMENTS)) / SEGMENTS
        )
        plan_time = math.fsum(world.channel(Channel.PLAN_TIME, s) for s in range(SEGMENTS)) / SEGMENTS
        return int(coaches * p.coach_hours * p.plan_time_share / (p.plan_hours * plan_time))

    def places_in_use(self, *workplaces: int) -> int:
        return sum(person.contract in workplaces for person in self.model.residents() if holds_place(person))

    def free_places_of_before(self) -> int:
        return max(0, int(self.model.p.baseline_places + 0.5) - self.places_in_use(EXISTING))

    def free_places_of_policy(self) -> int:
        ordinary, created = self.policy_places()
        return max(0, int(ordinary + created + 0.5) - self.places_in_use(ORDINARY, CREATED))

    def policy_places(self) -> tuple[float, float]:
        world = self.model
        return world.channel(Channel.ORDINARY_PLACES, 0), world.channel(Channel.CREATED_PLACES, 0)


class Municipality(mesa.Agent):
    """The municipality: pays the policy's costs, and takes part in income equalisation."""

    model: "ReferenceWorld"

    def pay_policy(self) -> None:
        world, unit = self.model, self.model.unit
        places = unit.places_in_use(ORDINARY, CREATED)
        volumes = {
            "month": 1,
            "client": unit.clients,
            "plan": int(world.tally["plans"]),
            "place_in_use": places,
        }
        for line in world.costs:
            if not line.first <= world.month <= line.last:
                continue
            volume = int(world.month == line.first) if line.unit == "once" else volumes[line.unit]
            self.share(line.kind, line.ore_per_unit * volume, line.shares)

    def share(self, kind: str, amount: int, shares: tuple[tuple[str, float], ...]) -> None:
        """Book an amount by payer; the last one pays what rounding leaves."""
        left = amount
        for payer, share in shares[:-1]:
            part = round(amount * share)
            self.model.book(f"reform_{kind}_{payer}", part)
            left -= part
        self.model.book(f"reform_{kind}_{shares[-1][0]}", left)

    def equalise(self) -> None:
        """Give back the tax of two years ago beyond the share that equalisation leaves."""
        world = self.model
        back = world.ledger.get(world.month - 24)
        if back is None:
            return
        for level in ("municipal", "region"):
            tax = back[f"{level}_tax"]
            world.book(f"{level}_equalisation", tax - int(tax * world.p.equalisation_kept_share))
