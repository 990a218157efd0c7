"""What is counted at the end of a month, by sex and group."""

from collections import Counter
from typing import TYPE_CHECKING

from reference.people import YEAR, Household, Resident
from sim.model.columns import Activity, Case, Status

if TYPE_CHECKING:
    from reference.world import ReferenceWorld

Counts = Counter[tuple[str, int, int]]
"""Number of persons or households by name, sex (0 women, 1 men) and group."""


def count(world: "ReferenceWorld") -> Counts:
    counts: Counts = Counter()
    for person in world.residents():
        for name, holds in facts(person).items():
            counts[name, person.sex, person.group] += holds
    for house in world.households_in_any_order():
        if any(house.history):
            count_household(counts, house)
    return counts


def facts(person: Resident) -> dict[str, bool]:
    status, case, stock = person.status, person.case, person.unemployed
    since_contact = None if person.contact is None else person.model.month - person.contact
    return {
        "population_16_64": True,
        "population_20_64": person.age >= 20 * YEAR,
        "open_in_year_20_64": person.age >= 20 * YEAR and any(person.open_months),
        "af_inflow": since_contact == 0,
        "contacts_90": since_contact == 3,
        "reached_90": since_contact == 3 and person.reached,
        "employed": person.at_work,
        "employed_unsubsidised": status == Status.EMPLOYED,
        "subsidised": status == Status.SUBSIDISED,
        "placement": status == Status.PLACEMENT,
        "studying": status == Status.STUDYING,
        "outside": status == Status.OUTSIDE,
        "af_stock": stock,
        "open_unemployed": status == Status.OPEN,
        "in_activity": status == Status.ACTIVITY,
        "municipal_practice": stock and person.activity == Activity.MUNICIPAL_PRACTICE,
        "registered_12m": stock and person.spell >= 12,
        "clients_at_risk": stock and person.client,
        "waiting_handover": stock and case == Case.WAITING_HANDOVER,
        "waiting_plan": stock and case == Case.WAITING_PLAN,
        "participants": stock and case in (Case.WAITING_DECISION, Case.ACTIVE),
    }


def count_household(counts: Counts, house: Household) -> None:
    """A household on assistance within twelve months counts once, where its reference person counts."""
    months = sum(house.history)
    key = (house.reference.sex, house.reference.group)
    counts["assistance_households_year", *key] += 1
    counts["assistance_months_year", *key] += months
    counts["assistance_households", *key] += house.paid > 0
    for person in (house.reference, house.partner):
        if person is None or not person.here:
            continue
        key = (person.sex, person.group)
        counts["assistance_adults_year", *key] += 1
        counts["assistance_adults_10m", *key] += months >= 10
        counts["assistance_adults", *key] += house.paid > 0
        counts["assistance_adults_unemployed", *key] += house.paid > 0 and person.unemployed
