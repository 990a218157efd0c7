"""Whole trials in small towns: worlds, enrolment, the null model and the command."""

import json
import math
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from evidence_records import trial

from sim.cli import main
from sim.evaluate.bench import Finding, counted, run_bench
from sim.evaluate.indicators import all_indicators
from sim.evaluate.listing import findings_table, findings_values
from sim.evaluate.page import findings_page
from sim.evaluate.sums import Place
from sim.evaluate.trials import load_trials, parse_trial
from sim.evaluate.vocabulary import KEYS, MEASURES, schema, schema_text
from sim.evaluate.worlds import Starts, TrialWorlds

SIZE = 1500
ANY = {"pass": {"low": -1e12, "high": 1e12}}
CLOSER = {"lever": "individual_plan", "af_caseload": 20, "caseload": 8}


@cache
def _starts() -> Starts:
    return Starts(0, residents=SIZE)


def _worlds(*outcomes: dict[str, Any], **keys: Any) -> TrialWorlds:
    arms = {"arms": {"control": [], "treated": [CLOSER]}}
    return TrialWorlds(trial(*(ANY | one for one in outcomes), **(arms | keys)), _starts())


def test_the_same_persons_are_enrolled_and_drawn_in_every_world() -> None:
    keys: dict[str, Any] = {"population": {"size": 40, "where": {"registered": True}}}
    worlds = _worlds({}, **keys)
    place = Place(0.5, 1.0)
    control, treated = worlds.world("control", place), worlds.world("treated", place)
    assert worlds.enrolled == 40
    assert np.array_equal(control.arm, treated.arm) and np.array_equal(control.enrolled, treated.enrolled)
    assert 8 <= treated.arm.sum() <= 32
    assert control.registered[0, control.enrolled >= 0].all()


def test_fewer_who_qualify_are_all_enrolled() -> None:
    worlds = _worlds({}, population={"size": 10_000, "where": {"registered": True}})
    record = worlds.world("control", Place(0.5, 1.0))
    assert worlds.enrolled == record.registered[0].sum()


def test_untreated_persons_differ_between_worlds_only_when_somebody_is_treated() -> None:
    worlds = _worlds({"months": [0, 11]})
    control = worlds.world("control", Place(0.0, 1.0))
    nobody = worlds.world("treated", Place(0.0, 1.0))
    half = worlds.world("treated", Place(0.5, 1.0))
    assert np.array_equal(control.status, nobody.status)
    assert not np.array_equal(control.status, half.status)


def test_an_arm_without_levers_is_the_control_world_to_the_bit() -> None:
    worlds = _worlds({}, arms={"control": [], "treated": []})
    first, second = (worlds.world(arm, Place(0.5, 1.0)) for arm in ("control", "treated"))
    assert np.array_equal(first.status, second.status)
    assert all(np.array_equal(first.series[name], second.series[name]) for name in first.series)


def test_an_intake_enrols_those_who_come_to_qualify() -> None:
    keys: dict[str, Any] = {
        "population": {"where": {"months_registered": [0, 0]}},
        "design": {"intake_months": 3},
    }
    record = _worlds({}, **keys).world("control", Place(0.5, 1.0))
    assert set(np.unique(record.enrolled)) == {-1, 0, 1, 2, 3}


def test_the_market_is_slack_from_the_start_and_the_roll_out_comes_later() -> None:
    keys: dict[str, Any] = {"population": {"demand_multiplier": [0.5, 1.0]}, "design": {"rollout_month": 6}}
    worlds = _worlds({}, **keys)
    slack, usual = (worlds.world("control", Place(0.5, demand)) for demand in (0.5, 1.0))
    assert slack.first_month == usual.first_month == _starts().at(worlds.trial, worlds.arms, 60)[0].start + 6
    assert slack.registered[0].sum() > usual.registered[0].sum()


def test_a_world_that_is_rolled_out_later_is_the_world_without_a_break() -> None:
    months, later = 30, 12
    whole = _worlds({"months": [0, months]}).world("control", Place(0.5, 1.0))
    keys: dict[str, Any] = {"design": {"rollout_month": later}}
    rest = _worlds({"months": [0, months - later]}, **keys).world("control", Place(0.5, 1.0))
    shared = min(whole.months - later, rest.months)
    assert shared >= 12
    for name in ("status", "insured", "paid", "present", "spell"):
        ours, theirs = (getattr(one, name) for one in (whole, rest))
        assert np.array_equal(ours[later:][: shared + 1], theirs[: shared + 1]), name


def test_the_null_model_pays_for_arms_that_do_nothing() -> None:
    worlds = _worlds({"indicator": "reform_cost"})
    place = Place(0.5, 1.0)
    control, null = worlds.world("control", place), worlds.world("treated", place, null=True)
    assert np.array_equal(control.status, null.status)
    cost = all_indicators()["reform_cost"].series
    assert cost is not None and cost(null).sum() > 0 and cost(control).sum() == 0


def test_every_indicator_can_be_read_in_any_world() -> None:
    worlds = _worlds({"indicator": "disposable_income"})
    record = worlds.world("treated", Place(0.5, 1.0))
    for one in all_indicators().values():
        values = one.read(record) if one.of_persons and one.read else one.series and one.series(record)
        assert values is not None and len(values) == record.months + (1 if one.of_persons else 0), one.name
    told = {name for name in record.series if not name.startswith("cost_")}
    assert told <= set(all_indicators()), told - set(all_indicators())


@cache
def _findings() -> list[Finding]:
    outcomes = (
        {"name": "hazard", "indicator": "exit_to_work", "measure": "hazard_ratio", "months": [0, 11],
         "pass": {"low": 1.0001}},
        {"name": "any", "indicator": "employed", "months": [0, 11], "pass": {"low": -100, "high": 100},
         "used_for": "calibration"},
        {"name": "none", "indicator": "in_track", "measure": "ratio", "pass": {"low": 0}},
    )  # fmt: skip
    tried = trial(*outcomes, arms={"control": [], "treated": [CLOSER]})
    return run_bench([tried], replications=2, processes=1, residents=SIZE, progress=False)


def test_findings_say_what_passes_and_what_the_null_model_passes() -> None:
    hazard, anything, nothing = _findings()
    assert hazard.null_simulated == pytest.approx(1.0) and not hazard.null_passes
    assert hazard.simulated > 1.0 and hazard.passed and hazard.n == 2
    assert anything.passed and anything.null_passes
    assert math.isnan(nothing.simulated) and not nothing.passed and "cannot be worked out" in nothing.note
    assert counted(_findings()) == (1, 2)


def test_findings_print_for_people_and_for_machines() -> None:
    values = json.loads(json.dumps(findings_values(_findings()), allow_nan=False))
    wanted = (
        "trial",
        "outcome",
        "used_for",
        "simulated",
        "mc_se",
        "published",
        "low",
        "high",
        "passed",
        "null_passes",
    )
    assert all(set(wanted) <= set(one) for one in values)
    assert values[2]["simulated"] is None
    text = findings_table(_findings())
    assert "1 of 2 pass (50 %)" in text and "HAND" in text


def test_the_page_holds_every_finding_and_the_counts_of_the_table() -> None:
    findings = _findings()
    page, table = findings_page(findings, 20), findings_table(findings)
    assert all(f"| {one.trial} | {one.outcome} |" in page for one in findings)
    assert "(20 replications" in page
    for line in table.splitlines():
        if line.startswith(("Design targets", "validation:", "calibration:")):
            assert line in page


def test_nobody_who_qualifies_is_said_to_be_nobody() -> None:
    tried = trial({}, population={"where": {"age": [5, 6]}})
    (found,) = run_bench([tried], replications=1, processes=1, residents=SIZE, progress=False)
    assert not found.passed and found.note == "nobody qualifies for the trial"


def test_a_model_that_fails_is_a_finding_and_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise FloatingPointError("broken")

    monkeypatch.setattr("sim.evaluate.worlds.follow", broken)
    (found,) = run_bench([trial({})], replications=1, processes=1, residents=SIZE, progress=False)
    assert not found.passed and "broken" in found.note


def test_the_schema_tells_every_name() -> None:
    known = schema()
    assert set(known["measures"]) == set(MEASURES)
    text = schema_text()
    assert all(name in text for name in (*KEYS, *MEASURES, "exit_to_work", "job_tracks", "on_assistance"))


def test_the_command_runs_a_file_and_refuses_a_bad_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evidence", "--schema", "--json"]) == 0
    assert "exit_to_work" in json.loads(capsys.readouterr().out)["indicators"]
    path = tmp_path / "bad.yaml"
    path.write_text(yaml.safe_dump({"id": "BAD", "title": "Bad", "outcomes": []}), encoding="utf-8")
    assert main(["evidence", "--file", str(path)]) == 2
    assert "outcomes" in capsys.readouterr().err
    assert main(["evidence", "--only", "SE_GBG"]) == 2
    assert "Did you mean 'SE_GBG22'" in capsys.readouterr().err


@pytest.mark.slow
def test_processes_do_not_change_a_finding(tmp_path: Path) -> None:
    document = {
        "id": "TWO",
        "title": "Two processes",
        "arms": {"control": [], "treated": [CLOSER]},
        "outcomes": [
            {"name": "a", "measure": "difference", "indicator": "employed", "months": [0, 6], **ANY}
        ],
    }
    tried = parse_trial(document, "t.yaml")
    runs = [run_bench([tried], 3, processes, residents=SIZE, progress=False) for processes in (1, 2)]
    assert [asdict(one) for one in runs[0]] == [asdict(one) for one in runs[1]]


@pytest.mark.slow
@pytest.mark.parametrize("one", load_trials(), ids=lambda one: one.id)
def test_every_trial_gives_a_number_for_every_outcome(one: Any) -> None:
    for found in run_bench([one], replications=1, progress=False):
        assert not math.isnan(found.simulated), (found.outcome, found.note)
