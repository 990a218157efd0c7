"""Read the project's tables: each is checked against its schema as it enters, and knows who published it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import dataframely as dy
import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from sim.core.errors import SamspelError, input_error
from sim.core.paths import root
from sim.data.schemas import SCHEMAS
from sim.data.yaml_text import parse_yaml


class Table(BaseModel):
    """Where a table comes from and how far to trust it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: str
    publisher: str
    table: str
    definition: str
    unit: str
    vintage: str
    rows: int
    """Rows of the file, so that a file cut short is noticed."""
    licence: str
    confidence: Literal["high", "medium", "low", "by row"]
    coverage: Literal["all", "some"] = "some"
    """``all``: every municipality is in it."""

    @property
    def path(self) -> Path:
        """The file that holds the table."""
        return _folder() / f"{self.name}.csv"

    @property
    def source(self) -> str:
        """Publisher and table in one line, as reports quote them."""
        return f"{self.publisher}, {self.table}"


def table(name: str) -> pl.DataFrame:
    """Return one table, sorted by its key, with the types and ranges of its schema.

    Raises:
        SamspelError: There is no such table, or its file is missing, corrupt or breaks the schema.
    """
    return _read(_folder(), name)


def read_tables(folder: Path | None = None) -> Mapping[str, Table]:
    """Return what ``tables.yaml`` says of every table, by name.

    Raises:
        SamspelError: The file is missing, unreadable, or disagrees with the schemas.
    """
    return _metadata(folder or _folder())


class _Tables(Mapping[str, Table]):
    """The metadata by table name, read on first use."""

    def __getitem__(self, name: str) -> Table:
        known = read_tables()
        if name not in known:
            raise input_error("data", "table", name, "the name of a table in data/tables.yaml", known)
        return known[name]

    def __iter__(self) -> Any:
        return iter(read_tables())

    def __len__(self) -> int:
        return len(read_tables())


TABLES: Final[Mapping[str, Table]] = _Tables()
"""Publisher, definition, vintage, licence and confidence of each table, by name."""


def _folder() -> Path:
    return root() / "data"


@cache
def _metadata(folder: Path) -> Mapping[str, Table]:
    path = folder / "tables.yaml"
    try:
        content = parse_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise _missing(path) from error
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise SamspelError(f"{path}: cannot be read as YAML ({' '.join(str(error).split())}).") from error
    if not isinstance(content, dict) or set(content) != set(SCHEMAS):
        different = sorted(set(SCHEMAS) ^ set(content if isinstance(content, dict) else ()))
        raise SamspelError(f"{path}: must describe exactly the tables that have a schema; see {different}.")
    try:
        return {name: Table(name=name, **content[name]) for name in SCHEMAS}
    except (ValidationError, TypeError) as error:
        raise SamspelError(f"{path}: {error}") from error


@cache
def _read(folder: Path, name: str) -> pl.DataFrame:
    schema = SCHEMAS.get(name)
    if schema is None:
        raise input_error("data", "table", name, "the name of a table in data/tables.yaml", SCHEMAS)
    path = folder / f"{name}.csv"
    try:
        whole = path.read_bytes()
        text = pl.read_csv(whole, infer_schema=False, encoding="utf8")
    except FileNotFoundError as error:
        raise _missing(path) from error
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SamspelError(f"{path}: cannot be read as a CSV table ({_first_line(error)}).") from error
    expected = schema.column_names()
    if text.columns != expected:
        raise SamspelError(f"{path}: the columns are {text.columns}. Allowed: {expected}, in that order.")
    rows = _metadata(folder)[name].rows
    if text.height != rows or not whole.endswith(b"\n"):
        raise SamspelError(
            f"{path}: {text.height} rows where data/tables.yaml says {rows}, or the last line is cut off. "
            "Restore the file from the repository, or correct the number of rows."
        )
    return _validated(schema, text, path)


def _validated(schema: type[dy.Schema], text: pl.DataFrame, path: Path) -> pl.DataFrame:
    good, failure = schema.filter(text, cast=True)
    if len(failure):
        bad = failure.invalid().head(1).to_dicts()[0]
        rules = ", ".join(sorted(failure.counts()))
        raise SamspelError(f"{path}: {len(failure)} rows break the rules {rules}; the first is {bad}.")
    return pl.DataFrame(good).sort(schema.primary_key())


def _missing(path: Path) -> SamspelError:
    return SamspelError(
        f"{path}: the file is missing. Restore it from the repository (git checkout -- data)."
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
