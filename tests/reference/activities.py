"""Assignment to AF's activities and to municipal places."""

from collections import Counter
from typing import TYPE_CHECKING

from reference.people import Resident, months_drawn
from sim.core.draws import Decision
from sim.model.columns import Activity, Case, Status
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.world import ReferenceWorld

ORDINARY, CREATED, EXISTING = 0, 1, 2
"""Workplaces of municipal places: the policy's, ordinary or created for the purpose, and those of before."""


def assign_activities(world: "ReferenceWorld") -> None:
    """Guidance takes all who are to enter it; training and practice as many as AF has room for."""
    entering = [person for person in world.residents() if is_assigned(person)]
    candidates = [person for person in entering if offered(person) != Activity.GUIDANCE]
    starting = world.served(candidates, Decision.ACTIVITY_ORDER, world.service.room(len(candidates)))
    for person in entering:
        if offered(person) == Activity.GUIDANCE:
            person.begin(Activity.GUIDANCE, 0)
    for person in starting:
        activity = offered(person)
        mean = world.p.training_months if activity == Activity.TRAINING else world.p.practice_months
        person.begin(activity, months_drawn(person.draw(Decision.ACTIVITY_LENGTH), mean))
    world.tally["activity_starts"] = len(starting)
    world.tally["waiting_activity"] = len(candidates) - len(starting)
    fill_places(world)


def is_assigned(person: Resident) -> bool:
    world, p = person.model, person.model.p
    if person.status != Status.OPEN or person.spell == 0:
        return False
    rate = p.activity_entry_rate if person.spell < 6 else p.activity_entry_later
    return person.draw(Decision.ACTIVITY_ENTRY) < rate * world.channel(Channel.ASSIGNMENT, person.segment)


def offered(person: Resident) -> Activity:
    """Training, practice or guidance as drawn, but guidance alone to someone whose case waits or is lost."""
    p, kind = person.model.p, person.draw(Decision.ACTIVITY_KIND)
    if person.case not in (Case.NONE, Case.ACTIVE):
        return Activity.GUIDANCE
    if kind < p.training_share:
        return Activity.TRAINING
    return Activity.PRACTICE if kind < p.training_share + p.practice_share else Activity.GUIDANCE


def wants_place(person: Resident) -> bool:
    waits = person.status == Status.OPEN or (
        person.status == Status.ACTIVITY and person.activity == Activity.GUIDANCE
    )
    return waits and person.case == Case.ACTIVE


def fill_places(world: "ReferenceWorld") -> None:
    """Fill places of before with anyone, then the policy's with the segments that it names."""
    unit, p = world.unit, world.p
    candidates = [person for person in world.residents() if wants_place(person)]
    before = world.served(candidates, Decision.PLACE_ORDER, unit.free_places_of_before())
    room = unit.free_places_of_policy()
    taken: Counter[tuple[int, int]] = Counter()
    for person in before:
        taken[person.cell] += take_place(person, EXISTING, p.baseline_practice_share)
    left = [
        person for person in candidates
        if wants_place(person) and world.channel(Channel.ELIGIBLE, person.segment) > 0.0
    ]  # fmt: skip
    new = world.served(left, Decision.PLACE_ORDER, room)
    ordinary, created = unit.policy_places()
    for person in new:
        is_ordinary = person.draw(Decision.WORKPLACE) < ordinary / (ordinary + created)
        workplace = ORDINARY if is_ordinary else CREATED
        taken[person.cell] += take_place(person, workplace, world.channel(Channel.PRACTICE_SHARE, 0))
    world.tally["placed"] = len(before) + len(new)
    world.tally["waiting_place"] = len(candidates) - len(before) - len(new)
    if not world.burning:
        world.employers.take_vacancies(taken)


def take_place(person: Resident, workplace: int, practice_share: float) -> int:
    """Begin a place as practice or for a wage; return 1 where it takes a vacancy of the person's own field
    and tier, else 0."""
    p = person.model.p
    months = months_drawn(person.draw(Decision.PLACE_LENGTH), p.place_months)
    kind = person.draw(Decision.PLACE_KIND)
    takes = 0
    if kind < practice_share:
        person.begin(Activity.MUNICIPAL_PRACTICE, months)
    else:
        person.begin_supported_job(Status.PLACEMENT)
        person.left = months
        risk = p.place_takes_vacancy
        if workplace != ORDINARY:
            risk = risk * p.created_place_factor
        takes = 1 if kind - practice_share < risk * (1.0 - practice_share) else 0
    person.contract = workplace
    person.took = takes
    return takes


def holds_place(person: Resident) -> bool:
    practice = person.status == Status.ACTIVITY and person.activity == Activity.MUNICIPAL_PRACTICE
    return practice or person.status == Status.PLACEMENT
