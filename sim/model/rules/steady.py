"""Steady residents: those whose month repeats the last one, so that most passes need not visit them.

Rule: whoever has been in an ordinary job all the last twelve months, is fluent in Swedish and past the
months after a residence permit has the same wage, tax and search weight next month, until a birthday that
changes a rule (20, 25, 55, 65), a job loss or a move. Sums over them are kept and changed only when somebody
comes or goes; all numbers are whole, so that the order of additions cannot matter. This is bookkeeping, not
a rule of the labour market: results are the same without it.
"""

from sim.core.compiled import rule
from sim.model.codes import EMPLOYED, NEWCOMER
from sim.model.columns import TIERS, ResidentColumns
from sim.model.parameters import Parameters
from sim.model.prices import Prices
from sim.model.rules.incomes import credited, taxed
from sim.model.tables import (
    ADULT,
    COMMUTER,
    CONTRIBUTIONS,
    CREDITS,
    HERE_NOW,
    MUNICIPAL_TAXES,
    REGION_TAXES,
    WAGES,
    Steady,
)

ALL_YEAR = 0xFFF
"""Twelve months of work as bits."""


@rule
def may_settle(r: ResidentColumns, i: int, month: int, p: Parameters) -> bool:
    """Return whether the coming month of someone who lives here repeats this one."""
    if r.status[i] != EMPLOYED or r.worked[i] != ALL_YEAR or r.open_months[i] != 0:
        return False
    if r.in_status[i] == 0 or month - r.contact[i] <= 3:  # who lost a job and found one kept the histories
        return False
    if r.swedish[i] < 4 or r.origin[i] == NEWCOMER:
        return False
    if r.permit[i] > 0 and month - r.permit[i] < p.newcomer_months:
        return False
    return bool(r.income[i] == r.income_before[i] and r.earned[i] == r.earned_before[i])


@rule
def next_birthday(birth: int, month: int) -> int:
    """Return the month, after this one, of the next birthday that changes a rule."""
    age = month - birth
    for years in (20, 25, 55):
        if age < 12 * years:
            return birth + 12 * years
    return birth + 12 * 65


@rule
def settle(s: Steady, r: ResidentColumns, i: int, month: int, p: Parameters, prices: Prices) -> None:
    """Count a resident among the steady from next month."""
    s.until[i] = next_birthday(r.birth[i], month)
    s.highest[0] = max(s.highest[0], r.weight[i])
    change_sums(s, r, i, 1, p, prices)


@rule
def unsettle(s: Steady, r: ResidentColumns, i: int, p: Parameters, prices: Prices) -> None:
    """Take a resident out of the steady, before anything about the resident changes."""
    change_sums(s, r, i, -1, p, prices)
    s.until[i] = 0


@rule
def change_sums(s: Steady, r: ResidentColumns, i: int, sign: int, p: Parameters, prices: Prices) -> None:
    """Add a resident to the sums over the steady, or take one out."""
    sex = r.sex[i]
    group = r.group[i]
    wage = r.wage[i]
    s.weight[r.sector[i] * TIERS + r.tier[i]] += sign * r.weight[i]
    s.people[HERE_NOW, sex, group] += sign
    if s.until[i] - r.birth[i] > 20 * 12:  # steady until a later birthday than the 20th
        s.people[ADULT, sex, group] += sign
    if r.market[i] > 0:
        s.people[COMMUTER, sex, group] += sign
    municipal = taxed(wage, prices.municipal_tax_rate, p)
    region = taxed(wage, prices.region_tax_rate, p)
    s.money[WAGES] += sign * wage
    s.money[CONTRIBUTIONS] += sign * int(prices.contribution_rate * wage)
    s.money[MUNICIPAL_TAXES] += sign * municipal
    s.money[REGION_TAXES] += sign * region
    s.money[CREDITS] += sign * credited(municipal + region, p)
