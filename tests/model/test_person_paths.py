"""What people did, kept in bits: the same as plain arrays, for any number of people, months and places."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from model_worlds import inputs, policy, region_started
from numpy.typing import NDArray

from sim.model.columns import Presence, Reason, Status
from sim.model.fork import Fork
from sim.model.layout import allocate_residents
from sim.model.paths import PathRecord, PersonPath, packed_bits
from sim.model.simulate import simulate
from sim.model.state import State

Plain = dict[str, NDArray[np.generic]]


@st.composite
def plain_paths(draw: st.DrawFn) -> Plain:
    """Draw the arrays of one municipality."""
    people, horizon = draw(st.integers(1, 200)), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = (horizon, people)
    return {
        "ids": rng.permutation(1000)[:people].astype(np.int64),
        "group": rng.integers(0, 4, people, np.int8),
        "sex": rng.integers(0, 2, people, np.int8),
        "at_work": rng.integers(0, 2, shape, np.int8),
        "reason": rng.integers(0, len(Reason), shape, np.int8),
        "present": rng.random(shape) < 0.8,
    }


def packed(plain: Plain) -> PersonPath:
    return PersonPath.packed(**plain)  # type: ignore[arg-type]


def equal(found: Plain, expected: Plain) -> bool:
    assert found.keys() == expected.keys()
    kinds = all(found[name].dtype == expected[name].dtype for name in found)
    return kinds and all(np.array_equal(found[name], expected[name]) for name in found)


@given(plain_paths())
def test_bits_give_back_the_arrays(plain: Plain) -> None:
    assert equal(packed(plain).arrays(), plain)


@given(st.lists(plain_paths(), min_size=2, max_size=3), st.randoms(use_true_random=False))
def test_several_municipalities_are_read_in_order_of_id(plains: list[Plain], random: object) -> None:
    horizon = min(len(plain["at_work"]) for plain in plains)
    for number, plain in enumerate(plains):
        plain["ids"] = plain["ids"] * len(plains) + number
        for name in ("at_work", "reason", "present"):
            plain[name] = plain[name][:horizon]
    found = PersonPath.together(map(packed, plains)).arrays()
    everybody = {name: np.concatenate([plain[name] for plain in plains], axis=-1) for name in found}
    order = np.argsort(everybody["ids"])
    assert equal(found, {name: array[..., order] for name, array in everybody.items()})


def test_bits_after_the_last_person_are_zero() -> None:
    bits = packed_bits(np.ones((2, 70), dtype=np.bool_))
    assert bits.shape == (2, 2) and bits.dtype == np.uint64
    assert np.bitwise_count(bits).sum(axis=1).tolist() == [70, 70]


def test_a_record_holds_what_each_month_showed() -> None:
    rng = np.random.default_rng(3)
    people = allocate_residents(131)
    people.id[:] = np.arange(131)
    record, seen = PathRecord(131, 3), []
    for month in range(3):
        people.presence[:] = rng.choice([int(one) for one in Presence], 131)
        people.status[:] = rng.choice([int(one) for one in Status], 131)
        people.reason[:] = rng.integers(0, 3, 131) if month else 0
        here = people.presence == Presence.HERE
        seen.append((here & (people.status >= Status.PLACEMENT), people.reason.copy(), here))
        record.note(people, month)
    path = record.path(people)
    for name, expected in zip(("at_work", "reason", "present"), zip(*seen, strict=True), strict=True):
        assert np.array_equal(getattr(path, name), np.stack(expected)), name


def same_state(first: State, second: State) -> bool:
    for name in ("residents", "households"):
        columns: Any = zip(getattr(first, name), getattr(second, name), strict=True)
        if not all(one.dtype == other.dtype and np.array_equal(one, other) for one, other in columns):
            return False
    return True


@pytest.mark.parametrize("large", [1, 10**9], ids=["compressed", "copied"])
def test_worlds_fork_from_equal_states_that_share_nothing(
    large: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.model.fork._LARGE", large)
    expected, fork = region_started(), Fork(region_started())
    first = fork.states()
    assert all(map(same_state, first, expected))
    for state in first:
        state.residents.wage[:] = -1
        state.flows.append(state.hires)
        state.vacancies[:] = -1.0
    second = fork.states()
    assert all(map(same_state, second, expected))
    second[0].residents.wage[:] = -1
    last = fork.states(last=True)
    assert all(map(same_state, last, expected))
    for one, known in zip(last, expected, strict=True):
        assert np.array_equal(one.vacancies, known.vacancies) and len(one.flows) == len(known.flows)
        assert all(column.flags.writeable for column in (*one.residents, *one.households))


def test_worlds_from_a_compressed_start_are_those_from_a_copied_one(monkeypatch: pytest.MonkeyPatch) -> None:
    town, reform = inputs(600, months=6, burn=12), policy(6, 2, contact=1.5)
    worlds = []
    for large in (1, 10**9):
        monkeypatch.setattr("sim.model.fork._LARGE", large)
        worlds.append(simulate(town, [None, reform, reform]))
    for one, other in zip(*worlds, strict=True):
        assert equal(one.persons.arrays(), other.persons.arrays())
        assert all(np.array_equal(one.series[key], other.series[key]) for key in one.series)
    assert equal(worlds[0][1].persons.arrays(), worlds[0][2].persons.arrays())
