from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.numbers import (
    MILLIONS,
    PERCENT,
    PERSONS,
    TENTHS,
    UNITS,
    Numbers,
    digits_rounding,
    money_rounding,
    rounded,
)

SV = Numbers("sv")
values = st.floats(-1e9, 1e9)


@pytest.mark.parametrize(
    ("value", "rounding", "text"),
    [
        (37.6, PERSONS, "+40"),
        (-2.4, PERSONS, "0"),
        (-2.5, PERSONS, "−5"),
        (2.5, PERSONS, "+5"),
        (-1234.0, PERSONS, "−1\u00a0235"),
        (-38_400_000.0, MILLIONS, "−38"),
        (1_250_000.0, TENTHS, "+1,3"),
        (-40_000.0, TENTHS, "0"),
    ],
)
def test_signed_numbers_are_swedish(value: float, rounding: object, text: str) -> None:
    assert SV.signed(value, rounding) == text  # type: ignore[arg-type]


def test_levels_dates_and_percent() -> None:
    assert SV.plain(1968) == "1\u00a0968"
    assert SV.plain(0.4567, digits_rounding(2)) == "0,46"
    assert SV.plain(1953, digits_rounding(-1)) == "1\u00a0950"
    assert SV.plain(0.44, PERCENT) == "44"
    assert SV.date(date(2026, 11, 22)) == "22 november 2026"
    assert SV.month(12 * 2023 + 8) == "september 2023"


def test_a_probability_is_rounded_down_so_that_it_reaches_no_limit_it_has_not_met() -> None:
    assert SV.percent(0.7999) == "79"
    assert SV.percent(0.8) == "80"
    assert SV.percent(0.57) == "57"  # 0.57 * 100 is 56.99999999999999 in binary


def test_counts_below_five_are_suppressed() -> None:
    assert SV.count(3.0, "färre än 5") == "färre än 5"
    assert SV.count(0.0, "färre än 5") == "0"
    assert SV.count(23.0, "färre än 5") == "25"


def test_small_sums_are_printed_in_tenths() -> None:
    assert money_rounding([9.9e6, -3e6]) is TENTHS
    assert money_rounding([10.0e6, 1.0]) is MILLIONS


@given(values, st.sampled_from([PERSONS, UNITS, MILLIONS, TENTHS, PERCENT]))
def test_a_number_and_its_negative_round_alike_and_no_minus_zero_is_printed(
    value: float, rounding: object
) -> None:
    assert rounded(-value, rounding) == -rounded(value, rounding)  # type: ignore[arg-type]
    text = SV.signed(value, rounding)  # type: ignore[arg-type]
    assert "-" not in text
    assert (text == "0") == (rounded(value, rounding) == 0)  # type: ignore[arg-type]
