"""Assumptions are named where they decide, and none where only chance speaks."""

import numpy as np
import polars as pl
import pytest
from pages import plain
from synthetic import synthetic_facts

from sim.policy.priors import Prior, load_priors
from sim.report.conditions import MOST, conditions
from sim.report.context import Context
from sim.report.reading import must_be_true


@pytest.fixture(scope="module")
def priors() -> list[Prior]:
    return [prior for prior in load_priors() if prior.distribution != "fixed"][:60]


def world(priors: list[Prior], draws: int, seed: int) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    values = {prior.name: random.uniform(size=draws) for prior in priors}
    return pl.DataFrame({"draw": np.arange(draws), **values})


def test_the_assumption_that_decides_is_named_with_both_sides(priors: list[Prior]) -> None:
    draws = world(priors, 200, 1)
    name = priors[7].name
    effects = draws.select("draw", difference=pl.col(name) - 0.5)
    found = conditions(effects, draws, priors, "sv")
    first = found.row(0, named=True)
    assert (first["label"], first["grade"]) == (priors[7].label_sv, priors[7].grade)
    assert first["middle"] == pytest.approx(draws[name].median())
    assert first["below"] == pytest.approx((draws.filter(pl.col(name) < first["middle"])[name] > 0.5).mean())
    assert first["above"] == pytest.approx((draws.filter(pl.col(name) >= first["middle"])[name] > 0.5).mean())
    assert found.height <= MOST


def test_chance_alone_names_an_assumption_in_few_worlds(priors: list[Prior]) -> None:
    random, named = np.random.default_rng(5), 0
    for seed in range(60):
        draws = world(priors, 100, seed)
        effects = draws.select("draw").with_columns(difference=pl.Series(random.normal(size=100)))
        named += not conditions(effects, draws, priors, "en").is_empty()
    assert named <= 8  # 5 percent of 60 are 3


def test_few_runs_or_no_effect_name_nothing(priors: list[Prior]) -> None:
    draws = world(priors, 20, 3)
    assert conditions(draws.select("draw", difference=pl.lit(0.0)), draws, priors, "sv").is_empty()
    facts = synthetic_facts(size=0.0)
    assert must_be_true(Context(facts)).html == ""


def test_the_section_tells_both_sides_and_the_money() -> None:
    text = plain(must_be_true(Context(synthetic_facts())).html)
    assert "Pengarna är tillbaka på fyra år för kommunen i 14 av 100 körningar" in text
    assert "62 av 100 om talet är under 1,05 kvot, annars 97 av 100" in text


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [(0.8, "share", (80.0, "procent")), (0.025, "share per hour", (2.5, "procent per timme")),
     (1.05, "ratio", (1.05, "kvot")), (3.0, "months", (3.0, "månader"))],
)  # fmt: skip
def test_shares_are_said_in_percent(value: float, unit: str, said: tuple[float, str]) -> None:
    found, words = Context(synthetic_facts()).in_words(value, unit)
    assert found == pytest.approx(said[0]) and words == said[1]
