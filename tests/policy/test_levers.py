"""Each lever's rule, worked out by hand."""

import numpy as np
import pytest
from policy_worlds import case, effects, instance

from sim.core.errors import SamspelError
from sim.policy.channels import SEGMENTS, Channel
from sim.policy.compiled import compile_policy
from sim.policy.levers.co_location import CoLocation
from sim.policy.levers.coordination import Coordination
from sim.policy.levers.individual_plan import IndividualPlan
from sim.policy.starting import StartingPosition

START = StartingPosition(caseload=25)


def test_co_location_shortens_the_hand_over_by_the_share_who_moved() -> None:
    """Half of the staff go from 40 days to 10: 1 - 0.5 x (1 - 10/40) = 0.625."""
    drawn = effects(handover_days_apart=40, handover_days_shared=10)
    full = CoLocation(staff_share=0.5).full_effect(drawn, START)
    assert full[Channel.HANDOVER_DAYS] == pytest.approx(0.625)


def test_sitting_together_never_lengthens_the_way() -> None:
    drawn = effects(handover_days_apart=8, handover_days_shared=20)
    assert CoLocation(staff_share=1).full_effect(drawn, START)[Channel.HANDOVER_DAYS] == 1.0


def test_stated_days_replace_the_drawn_ones() -> None:
    drawn = effects(handover_days_apart=40, handover_days_shared=10)
    full = CoLocation(staff_share=1, handover_days=20).full_effect(drawn, START)
    assert full[Channel.HANDOVER_DAYS] == pytest.approx(0.5)


def test_where_premises_are_shared_already_moving_in_does_nothing() -> None:
    policy = compile_policy(
        case(instance("co_location"), starting_position={"premises": "shared"}), effects()
    )
    assert np.all(policy.path[:, :, Channel.HANDOVER_DAYS] == 1.0)
    assert not policy.disrupted.any()


def test_the_dip_starts_whole_and_recovers_along_a_line() -> None:
    drawn = effects(dip_months=10, dip_contact=0.9, dip_assignment=0.7, dip_assistance_days=10)
    policy = compile_policy(case(instance("co_location", fidelity=0.0)), drawn)
    assert policy.path[[0, 5, 9, 10], 0, Channel.CONTACT] == pytest.approx([0.9, 0.95, 0.99, 1.0])
    assert policy.path[[0, 5, 10], 0, Channel.ASSIGNMENT] == pytest.approx([0.7, 0.85, 1.0])
    assert policy.path[[0, 5, 10], 0, Channel.ASSISTANCE_DAYS] == pytest.approx([10, 5, 0])
    assert policy.disrupted[:10].all()
    assert not policy.disrupted[10:].any()


def test_the_dip_is_not_scaled_by_fidelity() -> None:
    whole, none = (
        compile_policy(case(instance("co_location", fidelity=f)), effects()).path[:, :, Channel.CONTACT]
        for f in (1.0, 0.0)
    )
    assert whole.tobytes() == none.tobytes()


def test_coordination_without_a_concrete_task_only_costs_time() -> None:
    lever = Coordination(partners=("af",), consent_share=1, shared_task=0, meeting_hours=2)
    full = lever.full_effect(effects(coordination_contact_cost=0.03), START)
    assert full[Channel.CONTACT] == pytest.approx(0.94)
    assert {full[c] for c in (Channel.HANDOVER_DAYS, Channel.HANDOVER_LOSS, Channel.DECISION_DAYS)} == {1.0}
    assert full[Channel.ACTIVITY_FIT] == 0.0


def test_coordination_reaches_those_who_consent_through_the_partners_who_take_part() -> None:
    """Reach 0.8 x 0.5 x (1 - 0.25) = 0.3 with the employment service, times its weight 0.5 for losses."""
    drawn = effects(coordination_handover_cut=0.2, coordination_loss_cut=0.4, coordination_weight_af=0.5)
    start = StartingPosition(caseload=25, coordination=0.25)
    full = Coordination(partners=("af",), consent_share=0.8, shared_task=0.5).full_effect(drawn, start)
    assert full[Channel.HANDOVER_DAYS] == pytest.approx(1 - 0.3 * 0.2)
    assert full[Channel.HANDOVER_LOSS] == pytest.approx(1 - 0.3 * 0.5 * 0.4)


def test_coordination_without_the_employment_service_speeds_no_hand_over() -> None:
    full = Coordination(partners=("school",), consent_share=1, shared_task=1).full_effect(effects(), START)
    assert full[Channel.HANDOVER_DAYS] == full[Channel.DECISION_DAYS] == 1.0
    assert full[Channel.HANDOVER_LOSS] < 1.0


def test_where_all_planning_is_joint_already_coordination_adds_nothing() -> None:
    start = StartingPosition(caseload=25, coordination=1.0)
    full = Coordination(partners=("af",), consent_share=1, shared_task=1).full_effect(effects(), start)
    assert full[Channel.HANDOVER_DAYS] == full[Channel.HANDOVER_LOSS] == 1.0


def test_meetings_cost_the_partners_hours_in_the_prices_of_the_start() -> None:
    """2 partners x 0.5 hours x 400 SEK x index 1.13 of 2023 = 452 SEK per client and month."""
    drawn = effects(meeting_cost_hour=400)
    line = compile_policy(case(instance("coordination")), drawn).costs[0]
    assert (line.unit, line.ore_per_unit) == ("client", 45_200)


def test_a_smaller_caseload_costs_the_extra_share_of_a_coach_per_client() -> None:
    """(1/20 - 1/25) x 50,000 SEK = 500 SEK per client and month, x 1.13."""
    drawn = effects(coach_cost_month=50_000)
    lines = compile_policy(case(instance("individual_plan", caseload=20)), drawn).costs
    assert next(line for line in lines if line.unit == "client").ore_per_unit == 56_500


def test_a_plan_moves_caseload_fit_and_time() -> None:
    drawn = effects(plan_assessment_fit=0.5, plan_hours=4)
    start = StartingPosition(caseload=25, assessment=0.4)
    full = IndividualPlan(caseload=20, assessment_share=0.9, extra_plan_hours=1).full_effect(drawn, start)
    assert full[Channel.CASELOAD] == pytest.approx(0.8)
    assert full[Channel.ACTIVITY_FIT] == pytest.approx(0.25)
    assert full[Channel.PLAN_TIME] == pytest.approx(1.25)


def test_fewer_assessments_than_today_are_no_harm() -> None:
    start = StartingPosition(caseload=25, assessment=0.9)
    full = IndividualPlan(assessment_share=0.5).full_effect(effects(), start)
    assert full[Channel.ACTIVITY_FIT] == 0.0


def test_places_divide_by_workplace_and_kind_and_keep_their_mix_while_they_grow() -> None:
    policy = compile_policy(case(instance("municipal_placements", ramp_months=4, fidelity=0.5)), effects())
    assert policy.path[[0, 3], 0, Channel.ORDINARY_PLACES] == pytest.approx([8.75, 35])
    assert policy.path[[0, 3], 0, Channel.CREATED_PLACES] == pytest.approx([3.75, 15])
    assert (policy.path[:, :, Channel.PRACTICE_SHARE] == 0.4).all()


def test_two_groups_of_places_mix_by_their_number() -> None:
    """100 places with 40 percent practice and 50 with none: 40 of 150."""
    second = instance("municipal_placements", places=50, practice_share=0.0)
    policy = compile_policy(case(instance("municipal_placements"), second), effects())
    assert policy.path[0, 0, Channel.ORDINARY_PLACES] == pytest.approx(105)
    assert policy.path[0, 0, Channel.PRACTICE_SHARE] == pytest.approx(40 / 150)


def test_only_the_target_may_get_a_place() -> None:
    policy = compile_policy(case(instance("municipal_placements", target=["youth"])), effects())
    eligible = policy.path[0, :, Channel.ELIGIBLE]
    assert np.array_equal(eligible, [float(bool(segment & 2)) for segment in range(SEGMENTS)])


def test_places_must_say_of_what_kind_they_are() -> None:
    with pytest.raises(
        SamspelError, match="ordinary_share and practice_share stated wherever places is above 0"
    ):
        case({"lever": "municipal_placements", "places": 10, "start": "2023-09"})
