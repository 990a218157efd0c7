"""The schema of trials: the project's own are whole, and every mistake is named with what is allowed."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from evidence_records import trial

from sim.core.errors import SamspelError
from sim.evaluate.arms import compile_arms
from sim.evaluate.trial import Trial
from sim.evaluate.trials import load_trials, parse_trial
from sim.evaluate.worlds import rounded_horizon
from sim.policy.channels import IN_TRIAL, SEGMENTS, Channel
from sim.policy.priors import central, load_priors

TRIALS = load_trials()
_PLAN = {"lever": "individual_plan", "caseload": 10}
README_TRIALS = (
    "SE_GBG22", "SE_EQUAL22", "SE_JOBBNATET10", "SE_CHEUNG23", "SE_DF05", "SE_DJM09", "SE_PV14", "NO_DH22",
    "NAV_JCP", "SE_ETABREF16", "INT_CKW18",
)  # fmt: skip


def test_the_trials_to_encode_first_are_there() -> None:
    assert {one.id for one in TRIALS} >= set(README_TRIALS)


@pytest.mark.parametrize("one", TRIALS, ids=lambda one: one.id)
def test_every_trial_says_where_it_comes_from_and_compiles(one: Trial) -> None:
    assert one.source and one.verification
    policies = compile_arms(one, rounded_horizon(one))
    assert set(policies.worlds) == set(one.arms or {"control": ()})


def test_no_prior_cites_a_trial_that_validates() -> None:
    validating = {
        one.id for one in TRIALS if all(one.used(outcome) == "validation" for outcome in one.outcomes)
    }
    assert validating
    for prior in load_priors():
        cited = [name for name in validating if name in prior.source]
        assert not cited, f"{prior.name} cites {cited}"


def test_the_early_meetings_halve_the_central_caseload() -> None:
    one = next(one for one in TRIALS if one.id == "SE_CHEUNG23")
    settings = one.arms["treated"][0].settings
    assert settings["af_caseload"] == central(load_priors())["af_caseload"] / 2


def test_arms_begin_in_full_at_the_roll_out() -> None:
    one = trial(design={"rollout_month": 3}, population={"start": "2018-01"})
    lever = one.arms["treated"][0]
    assert (lever.start, lever.fidelity) == ("2018-04", 1.0)


def test_each_arm_has_its_own_rows_of_one_path() -> None:
    policies = compile_arms(trial(), 60)
    path = policies.worlds["treated"].path
    assert path.shape[1] == 2 * SEGMENTS
    assert (path[:, :IN_TRIAL, Channel.CASELOAD] == 1.0).all()
    assert (path[:, IN_TRIAL:, Channel.CASELOAD] < 1.0).all()
    assert all(min(line.segments) >= IN_TRIAL for line in policies.worlds["treated"].costs)


def test_the_null_model_costs_as_much_and_does_nothing() -> None:
    policies = compile_arms(trial(), 60)
    assert (policies.null["treated"].path == policies.worlds["control"].path).all()
    assert policies.null["treated"].costs == policies.worlds["treated"].costs


def test_arms_that_clash_over_the_municipality_get_worlds_of_their_own() -> None:
    places = {"lever": "municipal_placements", "places": 50, "practice_share": 0.5}
    ordinary, created = ({**places, "ordinary_share": share} for share in (1.0, 0.0))
    clash = compile_arms(trial(arms={"control": [ordinary], "treated": [created]}), 60)
    assert clash.apart
    assert (clash.worlds["control"].path[:, :IN_TRIAL, Channel.ELIGIBLE] == 0.0).all()
    for shared in ([ordinary], [ordinary, _PLAN], [_PLAN]):
        assert not compile_arms(trial(arms={"control": [ordinary], "treated": shared}), 60).apart


def test_where_the_unit_is_an_office_the_arm_reaches_all() -> None:
    path = compile_arms(trial(design={"unit": "office"}), 60).worlds["treated"].path
    assert (path[:, :, Channel.CASELOAD] < 1.0).all()


@pytest.mark.parametrize(
    ("keys", "outcome", "message"),
    [
        ({}, {"indicator": "employd"}, r"outcomes\[0\].indicator = 'employd' .*Did you mean 'employed'"),
        ({}, {"measure": "diference"}, r"outcomes\[0\].measure = 'diference' .*Did you mean 'difference'"),
        ({}, {"months": [12, 3]}, r"outcomes\[0\].months = \[12, 3\] .*first <= last"),
        ({}, {"months": [0, 500]}, r"outcomes\[0\].months"),
        ({}, {"arm": "treatd"}, r"outcomes\[0\].arm = 'treatd' .*Did you mean 'treated'"),
        ({}, {"where": {"colour": "red"}}, r"outcomes\[0\].where = 'colour' .*one of"),
        ({}, {"pass": {}}, r"outcomes\[0\].pass.* low, high or both"),
        ({}, {"pass": {"low": 3, "high": 1}}, "low <= high"),
        ({}, {"unit": "bananas"}, r"outcomes\[0\].unit = 'bananas' .*one of"),
        ({}, {"per": "regstered"}, r"outcomes\[0\].per = 'regstered'.*Did you mean 'registered'"),
        ({}, {"measure": "ordering"}, r"outcomes\[0\].pairs"),
        ({}, {"measure": "ordering", "pairs": [["treated", 3, "other", 3]]}, r"outcomes\[0\].arm = 'other'"),
        ({}, {"measure": "level_ratio"}, r"outcomes\[0\].per = None"),
        ({}, {"compare": "scale_arms"}, r"outcomes\[0\].compare .*a list of treated shares"),
        ({}, {"at": {"treated_share": 0.3}}, r"outcomes\[0\].at.treated_share = 0.3"),
        (
            {},
            {"indicator": "af_stock", "where": {"youth": True}},
            r"outcomes\[0\].where .*no choice of persons",
        ),
        ({}, {"indicator": "af_stock", "measure": "hazard_ratio"}, r"outcomes\[0\].indicator = 'af_stock'"),
        ({}, {"outcome": 3}, r"outcomes\[0\] = 'outcome' is not allowed"),
        ({"population": {"size": 0}}, {}, r"population\.size = 0 "),
        ({"population": {"municipality": "Nykoping2"}}, {}, "municipality = 'Nykoping2' .*Did you mean"),
        ({"population": {"where": {"orgin": "newcomer"}}}, {}, "population.where = 'orgin'"),
        ({"population": {"demand_multiplier": 0}}, {}, "population.demand_multiplier"),
        ({"population": {"start": "2017-13"}}, {}, "population.start = '2017-13'"),
        ({"design": {"treated_share": 1.5}}, {}, r"design.treated_share\[0\] = 1.5"),
        ({"design": {"treated_share": [0.5, 2]}}, {}, r"design.treated_share\[1\] = 2"),
        ({"design": {"unit": "village"}}, {}, "design.unit = 'village'"),
        ({"design": {"rollout_month": -1}}, {}, "design.rollout_month = -1"),
        ({"arms": {"treated": [{"lever": "job_track"}]}}, {}, r"arms.treated\[0\].lever = 'job_track'"),
        ({"arms": {"treated": [{**_PLAN, "case": 1}]}}, {}, r"arms.treated\[0\] = 'case'"),
        (
            {"arms": {"treated": [{"lever": "ninety_day_guarantee", "days": 0}]}},
            {},
            r"arms.treated\[0\].days = 0",
        ),
        (
            {"arms": {"control": [], "training": [_PLAN]}},
            {},
            r"outcomes\[0\].arm = 'treated' .*control, training",
        ),
        ({"arms": {}}, {}, "neither arms nor level outcomes"),
        (
            {"design": {"unit": "office"}},
            {"measure": "untreated_hazard_ratio", "indicator": "exit_to_work"},
            "design.unit = 'office' .*person",
        ),
        ({"used_for": "proof"}, {}, "used_for = 'proof'"),
        ({"titel": "x"}, {}, "'titel' is not allowed.*Did you mean 'title'"),
        ({"outcomes": []}, {}, "outcomes"),
    ],
)
def test_mistakes_are_named_with_what_is_allowed(
    keys: dict[str, Any], outcome: dict[str, Any], message: str
) -> None:
    with pytest.raises(SamspelError, match=message):
        trial(outcome, **keys)


def test_a_trial_without_arms_may_look_at_levels() -> None:
    assert trial({"measure": "level"}, arms={}).arms == {}


def test_what_is_no_mapping_is_refused() -> None:
    with pytest.raises(SamspelError, match="the keys of a trial"):
        parse_trial(["x"], "t.yaml")


def test_files_hold_one_trial_or_several_each_with_an_id_of_its_own(tmp_path: Path) -> None:
    outcome = {"name": "a", "measure": "level", "months": 3, "pass": {"low": 0}}
    one, two = ({"id": name, "title": "A trial", "outcomes": [outcome]} for name in ("ONE", "TWO"))
    path = tmp_path / "both.yaml"
    path.write_text(yaml.safe_dump([one, two]), encoding="utf-8")
    assert [trial.id for trial in load_trials([path])] == ["ONE", "TWO"]
    assert [trial.id for trial in load_trials([path], ["TWO"])] == ["TWO"]
    with pytest.raises(SamspelError, match=r"--only = 'TW' .*Did you mean 'TWO'"):
        load_trials([path], ["TW"])
    with pytest.raises(SamspelError, match=r"id = 'ONE' .*an id not in"):
        load_trials([path, path])
