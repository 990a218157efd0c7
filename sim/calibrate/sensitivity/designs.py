"""Where the model is run: replications at the centre, Morris trajectories, and a design that fills the space.

Longer designs begin with the shorter ones, so that a larger plan only adds runs.

Public names: `Plan`, `Designs` and `MORRIS_BOUNDS`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.sensitivity.space import Space
from sim.core.errors import input_error
from sim.experiment.cases import ParameterPoint

LEVELS = 4
MORRIS_BOUNDS = (0.125, 0.875)
"""The lowest and highest quantile of a trajectory: the middles of the first and last of four equal parts."""
_FILLING = 2**24  # draws of the filling design are numbered from here; those of the trajectories from 1
_CHANCE = {"morris": 2**16, "filling": 2**18, "again": 2**20}
_WIDTH_STEP = 64


@dataclass(frozen=True)
class Plan:
    """How much is run.

    Attributes:
        trajectories: Morris trajectories, each of one run more than there are parameters, on one chance.
        points: Points of the filling design, each on a chance of its own.
        again: How many of those are run on a second chance, to tell chance from parameters.
        centre: Replications with every parameter at its median.
        keep: Most parameters of an emulator.
        seed: Seed of designs and chance.
    """

    trajectories: int = 8
    points: int = 800
    again: int = 200
    centre: int = 40
    keep: int = 20
    seed: int = 1

    def __post_init__(self) -> None:
        least = {"trajectories": 2, "points": 20, "again": 2, "centre": 2, "keep": 1, "seed": 0}
        for key, number in least.items():
            if getattr(self, key) < number:
                raise input_error(
                    "sensitivity", key, getattr(self, key), f"a whole number of at least {number}"
                )
        if self.again > self.points:
            raise input_error("sensitivity", "again", self.again, f"at most points = {self.points}")


@dataclass(frozen=True)
class Designs:
    """The points of a plan in a space, as quantiles.

    Attributes:
        plan: How many of each.
        space: What they are quantiles of.
    """

    plan: Plan
    space: Space
    morris: NDArray[np.float64] = field(init=False, repr=False)
    filling: NDArray[np.float64] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "morris", _trajectories(self.space.names, self.plan))
        object.__setattr__(self, "filling", _filling(len(self.space.names), self.plan))

    @property
    def problem(self) -> dict[str, Any]:
        """Return the trajectories' space as SALib describes it."""
        return morris_problem(self.space.names)

    def points(self) -> Iterator[ParameterPoint]:
        """Yield all points to run: those that fill the space first, then the centre, then trajectories."""
        for index, row in enumerate(self.filling):
            chance = _CHANCE["filling"] + index
            second = (chance + _CHANCE["again"],) if index < self.plan.again else ()
            yield ParameterPoint(self.filling_draw(index), self.space.values(row), (chance, *second))
        centre = self.space.values(np.full(len(self.space.names), 0.5))
        yield ParameterPoint(0, centre, tuple(range(self.plan.centre)))
        size = len(self.space.names) + 1
        for index, row in enumerate(self.morris):
            chance = _CHANCE["morris"] + index // size
            yield ParameterPoint(self.morris_draw(index), self.space.values(row), (chance,))

    @property
    def runs(self) -> int:
        """Return the number of paired runs of one market."""
        return len(self.filling) + self.plan.again + self.plan.centre + len(self.morris)

    @staticmethod
    def filling_draw(index: int) -> int:
        """Return the number that a point of the filling design is filed under."""
        return _FILLING + index

    @staticmethod
    def morris_draw(index: int) -> int:
        """Return the number that a point of the trajectories is filed under."""
        return 1 + index


def morris_problem(names: Sequence[str]) -> dict[str, Any]:
    """Return parameters as SALib describes them, within `MORRIS_BOUNDS`."""
    return {"num_vars": len(names), "names": list(names), "bounds": [list(MORRIS_BOUNDS)] * len(names)}


def _trajectories(names: Sequence[str], plan: Plan) -> NDArray[np.float64]:
    """Return the trajectories under each other, each from a seed of its own."""
    from SALib.sample import morris

    problem = morris_problem(names)
    seeds = np.random.SeedSequence(plan.seed).spawn(plan.trajectories)
    parts = [morris.sample(problem, 1, num_levels=LEVELS, seed=np.random.default_rng(one)) for one in seeds]
    return np.vstack(parts)


def _filling(dimensions: int, plan: Plan) -> NDArray[np.float64]:
    """Return a scrambled Sobol sequence, strictly within 0 to 1."""
    from scipy.stats import qmc

    width = -(-dimensions // _WIDTH_STEP) * _WIDTH_STEP
    sampler = qmc.Sobol(width, scramble=True, rng=np.random.default_rng(plan.seed))
    points: NDArray[np.float64] = sampler.random_base2((plan.points - 1).bit_length())[
        : plan.points, :dimensions
    ]
    return points.clip(1e-9, 1 - 1e-9)
