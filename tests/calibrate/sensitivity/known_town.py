"""A town whose effects are known functions of its parameters, with keyed chance, and faults on request."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.sensitivity.runs import Problem
from sim.calibrate.sensitivity.space import Space
from sim.experiment.cases import ParameterPoint
from sim.experiment.definition import Task
from sim.policy.priors import Prior

WEIGHTS = {"much": 3.0, "some": 2.0, "setting": 1.5, "world": 1.0, "little": 0.2, "nothing": 0.0}
GRADES = {"much": "C", "some": "B", "setting": "C", "world": "C", "little": "A", "nothing": "C"}
PARTS = {"world": "scenario"}
CHANCE_SD = 0.8
HORIZON = 3


@dataclass(frozen=True)
class Reform:
    """The only policy of the town."""

    name: str = "reform"


@dataclass(frozen=True)
class TownInputs:
    """What the town takes."""

    values: dict[str, float]
    chance: int


@dataclass(frozen=True)
class TownPersons:
    """The one person of the town."""

    ids: NDArray[np.int64]
    group: NDArray[np.int8]
    sex: NDArray[np.int8]
    at_work: NDArray[np.int8]
    reason: NDArray[np.int8]
    present: NDArray[np.bool_]


@dataclass(frozen=True)
class TownOutcome:
    """Series and people of one run."""

    series: dict[tuple[str, str], NDArray[np.float64]]
    persons: TownPersons


def prior(name: str, low: float = 0.0, high: float = 1.0) -> Prior:
    source = "case town: an assumption" if name == "setting" else "assumption"
    return Prior.model_validate(
        {
            "name": name,
            "label_sv": f"Talet {name}",
            "label_en": f"Number {name}",
            "unit": "share",
            "distribution": "uniform",
            "low": low,
            "high": high,
            "grade": GRADES.get(name, "C"),
            "source": source,
            "part": PARTS.get(name, "model"),
        }
    )


def effect(values: dict[str, float], chance: int) -> float:
    """Return the sum of weight times value, and a normal of this chance."""
    noise = float(np.random.default_rng(chance).normal(0, CHANCE_SD))
    return sum(WEIGHTS[name] * value for name, value in values.items() if name in WEIGHTS) + noise


def simulate(inputs: TownInputs, policies: Sequence[Any]) -> list[TownOutcome]:
    """Return an outcome per policy: the municipality gains the effect in each month with the reform."""
    if path := os.environ.get("TOWN_CALLS"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{inputs.chance}\n")
        stop = int(os.environ.get("TOWN_STOP", "0"))
        if stop and len(Path(path).read_text(encoding="utf-8").splitlines()) == stop:
            raise KeyboardInterrupt
    if str(inputs.chance) == os.environ.get("TOWN_BROKEN"):
        raise ZeroDivisionError("no chance")
    zeros, one = np.zeros((HORIZON, 1), np.int8), np.zeros(1, np.int8)
    persons = TownPersons(np.zeros(1, np.int64), one, one, zeros, zeros, np.ones((HORIZON, 1), bool))
    size = effect(inputs.values, inputs.chance)
    return [
        TownOutcome(
            {
                ("net_municipality", "all"): np.full(HORIZON, 0.0 if policy is None else size),
                ("net_state", "all"): np.full(HORIZON, 1.0),
            },
            persons,
        )
        for policy in policies
    ]


def problem(names: Iterable[str] = WEIGHTS) -> Problem:
    """Return the town as a problem."""

    def tasks(points: Iterable[ParameterPoint]) -> Iterator[Task]:
        for point in points:
            for replication, chance in enumerate(point.chances):
                inputs = TownInputs(dict(point.values), chance)
                yield Task(point.draw, replication, "normal", "0480", point.values, inputs, (Reform(),))

    space = Space([prior(name) for name in names], "town")
    return Problem("town", space, tasks, 1, {"town": "known"}, "known_town:simulate")
