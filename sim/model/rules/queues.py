"""Queues for what is scarce: by rank, then in a drawn and keyed order that is never the order of rows."""

import numpy as np

from sim.core.compiled import kernel, rule
from sim.core.draws import squares32, uniform
from sim.core.exact import FIXED_POINT, logarithm
from sim.model.columns import Bool, Int8, Int64


@rule
def place_in_queue(rank: int, identity: int, key: np.uint64) -> int:
    """Return a number that orders a queue: higher rank (0-3) first, then by keyed draw and id."""
    drawn = (np.int64(squares32(np.uint64(identity), key)) << 24) | (identity & 0xFFFFFF)
    return int(((3 - rank) << 60) | drawn)


@rule
def place_in_race(rank: int, weight: int, identity: int, key: np.uint64) -> int:
    """Return a number that orders a queue from which employers choose: higher rank (0-3) first, then by
    -ln(u) / w, so that the chance to be next is in proportion to the search weight w (fixed point, at least
    a thousandth)."""
    wait = -logarithm(uniform(key, identity)) * FIXED_POINT / max(1024.0, float(weight))
    return ((3 - rank) << 60) | int(min(wait, 1048575.0) * 1099511627776.0)


@kernel
def served(candidates: Int64, rank: Int8, ids: Int64, key: np.uint64, capacity: int) -> Int64:
    """Return the row indices of the first ``capacity`` candidates by rank, then in keyed order.

    Args:
        candidates: Row indices of those who want the same thing, int64.
        rank: Rank of each candidate from 0, highest first, int8.
        ids: The residents' permanent ids, int64.
        key: The stream key of the decision.
        capacity: How many can be served.
    """
    if candidates.size == 0 or capacity <= 0:
        return candidates[:0]
    order = np.empty(candidates.size, dtype=np.int64)
    for j in range(candidates.size):
        order[j] = place_in_queue(rank[j], ids[candidates[j]], key)
    first = np.argsort(order)
    return candidates[first[: min(capacity, candidates.size)]]


@kernel
def seated(queue: Int64, group: Int64, room: Int64) -> Bool:
    """Return who gets a seat, bool, by position: at most ``room`` in each group, in the order of the queue.

    Args:
        queue: Positions of the candidates in the order in which they are served, int64.
        group: What each candidate wants, int64.
        room: Seats in each group, int64.
    """
    seats = np.zeros(queue.size, dtype=np.bool_)
    taken = np.zeros(room.size, dtype=np.int64)
    for j in queue:
        if taken[group[j]] < room[group[j]]:
            taken[group[j]] += 1
            seats[j] = True
    return seats
