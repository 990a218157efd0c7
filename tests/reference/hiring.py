"""Who would be hired at which rate, and what happens to those who are."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from reference.people import Resident, months_drawn
from sim.core.draws import Decision
from sim.core.exact import exponential
from sim.model.columns import Origin, Reason, Status

if TYPE_CHECKING:
    from reference.town import Town

STEPS = 2**20
"""Search weights are whole numbers of this fineness, so that their sum has no order."""
SPELLS = {
    "0_2": range(3),
    "3_5": range(3, 6),
    "6_11": range(6, 12),
    "12_23": range(12, 24),
    "24_plus": range(24, 999),
}
"""Classes of months in the spell, by which the registered and the hired of them are counted."""


def added_up(values: Iterable[float]) -> float:
    """Return the plain sum in the order given: the built-in one corrects for rounding."""
    total = 0.0
    for value in values:
        total += value
    return total


def spell_name(person: Resident) -> str:
    """Return the class of months in the spell."""
    return next(name for name, months in SPELLS.items() if person.spell in months)


def is_candidate(person: Resident, rate: float) -> bool:
    """A candidate with probability 1 - exp(-w M/S), found by contacts alone if it would not be one with
    today's; who would be one without lock-in or policy is noted."""
    u = person.draw(Decision.HIRE)
    if reaches(person.weight, rate, u):
        person.found = person.unemployed and not reaches(person.weight_alone, rate, u)
        return True
    if person.unemployed:
        if reaches(person.weight_free, rate, u):
            person.reason = Reason.HELD
            person.town.tally["held_losses"] += person.client
        elif reaches(person.weight_calm, rate, u):
            person.reason = Reason.DELAYED
            person.town.tally["delayed_losses"] += person.client
    return False


def reaches(weight: int, rate: float, u: float) -> bool:
    return exponential(-(weight * (rate / STEPS))) < 1.0 - u


def place_of_job(person: Resident, rates: Sequence[float], total: float) -> int:
    """Return the number of the municipality of the job, each with its share of the total rate."""
    mark, reached = person.draw(Decision.COMMUTE) * total, 0.0
    for number, rate in enumerate(rates):
        reached += rate
        if mark < reached:
            return number
    return len(rates) - 1


def hire(person: Resident, where: "Town") -> None:
    """Let a candidate take a job somewhere, and leave another where the person had one."""
    town = person.town
    if person.status == Status.EMPLOYED or person.took:
        old = town if person.market is None else person.market
        old.employers.moves[person.cell] += 1
        person.took = False
    if person.unemployed:
        town.tally["exits_to_work"] += 1
        town.tally[f"exits_{spell_name(person)}"] += 1
        town.tally["exits_to_work_clients"] += person.client
    where.employers.hires[person.cell] += 1
    town.tally["hires"] += 1
    town.tally["subsidised_hires"] += begin_job(person)
    person.market = None if where is town else where


def begin_job(person: Resident) -> bool:
    """Put a person into a job at home; return whether it is subsidised, as it may be for long-registered
    people and newcomers, more often where contacts alone found it."""
    p = person.p
    share = p.subsidised_share
    if person.found:
        share = p.contact_subsidised_learners if person.learns_swedish else p.contact_subsidised_share
    entitled = person.unemployed and (person.spell >= 12 or person.origin == Origin.NEWCOMER)
    subsidised = entitled and person.draw(Decision.SUBSIDY) < share
    if subsidised:
        person.begin_supported_job(Status.SUBSIDISED)
        person.left = months_drawn(person.draw(Decision.SUBSIDY_LENGTH), p.subsidised_months)
    else:
        person.leave_register(Status.EMPLOYED)
    person.contract = 1 if person.draw(Decision.CONTRACT) < p.temporary_share else 0
    person.assigned = False
    person.reason = Reason.NONE
    person.client = False
    return subsidised
