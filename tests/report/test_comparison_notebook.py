"""The comparison notebook runs in one command, and its sentences say no more than the draws."""

import dataclasses
import re
from typing import Any

import nbformat
import numpy as np
import polars as pl
import pytest
from shown_sections import shown_sections

from sim.core.errors import SamspelError
from sim.core.paths import root
from sim.experiment.compare.candidates import read_candidates
from sim.experiment.compare.equal_cost import Scaled
from sim.experiment.compare.judge import differences, dominance, regrets, summaries
from sim.experiment.compare.outcomes import OUTCOMES, PAYERS
from sim.experiment.compare.question import Question, checked_question
from sim.experiment.compare.study import Comparison
from sim.experiment.compare.turning import Turning
from sim.policy.case import load_case
from sim.report import comparison_map, comparison_page
from sim.report.comparison import ComparisonFound, comparison_found
from sim.report.comparison_verdict import Labels, comparison_sentences
from sim.report.parameters import default_parameters
from sim.report.words import LANGUAGES

NOTEBOOK = root() / "notebooks" / "05_compare.ipynb"
CASE = load_case("sydostra-skane")
JUDGED = {name: OUTCOMES[name][1] for name in ("months_in_work", "assistance_households", "net_public")}


def made(gap: float, spread: float, why: Any = "", turning: tuple[Turning, ...] = ()) -> Comparison:
    """Return a comparison of made-up draws: the second policy is better by ``gap`` months, give or take."""
    rng = np.random.default_rng(3)
    candidates = tuple(read_candidates(CASE, ["only:job_tracks", "without:job_tracks", "none"]))
    names = [one.name for one in candidates]
    outcomes = [*OUTCOMES, *(f"spending_{payer}" for payer in PAYERS)]
    shared = {outcome: rng.normal(1000.0, 300.0, 50) for outcome in outcomes}
    rows = [
        (scenario, name, draw, outcome, value)
        for scenario in ("base", "boom")
        for outcome in outcomes
        for place, name in enumerate(names)
        for draw, value in enumerate(
            shared[outcome]
            + (
                OUTCOMES.get(outcome, ("", 1))[1] * (gap + spread * rng.normal(size=50))
                if place == 1
                else 0.0
            )
        )
    ]
    values = pl.DataFrame(rows, schema=["scenario", "policy", "draw", "outcome", "value"], orient="row")
    question = checked_question(CASE, Question(scenarios=("base", "boom"), draws=50))
    ranked = names[:2]
    places = values.filter(outcome="employed").drop("outcome").join(
        pl.DataFrame({"municipality": CASE.municipalities}), how="cross"
    )  # fmt: skip
    scaled = (*(Scaled(1.0, 1e6, "", 1e6, 2e6),) * 2, Scaled(1.0, 0.0, why or "no_dose", 0.0, 0.0))
    return Comparison(
        CASE, question, candidates, scaled, 1e6, values, summaries(values),
        differences(values, {name: sign for name, (_, sign) in OUTCOMES.items()}, names),
        dominance(values, JUDGED, ranked, 0.8), JUDGED,
        regrets(values, "months_in_work", 1, ranked), turning, places, 0, root(), "0" * 12,
    )  # fmt: skip


def test_the_notebook_has_the_parameters_of_its_function_and_no_loops() -> None:
    assert set(default_parameters(NOTEBOOK)) == set(comparison_found.__annotations__) - {"return"}
    cells = nbformat.read(NOTEBOOK, as_version=4).cells  # type: ignore[no-untyped-call]
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    assert not any(
        word in source for source in code for word in ("def ", "class ", "lambda", "for ", "while ")
    )


@pytest.mark.slow
def test_the_notebook_runs_for_nykoping_in_english() -> None:
    parameters = {
        "case": "nykoping", "policies": ["nykoping", "only:priority_groups"], "lang": "en", "draws": 20,
        "size": 300, "settings": ["horizon=6"], "scenarios": ["base", "boom"],
    }  # fmt: skip
    shown = shown_sections(NOTEBOOK, parameters)
    assert "cannot be held against the others at the same cost" in shown[0]


def test_each_section_draws_with_words_and_a_table_of_the_same_numbers() -> None:
    done = made(200.0, 100.0)
    found = ComparisonFound(done, Labels(done, "en"), comparison_sentences(done, "en"), "en")
    drawing = (
        comparison_page.doses,
        comparison_page.outcomes,
        comparison_page.pairs,
        comparison_page.regret,
    )
    for draw in drawing:
        html = draw(found).html
        alts = re.findall(r'<img[^>]*alt="([^"]{40,})"', html)
        assert alts and len(alts) == html.count("<img") == len(set(alts))
        assert html.count("<details>") == len(alts), "a table twin for each chart"
    row = done.outcomes.filter(scenario="base", policy="only:job_tracks", outcome="months_in_work")
    assert f"{row['mean'][0]:,.0f} (" in comparison_page.outcomes(found).html
    assert "without:job_tracks" in comparison_page.dominated(found).html
    assert "no: nothing to scale" in comparison_page.doses(found).html


@pytest.mark.parametrize(
    ("gap", "spread", "swedish", "english"),
    [
        (
            300.0,
            100.0,
            "Det är mycket troligt att allt utom jobbspår ger fler månader i arbete",
            "Very likely, all",
        ),
        (
            100.0,
            100.0,
            "Troligen ger allt utom jobbspår fler månader i arbete",
            "Probably, all but job tracks",
        ),
        (20.0, 200.0, "Det går inte att säga om", "It cannot be said whether"),
        (0.0, 0.0, "ger samma resultat i varje dragning", "give the same in every draw"),
        (
            -300.0,
            100.0,
            "mycket troligt att bara jobbspår ger fler månader i arbete",
            "Very likely, only job",
        ),
    ],
)
def test_a_direction_is_said_only_as_far_as_the_draws_go(
    gap: float, spread: float, swedish: str, english: str
) -> None:
    done = made(gap, spread)
    for said, lang in ((swedish, "sv"), (english, "en")):
        assert said in " ".join(comparison_sentences(done, lang))


@pytest.mark.parametrize("spread", [1.0, 30.0, 100.0, 400.0, 3000.0])
@pytest.mark.parametrize("gap", [-200.0, -5.0, 0.0, 40.0, 150.0])
def test_no_sentence_claims_a_direction_below_its_probability(gap: float, spread: float) -> None:
    done = made(gap, spread)
    own = done.differences.filter(
        scenario="base", outcome="months_in_work", policy="without:job_tracks", other="only:job_tracks"
    )
    surest = max(own["p_better"][0], own["p_worse"][0])
    for lang, sure, likely in (("sv", "mycket troligt", "Troligen"), ("en", "Very likely", "Probably")):
        sentence = comparison_sentences(done, lang)[2]
        assert surest >= 0.95 or sure not in sentence
        assert surest >= 0.80 or likely not in sentence
    assert ("dominated" in comparison_page.dominated(
        ComparisonFound(done, Labels(done, "en"), [], "en")
    ).html.split("it is called dominated")[1]) == bool(done.dominance["dominated"].any())  # fmt: skip


def test_the_best_mean_everywhere_is_not_called_best_where_that_cannot_be_said() -> None:
    done = made(300.0, 100.0)
    assert "bäst i alla 2 omvärldar" in " ".join(comparison_sentences(done, "sv"))
    noise = np.random.default_rng(2).normal(0.0, 900.0, 50)
    wild = pl.DataFrame({"draw": np.arange(50), "noise": noise - noise.mean()})
    shaken = (pl.col("scenario") == "boom") & (pl.col("policy") == "without:job_tracks")
    values = done.values.join(wild, on="draw", maintain_order="left").with_columns(
        value=pl.when(shaken).then(pl.col("value") + pl.col("noise")).otherwise("value")
    )
    said = comparison_sentences(dataclasses.replace(done, values=values.drop("noise")), "sv")
    assert any("det går inte att säga att allt utom jobbspår är bäst i: högkonjunktur" in one for one in said)


def test_every_reason_and_every_turning_has_its_sentence() -> None:
    for why in ("no_dose", "below", "above", "steps"):
        for lang in LANGUAGES:
            assert "none" not in comparison_sentences(made(1.0, 5.0, why), lang)[1]
    empty = pl.DataFrame(schema={"parameter": pl.String})
    few = Turning("only:job_tracks", "without:job_tracks", 47, 3, 0, empty)
    none = dataclasses.replace(few, better=30, worse=20, tested=150)
    row = {"label_sv": "Vakanser", "label_en": "Vacancies", "unit": "ratio", "split": 1.25, "turns": True}
    turns = dataclasses.replace(none, parameters=pl.DataFrame([row]))
    steady = dataclasses.replace(none, parameters=pl.DataFrame([{**row, "turns": False}]))
    done = made(20.0, 200.0, turning=(few, none, turns, steady))
    swedish = " ".join(comparison_sentences(done, "sv"))
    for said in ("för få dragningar (3 av 50)", "Inget av 150 antaganden", "om 1,25 ratio", "inget enskilt"):
        assert said in swedish
    assert "too few draws (3 of 50)" in " ".join(comparison_sentences(done, "en"))


def test_a_map_of_each_policy_claims_no_more_than_the_draws() -> None:
    done = made(0.0, 0.0)
    unsure = pl.when(pl.col("municipality") == "1286").then(pl.col("draw") - 24.5).otherwise("value")
    done = dataclasses.replace(done, places=done.places.with_columns(value=unsure))
    found = ComparisonFound(done, Labels(done, "en"), comparison_sentences(done, "en"), "en")
    html = comparison_map.where(found).html
    alts = re.findall(r'<img[^>]*alt="([^"]{40,})"', html)
    assert len(alts) == html.count("<details>") == len(done.names)
    for alt, name in zip(alts, done.names, strict=True):
        alt = alt.replace("\xa0", " ")
        assert name in alt and "Ystad: 20 fewer to 20 more, cannot be said" in alt
        assert re.search(r"Sjöbo: [\d,]+ to [\d,]+ more, very likely more", alt)
    one = dataclasses.replace(done, case=load_case("nykoping"))
    alone = comparison_map.where(dataclasses.replace(found, comparison=one)).html
    assert "one municipality" in alone and "<img" not in alone


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"case": "nykopng"}, "Did you mean 'nykoping'"),
        ({"policies": ["only:job_track"]}, "Did you mean 'job_tracks'"),
        ({"payer": "stat"}, "Did you mean 'state'"),
        ({"by": "employd"}, "Did you mean 'employed'"),
        ({"lang": "fi"}, "lang = 'fi'"),
        ({"draws": 3}, "from 20"),
        ({"scenarios": ["bom"]}, "Did you mean 'boom'"),
        ({"settings": ["horizn=3"]}, "horizn"),
    ],
)
def test_bad_parameters_are_told(change: dict[str, Any], said: str) -> None:
    with pytest.raises(SamspelError, match=re.escape(said)):
        comparison_found(**{"case": "nykoping", "policies": ["osby"], **change})
