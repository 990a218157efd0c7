"""All levers by name.

Public names: `LEVERS`, `lever_class` (by name), `settings_of` (one row per setting) and `explain` (a page).
"""

from textwrap import wrap
from types import MappingProxyType

from sim.core.errors import input_error
from sim.policy.channels import CHANNELS
from sim.policy.levers.base import Lever
from sim.policy.levers.co_location import CoLocation
from sim.policy.levers.coordination import Coordination
from sim.policy.levers.individual_plan import IndividualPlan
from sim.policy.levers.municipal_placements import MunicipalPlacements

LEVERS = MappingProxyType(
    {lever.name: lever for lever in (Coordination, CoLocation, IndividualPlan, MunicipalPlacements)}
)


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
        "Settings (neutral value, bounds, unit)",
        *[
            f"  {row['setting']}: {row['neutral']}, {row['bounds']}, {row['unit']}. {row['label_en']}"
            for row in settings_of(name)
        ],
        "",
        "Channels",
        *[f"  {declared.channel.name}: {declared.label_en} ({declared.unit})" for declared in channels],
        "",
        "Uncertain parameters (samspel parameters NAME)",
        *wrap(", ".join(lever.parameters), 100, initial_indent="  ", subsequent_indent="  "),
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
        numeric = next((part for part in declared.get("anyOf", [declared]) if "minimum" in part), None)
        default = declared.get("default")
        rows.append(
            {
                "setting": key,
                "neutral": "not set" if default is None else "none" if default == [] else f"{default:g}",
                "bounds": _names(declared)
                if numeric is None
                else f"{numeric['minimum']:,.10g} to {numeric['maximum']:,.10g}",
                "unit": declared["unit"],
                "label_sv": declared["label_sv"],
                "label_en": declared["label_en"],
            }
        )
    return rows


def _names(declared: dict[str, dict[str, list[str]]]) -> str:
    return "any of " + ", ".join(declared["items"]["enum"])


def _rule(lever: type[Lever]) -> list[str]:
    return [
        "  " + line.strip() if line.strip() else "" for line in (lever.__doc__ or "").strip().splitlines()
    ]
