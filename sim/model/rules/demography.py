"""Ageing, arrivals and moves: who lives here this month.

Rules: a resident is present from the arrival month until the 65th birthday or a move. A household moves out
as one, with a monthly rate by the reference person's age. A newcomer is established 24 months after the
residence permit. Swedish rises one step with a monthly rate while it is below fluent, faster with
vocational Swedish. Who lives here never depends on the policy, so that both worlds of a pair hold the same
people.
"""

import numpy as np

from sim.core.ahead import ask, ask_ahead
from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, below, uniform
from sim.model.codes import ESTABLISHED, GONE, HERE, NEWCOMER, NOT_YET, OUTSIDE
from sim.model.columns import Group, Keys, Rows
from sim.model.parameters import Parameters
from sim.model.rules.steady import settle, unsettle
from sim.model.tables import NEVER, Tables

RETIREMENT = 65 * 12
MOVE_OUT = int(Decision.MOVE_OUT)
SWEDISH = int(Decision.SWEDISH_PROGRESS)
GROUP_YOUTH = int(Group.YOUTH)
GROUP_NEWCOMER = int(Group.NEWCOMER)
GROUP_LONG_TERM = int(Group.LONG_TERM)
GROUP_OTHER = int(Group.OTHER)


@rule
def moves_out(u: float, reference_age: int, p: Parameters) -> bool:
    """Return whether a household leaves the municipality this month."""
    return u < (p.move_out_young if reference_age < 30 * 12 else p.move_out_old)


@rule
def report_group(origin: int, age_months: int, registered: int, spell: int) -> int:
    """Return the exclusive group of the report: newcomer, else youth, else long-term registered, else
    other."""
    if origin == NEWCOMER:
        return GROUP_NEWCOMER
    if 18 * 12 <= age_months < 25 * 12:
        return GROUP_YOUTH
    if registered == 1 and spell >= 12:
        return GROUP_LONG_TERM
    return GROUP_OTHER


@kernel
def live(
    tables: Tables, calm: Rows, learners: Rows, keys: Keys, month: int, moving: bool
) -> tuple[Rows, Rows]:
    """Let residents arrive, age, learn Swedish, retire and move.

    Args:
        calm: Rows of those of whom `may_settle` held after last month, uint32; they are settled.
        learners: Rows of those who were not fluent when the world began, uint32.
        moving: Whether households move out.

    Returns:
        Rows of those who live here and are not steady, in order, and of those who have been settled outside
        the labour force, uint32.
    """
    r, h, p, until = tables.residents, tables.households, tables.parameters, tables.steady.until
    leaving = np.zeros(h.id.size, dtype=np.bool_)
    if moving:
        drawn = below(keys[MOVE_OUT], h.id, max(p.move_out_young, p.move_out_old))
        for k in range(drawn.size):
            ask_ahead(h.owed, drawn, k)
            ask(r.spell, h.reference[drawn[min(k + 6, drawn.size - 1)]])
            j = drawn[k]
            age = month - r.birth[h.reference[j]]
            leaving[j] = moves_out(uniform(keys[MOVE_OUT], h.id[j]), age, p)
            for i in (h.reference[j], h.partner[j]):
                if leaving[j] and i >= 0 and until[i] > month and r.presence[i] == HERE:
                    until[i] = month
    n = m = 0
    staying = np.empty(calm.size, dtype=np.uint32)
    for k in range(calm.size):
        ask_ahead(r.spell, calm, k)
        ask_ahead(r.wage, calm, k)
        i = calm[k]
        staying[n] = i
        n += not leaving[r.household[i]]
    resting = settle(tables, staying[:n], month - 1)
    n = 0
    for k in below(keys[SWEDISH], r.id[learners], p.swedish_rate):
        i = learners[k]
        if r.swedish[i] < 4 and until[i] > month and r.presence[i] == HERE:
            until[i] = month
    rows = np.empty(r.id.size + 1, dtype=np.uint32)
    for i in range(r.id.size):
        rows[n] = i
        n += until[i] <= month
    due = np.empty(n, dtype=np.uint32)
    for i in rows[:n]:
        if until[i] > 0 and r.presence[i] == HERE:
            due[m] = i
            m += 1
    unsettle(tables, due[:m], month)
    here = 0
    rows = rows[:n]
    for k in range(rows.size):
        ask_ahead(r.spell, rows, k)
        i = rows[k]
        age = month - r.birth[i]
        if r.presence[i] == NOT_YET:
            until[i] = 0
            r.presence[i] = HERE
            r.group[i] = report_group(r.origin[i], age, r.registered[i], r.spell[i])
            if r.registered[i] == 1:
                r.contact[i] = month
        if age >= RETIREMENT or leaving[r.household[i]]:
            until[i] = NEVER
            r.presence[i] = GONE
            r.status[i] = OUTSIDE
            r.registered[i] = 0
            r.case[i] = 0
            r.client[i] = 0
            r.duty[i] = 0
            r.weight[i] = 0
            continue
        if r.origin[i] == NEWCOMER and month - r.permit[i] >= 24:
            r.origin[i] = ESTABLISHED
        if r.swedish[i] < 4:
            pace = p.sfi_pace if r.language[i] == 1 else 1.0
            if uniform(keys[SWEDISH], r.id[i]) < p.swedish_rate * pace:
                r.swedish[i] += 1
        r.in_status[i] += 1
        rows[here] = i
        here += 1
    return rows[:here].copy(), resting
