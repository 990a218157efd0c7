"""What a policy offers the registered beside places: jobs, adult education and vocational Swedish."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reference.hiring import STEPS
from reference.people import Resident, months_drawn
from reference.places import Taken
from reference.queues import first_in_line, served
from sim.core.draws import Decision
from sim.core.exact import logarithm
from sim.model.columns import Activity, Case, Origin, Reason, Status
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.town import Town


def make_offers(town: "Town") -> None:
    """Fill each offer in turn, after the burn-in; nobody takes up two of them."""
    taken: Taken = Counter()
    town.tally["subsidised_starts"] = begin_subsidised_jobs(town, taken)
    town.tally["kept_jobs_filled"] = fill_kept_jobs(town, taken)
    town.tally["education_starts"] = begin_education(town)
    town.tally["sfi_starts"] = begin_vocational_swedish(town)
    town.employers.lose_vacancies(taken)


def seekers(town: "Town", eligible: Channel) -> Iterator[Resident]:
    for person in town.residents():
        if person.seeks_activity and person.spell > 0 and person.channel(eligible) > 0.0:
            yield person


def room(town: "Town", places: Channel, in_use: int) -> int:
    return 0 if town.burning else max(0, int(town.whole(places) + 0.5) - in_use)


def begin_subsidised_jobs(town: "Town", taken: Taken) -> int:
    """An extra subsidised job takes a vacancy of the person's field and tier with a probability, perhaps
    before it is posted."""
    free = room(town, Channel.SUBSIDISED_PLACES, subsidised_places_in_use(town))
    queue = list(seekers(town, Channel.SUBSIDISED_ELIGIBLE))
    begun = sorted(queue, key=race)[:free]
    for person in begun:
        person.begin_supported_job(Status.SUBSIDISED)
        person.client, person.reason = False, Reason.NONE
        person.left = months_drawn(person.draw(Decision.SUBSIDISED_LENGTH), town.p.subsidised_months)
        person.contract = 1
        person.assigned = True
        person.took = person.draw(Decision.SUBSIDISED_VACANCY) < town.p.subsidised_takes_vacancy
        taken[person.cell] += person.took
    return len(begun)


def race(person: Resident) -> tuple[int, int]:
    """Employers choose in proportion to last month's search weight without lock-in: the shortest wait
    -ln(u) / w is first, among those whom a policy puts first before others."""
    weight = max(1024, person.weight_free) / STEPS
    wait = min(-logarithm(person.draw(Decision.SUBSIDISED_ORDER)) / weight, 2.0**20 - 1)
    return -first_in_line(person), int(wait * 2.0**40)


def fill_kept_jobs(town: "Town", taken: Taken) -> int:
    """An ordinary job kept for a unit client is always one of the vacancies of the client's field and tier:
    who has none is passed over. Jobs that fall due and find nobody are not kept for later."""
    due = kept_jobs_due(town)
    queue = [person for person in seekers(town, Channel.ELIGIBLE) if person.case == Case.ACTIVE]
    filled = 0
    for person in served(queue, Decision.RESERVED_ORDER, len(queue)):
        if filled == due:
            break
        if town.employers.vacancies[person.cell] < taken[person.cell] + 1:
            continue
        person.leave_register(Status.EMPLOYED)
        person.contract = 1 if person.draw(Decision.RESERVED_CONTRACT) < town.p.temporary_share else 0
        person.client, person.reason = False, Reason.NONE
        taken[person.cell] += 1
        filled += 1
    return filled


def kept_jobs_due(town: "Town") -> int:
    """Return the whole jobs that fall due this month of a number a month that need not be whole."""
    if town.burning:
        return 0
    a_month, months = town.whole(Channel.RESERVED_HIRES), town.world.month - town.inputs.start
    return int((months + 1) * a_month) - int(months * a_month)


def begin_education(town: "Town") -> int:
    free = room(town, Channel.EDUCATION_PLACES, persons_in(town, Activity.EDUCATION))
    after = town.p.education_after_months
    queue = [person for person in seekers(town, Channel.EDUCATION_ELIGIBLE) if person.spell >= after]
    begun = served(queue, Decision.EDUCATION_ORDER, free)
    for person in begun:
        mean = town.whole(Channel.EDUCATION_MONTHS) or town.p.education_months
        months = months_drawn(person.draw(Decision.EDUCATION_LENGTH), mean)
        person.begin(Activity.EDUCATION, months)
    return len(begun)


def begin_vocational_swedish(town: "Town") -> int:
    """For the foreign-born whose Swedish is at most on the second level."""
    free = room(town, Channel.SFI_PLACES, persons_in(town, Activity.VOCATIONAL_SFI))
    queue = [
        person for person in seekers(town, Channel.SFI_ELIGIBLE)
        if person.origin != Origin.BORN_IN_SWEDEN and person.swedish <= 2
    ]  # fmt: skip
    begun = served(queue, Decision.SFI_ORDER, free)
    for person in begun:
        months = months_drawn(person.draw(Decision.SFI_LENGTH), town.p.sfi_months)
        person.begin(Activity.VOCATIONAL_SFI, months)
        person.language = True
    return len(begun)


def subsidised_places_in_use(town: "Town") -> int:
    return sum(person.status == Status.SUBSIDISED and person.assigned for person in town.residents())


def persons_in(town: "Town", activity: Activity) -> int:
    people = town.residents()
    return sum(person.status == Status.ACTIVITY and person.activity == activity for person in people)
