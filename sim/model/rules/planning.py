"""Planning and decisions: coaches plan waiting cases by rank and in a drawn order; AF decides after a wait.

Rules: the unit's coaches can make ``coaches x hours x planning share / (hours per plan x channel)`` plans a
month. A planned case waits for AF's decision a drawn number of days (mean times the decision channel)
before it is active.
"""

import numpy as np

from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, uniform
from sim.model.codes import ACTIVE, HERE, WAITING_DECISION, WAITING_PLAN
from sim.model.columns import Float64, Keys, Rows
from sim.model.parameters import Parameters
from sim.model.rules.common import drawn_days
from sim.model.rules.queues import served
from sim.model.tables import Tables

PLAN_ORDER = int(Decision.PLAN_ORDER)
DECISION_LENGTH = int(Decision.DECISION_LENGTH)


@rule
def plans_a_month(coaches: float, plan_time: float, p: Parameters) -> int:
    """Return how many plans the unit can make in a month."""
    return int(coaches * p.coach_hours * p.plan_time_share / (p.plan_hours * plan_time))


@kernel
def plan(
    tables: Tables,
    known: Rows,
    keys: Keys,
    capacity: int,
    decision: Float64,
    priority: Float64,
) -> tuple[int, int]:
    """Plan waiting cases within capacity; return plans made and cases still waiting."""
    r, p = tables.residents, tables.parameters
    waiting = np.empty(known.size, dtype=np.uint32)
    rank = np.empty(known.size, dtype=np.int8)
    n = 0
    for i in known:
        if r.presence[i] != HERE:
            continue
        if r.case[i] == WAITING_DECISION:
            if r.case_days[i] < 30.0:
                r.case[i] = ACTIVE
            else:
                r.case_days[i] -= 30.0
        elif r.case[i] == WAITING_PLAN:
            waiting[n] = i
            rank[n] = 1 if priority[tables.steady.segment[i]] > 0.0 else 0
            n += 1
    chosen = served(waiting[:n], rank[:n], r.id, keys[PLAN_ORDER], capacity)
    for j in range(chosen.size):
        i = chosen[j]
        part = tables.steady.segment[i]
        length = drawn_days(uniform(keys[DECISION_LENGTH], r.id[i]), p.af_decision_days * decision[part])
        r.case[i] = ACTIVE if length < 30.0 else WAITING_DECISION
        r.case_days[i] = length - 30.0
    return chosen.size, n - chosen.size
