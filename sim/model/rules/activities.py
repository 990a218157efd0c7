"""Assignment to activities and municipal places, both scarce, both in a drawn order.

Rules: an openly unemployed person without a waiting case enters an activity with a monthly rate times the
assignment channel; the kind is drawn (training, practice, else guidance). Training and practice have room
for a number a month, in a drawn order. Someone whose case waits or is lost is offered guidance only.
Municipal places go to unit clients with an active case: places that existed before to anyone, the policy's
to the segments it names. A place is practice (no wage, no insurance) or labour-market employment (a wage).
"""

import numpy as np

from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, uniform
from sim.model.columns import (
    CELLS,
    TIERS,
    Activity,
    Case,
    Float64,
    Int64,
    Keys,
    Presence,
    ResidentColumns,
    Status,
)
from sim.model.parameters import Parameters
from sim.model.rules.common import drawn_months, leave_register, segment
from sim.model.rules.queues import served

HERE = int(Presence.HERE)
OPEN = int(Status.OPEN)
IN_ACTIVITY = int(Status.ACTIVITY)
PLACEMENT = int(Status.PLACEMENT)
NO_CASE = int(Case.NONE)
ACTIVE = int(Case.ACTIVE)
GUIDANCE = int(Activity.GUIDANCE)
TRAINING = int(Activity.TRAINING)
PRACTICE = int(Activity.PRACTICE)
MUNICIPAL_PRACTICE = int(Activity.MUNICIPAL_PRACTICE)
ORDINARY, CREATED, EXISTING = 0, 1, 2
ACTIVITY_ENTRY = int(Decision.ACTIVITY_ENTRY)
ACTIVITY_ORDER = int(Decision.ACTIVITY_ORDER)
ACTIVITY_KIND = int(Decision.ACTIVITY_KIND)
ACTIVITY_LENGTH = int(Decision.ACTIVITY_LENGTH)
PLACE_ORDER = int(Decision.PLACE_ORDER)
PLACE_KIND = int(Decision.PLACE_KIND)
PLACE_LENGTH = int(Decision.PLACE_LENGTH)
WORKPLACE = int(Decision.WORKPLACE)


@rule
def activity_kind(u: float, p: Parameters) -> int:
    """Return the kind of activity that a uniform draw gives."""
    if u < p.training_share:
        return TRAINING
    if u < p.training_share + p.practice_share:
        return PRACTICE
    return GUIDANCE


@rule
def begin(r: ResidentColumns, i: int, kind: int, months: int) -> None:
    """Put a resident into an activity for a number of months (0: until a monthly draw ends it)."""
    r.status[i] = IN_ACTIVITY
    r.in_status[i] = 0
    r.activity[i] = kind
    r.left[i] = months


@kernel
def assign(
    r: ResidentColumns, p: Parameters, keys: Keys, month: int, capacity: int, assignment: Float64
) -> tuple[int, int]:
    """Let openly unemployed people enter AF's activities.

    Args:
        capacity: Entries to training and practice that AF has room for this month; guidance has no limit.
        assignment: The assignment channel by segment.

    Returns:
        Entries to training and practice; people who were to enter but found no room.
    """
    candidates = np.empty(r.id.size, dtype=np.int64)
    n = 0
    for i in range(r.id.size):
        if r.presence[i] != HERE or r.status[i] != OPEN or r.spell[i] == 0:
            continue
        rate = p.activity_entry_rate if r.spell[i] < 6 else p.activity_entry_later
        part = segment(r.origin[i], month - r.birth[i], r.registered[i], r.spell[i], r.swedish[i])
        if uniform(keys[ACTIVITY_ENTRY], r.id[i]) >= rate * assignment[part]:
            continue
        stuck = r.case[i] != NO_CASE and r.case[i] != ACTIVE
        if stuck or activity_kind(uniform(keys[ACTIVITY_KIND], r.id[i]), p) == GUIDANCE:
            begin(r, i, GUIDANCE, 0)
        else:
            candidates[n] = i
            n += 1
    chosen = served(candidates[:n], r.id, keys[ACTIVITY_ORDER], capacity)
    for j in range(chosen.size):
        i = chosen[j]
        kind = activity_kind(uniform(keys[ACTIVITY_KIND], r.id[i]), p)
        mean = p.training_months if kind == TRAINING else p.practice_months
        begin(r, i, kind, drawn_months(uniform(keys[ACTIVITY_LENGTH], r.id[i]), mean))
    return chosen.size, n - chosen.size


@kernel
def place(
    r: ResidentColumns,
    p: Parameters,
    keys: Keys,
    month: int,
    free: Int64,
    ordinary_share: float,
    practice_share: Float64,
    eligible: Float64,
) -> tuple[int, int, Int64]:
    """Fill free municipal places.

    Args:
        free: Places free now, int64, shape (2,): those that existed before, those of the policy.
        ordinary_share: Share of the policy's places at ordinary workplaces.
        practice_share: Share of places that are practice, for places of before and of the policy, shape (2,).
        eligible: The policy's eligibility by segment.

    Returns:
        Persons placed; clients still without a place; vacancies that wage places took from the market, by the
        person's own cell, int64.
    """
    candidates = np.empty(r.id.size, dtype=np.int64)
    n = 0
    for i in range(r.id.size):
        waits = r.status[i] == OPEN or (r.status[i] == IN_ACTIVITY and r.activity[i] == GUIDANCE)
        if r.presence[i] == HERE and r.case[i] == ACTIVE and waits:
            candidates[n] = i
            n += 1
    placed = 0
    taken = np.zeros(CELLS, dtype=np.int64)
    for pool in range(2):
        m = 0
        queue = np.empty(n, dtype=np.int64)
        for j in range(n):
            i = candidates[j]
            part = segment(r.origin[i], month - r.birth[i], r.registered[i], r.spell[i], r.swedish[i])
            still = r.status[i] == OPEN or (r.status[i] == IN_ACTIVITY and r.activity[i] == GUIDANCE)
            if still and (pool == 0 or eligible[part] > 0.0):
                queue[m] = i
                m += 1
        chosen = served(queue[:m], r.id, keys[PLACE_ORDER], free[pool])
        for j in range(chosen.size):
            i = chosen[j]
            u = uniform(keys[PLACE_KIND], r.id[i])
            months = drawn_months(uniform(keys[PLACE_LENGTH], r.id[i]), p.place_months)
            workplace = EXISTING
            if pool == 1:
                workplace = ORDINARY if uniform(keys[WORKPLACE], r.id[i]) < ordinary_share else CREATED
            r.took[i] = 0
            if u < practice_share[pool]:
                begin(r, i, MUNICIPAL_PRACTICE, months)
            else:
                spell = r.spell[i]
                leave_register(r, i, PLACEMENT)
                r.spell[i] = spell
                r.left[i] = months
                risk = p.place_takes_vacancy
                if workplace != ORDINARY:
                    risk = risk * p.created_place_factor
                if (u - practice_share[pool]) < risk * (1.0 - practice_share[pool]):
                    r.took[i] = 1
                    taken[r.sector[i] * TIERS + r.tier[i]] += 1
            r.contract[i] = workplace
        placed += chosen.size
    return placed, n - placed, taken


@kernel
def places_in_use(r: ResidentColumns) -> Int64:
    """Return persons in municipal places by workplace (ordinary, created, existing before), int64, shape
    (3,)."""
    count = np.zeros(3, dtype=np.int64)
    for i in range(r.id.size):
        if r.presence[i] == HERE and (
            r.status[i] == PLACEMENT or (r.status[i] == IN_ACTIVITY and r.activity[i] == MUNICIPAL_PRACTICE)
        ):
            count[r.contract[i]] += 1
    return count
