"""The point from which worlds fork, kept small: a world under way then needs little more memory than itself.

Public name: `Fork`.
"""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.model.columns import (
    HouseholdColumns,
    ResidentColumns,
    allocate_households,
    allocate_residents,
)
from sim.model.state import State

_LARGE = 100_000
"""People from which a state is compressed. That takes as long as two months of simulation, and what is kept is
a quarter as large; a small state is copied."""


class Fork:
    """The states of some municipalities, from which any number of worlds can be continued."""

    def __init__(self, states: Sequence[State]) -> None:
        self._states = [_Packed(one) if one.residents.id.size >= _LARGE else one.copy() for one in states]

    def states(self) -> list[State]:
        """Return states to continue from, equal to the first ones and independent of all others."""
        return [one.copy() for one in self._states]


class _Packed:
    """A state with its columns compressed."""

    def __init__(self, state: State) -> None:
        self._rest = replace(state, residents=allocate_residents(0), households=allocate_households(0)).copy()
        self._residents = [_pack(column) for column in state.residents]
        self._households = [_pack(column) for column in state.households]

    def copy(self) -> State:
        """Return the state as it was."""
        return replace(
            self._rest.copy(),
            residents=ResidentColumns._make(map(_unpack, self._residents)),
            households=HouseholdColumns._make(map(_unpack, self._households)),
        )


def _pack(column: NDArray[np.generic]) -> bytes:
    file = BytesIO()
    pl.DataFrame({"column": column}).write_ipc(file, compression="lz4")
    return file.getvalue()


def _unpack(packed: bytes) -> NDArray[np.generic]:
    column: NDArray[np.generic] = pl.read_ipc(packed)["column"].to_numpy(writable=True)
    return column
