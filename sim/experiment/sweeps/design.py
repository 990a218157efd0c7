"""Choose the points of a sweep: every combination, or samples that fill the space evenly.

Public names: `grid` and `latin_hypercube`.
"""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

Dimension = Sequence[Any] | tuple[float, float, int | None, bool]
"""Values to choose from (a list), or (low, high, steps in a grid, whole numbers only)."""


def grid(dimensions: Mapping[str, Dimension]) -> list[dict[str, Any]]:
    """Return every combination of the values, the last dimension varying fastest."""
    values = [_steps(one) if isinstance(one, tuple) else list(one) for one in dimensions.values()]
    return [dict(zip(dimensions, chosen, strict=True)) for chosen in itertools.product(*values)]


def latin_hypercube(dimensions: Mapping[str, Dimension], samples: int, seed: int) -> list[dict[str, Any]]:
    """Return points that each fill a stratum of their own in every dimension.

    Listed values come equally often, as far as the number of samples allows.
    """
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(len(dimensions), rng=np.random.default_rng(seed))
    uniforms = sampler.random(samples)
    columns = [_at(one, uniforms[:, index]) for index, one in enumerate(dimensions.values())]
    return [dict(zip(dimensions, chosen, strict=True)) for chosen in zip(*columns, strict=True)]


def _steps(span: tuple[Any, ...]) -> list[Any]:
    low, high, steps, whole = span
    values = np.linspace(low, high, steps).tolist()
    return list(dict.fromkeys(round(value) for value in values)) if whole else values


def _at(dimension: Dimension, uniforms: np.ndarray[Any, Any]) -> list[Any]:
    if not isinstance(dimension, tuple):
        return [dimension[min(int(u * len(dimension)), len(dimension) - 1)] for u in uniforms]
    low, high, _, whole = dimension
    if not whole:
        return [float(low + (high - low) * u) for u in uniforms]
    first, count = np.ceil(low), np.floor(high) - np.ceil(low) + 1
    return [int(first + min(np.floor(u * count), count - 1)) for u in uniforms]
