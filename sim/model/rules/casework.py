"""Clients by policy segment, for costs that grow with the clients of a target group."""

import numpy as np

from sim.core.compiled import kernel
from sim.model.codes import HERE, IN_ACTIVITY, OPEN, WAITING_PLAN
from sim.model.columns import Int64
from sim.model.rules.common import segment
from sim.model.tables import Tables
from sim.policy.channels import TRIAL_SEGMENTS


@kernel
def clients_by_segment(tables: Tables, known: Int64, month: int) -> Int64:
    """Return those whom the unit has planned, and the registered, by segment, int64, shape (2, segments)."""
    r = tables.residents
    count = np.zeros((2, TRIAL_SEGMENTS), dtype=np.int64)
    for i in known:
        if r.presence[i] == HERE and (r.status[i] == OPEN or r.status[i] == IN_ACTIVITY):
            part = segment(r, i, month)
            count[1, part] += 1
            if r.case[i] > WAITING_PLAN:
                count[0, part] += 1
    return count
