"""Steady residents: those whose month repeats the last one, so that most passes need not visit them.

Rule: whoever is in an ordinary job, in studies or outside the labour force at the end of a month, past the
months after a residence permit, has the same income and search weight in the months that follow, until a
birthday that changes a rule, the end of studies, a job loss, a hire, a registration, a step in Swedish or a
move. What they are counted and paid is summed once, by the rules that count and pay everybody, and taken
out again when one of them leaves; all numbers are whole, so that the order cannot matter. Their histories
stand still meanwhile and are then brought up to date. This is bookkeeping and no rule of the labour market:
results are the same without it.

Public names: `may_settle`, `settle`, `unsettle`, `catch_up` and `calm_after`.
"""

import numpy as np

from sim.core.ahead import ask_ahead
from sim.core.compiled import kernel, rule
from sim.model.codes import EMPLOYED, HERE, NEWCOMER, OUTSIDE, STUDYING
from sim.model.columns import TIERS, Int32, ResidentColumns, Rows
from sim.model.parameters import Parameters
from sim.model.rules.common import FOLLOWED, note_part
from sim.model.rules.counting import count_resident
from sim.model.rules.incomes import pay
from sim.model.rules.search import weight_of_others
from sim.model.tables import Tables

YEAR = 12
"""Months that the histories of work and of open unemployment hold."""
FRESH = 6
"""Months for which somebody who comes from work, studies or AF seeks as a newly unemployed person does."""


@rule
def may_settle(r: ResidentColumns, i: int, month: int, p: Parameters) -> bool:
    """Return whether the coming month of someone who lives here repeats this one."""
    status = r.status[i]
    if status != EMPLOYED and status != STUDYING and status != OUTSIDE:
        return False
    if r.origin[i] == NEWCOMER:
        return False
    return bool(r.permit[i] == 0 or month - r.permit[i] >= p.newcomer_months)


@rule
def next_change(r: ResidentColumns, i: int, month: int) -> int:
    """Return the month in which the next thing happens by itself: a birthday that changes a rule, the end of
    studies or the months before it, when a student looks for work, the end of a new search outside, or of a
    year without open unemployment."""
    age = month - r.birth[i]
    change = r.birth[i] + 12 * 65
    for years in (55, 25, 20, 18):
        if age < 12 * years:
            change = r.birth[i] + 12 * years
    if r.status[i] == STUDYING:
        before = r.study_end[i] - 2
        change = min(change, before if before > month else r.study_end[i])
    elif r.status[i] == OUTSIDE and r.in_status[i] < FRESH:
        change = min(change, month + FRESH - r.in_status[i])
    if r.open_months[i] != 0:
        change = min(change, month + YEAR - newest_last(r.open_months[i]))
    if month - r.contact[i] < FOLLOWED:
        change = min(change, r.contact[i] + FOLLOWED)
    return int(change)


@rule
def newest_last(history: int) -> int:
    """Return how long ago the newest month that a history marks was, in months."""
    ago = 0
    while (history >> ago) & 1 == 0:
        ago += 1
    return ago


@kernel
def settle(tables: Tables, rows: Rows, month: int) -> Rows:
    """Add those of some residents, of whom `may_settle` holds after a month, to the steady for whom that
    lasts beyond the next, and give them what that month would; return the rows of those outside the labour
    force.

    Called when the next month begins: until then residents are as this month has left them.
    """
    r, steady, p = tables.residents, tables.steady, tables.parameters
    outside = np.empty(rows.size, dtype=np.uint32)
    n = m = 0
    for i in rows:
        change = next_change(r, i, month)
        if change > month + 1:
            steady.until[i] = change
            steady.since[i] = month
            r.income_before[i] = r.income[i]
            r.earned_before[i] = r.earned[i]
            if r.in_status[i] == 0:  # whoever was hired after search still has the weight of another status
                r.duty[i] = 0
                r.weight[i] = weight_of_others(r, i, month + 1, p)
            rows[n] = i
            n += 1
            if r.status[i] == OUTSIDE:
                outside[m] = i
                m += 1
    add_to_sums(tables, rows[:n], 1)
    return outside[:m].copy()


@kernel
def unsettle(tables: Tables, rows: Rows, month: int) -> None:
    """Take residents out of the steady this month, before anything about them changes."""
    r, steady = tables.residents, tables.steady
    add_to_sums(tables, rows, -1)
    for i in rows:
        bring_up_to_date(r, steady.since, i, month - 1)
        steady.until[i] = 0


@rule
def bring_up_to_date(r: ResidentColumns, since: Int32, i: int, month: int) -> None:
    """Bring the histories of a steady resident up to the end of a month."""
    months = month - since[i]
    if months > 0:
        note_part(r, i, since[i] + 1)
    since[i] = month
    r.in_status[i] += months
    shift = min(months, YEAR)
    news = (1 << shift) - 1 if r.status[i] == EMPLOYED else 0
    r.worked[i] = ((r.worked[i] << shift) | news) & 0xFFF
    r.open_months[i] = (r.open_months[i] << shift) & 0xFFF


@kernel
def catch_up(tables: Tables, month: int) -> None:
    """Bring the histories of all the steady up to the end of a month."""
    r, until = tables.residents, tables.steady.until
    for i in range(r.id.size):
        if until[i] > month and r.presence[i] == HERE:
            bring_up_to_date(r, tables.steady.since, i, month)


@kernel
def calm_after(tables: Tables, month: int) -> Rows:
    """Return the rows of those of whom `may_settle` holds in a state that has just gone through a month."""
    r, p = tables.residents, tables.parameters
    rows = np.empty(r.id.size, dtype=np.uint32)
    n = 0
    for i in range(r.id.size):
        if r.presence[i] == HERE and may_settle(r, i, month, p):
            rows[n] = i
            n += 1
    return rows[:n].copy()


@kernel
def add_to_sums(tables: Tables, rows: Rows, sign: int) -> None:
    """Add what the steady count and are paid each month to the sums (1), or take it out (-1).

    Three short loops, so that the processor reads ahead: these rows have not been looked at for months.
    """
    r, h, steady = tables.residents, tables.households, tables.steady
    for k in range(rows.size):
        ask_ahead(r.spell, rows, k)
        ask_ahead(r.wage, rows, k)
        i = rows[k]
        steady.weight[r.sector[i] * TIERS + r.tier[i]] += sign * r.weight[i]
    for i in rows:
        count_resident(steady.people, r, i, steady.until[i] - 1, sign)  # as in all months until then
    for i in rows:
        pay(steady.flows, r, h, i, steady.until[i] - 1, tables.parameters, tables.prices, sign)
