"""Progress through activities, places and subsidised jobs, and what they leave behind."""

from typing import TYPE_CHECKING

from reference.activities import ORDINARY
from reference.people import YEAR, Resident
from sim.core.draws import Decision
from sim.model.columns import Activity, Status
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.world import ReferenceWorld

GAIN_CEILING = 2.0


def advance_activities(world: "ReferenceWorld") -> None:
    for person in world.residents():
        person.glow = max(0, person.glow - 1)
        if person.status == Status.ACTIVITY:
            advance_participant(person)
        elif person.status in (Status.PLACEMENT, Status.SUBSIDISED):
            advance_supported_job(person)
        elif person.status == Status.OPEN:
            consider_guarantee(person)
        note_contact(person)


def advance_participant(person: Resident) -> None:
    world, p = person.model, person.model.p
    if person.activity == Activity.ESTABLISHMENT:
        if person.permit is None or world.month - person.permit >= 24:
            person.back_to_search()
        return
    began_this_month = person.in_status == 0
    if began_this_month:
        return
    if person.activity == Activity.GUIDANCE:
        if person.draw(Decision.ACTIVITY_DROP_OUT) < p.guidance_exit_rate:
            person.back_to_search()
        return
    person.left -= 1
    if person.left <= 0:
        complete(person, lasting_gain(person), world.channel(Channel.ACTIVITY_FIT, person.segment))
        person.back_to_search()
    elif person.draw(Decision.ACTIVITY_DROP_OUT) < p.drop_out_rate:
        person.back_to_search()


def lasting_gain(person: Resident) -> float:
    p = person.model.p
    if person.activity == Activity.TRAINING:
        return p.training_gain
    if person.activity == Activity.PRACTICE:
        return p.practice_gain
    return p.ordinary_place_gain if person.contract == ORDINARY else p.created_place_gain


def complete(person: Resident, gain: float, fit: float) -> None:
    """Raise search success for good, more with a better fit, and for some months on top."""
    p = person.model.p
    person.gain = min(GAIN_CEILING, person.gain * (1.0 + gain * (1.0 + p.fit_gain * fit)))
    person.glow = int(p.glow_months + 0.5)


def advance_supported_job(person: Resident) -> None:
    p = person.model.p
    began_this_month = person.in_status == 0
    if began_this_month:
        return
    person.left -= 1
    if person.left > 0:
        return
    if person.status == Status.PLACEMENT:
        complete(person, lasting_gain(person), 0.0)
        share = p.place_conversion_share
    else:
        share = p.subsidised_conversion
    if person.draw(Decision.CONVERSION) < share:
        person.change(Status.EMPLOYED)
        person.contract = 1
        person.client = False
    else:
        person.enter_register()


def consider_guarantee(person: Resident) -> None:
    """Those without insurance enter the job and development guarantee, the young theirs."""
    if person.insurance_days == 0 and person.spell >= 14:
        person.begin(Activity.GUIDANCE, 0)
        return
    youth = person.age < 25 * YEAR and person.spell >= 3
    if youth and person.draw(Decision.YOUTH_GUARANTEE) < person.model.p.guarantee_youth_rate:
        person.begin(Activity.GUIDANCE, 0)


def note_contact(person: Resident) -> None:
    """Within 90 days of the first contact, note work, an activity or studies."""
    if person.contact is None or person.model.month - person.contact > 3:
        return
    if person.at_work or person.status in (Status.ACTIVITY, Status.STUDYING):
        person.reached = True
