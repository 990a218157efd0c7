"""Social assistance: one test, one application and one payment per household."""

from typing import TYPE_CHECKING

from reference.pay import ORE
from reference.people import KEPT_MONTHS, YEAR, Household, Resident, days_drawn
from sim.core.draws import Decision
from sim.core.exact import exponential
from sim.model.columns import Presence, Status
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.world import ReferenceWorld

SMALLEST_NEED = 200_00
"""Öre a month below which nothing is paid."""
MONTH = 30.0
DISREGARD_AFTER = 6


def test_assistance(world: "ReferenceWorld") -> None:
    for house in world.households_in_any_order():
        house.paid = 0
        if house.shielded:
            continue
        amount = need(world, house)
        if not house.assistance:
            consider_applying(world, house, amount)
        elif amount < SMALLEST_NEED or leaves(world, house):
            house.assistance, house.months, house.days, house.owed = False, 0, 0.0, 0
        if house.assistance:
            pay_or_wait(world, house, amount)
        house.history = [*house.history, house.paid > 0][-KEPT_MONTHS:]


def need(world: "ReferenceWorld", house: Household) -> int:
    """Norm + common costs + housing - incomes; nothing for those under 19, or under 20 and at school."""
    first, second = house.reference, house.partner
    adults = [person for person in (first, second) if person is not None and person.here]
    if not adults:
        return 0
    lead = adults[0]
    if lead.age < 19 * YEAR or (lead.status == Status.STUDYING and lead.age < 20 * YEAR):
        return 0
    incomes = 0
    for person in (first, second):
        if person is None:
            continue
        if person.presence == Presence.GONE:
            incomes += int(ORE * world.p.pension_month)
        elif person.here:
            incomes += counted_income(house, person)
    return norm(world, house, len(adults)) + house.housing - incomes


def norm(world: "ReferenceWorld", house: Household, adults: int) -> int:
    prices = world.prices
    common = [
        prices.common_1,
        prices.common_2,
        prices.common_3,
        prices.common_4,
        prices.common_5,
        prices.common_6,
    ]
    size = adults + house.children
    personal = prices.norm_single if adults == 1 else prices.norm_couple
    personal += house.young_children * prices.norm_child_young + house.old_children * prices.norm_child_old
    return personal + (common[size - 1] if size <= len(common) else prices.common_7)


def counted_income(house: Household, person: Resident) -> int:
    """The partner's income counts a month late; a share of earnings is disregarded after six months."""
    income, earned = person.income, person.earned
    if person is house.partner:
        income, earned = person.income_before, person.earned_before
    if house.months >= DISREGARD_AFTER:
        income -= int(person.model.p.disregard_share * earned)
    return income


def consider_applying(world: "ReferenceWorld", house: Household, amount: int) -> None:
    p, reference = world.p, house.reference
    rate = p.take_up_rate
    if any(house.history):
        rate = rate * p.take_up_repeat
    if not any(person.here and person.registered for person in (reference, house.partner) if person):
        rate = rate * p.take_up_outside
    if amount >= SMALLEST_NEED and world.draw(Decision.TAKE_UP, house.id) < rate:
        wait = days_drawn(world.draw(Decision.ASSISTANCE_LENGTH, house.id), p.assistance_decision_days)
        house.assistance, house.months, house.owed = True, 0, 0
        house.days = max(0.0, wait + world.channel(Channel.ASSISTANCE_DAYS, reference.segment))


def leaves(world: "ReferenceWorld", house: Household) -> bool:
    """For other reasons than the need's end, with a rate that falls with the months on assistance."""
    p = world.p
    falling = p.assistance_exit_rate * exponential(-p.assistance_exit_decay * house.months)
    return world.draw(Decision.ASSISTANCE_EXIT, house.id) < max(p.assistance_exit_floor, falling)


def pay_or_wait(world: "ReferenceWorld", house: Household, amount: int) -> None:
    """A month that ends before the decision is owed; the decision's month pays it with its own."""
    if house.days >= MONTH:
        house.days -= MONTH
        house.owed += amount
        return
    house.paid = amount + house.owed
    house.owed = 0
    house.days = 0.0
    house.months += 1
    world.book("assistance", house.paid)
    world.book("assistance_administration", int(ORE * world.p.assistance_administration_month))
