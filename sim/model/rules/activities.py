"""Assignment to AF's activities: scarce, and in a drawn order behind those who have been promised one.

Rules: an openly unemployed person without a waiting case enters an activity with a monthly rate times the
assignment channel; the kind is drawn (training, practice, else guidance). Training and practice have room
for a number a month. A person whose promised day has come is offered training or practice with the promise's
probability, ahead of the others; where there is no room the offer is guidance. Someone whose case waits or
is lost is offered guidance only.
"""

import numpy as np

from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, uniform
from sim.model.codes import ACTIVE, GUIDANCE, HERE, NO_CASE, OPEN, PRACTICE, TRAINING
from sim.model.columns import Float64, Keys, Rows
from sim.model.parameters import Parameters
from sim.model.rules.common import begin, drawn_months
from sim.model.rules.queues import served
from sim.model.tables import Tables

ACTIVITY_ENTRY = int(Decision.ACTIVITY_ENTRY)
ACTIVITY_ORDER = int(Decision.ACTIVITY_ORDER)
ACTIVITY_KIND = int(Decision.ACTIVITY_KIND)
ACTIVITY_LENGTH = int(Decision.ACTIVITY_LENGTH)
GUARANTEE = int(Decision.GUARANTEE)


@rule
def activity_kind(u: float, p: Parameters) -> int:
    """Return the kind of activity that a uniform draw gives."""
    if u < p.training_share:
        return TRAINING
    if u < p.training_share + p.practice_share:
        return PRACTICE
    return GUIDANCE


@rule
def promised_kind(u: float, p: Parameters) -> int:
    """Return training or practice, in the proportion in which others get them, for a draw that gave
    guidance."""
    given = p.training_share + p.practice_share
    return TRAINING if (u - given) * given < p.training_share * (1.0 - given) else PRACTICE


@rule
def months_to_promise(days: float, from_age: float, to_age: float, age_months: int) -> int:
    """Return the months of registration after which an activity is promised; 0 without a promise."""
    if days <= 0.0 or age_months < 12.0 * from_age or age_months >= 12.0 * (to_age + 1.0):
        return 0
    return max(1, int(days / 30.0 + 0.5))


@kernel
def assign(
    tables: Tables,
    known: Rows,
    keys: Keys,
    month: int,
    capacity: int,
    assignment: Float64,
    promise: tuple[Float64, Float64, Float64, Float64],
    priority: Float64,
) -> tuple[int, int, int, int]:
    """Let openly unemployed people enter AF's activities.

    Args:
        capacity: Entries to training and practice that AF has room for this month; guidance has no limit.
        assignment: The assignment channel by segment.
        promise: The guarantee's days, from age, to age and share honoured, each by segment.
        priority: The priority channel by segment.

    Returns:
        Entries to training and practice; people who were to enter but found no room; promises honoured; and
        those of them that were met with guidance for want of room.
    """
    r, p = tables.residents, tables.parameters
    candidates = np.empty(known.size, dtype=np.uint32)
    rank = np.empty(known.size, dtype=np.int8)
    days, from_age, to_age, honoured = promise
    n = 0
    promises = 0
    for i in known:
        if r.presence[i] != HERE or r.status[i] != OPEN or r.spell[i] == 0:
            continue
        part = tables.steady.segment[i]
        after = months_to_promise(days[part], from_age[part], to_age[part], month - r.birth[i])
        due = 0 < after <= r.spell[i] and uniform(keys[GUARANTEE], r.id[i]) < honoured[part]
        rate = p.activity_entry_rate if r.spell[i] < 6 else p.activity_entry_later
        if not due and uniform(keys[ACTIVITY_ENTRY], r.id[i]) >= rate * assignment[part]:
            continue
        promises += 1 if due else 0
        stuck = r.case[i] != NO_CASE and r.case[i] != ACTIVE
        if stuck or (not due and activity_kind(uniform(keys[ACTIVITY_KIND], r.id[i]), p) == GUIDANCE):
            begin(r, i, GUIDANCE, 0)
        else:
            candidates[n] = i
            rank[n] = (2 if due else 0) + (1 if priority[part] > 0.0 else 0)
            n += 1
    chosen = served(candidates[:n], rank[:n], r.id, keys[ACTIVITY_ORDER], capacity)
    for j in range(chosen.size):
        i = chosen[j]
        u = uniform(keys[ACTIVITY_KIND], r.id[i])
        kind = activity_kind(u, p)
        if kind == GUIDANCE:  # only the promised are here with such a draw
            kind = promised_kind(u, p)
        mean = p.training_months if kind == TRAINING else p.practice_months
        begin(r, i, kind, drawn_months(uniform(keys[ACTIVITY_LENGTH], r.id[i]), mean))
    short = 0
    for j in range(n):
        i = candidates[j]
        if rank[j] >= 2 and r.status[i] == OPEN:
            begin(r, i, GUIDANCE, 0)
            short += 1
    return chosen.size, n - chosen.size, promises, short
