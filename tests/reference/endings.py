"""Progress through activities, places and subsidised jobs, and what they leave behind."""

from typing import TYPE_CHECKING

from reference.activities import ORDINARY
from reference.market import CELLS
from reference.people import YEAR, Resident
from sim.core.draws import Decision
from sim.model.columns import Activity, Case, Status
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.world import ReferenceWorld

GAIN_CEILING = 2.0
REACHING = (Activity.TRAINING, Activity.PRACTICE, Activity.MUNICIPAL_PRACTICE)
"""Activities that count as reached; guidance and establishment do not."""


def advance_activities(world: "ReferenceWorld") -> None:
    world.employers.freed = dict.fromkeys(CELLS, 0)
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
        planned = person.case == Case.ACTIVE
        fit = world.channel(Channel.ACTIVITY_FIT, person.segment) if planned else 0.0
        complete(person, lasting_gain(person), fit)
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
    """Change search success for good, the better the fit, and raise it for some months on top."""
    p = person.model.p
    effect = gain + p.fit_gain * fit * abs(gain)
    person.gain = min(GAIN_CEILING, person.gain * (1.0 + effect))
    person.glow = int(p.glow_months + 0.5)


def advance_supported_job(person: Resident) -> None:
    """A place ends in the register; a subsidised job there or as an ordinary job."""
    world = person.model
    began_this_month = person.in_status == 0
    if began_this_month:
        return
    person.left -= 1
    if person.left > 0:
        return
    subsidised = person.status == Status.SUBSIDISED
    if subsidised and person.draw(Decision.CONVERSION) < world.p.subsidised_conversion:
        person.change(Status.EMPLOYED)
        person.contract = 1
        person.spell = 0
        person.client = False
        return
    if not subsidised:
        complete(person, lasting_gain(person), 0.0)
    if person.took:
        world.employers.freed[person.cell] += 1
        person.took = 0
    person.return_to_register()
    world.tally["af_returns"] += 1


def consider_guarantee(person: Resident) -> None:
    """Those without insurance enter the job and development guarantee, the young theirs."""
    if person.insurance_days == 0 and person.spell >= 14:
        person.begin(Activity.GUIDANCE, 0)
        return
    youth = person.age < 25 * YEAR and person.spell >= 3
    if youth and person.draw(Decision.YOUTH_GUARANTEE) < person.model.p.guarantee_youth_rate:
        person.begin(Activity.GUIDANCE, 0)


def note_contact(person: Resident) -> None:
    """Within 90 days of the first contact, note work, studies, training or practice of any kind."""
    if person.contact is None or person.model.month - person.contact > 3:
        return
    trains = person.status == Status.ACTIVITY and person.activity in REACHING
    if person.at_work or person.status == Status.STUDYING or trains:
        person.reached = True
