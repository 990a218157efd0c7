"""A case of several municipalities: ties, shares by residents, and tables for each and for the area."""

import dataclasses
from pathlib import Path

import polars as pl
import pytest

from sim.experiment.canonical import frame_hash
from sim.experiment.cases import case_experiment
from sim.experiment.definition import Experiment
from sim.experiment.displacement import simulate_held
from sim.experiment.run import Results, run_experiment
from sim.experiment.tables import AREA, GROUPS
from sim.experiment.ties import ties
from sim.model.inputs import Area, AreaPolicy
from sim.policy.case import Case, load_case
from sim.policy.casefile import Population
from sim.policy.compiled import neutral_policy
from sim.policy.overrides import apply_settings

TOWNS = ("0480", "0481")
RATES = {"commuting_inside": 0.2, "commuting_outside": 0.03}
KEY = ["draw", "municipality", "group", "indicator", "month"]


def region(horizon: int = 10, **changes: object) -> Case:
    """Nyköping's case, in Nyköping and Oxelösund."""
    case = apply_settings(load_case("nykoping"), [f"horizon={horizon}"])
    return case.model_copy(update={"municipalities": TOWNS, **changes})


def small(case: Case, draws: int = 2) -> Experiment:
    return case_experiment(case, draws, burn_in=24, size=1500)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run_experiment(small(region()), 1, folder=tmp_path_factory.mktemp("runs"))


def test_ties_are_shared_by_residents_within_and_outside_the_labour_market_region() -> None:
    """Nyköping and Oxelösund are one region; Trosa and Eskilstuna are in others."""
    persons = {"0480": 300, "0481": 100, "0488": 50, "0484": 150}
    table = ties(persons, RATES)
    assert table[0] == pytest.approx((0.77, 0.2, 0.03 * 50 / 200, 0.03 * 150 / 200))
    assert table[1] == pytest.approx((0.2, 0.77, 0.03 * 50 / 200, 0.03 * 150 / 200))
    assert table[2] == pytest.approx((0.03 * 300 / 550, 0.03 * 100 / 550, 0.97, 0.03 * 150 / 550))
    assert [sum(row) for row in table] == pytest.approx([1.0] * 4)


def test_a_municipality_by_itself_keeps_all_its_search() -> None:
    assert ties({"0480": 300}, RATES) == ((1.0,),)
    alone = ties({"0480": 300, "0484": 100}, {"commuting_inside": 0.2, "commuting_outside": 0.0})
    assert alone == ((1.0, 0.0), (0.0, 1.0))


def test_what_a_case_counts_in_all_is_shared_by_residents() -> None:
    case = region(population=Population(extra_newcomers=400.0))
    inputs = small(case, 1).tasks[0].inputs
    assert isinstance(inputs, Area)
    persons = [place.margins.residents(16, 64) for place in inputs.places]
    extra = [place.parameters["extra_newcomers"] for place in inputs.places]
    assert extra == pytest.approx([40.0 * one / sum(persons) for one in persons])
    first, second = (place.parameters for place in inputs.places)
    assert first["take_up_repeat"] == second["take_up_repeat"], "what is national is the same in all"
    assert first["take_up_rate"] != second["take_up_rate"], "what is a municipality's own is not"


def test_each_municipality_has_its_own_policy_of_the_case() -> None:
    policy = small(region(), 1).tasks[0].policies[0]
    assert isinstance(policy, AreaPolicy) and policy.name == "policy" and len(policy.places) == 2


def test_every_run_finishes_for_each_municipality_and_for_the_area(results: Results) -> None:
    assert results.failed.is_empty(), results.failed["message"].to_list()
    for table in (results.series, results.effects):
        found = table["municipality"].cast(pl.String).unique().sort().to_list()
        assert found == [*TOWNS, AREA]
    assert results.runs["municipality"].cast(pl.String).unique().to_list() == [AREA]


def test_effects_of_the_municipalities_sum_to_those_of_the_area(results: Results) -> None:
    wide = results.effects.pivot(
        "municipality", index=[key for key in KEY if key != "municipality"], values="difference"
    )
    counts = wide.filter(~pl.col("indicator").cast(pl.String).str.contains("_share|stativ|bas_|prelim"))
    gap = counts[TOWNS[0]].fill_null(0.0) + counts[TOWNS[1]].fill_null(0.0) - counts[AREA]
    assert gap.abs().max() < 1e-3  # type: ignore[operator]
    people = counts.filter(pl.col("indicator").cast(pl.String).is_in(["employed", "helped", "displaced"]))
    assert (people[TOWNS[0]] + people[TOWNS[1]] == people[AREA]).all() and people[AREA].abs().max() > 0  # type: ignore[operator]


def test_the_taxonomy_sums_exactly_everywhere(results: Results) -> None:
    index = [key for key in KEY if key != "indicator"]
    kinds = results.effects.pivot("indicator", index=index, values="difference").drop_nulls("employed")
    net = kinds["helped"] - kinds["held"] - kinds["delayed"] - kinds["displaced"]
    assert (net == kinds["employed"]).all()
    assert kinds.height == 2 * 3 * len(GROUPS) * 10


def test_a_neutral_policy_changes_no_column_of_any_municipality(tmp_path: Path) -> None:
    case = region(horizon=6)
    plain = small(case, 1)
    neutral = AreaPolicy("none", (neutral_policy(case),) * 2)
    tasks = [dataclasses.replace(task, policies=(neutral,)) for task in plain.tasks]
    results = run_experiment(dataclasses.replace(plain, tasks=tasks), 1, folder=tmp_path)
    arms = [
        results.series.filter(pl.col("policy") == name).select([*KEY, "value"])
        for name in ("baseline", "none")
    ]
    assert frame_hash(arms[0]) == frame_hash(arms[1])
    moved = results.effects.filter(pl.col("indicator") != "unchanged", pl.col("difference") != 0)
    assert moved.is_empty() and not results.effects.is_empty()


def test_one_process_or_two_give_the_same_tables(results: Results, tmp_path: Path) -> None:
    again = run_experiment(small(region()), 2, folder=tmp_path)
    assert frame_hash(again.series) == frame_hash(results.series)
    assert again.fingerprint == results.fingerprint


def test_worlds_of_an_area_keep_the_rates_of_both() -> None:
    task = small(region(horizon=4), 1).tasks[0]
    baseline, reform = simulate_held(task.inputs, [None, *task.policies])  # type: ignore[list-item]
    assert baseline.rates.shape == reform.rates.shape == (4, 2, 24)
    assert set(baseline.places) == set(TOWNS)
