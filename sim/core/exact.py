"""Arithmetic that gives the same bits on every machine: exponential, logarithm, power, and fixed-point
weights.

Library versions of these functions differ in the last bit between platforms, and one bit is enough to
change who is hired. Only + - * / and exact scaling by powers of two are used.
"""

import math

from sim.core.compiled import rule

_LOG2E = 1.4426950408889634
_LN2_HIGH = 0.693147180369123816490
_LN2_LOW = 1.90821492927058770002e-10
_SQRT_HALF = 0.7071067811865476
FIXED_POINT = 1 << 20
"""Steps per unit of search weight: weights are whole numbers, so that their sum has no rounding order."""


@rule
def exponential(x: float) -> float:
    """Return e**x, by ``2**n * exp(r)`` with ``|r| <= ln(2)/2`` and a Taylor polynomial of degree 13."""
    if x < -700.0:
        return 0.0
    if x > 700.0:
        x = 700.0
    n = math.floor(x * _LOG2E + 0.5)
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    p = 1.0
    for k in range(13, 0, -1):
        p = 1.0 + p * r / k
    return math.ldexp(p, int(n))


@rule
def logarithm(x: float) -> float:
    """Return ln(x) for x > 0, by ``n ln2 + 2 atanh((m-1)/(m+1))`` with m in [sqrt(1/2), sqrt(2))."""
    m, n = math.frexp(x)
    if m < _SQRT_HALF:
        m = m * 2.0
        n = n - 1
    s = (m - 1.0) / (m + 1.0)
    s2 = s * s
    p = 0.0
    for k in range(21, 0, -2):
        p = p * s2 + 1.0 / k
    return n * _LN2_HIGH + (2.0 * s * p + n * _LN2_LOW)


@rule
def power(x: float, exponent: float) -> float:
    """Return x**exponent for x >= 0."""
    if x <= 0.0:
        return 1.0 if exponent == 0.0 else 0.0
    return exponential(exponent * logarithm(x))


@rule
def fixed(weight: float) -> int:
    """Return a non-negative weight in fixed point, rounded down."""
    return int(weight * FIXED_POINT)


@rule
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of u in (0, 1), by Acklam's rational approximation (error under
    2e-9)."""
    if u < 0.02425 or u > 0.97575:
        tail = min(u, 1.0 - u)
        q = math.sqrt(-2.0 * logarithm(tail))
        top = -7.784894002430293e-03
        for c in (
            -3.223964580411365e-01,
            -2.400758277161838,
            -2.549732539343734,
            4.374664141464968,
            2.938163982698783,
        ):
            top = top * q + c
        bottom = 7.784695709041462e-03
        for c in (3.224671290700398e-01, 2.445134137142996, 3.754408661907416, 1.0):
            bottom = bottom * q + c
        value = top / bottom
        return value if u < 0.5 else -value
    q = u - 0.5
    s = q * q
    top = -3.969683028665376e01
    for c in (
        2.209460984245205e02,
        -2.759285104469687e02,
        1.383577518672690e02,
        -3.066479806614716e01,
        2.506628277459239,
    ):
        top = top * s + c
    bottom = -5.447609879822406e01
    for c in (1.615858368580409e02, -1.556989798598866e02, 6.680131188771972e01, -1.328068155288572e01, 1.0):
        bottom = bottom * s + c
    return top * q / bottom
