"""Assignment to AF's activities and to municipal places."""

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
    for person in world.residents():
        if person.status == Status.OPEN and person.spell > 0:
            consider_activity(person)
    fill_places(world)


def consider_activity(person: Resident) -> None:
    world, p = person.model, person.model.p
    rate = p.activity_entry_rate if person.spell < 6 else p.activity_entry_later
    if person.draw(Decision.ACTIVITY_ENTRY) >= rate * world.channel(Channel.ASSIGNMENT, person.segment):
        return
    kind = person.draw(Decision.ACTIVITY_KIND)
    length = person.draw(Decision.ACTIVITY_LENGTH)
    case_is_stuck = person.case not in (Case.NONE, Case.ACTIVE)
    if kind < p.training_share and not case_is_stuck:
        person.begin(Activity.TRAINING, months_drawn(length, p.training_months))
    elif kind < p.training_share + p.practice_share and not case_is_stuck:
        person.begin(Activity.PRACTICE, months_drawn(length, p.practice_months))
    else:
        person.begin(Activity.GUIDANCE, 0)


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
    taken = 0
    for person in before:
        taken += take_place(person, EXISTING, p.baseline_practice_share)
    left = [
        person for person in candidates
        if wants_place(person) and world.channel(Channel.ELIGIBLE, person.segment) > 0.0
    ]  # fmt: skip
    new = world.served(left, Decision.PLACE_ORDER, room)
    ordinary, created = unit.policy_places()
    for person in new:
        is_ordinary = person.draw(Decision.WORKPLACE) < ordinary / (ordinary + created)
        workplace = ORDINARY if is_ordinary else CREATED
        taken += take_place(person, workplace, world.channel(Channel.PRACTICE_SHARE, 0))
    world.tally["placed"] = len(before) + len(new)
    world.tally["waiting_place"] = len(candidates) - len(before) - len(new)
    if not world.burning:
        world.employers.take_vacancies(0, 0, taken)


def take_place(person: Resident, workplace: int, practice_share: float) -> int:
    """Begin a place as practice or for a wage; return 1 where it takes an ordinary vacancy, else 0."""
    p = person.model.p
    months = months_drawn(person.draw(Decision.PLACE_LENGTH), p.place_months)
    kind = person.draw(Decision.PLACE_KIND)
    takes = 0
    if kind < practice_share:
        person.begin(Activity.MUNICIPAL_PRACTICE, months)
    else:
        person.leave_register(Status.PLACEMENT)
        person.left = months
        risk = p.place_takes_vacancy if workplace == ORDINARY else p.place_takes_vacancy * 0.25
        takes = 1 if kind - practice_share < risk * (1.0 - practice_share) else 0
    person.contract = workplace
    return takes


def holds_place(person: Resident) -> bool:
    practice = person.status == Status.ACTIVITY and person.activity == Activity.MUNICIPAL_PRACTICE
    return practice or person.status == Status.PLACEMENT
