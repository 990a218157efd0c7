"""How columns lie in memory, and which rows are left when a burn-in has ended."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from model_worlds import homes, inputs, people, ran
from numpy.typing import NDArray
from reference.agreement import households_of_state, residents_of_state

from sim.model.columns import HouseholdColumns, Presence, ResidentColumns, Status
from sim.model.inputs import alone
from sim.model.layout import allocate_households, allocate_residents, copied
from sim.model.order import ordered
from sim.model.simulate import burn_in
from sim.model.state import State


def arrays(columns: ResidentColumns | HouseholdColumns) -> list[NDArray[Any]]:
    return [getattr(columns, name) for name in columns._fields]


@pytest.mark.parametrize("allocate, size", [(allocate_residents, 128), (allocate_households, 40)])
def test_columns_are_zeroed_aligned_apart_and_copied(allocate: Callable[[int], Any], size: int) -> None:
    columns = allocate(50)
    assert {one.strides[0] for one in arrays(columns) if not one.flags.c_contiguous} == {size}
    for number, column in enumerate(arrays(columns)):
        assert column.flags.aligned and column.flags.writeable
        assert (column == 0).all()
        column[:] = number % 100
    for number, (column, other) in enumerate(zip(arrays(columns), arrays(copied(columns)), strict=True)):
        assert (other == number % 100).all()
        assert (column.dtype, column.strides) == (other.dtype, other.strides)
        column[:] = 0
        assert (other == number % 100).all()


def test_pay_and_the_rest_of_a_resident_are_asked_for_by_a_column_of_each_line() -> None:
    """Passes ask memory for `wage` and for `spell`, which stand for the two lines of a record."""
    r = allocate_residents(3)
    line = 64
    wage, spell = (getattr(r, name).ctypes.data // line for name in ("wage", "spell"))
    assert spell == wage + 1 and r.wage[1:].ctypes.data // line == wage + 2


def test_households_that_have_gone_are_left_out_unless_something_is_still_counted() -> None:
    """Of six couples both, one or none has gone; of those of whom both have, one is on assistance and one
    was of late."""
    r = people(12, status=Status.EMPLOYED)
    h = homes(r, couples=[(i, i + 6) for i in range(6)])
    gone = [0, 6, 1, 8, 3, 9, 4, 10]  # both of 0, 3 and 4; one of 1 and of 2
    r.presence[gone] = Presence.GONE
    h.assistance[3], h.history[4] = 1, 0b1000
    couples = {int(h.id[j]): {int(r.id[h.reference[j]]), int(r.id[h.partner[j]])} for j in range(6)}
    state = ordered(State(r, h))
    r, h = state.residents, state.households
    left = set(h.id.tolist())
    assert left == set(couples) - {(480 << 24) + 0}
    assert set(r.id.tolist()) == set().union(*(couples[one] for one in left))
    for j in range(h.id.size):
        pair = {int(h.reference[j]), int(h.partner[j])}
        assert {int(r.id[i]) for i in pair} == couples[int(h.id[j])]
        assert all(r.household[i] == j and r.partner[i] in pair - {i} for i in pair)
    assert (r.presence == Presence.HERE).tolist() == [True] * 4 + [False] * 6


def test_whoever_is_still_to_come_is_kept() -> None:
    r = people(6, presence=[Presence.NOT_YET, Presence.GONE, Presence.GONE] + [Presence.NOT_YET] * 3)
    state = State(r, homes(r, couples=[(1, 3), (4, 5)]))
    kept = ordered(state).residents
    assert sorted((kept.id & 0xFF).tolist()) == [0, 1, 3, 4, 5]


def test_a_town_goes_on_without_the_rows_left_out_as_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    town = inputs(months=12, burn=36)
    monkeypatch.setattr("sim.model.simulate.ordered", lambda state: state)
    whole = burn_in(alone(town))[0]
    few = ordered(whole.copy())
    for table in (residents_of_state, households_of_state):
        before, after = table(whole), table(few)
        kept = np.isin(before["id"], after["id"])
        assert 0 < (~kept).sum() < kept.sum()
        for name in before:
            assert before[name][kept].tolist() == after[name].tolist(), name
        if "presence" in before:
            assert (before["presence"][~kept] == Presence.GONE).all()
        else:
            assert not any(before[name][~kept].any() for name in ("assistance", "history", "owed"))
    one, other = ran(town, whole), ran(town, few)
    assert all(np.array_equal(one.series[key], other.series[key]) for key in one.series)
    assert np.array_equal(one.rates, other.rates)
