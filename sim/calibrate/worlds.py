"""Run the model as one municipality was in 2017-18, at given parameters, and read its moments.

Public names: `World`, `Readings`.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sim.core.months import month_number, month_text
from sim.experiment.cases import place_inputs
from sim.model.inputs import ModelInputs
from sim.model.simulate import simulate
from sim.policy.case import Case
from sim.policy.estimates import MUNICIPAL, municipal_priors, national_points
from sim.policy.priors import central, load_priors
from sim.policy.scenario import load_scenario

FIRST = month_number("2017-01")
HORIZON = 24
_YEAR = 12
_BURN_IN = 60
_SEED = 1
_WORLD = "none"

Floats = NDArray[np.float64]
Series = Mapping[tuple[str, str], Floats]


@dataclass(frozen=True)
class Readings:
    """What some runs gave.

    Attributes:
        logs: Log moments, in the order of `sim.calibrate.settings.MOMENTS`, shape (runs, 3).
        stock: AF stock by month of 2018, shape (runs, 12).
        series: All series of each run.
    """

    logs: Floats
    stock: Floats
    series: tuple[Series, ...]


@dataclass(frozen=True)
class World:
    """One municipality without any policy from a start.

    Attributes:
        inputs: What all runs share; the parameters are still to come.
        months: Months of 2017, from 0, whose assistance households are published: the moment is their mean.
    """

    inputs: ModelInputs
    months: tuple[int, ...]

    @staticmethod
    def of(
        code: str,
        residents: int,
        months: Sequence[int] = range(8),
        season: Sequence[float] | None = None,
        start: int = FIRST,
    ) -> "World":
        """Return the world of a municipality, of at most so many residents aged 16-64."""
        case = Case(
            name="calibration",
            title="calibration",
            question="calibration",
            municipalities=(code,),
            start=month_text(start),
            horizon=HORIZON,
            known_until=month_text(start),
            scenario=_WORLD,
        )
        inputs = place_inputs(case, code, _SEED, _BURN_IN, None, calibrated=False)
        if inputs.margins.residents(16, 64) > residents:
            inputs = dataclasses.replace(inputs, size=residents)
        world = World(inputs, tuple(months))
        return world if season is None else world.with_season(season)

    @property
    def residents(self) -> int:
        """Residents aged 16-64 in a run."""
        return self.inputs.size or self.inputs.margins.residents(16, 64)

    def with_season(self, season: Sequence[float]) -> "World":
        """Return the world with another season of the inflow."""
        return dataclasses.replace(self, inputs=dataclasses.replace(self.inputs, season=tuple(season)))

    def run(
        self, z: Floats, points: Sequence[int], told: Callable[[], None] | None = None, chance: int = 0
    ) -> Readings:
        """Run the model once for each point.

        The run of a point has that point's national parameters and its own chance, whatever the municipal
        ones: two runs of it differ by these alone.

        Args:
            z: Municipal parameters as standard normals, shape (runs, 3).
            points: The national point of each.
            told: Called after each run.
            chance: Added to the index of chance, for runs that are to differ by chance.
        """
        values, national = municipal_values(z), national_points()
        series = []
        for row, point in zip(values, points, strict=True):
            series.append(self.series_at(row, national[point], point + chance))
            if told is not None:
                told()
        return self.read(series)

    def series_at(self, values: Floats, national: Mapping[str, float], chance: int) -> Series:
        """Return the series of one run at municipal values, shape (3,), and national parameters."""
        own = dict(zip(MUNICIPAL, values.tolist(), strict=True))
        inputs = dataclasses.replace(
            self.inputs, parameters={**_others(), **national, **own}, replication=chance
        )
        (outcome,) = simulate(inputs, [None])
        return outcome.series

    def read(self, series: Sequence[Series]) -> Readings:
        """Return the moments of some runs, each as its official statistic is defined."""
        stock = np.array([one["af_stock", "all"][_YEAR:] for one in series])
        everybody = np.array([one["population_16_64", "all"][_YEAR:].mean() for one in series])
        stativ = np.array([one["stativ_share", "all"][-1] for one in series])
        months = list(self.months)
        paid = np.array([one["assistance_households_prelim", "all"][months].mean() for one in series])
        moments = np.stack([stock.mean(axis=1) / everybody, stativ, paid / everybody], axis=1)
        return Readings(np.log(np.maximum(moments, 1e-6)), stock, tuple(series))


def municipal_values(z: Floats) -> Floats:
    """Return municipal parameters from standard normals: x = F^-1(Phi(z)), F the prior; shape (n, 3)."""
    priors = municipal_priors()
    return np.stack([prior.quantiles(ndtr(z[:, k])) for k, prior in enumerate(priors)], axis=1)


@cache
def _others() -> dict[str, float]:
    """Return the centres of all parameters, those of a world without surprises included."""
    return central((*load_priors(), *load_scenario(_WORLD).priors))
