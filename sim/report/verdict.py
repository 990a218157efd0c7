"""What an evaluation may say, bound to its interval: the words follow from the numbers.

A direction is said only where the placebo interval, as printed, leaves zero out, the place followed the
others before the start, and there are enough others. Everything else is "it cannot be said".

Public names: `Verdict`, `verdict_of`, `verdict_sentences`.
"""

import math
from decimal import Decimal
from enum import StrEnum
from typing import Final

from sim.evaluate.estimators.result import Estimate
from sim.evaluate.ex_post.prediction import Prediction
from sim.report.numbers import Numbers, Rounding, rounded
from sim.report.words import Words, own_words

POINTS: Final = Rounding(Decimal("0.1"), decimals=1)
"""Percentage points are printed with one decimal."""
_FEWEST = 40
_DIFFERED = 0.05
_CLAIMED = 0.10


class Verdict(StrEnum):
    """What may be said about the direction."""

    LOWER = "lower"
    HIGHER = "higher"
    UNKNOWN = "unknown"


def verdict_of(estimate: Estimate) -> tuple[Verdict, str]:
    """Return the verdict, and why a direction was held back (``pretrend``, ``few`` or nothing)."""
    if not math.isfinite(estimate.low + estimate.high):
        return Verdict.UNKNOWN, "few"
    low, high = (rounded(end, POINTS) for end in (estimate.low, estimate.high))
    effect = rounded(estimate.effect, POINTS)
    claimed = estimate.p_value <= _CLAIMED and estimate.low <= estimate.effect <= estimate.high
    if claimed and high < 0 and effect < 0:
        said = Verdict.LOWER
    elif claimed and low > 0 and effect > 0:
        said = Verdict.HIGHER
    else:
        return Verdict.UNKNOWN, ""
    if len(estimate.placebos) < _FEWEST:
        return Verdict.UNKNOWN, "few"
    if estimate.pretrend is not None and estimate.pretrend <= _DIFFERED:
        return Verdict.UNKNOWN, "pretrend"
    return said, ""


def verdict_sentences(
    estimate: Estimate,
    detectable: float,
    prediction: Prediction | None,
    surprise: float | None,
    lang: str,
) -> list[str]:
    """Return the sentences of a verdict: what can be said, the rank, what could be seen, what was expected.

    Args:
        estimate: The estimate that the verdict rests on.
        detectable: The smallest effect that would have been seen.
        prediction: What the model expected before.
        surprise: How probable so distant an estimate was under the prediction.
        lang: ``sv`` or ``en``.
    """
    say = own_words("verdicts", lang, "evaluate")
    numbers = Numbers(say.locale)
    said, why = verdict_of(estimate)
    place = estimate.place
    effect = numbers.signed(estimate.effect, POINTS)
    sentences = [
        say(
            f"claim.{said.value}",
            place=place,
            effect=effect,
            interval=_interval(say, numbers, estimate.low, estimate.high),
        )
    ]
    if why:
        sentences.append(say(f"held_back.{why}"))
    others = len(estimate.placebos) + 1
    sentences.append(say("rank", places=others, rank=estimate.rank, place=place))
    sentences.append(say("seen", detectable=numbers.plain(detectable, POINTS)))
    if prediction is not None and surprise is not None:
        low, high = prediction.interval
        kind = "outside" if surprise <= _DIFFERED else "inside"
        if kind == "inside" and max(abs(low), abs(high)) < detectable:
            kind = "too_small"
        sentences.append(say(f"predicted.{kind}", interval=_interval(say, numbers, low, high)))
    sentences.append(say("meaning"))
    return [" ".join(sentence.split()) for sentence in sentences]


def _interval(say: Words, numbers: Numbers, low: float, high: float) -> str:
    if not math.isfinite(low + high):
        return say("unbounded")
    ends = [numbers.signed(end, POINTS) for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} {say('to')} {ends[1]}"
