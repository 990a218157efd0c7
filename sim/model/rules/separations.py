"""Separations: jobs that end, and temporary jobs that turn permanent.

Rule: a job ends with the monthly rate of its contract times the season's factor. Most job leavers find work
without registering (they are the job-to-job moves of matching); of those who lose a job, a declared share
registers with AF and the rest search outside it.
"""

import numpy as np

from sim.core.ahead import ask_ahead
from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, below, uniform
from sim.model.codes import EMPLOYED, HERE, OUTSIDE
from sim.model.columns import Keys, Rows
from sim.model.parameters import Parameters
from sim.model.rules.common import enter_register, leave_register
from sim.model.rules.steady import unsettle
from sim.model.tables import Tables

SEPARATION = int(Decision.SEPARATION)
REGISTRATION = int(Decision.REGISTRATION)
PERMANENT_CONTRACT = int(Decision.PERMANENT_CONTRACT)


@rule
def separation_rate(contract: int, tier: int, season: float, p: Parameters) -> float:
    """Return the monthly rate of job loss: temporary (1) or permanent (0), a third lower in the high tier."""
    rate = p.separation_temporary if contract == 1 else p.separation_permanent
    if tier == 2:
        rate = rate * (2.0 / 3.0)
    return rate * season


@kernel
def separate(
    tables: Tables, visited: Rows, keys: Keys, month: int, season: float, days: int
) -> tuple[int, int, Rows, Rows]:
    """End jobs.

    Args:
        visited: Rows of those who live here and are not steady, int64.

    Returns:
        How many ended; how many of those who lost them registered; and of those who are not steady now the
        rows of those in no ordinary job, and of those in one, both int64: nobody loses an ordinary job later
        in the month.
    """
    r, p, until = tables.residents, tables.parameters, tables.steady.until
    registered = 0
    highest = max(separation_rate(0, 0, season, p), separation_rate(1, 0, season, p))
    losing = below(keys[SEPARATION], r.id, highest)
    jobless = np.empty(visited.size + losing.size, dtype=np.uint32)
    working = np.empty(visited.size, dtype=np.uint32)
    n = m = ended = 0
    for k in range(losing.size):
        ask_ahead(r.spell, losing, k)
        i = losing[k]
        if r.status[i] != EMPLOYED or r.presence[i] != HERE:
            continue
        if uniform(keys[SEPARATION], r.id[i]) >= separation_rate(r.contract[i], r.tier[i], season, p):
            continue
        losing[ended] = i
        ended += 1
        if until[i] > 0:
            jobless[n] = i
            n += 1
    unsettle(tables, jobless[:n], month)
    for i in losing[:ended]:
        if uniform(keys[REGISTRATION], r.id[i]) < p.register_share:
            enter_register(r, i, month, days)
            registered += 1
        else:
            leave_register(r, i, OUTSIDE)
    kept = below(keys[PERMANENT_CONTRACT], r.id, p.permanent_rate)
    for k in range(kept.size):
        ask_ahead(r.spell, kept, k)
        i = kept[k]
        if r.status[i] == EMPLOYED and r.presence[i] == HERE:
            r.contract[i] = 0
    for i in visited:
        if r.status[i] == EMPLOYED:
            working[m] = i
            m += 1
        else:
            jobless[n] = i
            n += 1
    return ended, registered, jobless[:n].copy(), working[:m].copy()
