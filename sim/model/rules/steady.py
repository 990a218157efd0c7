"""Steady residents: those whose month repeats the last one, so that most passes need not visit them.

Rule: whoever has been at work all the last twelve months, now in an ordinary job, or in studies or outside as
long, is
fluent in Swedish and past the months after a residence permit, has the same income and search weight next
month, until a birthday that changes a rule, the end of studies, a job loss, a registration or a move. What
they are counted and paid is summed once, by the rules that count and pay everybody, and taken out again when
one of them leaves; all numbers are whole, so that the order cannot matter. This is bookkeeping and no rule
of the labour market: results are the same without it.

Public names: `may_settle`, `settle`, `unsettle`, and `quiet_until` for households.
"""

from sim.core.compiled import kernel, rule
from sim.core.exact import FIXED_POINT
from sim.model.codes import EMPLOYED, GONE, HERE, NEWCOMER, OUTSIDE, STUDYING
from sim.model.columns import TIERS, HouseholdColumns, Int32, ResidentColumns
from sim.model.parameters import Parameters
from sim.model.rules.counting import count_resident
from sim.model.rules.incomes import pay
from sim.model.tables import NEVER, Tables

ALL_YEAR = 0xFFF
"""Twelve months of work as bits."""
LIGHT = FIXED_POINT // 5
"""Search weight above which nobody is called steady: a small chance of a job is found by its draw."""
FRESH = 6
"""Months for which somebody who comes from work, studies or AF seeks as a newly unemployed person does."""


@rule
def may_settle(r: ResidentColumns, i: int, month: int, p: Parameters) -> bool:
    """Return whether the coming month of someone who lives here repeats this one."""
    status = r.status[i]
    if status == EMPLOYED:
        if r.worked[i] != ALL_YEAR:
            return False
    elif (status != STUDYING and status != OUTSIDE) or r.worked[i] != 0:
        return False
    if r.open_months[i] != 0 or r.weight[i] > LIGHT or r.swedish[i] < 4 or r.origin[i] == NEWCOMER:
        return False
    if r.in_status[i] == 0 or month - r.contact[i] <= 3:  # who lost a job and found one kept the histories
        return False
    if status == OUTSIDE and r.other_income[i] == 0 and r.in_status[i] < FRESH:
        return False
    if r.permit[i] > 0 and month - r.permit[i] < p.newcomer_months:
        return False
    return bool(r.income[i] == r.income_before[i] and r.earned[i] == r.earned_before[i])


@rule
def next_change(r: ResidentColumns, i: int, month: int) -> int:
    """Return the month of the next birthday after this month that changes a rule, or of the time before the
    end of studies when a student begins to look for work."""
    age = month - r.birth[i]
    change = r.birth[i] + 12 * 65
    for years in (55, 25, 20, 19, 18):
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
        add_to_sums(tables, i, 1)


@kernel
def unsettle(tables: Tables, i: int) -> None:
    """Take a resident out of the steady, before anything about the resident changes."""
    add_to_sums(tables, i, -1)
    tables.steady.until[i] = 0
    tables.steady.quiet[tables.residents.household[i]] = 0


@kernel
def add_to_sums(tables: Tables, i: int, sign: int) -> None:
    """Add what a steady resident counts and is paid each month to the sums (1), or take it out (-1)."""
    r, h, steady = tables.residents, tables.households, tables.steady
    month = steady.until[i] - 1  # like all months until then
    steady.weight[r.sector[i] * TIERS + r.tier[i]] += sign * r.weight[i]
    count_resident(steady.people, r, i, month, sign)
    pay(steady.flows, r, h, i, month, tables.parameters, tables.prices, sign)


@rule
def quiet_until(until: Int32, r: ResidentColumns, h: HouseholdColumns, j: int, month: int) -> int:
    """Return the month until which the need of a household stays as it is: of its adults, those who live here
    are steady and nobody is still to come; 0 where it may change any month."""
    quiet = NEVER
    for i in (h.reference[j], h.partner[j]):
        if i >= 0 and r.presence[i] != GONE:
            quiet = min(quiet, until[i]) if r.presence[i] == HERE else 0
    return int(quiet) if quiet > month else 0
