import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.core.errors import SamspelError
from sim.core.months import month_number, month_text


@given(st.integers(min_value=0, max_value=9999), st.integers(min_value=1, max_value=12))
def test_text_and_number_are_inverse(year: int, month: int) -> None:
    text = f"{year:04d}-{month:02d}"
    assert month_text(month_number(text)) == text


def test_months_subtract_over_new_year() -> None:
    assert month_number("2024-02") - month_number("2023-09") == 5


@pytest.mark.parametrize(
    "text", ["2023", "2023-13", "2023-00", "23-09", "2023-9", "2023-09-01", "", "september"]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SamspelError, match=r"start = .* is not allowed.*for instance 2023-09"):
        month_number(text, "case.yaml", "start")
