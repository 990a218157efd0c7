"""Cases that need both AF and the municipality: hand-over, plan, decision."""

from typing import TYPE_CHECKING

from reference.people import Resident, days_drawn
from reference.queues import served
from sim.core.draws import Decision
from sim.model.columns import Case
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.town import Town

MONTH = 30.0
"""Days that a month takes off a wait."""


def hand_over_cases(town: "Town") -> None:
    for person in town.residents():
        if not (person.registered and person.unemployed):
            continue
        if person.case == Case.NONE:
            if needs_both(person):
                start_waiting(person)
        elif person.case == Case.LOST and person.draw(Decision.HANDOVER_RETURN) < town.p.handover_return_rate:
            start_waiting(person)
        if person.case == Case.WAITING_HANDOVER:
            wait_for_handover(person)


def needs_both(person: Resident) -> bool:
    if person.household.assistance:
        return True
    return person.spell >= 12 and person.draw(Decision.HANDOVER_NEED) < person.p.referral_rate


def start_waiting(person: Resident) -> None:
    mean = person.p.handover_days_apart * person.channel(Channel.HANDOVER_DAYS)
    person.case = Case.WAITING_HANDOVER
    person.case_days = days_drawn(person.draw(Decision.HANDOVER_LENGTH), mean)


def wait_for_handover(person: Resident) -> None:
    """A case that is not met this month may be lost on the way."""
    if person.case_days < MONTH:
        person.case = Case.WAITING_PLAN
        return
    person.case_days -= MONTH
    loss = person.p.handover_loss_rate * person.channel(Channel.HANDOVER_LOSS)
    if person.draw(Decision.HANDOVER_LOSS) < loss:
        person.case = Case.LOST


def plan_cases(town: "Town") -> None:
    """AF's pending decisions come first; then the coaches plan as many waiting cases as they can."""
    waiting = [person for person in town.residents() if person.case == Case.WAITING_PLAN]
    for person in town.residents():
        if person.case == Case.WAITING_DECISION:
            if person.case_days < MONTH:
                person.case = Case.ACTIVE
            else:
                person.case_days -= MONTH
    planned = served(waiting, Decision.PLAN_ORDER, town.unit.plan_capacity())
    for person in planned:
        mean = town.p.af_decision_days * person.channel(Channel.DECISION_DAYS)
        length = days_drawn(person.draw(Decision.DECISION_LENGTH), mean)
        person.case = Case.ACTIVE if length < MONTH else Case.WAITING_DECISION
        person.case_days = length - MONTH
    town.tally["plans"] = len(planned)
