"""Places in the municipality's own hands, of before and of the policy, and places in associations."""

from collections import Counter
from typing import TYPE_CHECKING

from reference.people import Resident, months_drawn
from reference.queues import all_alike, served
from sim.core.draws import Decision
from sim.model.columns import Activity, Case, Status, Workplace
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.town import Town

Taken = Counter[tuple[int, int]]
"""Vacancies taken from the market by cell."""


def fill_places(town: "Town") -> None:
    """Fill places of before with anyone, then the policy's and those of associations with the segments that
    each names."""
    unit, p = town.unit, town.p
    room_before, room_policy, room_associations = unit.free_places()
    taken: Taken = Counter()
    clients = [person for person in town.residents() if person.case == Case.ACTIVE and person.seeks_activity]
    before = [person for person in clients if may_have_place_of_before(person)]
    before = served(before, Decision.PLACE_ORDER, room_before, all_alike)
    for person in before:
        taken[person.cell] += take_place(person, Workplace.EXISTING, p.baseline_practice_share)

    ordinary, created = unit.policy_places()
    of_policy = served(waiting_for(clients, Channel.ELIGIBLE), Decision.PLACE_ORDER, room_policy)
    for person in of_policy:
        is_ordinary = person.draw(Decision.WORKPLACE) < ordinary / (ordinary + created)
        workplace = Workplace.ORDINARY if is_ordinary else Workplace.CREATED
        taken[person.cell] += take_place(person, workplace, town.whole(Channel.PRACTICE_SHARE))

    of_associations = waiting_for(clients, Channel.ASSOCIATION_ELIGIBLE)
    of_associations = served(of_associations, Decision.PLACE_ORDER, room_associations)
    for person in of_associations:
        practice = town.whole(Channel.ASSOCIATION_PRACTICE)
        taken[person.cell] += take_place(person, Workplace.ASSOCIATION, practice)

    town.tally["placed"] = len(before) + len(of_policy) + len(of_associations)
    town.tally["waiting_place"] = sum(may_have_place_of_before(person) for person in clients)
    town.employers.lose_vacancies(taken)


def may_have_place_of_before(person: Resident) -> bool:
    """Places of before are not for those in the establishment programme."""
    return person.seeks_activity and person.activity != Activity.ESTABLISHMENT


def waiting_for(clients: list[Resident], eligible: Channel) -> list[Resident]:
    return [person for person in clients if person.seeks_activity and person.channel(eligible) > 0.0]


def take_place(person: Resident, workplace: Workplace, practice_share: float) -> bool:
    """Begin a place as practice or for a wage; return whether it takes a vacancy of the person's own field
    and tier, which practice never does."""
    p = person.p
    months = months_drawn(person.draw(Decision.PLACE_LENGTH), p.place_months)
    kind = person.draw(Decision.PLACE_KIND)
    takes = False
    if kind < practice_share:
        person.begin(Activity.MUNICIPAL_PRACTICE, months)
    else:
        person.begin_supported_job(Status.PLACEMENT)
        person.left = months
        risk = p.place_takes_vacancy
        if workplace != Workplace.ORDINARY:
            risk = risk * p.created_place_factor
        takes = kind - practice_share < risk * (1.0 - practice_share)
    person.contract = workplace
    person.took = takes
    return takes


def holds_place(person: Resident) -> bool:
    practice = person.status == Status.ACTIVITY and person.activity == Activity.MUNICIPAL_PRACTICE
    return practice or person.status == Status.PLACEMENT
