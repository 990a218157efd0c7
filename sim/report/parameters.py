"""The parameters of a notebook: read from its tagged cell, checked strictly before anything runs.

Papermill itself only warns about a misspelt parameter and then runs with the default. Here an unknown name or
a value of the wrong kind is an error, before papermill starts and, for bare papermill, inside the notebook.
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from inspect import signature
from pathlib import Path
from typing import Any

import nbformat

from sim.core.errors import SamspelError, input_error

TAG = "parameters"
_INJECTED = "# Parameters"  # the first line of the cell that papermill adds
_KINDS = {
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list of texts",
}


def default_parameters(notebook: Path) -> dict[str, Any]:
    """Return the literals of the notebook's parameters cell, by name.

    Raises:
        SamspelError: The notebook cannot be read, or has not exactly one parameters cell of literals.
    """
    try:
        cells = nbformat.read(notebook, as_version=4).cells  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise SamspelError(
            f"{notebook}: cannot be read ({error}). Allowed: the project's notebook."
        ) from error
    tagged = [cell.source for cell in cells if TAG in cell.metadata.get("tags", [])]
    if len(tagged) != 1:
        raise SamspelError(f"{notebook}: {len(tagged)} cells tagged {TAG}. Allowed: one.")
    return _assignments(tagged[0])


def check_parameters(given: Mapping[str, Any], defaults: Mapping[str, Any], where: object) -> dict[str, Any]:
    """Return the defaults with the given values in them.

    Raises:
        SamspelError: A name is unknown, or a value is of another kind than its default.
    """
    for name, value in given.items():
        _check_name(name, value, defaults, where)
        _check_kind(name, value, type(defaults[name]), where)
    return {**defaults, **given}


def given(namespace: Mapping[str, Any], function: Any) -> dict[str, Any]:
    """Return the notebook's parameters that ``function`` takes, from the notebook's own names.

    Args:
        namespace: ``globals()`` of the notebook.
        function: What the parameters are for; its signature says which names and kinds exist.

    Raises:
        SamspelError: Papermill was given a parameter that the notebook does not have, or a value is of
            another kind than the function takes.
    """
    where = "notebook parameters"
    kinds = {name: each.annotation for name, each in signature(function).parameters.items()}
    for source in _cells_run(namespace):
        if source.startswith(_INJECTED):
            for name, value in _assignments(source).items():
                _check_name(name, value, kinds, where)
    found = {name: namespace[name] for name in kinds if name in namespace}
    for name, value in found.items():
        _check_kind(name, value, kinds[name] if kinds[name] in _KINDS else list, where)
    return found


def _check_name(name: str, value: object, known: Iterable[str], where: object) -> None:
    names = tuple(known)
    if name not in names:
        nearest = input_error(where, "parameter", name, "one of " + ", ".join(names), names)
        raise SamspelError(f"{nearest} Its value was {value!r}.")


def _check_kind(name: str, value: object, kind: type, where: object) -> None:
    texts = not isinstance(value, list) or all(isinstance(entry, str) for entry in value)
    if (type(value) is not kind and not (kind is float and type(value) is int)) or not texts:
        raise input_error(where, name, value, _KINDS.get(kind, kind.__name__))


def _cells_run(namespace: Mapping[str, Any]) -> Sequence[str]:
    return [str(source) for source in namespace.get("In", [])]


def _assignments(source: str) -> dict[str, Any]:
    """Return the names that a cell of plain assignments gives literal values."""
    found: dict[str, Any] = {}
    for statement in ast.parse(source).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            found[statement.targets[0].id] = ast.literal_eval(statement.value)
        else:
            raise SamspelError(f"line {statement.lineno} of the parameters cell. Allowed: name = literal.")
    return found
