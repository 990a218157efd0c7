"""Job search, matching and vacancies, cell by cell (field of work x skill tier)."""

import math
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

import mesa

from reference.people import YEAR, Resident, months_drawn
from sim.core.draws import Decision
from sim.core.exact import exponential, power
from sim.model.columns import SECTORS, TIERS, Activity, Case, Origin, Reason, Status
from sim.model.parameters import Parameters
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.world import ReferenceWorld

STEPS = 2**20
"""Search weights are whole numbers of this fineness, so that their sum has no order."""
CELLS = list(product(range(SECTORS), range(TIERS)))
Cell = tuple[int, int]
SPELLS = {
    "0_2": range(3),
    "3_5": range(3, 6),
    "6_11": range(6, 12),
    "12_23": range(12, 24),
    "24_plus": range(24, 999),
}
"""Classes of months in the spell, by which the registered and the hired of them are counted."""


class Employers(mesa.Agent):
    """All employers: vacancies by cell, last month's hires, and how many vacancies are newly posted."""

    model: "ReferenceWorld"

    def __init__(self, model: "ReferenceWorld") -> None:
        super().__init__(model)
        self.vacancies = dict.fromkeys(CELLS, 0.0)
        self.openings = dict.fromkeys(CELLS, 0.0)
        self.filled = dict.fromkeys(CELLS, 0.0)
        self.hires = dict.fromkeys(CELLS, 0)
        self.moves = dict.fromkeys(CELLS, 0)
        self.freed = dict.fromkeys(CELLS, 0)

    def post(self) -> None:
        """V' = (V - hires)(1 - expiry) + v0 (q/q0)^e + r x job-to-job hires, after the burn-in."""
        p = self.model.p
        if self.model.burning:
            return
        for cell in CELLS:
            response = 1.0
            if self.filled[cell] > 0.0:
                response = power(self.filled[cell] / p.filling_reference, p.vacancy_response)
            left = (self.vacancies[cell] - self.hires[cell]) * (1.0 - p.vacancy_expiry)
            new = self.openings[cell] * p.demand_multiplier * response
            self.vacancies[cell] = left + new + p.vacancy_repost * self.moves[cell]

    def take_vacancies(self, taken: Counter[Cell]) -> None:
        """Remove vacancies that municipal wage places take from the ordinary market."""
        for cell in CELLS:
            self.vacancies[cell] = max(0.0, self.vacancies[cell] - taken[cell])

    def meet(self, search: dict[Cell, float]) -> dict[Cell, float]:
        """Return hires per unit of search: in the burn-in the reference, else by matching or as held."""
        p = self.model.p
        if self.model.burning:
            for cell in CELLS:
                self.vacancies[cell] = p.job_finding_reference * search[cell] / p.filling_reference
            return dict.fromkeys(CELLS, p.job_finding_reference)
        if self.model.held_rates is not None:
            return self.model.held_rates[self.model.month]
        return {
            cell: matches(search[cell], self.vacancies[cell], p) / search[cell] if search[cell] > 0.0 else 0.0
            for cell in CELLS
        }


def matches(search: float, vacancies: float, p: Parameters) -> float:
    """M = x V / (x^k + V^k)^(1/k), x = A S, with A such that q0 is filled at the reference rate."""
    k = p.matching_curvature
    x = p.job_finding_reference / power(1.0 - power(p.filling_reference, k), 1.0 / k) * search
    if x <= 0.0 or vacancies <= 0.0:
        return 0.0
    return x * vacancies / power(power(x, k) + power(vacancies, k), 1.0 / k)


def search_and_match(world: "ReferenceWorld") -> None:
    total = dict.fromkeys(CELLS, 0)
    for person in world.everyone():
        person.weight = 0
    for person in world.residents():
        search(person)
        total[person.cell] += person.weight
    employers = world.employers
    rates = employers.meet({cell: total[cell] / STEPS for cell in CELLS})
    candidates = [person for person in world.residents() if is_candidate(person, rates[person.cell])]
    for person in world.residents():
        if person.unemployed:
            world.tally[f"registered_{spell_name(person)}"] += 1
    employers.hires = dict.fromkeys(CELLS, 0)
    employers.moves = dict.fromkeys(CELLS, 0)
    for cell in CELLS:
        queue = [person for person in candidates if person.cell == cell]
        capped = not world.burning and world.held_rates is None
        room = int(employers.vacancies[cell]) if capped else len(queue)
        for person in world.served(queue, Decision.HIRE_ORDER, room):
            employers.hires[cell] += 1
            employers.moves[cell] += person.status == Status.EMPLOYED or person.took
            person.took = 0
            hire(person)
    for cell in CELLS:
        employers.moves[cell] += employers.freed[cell]
        vacancies = employers.vacancies[cell]
        filled = employers.hires[cell] / max(vacancies, 1e-9)
        employers.filled[cell] = filled if vacancies > 0.0 else world.p.filling_reference
    world.tally["vacancies"] = math.fsum(employers.vacancies.values())


def search(person: Resident) -> None:
    """Weight = effort x employability; of the registered also without lock-in and without policy."""
    if not person.unemployed:
        person.weight = int(other_effort(person) * employability(person) * STEPS)
        return
    world, p = person.model, person.model.p
    hours = world.service.hours(person.segment)
    if person.case in (Case.WAITING_DECISION, Case.ACTIVE):
        hours = hours + world.unit.hours(person.segment)
    effort = max(p.effort_floor, exponential(-p.effort_decay * person.spell))
    base = (
        employability(person)
        * effort
        * contact_effect(hours, p)
        / contact_effect(world.service.usual_hours, p)
    )
    if person.glow > 0:
        base = base * (1.0 + p.glow_gain)
    contact = world.channel(Channel.CONTACT, person.segment)
    lock = left_in_activity(person)
    person.weight = int(base * lock * contact * STEPS)
    person.weight_free = int(base * contact * STEPS)
    person.weight_calm = int(base * lock * STEPS)


def contact_effect(hours: float, p: Parameters) -> float:
    return 1.0 + p.contact_gain * hours / (hours + p.contact_half_hours)


def left_in_activity(person: Resident) -> float:
    """Return the share of search effort that an activity leaves: the lock-in."""
    p = person.model.p
    return {
        Activity.NONE: 1.0,
        Activity.GUIDANCE: p.search_guidance,
        Activity.TRAINING: p.search_training,
        Activity.PRACTICE: p.search_practice,
        Activity.MUNICIPAL_PRACTICE: p.search_practice,
        Activity.ESTABLISHMENT: p.search_establishment,
    }[person.activity]


def employability(person: Resident) -> float:
    p = person.model.p
    factor = person.ability * person.gain
    if person.origin != Origin.BORN_IN_SWEDEN:
        factor = factor * (1.0 - p.swedish_penalty * (4 - person.swedish))
    if person.origin == Origin.NEWCOMER:
        factor = factor * p.newcomer_factor
    if person.limitation:
        factor = factor * p.limitation_factor
    if person.age < 25 * YEAR:
        return factor * p.youth_factor
    return factor * p.older_factor if person.age >= 55 * YEAR else factor


def other_effort(person: Resident) -> float:
    """Return the effort of those who are not registered as unemployed."""
    p = person.model.p
    if person.status == Status.EMPLOYED:
        return p.effort_employed
    if person.age < 18 * YEAR:
        return 0.0
    if person.status == Status.STUDYING:
        soon_done = person.study_end - person.model.month <= 2
        return p.effort_fresh if soon_done else p.effort_studying
    if person.status == Status.OUTSIDE:
        if person.other_income > 0:
            return 0.0
        return p.effort_fresh if person.in_status < 6 else p.effort_outside
    return p.search_placement


def is_candidate(person: Resident, rate: float) -> bool:
    """A candidate with probability 1 - exp(-w M/S); who would be one without lock-in or policy is noted."""
    u = person.draw(Decision.HIRE)
    if reaches(person.weight, rate, u):
        return True
    if person.unemployed:
        if reaches(person.weight_free, rate, u):
            person.reason = Reason.HELD
            person.model.tally["held_losses"] += person.client
        elif reaches(person.weight_calm, rate, u):
            person.reason = Reason.DELAYED
            person.model.tally["delayed_losses"] += person.client
    return False


def spell_name(person: Resident) -> str:
    """Return the class of months in the spell."""
    return next(name for name, months in SPELLS.items() if person.spell in months)


def reaches(weight: int, rate: float, u: float) -> bool:
    return exponential(-(weight * (rate / STEPS))) < 1.0 - u


def hire(person: Resident) -> None:
    """Put a person into a job; long-registered people and newcomers may get a subsidised one."""
    world, p = person.model, person.model.p
    entitled = False
    if person.unemployed:
        world.tally["exits_to_work"] += 1
        world.tally[f"exits_{spell_name(person)}"] += 1
        world.tally["exits_to_work_clients"] += person.client
        entitled = person.spell >= 12 or person.origin == Origin.NEWCOMER
    if entitled and person.draw(Decision.SUBSIDY) < p.subsidised_share:
        world.tally["subsidised_hires"] += 1
        person.begin_supported_job(Status.SUBSIDISED)
        person.left = months_drawn(person.draw(Decision.SUBSIDY_LENGTH), p.subsidised_months)
    else:
        person.leave_register(Status.EMPLOYED)
    person.contract = 1 if person.draw(Decision.CONTRACT) < p.temporary_share else 0
    person.reason = Reason.NONE
    person.client = False
    world.tally["hires"] += 1
