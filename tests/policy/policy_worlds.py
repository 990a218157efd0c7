"""Small cases and draws for the tests of the policy part."""

from functools import cache
from typing import Any

from hypothesis import strategies as st

from sim.policy.casefile import Case, parse_case
from sim.policy.levers.registry import LEVERS
from sim.policy.priors import Prior, load_priors

FULL_SETTINGS: dict[str, dict[str, Any]] = {
    "coordination": {
        "partners": ["af", "social_services"], "consent_share": 0.8, "shared_task": 1.0, "meeting_hours": 0.5,
    },
    "co_location": {"staff_share": 1.0, "premises_month": 40_000, "move_cost": 500_000},
    "individual_plan": {"caseload": 15, "assessment_share": 1.0, "extra_plan_hours": 2},
    "municipal_placements": {"places": 100, "ordinary_share": 0.7, "practice_share": 0.4},
}  # fmt: skip
"""For each lever, settings that act."""


@cache
def priors() -> tuple[Prior, ...]:
    return load_priors()


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
