"""Orders: what is packed comes out as it went in, and every difference in the inputs makes another name."""

import dataclasses

import numpy as np
import toy
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from sim.experiment.canonical import content_hash, distinct_rows
from sim.experiment.definition import Order, Task, orders

NUMBERS = st.lists(st.integers(0, 2), min_size=2, max_size=8)


def ordered(task: Task) -> Order:
    return next(orders([task], "toy:simulate", "sources"))


@settings(deadline=None)
@given(
    arrays.arrays(
        np.float64,
        arrays.array_shapes(min_dims=2, max_dims=3, max_side=6),
        elements=st.sampled_from([0.0, 1.0, 2.5]),
    )
)
def test_rows_written_once_come_back_as_they_were(path: NDArray[np.float64]) -> None:
    rows, new = distinct_rows(path)
    assert np.array_equal(rows[np.cumsum(new) - 1], path)
    (task,) = toy.experiment(1, policies=(toy.ToyPolicy("reform", 0.2, path),)).tasks
    inputs, (policy,) = ordered(task).unpack()
    assert isinstance(policy, toy.ToyPolicy)
    assert inputs == task.inputs and policy.name == "reform"
    assert np.array_equal(policy.path, path) and policy.path.dtype == path.dtype


@given(
    st.lists(st.integers(0, 2), min_size=2, max_size=8), st.lists(st.integers(0, 2), min_size=2, max_size=8)
)
def test_only_equal_arrays_share_a_name(first: list[int], second: list[int]) -> None:
    one, other = (np.array(values, np.float64)[:, None] * np.ones(3) for values in (first, second))
    assert (content_hash(one) == content_hash(other)) == (first == second)


def test_replications_share_what_is_packed_of_their_policies() -> None:
    (task,) = toy.experiment(1).tasks
    again = dataclasses.replace(task, replication=1, inputs=dataclasses.replace(task.inputs, replication=7))
    one, two = orders([task, again], "toy:simulate", "sources")
    assert one.packed_policies is two.packed_policies
    assert set(one.name.run_ids).isdisjoint(two.name.run_ids)
    assert ordered(task).name == one.name
