"""The point from which worlds fork, kept small: a world under way then needs little more memory than itself.

Public name: `Fork`.
"""

from dataclasses import replace
from io import BytesIO

import numpy as np
import polars as pl

from sim.core.memory import release
from sim.model.columns import HouseholdColumns, ResidentColumns
from sim.model.layout import allocate_households, allocate_residents
from sim.model.state import State

_LARGE = 100_000
"""People from which a state is compressed, to about a quarter; a small state is copied, which is faster."""


class Fork:
    """The states of some municipalities, from which any number of worlds can be continued.

    The states given belong to the fork from then on: the first world continues them, and what later worlds
    start from is kept when it begins.
    """

    def __init__(self, states: list[State]) -> None:
        self._first: list[State] | None = states
        self._kept: list[State | _Packed] = []

    def states(self, last: bool = False) -> list[State]:
        """Return states to continue from, equal to the first ones and independent of all others.

        Args:
            last: No world will be asked for after this one, so nothing need be kept.
        """
        if self._first is not None:
            states, self._first = self._first, None
            if not last:
                self._kept = [_kept(state) for state in states]
            return states
        kept, states = self._kept, []
        if last:
            self._kept = []
        for index, one in enumerate(kept):
            if isinstance(one, _Packed):
                release()  # the world before this one
            states.append(one.copy())
            if last:
                kept[index] = states[-1]  # frees what was packed
        return states


class _Packed:
    """A state with its columns compressed."""

    def __init__(self, state: State) -> None:
        self._rest = replace(state, residents=allocate_residents(0), households=allocate_households(0)).copy()
        self._sizes = state.residents.id.size, state.households.id.size
        self._residents = _pack(state.residents)
        self._households = _pack(state.households)

    def copy(self) -> State:
        """Return the state as it was."""
        people, houses = self._sizes
        residents, households = allocate_residents(people), allocate_households(houses)
        for columns, packed in ((residents, self._residents), (households, self._households)):
            for name, one in packed.items():
                getattr(columns, name)[:] = pl.read_ipc(one)["column"].to_numpy()
        return replace(self._rest.copy(), residents=residents, households=households)


def _kept(state: State) -> State | _Packed:
    if state.residents.id.size < _LARGE:
        return state.copy()
    release()  # what the burn-in needed
    return _Packed(state)


def _pack(columns: ResidentColumns | HouseholdColumns) -> dict[str, bytes]:
    packed = {}
    for name in columns._fields:
        file = BytesIO()
        column = np.ascontiguousarray(getattr(columns, name))
        pl.DataFrame({"column": column}).write_ipc(file, compression="lz4")
        packed[name] = file.getvalue()
    return packed
