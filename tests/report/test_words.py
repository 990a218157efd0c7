import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import sim.report
from sim.core.errors import SamspelError
from sim.policy.levers.registry import LEVERS
from sim.policy.priors import load_priors
from sim.report.estimate import Claim
from sim.report.words import languages, words

FOLDER = Path(sim.report.__file__).parent


def keys(entries: Any, prefix: str = "") -> Iterator[str]:
    for name, value in entries.items():
        if isinstance(value, dict):
            yield from keys(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


@pytest.mark.parametrize("language", languages())
def test_every_claim_has_a_text_for_every_kind(language: str) -> None:
    say = words(language)
    kinds = [key for key in keys(yaml.safe_load((FOLDER / "words" / f"{language}.yaml").read_text("utf-8")))]
    for kind in {key.split(".")[1] for key in kinds if key.startswith("claims.") and key.count(".") == 2}:
        assert set(say.under(f"claims.{kind}")) == {claim.value for claim in Claim}


@pytest.mark.parametrize("language", languages())
def test_every_lever_and_unit_has_words(language: str) -> None:
    say = words(language)
    for lever in LEVERS:
        assert say.has(f"lead.{lever}")
        assert say.has(f"evidence.{lever}")
    for prior in load_priors():
        assert say.has(f"unit.{prior.unit}"), prior.unit


def test_the_code_asks_for_no_words_that_do_not_exist() -> None:
    say = words("sv")
    for path in FOLDER.glob("*.py"):
        for key in re.findall(r'say\(\s*"([a-z_]+(?:\.[A-Za-z_]+)+)"', path.read_text(encoding="utf-8")):
            assert say.has(key), f"{path.name}: {key}"


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
