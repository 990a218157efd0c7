"""Jobs that end, registration with AF, and exits from AF to other things than work."""

from typing import TYPE_CHECKING

from reference.people import YEAR, Resident, months_drawn
from sim.core.draws import Decision
from sim.model.columns import Activity, Status
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.town import Town


def separate_jobs(town: "Town") -> None:
    for person in town.residents():
        if person.status != Status.EMPLOYED:
            continue
        if person.draw(Decision.SEPARATION) < separation_rate(person):
            town.tally["separations"] += 1
            lose_job(person)
        elif person.contract == 1 and person.draw(Decision.PERMANENT_CONTRACT) < town.p.permanent_rate:
            person.contract = 0


def separation_rate(person: Resident) -> float:
    p = person.p
    rate = p.separation_temporary if person.contract == 1 else p.separation_permanent
    if person.tier == 2:
        rate = rate * (2.0 / 3.0)
    return rate * person.town.season


def lose_job(person: Resident) -> None:
    if person.draw(Decision.REGISTRATION) < person.p.register_share:
        person.enter_register()
        person.town.tally["af_inflow_from_work"] += 1
    else:
        person.leave_register(Status.OUTSIDE)


def register_people(town: "Town") -> None:
    for person in town.residents():
        if person.registered and person.unemployed:
            stay_registered(person)
        elif person.status == Status.STUDYING and person.model.month >= person.study_end:
            finish_studies(person)
        elif person.status == Status.OUTSIDE and person.other_income == 0:
            if is_reached(person):
                town.tally["outreach_contacts"] += 1
                follow_outreach(person)
            elif begins_to_seek(person):
                person.enter_register()


def is_reached(person: Resident) -> bool:
    """Outreach finds people under 25."""
    return person.age < 25 * YEAR and person.draw(Decision.OUTREACH) < person.channel(Channel.OUTREACH)


def follow_outreach(person: Resident) -> None:
    """Go to studies, always under 18 and else with a probability, or register; on the draw of outreach."""
    studying = person.channel(Channel.OUTREACH) * person.channel(Channel.OUTREACH_STUDY)
    if person.age < 18 * YEAR or person.draw(Decision.OUTREACH) < studying:
        begin_studies(person)
    else:
        person.enter_register()


def begins_to_seek(person: Resident) -> bool:
    """Adults outside the labour force register with a seasonal rate, unless they live on another benefit,
    and those on assistance more often under an activation requirement."""
    if person.age < 18 * YEAR:
        return False
    rate = person.p.outside_entry_rate * person.town.season
    if person.household.assistance:
        rate = rate + person.channel(Channel.DUTY) * person.p.duty_register_rate
    return person.draw(Decision.OUTSIDE_ENTRY) < rate


def stay_registered(person: Resident) -> None:
    """The spell grows from the month after registration, and may end for other reasons than work, except
    for those in establishment."""
    p = person.p
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
        begin_studies(person)
    else:
        person.leave_register(Status.OUTSIDE)


def begin_studies(person: Resident) -> None:
    person.leave_register(Status.STUDYING)
    length = months_drawn(person.draw(Decision.STUDY_END), person.p.study_months)
    person.study_end = person.model.month + length


def finish_studies(person: Resident) -> None:
    if person.draw(Decision.STUDY_REGISTRATION) < person.p.study_register_share:
        person.enter_register()
    else:
        person.leave_register(Status.OUTSIDE)
