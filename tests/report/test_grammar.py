import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_estimates import estimate_of, estimates

from sim.report.estimate import LIKELY, VERY_LIKELY, Claim, Estimate, claim
from sim.report.grammar import Grammar
from sim.report.numbers import MILLIONS, PERCENT, PERSONS, TENTHS, Rounding
from sim.report.words import words

G = Grammar(words("sv"))
GRAMMARS = {language: Grammar(words(language)) for language in ("sv", "en")}
CALLED = {"sv": "satsningen", "en": "the initiative"}
MILLION = 1_000_000.0
UP = {
    "sv": re.compile(r"\b(fler|tjänar (troligen )?på|plus|högre|större|bättre för kvinnor)\b"),
    "en": re.compile(r"\b(more|net gain|plus|higher|larger|better for women)\b"),
}
DOWN = {
    "sv": re.compile(r"\b(färre|betalar mer|betalar troligen mer|minus|lägre|mindre|bättre för män)\b"),
    "en": re.compile(r"\b(fewer|net cost|minus|lower|smaller|better for men)\b"),
}
LIKELY_WORD = {
    "sv": re.compile("troligen", re.IGNORECASE),
    "en": re.compile("(?<!very )likely", re.IGNORECASE),
}
SURE_WORD = {
    "sv": re.compile("mycket troligt", re.IGNORECASE),
    "en": re.compile("very likely", re.IGNORECASE),
}
ANY_WORD = {"sv": re.compile("trolig", re.IGNORECASE), "en": re.compile("likely|probabl", re.IGNORECASE)}
OPEN = {"sv": re.compile("går (det )?inte att säga"), "en": re.compile("cannot be said")}
SIZE = {"sv": r"mindre än (fem|\{least\})", "en": r"under (five|\{least\})"}
both = pytest.mark.parametrize("language", list(GRAMMARS))


def between(low: float, high: float) -> Estimate:
    return estimate_of([low + (high - low) * i / 200 for i in range(201)])


def sentences(estimate: Estimate, rounding: Rounding, language: str = "sv") -> list[str]:
    """Every sentence and verdict that the grammar can say of an estimate with this rounding."""
    speak, called = GRAMMARS[language], CALLED[language]
    if rounding is PERSONS:
        return [
            *(
                speak.effect(kind, estimate, 48, called)
                for kind in ("work", "work_early", "unsubsidised", "assistance")
            ),
            speak.odds("count", estimate, rounding),
            speak.sexes(estimate),
        ]
    if rounding is PERCENT:
        return [speak.ninety(estimate, called), speak.clients(estimate, called)]
    return [
        speak.money("municipality", estimate, 48, called, rounding),
        speak.odds("money", estimate, rounding),
    ]


SHAPES = st.one_of(
    st.tuples(estimates(), st.just(PERSONS)),
    st.tuples(estimates(0.01), st.just(PERCENT)),
    st.tuples(estimates(MILLION), st.sampled_from([MILLIONS, TENTHS])),
)


@both
@given(shape=SHAPES)
def test_no_sentence_claims_a_direction_below_its_limit(
    language: str, shape: tuple[Estimate, Rounding]
) -> None:
    estimate, rounding = shape
    best = max(estimate.p_positive, estimate.p_negative)
    for sentence in sentences(estimate, rounding, language):
        if LIKELY_WORD[language].search(sentence):
            assert best >= LIKELY
        if SURE_WORD[language].search(sentence):
            assert best >= VERY_LIKELY
            _, low, high = estimate.rounded(rounding)
            assert low >= 0 or high <= 0
        if best < LIKELY:
            assert not ANY_WORD[language].search(sentence)


@given(SHAPES)
def test_both_languages_make_the_same_claim(shape: tuple[Estimate, Rounding]) -> None:
    estimate, rounding = shape
    for own, other in zip(*(sentences(estimate, rounding, language) for language in GRAMMARS), strict=True):
        for word in (LIKELY_WORD, SURE_WORD, OPEN):
            assert bool(word["sv"].search(own)) == bool(word["en"].search(other))
        assert re.findall(r"\d", own) == re.findall(r"\d", other)


@given(SHAPES)
def test_a_claim_has_the_direction_of_its_draws(shape: tuple[Estimate, Rounding]) -> None:
    estimate, rounding = shape
    said = claim(estimate, rounding)
    if said.direction > 0:
        assert estimate.p_positive >= LIKELY
        assert estimate.rounded(rounding)[0] >= 0
    if said.direction < 0:
        assert estimate.p_negative >= LIKELY
        assert estimate.rounded(rounding)[0] <= 0


@both
@pytest.mark.parametrize("said", list(Claim))
@pytest.mark.parametrize(
    "kind",
    [
        "work",
        "work_early",
        "unsubsidised",
        "assistance",
        "money",
        "sexes",
        "ninety",
        "clients",
        "verdict_count",
        "verdict_money",
    ],
)
def test_every_text_speaks_of_the_direction_of_its_claim_and_of_no_other(
    kind: str, said: Claim, language: str
) -> None:
    text = words(language).under(f"claims.{kind}")[said].replace("{interval}", "")
    text = re.sub(SIZE[language], "", text)  # the size of a difference, not its direction
    up, down = bool(UP[language].search(text)), bool(DOWN[language].search(text))
    assert bool(LIKELY_WORD[language].search(text)) == (said in (Claim.UP_LIKELY, Claim.DOWN_LIKELY))
    assert bool(SURE_WORD[language].search(text)) == (said in (Claim.UP_SURE, Claim.DOWN_SURE))
    assert bool(OPEN[language].search(text)) == (said is Claim.UNKNOWN)
    if said.direction:
        assert (up, down) == (said.direction > 0, said.direction < 0)


@both
@given(estimate=estimates())
def test_an_effect_of_zero_in_every_draw_claims_nothing(language: str, estimate: Estimate) -> None:
    zero = estimate_of([0.0] * max(1, estimate.n))
    assert claim(zero, PERSONS) is Claim.NONE
    for rounding in (PERSONS, PERCENT, MILLIONS):
        for sentence in sentences(zero, rounding, language):
            assert not ANY_WORD[language].search(sentence)
            assert {"sv": "modellen", "en": "the model"}[language] in sentence


@given(estimates())
def test_the_interval_in_words_equals_the_numbers(estimate: Estimate) -> None:
    _, low, high = estimate.rounded(PERSONS)
    assert sorted(read_persons(G.persons(estimate))) == sorted((low, high))


@given(estimates(MILLION), st.sampled_from([MILLIONS, TENTHS]))
def test_the_spoken_and_the_signed_interval_equal_the_numbers(estimate: Estimate, rounding: Rounding) -> None:
    _, low, high = estimate.rounded(rounding)
    assert read_signed(G.signed(estimate, rounding)) == (low, high)
    spoken = G.spoken(estimate, rounding).replace("minus ", "−").replace("plus ", "+")
    assert read_signed(spoken) == (low, high)


@given(estimates())
def test_a_sentence_about_persons_carries_its_whole_interval(estimate: Estimate) -> None:
    for kind in ("work", "unsubsidised", "assistance"):
        sentence = G.effect(kind, estimate, 48, "satsningen")
        if claim(estimate, PERSONS) not in (Claim.NONE, Claim.SMALL):
            assert G.persons(estimate) in sentence


def test_the_sentences_read_as_intended() -> None:
    assert G.effect("work", between(-20, 100), 48, "satsningen") == (
        "Efter fyra år är det troligen fler i arbete än utan satsningen, "
        "men spannet går från 15\u00a0färre till 95\u00a0fler."
    )
    assert G.persons(between(-36, -9)) == "10 till 35\u00a0färre"
    assert G.persons(between(0.5, 33)) == "0 till 30\u00a0fler"
    assert G.spoken(between(-40 * MILLION, 13 * MILLION), MILLIONS) == "minus 37 till plus 10"
    assert G.odds("count", between(-20, 100), PERSONS) == "troligen fler (83 av 100)"
    assert G.when(48) == "efter fyra år"
    assert G.when(18) == "efter 18 månader"


def read_persons(text: str) -> tuple[float, float]:
    if text == "ingen skillnad":
        return 0.0, 0.0
    sign = 1.0
    found: list[float] = []
    for part in reversed(text.split(" till ")):  # the word at the end also covers a part without one
        number = re.sub(r"[^0-9]", "", part)
        word = re.search(r"[a-zåäö]+", part)
        sign = {"fler": 1.0, "färre": -1.0}[word[0]] if word else sign
        found.append(sign * float(number))
    return (found[0], found[-1]) if len(found) > 1 else (found[0], found[0])


def read_signed(text: str) -> tuple[float, float]:
    parts = [
        float(part.replace("\u00a0", "").replace("−", "-").replace(",", ".")) for part in text.split(" till ")
    ]
    return parts[0], parts[-1]


def test_english_sentences_read_as_intended() -> None:
    english = GRAMMARS["en"]
    assert english.effect("work", between(-20, 100), 48, "the initiative") == (
        "After four years more people are likely to be in work than without the initiative, "
        "but the interval runs from 15\u00a0fewer to 95\u00a0more."
    )
    assert english.money("funds", between(-40 * MILLION, -13 * MILLION), 12, "the initiative", MILLIONS) == (
        "**For the unemployment insurance funds, the initiative is very likely a net cost** over one year: "
        "minus 39 to minus 14 million kronor."
    )
    assert english.when(12) == "after one year" and english.when(18) == "after 18 months"
    assert english.numbers.plain(1968) == "1,968" and english.numbers.plain(0.44, PERCENT) == "44"
