"""Incomes: wages, insurance, activity support, establishment benefit and student support, with tax, person
by person.

Rules: pay follows status. Unemployment insurance is income-related for members (rate times wage between a
floor and a cap, lower after 100 days), basic otherwise. In an activity the state pays support: as insurance
while days remain, else the guarantee's rate or floor, or the youth amount under 25; from 14 months also
between activities. Municipal practice pays nothing by itself and uses no insurance days; nor do vocational
Swedish and adult education, where students without earlier support have student support. Newcomers in any
activity have establishment benefit. Wages, insurance and activity support are taxed above an allowance; the
in-work credit is the state's. The state's grant for a newcomer is paid through the 24 months, whatever the
newcomer does.
"""

from sim.core.ahead import ask_ahead
from sim.core.compiled import kernel, rule
from sim.model.codes import (
    ASSOCIATION,
    EDUCATION,
    EMPLOYED,
    ESTABLISHMENT,
    GUIDANCE,
    IN_ACTIVITY,
    MUNICIPAL_PRACTICE,
    NEWCOMER,
    OPEN,
    PLACEMENT,
    PRACTICE,
    STUDYING,
    SUBSIDISED,
    TRAINING,
    VOCATIONAL_SFI,
)
from sim.model.columns import HouseholdColumns, Int64, ResidentColumns, Rows
from sim.model.ledger import KIND_INDEX
from sim.model.parameters import Parameters
from sim.model.prices import Prices
from sim.model.tables import Tables

WAGE = KIND_INDEX["wage"]
EMPLOYER_CONTRIBUTION = KIND_INDEX["employer_contribution"]
WAGE_SUBSIDY = KIND_INDEX["wage_subsidy"]
PLACE_WAGE = KIND_INDEX["place_wage"]
PLACE_CONTRIBUTION = KIND_INDEX["place_contribution"]
PLACE_SUBSIDY = KIND_INDEX["place_subsidy"]
INSURANCE = KIND_INDEX["insurance"]
INSURANCE_GRANT = KIND_INDEX["insurance_grant"]
ACTIVITY_SUPPORT = KIND_INDEX["activity_support"]
ESTABLISHMENT_BENEFIT = KIND_INDEX["establishment_benefit"]
STUDENT_SUPPORT = KIND_INDEX["student_support"]
OTHER_BENEFIT = KIND_INDEX["other_benefit"]
MUNICIPAL_TAX = KIND_INDEX["municipal_tax"]
REGION_TAX = KIND_INDEX["region_tax"]
IN_WORK_CREDIT = KIND_INDEX["in_work_credit"]
NEWCOMER_GRANT = KIND_INDEX["newcomer_grant"]
TRAINING_COST = KIND_INDEX["training_cost"]
GUIDANCE_COST = KIND_INDEX["guidance_cost"]
STUDY_COST = KIND_INDEX["study_cost"]


@rule
def insurance_amount(kind: int, days_left: int, wage: int, prices: Prices) -> int:
    """Return insurance per month in öre: 0 none, 1 basic, 2 income-related."""
    if kind == 0:
        return 0
    if kind == 1:
        return prices.insurance_floor
    used = prices.insurance_days - days_left
    cap = prices.insurance_cap_first if used < prices.insurance_first_days else prices.insurance_cap_later
    return max(prices.insurance_floor, min(cap, int(prices.insurance_rate * wage)))


@rule
def support_amount(kind: int, days_left: int, wage: int, age: int, prices: Prices) -> int:
    """Return activity support per month in öre: as insurance while days remain, else guarantee, floor or
    youth amount."""
    if kind > 0 and days_left > 0:
        return insurance_amount(kind, days_left, wage, prices)
    if kind == 2:
        cap = prices.insurance_cap_later
        return max(prices.support_floor, min(cap, int(prices.guarantee_rate * wage)))
    if age < 25 * 12:
        return prices.youth_support
    return prices.support_floor


@rule
def keeps_support(activity: int, insurance: int, spell: int) -> bool:
    """Return whether the state pays support: in all activities, but in municipal practice, vocational Swedish
    and adult education only to those who had it before (insured, or in the guarantee from 14 months)."""
    if activity == MUNICIPAL_PRACTICE or activity == VOCATIONAL_SFI or activity == EDUCATION:
        return insurance > 0 or spell >= 14
    return True


@rule
def between_activities(insurance_days: int, spell: int) -> bool:
    """Return whether an openly unemployed person is in the guarantee, which supports also between
    activities."""
    return insurance_days == 0 and spell >= 14


@rule
def taxed(gross: int, rate: float, p: Parameters) -> int:
    """Return tax per month in öre on gross pay above the allowance."""
    return max(0, int(rate * (gross - 100.0 * p.tax_allowance_month)))


@rule
def count_month(r: ResidentColumns, i: int, counts_as_work: bool, open_now: bool) -> None:
    """Shift a month into the twelve-month histories of work and of open unemployment."""
    r.worked[i] = ((r.worked[i] << 1) | (1 if counts_as_work else 0)) & 0xFFF
    r.open_months[i] = ((r.open_months[i] << 1) | (1 if open_now else 0)) & 0xFFF


@rule
def pay(
    flows: Int64,
    r: ResidentColumns,
    h: HouseholdColumns,
    i: int,
    month: int,
    p: Parameters,
    prices: Prices,
    sign: int,
) -> int:
    """Add what is paid for a resident this month to the ledger, öre by kind (1), or take it out (-1).

    Returns the resident's income after tax.
    """
    status = r.status[i]
    age = month - r.birth[i]
    wage = r.wage[i]
    gross = 0
    untaxed = 0
    at_work = status >= PLACEMENT
    if status == EMPLOYED or status == SUBSIDISED:
        gross = wage
        flows[WAGE] += sign * wage
        flows[EMPLOYER_CONTRIBUTION] += sign * int(prices.contribution_rate * wage)
        if status == SUBSIDISED:
            base = min(wage, prices.subsidy_cap)
            flows[WAGE_SUBSIDY] += sign * int(prices.subsidy_rate * (base + prices.contribution_rate * base))
    elif status == PLACEMENT:
        gross = prices.place_wage
        contribution = int(prices.contribution_rate * gross)
        base = min(gross, prices.subsidy_cap)
        base = base + prices.contribution_rate * base
        if r.contract[i] == ASSOCIATION:
            flows[WAGE] += sign * gross
            flows[EMPLOYER_CONTRIBUTION] += sign * contribution
            flows[WAGE_SUBSIDY] += sign * int(prices.subsidy_rate * base)
        else:
            flows[PLACE_WAGE] += sign * gross
            flows[PLACE_CONTRIBUTION] += sign * contribution
            flows[PLACE_SUBSIDY] += sign * int(p.place_subsidy_share * prices.subsidy_rate * base)
    elif status == OPEN:
        if r.insurance_days[i] > 0:
            gross = insurance_amount(r.insurance[i], r.insurance_days[i], wage, prices)
            flows[INSURANCE] += sign * gross
            flows[INSURANCE_GRANT] += sign * int(p.insurance_state_share * gross)
        elif between_activities(r.insurance_days[i], r.spell[i]):
            gross = support_amount(r.insurance[i], 0, wage, age, prices)
            flows[ACTIVITY_SUPPORT] += sign * gross
    elif status == IN_ACTIVITY:
        kind = r.activity[i]
        if r.origin[i] == NEWCOMER:
            house = r.household[i]
            children = h.young_children[house] + h.old_children[house]
            untaxed = prices.establishment
            if h.reference[house] == i:
                untaxed += prices.establishment_child * min(3, children)
            flows[ESTABLISHMENT_BENEFIT] += sign * untaxed
        elif keeps_support(kind, r.insurance[i], r.spell[i]):
            gross = support_amount(r.insurance[i], r.insurance_days[i], wage, age, prices)
            flows[ACTIVITY_SUPPORT] += sign * gross
        elif kind == EDUCATION:
            untaxed = prices.student_support
            flows[STUDENT_SUPPORT] += sign * untaxed
        if kind == TRAINING:
            flows[TRAINING_COST] += sign * int(100.0 * p.training_cost_month)
        elif kind == GUIDANCE or kind == PRACTICE or kind == ESTABLISHMENT:
            flows[GUIDANCE_COST] += sign * int(100.0 * p.guidance_cost_month)
    elif status == STUDYING:
        if age >= 20 * 12:
            untaxed = prices.student_support
            flows[STUDENT_SUPPORT] += sign * untaxed
            flows[STUDY_COST] += sign * int(100.0 * p.study_cost_month)
    elif r.other_income[i] > 0:
        untaxed = r.other_income[i]
        flows[OTHER_BENEFIT] += sign * untaxed
    if r.origin[i] == NEWCOMER:
        flows[NEWCOMER_GRANT] += sign * prices.newcomer_grant
    if gross == 0:
        return untaxed
    municipal = taxed(gross, prices.municipal_tax_rate, p)
    region = taxed(gross, prices.region_tax_rate, p)
    credit = min(municipal + region, int(100.0 * p.in_work_credit_month)) if at_work else 0
    flows[MUNICIPAL_TAX] += sign * municipal
    flows[REGION_TAX] += sign * region
    flows[IN_WORK_CREDIT] += sign * credit
    return gross - (municipal + region - credit) + untaxed


@kernel
def earn(tables: Tables, changing: Rows, flows: Int64, month: int) -> None:
    """Set the incomes of the month and add what everybody, the steady included, was paid to ``flows`` (öre
    by kind)."""
    r, h, p, prices = tables.residents, tables.households, tables.parameters, tables.prices
    flows += tables.steady.flows
    for k in range(changing.size):
        ask_ahead(r.spell, changing, k)
        ask_ahead(r.wage, changing, k)
        i = changing[k]
        status = r.status[i]
        at_work = status >= PLACEMENT
        income = pay(flows, r, h, i, month, p, prices, 1)
        r.income_before[i] = r.income[i]
        r.earned_before[i] = r.earned[i]
        r.income[i] = income
        r.earned[i] = income if at_work else 0
        r.insured[i] = 1 if status == OPEN and r.insurance_days[i] > 0 and income > 0 else 0
        paid = status == OPEN or (
            status == IN_ACTIVITY
            and r.origin[i] != NEWCOMER
            and keeps_support(r.activity[i], r.insurance[i], r.spell[i])
        )
        if paid and r.insurance_days[i] > 0:
            r.insurance_days[i] = max(0, r.insurance_days[i] - 22)
        counts = at_work and (status != PLACEMENT or prices.place_qualifies == 1)
        count_month(r, i, counts, status == OPEN)
