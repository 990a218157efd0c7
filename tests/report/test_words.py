import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import sim.report
from sim.core.errors import SamspelError
from sim.data.tables import TABLES
from sim.policy.channels import CHANNELS, SEGMENT_BITS
from sim.policy.levers.registry import LEVERS, settings_of
from sim.policy.priors import load_priors
from sim.policy.scenario import load_scenario, scenario_names
from sim.policy.starting import STARTING_LABELS
from sim.report.estimate import Claim
from sim.report.gather import SOURCES
from sim.report.words import LANGUAGES, Words, own_words, words

FOLDER = Path(sim.report.__file__).parent
OWN_WORDS = {"verdict.py": "verdicts", "comparison_verdict.py": "comparisons"}
"""Folders of words by the module that has its own."""


def keys(entries: Any, prefix: str = "") -> Iterator[str]:
    for name, value in entries.items():
        if isinstance(value, dict):
            yield from keys(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_claim_has_a_text_for_every_kind(language: str) -> None:
    say = words(language)
    kinds = [key for key in keys(yaml.safe_load((FOLDER / "words" / f"{language}.yaml").read_text("utf-8")))]
    for kind in {key.split(".")[1] for key in kinds if key.startswith("claims.") and key.count(".") == 2}:
        assert set(say.under(f"claims.{kind}")) == {claim.value for claim in Claim}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_lever_and_unit_has_words(language: str) -> None:
    say = words(language)
    for lever in LEVERS:
        for key in ("lead", "brief", "evidence"):
            assert say.has(f"{key}.{lever}")
    units = {prior.unit for prior in load_priors()} | {declared.unit for declared in CHANNELS}
    units |= {prior.unit for name in scenario_names() for prior in load_scenario(name).priors}
    units |= {row["unit"] for lever in LEVERS for row in settings_of(lever)}
    units |= {unit for _, _, unit in STARTING_LABELS.values()}
    assert sorted(unit for unit in units if not say.has(f"unit.{unit}")) == []
    assert all(say.has(f"groups.{target}") for target in SEGMENT_BITS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_several_municipalities_replace_words_that_exist(language: str) -> None:
    path = FOLDER / "words" / f"{language}.yaml"
    say, several = words(language), yaml.safe_load(path.read_text(encoding="utf-8"))["several"]
    for key in keys(several):
        group, _, name = key.rpartition(".")
        own, other = (one.under(group)[name] for one in (say, say.of_several()))
        assert set(re.findall(r"{\w+}", other)) <= set(re.findall(r"{\w+}", own))
    assert say.of_several()("page.brand") == say("page.brand")


def test_names_are_listed_as_in_a_sentence() -> None:
    say = words("sv")
    assert [say.listed(names) for names in ((), ("Ystad",), ("Ystad", "Sjöbo"))] == [
        "",
        "Ystad",
        "Ystad och Sjöbo",
    ]
    assert say.listed(["Ystad", "Tomelilla", "Sjöbo"]) == "Ystad, Tomelilla och Sjöbo"


def test_the_languages_have_the_same_keys_and_slots() -> None:
    own, other = (dict(texts(language)) for language in ("sv", "en"))
    assert own.keys() == other.keys()
    for key, text in own.items():
        mine, theirs = slots(text), slots(other[key])
        if key.startswith("claims."):  # a sentence chooses among what is told of an effect
            told = set().union(*(slots(text) for one, text in own.items() if same_kind(one, key)))
            assert theirs <= told and ("interval" in mine) == ("interval" in theirs), key
        else:
            assert theirs == mine, key


def test_english_has_no_swedish_letters_but_in_names() -> None:
    names = "Arbetsförmedlingen|försörjningsstöd"
    for key, text in texts("en"):
        assert not re.search("[åäöÅÄÖ]", re.sub(names, "", text)), key


def test_english_claims_hold_the_words_that_their_probability_needs() -> None:
    for key, text in texts("en"):
        said = key.rpartition(".")[2]
        if key.startswith("claims.") and said in {claim.value for claim in Claim}:
            assert bool(re.search(r"(?<!very )likely", text)) == said.endswith("_likely"), key
            assert ("very likely" in text) == said.endswith("_sure"), key


@pytest.mark.parametrize("part", ["words", "verdicts", "comparisons"])
def test_every_part_has_a_list_for_each_language_and_no_other(part: str) -> None:
    assert {path.stem for path in (FOLDER / part).glob("*.yaml")} == set(LANGUAGES)


def texts(language: str) -> Iterator[tuple[str, str]]:
    entries = yaml.safe_load((FOLDER / "words" / f"{language}.yaml").read_text(encoding="utf-8"))
    for key in keys(entries):
        entry = entries
        for part in key.split("."):
            entry = entry[part]
        yield key, str(entry)


def slots(text: str) -> set[str]:
    """Return the slots of a text; a place may be named by itself or in the genitive."""
    return {slot.lower().replace("genitive", "place") for slot in re.findall(r"{(\w+)}", text)}


def same_kind(key: str, other: str) -> bool:
    return key.rpartition(".")[0] == other.rpartition(".")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_asks_for_no_words_that_do_not_exist(language: str) -> None:
    for path in FOLDER.glob("*.py"):
        say = _words_of(path.name, language)
        for key in re.findall(r'say\(\s*"([a-z_]+(?:\.[A-Za-z_]+)+)"', path.read_text(encoding="utf-8")):
            assert say.has(key), f"{path.name}: {key}"


def _words_of(module: str, language: str) -> Words:
    """Return the words that a module takes its sentences from: those of reports, or a file of its own."""
    return own_words(OWN_WORDS[module], language, "test") if module in OWN_WORDS else words(language)


def test_an_unknown_language_or_key_is_an_error() -> None:
    with pytest.raises(SamspelError, match="lang = 'se'"):
        words("se")
    with pytest.raises(KeyError, match=r"sv: no words at answer\.titel"):
        words("sv")("answer.titel")
    with pytest.raises(KeyError, match="not a text"):
        words("sv")("answer")


def test_no_text_has_an_ordinary_minus_before_a_digit_or_a_double_space() -> None:
    text = (FOLDER / "words" / "sv.yaml").read_text(encoding="utf-8")
    assert not re.search(r"\s-\d", text)
    assert not re.search(r"\w  +\w", text)
    assert "mätta" not in text.replace("uppmätta", "").replace("Uppmätta", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_source_is_named_with_the_years_that_the_tables_file_gives(language: str) -> None:
    for name in SOURCES:
        about = words(language).under(f"sources.of.{name}")
        assert set(re.findall(r"\b\d{4}\b", TABLES[name].vintage)) <= set(
            re.findall(r"\b\d{4}\b", about["date"])
        )
        assert about["name"] and about["table"]
        grade = TABLES[name].confidence.replace(" ", "_")
        assert words(language)(f"sources.grade.{grade}")
