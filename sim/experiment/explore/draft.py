"""From what a user has chosen to a case: a place, dates and a world, with the levers that are in use.

Public names: `placed_case` (a case, moved to where and when it is wanted) and `with_levers`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sim.core.errors import input_error
from sim.core.months import month_number, month_text
from sim.data.municipalities import municipality
from sim.policy.case import Case, load_case
from sim.policy.casefile import parse_case
from sim.policy.documents import is_month
from sim.policy.instance import Instance

WHERE = "explorer"


def placed_case(
    name: str,
    place: str = "",
    start: str = "",
    horizon: int = 0,
    scenario: str = "",
    policy: bool = True,
) -> Case:
    """Return a case in another municipality, from another month, in another scenario.

    In another municipality nothing is known of where the case's own stood, so its starting position, its own
    parameters and what it is compared with are left out. Levers keep their distance from the start.

    Args:
        name: Name of the case, or the path of a case file.
        place: Name or code of a municipality; the case's own unless given.
        start: First month, YYYY-MM; the case's own unless given.
        horizon: Months to follow; the case's own unless given.
        scenario: Name of a scenario; the case's own unless given.
        policy: Whether to keep the case's levers.

    Raises:
        SamspelError: A name is unknown, or a value is not allowed.
    """
    case = load_case(name)
    if start and not is_month(start):
        raise input_error(WHERE, "start", start, "a month written YYYY-MM, for instance 2023-09")
    document = _moved_in_time(case, start or case.start, horizon or case.horizon)
    if place:
        code = municipality(place, WHERE).code
        if case.municipalities != (code,):
            document = _moved_in_space(document, code)
    document["scenario"] = scenario or case.scenario
    if not policy:
        document["policy"] = []
    return parse_case(case.name, document, WHERE)


def with_levers(case: Case, levers: Iterable[Mapping[str, Any]], title: str = "") -> Case:
    """Return a case with these levers instead of its own.

    Args:
        case: The case.
        levers: Levers as a case file states them.
        title: Title of the case; its own unless given.

    Raises:
        SamspelError: A lever or a combination is not allowed.
    """
    document = case.to_document()
    document["policy"] = [dict(lever) for lever in levers]
    if title:
        document["title"] = title
    return parse_case(case.name, document, WHERE)


def _moved_in_time(case: Case, start: str, horizon: int) -> dict[str, Any]:
    document = case.to_document()
    months = month_number(start) - case.first_month
    document |= {"start": start, "horizon": horizon}
    if months:
        document["known_until"] = start
    document["policy"] = [
        entry
        for instance in case.policy
        if (entry := _later(instance, months, month_number(start) + horizon)) is not None
    ]
    return document


def _later(instance: Instance, months: int, after: int) -> dict[str, Any] | None:
    """Return a lever moved by some months; none where it would begin after the horizon."""
    entry = instance.to_document()
    for key in ("decided", "start", "end"):
        if entry.get(key):
            entry[key] = month_text(month_number(entry[key]) + months)
    return entry if month_number(entry["start"]) < after else None


def _moved_in_space(document: dict[str, Any], code: str) -> dict[str, Any]:
    kept = {
        key: value
        for key, value in document.items()
        if key not in ("starting_position", "parameters", "population", "compare_with")
    }
    policy = [
        {key: value for key, value in entry.items() if key != "municipalities"}
        for entry in document["policy"]
    ]
    return {**kept, "municipalities": [code], "policy": policy}
