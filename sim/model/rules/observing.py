"""Observation: the model counts itself, by sex and group, in whole persons and households."""

import numpy as np

from sim.core.ahead import ask, ask_ahead
from sim.core.compiled import kernel
from sim.model.codes import HERE, IN_ACTIVITY, OPEN
from sim.model.columns import Int64, Rows
from sim.model.rules.common import months_worked
from sim.model.rules.counting import (
    ADULTS_10M,
    ADULTS_UNEMPLOYED,
    ADULTS_YEAR,
    HOUSEHOLDS,
    HOUSEHOLDS_YEAR,
    MONTHS_YEAR,
    N_ADULTS,
    cell_of,
    count_contact,
    count_resident,
)
from sim.model.rules.steady import may_settle
from sim.model.tables import Tables


@kernel
def observe(tables: Tables, changing: Rows, houses: Rows, month: int) -> tuple[Int64, Rows]:
    """Count everybody and find who may be steady from the coming month.

    Args:
        changing: Rows of all who live here and are not steady, int64.
        houses: Rows of the households that have been paid assistance in the last year, int64.

    Returns:
        Counts, int64, shape (8 cells of sex and group, counts); rows of those of whom `may_settle` holds,
        uint32.
    """
    r, h, p = tables.residents, tables.households, tables.parameters
    c = tables.steady.people.copy()
    calm = np.empty(changing.size, dtype=np.uint32)
    n = 0
    for k in range(changing.size):
        ask_ahead(r.spell, changing, k)
        i = changing[k]
        count_resident(c, r, i, month, 1)
        count_contact(c, r, i, month)
        if may_settle(r, i, month, p):
            calm[n] = i
            n += 1
    for k in range(houses.size):
        ask_ahead(h.owed, houses, k)
        ask(r.spell, h.reference[houses[min(k + 6, houses.size - 1)]])
        j = houses[k]
        if h.history[j] == 0:
            continue
        months = months_worked(h.history[j])
        first = h.reference[j]
        row = cell_of(r, first)
        c[row, HOUSEHOLDS_YEAR] += 1
        c[row, MONTHS_YEAR] += months
        if h.paid[j] > 0:
            c[row, HOUSEHOLDS] += 1
        for i in (first, h.partner[j]):
            if i < 0 or r.presence[i] != HERE:
                continue
            row = cell_of(r, i)
            c[row, ADULTS_YEAR] += 1
            if months >= 10:
                c[row, ADULTS_10M] += 1
            if h.paid[j] > 0:
                c[row, N_ADULTS] += 1
                if r.status[i] == OPEN or r.status[i] == IN_ACTIVITY:
                    c[row, ADULTS_UNEMPLOYED] += 1
    return c, calm[:n].copy()
