"""Ask a store in SQL, where DuckDB is installed (``pip install 'samspel[duckdb]'``).

Public name: `relation`.
"""

from importlib import import_module
from typing import Any

from sim.core.errors import SamspelError
from sim.experiment.catalogue import Catalogue

_ROW = "file_row_number"


def relation(catalogue: Catalogue, table: str) -> Any:
    """Return one table (``runs``, ``series``, ``effects``) as a DuckDB relation, read only as far as asked.

    Only rows that a receipt vouches for are in it, each once.

    Raises:
        SamspelError: DuckDB is not installed, or the store has no rows of the table.
    """
    try:
        duckdb = import_module("duckdb")
    except ImportError as error:
        raise SamspelError(
            "DuckDB is not installed. Allowed: pip install 'samspel[duckdb]', or scan() for Polars."
        ) from error
    pieces = catalogue.pieces(table)
    if not pieces:
        raise SamspelError(f"{catalogue.store.folder}: {table} has no rows. Run the experiment first.")
    parts = []
    whole = [str(path) for path, _, _, everything in pieces if everything]
    if whole:
        parts.append(duckdb.read_parquet(whole))
    for path, first, rows, everything in pieces:
        if not everything:
            numbered = duckdb.read_parquet(str(path), file_row_number=True)
            within = f"{_ROW} >= {first} AND {_ROW} < {first + rows}"
            parts.append(numbered.filter(within).project(f"* EXCLUDE ({_ROW})"))
    found = parts[0]
    for part in parts[1:]:
        found = found.union(part)
    return found
