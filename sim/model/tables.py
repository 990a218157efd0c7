"""The tables of one municipality as compiled passes take them: one pointer, and not some 200 values a call.

Public names: `Tables`, `tables_of`, `Steady` and `nobody_steady`.
"""

from typing import NamedTuple

import numpy as np
from numba import types
from numba.experimental import structref

from sim.core.compiled import kernel
from sim.model.columns import CELLS, HouseholdColumns, Int8, Int32, Int64, Presence, ResidentColumns
from sim.model.counts import PERSON_CELLS, Count
from sim.model.ledger import KINDS
from sim.model.parameters import Parameters
from sim.model.prices import Prices

NEVER = np.iinfo(np.int32).max
"""A month number after any run."""


class Steady(NamedTuple):
    """Residents whose month repeats the last one, and what they add up to (`sim.model.rules.steady`).

    Attributes:
        until: Month number in which something happens to a resident by itself: one who is steady changes, or
            one who is not here yet arrives; 0 for those who are visited every month, NEVER for those gone.
        weight: Search weights of the steady by cell, int64 fixed point, shape (cells,).
        people: What they are counted as by cell of sex and group, int64, shape (8, counts).
        flows: What they are paid a month by kind of the ledger, öre, int64, shape (kinds,).
        listed: 1 for households on assistance or paid some in the last twelve months, int8.
        newcomers: 1 for households in which the establishment benefit of an adult may end, int8.
        quiet: Month number until which a household is known to need no assistance, int32; 0 if not known.
    """

    until: Int32
    weight: Int64
    people: Int64
    flows: Int64
    listed: Int8
    newcomers: Int8
    quiet: Int32


def nobody_steady(r: ResidentColumns, h: HouseholdColumns, first_month: int) -> Steady:
    """Return the table before anybody is known to be steady."""
    until = np.where(r.presence == Presence.NOT_YET, np.maximum(r.arrival, first_month), 0)
    until[r.presence == Presence.GONE] = NEVER
    partner = np.where(h.partner >= 0, h.partner, h.reference)
    latest = np.maximum(r.permit[h.reference], r.permit[partner])
    return Steady(
        until=until.astype(np.int32),
        weight=np.zeros(CELLS, dtype=np.int64),
        people=np.zeros((PERSON_CELLS, len(Count)), dtype=np.int64),
        flows=np.zeros(len(KINDS), dtype=np.int64),
        listed=((h.assistance == 1) | (h.history != 0)).astype(np.int8),
        newcomers=(latest >= first_month - 26).astype(np.int8),
        quiet=np.zeros(h.id.size, dtype=np.int32),
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


@kernel
def tables_of(
    residents: ResidentColumns,
    households: HouseholdColumns,
    parameters: Parameters,
    prices: Prices,
    steady: Steady,
) -> Tables:
    """Put the tables of a municipality together."""
    return Tables(residents, households, parameters, prices, steady)  # type: ignore[no-untyped-call]
