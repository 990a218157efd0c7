"""Those with priority are first in every queue of the policy, in the same drawn order among themselves."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_worlds import MONTH, by_segment, everybody, first_served, keys, parameters, people, promise, tables

from sim.core.draws import Decision, squares32
from sim.core.exact import FIXED_POINT
from sim.model.columns import Activity, Case, Origin, ResidentColumns, Status
from sim.model.rules.activities import assign
from sim.model.rules.offers import offer
from sim.model.rules.placing import place
from sim.model.rules.planning import plan
from sim.model.rules.queues import served
from sim.policy.channels import SEGMENTS

YOUTH = (np.arange(SEGMENTS) & 2 > 0).astype(float)
EVERYBODY = by_segment(1.0)


def seekers() -> ResidentColumns:
    """Six of 20 and fourteen of 40, planned, who could have any offer."""
    r = people(20, status=Status.OPEN, registered=1, spell=8, case=Case.ACTIVE, swedish=2)
    r.birth[:6] = MONTH - 20 * 12
    r.origin[:] = Origin.ESTABLISHED
    r.weight_free[:] = FIXED_POINT
    return r


def planning(r: ResidentColumns, room: int, first: Any) -> None:
    r.case[:] = Case.WAITING_PLAN
    p = parameters(af_decision_days=0.0)
    plan(tables(r, p), everybody(r), keys(), room, EVERYBODY, first)


def activities(r: ResidentColumns, room: int, first: Any) -> None:
    p = parameters(activity_entry_later=1.0, training_share=1.0, practice_share=0.0)
    assign(tables(r, p), everybody(r), keys(), MONTH, room, EVERYBODY, promise(), first)


def pool(number: int) -> Callable[[ResidentColumns, int, Any], None]:
    def places(r: ResidentColumns, room: int, first: Any) -> None:
        free = np.zeros(3, dtype=np.int64)
        free[number] = room
        reach = (EVERYBODY,) * 3
        place(tables(r, parameters()), everybody(r), keys(), free, 1.0, np.ones(3), reach, first)

    return places


def offers(number: int) -> Callable[[ResidentColumns, int, Any], None]:
    def made(r: ResidentColumns, room: int, first: Any) -> None:
        free = np.zeros(4, dtype=np.int64)
        free[number] = room
        offer(
            tables(r, parameters()),
            everybody(r),
            keys(),
            free,
            (EVERYBODY,) * 4,
            first,
            np.full(24, 99.0),
            0.0,
        )

    return made


QUEUES = [
    pytest.param(planning, Decision.PLAN_ORDER, id="plans"),
    pytest.param(activities, Decision.ACTIVITY_ORDER, id="activities"),
    pytest.param(pool(1), Decision.PLACE_ORDER, id="places"),
    pytest.param(pool(2), Decision.PLACE_ORDER, id="associations"),
    pytest.param(offers(0), Decision.SUBSIDISED_ORDER, id="subsidised-jobs"),
    pytest.param(offers(1), Decision.RESERVED_ORDER, id="kept-jobs"),
    pytest.param(offers(2), Decision.EDUCATION_ORDER, id="adult-education"),
    pytest.param(offers(3), Decision.SFI_ORDER, id="vocational-swedish"),
]
"""Job tracks: `test_tracks`."""


def served_by(queue: Callable[[ResidentColumns, int, Any], None], room: int, first: Any) -> set[int]:
    r = seekers()
    queue(r, room, by_segment(first))
    planned = queue is planning
    return set(np.flatnonzero(r.case == Case.ACTIVE if planned else r.status != Status.OPEN).tolist())


@pytest.mark.parametrize(("queue", "order"), QUEUES)
def test_those_with_priority_are_served_before_others(
    queue: Callable[[ResidentColumns, int, Any], None], order: Decision
) -> None:
    r = seekers()
    adults = list(range(6, 20))
    assert served_by(queue, 4, YOUTH) == first_served(order, r, list(range(6)), 4)
    assert served_by(queue, 9, YOUTH) == set(range(6)) | first_served(order, r, adults, 3)
    assert served_by(queue, 9, 0.0) == served_by(queue, 9, 1.0) == first_served(order, r, list(range(20)), 9)


def test_a_promise_goes_before_priority() -> None:
    r = seekers()
    p = parameters(activity_entry_later=1.0, training_share=1.0, practice_share=0.0)
    adults = promise(90.0, 1.0, 30.0, 64.0)
    assert assign(tables(r, p), everybody(r), keys(), MONTH, 15, EVERYBODY, adults, by_segment(YOUTH))[
        :2
    ] == (15, 5)
    assert (r.activity[6:] == Activity.TRAINING).all()
    assert set(np.flatnonzero(r.activity[:6])) == first_served(Decision.ACTIVITY_ORDER, r, list(range(6)), 1)


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=40),
    st.integers(0, 45),
    st.integers(0, 2**31),
    st.randoms(use_true_random=False),
)
@settings(deadline=None, derandomize=True)
def test_a_queue_is_the_same_whatever_the_order_of_rows(
    ranks: list[int], capacity: int, seed: int, chance: Any
) -> None:
    """By rank, then in drawn order, restated."""
    n = len(ranks)
    ids = (480 << 24) + np.arange(n, dtype=np.int64)
    rank = np.array(ranks, dtype=np.int8)
    key = keys(seed=seed)[Decision.PLAN_ORDER]
    drawn = [int(squares32(np.uint64(one), key)) for one in ids]
    expected = sorted(range(n), key=lambda i: (-ranks[i], drawn[i], i))[:capacity]
    assert served(np.arange(n, dtype=np.uint32), rank, ids, key, capacity).tolist() == expected
    other = list(range(n))
    chance.shuffle(other)
    mixed = np.array(other, dtype=np.uint32)
    assert served(mixed, rank[mixed], ids, key, capacity).tolist() == expected
