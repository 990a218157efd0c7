"""Estimates of every shape, for the property tests of the grammar."""

import numpy as np
from hypothesis import strategies as st

from sim.report.estimate import Estimate


def estimate_of(draws: list[float]) -> Estimate:
    values = np.array(draws, dtype=float)
    low, low50, high50, high = np.quantile(values, [0.05, 0.25, 0.75, 0.95])
    up, down = float(np.mean(values > 0)), float(np.mean(values < 0))
    zero = float(np.mean(values == 0))
    return Estimate(
        float(values.mean()),
        float(low),
        float(high),
        float(low50),
        float(high50),
        up,
        down,
        zero,
        len(values),
    )


def estimates(scale: float = 1.0) -> st.SearchStrategy[Estimate]:
    """All shapes: one-sided, mixed, skewed, mostly zero, all zero, tiny, huge."""
    sizes = st.sampled_from([0.0, 0.01, 1.0, 2.5, 40.0, 5000.0])
    draw = st.builds(lambda size, share: size * share * scale, sizes, st.floats(-1, 1))
    one_sided = st.builds(
        lambda draws, sign: [sign * abs(x) for x in draws],
        st.lists(draw, min_size=20, max_size=60),
        st.sampled_from([-1.0, 1.0]),
    )
    zeros = st.integers(1, 40).map(lambda n: [0.0] * n)
    mixed = st.lists(draw, min_size=1, max_size=60)
    skewed = st.builds(lambda a, b: a + b, one_sided, mixed)
    return st.one_of(mixed, one_sided, zeros, skewed).map(estimate_of)
