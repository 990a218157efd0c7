"""Residents as a set: Mesa's verbs over typed columns.

Residents are not in ``model.agents``: a municipality has tens of thousands, and one Python object each
would cost more time than all the rules together. The verbs are those of a Mesa AgentSet; the views are
read-only.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import input_error
from sim.model.columns import Presence, ResidentColumns


class Resident:
    """A read-only view of one resident; attributes are the columns."""

    __slots__ = ("_columns", "row")

    def __init__(self, columns: ResidentColumns, row: int) -> None:
        """View row ``row``."""
        self._columns = columns
        self.row = row

    def __getattr__(self, name: str) -> Any:
        if name not in ResidentColumns._fields:
            raise AttributeError(f"a resident has no {name!r}; it has {', '.join(ResidentColumns._fields)}")
        return getattr(self._columns, name)[self.row].item()

    def __repr__(self) -> str:
        return f"<Resident {self.id}>"


class Residents:
    """The residents who live here now, or a selection of them."""

    def __init__(self, columns: ResidentColumns, rows: NDArray[np.int64] | None = None) -> None:
        """Wrap columns; without ``rows``, those present."""
        self._columns = columns
        self._rows = rows

    @property
    def rows(self) -> NDArray[np.int64]:
        """Row numbers, int64."""
        if self._rows is not None:
            return self._rows
        return np.flatnonzero(self._columns.presence == Presence.HERE)

    def __len__(self) -> int:
        return int(self.rows.size)

    def __iter__(self) -> Iterator[Resident]:
        return (Resident(self._columns, int(row)) for row in self.rows)

    def get(self, name: str) -> NDArray[np.generic]:
        """Return a copy of one column for these residents.

        Raises:
            SamspelError: There is no such column.
        """
        if name not in ResidentColumns._fields:
            known = ResidentColumns._fields
            raise input_error("residents", "column", name, "a column of residents", known)
        values: NDArray[np.generic] = getattr(self._columns, name)[self.rows]
        return values

    def select(self, chosen: Callable[[Resident], bool]) -> "Residents":
        """Return the residents for whom ``chosen`` holds."""
        return Residents(self._columns, np.array([v.row for v in self if chosen(v)], dtype=np.int64))

    def agg(self, name: str, function: Callable[[NDArray[np.generic]], Any]) -> Any:
        """Return a function of one column."""
        return function(self.get(name))

    def groupby(self, name: str) -> dict[Any, "Residents"]:
        """Return the residents by the values of one column."""
        values = self.get(name)
        return {v.item(): Residents(self._columns, self.rows[values == v]) for v in np.unique(values)}
