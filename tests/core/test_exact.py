"""Portable exponential, logarithm, power, quantile and fixed point against the library's own."""

import math
from statistics import NormalDist

import numpy as np
import pytest

from sim.core.exact import FIXED_POINT, exponential, fixed, logarithm, normal_quantile, power

EPSILON = 2.0**-52


def test_exponential_is_right_to_a_few_units_in_the_last_place() -> None:
    for x in np.concatenate([np.linspace(-690.0, 690.0, 4001), np.linspace(-1.0, 1.0, 2001)]):
        assert exponential(float(x)) == pytest.approx(math.exp(x), rel=3 * EPSILON, abs=0.0)


def test_exponential_has_exact_values_and_ends() -> None:
    assert exponential(0.0) == 1.0
    assert exponential(-701.0) == 0.0
    assert exponential(800.0) == exponential(700.0)


def test_logarithm_is_right_to_a_few_units_in_the_last_place() -> None:
    for x in np.concatenate([np.logspace(-300, 300, 4001), np.linspace(0.5, 2.0, 2001)]):
        assert logarithm(float(x)) == pytest.approx(math.log(x), rel=3 * EPSILON, abs=0.0)


def test_logarithm_of_one_is_zero() -> None:
    assert logarithm(1.0) == 0.0


def test_power_is_right_within_what_its_exponent_magnifies() -> None:
    for x in (1e-6, 0.03, 0.5, 0.999, 1.0, 1.7, 40.0, 1e5):
        for exponent in (-2.0, -0.3, 0.0, 0.3, 1.0, 1 / 1.3, 1.3, 2.0):
            margin = EPSILON * (4.0 + 4.0 * abs(exponent * math.log(x)))
            assert power(x, exponent) == pytest.approx(x**exponent, rel=margin, abs=0.0)


def test_power_of_nothing() -> None:
    assert power(0.0, 0.0) == 1.0
    assert power(0.0, 1.3) == 0.0


def test_normal_quantile_has_the_stated_error() -> None:
    normal = NormalDist()
    for u in np.concatenate(
        [np.logspace(-9, -2, 500), np.linspace(0.011, 0.989, 999), 1.0 - np.logspace(-9, -2, 500)]
    ):
        assert normal_quantile(float(u)) == pytest.approx(normal.inv_cdf(float(u)), rel=2e-9, abs=2e-9)
    assert normal_quantile(0.5) == 0.0


def test_fixed_point_rounds_down_in_steps_of_a_millionth() -> None:
    assert FIXED_POINT == 1_048_576
    assert fixed(1.0) == 1_048_576
    assert fixed(0.3) == 314_572  # 314,572.8
    assert fixed(1.0 / FIXED_POINT * 0.999) == 0
