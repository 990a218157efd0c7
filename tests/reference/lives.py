"""Ageing, arrivals, retirement and moves."""

from typing import TYPE_CHECKING

from reference.people import YEAR, Resident
from sim.core.draws import Decision
from sim.model.columns import Case, Origin, Presence, Status

if TYPE_CHECKING:
    from reference.town import Town


def age_and_move(town: "Town") -> None:
    for person in town.everyone():
        if person.presence == Presence.NOT_YET and person.model.month >= person.arrival:
            arrive(person)
        if person.here:
            if person.age >= 65 * YEAR or moves_away(person):
                depart(person)
            else:
                live_a_month(person)


def arrive(person: Resident) -> None:
    person.presence = Presence.HERE
    person.group = person.report_group(person.model.month)
    if person.registered:
        person.contact = person.model.month


def moves_away(person: Resident) -> bool:
    """A household moves as one, after the burn-in, on one draw and by the age of its reference person."""
    if person.model.burning:
        return False
    house, p = person.household, person.p
    rate = p.move_out_young if house.reference.age < 30 * YEAR else p.move_out_old
    return person.model.draw(Decision.MOVE_OUT, house.id) < rate


def depart(person: Resident) -> None:
    person.presence = Presence.GONE
    person.status = Status.OUTSIDE
    person.registered = False
    person.case = Case.NONE
    person.client = False


def live_a_month(person: Resident) -> None:
    world = person.model
    if person.origin == Origin.NEWCOMER and person.permit is not None and world.month - person.permit >= 24:
        person.origin = Origin.ESTABLISHED
    if person.swedish < 4 and person.draw(Decision.SWEDISH_PROGRESS) < pace_of_swedish(person):
        person.swedish += 1
    person.in_status += 1


def pace_of_swedish(person: Resident) -> float:
    """The monthly rate of a step in Swedish, faster with vocational Swedish."""
    p = person.p
    return p.swedish_rate * p.sfi_pace if person.language else p.swedish_rate
