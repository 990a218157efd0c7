"""The tables of one municipality as compiled passes take them: one pointer, and not some 200 values a call.

Public names: `Tables`, `tables_of`, `Steady` and `unsettled`.
"""

from typing import NamedTuple

import numpy as np
from numba import types
from numba.experimental import structref

from sim.core.compiled import kernel
from sim.model.columns import CELLS, HouseholdColumns, Int8, Int32, Int64, ResidentColumns
from sim.model.counts import PERSON_CELLS, Count
from sim.model.ledger import KINDS
from sim.model.parameters import Parameters
from sim.model.prices import Prices


class Steady(NamedTuple):
    """Residents whose month repeats the last one, and what they add up to (`sim.model.rules.steady`).

    Attributes:
        until: Month number in which a resident's month changes by itself; 0 for those who are not steady.
        weight: Their search weights by cell, int64 fixed point, shape (cells,).
        people: What they are counted as by cell of sex and group, int64, shape (8, counts).
        flows: What they are paid a month by kind of the ledger, öre, int64, shape (kinds,).
        highest: The highest search weight that any of them has had, int64, shape (1,).
        newcomers: 1 for households in which an adult has a residence permit that matters.
    """

    until: Int32
    weight: Int64
    people: Int64
    flows: Int64
    highest: Int64
    newcomers: Int8


def unsettled(r: ResidentColumns, h: HouseholdColumns) -> Steady:
    """Return the table before anybody is known to be steady."""
    partner = np.where(h.partner >= 0, h.partner, h.reference)
    newcomers = (r.permit[h.reference] > 0) | (r.permit[partner] > 0)
    return Steady(
        until=np.zeros(r.id.size, dtype=np.int32),
        weight=np.zeros(CELLS, dtype=np.int64),
        people=np.zeros((PERSON_CELLS, len(Count)), dtype=np.int64),
        flows=np.zeros(len(KINDS), dtype=np.int64),
        highest=np.zeros(1, dtype=np.int64),
        newcomers=newcomers.astype(np.int8),
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
