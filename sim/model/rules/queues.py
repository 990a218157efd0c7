"""Queues for what is scarce: the order of service is drawn, keyed, and never the order of rows."""

import numpy as np

from sim.core.compiled import rule
from sim.core.draws import squares32
from sim.model.columns import Int64


@rule
def served(candidates: Int64, ids: Int64, key: np.uint64, capacity: int) -> Int64:
    """Return the row indices of the first ``capacity`` candidates in keyed order.

    Args:
        candidates: Row indices of those who want the same thing, int64.
        ids: The residents' permanent ids, int64.
        key: The stream key of the decision.
        capacity: How many can be served.
    """
    if candidates.size == 0 or capacity <= 0:
        return candidates[:0]
    order = np.empty(candidates.size, dtype=np.int64)
    for j in range(candidates.size):
        identity = ids[candidates[j]]
        order[j] = (np.int64(squares32(np.uint64(identity), key)) << 24) | (identity & 0xFFFFFF)
    rank = np.argsort(order)
    return candidates[rank[: min(capacity, candidates.size)]]
