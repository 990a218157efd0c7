"""Municipal places and places in associations: few, for unit clients with an active case, in a drawn order.

Rules: places that existed before go to anyone; the policy's to the segments that it names; so do those of
associations and social enterprises. A place is practice (no wage, no insurance) or employment (a wage). A
wage place takes a vacancy of the person's own field and tier (the next one where there is none) with a
declared probability, lower outside ordinary workplaces. Ordinary workplaces are few: of n such places o(n) =
C (1 - exp(-n / C)) are in fact ordinary, and the rest are created.
"""

import numpy as np

from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, uniform
from sim.core.exact import exponential
from sim.model.codes import (
    ACTIVE,
    ASSOCIATION,
    CREATED,
    ESTABLISHMENT,
    EXISTING,
    HERE,
    IN_ACTIVITY,
    MUNICIPAL_PRACTICE,
    ORDINARY,
    PLACEMENT,
)
from sim.model.columns import CELLS, TIERS, Float64, Int64, Keys, ResidentColumns, Rows
from sim.model.parameters import Parameters
from sim.model.rules.common import begin, drawn_months, leave_register, seeks_activity
from sim.model.rules.queues import served
from sim.model.tables import Tables

BEFORE, POLICY, ASSOCIATIONS = range(3)
"""Pools of places, filled in this order."""
PLACE_ORDER = int(Decision.PLACE_ORDER)
PLACE_KIND = int(Decision.PLACE_KIND)
PLACE_LENGTH = int(Decision.PLACE_LENGTH)
WORKPLACE = int(Decision.WORKPLACE)


@rule
def ordinary_in_fact(places: float, capacity: float) -> float:
    """Return how many of the places meant for ordinary workplaces find one: C (1 - exp(-n / C))."""
    if capacity <= 0.0:
        return 0.0
    return capacity * (1.0 - exponential(-places / capacity))


@rule
def may_have(r: ResidentColumns, i: int, pool: int, eligible: Float64, part: int) -> bool:
    """Return whether a unit client may get a place of a pool; places of before are not for newcomers in
    establishment."""
    if not seeks_activity(r, i):
        return False
    if pool == BEFORE:
        return not (r.status[i] == IN_ACTIVITY and r.activity[i] == ESTABLISHMENT)
    return bool(eligible[part] > 0.0)


@rule
def take_place(
    r: ResidentColumns, i: int, p: Parameters, keys: Keys, workplace: int, practice_share: float
) -> int:
    """Give a client a place as practice or for a wage; return 1 where it takes a vacancy."""
    u = uniform(keys[PLACE_KIND], r.id[i])
    months = drawn_months(uniform(keys[PLACE_LENGTH], r.id[i]), p.place_months)
    r.took[i] = 0
    if u < practice_share:
        begin(r, i, MUNICIPAL_PRACTICE, months)
    else:
        spell = r.spell[i]
        leave_register(r, i, PLACEMENT)
        r.spell[i] = spell
        r.left[i] = months
        risk = p.place_takes_vacancy
        if workplace != ORDINARY:
            risk = risk * p.created_place_factor
        if u - practice_share < risk * (1.0 - practice_share):
            r.took[i] = 1
    r.contract[i] = workplace
    return int(r.took[i])


@kernel
def place(
    tables: Tables,
    known: Rows,
    keys: Keys,
    free: Int64,
    ordinary_share: float,
    practice_share: Float64,
    eligible: tuple[Float64, Float64, Float64],
    priority: Float64,
) -> tuple[int, int, Int64]:
    """Fill free places.

    Args:
        free: Places free now by pool (before, policy, associations), int64, shape (3,).
        ordinary_share: Share of the policy's places at ordinary workplaces.
        practice_share: Share of places that are practice by pool, shape (3,).
        eligible: Eligibility by segment for each pool (not read for those of before).
        priority: The priority channel by segment.

    Returns:
        Persons placed; clients still without a place; vacancies that wage places took from the market, by the
        person's own cell, int64.
    """
    r, p, segments = tables.residents, tables.parameters, tables.steady.segment
    candidates = np.empty(known.size, dtype=np.uint32)
    n = 0
    for i in known:
        if r.presence[i] == HERE and r.case[i] == ACTIVE and seeks_activity(r, i):
            candidates[n] = i
            n += 1
    placed = 0
    taken = np.zeros(CELLS, dtype=np.int64)
    for pool in range(3):
        if free[pool] <= 0:
            continue
        m = 0
        queue = np.empty(n, dtype=np.uint32)
        rank = np.empty(n, dtype=np.int8)
        for j in range(n):
            i = candidates[j]
            part = segments[i]
            if may_have(r, i, pool, eligible[pool], part):
                queue[m] = i
                rank[m] = 1 if pool != BEFORE and priority[part] > 0.0 else 0
                m += 1
        chosen = served(queue[:m], rank[:m], r.id, keys[PLACE_ORDER], free[pool])
        for j in range(chosen.size):
            i = chosen[j]
            workplace = EXISTING if pool == BEFORE else ASSOCIATION
            if pool == POLICY:
                workplace = ORDINARY if uniform(keys[WORKPLACE], r.id[i]) < ordinary_share else CREATED
            cell = r.sector[i] * TIERS + r.tier[i]
            taken[cell] += take_place(r, i, p, keys, workplace, practice_share[pool])
        placed += chosen.size
    waiting = 0
    for j in range(n):
        i = candidates[j]
        if may_have(r, i, BEFORE, priority, segments[i]):
            waiting += 1
    return placed, waiting, taken
