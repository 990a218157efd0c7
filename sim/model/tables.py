"""The tables of one municipality as compiled passes take them: one pointer, and not some 200 values a call.

Public names: `Tables`, `tables_of` and `Steady`.
"""

from typing import NamedTuple

import numpy as np
from numba import types
from numba.experimental import structref

from sim.core.compiled import kernel
from sim.model.codes import GONE, NOT_YET
from sim.model.columns import CELLS, HouseholdColumns, Int8, Int32, Int64, ResidentColumns
from sim.model.counts import PERSON_CELLS, Count
from sim.model.ledger import KINDS
from sim.model.parameters import Parameters
from sim.model.prices import Prices

NEVER = np.iinfo(np.int32).max
"""A month number after any run."""
LISTED, MAY_LOSE_BENEFIT = 1, 2
"""Why a household is watched."""


class Steady(NamedTuple):
    """Residents whose month repeats the last one, and what they add up to (`sim.model.rules.steady`).

    Attributes:
        until: Month number in which something happens to a resident by itself: one who is steady changes, or
            one who is not here yet arrives; 0 for those who are visited every month, NEVER for those gone.
        segment: Policy segment this month of those whom an agency knows, int8.
        since: Month number up to whose end the histories of one who is steady have been kept.
        weight: Search weights of the steady by cell, int64 fixed point, shape (cells,).
        people: What they are counted as by cell of sex and group, int64, shape (8, counts).
        flows: What they are paid a month by kind of the ledger, öre, int64, shape (kinds,).
        watched: By household, `LISTED` on assistance or paid some in the last twelve months, plus
            `MAY_LOSE_BENEFIT` where the establishment benefit of an adult may end, int8.
    """

    until: Int32
    segment: Int8
    since: Int32
    weight: Int64
    people: Int64
    flows: Int64
    watched: Int8


def _nobody_steady(people: int, houses: int) -> Steady:
    """Return the table of so many residents and households of whom nobody is known to be steady."""
    return Steady(
        until=np.zeros(people, dtype=np.int32),
        segment=np.zeros(people, dtype=np.int8),
        since=np.zeros(people, dtype=np.int32),
        weight=np.zeros(CELLS, dtype=np.int64),
        people=np.zeros((PERSON_CELLS, len(Count)), dtype=np.int64),
        flows=np.zeros(len(KINDS), dtype=np.int64),
        watched=np.zeros(houses, dtype=np.int8),
    )


@structref.register
class TablesType(types.StructRef):
    """The type of `Tables` in compiled code."""


class Tables(structref.StructRefProxy):
    """Residents, households, parameters, prices and the steady; passes change the columns in place."""

    residents: ResidentColumns
    households: HouseholdColumns
    parameters: Parameters
    prices: Prices
    steady: Steady


structref.define_constructor(Tables, TablesType, list(Tables.__annotations__))  # type: ignore[no-untyped-call]
structref.define_boxing(TablesType, Tables)  # type: ignore[no-untyped-call]


def tables_of(
    residents: ResidentColumns,
    households: HouseholdColumns,
    parameters: Parameters,
    prices: Prices,
    first_month: int,
) -> tuple[Tables, Steady]:
    """Return the tables of a municipality from the first month of a world, and of them that of the steady,
    of whom nobody is known yet."""
    steady = _nobody_steady(residents.id.size, households.id.size)
    tables = _put_together(residents, households, parameters, prices, steady)
    _look_ahead(tables, first_month)
    return tables, steady


@kernel
def _put_together(
    residents: ResidentColumns,
    households: HouseholdColumns,
    parameters: Parameters,
    prices: Prices,
    steady: Steady,
) -> Tables:
    """Put tables together; unpacked here once, they are one pointer to all other passes."""
    return Tables(residents, households, parameters, prices, steady)  # type: ignore[no-untyped-call]


@kernel
def _look_ahead(tables: Tables, first_month: int) -> None:
    """Set the months of arrival, NEVER for those gone, and which households are watched."""
    r, h, until, watched = tables.residents, tables.households, tables.steady.until, tables.steady.watched
    for i in range(r.id.size):
        if r.presence[i] == NOT_YET:
            until[i] = max(r.arrival[i], first_month)
        elif r.presence[i] == GONE:
            until[i] = NEVER
    for j in range(h.id.size):
        latest = r.permit[h.reference[j]]
        if h.partner[j] >= 0:
            latest = max(latest, r.permit[h.partner[j]])
        if h.assistance[j] == 1 or h.history[j] != 0:
            watched[j] += LISTED
        if latest >= first_month - 26:
            watched[j] += MAY_LOSE_BENEFIT
