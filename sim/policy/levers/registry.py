"""All levers by name.

Public names: `LEVERS`, `lever_class` (by name), `settings_of` (one row per setting) and `explain` (a page).
"""

from textwrap import wrap
from types import MappingProxyType
from typing import Any

from sim.core.errors import input_error
from sim.policy.channels import CHANNELS
from sim.policy.levers.activation_requirement import ActivationRequirement
from sim.policy.levers.base import Lever
from sim.policy.levers.civil_society import CivilSociety
from sim.policy.levers.co_location import CoLocation
from sim.policy.levers.coordination import Coordination
from sim.policy.levers.employer_ties import EmployerTies
from sim.policy.levers.individual_plan import IndividualPlan
from sim.policy.levers.job_tracks import JobTracks
from sim.policy.levers.municipal_placements import MunicipalPlacements
from sim.policy.levers.ninety_day_guarantee import NinetyDayGuarantee
from sim.policy.levers.priority_groups import PriorityGroups
from sim.policy.levers.single_organisation import SingleOrganisation
from sim.policy.levers.subsidised_jobs import SubsidisedJobs
from sim.policy.levers.vocational_sfi import VocationalSfi
from sim.policy.levers.youth_outreach import YouthOutreach

_ALL: tuple[type[Lever], ...] = (
    Coordination,
    CoLocation,
    SingleOrganisation,
    IndividualPlan,
    NinetyDayGuarantee,
    ActivationRequirement,
    JobTracks,
    VocationalSfi,
    MunicipalPlacements,
    SubsidisedJobs,
    EmployerTies,
    CivilSociety,
    YouthOutreach,
    PriorityGroups,
)
LEVERS = MappingProxyType({lever.name: lever for lever in _ALL})


def lever_class(name: object, where: object = "levers", key: str = "lever") -> type[Lever]:
    """Return the lever of a name.

    Raises:
        SamspelError: There is no such lever.
    """
    if not isinstance(name, str) or name not in LEVERS:
        raise input_error(where, key, name, "one of " + ", ".join(LEVERS), LEVERS)
    return LEVERS[name]


def explain(name: str) -> str:
    """Return what a lever does, its settings, channels, uncertain parameters and evidence, as plain text.

    Raises:
        SamspelError: There is no such lever.
    """
    lever = lever_class(name)
    channels = [declared for declared in CHANNELS if declared.channel in lever.channels]
    lines = [
        f"{lever.name}: {lever.label_en}",
        f"  {lever.label_sv}",
        "",
        *wrap(lever.text_en, 100),
        "",
        "Settings (neutral value; bounds; unit)",
        *[
            f"  {row['setting']}: {row['neutral']}; {row['bounds']}; {row['unit']}. {row['label_en']}"
            for row in settings_of(name)
        ],
        "",
        "Channels",
        *[f"  {declared.channel.name}: {declared.label_en} ({declared.unit})" for declared in channels],
        *(["  none of them: it acts through the cohorts of a job track"] if not channels else []),
        "",
        "Uncertain parameters (samspel parameters NAME)",
        *wrap(", ".join(lever.parameters) or "none", 100, initial_indent="  ", subsequent_indent="  "),
        "",
        f"Evidence (grade {lever.grade}): " + ", ".join(lever.evidence),
        "",
        "Rule",
        *_rule(lever),
    ]
    return "\n".join(lines)


def settings_of(name: str) -> list[dict[str, str]]:
    """Return one row per setting of a lever: name, neutral value, bounds, unit and labels."""
    rows = []
    schema = lever_class(name).model_json_schema()["properties"]
    for key, declared in schema.items():
        rows.append(
            {
                "setting": key,
                "neutral": _neutral(declared.get("default")),
                "bounds": _bounds(declared),
                "unit": declared["unit"],
                "label_sv": declared["label_sv"],
                "label_en": declared["label_en"],
            }
        )
    return rows


def _neutral(default: object) -> str:
    """Say in words what a setting is where nothing is set."""
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, int | float):
        return f"{default:g}"
    return "not set" if default is None else str(default) if default else "none"


def _bounds(declared: dict[str, Any]) -> str:
    """Say what a setting may be, from its JSON schema."""
    for part in declared.get("anyOf", [declared]):
        if "minimum" in part:
            return f"{part['minimum']:,.10g} to {part['maximum']:,.10g}"
        if "items" in part:
            return "any of " + ", ".join(part["items"]["enum"])
        if "enum" in part:
            return "one of " + ", ".join(part["enum"])
    return "yes or no"


def _rule(lever: type[Lever]) -> list[str]:
    return [
        "  " + line.strip() if line.strip() else "" for line in (lever.__doc__ or "").strip().splitlines()
    ]
