"""Social assistance: one test, one application and one payment per household."""

from typing import TYPE_CHECKING

from reference.household import Household
from reference.pay import ORE
from reference.people import KEPT_MONTHS, YEAR, Resident, days_drawn
from sim.core.draws import Decision
from sim.core.exact import exponential
from sim.model.columns import Presence, Status
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.town import Town

SMALLEST_NEED = 200_00
"""Öre a month below which nothing is paid."""
MONTH = 30.0
DISREGARD_AFTER = 6


def test_assistance(town: "Town") -> None:
    for house in town.households_in_any_order():
        house.paid = 0
        if house.shielded:
            continue
        amount = need(town, house)
        if not house.assistance:
            consider_applying(town, house, amount)
        elif amount < SMALLEST_NEED or leaves(town, house):
            end(town, house)
        if house.assistance:
            pay_or_wait(town, house, amount)
        house.history = [*house.history, house.paid > 0][-KEPT_MONTHS:]


def need(town: "Town", house: Household) -> int:
    """Norm + common costs + housing - incomes; nothing for those under 19, or under 20 and at school."""
    first, second = house.reference, house.partner
    adults = adults_at_home(house)
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
            incomes += int(ORE * town.p.pension_month)
        elif person.here:
            incomes += counted_income(house, person)
    return norm(town, house, len(adults)) + house.housing - incomes


def norm(town: "Town", house: Household, adults: int) -> int:
    prices = town.prices
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
        income -= int(person.p.disregard_share * earned)
    return income


def adults_at_home(house: Household) -> list[Resident]:
    return [person for person in (house.reference, house.partner) if person is not None and person.here]


def consider_applying(town: "Town", house: Household, amount: int) -> None:
    """The needy apply with a monthly rate, which an activation requirement lowers."""
    p, reference = town.p, house.reference
    rate = p.take_up_rate
    if any(house.history):
        rate = rate * p.take_up_repeat
    if not any(person.registered for person in adults_at_home(house)):
        rate = rate * p.take_up_outside
    lost = any(establishment_ended(person) for person in (reference, house.partner) if person)
    if lost:
        rate = max(rate, p.take_up_establishment)
    rate = rate * (1.0 - reference.channel(Channel.DUTY) * deterred(house))
    if amount >= SMALLEST_NEED and town.draw(Decision.TAKE_UP, house.id) < rate:
        wait = days_drawn(town.draw(Decision.ASSISTANCE_LENGTH, house.id), p.assistance_decision_days)
        house.assistance, house.months, house.owed = True, int(p.lasting_need_months) if lost else 0, 0
        house.days = max(0.0, wait + reference.channel(Channel.ASSISTANCE_DAYS))
        town.tally["assistance_entries"] += 1


def establishment_ended(person: Resident) -> bool:
    """This month or the month before."""
    return person.permit is not None and person.model.month - person.permit in (24, 25)


def deterred(house: Household) -> float:
    """The share that a full requirement keeps from applying: more of the young, and of singles without
    children."""
    p = house.reference.p
    single = house.partner is None and house.children == 0
    return p.duty_entry_cut if single or house.reference.age < 25 * YEAR else p.duty_entry_cut_others


def leaves(town: "Town", house: Household) -> bool:
    """For other reasons than the need's end, with a rate that falls with the months on assistance and is
    higher under an activation requirement."""
    p = town.p
    falling = p.assistance_exit_rate * exponential(-p.assistance_exit_decay * house.months)
    raised = 1.0 + house.reference.channel(Channel.DUTY) * p.duty_exit_gain
    return town.draw(Decision.ASSISTANCE_EXIT, house.id) < max(p.assistance_exit_floor, falling) * raised


def end(town: "Town", house: Household) -> None:
    house.assistance, house.months, house.days, house.owed = False, 0, 0.0, 0
    town.tally["assistance_exits"] += 1
    works = any(person.at_work for person in adults_at_home(house))
    town.tally["assistance_exits_without_work"] += not works


def pay_or_wait(town: "Town", house: Household, amount: int) -> None:
    """A month that ends before the decision is owed; the decision's month pays it with its own, which may be
    withheld."""
    if house.days >= MONTH:
        house.days -= MONTH
        house.owed += amount
        return
    kept = is_withheld(town, house)
    house.paid = house.owed if kept else amount + house.owed
    town.tally["sanctions"] += kept
    house.owed = 0
    house.days = 0.0
    house.months += house.paid > 0
    town.book("assistance", house.paid)
    town.book("assistance_administration", int(ORE * town.p.assistance_administration_month))


def is_withheld(town: "Town", house: Household) -> bool:
    """From households of which someone has to take part this month, with a monthly rate."""
    if not any(person.duty for person in adults_at_home(house)):
        return False
    return town.draw(Decision.SANCTION, house.id) < house.reference.channel(Channel.SANCTION)
