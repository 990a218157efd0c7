import pytest

from sim.report.readability import lix


def test_lix_worked_by_hand() -> None:
    # 9 words, 2 sentences, 2 words longer than six letters (arbetar, kommunen): 9/2 + 100 * 2/9
    assert lix("Hon arbetar nu. Det kan bli dyrt för kommunen.") == pytest.approx(4.5 + 200 / 9)


def test_numbers_are_not_words_and_a_decimal_comma_ends_no_sentence() -> None:
    assert lix("Det blir 1,5 till 20 fler.") == lix("Det blir till fler.")
    assert lix("") == 0.0
