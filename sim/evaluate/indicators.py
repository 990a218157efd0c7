"""All that a trial can measure, by name: indicators of persons, and series of the municipality.

A share of persons may also be written with ``_share`` after its name. ``samspel evidence --schema`` prints
them all.

Public names: `indicator` (by name), `all_indicators` and `ALSO` (other names).
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import input_error
from sim.evaluate.person_indicators import PERSON_INDICATORS, Indicator, Kind
from sim.evaluate.record import Record
from sim.experiment.breakeven import PAYERS
from sim.model.counts import Count
from sim.model.ledger import KINDS, Party

ALSO = {
    "at_work": "employed",
    "employment": "employed",
    "unsubsidised": "employed_unsubsidised",
    "subsidised_employment": "subsidised",
    "unemployed": "registered",
    "openly_unemployed": "open_unemployed",
    "assistance": "on_assistance",
    "assistance_receipt": "on_assistance",
    "job_finding": "exit_to_work",
    "exit_to_employment": "exit_to_work",
    "exit_from_register": "register_exit",
}
"""Other names for the same indicator."""


def indicator(name: object, where: object, key: str = "indicator") -> Indicator:
    """Return the indicator of a name.

    Raises:
        SamspelError: There is no such indicator.
    """
    known = all_indicators()
    text = str(name)
    for candidate in (text, text.removesuffix("_share"), text.removesuffix("_rate")):
        if candidate in known or candidate in ALSO:
            return known[ALSO.get(candidate, candidate)]
    raise input_error(where, key, name, "one of " + ", ".join(known), known)


def _series(name: str) -> Callable[[Record], NDArray[np.float64]]:
    return lambda record: record.series[name]


def _sum_of(*names: str, sign: float = 1.0) -> Callable[[Record], NDArray[np.float64]]:
    def total(record: Record) -> NDArray[np.float64]:
        return sign * np.sum([record.series[name] for name in names], axis=0)

    return total


def _cumulated(series: Callable[[Record], NDArray[np.float64]]) -> Callable[[Record], NDArray[np.float64]]:
    return lambda record: np.cumsum(series(record))


def _unemployment(record: Record) -> NDArray[np.float64]:
    stock = record.series["af_stock"]
    return stock / np.maximum(stock + record.series["employed"], 1.0)


def _stativ(record: Record) -> NDArray[np.float64]:
    return record.series["stativ_share"] / 100.0


_BENEFITS = ("flow_insurance", "flow_activity_support", "flow_establishment_benefit", "flow_assistance")
_COSTS = tuple(f"flow_{kind.name}" for kind in KINDS if kind.name.startswith("reform_"))
_COUNT_MEANINGS = {
    line.split(":", 1)[0].strip(): line.split(":", 1)[1].strip()
    for line in (Count.__doc__ or "").splitlines()
    if ":" in line and not line.strip().endswith(":")
}


def _municipal() -> dict[str, Indicator]:
    """Return the indicators of the whole municipality."""
    found: dict[str, Indicator] = {}

    def add(name: str, meaning: str, unit: str, kind: Kind, series: Callable[[Record], Any]) -> None:
        found[name] = Indicator(name, meaning, unit, kind, series=series)

    for count in Count:
        meaning = _COUNT_MEANINGS.get(count.name, count.name)
        unit = "households" if "households" in count.name else "persons"
        add(count.name, meaning, unit, "stock", _series(count.name))
    for name, meaning in TALLIES.items():
        add(name, meaning, "persons", "stock", _series(name))
    add(
        "stativ_share",
        "Openly unemployed in any month of the year (20-64)",
        "share",
        "rate",
        _stativ,
    )
    add("bas_unemployed", "Unemployed in BAS", "persons", "stock", _series("bas_unemployed"))
    add("assistance_households_prelim", "Households in the preliminary month", "households", "stock",
        _series("assistance_households_prelim"))  # fmt: skip
    add("unemployment_rate", "Registered over registered and employed", "share", "rate", _unemployment)
    money: dict[str, tuple[str, Callable[[Record], NDArray[np.float64]]]] = {
        "benefits": (
            "Insurance, activity support, establishment benefit and assistance paid",
            _sum_of(*_BENEFITS),
        ),
        "benefit_saving": ("The same with the sign turned: what is saved", _sum_of(*_BENEFITS, sign=-1.0)),
        "reform_cost": ("What the arms cost, by all payers", _sum_of(*_COSTS)),
        "net_public": ("Money in less money out of all public payers", _series("net_public")),
        "assistance_paid": ("Social assistance paid", _series("assistance_paid")),
    }
    for party in Party:
        name = party.name.lower()
        money[f"net_{name}"] = (f"Money in less money out: {name}", _series(f"net_{name}"))
    for kind in KINDS:
        money[f"flow_{kind.name}"] = (f"Paid: {kind.name.replace('_', ' ')}", _series(f"flow_{kind.name}"))
    money["benefits_less_costs"] = (
        "Benefits saved less what the arms cost", _sum_of(*_BENEFITS, *_COSTS, sign=-1.0),
    )  # fmt: skip
    for name, (meaning, series) in money.items():
        add(name, meaning, "SEK/month", "flow", series)
        add(f"cum_{name}", f"{meaning}, since the roll-out", "SEK", "total", _cumulated(series))
    for payer in PAYERS:
        meaning = f"Month from which the money of {payer} is back for good; one past the window if never"
        add(f"break_even_month_{payer}", meaning, "months", "payback", _series(f"net_{payer}"))
    found["break_even_month"] = found["break_even_month_public"]
    return found


TALLIES = {
    "hires": "Hires of the month, from anywhere",
    "exits_to_work": "Hires from the register",
    "exits_to_work_clients": "Hires of those registered at the start",
    "subsidised_hires": "Hires into subsidised jobs",
    "separations": "Jobs that ended",
    "vacancies": "Vacancies at the start of matching",
    "commuters": "Residents who work in another municipality of the run",
    "af_inflow_from_work": "Registrations of those whose job ended",
    "af_returns": "Returns to the register from supported work",
    "held_losses": "Hires missed because of an activity",
    "delayed_losses": "Hires missed because of a reorganisation",
    "plans": "Plans made by the unit",
    "activity_starts": "Entries to activities of the employment service",
    "waiting_activity": "Refused an activity for want of room",
    "promises_kept": "Activities begun because of a guarantee",
    "promises_short": "Promises of a guarantee that there was no room for",
    "placed": "Entries to municipal places",
    "waiting_place": "Waiting for a municipal place",
    "places_in_use": "Municipal places in use",
    "association_places_in_use": "Places in associations in use",
    "subsidised_starts": "Entries to the policy's subsidised jobs",
    "subsidised_places_in_use": "The policy's subsidised jobs in use",
    "kept_jobs_filled": "Ordinary jobs kept for participants and filled",
    "education_starts": "Entries to vocational adult education",
    "sfi_starts": "Entries to vocational Swedish",
    "track_starts": "Entries to job tracks",
    "waiting_track": "Refused a job track for want of room",
    "partner_hires": "Hires by partner employers of tracks",
    "outreach_contacts": "Young people reached by outreach",
    "assistance_entries": "Households that begin to be paid assistance",
    "assistance_exits": "Households that leave assistance",
    "assistance_exits_without_work": "Households that leave assistance without work",
    "sanctions": "Households with assistance withheld",
} | {
    f"{name}_{length}": f"{meaning}, by months in the spell"
    for name, meaning in (("registered", "Registered"), ("exits", "Hires from the register"))
    for length in ("0_2", "3_5", "6_11", "12_23", "24_plus")
}
"""What the model tells of a month beside its counts."""

_KNOWN: dict[str, Indicator] = {}


def all_indicators() -> Mapping[str, Indicator]:
    """Return every indicator by name, those of persons before those of the municipality."""
    if not _KNOWN:
        persons = {one.name: one for one in PERSON_INDICATORS}
        _KNOWN.update(persons | {name: one for name, one in _municipal().items() if name not in persons})
    return _KNOWN
