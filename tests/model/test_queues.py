"""Who is served where there is room for few: the same as if the whole queue were sorted."""

import numpy as np
import pytest
from model_worlds import keys, people

from sim.core.draws import Decision
from sim.model.rules.common import months_worked
from sim.model.rules.queues import FEW, front, front_of_race, place_in_queue, place_in_race, soonest_in_race

PEOPLE = 9000


@pytest.mark.parametrize("room", [0, 1, 7, 300, FEW, FEW + 1, PEOPLE])
def test_the_front_of_a_queue_is_that_of_the_sorted_queue(room: int) -> None:
    key, ids = keys()[Decision.PLACE_ORDER], people(PEOPLE).id
    order = np.array([place_in_queue(int(i) % 4, int(i), key) for i in ids])
    assert front(order, room).tolist() == np.argsort(order)[:room].tolist()
    assert front(order[:0], 0).size == 0


@pytest.mark.parametrize("room", [0, 1, 20, 900, PEOPLE])
def test_the_front_of_a_race_is_that_of_all_places_in_it(room: int) -> None:
    """Also where ranks differ, and where many weigh nothing."""
    key, r = keys()[Decision.SUBSIDISED_ORDER], people(PEOPLE)
    r.weight_free[:] = np.random.default_rng(3).integers(0, 1 << 21, PEOPLE)
    r.weight_free[::5] = 0
    queue = np.arange(PEOPLE - 1, -1, -1).astype(np.uint32)
    race = [(int(i) % 2, int(r.weight_free[i]), int(r.id[i]), key) for i in queue]
    soonest = np.array([soonest_in_race(*one) for one in race])
    places = np.array([place_in_race(*one) for one in race])
    assert (soonest <= places).all()
    found = front_of_race(soonest, queue, r.weight_free, r.id, key, room)
    assert found.tolist() == np.argsort(places)[:room].tolist()


def test_months_of_a_history_are_counted() -> None:
    assert [months_worked(history) for history in range(1 << 12)] == [
        history.bit_count() for history in range(1 << 12)
    ]
