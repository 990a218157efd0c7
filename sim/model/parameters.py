"""The numbers that the rules need, as one flat typed tuple that compiled code can read."""

from collections.abc import Mapping
from typing import NamedTuple

from sim.core.errors import SamspelError

_ENTRIES = ("separation_temporary", "separation_permanent", "outside_entry_rate")
PER_RESIDENTS = 10_000.0
"""Residents of 16-64 that a municipality's usual numbers of places and arrivals are given for."""


class Parameters(NamedTuple):
    """Model parameters of one draw; labels, units, ranges, sources and grades are in ``params/priors``."""

    separation_temporary: float
    separation_permanent: float
    temporary_share: float
    permanent_rate: float
    register_share: float
    outside_entry_rate: float
    study_register_share: float
    register_exit_rate: float
    monitoring_exit: float
    exit_to_study_share: float
    study_months: float
    move_out_young: float
    move_out_old: float
    swedish_rate: float
    effort_employed: float
    effort_outside: float
    effort_fresh: float
    effort_studying: float
    effort_decay: float
    effort_floor: float
    swedish_penalty: float
    limitation_factor: float
    youth_factor: float
    older_factor: float
    newcomer_factor: float
    newcomer_months: float
    contact_gain: float
    contact_half_hours: float
    contact_fade_floor: float
    contact_fade_rate: float
    contact_learner_factor: float
    contact_subsidised_share: float
    contact_subsidised_learners: float
    af_caseload: float
    unit_caseload: float
    coach_hours: float
    handover_days_apart: float
    handover_loss_rate: float
    handover_return_rate: float
    af_decision_days: float
    referral_rate: float
    plan_hours: float
    plan_time_share: float
    activity_entry_rate: float
    activity_entry_later: float
    training_share: float
    practice_share: float
    activity_capacity: float
    guidance_exit_rate: float
    guarantee_youth_rate: float
    training_months: float
    practice_months: float
    drop_out_rate: float
    search_guidance: float
    search_training: float
    search_practice: float
    search_establishment: float
    search_placement: float
    search_sfi: float
    prospects_low: float
    prospects_high: float
    duty_search_gain: float
    duty_search_loss: float
    duty_entry_cut: float
    duty_entry_cut_others: float
    duty_exit_gain: float
    duty_register_rate: float
    glow_gain: float
    glow_months: float
    training_gain: float
    practice_gain: float
    ordinary_place_gain: float
    created_place_gain: float
    association_place_gain: float
    ordinary_capacity: float
    education_months: float
    education_after_months: float
    sfi_months: float
    sfi_gain: float
    sfi_pace: float
    subsidised_takes_vacancy: float
    partner_takes_vacancy: float
    fit_gain: float
    place_months: float
    place_takes_vacancy: float
    created_place_factor: float
    baseline_places: float
    starting_places: float
    starting_staff: float
    baseline_practice_share: float
    subsidised_share: float
    subsidised_months: float
    subsidised_conversion: float
    job_finding_reference: float
    matching_curvature: float
    vacancy_expiry: float
    vacancy_response: float
    vacancy_repost: float
    filling_reference: float
    demand_multiplier: float
    take_up_rate: float
    take_up_repeat: float
    take_up_outside: float
    take_up_establishment: float
    lasting_need_months: float
    shielded_share: float
    assistance_exit_rate: float
    assistance_exit_decay: float
    assistance_exit_floor: float
    assistance_decision_days: float
    disregard_share: float
    pension_month: float
    tax_allowance_month: float
    in_work_credit_month: float
    insurance_state_share: float
    equalisation_kept_share: float
    place_subsidy_share: float
    place_wage_share: float
    training_cost_month: float
    guidance_cost_month: float
    study_cost_month: float
    assistance_administration_month: float


class PopulationParameters(NamedTuple):
    """Parameters of the synthetic population beyond its official margins, all grade C with ranges in
    ``params/priors``."""

    foreign_born_share: float
    newcomers_per_month: float
    newcomers_before: float
    arrivals_multiplier: float
    extra_newcomers: float
    limitation_share: float
    ability_sd: float
    member_share: float
    couple_share: float
    shielded_abroad: float
    shielded_newcomer: float
    children_share: float
    further_study_share: float
    other_income_share: float
    other_income_month: float
    employed_share: float
    housing_share: float
    assistance_start_share: float


def parameters_from(values: Mapping[str, float]) -> Parameters:
    """Return the model's parameters picked from a draw that may hold more.

    The municipality's level of entry e raises both ways into unemployment: the rates at which jobs end and
    the rate of registration from outside the labour force are e times the national ones.

    Raises:
        SamspelError: A parameter of the model has no value.
    """
    p = Parameters(*_picked(values, Parameters._fields))
    (level,) = _picked(values, ("entry_level",))
    return p._replace(**{name: getattr(p, name) * level for name in _ENTRIES})


def population_parameters_from(values: Mapping[str, float]) -> PopulationParameters:
    """Return the population's parameters picked from a draw that may hold more.

    Raises:
        SamspelError: A parameter of the population has no value.
    """
    return PopulationParameters(*_picked(values, PopulationParameters._fields))


def _picked(values: Mapping[str, float], names: tuple[str, ...]) -> list[float]:
    missing = [name for name in names if name not in values]
    if missing:
        raise SamspelError(
            f"params/priors: no value for {', '.join(missing)}. Allowed: a prior for each model parameter."
        )
    return [float(values[name]) for name in names]
