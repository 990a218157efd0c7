"""Everybody's income of the month, and who pays it."""

from typing import TYPE_CHECKING

from reference.people import KEPT_MONTHS, YEAR, Resident
from sim.model.columns import Activity, Origin, Status

if TYPE_CHECKING:
    from reference.world import ReferenceWorld

ORE = 100.0
"""Öre in a krona."""
PAID_DAYS = 22
"""Insurance days that a month uses."""
GUARANTEE_AFTER = 14
"""Months in the spell from which the job and development guarantee supports those without insurance."""


def support_incomes(world: "ReferenceWorld") -> None:
    for person in world.residents():
        person.income_before = person.income
        person.earned_before = person.earned
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
    world, prices, p = person.model, person.model.prices, person.model.p
    if person.status in (Status.EMPLOYED, Status.SUBSIDISED):
        world.book("wage", person.wage)
        world.book("employer_contribution", int(prices.contribution_rate * person.wage))
        if person.status == Status.SUBSIDISED:
            base = min(person.wage, prices.subsidy_cap)
            world.book("wage_subsidy", int(prices.subsidy_rate * (base + prices.contribution_rate * base)))
        return person.wage
    if person.status == Status.PLACEMENT:
        wage = prices.place_wage
        world.book("place_wage", wage)
        world.book("place_contribution", int(prices.contribution_rate * wage))
        base = min(wage, prices.subsidy_cap)
        cover = p.place_subsidy_share * prices.subsidy_rate
        world.book("place_subsidy", int(cover * (base + prices.contribution_rate * base)))
        return wage
    if person.status == Status.OPEN and person.insurance_days > 0:
        amount = insurance(person)
        world.book("insurance", amount)
        world.book("insurance_grant", int(p.insurance_state_share * amount))
        return amount
    if gets_activity_support(person):
        amount = activity_support(person)
        world.book("activity_support", amount)
        return amount
    return 0


def insurance(person: Resident) -> int:
    """Income-related for members, from the floor to a cap that is lower after the first days; else basic."""
    prices = person.model.prices
    if person.insurance == 0:
        return 0
    if person.insurance == 1:
        return prices.insurance_floor
    used = prices.insurance_days - person.insurance_days
    cap = prices.insurance_cap_first if used < prices.insurance_first_days else prices.insurance_cap_later
    return max(prices.insurance_floor, min(cap, int(prices.insurance_rate * person.wage)))


def gets_activity_support(person: Resident) -> bool:
    """In AF's activities all do; in municipal practice the insured and those in the guarantee's time."""
    if person.status != Status.ACTIVITY or person.activity == Activity.ESTABLISHMENT:
        return False
    if person.activity == Activity.MUNICIPAL_PRACTICE:
        return person.insurance > 0 or person.spell >= GUARANTEE_AFTER
    return True


def activity_support(person: Resident) -> int:
    """As insurance while days remain, then the guarantee; otherwise the youth amount or the floor."""
    prices = person.model.prices
    if person.insurance > 0 and person.insurance_days > 0:
        return insurance(person)
    if person.insurance == 2:
        share = min(prices.insurance_cap_later, int(prices.guarantee_rate * person.wage))
        return max(prices.support_floor, share)
    return prices.youth_support if person.age < 25 * YEAR else prices.support_floor


def pay_untaxed(person: Resident) -> int:
    """Book and return establishment benefit, student support or another benefit."""
    world, prices = person.model, person.model.prices
    amount = 0
    if person.status == Status.ACTIVITY and person.activity == Activity.ESTABLISHMENT:
        amount = prices.establishment
        if person.household.reference is person:
            amount += prices.establishment_child * min(3, person.household.children)
        world.book("establishment_benefit", amount)
    elif person.status == Status.STUDYING and person.age >= 20 * YEAR:
        amount = prices.student_support
        world.book("student_support", amount)
    elif person.status == Status.OUTSIDE:
        amount = person.other_income
        world.book("other_benefit", amount)
    return amount


def pay_tax(person: Resident, gross: int) -> int:
    """Book taxes and the in-work credit; return the tax that is left to pay."""
    world, prices, p = person.model, person.model.prices, person.model.p
    taxable = max(0.0, gross - ORE * p.tax_allowance_month)
    municipal = int(prices.municipal_tax_rate * taxable)
    region = int(prices.region_tax_rate * taxable)
    world.book("municipal_tax", municipal)
    world.book("region_tax", region)
    credit = min(municipal + region, int(ORE * p.in_work_credit_month)) if person.at_work else 0
    world.book("in_work_credit", credit)
    return municipal + region - credit


def pay_services(person: Resident) -> None:
    """Book what a place in an activity or in studies costs, and the state's grant for a newcomer."""
    world, p = person.model, person.model.p
    if person.origin == Origin.NEWCOMER:
        world.book("newcomer_grant", world.prices.newcomer_grant)
    if person.status == Status.ACTIVITY and person.activity == Activity.TRAINING:
        world.book("training_cost", int(ORE * p.training_cost_month))
    elif person.status == Status.ACTIVITY and person.activity in (Activity.GUIDANCE, Activity.PRACTICE):
        world.book("guidance_cost", int(ORE * p.guidance_cost_month))
    elif person.status == Status.STUDYING and person.age >= 20 * YEAR:
        world.book("study_cost", int(ORE * p.study_cost_month))


def use_insurance_days(person: Resident) -> None:
    """Days are used in open unemployment and in activities, except in unpaid municipal practice."""
    practice = person.status == Status.ACTIVITY and person.activity == Activity.MUNICIPAL_PRACTICE
    if person.unemployed and (not practice or gets_activity_support(person)):
        person.insurance_days = max(0, person.insurance_days - PAID_DAYS)


def remember_month(person: Resident) -> None:
    place_counts = person.model.prices.place_qualifies == 1
    counts = person.at_work and (person.status != Status.PLACEMENT or place_counts)
    person.worked = [*person.worked, counts][-KEPT_MONTHS:]
    person.open_months = [*person.open_months, person.status == Status.OPEN][-KEPT_MONTHS:]
