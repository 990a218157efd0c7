"""Single organisation, guarantee, duty, ties, plans, priority: their rules, worked out by hand."""

from typing import Any

import numpy as np
import pytest
from policy_worlds import case, effects, instance, lever

from sim.core.errors import SamspelError
from sim.policy.channels import SEGMENTS, Channel
from sim.policy.compiled import compile_policy
from sim.policy.levers.activation_requirement import ActivationRequirement
from sim.policy.levers.employer_ties import EmployerTies
from sim.policy.levers.individual_plan import IndividualPlan
from sim.policy.levers.ninety_day_guarantee import NinetyDayGuarantee
from sim.policy.levers.single_organisation import SingleOrganisation
from sim.policy.starting import StartingPosition
from sim.policy.uncertain import case_priors, starting_position

START = StartingPosition(caseload=25)


def test_one_organisation_gains_by_what_it_gathers() -> None:
    """Half of the work, cuts of 0.2 and 0.4, a fit of 0.1, and half of the targets' 0.06."""
    drawn = effects(merger_handover_cut=0.2, merger_loss_cut=0.4, merger_fit=0.1, targets_match=0.06)
    full = SingleOrganisation(scope=0.5, targets=0.5).full_effect(drawn, START)
    assert full[Channel.HANDOVER_DAYS] == pytest.approx(0.9)
    assert full[Channel.HANDOVER_LOSS] == pytest.approx(0.8)
    assert full[Channel.ACTIVITY_FIT] == pytest.approx(0.05)
    assert full[Channel.MATCH] == pytest.approx(1.03)


def test_who_runs_and_who_pays_the_establishment_are_two_things() -> None:
    drawn = effects(newcomer_effort_loss=0.1)
    runs = SingleOrganisation(responsible_agency="municipality").full_effect(drawn, START)
    pays = SingleOrganisation(payer="municipality", cofinancing_share=0.4).full_effect(drawn, START)
    assert runs[Channel.NEWCOMER_EFFORT] == pytest.approx(0.9)
    assert (pays[Channel.NEWCOMER_EFFORT], runs[Channel.NEWCOMER_PAYER]) == (1.0, 0.0)
    assert pays[Channel.NEWCOMER_PAYER] == 1.0
    assert (runs[Channel.COFINANCING], pays[Channel.COFINANCING]) == (0.0, 0.4)


def test_what_is_so_today_changes_nothing() -> None:
    today = {"lever": "single_organisation", "responsible_agency": "af", "payer": "state", "start": "2023-09"}
    assert compile_policy(case({**today, "fidelity": 1.0}), effects()).first_month is None


def test_who_pays_does_not_wait_for_fidelity() -> None:
    policy = compile_policy(case(instance("single_organisation", fidelity=0.2)), effects())
    assert (policy.path[:, :, Channel.NEWCOMER_PAYER] == 1.0).all()
    assert (policy.path[:, :, Channel.COFINANCING] == 0.3).all()


def test_the_dip_of_a_merger_has_its_own_length() -> None:
    """Half of the work merged: contact falls by half of 0.1, and by a quarter of it half way through."""
    drawn = effects(merger_months=20, dip_months=6, dip_contact=0.9)
    policy = compile_policy(case(instance("single_organisation", scope=0.5)), drawn)
    assert policy.path[[0, 10, 20], 0, Channel.CONTACT] == pytest.approx([0.95, 0.975, 1.0])
    assert policy.disrupted.sum() == 20
    assert compile_policy(case(instance("co_location")), drawn).disrupted.sum() == 6


def test_a_reorganisation_is_paid_once_in_the_prices_of_the_case() -> None:
    lines = compile_policy(case(instance("single_organisation")), effects()).costs
    assert [(line.unit, line.ore_per_unit) for line in lines] == [("once", 200_000_000)]


def test_a_duty_is_kept_more_often_than_a_goal_and_threatens_twice_as_much() -> None:
    drawn = effects(guarantee_kept_goal=0.3, guarantee_kept_duty=0.8, guarantee_threat=0.1)
    goal = NinetyDayGuarantee(days=90).full_effect(drawn, START)
    duty = NinetyDayGuarantee(days=90, kind="duty").full_effect(drawn, START)
    assert (goal[Channel.GUARANTEE_HONOURED], goal[Channel.GUARANTEE_THREAT]) == (0.3, 0.05)
    assert (duty[Channel.GUARANTEE_HONOURED], duty[Channel.GUARANTEE_THREAT]) == (0.8, 0.1)


def test_a_promise_has_days_ages_and_room() -> None:
    policy = compile_policy(case(instance("ninety_day_guarantee", fidelity=0.5, target=["youth"])), effects())
    days = policy.path[0, :, Channel.GUARANTEE_DAYS]
    assert np.array_equal(days, [90.0 * bool(segment & 2) for segment in range(SEGMENTS)])
    assert policy.path[0, 2, Channel.GUARANTEE_FROM_AGE] == 18.0
    assert policy.path[0, 2, Channel.GUARANTEE_TO_AGE] == 24.0
    assert (policy.path[:, :, Channel.ACTIVITY_CAPACITY] == 1.1).all()


def test_without_days_there_is_no_promise() -> None:
    settings = {"lever": "ninety_day_guarantee", "kind": "duty", "extra_capacity": 1.0, "admin_month": 10_000}
    policy = compile_policy(case({**settings, "start": "2023-09", "fidelity": 1.0}), effects())
    assert policy.first_month is None


def test_a_duty_adds_to_what_is_practised() -> None:
    """0.8 covered against 0.3 today, 20 of 40 hours, half strict at 0.02: 0.5, 0.5 and 0.01."""
    requirement = ActivationRequirement(share=0.8, hours_week=20, strictness=0.5)
    full = requirement.full_effect(effects(duty_sanction=0.02), StartingPosition(activation=0.3))
    assert full == {
        Channel.DUTY: pytest.approx(0.5),
        Channel.DUTY_TIME: 0.5,
        Channel.SANCTION: pytest.approx(0.01),
    }


def test_a_duty_practised_already_does_and_costs_nothing() -> None:
    practised = case(instance("activation_requirement"), starting_position={"activation": 0.8})
    assert compile_policy(practised, effects()).first_month is None


def test_activities_cost_by_their_hours() -> None:
    """10 of 40 hours at 4,000 SEK a month full time, x 1.13."""
    drawn = effects(activity_place_cost=4_000)
    policy = compile_policy(case(instance("activation_requirement", hours_week=10)), drawn)
    costs = {line.unit: line.ore_per_unit for line in policy.costs}
    assert costs == {"duty_participant": 113_000, "month": 3_000_000}


def test_the_duty_of_today_may_be_a_range() -> None:
    ranged = case(starting_position={"activation": {"low": 0.2, "high": 0.6}})
    priors = {prior.name: prior for prior in case_priors(ranged)}
    assert priors["starting_position.activation"].bounds == (0.2, 0.6)
    drawn = effects(**{"starting_position.activation": 0.5})
    assert starting_position(ranged, drawn).activation == 0.5


def test_time_with_employers_is_taken_from_clients() -> None:
    """A quarter of the time: a coach has clients / 0.75."""
    drawn = effects(ties_match=0.2, ties_openings=0.04)
    full = EmployerTies(staff_share=0.25).full_effect(drawn, START)
    assert full[Channel.CASELOAD] == pytest.approx(4 / 3)
    assert full[Channel.AF_CASELOAD] == 1.0
    assert full[Channel.MATCH] == pytest.approx(1.05)
    assert full[Channel.OPENINGS] == pytest.approx(1.01)


def test_staff_hired_for_employers_leave_clients_their_time_and_cost() -> None:
    """Half of 0.4 of the time at 50,000 SEK: 10,000 SEK per worker, over 25 and 200 clients, x 1.13."""
    full = EmployerTies(staff_share=0.4, agency="both", extra_share=1.0).full_effect(effects(), START)
    assert full[Channel.CASELOAD] == full[Channel.AF_CASELOAD] == 1.0
    drawn = effects(coach_cost_month=50_000, af_caseload=200)
    lines = compile_policy(case(instance("employer_ties")), drawn).costs
    assert {line.unit: line.ore_per_unit for line in lines} == {"client": 45_200, "af_client": 5_650}


def test_the_employment_service_may_have_fewer_clients_and_more_meetings() -> None:
    drawn = effects(af_caseload=150, meeting_hours=0.6, meeting_cost_hour=400, coach_cost_month=60_000)
    plan = IndividualPlan(af_caseload=75, meetings_month=2)
    full = plan.full_effect(drawn, START)
    assert (full[Channel.AF_CASELOAD], full[Channel.CASELOAD]) == (0.5, 1.0)
    assert full[Channel.CONTACT_HOURS] == pytest.approx(1.2)
    sek = {rate.label_sv: rate.sek for rate in plan.costs(drawn, START) if rate.unit == "af_client"}
    assert sek == {"Fler arbetsförmedlare": pytest.approx(400), "Extra möten": pytest.approx(480)}


def test_caseworkers_have_their_clients_whatever_the_fidelity() -> None:
    fewer = case(instance("individual_plan", af_caseload=75, fidelity=0.1))
    policy = compile_policy(fewer, effects(af_caseload=150))
    assert (policy.path[:, :, Channel.AF_CASELOAD] == 0.5).all()


def test_priority_is_for_the_target_alone() -> None:
    policy = compile_policy(case(instance("priority_groups", target=["newcomer", "youth"])), effects())
    first = [float(bool(segment & 3)) for segment in range(SEGMENTS)]
    assert np.array_equal(policy.path[0, :, Channel.PRIORITY], first)
    assert "zero-sum" in lever("priority_groups").text_en


EXCLUSIVE = pytest.mark.parametrize("name", ["ninety_day_guarantee", "youth_outreach"])


@EXCLUSIVE
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"end": "2023-12"}, {"start": "2024-01"}),
        ({"municipalities": ["0480"]}, {"municipalities": ["0488"]}),
    ],
)
def test_what_excludes_itself_may_follow_or_stand_apart(
    name: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    uses = (instance(name, **first), instance(name, **second))
    assert len(case(*uses, municipalities=["0480", "0488"]).policy) == 2


@EXCLUSIVE
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({"end": "2024-01"}, {"start": "2024-01"}),
        ({"start": "2024-01"}, {"end": "2024-01"}),
        ({}, {"municipalities": ["0488"]}),
        ({"target": ["youth"]}, {"target": ["long_term"]}),
    ],
)
def test_two_at_once_of_what_excludes_itself_are_both_named(
    name: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    uses = (instance(name, **first), instance("priority_groups"), instance(name, **second))
    with pytest.raises(SamspelError, match=rf"policy\[2\] = '{name}\[1\], .* than {name}\[0\]"):
        case(*uses, municipalities=["0480", "0488"])
