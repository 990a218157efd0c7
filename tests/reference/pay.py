"""Everybody's income of the month, and who pays it."""

from typing import TYPE_CHECKING

from reference.people import KEPT_MONTHS, YEAR, Resident
from sim.model.columns import Activity, Origin, Status, Workplace

if TYPE_CHECKING:
    from reference.town import Town

ORE = 100.0
"""Öre in a krona."""
PAID_DAYS = 22
"""Insurance days that a month uses."""
GUARANTEE_AFTER = 14
"""Months in the spell from which the job and development guarantee supports those without insurance."""
GUIDED = (Activity.GUIDANCE, Activity.PRACTICE, Activity.ESTABLISHMENT)
"""Activities of AF that cost it guidance."""
SUPPORT_KEPT = (Activity.MUNICIPAL_PRACTICE, Activity.VOCATIONAL_SFI, Activity.EDUCATION)
"""Activities that bring no support of their own: those who had it before keep it."""


def support_incomes(town: "Town") -> None:
    for person in town.residents():
        person.income_before = person.income
        person.earned_before = person.earned
        person.insured = False
        gross = pay_gross(person)
        untaxed = pay_untaxed(person)
        net = gross - pay_tax(person, gross) + untaxed
        person.income = net
        person.earned = net if person.at_work else 0
        pay_services(person)
        use_insurance_days(person)
        remember_month(person)


def pay_gross(person: Resident) -> int:
    """Book and return taxed pay: wage, insurance or activity support."""
    town, prices, p = person.town, person.town.prices, person.p
    if person.status in (Status.EMPLOYED, Status.SUBSIDISED):
        town.book("wage", person.wage)
        town.book("employer_contribution", int(prices.contribution_rate * person.wage))
        if person.status == Status.SUBSIDISED:
            base = min(person.wage, prices.subsidy_cap)
            town.book("wage_subsidy", int(prices.subsidy_rate * (base + prices.contribution_rate * base)))
        return person.wage
    if person.status == Status.PLACEMENT:
        return pay_in_place(person)
    if person.status == Status.OPEN and person.insurance_days > 0:
        amount = insurance(person)
        person.insured = amount > 0
        town.book("insurance", amount)
        town.book("insurance_grant", int(p.insurance_state_share * amount))
        return amount
    waits = person.status == Status.OPEN and person.spell >= GUARANTEE_AFTER
    if waits or (in_supported_activity(person) and not is_newcomer_in_activity(person)):
        amount = activity_support(person)
        town.book("activity_support", amount)
        return amount
    return 0


def pay_in_place(person: Resident) -> int:
    """The municipality pays its wage places and gets back part of the wage subsidy; associations are
    employers like others, with the whole subsidy."""
    town, prices, p = person.town, person.town.prices, person.p
    wage = prices.place_wage
    contribution = int(prices.contribution_rate * wage)
    base = min(wage, prices.subsidy_cap)
    base_with_contribution = base + prices.contribution_rate * base
    if person.contract == Workplace.ASSOCIATION:
        town.book("wage", wage)
        town.book("employer_contribution", contribution)
        town.book("wage_subsidy", int(prices.subsidy_rate * base_with_contribution))
    else:
        town.book("place_wage", wage)
        town.book("place_contribution", contribution)
        cover = p.place_subsidy_share * prices.subsidy_rate
        town.book("place_subsidy", int(cover * base_with_contribution))
    return wage


def insurance(person: Resident) -> int:
    """Income-related for members, from the floor to a cap that is lower after the first days; else basic."""
    prices = person.town.prices
    if person.insurance == 0:
        return 0
    if person.insurance == 1:
        return prices.insurance_floor
    used = prices.insurance_days - person.insurance_days
    cap = prices.insurance_cap_first if used < prices.insurance_first_days else prices.insurance_cap_later
    return max(prices.insurance_floor, min(cap, int(prices.insurance_rate * person.wage)))


def in_supported_activity(person: Resident) -> bool:
    """In AF's activities all are; in municipal practice, vocational Swedish and adult education the insured
    and those in the guarantee's time."""
    if person.status != Status.ACTIVITY:
        return False
    if person.activity in SUPPORT_KEPT:
        return person.insurance > 0 or person.spell >= GUARANTEE_AFTER
    return True


def is_newcomer_in_activity(person: Resident) -> bool:
    """Newcomers have establishment benefit in whatever activity."""
    return person.status == Status.ACTIVITY and person.origin == Origin.NEWCOMER


def activity_support(person: Resident) -> int:
    """As insurance while days remain, then the guarantee; otherwise the youth amount or the floor."""
    prices = person.town.prices
    if person.insurance > 0 and person.insurance_days > 0:
        return insurance(person)
    if person.insurance == 2:
        share = min(prices.insurance_cap_later, int(prices.guarantee_rate * person.wage))
        return max(prices.support_floor, share)
    return prices.youth_support if person.age < 25 * YEAR else prices.support_floor


def pay_untaxed(person: Resident) -> int:
    """Book and return establishment benefit, student support or another benefit."""
    town, prices = person.town, person.town.prices
    amount = 0
    if is_newcomer_in_activity(person):
        amount = prices.establishment
        if person.household.reference is person:
            amount += prices.establishment_child * min(3, person.household.children)
        town.book("establishment_benefit", amount)
    elif is_supported_student(person):
        amount = prices.student_support
        town.book("student_support", amount)
    elif person.status == Status.OUTSIDE:
        amount = person.other_income
        town.book("other_benefit", amount)
    return amount


def is_supported_student(person: Resident) -> bool:
    """Students from 20, and in adult education those without other support."""
    if person.status == Status.STUDYING:
        return person.age >= 20 * YEAR
    return person.activity == Activity.EDUCATION and not in_supported_activity(person)


def pay_tax(person: Resident, gross: int) -> int:
    """Book taxes and the in-work credit; return the tax that is left to pay."""
    town, prices, p = person.town, person.town.prices, person.p
    taxable = max(0.0, gross - ORE * p.tax_allowance_month)
    municipal = int(prices.municipal_tax_rate * taxable)
    region = int(prices.region_tax_rate * taxable)
    town.book("municipal_tax", municipal)
    town.book("region_tax", region)
    credit = min(municipal + region, int(ORE * p.in_work_credit_month)) if person.at_work else 0
    town.book("in_work_credit", credit)
    return municipal + region - credit


def pay_services(person: Resident) -> None:
    """Book what a place in an activity or in studies costs, and the state's grant for a newcomer."""
    town, p = person.town, person.p
    if person.origin == Origin.NEWCOMER:
        town.book("newcomer_grant", town.prices.newcomer_grant)
    if person.status == Status.ACTIVITY and person.activity == Activity.TRAINING:
        town.book("training_cost", int(ORE * p.training_cost_month))
    elif person.status == Status.ACTIVITY and person.activity in GUIDED:
        town.book("guidance_cost", int(ORE * p.guidance_cost_month))
    elif person.status == Status.STUDYING and person.age >= 20 * YEAR:
        town.book("study_cost", int(ORE * p.study_cost_month))


def use_insurance_days(person: Resident) -> None:
    """Days are used in open unemployment, and in activities with support by all but newcomers, who have
    establishment benefit."""
    established = person.origin != Origin.NEWCOMER
    if person.status == Status.OPEN or (established and in_supported_activity(person)):
        person.insurance_days = max(0, person.insurance_days - PAID_DAYS)


def remember_month(person: Resident) -> None:
    place_counts = person.town.prices.place_qualifies == 1
    counts = person.at_work and (person.status != Status.PLACEMENT or place_counts)
    person.worked = [*person.worked, counts][-KEPT_MONTHS:]
    person.open_months = [*person.open_months, person.status == Status.OPEN][-KEPT_MONTHS:]
