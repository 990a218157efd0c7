"""AF's office, the municipality's labour-market unit, and the municipality that keeps the books."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

import mesa

from reference.offers import persons_in, subsidised_places_in_use
from reference.places import holds_place
from sim.core.exact import exponential
from sim.model.columns import Activity, Workplace
from sim.policy.channels import Channel
from sim.policy.compiled import CostLine

if TYPE_CHECKING:
    from reference.town import Town
    from reference.world import ReferenceWorld


class Institution(mesa.Agent):
    """An organisation of a municipality."""

    model: "ReferenceWorld"

    def __init__(self, town: "Town") -> None:
        super().__init__(town.world)
        self.town = town


class EmploymentService(Institution):
    """AF's office: hours of contact per client, and room in its activities."""

    @property
    def usual_hours(self) -> float:
        return self.town.p.coach_hours / self.town.p.af_caseload

    def hours(self, segment: int) -> float:
        return self.usual_hours / self.town.channel(Channel.AF_CASELOAD, segment)

    def room(self, asked: int) -> int:
        """Return the entries to training and practice this month: all asked for in the burn-in, and then its
        last year's mean times the capacity."""
        town = self.town
        if town.burning:
            return asked
        capacity = town.p.activity_capacity * town.whole(Channel.ACTIVITY_CAPACITY)
        return max(1, int(capacity * town.steady_starts / town.steady_months + 0.5))


class LabourMarketUnit(Institution):
    """The municipality's unit: coaches with a caseload, plans and places."""

    clients = 0
    queue = 0
    kept_coaches = 1.0
    """Full-time coaches after the burn-in."""

    def __init__(self, town: "Town") -> None:
        super().__init__(town)
        self.clients_of: dict[int, int] = {}
        """Last month's clients by segment."""

    def hours(self, segment: int) -> float:
        """Return coach hours per client and month, net of planning."""
        town, p = self.town, self.town.p
        caseload = p.unit_caseload if town.burning else max(1.0, self.clients) / self.kept_coaches
        hours = p.coach_hours * (1.0 - p.plan_time_share) / caseload
        return hours / town.channel(Channel.CASELOAD, segment)

    def plan_capacity(self) -> int:
        """Return the plans that the coaches can make this month; in the burn-in staff follows the clients."""
        town, p = self.town, self.town.p
        needed = max(1.0, (self.clients + self.queue) / p.unit_caseload)
        segments = range(town.segments)
        staff = self.mean([1.0 / town.channel(Channel.CASELOAD, segment) for segment in segments])
        plan_time = self.mean([town.channel(Channel.PLAN_TIME, segment) for segment in segments])
        coaches = (needed if town.burning else self.kept_coaches) * staff
        return int(coaches * p.coach_hours * p.plan_time_share / (p.plan_hours * plan_time))

    def mean(self, values: list[float]) -> float:
        """Return the mean over last month's clients; over segments if there were none."""
        weights = [self.clients_of.get(segment, 0) for segment in range(len(values))]
        if sum(weights) == 0:
            return math.fsum(values) / len(values)
        return math.fsum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)

    def places_in_use(self, *workplaces: Workplace) -> int:
        return sum(person.contract in workplaces for person in self.town.residents() if holds_place(person))

    def free_places(self) -> tuple[int, int, int]:
        """Return free places of before, of the policy and in associations."""
        town, p = self.town, self.town.p
        before = p.starting_places if p.starting_places > 0.0 else p.baseline_places * town.per_residents
        ordinary, created = self.policy_places()
        associations = town.whole(Channel.ASSOCIATION_PLACES)
        return (
            max(0, int(before + 0.5) - self.places_in_use(Workplace.EXISTING)),
            max(0, int(ordinary + created + 0.5) - self.places_in_use(Workplace.ORDINARY, Workplace.CREATED)),
            max(0, int(associations + 0.5) - self.places_in_use(Workplace.ASSOCIATION)),
        )

    def policy_places(self) -> tuple[float, float]:
        """Return ordinary and created places: ordinary workplaces run out, and the rest of the places that
        were meant for them are created."""
        town = self.town
        meant, capacity = town.whole(Channel.ORDINARY_PLACES), town.p.ordinary_capacity * town.per_residents
        ordinary = capacity * (1.0 - exponential(-meant / capacity)) if capacity > 0.0 else 0.0
        return ordinary, town.whole(Channel.CREATED_PLACES) + meant - ordinary


class Municipality(Institution):
    """The municipality: pays the policy's costs and its part of benefits, and takes part in equalisation."""

    def pay_policy(self) -> None:
        town, month = self.town, self.model.month
        for line in town.costs:
            name = f"cost_{line.lever}_{'investment' if line.kind == 'investment' else 'running'}"
            town.tally.setdefault(name, 0.0)
            if line.first <= month <= line.last:
                amount = line.ore_per_unit * self.volume(line)
                town.tally[name] += amount / 100.0
                self.share(line.kind, amount, line.shares)

    def volume(self, line: CostLine) -> int:
        """Return this month's units of a cost."""
        town, unit = self.town, self.town.unit
        people = town.residents()
        counted: dict[str, Callable[[], int]] = {
            "client": lambda: sum(p.planned and is_meant(p.segment, line) for p in people),
            "af_client": lambda: sum(p.unemployed and is_meant(p.segment, line) for p in people),
            "month": lambda: 1,
            "once": lambda: int(self.model.month == line.first),
            "plan": lambda: int(town.tally["plans"]),
            "place_in_use": lambda: unit.places_in_use(Workplace.ORDINARY, Workplace.CREATED),
            "association_place": lambda: unit.places_in_use(Workplace.ASSOCIATION),
            "subsidised_place": lambda: subsidised_places_in_use(town),
            "education_participant": lambda: persons_in(town, Activity.EDUCATION),
            "sfi_participant": lambda: persons_in(town, Activity.VOCATIONAL_SFI),
            "track_participant": lambda: persons_in(town, Activity.TRACK),
            "duty_participant": lambda: sum(p.duty for p in people),
            "outreach_contact": lambda: int(town.tally["outreach_contacts"]),
        }
        return counted[line.unit]()

    def share(self, kind: str, amount: int, shares: tuple[tuple[str, float], ...]) -> None:
        """Book an amount by payer; the last one pays what rounding leaves."""
        left = amount
        for payer, share in shares[:-1]:
            part = round(amount * share)
            self.town.book(f"reform_{kind}_{payer}", part)
            left -= part
        self.town.book(f"reform_{kind}_{shares[-1][0]}", left)

    def share_benefits(self) -> None:
        """Pay a part of what the state pays to newcomers and to the registered, where a policy says so."""
        town, paid = self.town, self.town.ledger[self.model.month]
        to_newcomers = town.whole(Channel.NEWCOMER_PAYER) * paid["establishment_benefit"]
        to_registered = town.whole(Channel.COFINANCING) * (paid["activity_support"] + paid["insurance_grant"])
        town.book("newcomer_benefit_share", int(to_newcomers))
        town.book("cofinancing", int(to_registered))

    def equalise(self) -> None:
        """Give back the tax of two years ago beyond the share that equalisation leaves."""
        town = self.town
        back = town.ledger.get(self.model.month - 24)
        if back is None:
            return
        for level in ("municipal", "region"):
            tax = back[f"{level}_tax"]
            town.book(f"{level}_equalisation", tax - int(tax * town.p.equalisation_kept_share))


def is_meant(segment: int, line: CostLine) -> bool:
    """Whether a cost counts the clients of a segment; one that names none counts everybody's."""
    return not line.segments or segment in line.segments


def keep_ledger(town: "Town") -> None:
    town.municipality.pay_policy()
    town.municipality.share_benefits()
    town.municipality.equalise()
    town.tally["places_in_use"] = town.unit.places_in_use(*Workplace)
    town.tally["association_places_in_use"] = town.unit.places_in_use(Workplace.ASSOCIATION)
    town.tally["subsidised_places_in_use"] = subsidised_places_in_use(town)
