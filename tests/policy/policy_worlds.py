"""Small cases and draws for the tests of the policy part."""

from functools import cache
from typing import Any

from hypothesis import strategies as st

from sim.policy.casefile import Case, parse_case
from sim.policy.instance import parse_instance
from sim.policy.levers.base import Lever
from sim.policy.levers.registry import LEVERS
from sim.policy.priors import Prior, load_priors

FULL_SETTINGS: dict[str, dict[str, Any]] = {
    "coordination": {
        "partners": ["af", "social_services"], "consent_share": 0.8, "shared_task": 1.0, "meeting_hours": 0.5,
    },
    "co_location": {"staff_share": 1.0, "premises_month": 40_000, "move_cost": 500_000},
    "single_organisation": {
        "scope": 0.8, "responsible_agency": "municipality", "payer": "municipality", "cofinancing_share": 0.3,
        "targets": 0.5, "reorganisation_cost": 2_000_000,
    },
    "individual_plan": {
        "caseload": 15, "assessment_share": 1.0, "extra_plan_hours": 2, "af_caseload": 60,
        "meetings_month": 1,
    },
    "ninety_day_guarantee": {
        "days": 90, "kind": "duty", "from_age": 18, "to_age": 24, "extra_capacity": 0.2,
        "admin_month": 50_000,
    },
    "activation_requirement": {"share": 0.8, "hours_week": 20, "strictness": 0.5, "admin_month": 30_000},
    "job_tracks": {
        "fields": ["care", "industry"], "places": 20, "cohorts": 4, "every_months": 3, "language_entry": 2,
        "training_months": 6, "placement_months": 3, "partner_share": 0.5, "language_parallel": True,
        "shared": False, "coordinator_month": 25_000,
    },
    "vocational_sfi": {"places": 60, "education_places": 40, "education_months": 6},
    "municipal_placements": {"places": 100, "ordinary_share": 0.7, "practice_share": 0.4, "hires_month": 2},
    "subsidised_jobs": {"places": 80, "support_month": 1_000},
    "employer_ties": {"staff_share": 0.4, "agency": "both", "extra_share": 0.5},
    "civil_society": {"places": 50, "practice_share": 0.6, "grant_month": 2_000},
    "youth_outreach": {"reach_rate": 0.05, "study_share": 0.5},
    "priority_groups": {"first": True, "admin_month": 5_000},
}  # fmt: skip
"""For each lever, settings that act."""


@cache
def priors() -> tuple[Prior, ...]:
    return load_priors()


def lever(name: str, **changes: Any) -> Lever:
    """A lever with its settings that act, some changed, as a case file would state them."""
    return parse_instance(instance(name, **changes), "test.yaml", "policy[0]").at({}, "policy[0]")[0]


def effects(**changes: float) -> dict[str, float]:
    """All general parameters at their centres, some changed."""
    return {**{prior.name: prior.centre for prior in priors()}, "unit_caseload": 25.0, **changes}


def draws() -> st.SearchStrategy[dict[str, float]]:
    """Draws of what the levers read, from anywhere within its bounds; all else at its centre."""
    read = {name for lever in LEVERS.values() for name in lever.parameters}
    values = {prior.name: st.floats(*prior.bounds) for prior in priors() if prior.name in read}
    return st.fixed_dictionaries(values).map(lambda drawn: effects(**drawn))


def instance(lever: str, **changes: Any) -> dict[str, Any]:
    """A lever that acts in full from the first month."""
    return {"lever": lever, **FULL_SETTINGS[lever], "start": "2023-09", "fidelity": 1.0, **changes}


def document(*instances: Any, **changes: Any) -> dict[str, Any]:
    """The plain values of a case file."""
    return {
        "title": "Test",
        "question": "Does it act?",
        "municipalities": ["0480"],
        "start": "2023-09",
        "horizon": 36,
        "known_until": "2023-12",
        "starting_position": {"caseload": 25},
        "policy": list(instances),
        **changes,
    }


def case(*instances: dict[str, Any], **changes: Any) -> Case:
    """A case in Nyköping with these lever instances."""
    return parse_case("test", document(*instances, **changes), "test.yaml")
