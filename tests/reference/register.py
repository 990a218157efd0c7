"""Jobs that end, registration with AF, and exits from AF to other things than work."""

from typing import TYPE_CHECKING

from reference.people import YEAR, Resident, months_drawn
from sim.core.draws import Decision
from sim.model.columns import Activity, Status

if TYPE_CHECKING:
    from reference.world import ReferenceWorld


def separate_jobs(world: "ReferenceWorld") -> None:
    world.tally["separations"] = 0
    for person in world.residents():
        if person.status != Status.EMPLOYED:
            continue
        if person.draw(Decision.SEPARATION) < separation_rate(person):
            world.tally["separations"] += 1
            lose_job(person)
        elif person.contract == 1 and person.draw(Decision.PERMANENT_CONTRACT) < world.p.permanent_rate:
            person.contract = 0


def separation_rate(person: Resident) -> float:
    p = person.model.p
    rate = p.separation_temporary if person.contract == 1 else p.separation_permanent
    if person.tier == 2:
        rate = rate * (2.0 / 3.0)
    return rate * person.model.season


def lose_job(person: Resident) -> None:
    if person.draw(Decision.REGISTRATION) < person.model.p.register_share:
        person.enter_register()
        person.model.tally["af_inflow_from_work"] += 1
    else:
        person.leave_register(Status.OUTSIDE)


def register_people(world: "ReferenceWorld") -> None:
    for person in world.residents():
        if person.registered and person.unemployed:
            stay_registered(person)
        elif person.status == Status.STUDYING and world.month >= person.study_end:
            finish_studies(person)
        elif person.status == Status.OUTSIDE and begins_to_seek(person):
            person.enter_register()


def begins_to_seek(person: Resident) -> bool:
    """People outside the labour force register with a seasonal rate, unless they live on another benefit."""
    if person.age < 18 * YEAR or person.other_income > 0:
        return False
    rate = person.model.p.outside_entry_rate * person.model.season
    return person.draw(Decision.OUTSIDE_ENTRY) < rate


def stay_registered(person: Resident) -> None:
    """The spell grows from the month after registration, and may end for other reasons than work, except
    for those in establishment."""
    p = person.model.p
    registered_this_month = person.in_status == 0 and person.spell == 0
    if registered_this_month:
        return
    person.spell += 1
    if person.status == Status.ACTIVITY and person.activity == Activity.ESTABLISHMENT:
        return
    if person.draw(Decision.REGISTER_EXIT) >= p.register_exit_rate:
        return
    person.client = False
    if person.age < 45 * YEAR and person.draw(Decision.STUDY_START) < p.exit_to_study_share:
        person.leave_register(Status.STUDYING)
        length = months_drawn(person.draw(Decision.STUDY_END), p.study_months)
        person.study_end = person.model.month + length
    else:
        person.leave_register(Status.OUTSIDE)


def finish_studies(person: Resident) -> None:
    if person.draw(Decision.STUDY_REGISTRATION) < person.model.p.study_register_share:
        person.enter_register()
    else:
        person.leave_register(Status.OUTSIDE)
