"""Read YAML files strictly: every key acts or is an error, and the error says what would have been right.

Public names: `read_document` (a YAML file as plain values, a key given twice refused), `checked` (plain
values as a pydantic model, with our own messages) and `is_month`.
"""

import types
import typing
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.core.errors import SamspelError, input_error
from sim.core.months import month_number
from sim.data.yaml_text import parse_yaml


def read_document(path: Path) -> object:
    """Return the contents of a YAML file.

    Raises:
        SamspelError: The file is missing, is not UTF-8 YAML, or holds a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SamspelError(f"{path}: cannot be read ({error}). Allowed: a YAML file in UTF-8.") from error
    try:
        return parse_yaml(text)
    except yaml.YAMLError as error:
        raise SamspelError(f"{path}: is not valid YAML ({_one_line(error)}).") from error


def checked[M: BaseModel](model: type[M], values: object, where: object, prefix: str = "") -> M:
    """Return ``values`` as a ``model``.

    Args:
        model: A pydantic model that forbids unknown keys.
        values: Plain values, as read from YAML.
        where: The file or option that the values came from, for messages.
        prefix: Key of these values inside ``where``, put before the names of their own keys.

    Raises:
        SamspelError: The first thing that is wrong, with its key and the nearest known name.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        details = error.errors()
        misspelt = [detail for detail in details if detail["type"] == "extra_forbidden"]
        raise _explained((misspelt or details)[0], model, where, prefix) from error


def is_month(value: object) -> bool:
    """Return whether a value is a calendar month written YYYY-MM."""
    try:
        month_number(value if isinstance(value, str) else "")
    except SamspelError:
        return False
    return True


_WORDS = {
    "bool_type": "true or false",
    "float_type": "a number",
    "int_type": "a whole number",
    "string_type": "text",
    "tuple_type": "a list",
    "dict_type": "names with their values",
}


def _one_line(error: yaml.YAMLError) -> str:
    return " ".join(str(error).split())


def _explained(detail: ErrorDetails, model: type[BaseModel], where: object, prefix: str) -> SamspelError:
    """Turn one of pydantic's complaints into ours."""
    location = detail["loc"]
    if location[-1:] == ("[key]",):  # a name in a mapping is wrong, not its value
        location = location[:-2]
    key = prefix + _key(location)
    if detail["type"] == "extra_forbidden":
        name = str(location[-1])
        known = _fields_at(model, location[:-1])
        return input_error(where, key.removesuffix(name).rstrip(".") or "key", name, _list(known), known)
    if not location:  # a rule about several keys at once: its message names them and their values
        place = f"{where}: {key.rstrip('.')}" if key else where
        return SamspelError(f"{place} is not allowed as it stands. Allowed: {_allowed(detail, model)}.")
    if detail["type"] == "missing":
        return SamspelError(f"{where}: {key} is missing. Allowed: a value for it.")
    return input_error(where, key, detail["input"], _allowed(detail, model), _choices(detail))


def _allowed(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """Say what would have been right: both bounds where there are bounds, else pydantic's words or ours."""
    field = model.model_fields.get(str(detail["loc"][-1])) if len(detail["loc"]) == 1 else None
    limits = field.metadata if field else []
    low = [limit.ge for limit in limits if hasattr(limit, "ge")]
    high = [limit.le for limit in limits if hasattr(limit, "le")]
    if low and high:
        return f"{_WORDS.get(detail['type'], 'a number')} from {low[0]} to {high[0]}"
    message = detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return _WORDS.get(detail["type"], message)


def _key(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _list(names: list[str]) -> str:
    return "one of " + ", ".join(names)


def _choices(detail: ErrorDetails) -> list[str]:
    expected = str(detail.get("ctx", {}).get("expected", ""))
    return [part.strip().strip("'") for part in expected.replace(" or ", ", ").split(",") if part.strip()]


def _fields_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """Return the known keys of the model that lies at ``location`` inside ``model``."""
    current: type[BaseModel] = model
    for part in location:
        if isinstance(part, int) or part not in current.model_fields:
            continue
        nested = _model_in(current.model_fields[part].annotation)
        if nested is None:
            break
        current = nested
    return [field.alias or name for name, field in current.model_fields.items()]


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Return the pydantic model inside an annotation such as ``tuple[Model, ...]`` or ``float | Model``."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    for argument in typing.get_args(annotation):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
