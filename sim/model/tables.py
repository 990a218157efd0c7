"""The tables of one municipality as compiled passes take them: one pointer, and not some 200 values a call.

Public names: `Tables`, `tables_of`, `Steady` and `nobody_steady`.
"""

from typing import NamedTuple

import numpy as np
from numba import types
from numba.experimental import structref

from sim.core.compiled import kernel
from sim.model.columns import CELLS, HouseholdColumns, Int32, Int64, Presence, ResidentColumns
from sim.model.counts import PERSON_CELLS, Count
from sim.model.ledger import KINDS
from sim.model.parameters import Parameters
from sim.model.prices import Prices


class Steady(NamedTuple):
    """Residents whose month repeats the last one, and what they add up to (`sim.model.rules.steady`).

    Attributes:
        until: Month number in which something happens to a resident by itself: one who is steady changes, or
            one who is not here yet arrives; 0 for those who are visited every month, and those who left.
        weight: Search weights of the steady by cell, int64 fixed point, shape (cells,).
        people: What they are counted as by cell of sex and group, int64, shape (8, counts).
        flows: What they are paid a month by kind of the ledger, öre, int64, shape (kinds,).
        highest: The highest search weight that any of them has had, int64, shape (1,).
    """

    until: Int32
    weight: Int64
    people: Int64
    flows: Int64
    highest: Int64


def nobody_steady(r: ResidentColumns, first_month: int) -> Steady:
    """Return the table before anybody is known to be steady."""
    arrives = np.maximum(r.arrival, first_month)
    return Steady(
        until=np.where(r.presence == Presence.NOT_YET, arrives, 0).astype(np.int32),
        weight=np.zeros(CELLS, dtype=np.int64),
        people=np.zeros((PERSON_CELLS, len(Count)), dtype=np.int64),
        flows=np.zeros(len(KINDS), dtype=np.int64),
        highest=np.zeros(1, dtype=np.int64),
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


structref.define_constructor(Tables, TablesType, list(Tables.__annotations__))
structref.define_boxing(TablesType, Tables)


@kernel
def tables_of(
    residents: ResidentColumns,
    households: HouseholdColumns,
    parameters: Parameters,
    prices: Prices,
    steady: Steady,
) -> Tables:
    """Put the tables of a municipality together."""
    return Tables(residents, households, parameters, prices, steady)
