"""Change a case from the command line or a notebook: ``co_location.handover_days=10``.

Public names: `apply_settings` and `setting_names`.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import yaml

from sim.core.errors import SamspelError, input_error
from sim.policy.casefile import Case, Population, parse_case
from sim.policy.instance import Instance
from sim.policy.levers.registry import LEVERS
from sim.policy.starting import StartingPosition

_FORM = re.compile(r"^([a-z_]+)(?:\[(\d+)\])?(?:\.([A-Za-z0-9_]+))?=(.*)$", re.DOTALL)
_EXPONENT = re.compile(r"^[-+]?\d+(\.\d*)?[eE][-+]?\d+$")
_NESTED = {
    "starting_position": tuple(StartingPosition.model_fields),
    "population": tuple(Population.model_fields),
}
_TOP = ("start", "horizon", "known_until", "scenario")


def apply_settings(case: Case, settings: Iterable[str]) -> Case:
    """Return the case with settings changed.

    Each setting is ``<lever>.<key>=<value>`` (all instances of the lever), ``<lever>[i].<key>=<value>`` (the
    instance of that number, from 0), ``starting_position.<key>=``, ``population.<key>=``,
    ``parameters.<name>=``, or one of ``start=``, ``horizon=``, ``known_until=``, ``scenario=``. A value is
    written as in YAML, so a range is ``{low: 3, high: 10}``.

    Raises:
        SamspelError: The setting cannot be read, names nothing in the case, or has a value not allowed.
    """
    for text in settings:
        case = _applied(case, text)
    return case


def setting_names(case: Case) -> tuple[str, ...]:
    """Return the names of all that `apply_settings` can change in a case, parameters apart."""
    used = dict.fromkeys(instance.lever for instance in case.policy)
    own = [f"{lever}.{key}" for lever in used for key in (*LEVERS[lever].model_fields, *_shared())]
    nested = [f"{head}.{key}" for head, keys in _NESTED.items() for key in keys]
    return (*own, *nested, *_TOP)


def _applied(case: Case, text: str) -> Case:
    where = f"--set {text}"
    match = _FORM.match(text)
    if match is None:
        raise SamspelError(
            f"{where}: cannot be read. Allowed: lever.setting=value, for instance {_example(case)}."
        )
    head, number, key, raw = match.groups()
    value = _value(raw, where)
    document = case.to_document()
    if head in _TOP and key is None and number is None:
        document[head] = value
    elif head == "parameters" and key is not None and number is None:
        document.setdefault(head, {})[key] = value
    elif head in _NESTED and number is None:
        _known(where, head, key, _NESTED[head])
        document.setdefault(head, {})[key] = value
    else:
        for entry in _instances(case, document, head, number, where):
            _known(where, head, key, (*LEVERS[head].model_fields, *_shared()))
            entry[key] = value
    return parse_case(case.name, document, where)


def _value(raw: str, where: str) -> object:
    """Read a value as YAML does, except that 1e6 is a number too."""
    try:
        value = yaml.safe_load(raw)
        return float(value) if isinstance(value, str) and _EXPONENT.match(value) else value
    except yaml.YAMLError as error:
        raise input_error(where, "value", raw, "a number, a word, or a range {low: a, high: b}") from error


def _instances(case: Case, document: dict[str, Any], lever: str, number: str | None, where: str) -> list[Any]:
    """Return the entries of the document that a setting is about."""
    used = [instance.lever for instance in case.policy]
    if lever not in used:
        known = list(dict.fromkeys([*used, *_NESTED, "parameters", *_TOP]))
        if lever in LEVERS:
            raise SamspelError(f"{where}: the case {case.name} has no {lever}. Allowed: {', '.join(known)}.")
        raise input_error(where, "name", lever, "one of " + ", ".join(known), known)
    entries = [entry for entry in document["policy"] if entry["lever"] == lever]
    if number is None:
        return entries
    if int(number) >= len(entries):
        raise input_error(where, f"{lever}[i]", int(number), f"0 to {len(entries) - 1}")
    return [entries[int(number)]]


def _known(where: str, head: str, key: str | None, known: Sequence[str]) -> None:
    if key not in known:
        raise input_error(where, head, key, "one of " + ", ".join(known), known)


def _shared() -> list[str]:
    return [name for name in Instance.model_fields if name not in ("lever", "settings")]


def _example(case: Case) -> str:
    lever = case.policy[0].lever if case.policy else "co_location"
    return f"{lever}.fidelity=0.5"
