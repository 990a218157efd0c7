"""Define an experiment: which pairs of runs, on which model, under which name.

A *task* is one scenario, parameter draw and replication with all its policies: they share burn-in,
baseline and chance, so they are run together. An experiment is a sequence of tasks, ordered by draw and
replication.
"""

import io
import pickle
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.core.errors import input_error
from sim.experiment.canonical import content_hash, distinct_rows
from sim.experiment.tables import BASELINE, GROUPS

MODEL = "sim.model.simulate:simulate"


class Policy(Protocol):
    """What the experiment reads of a compiled policy; its whole content names the run."""

    @property
    def name(self) -> str:
        """Return the name under which its results are filed."""


@dataclass(frozen=True)
class Task:
    """One scenario, parameter draw and replication: a baseline and every policy on the same chance.

    Args:
        draw: Index of the parameter draw.
        replication: Index of chance within the draw.
        scenario: Name of what nobody here controls.
        municipality: Municipality code.
        values: The parameter draw itself, by name.
        inputs: What the model takes (`ModelInputs`), picklable, its content hashable.
        policies: Compiled policies; the baseline is always run and not among them.
        large: Sent to a process by itself, never in a batch: it is long, or others are much longer.
    """

    draw: int
    replication: int
    scenario: str
    municipality: str
    values: Mapping[str, float]
    inputs: Any
    policies: tuple[Policy, ...] = ()
    large: bool = False

    @property
    def policy_names(self) -> tuple[str, ...]:
        """Return the names of all runs, the baseline first."""
        return (BASELINE, *(policy.name for policy in self.policies))


@dataclass(frozen=True)
class Precision:
    """Stop when the Monte Carlo half-width of one mean effect is small enough, or at the last draw.

    The test is made on the first 50, 100, 200, ... draws, never by the order in which runs end. The
    half-width is the error of the *mean*; more draws do not narrow what the parameters leave open.
    """

    indicator: str
    month: int
    half_width: float
    group: str = "all"
    level: float = 0.90
    minimum: int = 50

    def __post_init__(self) -> None:
        if not self.half_width > 0:
            raise input_error("precision", "half_width", self.half_width, "a number above zero")
        if self.minimum < 2:
            raise input_error("precision", "minimum", self.minimum, "at least 2 draws")
        if self.group not in GROUPS:
            raise input_error("precision", "group", self.group, ", ".join(GROUPS), GROUPS)


@dataclass(frozen=True)
class Experiment:
    """A named sequence of tasks.

    Args:
        name: Short name; the results folder begins with it.
        definition: What makes this experiment, except how many draws it has, in plain values. With the
            model's sources it names the folder, so that more draws extend the same folder.
        tasks: All tasks, ordered by draw and replication.
        precision: Stop before the last draw when precise enough; None runs all.
        model: Dotted path and name of the model function, found again by every worker.
    """

    name: str
    definition: Mapping[str, object]
    tasks: Sequence[Task]
    precision: Precision | None = None
    model: str = MODEL

    def __post_init__(self) -> None:
        if not self.tasks:
            raise input_error(self.name, "tasks", 0, "at least one parameter draw and one replication")
        for task in self.tasks:
            if len(set(task.policy_names)) != len(task.policy_names):
                raise input_error(
                    self.name, "policies", task.policy_names, f"each name once, and none called {BASELINE}"
                )

    @property
    def draws(self) -> pl.DataFrame:
        """Return the parameter draws, one row each: ``draw`` and a column per parameter."""
        rows = {task.draw: {"draw": task.draw, **task.values} for task in self.tasks}
        return pl.DataFrame(list(rows.values())).with_columns(pl.col("draw").cast(pl.Int32))


@dataclass(frozen=True)
class TaskName:
    """What is remembered of a task that has been sent: its draw and the names of its runs."""

    draw: int
    policy_names: tuple[str, ...]
    run_ids: tuple[str, ...]

    @cached_property
    def key(self) -> str:
        """Return the short name that the task's rows are kept under."""
        return content_hash(self.run_ids)[:12]


@dataclass(frozen=True)
class Order:
    """A task ready to be sent to a worker: its labels, the names of its runs, and its inputs packed.

    Packed, a policy takes a thirtieth of the memory, so that thousands of tasks can wait in line.
    """

    name: TaskName
    replication: int
    scenario: str
    municipality: str
    model: str
    sources: str
    packed_inputs: bytes
    packed_policies: bytes
    large: bool = False

    def unpack(self) -> tuple[Any, tuple[Policy, ...]]:
        """Return the inputs and the policies."""
        return _unpacked(self.packed_inputs), _unpacked(self.packed_policies)


def orders(tasks: Iterable[Task], model: str, sources: str) -> Iterator[Order]:
    """Yield every task with its run ids: hashes of the sources, the inputs and the policy.

    Tasks that share their policies one after the other (replications of a draw) share what is worked out.
    """
    policies: tuple[Policy, ...] | None = None
    names: list[str] = []
    packed = b""
    for task in tasks:
        if policies is None or task.policies is not policies:
            policies = task.policies
            names = [content_hash(policy) for policy in (None, *policies)]
            packed = _packed(policies)
        shared = content_hash([sources, model, task.scenario, task.municipality, task.inputs])
        yield Order(
            TaskName(
                task.draw, task.policy_names, tuple(content_hash([shared, name])[:16] for name in names)
            ),
            replication=task.replication,
            scenario=task.scenario,
            municipality=task.municipality,
            model=model,
            sources=sources,
            packed_inputs=_packed(task.inputs),
            packed_policies=packed,
            large=task.large,
        )


class _Packer(pickle.Pickler):
    """A pickler that writes each row of an array once where the next ones are the same."""

    def reducer_override(self, value: Any) -> Any:
        if not isinstance(value, np.ndarray) or value.ndim < 2 or not value.flags.c_contiguous:
            return NotImplemented
        rows, new = distinct_rows(value)
        return NotImplemented if new.all() else (_repeated, (rows, new))


def _repeated(rows: NDArray[Any], new: NDArray[np.bool_]) -> NDArray[Any]:
    return rows[np.cumsum(new) - 1]


def _packed(value: object) -> bytes:
    buffer = io.BytesIO()
    _Packer(buffer, pickle.HIGHEST_PROTOCOL).dump(value)
    return zlib.compress(buffer.getbuffer(), level=1)


def _unpacked(content: bytes) -> Any:
    return pickle.loads(zlib.decompress(content))
