"""Vacancies and matching, cell by cell (field of work x skill tier), over the municipalities of an area."""

import math
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING

import mesa

from reference.hiring import STEPS, added_up, hire, is_candidate, place_of_job, spell_name
from reference.people import Resident
from reference.queues import all_alike, served
from reference.search import search
from sim.core.draws import Decision
from sim.core.exact import power
from sim.model.columns import SECTORS, TIERS
from sim.model.parameters import Parameters
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.town import Town
    from reference.world import ReferenceWorld

CELLS = list(product(range(SECTORS), range(TIERS)))
Cell = tuple[int, int]


class Employers(mesa.Agent):
    """All employers of a municipality: vacancies by cell, last month's hires, and what is newly posted."""

    model: "ReferenceWorld"

    def __init__(self, town: "Town") -> None:
        super().__init__(town.world)
        self.town = town
        self.vacancies = dict.fromkeys(CELLS, 0.0)
        self.owed = dict.fromkeys(CELLS, 0.0)
        self.openings = dict.fromkeys(CELLS, 0.0)
        self.filled = dict.fromkeys(CELLS, 0.0)
        self.hires = dict.fromkeys(CELLS, 0)
        self.moves = dict.fromkeys(CELLS, 0)
        self.freed = dict.fromkeys(CELLS, 0)

    def post(self) -> None:
        """V' = (V - hires)(1 - expiry) + v0 (q/q0)^e + r x job-to-job hires, after the burn-in."""
        p = self.town.p
        if self.model.burning:
            return
        demand = p.demand_multiplier * self.town.whole(Channel.OPENINGS)
        for cell in CELLS:
            response = 1.0
            if self.filled[cell] > 0.0:
                response = power(self.filled[cell] / p.filling_reference, p.vacancy_response)
            left = (self.vacancies[cell] - self.hires[cell]) * (1.0 - p.vacancy_expiry)
            new = self.openings[cell] * demand * response
            self.vacancies[cell] = left + new + p.vacancy_repost * self.moves[cell]
            settled = min(self.owed[cell], self.vacancies[cell])
            self.owed[cell] -= settled
            self.vacancies[cell] -= settled

    def lose_vacancies(self, taken: Counter[Cell]) -> None:
        """Remove vacancies that places, offers and tracks take from the ordinary market."""
        if self.model.burning:
            return
        for cell in CELLS:
            left = self.vacancies[cell] - taken[cell]
            self.owed[cell] += max(0.0, -left)
            self.vacancies[cell] = max(0.0, left)

    def meet(self, search: dict[Cell, float]) -> dict[Cell, float]:
        """Return hires per unit of search: in the burn-in the reference, else by matching or as held."""
        p = self.town.p
        if self.model.burning:
            for cell in CELLS:
                self.vacancies[cell] = p.job_finding_reference * search[cell] / p.filling_reference
            return dict.fromkeys(CELLS, p.job_finding_reference)
        if self.model.held_rates is not None:
            return dict(self.model.held_rates[self.model.month][self.town.index])
        return {
            cell: matches(search[cell], self.vacancies[cell], p) / search[cell] if search[cell] > 0.0 else 0.0
            for cell in CELLS
        }

    def settle(self) -> None:
        """Note how well vacancies were filled, and the positions that ended supported jobs have left."""
        for cell in CELLS:
            self.moves[cell] += self.freed[cell]
            vacancies = self.vacancies[cell]
            filled = self.hires[cell] / max(vacancies, 1e-9)
            self.filled[cell] = filled if vacancies > 0.0 else self.town.p.filling_reference
        self.town.tally["vacancies"] = math.fsum(self.vacancies.values())


def matches(search: float, vacancies: float, p: Parameters) -> float:
    """M = x V / (x^k + V^k)^(1/k), x = A S, with A such that q0 is filled at the reference rate."""
    k = p.matching_curvature
    x = p.job_finding_reference / power(1.0 - power(p.filling_reference, k), 1.0 / k) * search
    if x <= 0.0 or vacancies <= 0.0:
        return 0.0
    return x * vacancies / power(power(x, k) + power(vacancies, k), 1.0 / k)


def search_and_match(world: "ReferenceWorld") -> None:
    """Let everybody search in every municipality, with the strength of the tie to it, and hire in each."""
    rates = meet_everywhere(world)
    queues: dict[tuple[int, Cell], list[Resident]] = {}
    for town in world.towns:
        for person in town.residents():
            if person.unemployed:
                town.tally[f"registered_{spell_name(person)}"] += 1
            ties = world.ties[town.index]
            own = [tie * there[person.cell] for tie, there in zip(ties, rates, strict=True)]
            if is_candidate(person, added_up(own)):
                where = place_of_job(person, own, added_up(own))
                queues.setdefault((where, person.cell), []).append(person)
        town.employers.hires = dict.fromkeys(CELLS, 0)
        town.employers.moves = dict.fromkeys(CELLS, 0)
    capped = not world.burning and world.held_rates is None
    for (where, cell), queue in queues.items():
        employers = world.towns[where].employers
        room = int(employers.vacancies[cell]) if capped else len(queue)
        for person in served(queue, Decision.HIRE_ORDER, room, all_alike):
            hire(person, world.towns[where])
    for town in world.towns:
        town.employers.settle()


def meet_everywhere(world: "ReferenceWorld") -> list[dict[Cell, float]]:
    """Return hires per unit of search by municipality of the job: those of S(m) = sum of t(h, m) W(h)."""
    totals = [dict.fromkeys(CELLS, 0) for _ in world.towns]
    for town, total in zip(world.towns, totals, strict=True):
        for person in town.everyone():
            search(person)
            total[person.cell] += person.weight
    searches = [dict.fromkeys(CELLS, 0.0) for _ in world.towns]
    for home, total in enumerate(totals):
        for market, search_there in enumerate(searches):
            for cell in CELLS:
                search_there[cell] += world.ties[home][market] * (total[cell] / STEPS)
    return [town.employers.meet(searches[town.index]) for town in world.towns]
