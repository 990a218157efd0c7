"""Progress through activities, places and subsidised jobs, and what they leave behind."""

from collections import Counter
from typing import TYPE_CHECKING

from reference.hiring import begin_job
from reference.market import CELLS
from reference.people import IDLE, YEAR, Resident
from reference.places import Taken
from reference.tracks import JobTrack
from sim.core.draws import Decision
from sim.model.columns import Activity, Case, Status, Workplace
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.town import Town

GAIN_CEILING = 2.0


def advance_activities(town: "Town") -> None:
    town.employers.freed = dict.fromkeys(CELLS, 0)
    taken: Taken = Counter()
    for person in town.residents():
        person.glow = max(0, person.glow - 1)
        if person.status == Status.ACTIVITY:
            if person.activity == Activity.ESTABLISHMENT:
                end_establishment(person)
            elif person.in_status > 0:
                advance_participant(person, taken)
        elif person.status in (Status.PLACEMENT, Status.SUBSIDISED):
            advance_supported_job(person)
        elif person.status == Status.OPEN:
            consider_guarantee(person)
        note_contact(person)
    town.employers.lose_vacancies(taken)


def end_establishment(person: Resident) -> None:
    if person.permit is None or person.model.month - person.permit >= 24:
        person.back_to_search()


def advance_participant(person: Resident, taken: Taken) -> None:
    """An activity is completed when its length has passed; before that a monthly draw may end it. Guidance
    has no length."""
    track = person.track if person.activity == Activity.TRACK else None
    if person.activity != Activity.GUIDANCE:
        person.left -= 1
        if person.left <= 0:
            if track is not None:
                complete_track(person, track, taken)
            else:
                complete(person, lasting_gain(person), fit_of_plan(person))
                person.back_to_search()
            return
    if person.draw(Decision.ACTIVITY_DROP_OUT) < rate_of_leaving(person, track):
        person.back_to_search()


def rate_of_leaving(person: Resident, track: JobTrack | None) -> float:
    if track is not None:
        return track.track.drop_out_rate
    return person.p.guidance_exit_rate if person.activity == Activity.GUIDANCE else person.p.drop_out_rate


def fit_of_plan(person: Resident) -> float:
    """What is planned by the unit fits the better, the more the channel says."""
    return person.channel(Channel.ACTIVITY_FIT) if person.case == Case.ACTIVE else 0.0


def lasting_gain(person: Resident) -> float:
    """The gain of the activity that a person is in; places have that of their workplace, paid or not."""
    p = person.p
    of_workplace = {
        Workplace.ORDINARY: p.ordinary_place_gain,
        Workplace.CREATED: p.created_place_gain,
        Workplace.EXISTING: p.created_place_gain,
        Workplace.ASSOCIATION: p.association_place_gain,
    }
    if person.status == Status.PLACEMENT or person.activity == Activity.MUNICIPAL_PRACTICE:
        return of_workplace[Workplace(person.contract)]
    return {
        Activity.TRAINING: p.training_gain,
        Activity.EDUCATION: p.training_gain,
        Activity.PRACTICE: p.practice_gain,
        Activity.VOCATIONAL_SFI: p.sfi_gain,
    }[person.activity]


def complete(person: Resident, gain: float, fit: float) -> None:
    """Change search success for good, the better the fit, and raise it for some months on top."""
    p = person.p
    effect = gain + p.fit_gain * fit * abs(gain)
    person.gain = min(GAIN_CEILING, person.gain * (1.0 + effect))
    person.glow = int(p.glow_months + 0.5)


def complete_track(person: Resident, track: JobTrack, taken: Taken) -> None:
    """Change field, and begin a job that a partner employer holds, or search on. The job takes a vacancy of
    the new field with a probability; a subsidised one gives it back when it is left."""
    p = person.p
    person.sector = person.track_field
    complete(person, track.track.gain, 0.0)
    if person.draw(Decision.PARTNER) >= track.track.partner_share:
        person.back_to_search()
        return
    person.found = False
    subsidised = begin_job(person)
    person.town.tally["partner_hires"] += 1
    if person.draw(Decision.PARTNER_VACANCY) < p.partner_takes_vacancy:
        taken[person.cell] += 1
        person.took = subsidised


def advance_supported_job(person: Resident) -> None:
    """A place ends in the register; a subsidised job there or as an ordinary job."""
    town = person.town
    began_this_month = person.in_status == 0
    if began_this_month:
        return
    person.left -= 1
    if person.left > 0:
        return
    subsidised = person.status == Status.SUBSIDISED
    if subsidised and person.draw(Decision.CONVERSION) < town.p.subsidised_conversion:
        person.change(Status.EMPLOYED)
        person.contract = 1
        person.spell = 0
        person.client = False
        person.assigned = False
        person.took = False
        return
    if not subsidised:
        complete(person, lasting_gain(person), 0.0)
    if person.took:
        town.employers.freed[person.cell] += 1
        person.took = False
    person.assigned = False
    person.return_to_register()
    town.tally["af_returns"] += 1


def consider_guarantee(person: Resident) -> None:
    """Those without insurance enter the job and development guarantee, the young theirs."""
    if person.insurance_days == 0 and person.spell >= 14:
        person.begin(Activity.GUIDANCE, 0)
        return
    youth = person.age < 25 * YEAR and person.spell >= 3
    if youth and person.draw(Decision.YOUTH_GUARANTEE) < person.p.guarantee_youth_rate:
        person.begin(Activity.GUIDANCE, 0)


def note_contact(person: Resident) -> None:
    """Within 90 days of the first contact, note work, studies, training or practice of any kind."""
    if person.contact is None or person.model.month - person.contact > 3:
        return
    trains = person.status == Status.ACTIVITY and person.activity not in IDLE
    if person.at_work or person.status == Status.STUDYING or trains:
        person.reached = True
