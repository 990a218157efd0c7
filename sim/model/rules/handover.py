"""Hand-over between agencies: waiting, being lost between them, and coming back.

Rules: a case needs both AF and the municipality when a registered person's household is on assistance, or
AF refers a person registered for a year or more. It then waits a drawn number of days (mean times the hand-
over channel), may be lost on the way with a monthly rate, and comes back with another. A person known to
one agency only is untouched.
"""

from sim.core.ahead import ask_ahead
from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, uniform
from sim.model.codes import HERE, IN_ACTIVITY, LOST, NO_CASE, OPEN, WAITING_HANDOVER, WAITING_PLAN
from sim.model.columns import Float64, Keys, Rows
from sim.model.parameters import Parameters
from sim.model.rules.common import drawn_days
from sim.model.tables import Tables

HANDOVER_NEED = int(Decision.HANDOVER_NEED)
HANDOVER_LENGTH = int(Decision.HANDOVER_LENGTH)
HANDOVER_LOSS = int(Decision.HANDOVER_LOSS)
HANDOVER_RETURN = int(Decision.HANDOVER_RETURN)


@rule
def needs_both(on_assistance: int, spell: int, u: float, p: Parameters) -> bool:
    """Return whether a registered person's case needs both agencies from this month."""
    return on_assistance == 1 or (spell >= 12 and u < p.referral_rate)


@kernel
def hand_over(
    tables: Tables,
    known: Rows,
    keys: Keys,
    days: Float64,
    loss: Float64,
) -> None:
    """Move cases through the hand-over; ``days`` and ``loss`` are the channels by segment."""
    r, h, p = tables.residents, tables.households, tables.parameters
    for k in range(known.size):
        ask_ahead(r.spell, known, k)
        i = known[k]
        if (
            r.presence[i] != HERE
            or r.registered[i] != 1
            or (r.status[i] != OPEN and r.status[i] != IN_ACTIVITY)
        ):
            continue
        part = tables.steady.segment[i]
        if r.case[i] == NO_CASE:
            if needs_both(h.assistance[r.household[i]], r.spell[i], uniform(keys[HANDOVER_NEED], r.id[i]), p):
                r.case[i] = WAITING_HANDOVER
                r.case_days[i] = drawn_days(
                    uniform(keys[HANDOVER_LENGTH], r.id[i]), p.handover_days_apart * days[part]
                )
        elif r.case[i] == LOST and uniform(keys[HANDOVER_RETURN], r.id[i]) < p.handover_return_rate:
            r.case[i] = WAITING_HANDOVER
            r.case_days[i] = drawn_days(
                uniform(keys[HANDOVER_LENGTH], r.id[i]), p.handover_days_apart * days[part]
            )
        if r.case[i] == WAITING_HANDOVER:
            if r.case_days[i] < 30.0:
                r.case[i] = WAITING_PLAN
            else:
                r.case_days[i] -= 30.0
                if uniform(keys[HANDOVER_LOSS], r.id[i]) < p.handover_loss_rate * loss[part]:
                    r.case[i] = LOST
