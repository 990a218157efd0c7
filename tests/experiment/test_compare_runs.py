"""A comparison on the model in little: the same draws, the same chance, the same cost."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim.cli import main
from sim.core.errors import SamspelError
from sim.experiment.canonical import content_hash
from sim.experiment.cases import case_experiment
from sim.experiment.compare.candidates import read_candidates
from sim.experiment.compare.question import Question
from sim.experiment.compare.study import Comparison, compare_policies
from sim.experiment.compare.tasks import CompareTasks, in_scenario
from sim.experiment.run import run_experiment
from sim.policy.case import apply_settings, load_case

CASE = apply_settings(load_case("nykoping"), ["horizon=6"])
LITTLE = Question(draws=20, size=300, burn_in=12, scenarios=("base", "recession"), tolerance=0.02)
DENSE = "tät=individual_plan.caseload=12,dose=individual_plan.caseload"
POLICIES = ("nykoping", "samma=nykoping", DENSE, "only:priority_groups", "none")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return compare_policies(CASE, POLICIES, LITTLE, 1, tmp_path_factory.mktemp("runs"), progress=False)


def values(found: Comparison, outcome: str, policy: str, scenario: str = "base") -> list[float]:
    rows = found.values.filter(outcome=outcome, policy=policy, scenario=scenario)
    return rows.sort("draw")["value"].to_list()


def test_mean_costs_are_equal_within_the_tolerance_or_it_is_said_why(found: Comparison) -> None:
    budget = found.budget
    assert budget is not None and budget > 0
    costs = [np.mean(values(found, "spending_municipality", name)) for name in found.names]
    assert costs[:3] == pytest.approx([budget] * 3, rel=LITTLE.tolerance)
    assert costs == pytest.approx([dose.cost for dose in found.scaled])
    assert [dose.why for dose in found.scaled] == ["", "", "", "no_dose", "no_dose"]
    assert found.scaled[2].multiplier < 1.0, "smaller caseloads cost more, so there must be less of it"
    assert found.ranked == found.names[:3]
    assert set(found.outcomes["policy"]) == set(found.names), "what cannot reach the cost is still shown"


def test_a_policy_compared_with_itself_differs_by_nothing(found: Comparison) -> None:
    own = found.differences.filter(policy="nykoping", other="samma")
    assert own.select("mean", "low", "high").to_numpy().any() == False  # noqa: E712
    assert own["p_equal"].to_list() == [1.0] * own.height
    both = found.regret.filter(pl.col("policy").is_in(["nykoping", "samma"]))
    by_scenario = both.group_by("scenario").agg(pl.col("loss").n_unique())["loss"]
    assert by_scenario.to_list() == [1, 1]
    twins = found.dominance.filter(policy="nykoping", other="samma")
    assert twins["probability"].to_list() == [0.0, 0.0]


def test_people_in_work_are_told_by_municipality(found: Comparison) -> None:
    for name in found.names:
        rows = found.places.filter(policy=name, scenario="base", municipality="0480").sort("draw")
        assert rows["value"].to_list() == values(found, "employed", name)


def test_nothing_changes_nothing(found: Comparison) -> None:
    assert not found.outcomes.filter(policy="none").select("low", "high").to_numpy().any()


def test_the_case_own_policy_has_the_draws_of_its_report(found: Comparison, tmp_path: Path) -> None:
    experiment = case_experiment(CASE, draws=20, burn_in=12, size=300)
    effects = run_experiment(experiment, 1, progress=False, folder=tmp_path).effects
    own = effects.filter(
        pl.col("indicator").cast(pl.String) == "employed",
        pl.col("group").cast(pl.String) == "all",
        pl.col("month") == 6,
    ).sort("draw")
    assert own["difference"].to_list() == values(found, "employed", "nykoping")


def test_all_policies_share_their_world_and_the_quantiles_of_their_ranges() -> None:
    case = apply_settings(load_case("sydostra-skane"), ["horizon=3"])
    policies = read_candidates(
        case, ["sydostra-skane", "x=job_tracks.places={low: 200, high: 600}", "nykoping"]
    )
    tasks = CompareTasks(case, policies, 3, 1, 12, 500)
    made = list(tasks.tasks("base", [(one.name, one.case) for one in policies]))
    assert [len(task.policies) for task in made] == [3, 3, 3]
    assert len({content_hash(task.inputs) for task in made}) == 3
    own, wider = (list(tasks.draws_of("base", one.case)) for one in policies[:2])
    for first, second in zip(own, wider, strict=True):
        assert second.values["job_tracks[0].places"] == pytest.approx(
            10 * first.values["job_tracks[0].places"]
        )
        assert first.values["af_caseload"] == second.values["af_caseload"]
        assert first.values["vocational_sfi[0].places"] == second.values["vocational_sfi[0].places"]
    table = tasks.parameters("base")
    assert {"draw", "job_tracks[0].places", "co_location[0].staff_share"} <= set(table.columns)


def test_in_another_scenario_the_world_of_the_case_does_not_hold() -> None:
    case = load_case("sydostra-skane")
    assert "demand_multiplier" in case.parameters
    assert in_scenario(case, "base") is case
    moved = in_scenario(case, "recession")
    assert moved.scenario == "recession" and "demand_multiplier" not in moved.parameters


def test_a_second_call_runs_nothing_and_gives_the_same(found: Comparison) -> None:
    log = (found.folder / "log.txt").read_text(encoding="utf-8")
    again = compare_policies(CASE, POLICIES, LITTLE, 1, found.folder.parent, progress=False)
    assert (again.folder / "log.txt").read_text(encoding="utf-8") == log
    assert again.values.equals(found.values) and again.fingerprint == found.fingerprint


def test_the_command_prints_tables_and_json(
    found: Comparison, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.experiment.compare.study.compare_policies", lambda *_: found)
    arguments = ["compare", "nykoping", *POLICIES]
    assert main(arguments) == 0
    text = capsys.readouterr().out
    for said in (
        "Mean spending of municipality",
        "no: no dose",
        "Worse in all of these",
        "Regret: months_in_work",
    ):
        assert said in text
    assert main([*arguments, "--json", "--lang", "en"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in answer["policies"]] == list(found.names)
    assert answer["ranked"] == list(found.ranked) and len(answer["verdict"]) >= 5
    assert {"policy", "mean", "low", "high", "n"} <= set(answer["outcomes"][0])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nykoping", "only:job_track"), "Did you mean 'job_tracks'?"),
        (("nykoping", "osby", "--payer", "comune"), "one of municipality, region, state"),
        (("nykoping", "osby", "--payer", "stat"), "Did you mean 'state'?"),
        (("nykoping", "osby", "--cost", "nett"), "Did you mean 'net'?"),
        (("nykoping", "osby", "--by", "months_in_wrk"), "Did you mean 'months_in_work'?"),
        (("nykoping", "osby", "--scenario", "bom"), "Did you mean 'boom'?"),
        (("nykoping", "osby", "--months", "99"), "from 1 to 48"),
        (("nykoping", "osby", "--replications", "3"), "from 20 to 10000"),
        (("nykoping", "osby", "--limit", "0.2"), "a probability from 0.5 to 1"),
        (("nykoping", "osby", "--tolerance", "0"), "a share of the budget above 0"),
        (("nykoping", "osby", "--budget", "-3"), "kronor above 0"),
        (("nykoping", "osby", "--budget", "3", "--as-stated"), "--budget without --as-stated"),
        (("nykoping", "osby", "--lang", "fi"), "sv, en"),
        (("nykopng", "osby"), "Did you mean 'nykoping'?"),
    ],
)
def test_bad_input_is_told_before_anything_runs(
    arguments: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *arguments, "--out", str(tmp_path)]) == 2
    captured = capsys.readouterr()
    assert said in captured.err and captured.out == "" and not list(tmp_path.iterdir())


def test_a_first_policy_that_costs_nothing_sets_no_budget(tmp_path: Path) -> None:
    with pytest.raises(SamspelError, match="costs the municipality nothing"):
        compare_policies(CASE, ["none", "nykoping"], LITTLE, 1, tmp_path, progress=False)
