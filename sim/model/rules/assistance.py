"""Social assistance: the household's need against all its incomes, taken up by some, after a decision, for a
while.

Rules: need = norm + common costs + housing - incomes (the partner's from the month before), with a share of
earnings disregarded after six months on assistance. A needy household that is not shielded by savings or
family applies with a monthly rate, higher if it was on assistance in the last year, lower if no adult is
registered with AF (assistance asks for job search), nearly sure when the establishment benefit ends, and is
paid when decided, from the month of the application. It leaves when the need ends, or for other reasons with
a rate that falls with the months on assistance. It is counted once, however many adults. Under an activation
requirement fewer apply (mostly the young and singles without children), a few more leave for other reasons,
and a month may be withheld from those who take part.
"""

import numpy as np

from sim.core.ahead import ask, ask_ahead
from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, below, below_or_marked, uniform
from sim.core.exact import exponential
from sim.model.codes import GONE, HERE, PLACEMENT, STUDYING
from sim.model.columns import Float64, HouseholdColumns, Int64, Keys, ResidentColumns, Rows
from sim.model.ledger import KIND_INDEX
from sim.model.parameters import Parameters
from sim.model.prices import Prices
from sim.model.rules.common import drawn_days, segment
from sim.model.tables import LISTED, MAY_LOSE_BENEFIT, Tables

TAKE_UP = int(Decision.TAKE_UP)
ASSISTANCE_EXIT = int(Decision.ASSISTANCE_EXIT)
ASSISTANCE_LENGTH = int(Decision.ASSISTANCE_LENGTH)
SANCTION = int(Decision.SANCTION)
BEGAN, LEFT, LEFT_WITHOUT_WORK, WITHHELD = range(4)
"""Events among households, in the order in which they are counted."""
ASSISTANCE = KIND_INDEX["assistance"]
ADMINISTRATION = KIND_INDEX["assistance_administration"]
SMALLEST_NEED = 20000
LONGEST = 1200
"""Months: longer than any spell of assistance."""


@rule
def common_costs(size: int, prices: Prices) -> int:
    """Return the norm's common household costs in öre by number of persons (seven or more alike)."""
    if size <= 1:
        return prices.common_1
    if size == 2:
        return prices.common_2
    if size == 3:
        return prices.common_3
    if size == 4:
        return prices.common_4
    if size == 5:
        return prices.common_5
    if size == 6:
        return prices.common_6
    return prices.common_7


@rule
def norm(adults: int, young: int, old: int, prices: Prices) -> int:
    """Return the national norm in öre per month for a household."""
    personal = prices.norm_single if adults == 1 else prices.norm_couple
    personal += young * prices.norm_child_young + old * prices.norm_child_old
    return personal + common_costs(adults + young + old, prices)


@rule
def counted_income(income: int, earned: int, months_on_assistance: int, p: Parameters) -> int:
    """Return what the test counts of one adult's income: earnings less the disregard after six months."""
    if months_on_assistance >= 6 and earned > 0:
        return income - int(p.disregard_share * earned)
    return income


@rule
def household_need(
    r: ResidentColumns, h: HouseholdColumns, j: int, month: int, p: Parameters, prices: Prices
) -> int:
    """Return a household's need in öre; 0 where nobody in it can be tested."""
    first = h.reference[j]
    second = h.partner[j]
    adults = 1 if r.presence[first] == HERE else 0
    partner_here = second >= 0 and r.presence[second] == HERE
    if partner_here:
        adults += 1
    if adults == 0:
        return 0
    lead = first if r.presence[first] == HERE else second
    if month - r.birth[lead] < 19 * 12 or (r.status[lead] == STUDYING and month - r.birth[lead] < 20 * 12):
        return 0
    need = norm(adults, h.young_children[j], h.old_children[j], prices) + h.housing[j]
    if r.presence[first] == HERE:
        need -= counted_income(r.income[first], r.earned[first], h.months[j], p)
    elif r.presence[first] == GONE:
        need -= int(100.0 * p.pension_month)
    if partner_here:
        need -= counted_income(r.income_before[second], r.earned_before[second], h.months[j], p)
    elif second >= 0 and r.presence[second] == GONE:
        need -= int(100.0 * p.pension_month)
    return int(need)


@rule
def anyone_registered(r: ResidentColumns, h: HouseholdColumns, j: int) -> bool:
    """Return whether an adult of the household is registered with AF."""
    for i in (h.reference[j], h.partner[j]):
        if i >= 0 and r.presence[i] == HERE and r.registered[i] == 1:
            return True
    return False


@rule
def reference_segment(r: ResidentColumns, h: HouseholdColumns, j: int, month: int) -> int:
    """Return the policy segment of a household's reference person."""
    i = h.reference[j]
    return segment(r, i, month)


@rule
def deterred(r: ResidentColumns, h: HouseholdColumns, j: int, month: int, p: Parameters) -> float:
    """Return the share of applications that a full activation requirement keeps from being made: more where
    the reference person is under 25 or single without children."""
    young = month - r.birth[h.reference[j]] < 25 * 12
    single = h.partner[j] < 0 and h.young_children[j] + h.old_children[j] == 0
    return p.duty_entry_cut if young or single else p.duty_entry_cut_others


@rule
def withheld(r: ResidentColumns, h: HouseholdColumns, j: int, u: float, rate: float) -> bool:
    """Return whether a month's assistance is withheld from a household of which someone is under the duty."""
    partner = h.partner[j]
    under = r.duty[h.reference[j]] == 1 or (partner >= 0 and r.duty[partner] == 1)
    return bool(under and u < rate)


@rule
def anyone_at_work(r: ResidentColumns, h: HouseholdColumns, j: int) -> bool:
    """Return whether an adult of the household works."""
    for i in (h.reference[j], h.partner[j]):
        if i >= 0 and r.presence[i] == HERE and r.status[i] >= PLACEMENT:
            return True
    return False


@rule
def establishment_ended(r: ResidentColumns, h: HouseholdColumns, j: int, month: int) -> bool:
    """Return whether the establishment benefit of an adult ended this month or the month before."""
    for i in (h.reference[j], h.partner[j]):
        if i >= 0 and r.permit[i] > 0 and 24 <= month - r.permit[i] <= 25:
            return True
    return False


@rule
def take_up(history: int, registered: bool, p: Parameters) -> float:
    """Return the monthly rate at which a needy household applies and is granted."""
    rate = p.take_up_rate
    if history != 0:
        rate = rate * p.take_up_repeat
    return rate if registered else rate * p.take_up_outside


@rule
def exit_rate(months: int, p: Parameters) -> float:
    """Return the monthly rate of leaving assistance for other reasons than the need's end."""
    return max(
        p.assistance_exit_floor, p.assistance_exit_rate * exponential(-p.assistance_exit_decay * months)
    )


@kernel
def by_months(tables: Tables) -> Float64:
    """Return `exit_rate` by months on assistance, float64, shape (months,)."""
    table = np.empty(LONGEST)
    for months in range(LONGEST):
        table[months] = exit_rate(months, tables.parameters)
    return table


@rule
def leave_assistance(h: HouseholdColumns, j: int) -> None:
    """End a household's assistance."""
    h.assistance[j] = 0
    h.months[j] = 0
    h.days[j] = 0.0
    h.owed[j] = 0


@kernel
def drawn_through_register(tables: Tables, known: Rows, keys: Keys) -> Rows:
    """Return the households, not watched, whose draw is low enough where an adult is registered with AF but
    not where none is; each once."""
    r, h, p = tables.residents, tables.households, tables.parameters
    low, high = take_up(0, False, p), take_up(0, True, p)
    houses = np.empty(known.size, dtype=np.uint32)
    ids = np.empty(known.size, dtype=np.int64)
    n = 0
    for k in range(known.size):
        ask_ahead(r.spell, known, k)
        j = r.household[known[k]]
        houses[k] = j
        ids[k] = h.id[j]
    found = below(keys[TAKE_UP], ids, high)
    for k in found:
        i, j = known[k], houses[k]
        first = h.reference[j]
        if uniform(keys[TAKE_UP], ids[k]) < low or tables.steady.watched[j] > 0 or r.registered[i] == 0:
            continue
        if first == i or r.registered[first] == 0 or r.presence[first] != HERE:
            found[n] = j
            n += 1
    return found[:n]


@kernel
def assist(
    tables: Tables,
    known: Rows,
    exits: Float64,
    keys: Keys,
    flows: Int64,
    month: int,
    delay: Float64,
    duty: Float64,
    sanction: Float64,
) -> tuple[Int64, Rows]:
    """Test, pay and end assistance.

    Args:
        known: Rows of those whom an agency knows.
        exits: What `by_months` returns.
        delay: Days of processing beyond the usual, by the reference person's segment.
        duty: The activation requirement by that segment.
        sanction: The monthly rate of withheld assistance by that segment.

    Returns:
        Households that began, that left, that left with nobody at work, and from whom a month was withheld,
        int64, shape (4,); and the rows of those on assistance or paid some in the last twelve months, int64.
    """
    r, h, p, prices = tables.residents, tables.households, tables.parameters, tables.prices
    events = np.zeros(4, dtype=np.int64)
    watched = tables.steady.watched
    rows = np.concatenate(
        (
            below_or_marked(keys[TAKE_UP], h.id, take_up(0, False, p), watched),
            drawn_through_register(tables, known, keys),
        )
    )
    for k in range(rows.size):
        ask_ahead(h.owed, rows, k)
        ask(r.spell, h.reference[rows[min(k + 6, rows.size - 1)]])
        j = rows[k]
        h.paid[j] = 0
        recipient = h.assistance[j] == 1
        u = uniform(keys[TAKE_UP], h.id[j])
        ended = False
        rate = 0.0
        if not recipient:
            if h.shielded[j] == 1:
                continue
            rate = take_up(h.history[j], anyone_registered(r, h, j), p)
            ended = watched[j] >= MAY_LOSE_BENEFIT and establishment_ended(r, h, j, month)
            if ended:
                rate = max(rate, p.take_up_establishment)
            if u >= rate:
                continue
        part = reference_segment(r, h, j, month)
        if not recipient and u >= rate * (1.0 - duty[part] * deterred(r, h, j, month, p)):
            continue
        need = household_need(r, h, j, month, p, prices)
        if recipient:
            leaving = exits[min(h.months[j], LONGEST - 1)] * (1.0 + duty[part] * p.duty_exit_gain)
            if need < SMALLEST_NEED or uniform(keys[ASSISTANCE_EXIT], h.id[j]) < leaving:
                events[LEFT] += 1
                events[LEFT_WITHOUT_WORK] += 0 if anyone_at_work(r, h, j) else 1
                leave_assistance(h, j)
                continue
        elif need < SMALLEST_NEED:
            continue
        else:
            events[BEGAN] += 1
            h.assistance[j] = 1
            h.months[j] = int(p.lasting_need_months) if ended else 0
            length = drawn_days(uniform(keys[ASSISTANCE_LENGTH], h.id[j]), p.assistance_decision_days)
            h.days[j] = max(0.0, length + delay[part])
        if h.days[j] >= 30.0:
            h.days[j] -= 30.0
            h.owed[j] += need
            continue
        paid = need + h.owed[j]
        if sanction[part] > 0.0 and withheld(r, h, j, uniform(keys[SANCTION], h.id[j]), sanction[part]):
            events[WITHHELD] += 1
            paid = h.owed[j]
        h.owed[j] = 0
        h.days[j] = 0.0
        h.paid[j] = paid
        flows[ASSISTANCE] += paid
        flows[ADMINISTRATION] += int(100.0 * p.assistance_administration_month)
        if paid > 0:
            h.months[j] += 1
    m = 0
    for j in rows:
        h.history[j] = (h.history[j] << 1) & 0xFFF | (h.paid[j] > 0)
        listed = (h.history[j] != 0) | (h.assistance[j] == 1)
        watched[j] = watched[j] & MAY_LOSE_BENEFIT | (LISTED if listed else 0)
        rows[m] = j
        m += listed
    return events, rows[:m].copy()
