import re

import pytest

from sim.policy.case import load_case
from sim.policy.overrides import apply_settings
from sim.report.lead import SENTENCES, lead


def test_few_levers_are_told_in_sentences() -> None:
    case = load_case("nykoping")
    few = case.model_copy(update={"policy": case.policy[:SENTENCES]})
    said = lead(few, "sv")
    assert said.startswith("Satsningen gäller från september 2023. Kommunens enhet och Arbetsförmedlingen")
    assert "Vi räknar med 80 till 120." in said


def test_many_levers_are_listed() -> None:
    said = lead(load_case("nykoping"), "sv")
    assert said.startswith("Satsningen gäller från september 2023: gemensamma lokaler, gemensam planering,")
    assert "förtur för unga 18–24 år" in said


def test_a_goal_and_a_duty_differ() -> None:
    case = load_case("falkoping")
    assert "ett mål om insats inom 90 dagar" in lead(case, "sv")
    duty = apply_settings(case, ["ninety_day_guarantee.kind=duty"])
    assert "rätt till insats inom 90 dagar" in lead(duty, "sv")


def test_places_and_dates_that_differ_stand_under_their_own() -> None:
    said = lead(load_case("monsteras"), "sv")
    assert "**Mönsterås, från juni 2017:** gemensamma lokaler, en samlad organisation" in said
    assert "**Högsby och Oskarshamn, från oktober 2017:** gemensamma lokaler." in said
    assert "**Alla kommunerna, från oktober 2017:** gemensam planering." in said


@pytest.mark.parametrize("name", ["falkoping", "monsteras", "nykoping", "osby", "sydostra-skane"])
def test_every_case_has_its_lead(name: str) -> None:
    said = lead(load_case(name), "sv")
    assert 80 < len(said) < 420
    assert "{" not in said and ", ," not in said


@pytest.mark.parametrize("name", ["falkoping", "monsteras", "nykoping", "osby", "sydostra-skane"])
def test_every_case_has_its_english_lead_and_question(name: str) -> None:
    case = load_case(name)
    said = lead(case, "en")
    assert 80 < len(said) < 420 and "{" not in said and ", ," not in said
    assert not re.search("[åäö]", re.sub("[A-ZÅÄÖ]\\w+", "", said))
    assert case.texts("en").language == "en" and case.texts("en").question != case.question


def test_a_case_without_english_is_quoted_in_swedish() -> None:
    case = load_case("nykoping").model_copy(update={"english": None})
    texts = case.texts("en")
    assert (texts.language, texts.question, texts.called) == ("sv", case.question, "the initiative")
    assert lead(case, "en").startswith("The initiative applies from September 2023: shared premises")
