"""No sentence of an evaluation claims a direction that its interval does not allow, in either language."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.evaluate.estimators.result import Estimate
from sim.evaluate.ex_post.prediction import Prediction
from sim.report.numbers import rounded
from sim.report.readability import lix
from sim.report.verdict import POINTS, Verdict, verdict_of, verdict_sentences
from sim.report.words import LANGUAGES

DIRECTIONS = {"sv": ("blev lägre", "blev högre"), "en": ("became lower", "became higher")}


def _estimate(
    effect: float, margin: float, p_value: float, donors: int = 80, pretrend: float | None = 0.5
) -> Estimate:
    return Estimate(
        estimator="prepath_regression", outcome="stativ_share", unit="percent", place="Falköping",
        effect=effect, se=0.6, low=effect - margin, high=effect + margin, p_value=p_value,
        inference="placebo", placebos={f"place {i}": 0.1 * i for i in range(donors)}, pretrend=pretrend,
    )  # fmt: skip


@given(
    effect=st.floats(-5, 5), margin=st.one_of(st.floats(0, 8), st.just(math.inf)),
    p_value=st.floats(0.001, 1),
    donors=st.sampled_from([3, 39, 40, 80]), pretrend=st.one_of(st.none(), st.floats(0, 1)),
    lang=st.sampled_from(LANGUAGES),
)  # fmt: skip
def test_a_direction_is_claimed_only_where_the_printed_interval_allows(
    effect: float, margin: float, p_value: float, donors: int, pretrend: float | None, lang: str
) -> None:
    estimate = _estimate(effect, margin, p_value, donors, pretrend)
    text = " ".join(verdict_sentences(estimate, 1.4, None, None, lang))
    lower, higher = (phrase in text for phrase in DIRECTIONS[lang])
    assert not (lower and higher)
    if lower or higher:
        assert p_value <= 0.10 and donors >= 40 and (pretrend is None or pretrend > 0.05)
        assert rounded(estimate.high, POINTS) < 0 if lower else rounded(estimate.low, POINTS) > 0


def test_each_verdict_is_reached() -> None:
    assert verdict_of(_estimate(-2.0, 1.0, 0.02)) == (Verdict.LOWER, "")
    assert verdict_of(_estimate(2.0, 1.0, 0.02)) == (Verdict.HIGHER, "")
    assert verdict_of(_estimate(-0.4, 1.0, 0.4)) == (Verdict.UNKNOWN, "")
    assert verdict_of(_estimate(-2.0, 1.0, 0.02, donors=20)) == (Verdict.UNKNOWN, "few")
    assert verdict_of(_estimate(-2.0, 1.0, 0.02, pretrend=0.01)) == (Verdict.UNKNOWN, "pretrend")


@pytest.mark.parametrize(
    ("spread", "surprise", "said"),
    [
        (0.1, 0.6, "mindre än vad som hade kunnat synas"),
        (2.0, 0.6, "Det går ihop"),
        (0.1, 0.01, "går dåligt ihop"),
    ],
)
def test_the_models_prediction_is_held_against_what_could_be_seen(
    spread: float, surprise: float, said: str
) -> None:
    prediction = Prediction(
        "stativ_share", (2017,), np.linspace(-spread, spread, 50)[:, None], {}, tuple(range(50))
    )
    text = " ".join(verdict_sentences(_estimate(-0.4, 1.0, 0.4), 1.4, prediction, surprise, "sv"))
    assert said in text


def test_the_swedish_verdict_is_easy_to_read() -> None:
    prediction = Prediction(
        "stativ_share", (2017,), np.linspace(-0.1, 0.1, 50)[:, None], {}, tuple(range(50))
    )
    text = " ".join(verdict_sentences(_estimate(-0.4, 1.0, 0.4), 1.4, prediction, 0.6, "sv"))
    assert lix(text) <= 45
