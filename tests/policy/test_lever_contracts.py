"""What every lever must satisfy; a new one in the registry is tested as soon as it has settings that act."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from policy_worlds import FULL_SETTINGS, case, draws, effects, instance, lever

from sim.core.months import month_number
from sim.policy.casefile import parse_case
from sim.policy.channels import CHANNELS, Channel, segment_mask
from sim.policy.compiled import compile_policy, neutral_policy
from sim.policy.levers.registry import LEVERS, explain, settings_of
from sim.policy.priors import load_priors
from sim.policy.starting import StartingPosition

EVERY = pytest.mark.parametrize("name", LEVERS)
BY_CHANNEL = pytest.mark.parametrize("name", [name for name, kind in LEVERS.items() if kind.channels])
BY_TRACK = pytest.mark.parametrize("name", [name for name, kind in LEVERS.items() if not kind.channels])


@EVERY
def test_neutral_settings_give_the_neutral_path_bit_for_bit(name: str) -> None:
    neutral = case({"lever": name, "start": "2023-09"}, starting_position={"caseload": 27.3})
    policy = compile_policy(neutral, effects(unit_caseload=27.3, **{f"{name}[0].fidelity": 0.4}))
    assert policy.path.tobytes() == neutral_policy(neutral).path.tobytes()
    assert policy.costs == ()
    assert policy.tracks == ()
    assert policy.first_month is None
    assert not policy.disrupted.any()


@EVERY
@given(draw=draws())
@settings(max_examples=10, deadline=None)
def test_bounds_hold_and_only_declared_channels_move(name: str, draw: dict[str, float]) -> None:
    acting = case(instance(name))
    policy = compile_policy(acting, draw)
    moved = (policy.path != neutral_policy(acting).path).any(axis=(0, 1))
    assert {channel for channel in Channel if moved[channel]} <= LEVERS[name].channels
    for declared in CHANNELS:
        values = policy.path[:, :, declared.channel]
        assert (values >= declared.low).all()
        assert (values <= declared.high).all()


@EVERY
def test_it_acts(name: str) -> None:
    policy = compile_policy(case(instance(name)), effects())
    assert policy.first_month == month_number("2023-09")
    assert policy.costs
    assert any(track.starts for track in policy.tracks) or (policy.path != neutral_policy(case()).path).any()


@BY_CHANNEL
def test_each_of_its_channels_moves(name: str) -> None:
    acting = case(instance(name))
    moved = (compile_policy(acting, effects()).path != neutral_policy(acting).path).any(axis=(0, 1))
    assert {channel for channel in Channel if moved[channel]} == LEVERS[name].channels


@EVERY
def test_no_fidelity_leaves_nothing_but_the_dip_and_what_is_done_anyway(name: str) -> None:
    acting = case(instance(name, fidelity=0.0))
    policy = compile_policy(acting, effects())
    gains = [declared.channel for declared in CHANNELS if declared.by_fidelity]
    calm = policy.path[~policy.disrupted][:, :, gains]
    assert calm.tobytes() == neutral_policy(acting).path[~policy.disrupted][:, :, gains].tobytes()


@EVERY
def test_staff_hours_and_harm_act_in_full_whatever_the_fidelity(name: str) -> None:
    full, none = (compile_policy(case(instance(name, fidelity=f)), effects()).path for f in (1.0, 0.0))
    doses = [declared.channel for declared in CHANNELS if not declared.by_fidelity]
    assert full[:, :, doses].tobytes() == none[:, :, doses].tobytes()


@EVERY
def test_nothing_happens_before_the_start_or_after_the_end(name: str) -> None:
    acting = case(instance(name, start="2024-03", end="2024-08"))
    policy = compile_policy(acting, effects())
    neutral = neutral_policy(acting).path
    outside = np.r_[0:6, 12:36]
    assert policy.path[outside].tobytes() == neutral[outside].tobytes()
    assert (policy.path[6:12] != neutral[6:12]).any(axis=(1, 2)).all() == bool(LEVERS[name].channels)
    assert policy.first_month == month_number("2024-03")
    assert min(line.first for line in policy.costs) == month_number("2024-03")
    for line in policy.costs:
        goes_on = lever(name).runs_on() if line.unit == "track_participant" else 0
        assert line.last <= month_number("2024-08") + goes_on


@BY_TRACK
def test_no_cohort_begins_before_the_start_or_after_the_end(name: str) -> None:
    track = compile_policy(case(instance(name, start="2024-03", end="2024-08")), effects()).tracks[0]
    assert track.starts
    assert month_number("2024-03") == track.starts[0]
    assert track.starts[-1] <= month_number("2024-08")


@EVERY
def test_a_ramp_rises_in_equal_steps_to_the_full_effect(name: str) -> None:
    ramped = compile_policy(case(instance(name, ramp_months=4)), effects())
    at_once = compile_policy(case(instance(name)), effects())
    assert ramped.path[4:].tobytes() == at_once.path[4:].tobytes()
    for declared in CHANNELS:
        if declared.kind in ("multiply", "add") and not at_once.disrupted.any():
            steps = ramped.path[:4, 15, declared.channel] - declared.neutral
            full = at_once.path[0, 15, declared.channel] - declared.neutral
            assert steps == pytest.approx(full * np.array([0.25, 0.5, 0.75, 1.0]))


@EVERY
def test_others_than_the_target_are_untouched(name: str) -> None:
    acting = case(instance(name, target=["youth", "weak_swedish"]))
    policy = compile_policy(acting, effects())
    outside = ~segment_mask(["youth", "weak_swedish"])
    by_segment = [declared.channel for declared in CHANNELS if not declared.whole_municipality]
    theirs = policy.path[:, outside][:, :, by_segment]
    assert theirs.tobytes() == neutral_policy(acting).path[:, outside][:, :, by_segment].tobytes()
    for track in policy.tracks:
        assert np.array_equal(track.eligible, ~outside)
    inside = policy.path[:, ~outside] != neutral_policy(acting).path[:, ~outside]
    assert inside.any() != bool(policy.tracks)


@EVERY
def test_costs_of_two_payers_are_those_of_one(name: str) -> None:
    alone = compile_policy(case(instance(name)), effects()).costs
    shared = compile_policy(
        case(instance(name, funding={"municipality": 0.25, "joint": 0.75})), effects()
    ).costs
    assert [line.ore_per_unit for line in alone] == [line.ore_per_unit for line in shared]
    assert all(sum(share for _, share in line.shares) == 1.0 for line in (*alone, *shared))


@EVERY
def test_the_cost_of_a_ramp_is_never_above_the_full_cost(name: str) -> None:
    at_once = compile_policy(case(instance(name)), effects()).costs
    ramped = compile_policy(case(instance(name, ramp_months=6)), effects()).costs
    full = {(line.label, line.unit): line.ore_per_unit for line in at_once}
    for line in ramped:
        assert line.ore_per_unit <= full[line.label, line.unit]
    for key, ore in full.items():
        last = max((line for line in ramped if (line.label, line.unit) == key), key=lambda line: line.last)
        assert last.ore_per_unit == ore


@EVERY
def test_a_case_with_it_survives_a_round_trip(name: str) -> None:
    written = case(instance(name, ramp_months=3, decided="2023-05", end="2025-01", target=["long_term"]))
    assert parse_case("test", written.to_document(), "again") == written


@EVERY
def test_it_is_declared_in_full(name: str) -> None:
    declared = LEVERS[name]
    known = {prior.name for prior in load_priors()}
    assert set(declared.parameters) <= known, "a parameter that no prior gives"
    assert set(FULL_SETTINGS[name]) == set(declared.model_fields) - {"handover_days"}
    assert declared.__doc__ and "References:" in declared.__doc__
    for reference in declared.evidence:
        assert reference in declared.__doc__, f"{reference} is not in the docstring"
    assert declared.grade in "BC", "no lever's effect has been seen in Sweden as it would be here"
    assert len(declared.text_en) > 200
    for row in settings_of(name):
        assert all(row.values()), row
    text = explain(name)
    for expected in (declared.label_en, declared.label_sv, *declared.model_fields, *declared.parameters):
        assert expected in text


@EVERY
def test_it_reads_only_the_parameters_that_it_names(name: str) -> None:
    acting = lever(name)
    own = {key: value for key, value in effects().items() if key in LEVERS[name].parameters}
    start = StartingPosition()
    assert acting.full_effect(own, start) or acting.track(own, start, 1.0)
    assert acting.costs(own, start)
    acting.disruption(own, start, 0)


@EVERY
@given(draw=draws(), data=st.data())
@settings(max_examples=10, deadline=None)
def test_any_settings_within_bounds_give_values_within_bounds(
    name: str, draw: dict[str, float], data: st.DataObject
) -> None:
    fields = LEVERS[name].model_json_schema()["properties"]
    changes = {key: data.draw(_values(declared), key) for key, declared in fields.items()}
    if name == "ninety_day_guarantee":
        changes["from_age"], changes["to_age"] = sorted((changes["from_age"], changes["to_age"]))
    if name == "job_tracks":
        changes |= {key: max(1.0, changes[key]) for key in ("places", "training_months")}
    policy = compile_policy(case(instance(name, **changes)), draw)
    for declared in CHANNELS:
        values = policy.path[:, :, declared.channel]
        assert np.isfinite(values).all()
        assert ((values >= declared.low) & (values <= declared.high)).all()
    for track in policy.tracks:
        assert 0 <= track.partner_share <= 1
        assert 0 <= track.drop_out_rate <= 1


def _values(declared: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a setting may have, by its JSON schema."""
    for part in declared.get("anyOf", [declared]):
        if "minimum" in part:
            return st.floats(part["minimum"], part["maximum"])
        if "items" in part:
            return st.lists(st.sampled_from(part["items"]["enum"]), unique=True)
        if "enum" in part:
            return st.sampled_from(part["enum"])
    return st.booleans()
