"""What is counted at the end of a month, by sex and group."""

from collections import Counter
from typing import TYPE_CHECKING

from reference.household import Household
from reference.people import YEAR, Resident
from sim.model.columns import Activity, Case, Status

if TYPE_CHECKING:
    from reference.town import Town

TRAINING = (Activity.TRAINING, Activity.TRACK, Activity.VOCATIONAL_SFI, Activity.EDUCATION)
Counts = Counter[tuple[str, int, int]]
"""Number of persons or households by name, sex (0 women, 1 men) and group."""


def observe(town: "Town") -> None:
    """Count, and note what the unit knows next month and what to keep from the burn-in's last year."""
    unit, counts = town.unit, count(town)
    town.counts = counts
    unit.clients = sum(n for (name, *_), n in counts.items() if name == "participants")
    unit.queue = sum(n for (name, *_), n in counts.items() if name == "waiting_plan")
    unit.clients_of = Counter(person.segment for person in town.residents() if person.planned)
    if town.burning and town.world.month >= town.inputs.start - 12:
        town.note_steady_state()


def count(town: "Town") -> Counts:
    counts: Counts = Counter()
    for person in town.residents():
        for name, holds in facts(person).items():
            counts[name, person.sex, person.group] += holds
    for house in town.households_in_any_order():
        if any(house.history):
            count_household(counts, house)
    return counts


def facts(person: Resident) -> dict[str, bool]:
    status, case, stock = person.status, person.case, person.unemployed
    activity = person.activity if status == Status.ACTIVITY else Activity.NONE
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
        "municipal_practice": activity == Activity.MUNICIPAL_PRACTICE,
        "in_establishment": activity == Activity.ESTABLISHMENT,
        "in_training": activity in TRAINING,
        "in_track": activity == Activity.TRACK,
        "registered_12m": stock and person.spell >= 12,
        "clients_at_risk": stock and person.client,
        "waiting_handover": stock and case == Case.WAITING_HANDOVER,
        "waiting_plan": stock and case == Case.WAITING_PLAN,
        "participants": person.planned,
        "insured": person.insured,
        "under_duty": person.duty,
        "commuters": person.at_work and person.market is not None,
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
