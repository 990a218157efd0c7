"""How hard and how well everybody looks for work this month."""

from reference.activities import months_to_promise
from reference.hiring import STEPS
from reference.people import YEAR, Resident
from sim.core.draws import Decision
from sim.core.exact import exponential
from sim.model.columns import Activity, Case, Origin, Status
from sim.policy.channels import Channel


def search(person: Resident) -> None:
    """Weight = effort x employability; of the registered also without lock-in, without the policy's contact
    channel, and with the usual contact alone."""
    person.duty = False
    if not person.here:
        person.weight = 0
    elif person.unemployed:
        search_registered(person)
    else:
        person.weight = int(other_effort(person) * employability(person) * STEPS)


def search_registered(person: Resident) -> None:
    town, p, spell = person.town, person.p, person.spell
    usual = town.service.usual_hours
    effort = max(p.effort_floor, exponential(-p.effort_decay * spell))
    base = employability(person) * effort / contact_effect(person, usual)
    if person.glow > 0:
        base = base * (1.0 + p.glow_gain)
    base = base * anticipation(person)
    person.duty = is_under_duty(person)
    if person.duty:
        base = base * duty_effort(person)
    hours = town.service.hours(person.segment)
    if person.case in (Case.WAITING_DECISION, Case.ACTIVE):
        hours = hours + town.unit.hours(person.segment)
    meetings = person.channel(Channel.CONTACT_HOURS)
    helped = contact_effect(person, hours + meetings) * person.channel(Channel.MATCH)
    alone = contact_effect(person, min(hours, usual))
    contact, lock = person.channel(Channel.CONTACT), left_in_activity(person)
    person.weight = int(base * helped * lock * contact * STEPS)
    person.weight_free = int(base * helped * contact * STEPS)
    person.weight_calm = int(base * helped * lock * STEPS)
    person.weight_alone = int(base * alone * lock * contact * STEPS)


def contact_effect(person: Resident, hours: float) -> float:
    """1 + g m f h / (h + h_half): m is larger for those who learn Swedish, and f is what a spell has left."""
    p, decay = person.p, exponential(-person.p.contact_fade_rate * person.spell)
    left = p.contact_fade_floor + (1.0 - p.contact_fade_floor) * decay
    gain = p.contact_gain * (p.contact_learner_factor if person.learns_swedish else 1.0)
    return 1.0 + gain * left * hours / (hours + p.contact_half_hours)


def anticipation(person: Resident) -> float:
    """Search rises in a straight line until the promised month, the more the better the prospects."""
    p, after = person.p, months_to_promise(person)
    if after is None or person.spell >= after:
        return 1.0
    spread = p.prospects_high - p.prospects_low
    prospects = min(1.0, max(0.0, (employability(person) - p.prospects_low) / spread))
    return 1.0 + person.channel(Channel.GUARANTEE_THREAT) * prospects * (person.spell + 1) / after


def is_under_duty(person: Resident) -> bool:
    """A share of those whose household is on assistance, drawn each month, has to take part."""
    return person.household.assistance and person.draw(Decision.DUTY) < person.channel(Channel.DUTY)


def duty_effort(person: Resident) -> float:
    """Who takes part searches more, and has less time."""
    p = person.p
    return max(0.0, 1.0 + p.duty_search_gain - p.duty_search_loss * person.channel(Channel.DUTY_TIME))


def left_in_activity(person: Resident) -> float:
    """Return the share of search effort that an activity leaves: the lock-in."""
    p = person.p
    if person.activity == Activity.TRACK:
        assert person.track is not None
        return p.search_training if person.track.in_training(person) else p.search_practice
    left = {
        Activity.NONE: 1.0,
        Activity.GUIDANCE: p.search_guidance,
        Activity.TRAINING: p.search_training,
        Activity.EDUCATION: p.search_training,
        Activity.PRACTICE: p.search_practice,
        Activity.MUNICIPAL_PRACTICE: p.search_practice,
        Activity.ESTABLISHMENT: p.search_establishment,
        Activity.VOCATIONAL_SFI: p.search_sfi,
    }[person.activity]
    if person.activity == Activity.ESTABLISHMENT:
        left = left * person.channel(Channel.NEWCOMER_EFFORT)
    return left


def employability(person: Resident) -> float:
    p = person.p
    factor = person.ability * person.gain
    if person.origin != Origin.BORN_IN_SWEDEN:
        factor = factor * (1.0 - p.swedish_penalty * (4 - person.swedish))
    if person.permit is not None:
        since = person.model.month - person.permit
        factor = factor * min(1.0, p.newcomer_factor + (1.0 - p.newcomer_factor) * since / p.newcomer_months)
    if person.limitation:
        factor = factor * p.limitation_factor
    if person.age < 25 * YEAR:
        return factor * p.youth_factor
    return factor * p.older_factor if person.age >= 55 * YEAR else factor


def other_effort(person: Resident) -> float:
    """Return the effort of those who are not registered as unemployed."""
    p = person.p
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
