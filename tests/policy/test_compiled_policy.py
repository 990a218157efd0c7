import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_worlds import case, document, draws, effects, instance

from sim.core.errors import SamspelError
from sim.policy.case import load_case
from sim.policy.casefile import parse_case
from sim.policy.channels import CHANNELS, SEGMENTS, Channel
from sim.policy.compiled import compile_policy, neutral_policy
from sim.policy.levers.registry import LEVERS
from sim.policy.priors import central, draw_parameters
from sim.policy.uncertain import IN_ALL, case_priors, model_parameters


def test_no_policy_is_neutral() -> None:
    empty = case()
    policy = neutral_policy(empty)
    assert policy.path.shape == (36, SEGMENTS, len(CHANNELS))
    assert policy.path[0, 0].tolist() == [declared.neutral for declared in CHANNELS]
    assert compile_policy(empty, effects()).path.tobytes() == policy.path.tobytes()


@given(draw=draws(), order=st.permutations(sorted(LEVERS)))
@settings(max_examples=10, deadline=None)
def test_instances_combine_in_any_order(draw: dict[str, float], order: list[str]) -> None:
    forward = compile_policy(case(*(instance(name) for name in sorted(LEVERS))), draw).path
    other = compile_policy(case(*(instance(name) for name in order)), draw).path
    assert np.allclose(forward, other, rtol=1e-12, atol=1e-12)


def test_instances_on_one_channel_multiply() -> None:
    drawn = effects()
    paths = [
        compile_policy(case(*(instance(name) for name in names)), drawn).path[:, :, Channel.HANDOVER_LOSS]
        for names in (["co_location"], ["coordination"], ["co_location", "coordination"])
    ]
    assert np.allclose(paths[0] * paths[1], paths[2], rtol=1e-12)


def test_one_municipality_may_have_what_its_neighbour_lacks() -> None:
    both = case(instance("co_location", municipalities=["0488"]), municipalities=["0480", "0488"])
    assert compile_policy(both, effects(), municipality="0480").first_month is None
    assert compile_policy(both, effects(), municipality="0488").first_month is not None
    with pytest.raises(SamspelError, match="0481"):
        compile_policy(both, effects(), municipality="0481")


def test_a_one_off_cost_falls_in_the_month_of_the_move() -> None:
    policy = compile_policy(case(instance("co_location", start="2024-01")), effects())
    once = [line for line in policy.costs if line.unit == "once"]
    assert [(line.ore_per_unit, line.first, line.last) for line in once] == [(50_000_000, 24288, 24288)]


def test_steps_of_a_ramp_cover_every_month_once() -> None:
    policy = compile_policy(case(instance("coordination", ramp_months=5, end="2024-08")), effects())
    months = [month for line in policy.costs for month in range(line.first, line.last + 1)]
    assert months == list(range(24284, 24296))


def test_a_ramp_cut_short_by_its_end_never_reaches_the_full_cost() -> None:
    policy = compile_policy(case(instance("coordination", ramp_months=10, end="2023-12")), effects())
    full = compile_policy(case(instance("coordination")), effects()).costs[0].ore_per_unit
    assert [line.ore_per_unit for line in policy.costs] == [round(full * k / 10) for k in (1, 2, 3, 4)]


def test_a_policy_survives_being_sent_to_a_worker() -> None:
    policy = compile_policy(case(instance("co_location")), effects())
    again = pickle.loads(pickle.dumps(policy))
    assert again.costs == policy.costs
    assert again.path.tobytes() == policy.path.tobytes()


def test_ranges_become_parameters_that_draws_fill() -> None:
    ranged = case(
        instance("co_location", staff_share={"low": 0.2, "high": 0.6}),
        instance("municipal_placements", places={"low": 80, "high": 120}, fidelity={"low": 0.5, "high": 1.0}),
        instance("municipal_placements", places=10),
    )
    named = {prior.name: prior.bounds for prior in case_priors(ranged) if "[" in prior.name}
    assert named == {
        "co_location[0].staff_share": (0.2, 0.6),
        "municipal_placements[0].places": (80, 120),
        "municipal_placements[0].fidelity": (0.5, 1.0),
    }
    for draw in draw_parameters(case_priors(ranged), 4, 1):
        policy = compile_policy(ranged, draw)
        places = draw["municipal_placements[0].places"] * draw["municipal_placements[0].fidelity"] + 10
        total = policy.path[0, 0, Channel.ORDINARY_PLACES] + policy.path[0, 0, Channel.CREATED_PLACES]
        assert total == pytest.approx(places)


def test_the_usual_fidelity_is_a_third_to_a_half() -> None:
    entry = {key: value for key, value in instance("co_location").items() if key != "fidelity"}
    priors = {prior.name: prior for prior in case_priors(case(entry))}
    assert priors["co_location[0].fidelity"].bounds == (0.33, 0.5)


def test_settling_a_range_leaves_the_general_draws_alone() -> None:
    ranged = case(instance("co_location", staff_share={"low": 0.2, "high": 0.6}))
    settled = case(instance("co_location", staff_share=0.4))
    general = [prior.name for prior in case_priors(settled)]
    first, second = (draw_parameters(case_priors(which), 3, 5) for which in (ranged, settled))
    assert [[draw[name] for name in general] for draw in first] == [list(draw.values()) for draw in second]


@pytest.mark.parametrize(
    ("changes", "name", "value"),
    [
        ({"starting_position": {"caseload": 31}}, "unit_caseload", 31.0),
        ({"parameters": {"dip_months": 7}}, "dip_months", 7.0),
        ({"parameters": {"coordination_weight_af": 0.9}}, "coordination_weight_af", 0.9),
    ],
)
def test_what_a_case_knows_better_replaces_the_general_parameter(
    changes: dict[str, Any], name: str, value: float
) -> None:
    assert central(case_priors(case(**changes)))[name] == value


def test_shared_premises_at_the_start_are_in_the_baseline() -> None:
    shared = case(starting_position={"premises": "shared"})
    draw = central(case_priors(shared))
    assert model_parameters(shared, draw)["handover_days_apart"] == draw["handover_days_shared"]
    assert model_parameters(case(), draw) == draw | dict.fromkeys(IN_ALL, 0.0)


def test_newcomers_beyond_the_trend_arrive_evenly() -> None:
    more = case(population={"extra_newcomers": 360})
    draw = central(case_priors(more))
    assert model_parameters(more, draw)["extra_newcomers"] == pytest.approx(10)


def test_nykoping_states_what_the_notice_says() -> None:
    nykoping = load_case("nykoping")
    assert [use.lever for use in nykoping.policy] == [
        "co_location", "coordination", "individual_plan", "municipal_placements", "priority_groups",
        "youth_outreach", "civil_society", "subsidised_jobs", "employer_ties",
    ]  # fmt: skip
    policy = compile_policy(nykoping, central(case_priors(nykoping)))
    neutral = neutral_policy(nykoping).path
    assert policy.first_month == nykoping.first_month
    assert (policy.path != neutral).any(axis=(0, 1))[: Channel.ELIGIBLE + 1].all()
    assert {line.kind for line in policy.costs} == {"staff", "premises", "places", "meetings", "investment"}


@pytest.mark.parametrize("key", ["starting_position", "population", "parameters", "scenario", "known_until"])
def test_every_optional_key_of_a_case_is_kept(key: str) -> None:
    values = {
        "starting_position": {"coordination": {"low": 0.1, "high": 0.2}},
        "population": {"extra_newcomers": 12},
        "parameters": {"dip_months": {"low": 7, "high": 9}},
        "scenario": "base",
        "known_until": "2024-06",
    }
    written = parse_case("test", document(**{key: values[key]}), "x")
    assert parse_case("test", written.to_document(), "x") == written
