"""Read YAML files strictly: every key acts or is an error, and the error says what would have been right.

Public names: `read_document` (a YAML file as plain values, a key given twice refused) and `checked` (plain
values as a pydantic model, with our own messages).
"""

import types
import typing
from collections.abc import Hashable
from pathlib import Path

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sim.core.errors import SamspelError, input_error


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
        return yaml.load(text, Loader=_StrictLoader)
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
        raise _explained(error.errors()[0], model, where, prefix) from error


class _StrictLoader(yaml.SafeLoader):
    """The safe loader, except that a key given twice is an error instead of the last one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is given twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _one_line(error: yaml.YAMLError) -> str:
    return " ".join(str(error).split())


def _explained(detail: ErrorDetails, model: type[BaseModel], where: object, prefix: str) -> SamspelError:
    """Turn pydantic's first complaint into ours."""
    inner = detail.get("ctx", {}).get("error")
    if isinstance(inner, SamspelError):
        return inner
    key = prefix + _key(detail["loc"])
    if detail["type"] == "extra_forbidden":
        name = str(detail["loc"][-1])
        known = _fields_at(model, detail["loc"][:-1])
        return input_error(where, key.removesuffix(f".{name}") or "key", name, _list(known), known)
    if detail["type"] == "missing":
        return SamspelError(f"{where}: {key} is missing. Allowed: a value for it.")
    known = _choices(detail)
    allowed = detail["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return input_error(where, key, detail["input"], allowed, known)


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
    return list(current.model_fields)


def _model_in(annotation: object) -> type[BaseModel] | None:
    """Return the pydantic model inside an annotation such as ``tuple[Model, ...]`` or ``float | Model``."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return annotation if issubclass(annotation, BaseModel) else None
    for argument in typing.get_args(annotation):
        found = _model_in(argument)
        if found is not None:
            return found
    return None
