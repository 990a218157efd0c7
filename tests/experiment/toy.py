"""A town of forty people that answers as the model does: fast, keyed chance, and failures on request."""

import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiment.definition import Experiment, Precision, Task
from sim.model.columns import Group

HORIZON, SIZE = 6, 40
KINDS = tuple(group.name.lower() for group in Group)


@dataclass(frozen=True)
class ToyInputs:
    """What the toy model takes."""

    root_seed: int
    replication: int
    parameters: dict[str, float]
    horizon: int = HORIZON


@dataclass(frozen=True)
class ToyPolicy:
    """A policy that lowers the bar to work, from its third month."""

    name: str
    strength: float
    path: NDArray[np.float64] = field(default_factory=lambda: np.zeros((HORIZON, 16, 2)))


@dataclass(frozen=True)
class ToyPersons:
    """People of the toy town."""

    ids: NDArray[np.int64]
    group: NDArray[np.int8]
    sex: NDArray[np.int8]
    at_work: NDArray[np.int8]
    reason: NDArray[np.int8]
    present: NDArray[np.bool_]


@dataclass(frozen=True)
class ToyOutcome:
    """Series and people of one run."""

    series: dict[tuple[str, str], NDArray[np.float64]]
    persons: ToyPersons


def simulate(inputs: ToyInputs, policies: list[ToyPolicy | None]) -> list[ToyOutcome]:
    """Return an outcome per policy on the same uniform numbers."""
    rng = np.random.default_rng([inputs.root_seed, inputs.replication])
    chance = rng.random((inputs.horizon, SIZE))
    group, sex = rng.integers(0, 4, SIZE, np.int8), rng.integers(0, 2, SIZE, np.int8)
    outcomes = []
    for policy in policies:
        strength = 0.0 if policy is None else policy.strength * inputs.parameters["effect"]
        bar = np.full((inputs.horizon, SIZE), inputs.parameters["level"])
        bar[2:, : SIZE // 2] += strength
        bar[2:, SIZE // 2 :] -= strength / 2
        work = (chance < bar).astype(np.int8)
        reason = np.where(chance > 0.9, 1, np.where(chance > 0.8, 2, 0)).astype(np.int8)
        persons = ToyPersons(np.arange(SIZE), group, sex, work, reason, np.ones_like(work, bool))
        outcomes.append(ToyOutcome(_series(work, group, sex), persons))
    return outcomes


def _series(
    work: NDArray[np.int8], group: NDArray[np.int8], sex: NDArray[np.int8]
) -> dict[tuple[str, str], NDArray[np.float64]]:
    members = {"all": sex >= 0, "women": sex == 0, "men": sex == 1}
    members |= {name: group == code for code, name in enumerate(KINDS)}
    series = {
        ("employed", name): work[:, who].sum(axis=1).astype(np.float64) for name, who in members.items()
    }
    series["net_municipality", "all"] = series["employed", "all"] * 1000.0 - 20_000.0
    return series


def slow(inputs: ToyInputs, policies: list[ToyPolicy | None]) -> list[ToyOutcome]:
    """Take a fifth of a second over each task, so that there is time to be killed."""
    time.sleep(0.2)
    return simulate(inputs, policies)


def counting(inputs: ToyInputs, policies: list[ToyPolicy | None]) -> list[ToyOutcome]:
    """Leave a line for every call in the file that TOY_CALLS names."""
    with Path(os.environ["TOY_CALLS"]).open("a", encoding="utf-8") as file:
        file.write(f"{inputs.replication}\n")
    return simulate(inputs, policies)


def failing(inputs: ToyInputs, policies: list[ToyPolicy | None]) -> list[ToyOutcome]:
    """Fail at replication 2 while the file that TOY_BROKEN names is there."""
    if inputs.replication == 2 and Path(os.environ["TOY_BROKEN"]).exists():
        raise ZeroDivisionError("no vacancies in field 3")
    return simulate(inputs, policies)


def spying(inputs: ToyInputs, policies: list[ToyPolicy | None]) -> list[ToyOutcome]:
    """Write which modules this process has imported, by process."""
    folder = Path(os.environ["TOY_SPY"])
    (folder / f"{os.getpid()}.json").write_text(json.dumps(sorted(sys.modules)), encoding="utf-8")
    time.sleep(0.05)
    return simulate(inputs, policies)


def dying(inputs: ToyInputs, policies: list[ToyPolicy | None]) -> list[ToyOutcome]:
    """End the process at replication 3, as the system does when memory runs out."""
    if inputs.replication == 3:
        os._exit(9)
    return simulate(inputs, policies)


def experiment(
    n: int = 4,
    model: str = "simulate",
    policies: tuple[ToyPolicy, ...] = (ToyPolicy("reform", 0.2),),
    precision: Precision | None = None,
    **changes: Any,
) -> Experiment:
    """Return an experiment of ``n`` draws on a function of this module."""
    rng = np.random.default_rng(7)
    tasks = []
    for draw in range(n):
        values = {"effect": float(rng.random()), "level": 0.5 + 0.2 * float(rng.random())}
        inputs = ToyInputs(1, draw, values, **changes)
        tasks.append(Task(draw, 0, "normal", "0480", values, inputs, policies))
    return Experiment("toy", {"town": "toy", **changes}, tasks, precision, f"toy:{model}")
