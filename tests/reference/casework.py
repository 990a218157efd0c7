"""Cases that need both AF and the municipality: hand-over, plan, decision."""

from typing import TYPE_CHECKING

from reference.people import Resident, days_drawn
from sim.core.draws import Decision
from sim.model.columns import Case
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.world import ReferenceWorld

MONTH = 30.0
"""Days that a month takes off a wait."""


def hand_over_cases(world: "ReferenceWorld") -> None:
    for person in world.residents():
        if not (person.registered and person.unemployed):
            continue
        if person.case == Case.NONE:
            if needs_both(person):
                start_waiting(person)
        elif (
            person.case == Case.LOST and person.draw(Decision.HANDOVER_RETURN) < world.p.handover_return_rate
        ):
            start_waiting(person)
        if person.case == Case.WAITING_HANDOVER:
            wait_for_handover(person)


def needs_both(person: Resident) -> bool:
    if person.household.assistance:
        return True
    return person.spell >= 12 and person.draw(Decision.HANDOVER_NEED) < person.model.p.referral_rate


def start_waiting(person: Resident) -> None:
    world = person.model
    mean = world.p.handover_days_apart * world.channel(Channel.HANDOVER_DAYS, person.segment)
    person.case = Case.WAITING_HANDOVER
    person.case_days = days_drawn(person.draw(Decision.HANDOVER_LENGTH), mean)


def wait_for_handover(person: Resident) -> None:
    """A case that is not met this month may be lost on the way."""
    world = person.model
    if person.case_days < MONTH:
        person.case = Case.WAITING_PLAN
        return
    person.case_days -= MONTH
    loss = world.p.handover_loss_rate * world.channel(Channel.HANDOVER_LOSS, person.segment)
    if person.draw(Decision.HANDOVER_LOSS) < loss:
        person.case = Case.LOST


def plan_cases(world: "ReferenceWorld") -> None:
    """AF's pending decisions come first; then the coaches plan as many waiting cases as they can."""
    waiting = [person for person in world.residents() if person.case == Case.WAITING_PLAN]
    for person in world.residents():
        if person.case == Case.WAITING_DECISION:
            if person.case_days < MONTH:
                person.case = Case.ACTIVE
            else:
                person.case_days -= MONTH
    planned = world.served(waiting, Decision.PLAN_ORDER, world.unit.plan_capacity())
    for person in planned:
        mean = world.p.af_decision_days * world.channel(Channel.DECISION_DAYS, person.segment)
        length = days_drawn(person.draw(Decision.DECISION_LENGTH), mean)
        person.case = Case.ACTIVE if length < MONTH else Case.WAITING_DECISION
        person.case_days = length - MONTH
    world.tally["plans"] = len(planned)
