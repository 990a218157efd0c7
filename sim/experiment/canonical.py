"""Name inputs by their content and compare tables by their values, whatever the machine that made them.

A run's name must not change with Python version, host, row order, worker or Parquet writer, and must
change with every input that can move its result.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

import numpy as np
import polars as pl


def content_hash(value: object) -> str:
    """Return the SHA-256 of a value's content as canonical JSON, arrays by their type, shape and bytes.

    Raises:
        TypeError: The value holds something whose content is not defined (a function, an open file).
        ValueError: The value holds NaN or infinity, which no input may.
    """
    return hashlib.sha256(content_json(value).encode("ascii")).hexdigest()


def content_json(value: object, indent: int | None = None) -> str:
    """Return a value's content as canonical JSON, indented for reading if asked."""
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(_plain(value), sort_keys=True, indent=indent, separators=separators, allow_nan=False)


def canonical(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with plain strings, one zero, columns by name, and rows sorted by every column."""
    coded = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Categorical | pl.Enum)]
    floats = [name for name, kind in frame.schema.items() if kind.is_float()]
    plain = frame.with_columns(pl.col(coded).cast(pl.String), pl.col(floats) + 0.0)
    names = sorted(plain.columns)
    return plain.select(names).sort(sorted(names, key=lambda name: (name in floats, name)))


def frame_hash(frame: pl.DataFrame) -> str:
    """Return the SHA-256 of a frame's canonical values, equal for equal tables in whatever order or file."""
    digest = hashlib.sha256()
    for column in canonical(frame):
        digest.update(f"{column.name}:{column.dtype}:{len(column)}:".encode())
        missing = column.is_null()
        digest.update(missing.to_numpy().tobytes())
        if column.dtype == pl.String:
            texts = column.fill_null("")
            digest.update(texts.str.len_bytes().to_numpy().tobytes())
            digest.update(texts.str.join("").item().encode("utf-8"))
        else:
            digest.update(column.fill_null(0).to_numpy().tobytes())
    return digest.hexdigest()


def distinct_rows(array: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the rows that differ from the row before, and which they are; a policy has few in many months.

    The array is ``rows[np.cumsum(new) - 1]``.
    """
    new = np.ones(len(array) if array.ndim > 1 else 0, dtype=np.bool_)
    if new.size == 0:
        return array, new
    flat = array.reshape(len(array), -1)
    new[1:] = (flat[1:] != flat[:-1]).any(axis=1)
    return np.ascontiguousarray(array[new]), new


def _plain(value: Any) -> Any:
    """Return the value in the types of JSON, dictionaries keyed by text."""
    if value is None or type(value) in (float, int, str, bool):
        return value
    if isinstance(value, Enum):
        return [type(value).__name__, value.name]
    if isinstance(value, int | float | str):
        return value
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, np.generic):
        return _plain(value.item())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form, so no run can be named by it.")


def _array(array: np.ndarray[Any, Any]) -> dict[str, object]:
    if array.dtype == object:
        raise TypeError("An array of objects has no canonical form, so no run can be named by it.")
    if array.dtype.kind == "f":
        array = array + 0.0
    data = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    rows, new = distinct_rows(data)
    digest = hashlib.sha256(new.tobytes())
    digest.update(rows.tobytes())
    return {"dtype": data.dtype.str, "shape": list(data.shape), "sha256": digest.hexdigest()}


def _key(key: object) -> str:
    if isinstance(key, str):
        return key
    return json.dumps(_plain(key), sort_keys=True, separators=(",", ":"))
