"""Sobol indices of an emulator, with an error that counts both the sample and the emulator's own.

First-order index: variance of the mean given one parameter, over the variance. Total index: one minus the
same for all the others together. SALib estimates both.

Public names: `Indices` and `sobol_indices`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.calibrate.sensitivity.emulator import Emulator, Predictor

SAMPLE = 2048
LEVEL = 0.95
_Z = 1.959963984540054  # of LEVEL


@dataclass(frozen=True)
class Indices:
    """Indices of an emulator's parameters, as shares of its variance, with half-widths of 95 %."""

    first: NDArray[np.float64]
    first_conf: NDArray[np.float64]
    total: NDArray[np.float64]
    total_conf: NDArray[np.float64]


def sobol_indices(emulator: Emulator, names: Sequence[str], seed: int = 1, sample: int = SAMPLE) -> Indices:
    """Return the indices of an emulator of independent quantiles.

    The half-width is sqrt(a^2 + b^2): a is SALib's, for the sample; b is 1.96 standard errors of a jackknife
    over the emulators that were fitted without one fold each, se^2 = (g - 1) / g * sum (index_j - mean)^2.

    Args:
        emulator: What to take apart.
        names: All parameters, in order; those that it does not look at stay at their medians.
        seed: Of the sample.
        sample: Base size, a power of two; the emulator is asked ``sample * (parameters + 2)`` times.
    """
    from SALib.sample import sobol

    mine = [names[index] for index in emulator.kept]
    problem = {"num_vars": len(mine), "names": mine, "bounds": [[0.0, 1.0]] * len(mine)}
    varied = sobol.sample(problem, sample, calc_second_order=False, seed=np.random.default_rng(seed))
    rows = np.full((len(varied), len(names)), 0.5)
    rows[:, emulator.kept] = varied
    first, first_conf, total, total_conf = _analysed(problem, emulator.predict, rows, seed)
    parts = [_analysed(problem, predict, rows, seed)[::2] for predict in emulator.without]
    return Indices(
        first,
        np.hypot(first_conf, _jackknife([part[0] for part in parts])),
        total,
        np.hypot(total_conf, _jackknife([part[1] for part in parts])),
    )


def _analysed(
    problem: dict[str, object], predict: Predictor, rows: NDArray[np.float64], seed: int
) -> tuple[NDArray[np.float64], ...]:
    """Return first, its half-width, total, its half-width; all zero for an emulator that is flat."""
    from SALib.analyze import sobol

    values = predict(rows)
    if np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())):
        return tuple(np.zeros(problem["num_vars"]) for _ in range(4))
    found = sobol.analyze(
        problem, values, calc_second_order=False, conf_level=LEVEL, seed=seed + 1, num_resamples=100
    )
    return tuple(np.asarray(found[key], dtype=np.float64) for key in ("S1", "S1_conf", "ST", "ST_conf"))


def _jackknife(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    values = np.array(parts)
    groups = len(values)
    spread = np.sum((values - values.mean(axis=0)) ** 2, axis=0)
    half: NDArray[np.float64] = _Z * np.sqrt((groups - 1) / groups * spread)
    return half
