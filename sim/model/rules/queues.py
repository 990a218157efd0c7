"""Queues for what is scarce: by rank, then in a drawn and keyed order that is never the order of rows."""

import numpy as np

from sim.core.compiled import kernel, rule
from sim.core.draws import squares32, uniform
from sim.core.exact import FIXED_POINT, logarithm
from sim.model.columns import Bool, Float64, Int8, Int32, Int64, Rows

FEW = 1000
"""Served in a month, up to which they are kept in order one by one."""


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
    return turn(rank, -logarithm(uniform(key, identity)), weight)


@rule
def soonest_in_race(rank: int, weight: int, identity: int, key: np.uint64) -> int:
    """Return a number that is no higher than `place_in_race`, for -ln(u) is at least 1 - u, and costs a
    fraction."""
    return turn(rank, 1.0 - uniform(key, identity), weight)


@rule
def turn(rank: int, drawn: float, weight: int) -> int:
    """Return the number of a wait, a drawn length over a weight, that comes after all of a higher rank."""
    wait = drawn * FIXED_POINT / max(1024.0, float(weight))
    return ((3 - rank) << 60) | int(min(wait, 1048575.0) * 1099511627776.0)


@kernel
def served(candidates: Rows, rank: Int8, ids: Int64, key: np.uint64, capacity: int) -> Rows:
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
    return candidates[front(order, min(capacity, candidates.size))]


@kernel
def front(order: Int64, room: int) -> Int64:
    """Return the positions of the ``room`` lowest numbers of a queue, lowest first, int64.

    Where few of many are served, only the best so far are kept in order.
    """
    if room > FEW or 8 * room > order.size:
        return np.argsort(order)[:room]
    best = np.empty(room, dtype=np.int64)
    n = 0
    for j in range(order.size):
        if n == room and (room == 0 or order[j] >= order[best[n - 1]]):
            continue
        n = min(n + 1, room)
        k = n - 1
        while k > 0 and order[j] < order[best[k - 1]]:
            best[k] = best[k - 1]
            k -= 1
        best[k] = j
    return best


@kernel
def front_of_race(
    soonest: Int64, queue: Rows, weights: Int32, ids: Int64, key: np.uint64, room: int
) -> Int64:
    """Return the positions of the ``room`` first in a race, first in front, int64.

    Args:
        soonest: `soonest_in_race` of each, int64: places are worked out only for those who can be in front.
        queue: The rows of those in the race.
        weights: The search weights of all residents, fixed point.
        ids: Their permanent ids, int64.
        key: The stream key of the decision.
        room: How many are served.
    """
    last = 0
    for j in front(soonest, room):
        last = max(last, place_in_race(3 - (soonest[j] >> 60), weights[queue[j]], ids[queue[j]], key))
    near = np.flatnonzero(soonest <= last)
    places = np.empty(near.size, dtype=np.int64)
    for k in range(near.size):
        j = near[k]
        places[k] = place_in_race(3 - (soonest[j] >> 60), weights[queue[j]], ids[queue[j]], key)
    return near[front(places, room)]


@kernel
def seated(order: Int64, group: Int64, room: Float64) -> Bool:
    """Return who gets a seat, bool, by position: at most ``room`` in each group, lowest numbers first.

    Args:
        order: The numbers that order the queue, int64.
        group: What each candidate wants, int64.
        room: Vacancies in each group, float64; a part of one seats nobody.
    """
    seats = np.zeros(order.size, dtype=np.bool_)
    taken = np.zeros(room.size, dtype=np.int64)
    for j in front(order, order.size):
        if taken[group[j]] + 1 <= room[group[j]]:
            taken[group[j]] += 1
            seats[j] = True
    return seats
