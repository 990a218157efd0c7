"""One clear error each: where, key, value, what is allowed, the nearest name."""

from pathlib import Path
from typing import Any

import pytest
from policy_worlds import case, document, instance

from sim.core.errors import SamspelError
from sim.policy.case import apply_settings, load_case
from sim.policy.casefile import parse_case
from sim.policy.levers.registry import explain
from sim.policy.listing import list_cases, list_levers, list_parameters
from sim.policy.scenario import WORLD, load_scenario, scenario_names

LEVER = instance("co_location")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            document({**LEVER, "lever": "colocation"}),
            ["policy[0].lever = 'colocation'", "Did you mean 'co_location'"],
        ),
        (document({**LEVER, "staff_shar": 1}), ["policy[0] = 'staff_shar'", "Did you mean 'staff_share'"]),
        (document({**LEVER, "staff_share": 1.5}), ["policy[0].staff_share = 1.5", "a number from 0 to 1"]),
        (document({**LEVER, "staff_share": -0.1}), ["policy[0].staff_share = -0.1", "a number from 0 to 1"]),
        (document({**LEVER, "staff_share": {"low": 0.5, "high": 1.5}}), ["staff_share = 1.5", "from 0 to 1"]),
        (
            document({**LEVER, "staff_share": {"low": 0.5, "high": 0.1}}),
            ["low < high (low is 0.5, high is 0.1)"],
        ),
        (document({**LEVER, "staff_share": "half"}), ["policy[0].staff_share = 'half'", "a number"]),
        (document({**LEVER, "staff_share": float("nan")}), ["staff_share", "nan"]),
        (
            document({**LEVER, "end": "2023-08"}),
            ["policy[0]", "start <= end (start is 2023-09, end is 2023-08)"],
        ),
        (document({**LEVER, "decided": "2023-10"}), ["decided <= start"]),
        (document({**LEVER, "start": "2023-08"}), ["policy[0].start = '2023-08'", "2023-09 to 2026-08"]),
        (document({**LEVER, "start": "2026-09"}), ["policy[0].start = '2026-09'", "2023-09 to 2026-08"]),
        (document({**LEVER, "start": "09/2023"}), ["policy[0].start = '09/2023'", "YYYY-MM"]),
        (document({**LEVER, "fidelity": 1.1}), ["policy[0].fidelity = 1.1", "from 0 to 1"]),
        (
            document({**LEVER, "funding": {"state": 0.6}}),
            ["policy[0].funding", "sum to 1 (these sum to 0.6)"],
        ),
        (document({**LEVER, "funding": {"staten": 1.0}}), ["funding = 'staten'", "Did you mean 'state'"]),
        (document({**LEVER, "target": ["young"]}), ["policy[0].target[0] = 'young'", "Did you mean 'youth'"]),
        (document({**LEVER, "target": "youth"}), ["policy[0].target = 'youth'", "all, or a list of"]),
        (
            document({**LEVER, "ramp_months": 2.5}),
            ["policy[0].ramp_months = 2.5", "a whole number from 0 to 60"],
        ),
        (document({**LEVER, "municipalities": ["Trosa"]}), ["policy[0].municipalities = '0488'", "0480"]),
        (document({"start": "2023-09"}), ["policy[0].lever = None", "one of coordination"]),
        (document("co_location"), ["policy[0] = 'co_location'", "a lever with its settings"]),
        (document(instance("coordination", partners=["AF"])), ["policy[0].partners[0] = 'AF'"]),
        (
            document(instance("coordination", partners=["af", "af"])),
            ["policy[0].partners", "each partner once"],
        ),
        (document(policy={"lever": "co_location"}), ["policy = ", "a list of levers"]),
        (document(start="2016-12"), ["start = '2016-12'", "2017-01 (no data before it)"]),
        (document(known_until="then"), ["known_until = 'then'", "YYYY-MM"]),
        (document(horizon=0), ["horizon = 0", "a number from 1 to 120"]),
        (document(horizon=1000), ["horizon = 1000", "a number from 1 to 120"]),
        (document(municipalities=["Nykoeping"]), ["Nykoeping", "Did you mean 'Nyköping'"]),
        (document(municipalities=[480]), ["municipalities = 480", "quotation marks"]),
        (document(municipalities=["0480", "Nyköping"]), ["each municipality once"]),
        (document(municipalities="Nyköping"), ["a list of names"]),
        (document(municipalities=[]), ["municipalities", "at least 1 item"]),
        (document(compare_with=["Trosa", "Nyköping"]), ["compare_with = '0480'", "outside the case"]),
        (
            document({**LEVER, "municipalities": ["0480", "Nyköping"]}),
            ["municipalities = ['0480', '0480']", "each municipality once"],
        ),
        (
            document(instance("youth_outreach"), instance("youth_outreach", start="2024-01")),
            ["policy[1] = 'youth_outreach[1], 2024-01 to the end'", "than youth_outreach[0]: one at a time"],
        ),
        (
            document(population={"extra_newcomers": -5}),
            ["population.extra_newcomers", "greater than or equal"],
        ),
        (document(starting_position={"places": -1}), ["starting_position.places = -1", "from 0 to 5000"]),
        (document(starting_position={"staff": {"low": 9, "high": 3}}), ["low < high (low is 9, high is 3)"]),
        (document({**LEVER, "end": "2023-13"}), ["policy[0].end = '2023-13'", "YYYY-MM"]),
        (document(scenario="bas"), ["scenario = 'bas'", "Did you mean 'base'"]),
        (document(quesion="?"), ["key = 'quesion'", "Did you mean 'question'"]),
        (document(starting_position={"caseloads": 2}), ["starting_position = 'caseloads'", "'caseload'"]),
        (document(starting_position={"caseload": 0}), ["starting_position.caseload = 0", "from 5 to 200"]),
        (
            document(population={"newcomers": 5}),
            ["population = 'newcomers'", "Did you mean 'extra_newcomers'"],
        ),
        (document(parameters={"dip_month": 5}), ["parameters = 'dip_month'", "Did you mean 'dip_months'"]),
        (document(parameters={"dip_months": 90}), ["parameters.dip_months = '90'", "from 6 to 24 months"]),
        (document(name="x"), ["the file's own is used"]),
        (["policy"], ["the keys of a case"]),
        (document(instance("ninety_day_guarantee", days=0)), ["policy[0].days = 0.0", "from 1 to 730"]),
        (
            document(instance("ninety_day_guarantee", kind="promise")),
            ["policy[0].kind = 'promise'", "'goal' or 'duty'"],
        ),
        (
            document(instance("ninety_day_guarantee", from_age=30)),
            ["policy[0]", "from_age <= to_age (from_age is 30, to_age is 24)"],
        ),
        (
            document(
                instance(
                    "ninety_day_guarantee", from_age={"low": 18, "high": 24}, to_age={"low": 20, "high": 29}
                )
            ),
            ["from_age <= to_age (from_age is 24, to_age is 20)"],
        ),
        (
            document(instance("ninety_day_guarantee", start="2024-05", end="2024-04")),
            ["start <= end (start is 2024-05, end is 2024-04)"],
        ),
        (document(instance("single_organisation", payer="staten")), ["payer = 'staten'", "'state'"]),
        (document(instance("single_organisation", scope=1.2)), ["policy[0].scope = 1.2", "from 0 to 1"]),
        (document(instance("job_tracks", places=0)), ["places above 0 wherever a track is set up"]),
        (
            document({"lever": "job_tracks", "start": "2023-09", "training_months": 6}),
            ["policy[0]", "places above 0 wherever a track is set up"],
        ),
        (
            document(instance("job_tracks", training_months=0, placement_months=0)),
            ["training_months and placement_months of at least one month together"],
        ),
        (
            document(instance("job_tracks", fields=["cares"])),
            ["policy[0].fields[0] = 'cares'", "Did you mean 'care'"],
        ),
        (document(instance("job_tracks", fields=["care", "care"])), ["each field once"]),
        (document(instance("job_tracks", shared="no")), ["policy[0].shared = 'no'", "true or false"]),
        (document(instance("job_tracks", partner_share=1.2)), ["partner_share = 1.2", "from 0 to 1"]),
        (document(instance("employer_ties", staff_share=0.9)), ["staff_share = 0.9", "from 0 to 0.8"]),
        (document(instance("youth_outreach", study_share=1.1)), ["study_share = 1.1", "from 0 to 1"]),
        (document(instance("activation_requirement", share=80)), ["policy[0].share = 80.0", "from 0 to 1"]),
        (document(instance("civil_society", practice_share=None)), ["practice_share stated wherever places"]),
        (document(instance("priority_groups", first=1)), ["policy[0].first = 1", "true or false"]),
        (document(starting_position={"activation": 1.5}), ["starting_position.activation = 1.5", "0 to 1"]),
        (
            document(instance("ninety_day_guarantee"), instance("ninety_day_guarantee", start="2024-01")),
            [
                "policy[1] = 'ninety_day_guarantee[1], 2024-01 to the end'",
                "other months, or other municipalities, than ninety_day_guarantee[0]",
            ],
        ),
    ],
)
def test_a_bad_case_is_refused_in_its_own_words(values: Any, words: list[str]) -> None:
    with pytest.raises(SamspelError) as error:
        parse_case("test", values, "params/cases/test.yaml")
    for word in ["params/cases/test.yaml", *words]:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("co_locatin.staff_share=1", ["name = 'co_locatin'", "Did you mean 'co_location'"]),
        ("co_location.staf_share=1", ["co_location = 'staf_share'", "Did you mean 'staff_share'"]),
        ("co_location[2].staff_share=1", ["co_location[i] = 2", "0 to 1"]),
        ("co_location.staff_share=-1", ["staff_share = -1.0", "a number from 0 to 1"]),
        ("co_location.staff_share=2e3", ["staff_share = 2000.0", "a number from 0 to 1"]),
        ("co_location.staff_share={low: 1", ["value = '{low: 1'"]),
        ("coordination.shared_task=1", ["the case test has no coordination"]),
        ("staff_share", ["cannot be read", "lever.setting=value"]),
        ("parameters.dip_mnths=6", ["parameters = 'dip_mnths'", "Did you mean 'dip_months'"]),
        ("starting_position.premise=shared", ["starting_position = 'premise'", "Did you mean 'premises'"]),
        ("start=2016-01", ["start = '2016-01'", "2017-01"]),
        ("horizon=many", ["horizon = 'many'"]),
        ("co_location.lever=x", ["co_location = 'lever'"]),
    ],
)
def test_a_bad_setting_is_refused_in_its_own_words(setting: str, words: list[str]) -> None:
    two = case(LEVER, instance("co_location", staff_share=0.5))
    with pytest.raises(SamspelError) as error:
        apply_settings(two, [setting])
    for word in [f"--set {setting}", *words]:
        assert word in str(error.value)


def test_a_setting_without_a_number_is_for_all_instances_of_the_lever() -> None:
    two = case(LEVER, instance("co_location", staff_share=0.5))
    changed = apply_settings(
        two, ["co_location.handover_days=10", "co_location[1].staff_share={low: 0.1, high: 0.2}"]
    )
    assert [use.settings["handover_days"] for use in changed.policy] == [10.0, 10.0]
    assert changed.policy[0].settings["staff_share"] == 1.0
    assert changed.to_document()["policy"][1]["staff_share"] == {"low": 0.1, "high": 0.2}
    assert two == case(LEVER, instance("co_location", staff_share=0.5))


@pytest.mark.parametrize(
    "setting",
    ["horizon=12", "start=2023-06", "known_until=2024-01", "starting_position.premises=shared",
     "population.extra_newcomers=100", "parameters.dip_months=7", "co_location.start=2024-01",
     "co_location.end=2024-09", "co_location.target=[youth]", "co_location.fidelity=0.2",
     "co_location.funding={joint: 1}", "co_location.move_cost=1e6"],
)  # fmt: skip
def test_every_kind_of_setting_changes_the_case(setting: str) -> None:
    assert apply_settings(case(LEVER), [setting]) != case(LEVER)


def test_an_unknown_case_is_named_with_the_nearest() -> None:
    with pytest.raises(SamspelError, match=r"'nykopin' is not allowed.*Did you mean 'nykoping'"):
        load_case("nykopin")


@pytest.mark.parametrize(
    ("name", "priors", "words"),
    [
        ("part", "{name: demand_multiplier, part: lever}", "part: scenario in each prior"),
        (
            "half",
            "{name: demand_multiplier, part: scenario}",
            "demand_multiplier, arrivals_multiplier, once each",
        ),
    ],
)
def test_a_scenario_says_all_of_the_world(copied: Path, name: str, priors: str, words: str) -> None:
    rest = (
        "label_sv: abc, label_en: abc, unit: ratio, distribution: fixed, mode: 1.0, grade: C, source: assumed"
    )
    folder = copied.parent / "params" / "scenarios"
    folder.mkdir(parents=True)
    text = f"label_sv: {name}\nlabel_en: {name}\npriors:\n  - {priors[:-1]}, {rest}}}\n"
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SamspelError, match=words):
        load_scenario(name)


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_names_the_world_in_both_languages(name: str) -> None:
    scenario = load_scenario(name)
    assert {prior.name for prior in scenario.priors} == set(WORLD)
    assert scenario.label_sv != scenario.label_en
    assert all(prior.bounds[0] > 0 for prior in scenario.priors)


def test_the_scenarios_differ_as_they_say() -> None:
    ranges = {
        name: {prior.name: prior.bounds for prior in load_scenario(name).priors} for name in scenario_names()
    }
    demand = {name: world["demand_multiplier"] for name, world in ranges.items()}
    assert demand["recession"][1] <= demand["base"][0] < 1 < demand["base"][1] <= demand["boom"][0]
    assert demand["none"] == (1.0, 1.0) and demand["newcomers"] == demand["base"]
    assert ranges["newcomers"]["arrivals_multiplier"][0] > 1
    assert all(
        world["arrivals_multiplier"] == (1, 1) for name, world in ranges.items() if name != "newcomers"
    )


def test_a_case_may_be_a_file(tmp_path: Path) -> None:
    import yaml

    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(case(LEVER).to_document(), allow_unicode=True), encoding="utf-8")
    assert load_case(path).policy == case(LEVER).policy
    assert load_case(str(path)).name == "mine"


@pytest.mark.parametrize(
    ("text", "words"), [("{", "is not valid YAML"), ("start: 1\nstart: 2", "given twice")]
)
def test_a_broken_file_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SamspelError, match=words) as error:
        load_case(path)
    assert "mine.yaml" in str(error.value)


def test_lists_hold_what_there_is() -> None:
    assert "nykoping" in [row.name for row in list_cases()]
    assert {row["name"] for row in list_levers()} >= {"coordination", "co_location"}
    parameters = {row["name"]: row for row in list_parameters()}
    assert parameters["demand_multiplier"]["part"] == "scenario"
    assert parameters["dip_months"]["low"] == "6"


def test_an_unknown_lever_has_no_explanation() -> None:
    with pytest.raises(SamspelError, match="Did you mean 'coordination'"):
        explain("cordination")
