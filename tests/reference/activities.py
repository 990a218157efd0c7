"""Assignment to AF's activities, with an activity promised to some."""

from typing import TYPE_CHECKING

from reference.people import YEAR, Resident, months_drawn
from reference.queues import first_in_line, served
from sim.core.draws import Decision
from sim.model.columns import Activity, Case, Status
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.town import Town


def assign_activities(town: "Town") -> None:
    """Guidance takes all who are to enter it; training and practice as many as AF has room for, those who
    have been promised an activity first. The promised without room get guidance."""
    promised = {person for person in town.residents() if has_fallen_due(person)}
    entering = [person for person in town.residents() if person in promised or is_assigned(person)]
    wanted = {person: offered(person, person in promised) for person in entering}
    candidates = [person for person in entering if wanted[person] != Activity.GUIDANCE]
    starting = served(
        candidates,
        Decision.ACTIVITY_ORDER,
        town.service.room(len(candidates)),
        lambda person: 2 * (person in promised) + first_in_line(person),
    )
    short = [person for person in candidates if person in promised and person not in starting]
    for person in entering:
        if wanted[person] == Activity.GUIDANCE or person in short:
            person.begin(Activity.GUIDANCE, 0)
        elif person in starting:
            begin_drawn_length(person, wanted[person])
    town.tally["activity_starts"] = len(starting)
    town.tally["waiting_activity"] = len(candidates) - len(starting)
    town.tally["promises_kept"] = len(promised)
    town.tally["promises_short"] = len(short)


def months_to_promise(person: Resident) -> int | None:
    """Return the months of registration after which the person is promised an activity, if at all."""
    days = person.channel(Channel.GUARANTEE_DAYS)
    youngest = person.channel(Channel.GUARANTEE_FROM_AGE)
    oldest = person.channel(Channel.GUARANTEE_TO_AGE)
    if days <= 0.0 or not youngest * YEAR <= person.age < (oldest + 1.0) * YEAR:
        return None
    return max(1, int(days / 30.0 + 0.5))


def has_fallen_due(person: Resident) -> bool:
    """An openly unemployed person's promised month has come, and the promise is honoured."""
    if person.status != Status.OPEN or person.spell == 0:
        return False
    after = months_to_promise(person)
    if after is None or person.spell < after:
        return False
    return person.draw(Decision.GUARANTEE) < person.channel(Channel.GUARANTEE_HONOURED)


def is_assigned(person: Resident) -> bool:
    p = person.p
    if person.status != Status.OPEN or person.spell == 0:
        return False
    rate = p.activity_entry_rate if person.spell < 6 else p.activity_entry_later
    return person.draw(Decision.ACTIVITY_ENTRY) < rate * person.channel(Channel.ASSIGNMENT)


def offered(person: Resident, promised: bool) -> Activity:
    """Training, practice or guidance as drawn, but guidance alone to someone whose case waits or is lost, and
    to the promised training or practice alone, in the proportion in which they are given to others."""
    p, kind = person.p, person.draw(Decision.ACTIVITY_KIND)
    given = p.training_share + p.practice_share
    if person.case not in (Case.NONE, Case.ACTIVE):
        return Activity.GUIDANCE
    if kind < given:
        return Activity.TRAINING if kind < p.training_share else Activity.PRACTICE
    if not promised:
        return Activity.GUIDANCE
    trains = (kind - given) * given < p.training_share * (1.0 - given)
    return Activity.TRAINING if trains else Activity.PRACTICE


def begin_drawn_length(person: Resident, activity: Activity) -> None:
    p = person.p
    mean = p.training_months if activity == Activity.TRAINING else p.practice_months
    person.begin(activity, months_drawn(person.draw(Decision.ACTIVITY_LENGTH), mean))
