"""Steady residents: those whose month repeats the last one, so that most passes need not visit them.

Rule: whoever has been at work all the last twelve months, now in a permanent job, or in studies or outside as
long, is
fluent in Swedish and past the months after a residence permit, has the same income and search weight next
month, until a birthday that changes a rule, the end of studies, a job loss, a registration or a move. What
they are counted and paid is summed once, by the rules that count and pay everybody, and taken out again when
one of them leaves; all numbers are whole, so that the order cannot matter. This is bookkeeping and no rule
of the labour market: results are the same without it.

Public names: `settle`, `unsettle` and `may_settle`.
"""

from sim.core.compiled import kernel, rule
from sim.model.codes import EMPLOYED, NEWCOMER, OUTSIDE, STUDYING
from sim.model.columns import TIERS, ResidentColumns
from sim.model.parameters import Parameters
from sim.model.rules.counting import count_resident
from sim.model.rules.incomes import pay
from sim.model.tables import Tables

ALL_YEAR = 0xFFF
"""Twelve months of work as bits."""
FRESH = 6
"""Months for which somebody who comes from work, studies or AF seeks as a newly unemployed person does."""


@rule
def may_settle(r: ResidentColumns, i: int, month: int, p: Parameters) -> bool:
    """Return whether the coming month of someone who lives here repeats this one.

    The conditions are joined by ``&``: tested one by one, they would be guessed wrong too often.
    """
    status = r.status[i]
    works = (status == EMPLOYED) & (r.worked[i] == ALL_YEAR) & (r.contract[i] == 0)
    studies = (status == STUDYING) & (r.worked[i] == 0)
    fresh = (r.other_income[i] == 0) & (r.in_status[i] < FRESH)
    outside = (status == OUTSIDE) & (r.worked[i] == 0) & (not fresh)
    abroad = (r.swedish[i] < 4) | (r.origin[i] == NEWCOMER) | (month - r.permit[i] < p.newcomer_months)
    lately = (r.open_months[i] != 0) | (r.in_status[i] == 0) | (month - r.contact[i] <= 3)
    paid_alike = (r.income[i] == r.income_before[i]) & (r.earned[i] == r.earned_before[i])
    return bool((works | studies | outside) & (not abroad) & (not lately) & paid_alike)


@rule
def next_change(r: ResidentColumns, i: int, month: int) -> int:
    """Return the month of the next birthday after this month that changes a rule, or of the time before the
    end of studies when a student begins to look for work."""
    age = month - r.birth[i]
    change = r.birth[i] + 12 * 65
    for years in (55, 25, 20, 18):
        if age < 12 * years:
            change = r.birth[i] + 12 * years
    if r.status[i] == STUDYING:
        change = min(change, r.study_end[i] - 2)
    return int(change)


@kernel
def settle(tables: Tables, i: int, month: int) -> None:
    """Add a resident to the steady from next month, if there is a month that repeats this one."""
    change = next_change(tables.residents, i, month)
    if change > month + 1:
        tables.steady.until[i] = change
        tables.steady.highest[0] = max(tables.steady.highest[0], tables.residents.weight[i])
        add_to_sums(tables, i, 1)


@kernel
def unsettle(tables: Tables, i: int) -> None:
    """Take a resident out of the steady, before anything about the resident changes."""
    add_to_sums(tables, i, -1)
    tables.steady.until[i] = 0


@kernel
def add_to_sums(tables: Tables, i: int, sign: int) -> None:
    """Add what a steady resident counts and is paid each month to the sums (1), or take it out (-1)."""
    r, h, steady = tables.residents, tables.households, tables.steady
    month = steady.until[i] - 1  # like all months until then
    steady.weight[r.sector[i] * TIERS + r.tier[i]] += sign * r.weight[i]
    count_resident(steady.people, r, i, month, sign)
    pay(steady.flows, r, h, i, month, tables.parameters, tables.prices, sign)
