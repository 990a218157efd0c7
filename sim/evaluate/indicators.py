"""What a trial can measure: states, amounts and events of persons, and series of the municipality.

Each is declared once with its meaning and unit; ``samspel evidence --schema`` prints them. A share of persons
may also be written with ``_share`` after its name.

Public names: `Indicator`, `indicator` (by name) and `PERSON_INDICATORS`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import input_error
from sim.evaluate.record import Bools, Record
from sim.experiment.breakeven import PAYERS
from sim.model.columns import Activity, Status
from sim.model.ledger import KINDS, Party
from sim.model.rules.observing import Count

Kind = Literal["state", "amount", "event", "stock", "flow", "total", "rate", "payback"]
Cells = NDArray[Any]

AFTER_TRAINING = 3
"""Months after an activity in which its spike in job-finding is looked for."""


@dataclass(frozen=True)
class Indicator:
    """One indicator.

    kind: of persons, a ``state`` (share of months), an ``amount`` or an ``event`` (per month at risk); of
    the municipality, a ``stock`` or ``flow`` of a month, a ``total`` since the roll-out, a ``rate``, or the
    month of ``payback``.
    """

    name: str
    meaning: str
    unit: str
    kind: Kind
    read: Callable[[Record], Cells] | None = None
    """State or amount [month, person]; of an event, whether it happens in the month."""
    at_risk: Callable[[Record], Bools] | None = None
    """Of an event: who could have it in the month."""
    series: Callable[[Record], NDArray[np.float64]] | None = None

    @property
    def of_persons(self) -> bool:
        """Whether it is read person by person."""
        return self.kind in ("state", "amount", "event")


def indicator(name: object, where: object, key: str = "indicator") -> Indicator:
    """Return the indicator of a name.

    Raises:
        SamspelError: There is no such indicator.
    """
    known = all_indicators()
    text = str(name)
    for candidate in (text, text.removesuffix("_share"), text.removesuffix("_rate")):
        if candidate in known:
            return known[candidate]
    raise input_error(where, key, name, "one of " + ", ".join(known), known)


def _in(*statuses: Status) -> Callable[[Record], Bools]:
    codes = [int(status) for status in statuses]
    return lambda record: record.present & np.isin(record.status, codes)


def _doing(*activities: str) -> Callable[[Record], Bools]:
    codes = [int(Activity[name]) for name in activities if name in Activity.__members__]
    return lambda record: record.registered & np.isin(record.activity, codes)


def _work_or_studies(record: Record) -> Bools:
    return record.at_work | (record.present & (record.status == Status.STUDYING))


def _insurance(record: Record) -> Bools:
    return record.present & record.insured & (record.status == Status.OPEN)


def _paid(record: Record) -> Bools:
    return record.present & record.paid


def _benefit(record: Record) -> Bools:
    return _paid(record) | _insurance(record) | (record.registered & (record.status == Status.ACTIVITY))


def _self_supporting(record: Record) -> Bools:
    return record.at_work & ~record.paid


def _reached(record: Record) -> Bools:
    months = record.first_month - 1 + np.arange(record.months + 1)[:, None] - record.contact
    return record.present & (record.contact > 0) & (months == 3) & (record.reached > 0)


def _before(states: Bools) -> Bools:
    """Return a state of the month before; nobody's in the first row."""
    shifted = np.zeros_like(states)
    shifted[1:] = states[:-1]
    return shifted


def _first_row_out(cells: Bools) -> Bools:
    cells[0] = False
    return cells


def _leaving(state: Callable[[Record], Bools], to: Callable[[Record], Bools]) -> Callable[[Record], Bools]:
    """Return who was in a state the month before and is now in another."""
    return lambda record: _before(state(record)) & to(record)


def _still_here(state: Callable[[Record], Bools]) -> Callable[[Record], Bools]:
    """Return who was in a state the month before and lives here still."""
    return lambda record: _before(state(record)) & record.present


def _not(state: Callable[[Record], Bools]) -> Callable[[Record], Bools]:
    return lambda record: record.present & ~state(record)


def _registered(record: Record) -> Bools:
    return record.registered


def _at_work(record: Record) -> Bools:
    return record.at_work


def _shortly_after(state: Callable[[Record], Bools]) -> Callable[[Record], Bools]:
    """Return who is openly unemployed within some months of having been in a state."""

    def states(record: Record) -> Bools:
        was = state(record)
        recent = np.zeros_like(was)
        for lag in range(1, AFTER_TRAINING + 1):
            recent[lag:] |= was[:-lag]
        return recent & record.present & (record.status == Status.OPEN)

    return states


_TRAINING = _doing("TRAINING", "VOCATIONAL_SFI", "EDUCATION", "TRACK")
_OPEN = _in(Status.OPEN)
_JOB = _in(Status.SUBSIDISED, Status.EMPLOYED)
_UNSUBSIDISED = _in(Status.EMPLOYED)
_SHARE = "share of persons"
_PER_MONTH = "per month at risk"


def _state(name: str, meaning: str, read: Callable[[Record], Bools]) -> Indicator:
    return Indicator(name, meaning, _SHARE, "state", read)


def _amount(name: str, meaning: str, read: Callable[[Record], Cells]) -> Indicator:
    return Indicator(name, meaning, "SEK/month", "amount", read)


def _event(
    name: str, meaning: str, state: Callable[[Record], Bools], to: Callable[[Record], Bools]
) -> Indicator:
    return Indicator(name, meaning, _PER_MONTH, "event", _leaving(state, to), _still_here(state))


PERSON_INDICATORS = (
    _state("employed", "In a job, subsidised job or municipal wage place", _at_work),
    _state("employed_unsubsidised", "In a job without subsidy", _UNSUBSIDISED),
    _state("in_job", "In a job with or without subsidy, municipal wage places left out", _JOB),
    _state("subsidised", "In a subsidised job", _in(Status.SUBSIDISED)),
    _state("placement", "In a municipal wage place", _in(Status.PLACEMENT)),
    _state("supported_work", "In a subsidised job or a municipal wage place", _in(Status.SUBSIDISED, Status.PLACEMENT)),
    _state("registered", "Openly unemployed or in an activity: the stock of the employment service", _registered),
    _state("open_unemployed", "Openly unemployed", _OPEN),
    _state("in_activity", "In an activity", _in(Status.ACTIVITY)),
    _state("in_training", "In training, adult education, vocational Swedish or a job track", _TRAINING),
    _state("in_practice", "In practice, with employers or the municipality", _doing("PRACTICE", "MUNICIPAL_PRACTICE")),
    _state("in_guidance", "In guidance", _doing("GUIDANCE")),
    _state("in_track", "In a job track", _doing("TRACK")),
    _state("in_vocational_sfi", "In vocational Swedish", _doing("VOCATIONAL_SFI")),
    _state("in_education", "In vocational adult education", _doing("EDUCATION")),
    _state("in_establishment", "In the establishment programme", _doing("ESTABLISHMENT")),
    _state("studying", "In studies", _in(Status.STUDYING)),
    _state("work_or_studies", "In work (as employed) or in studies", _work_or_studies),
    _state("outside", "Outside the labour force, registered nowhere", _in(Status.OUTSIDE)),
    _state("on_assistance", "In a household paid social assistance in the month", _paid),
    _state("insurance", "Openly unemployed with unemployment insurance", _insurance),
    _state("benefit_any", "On assistance, insurance, or support in an activity", _benefit),
    _state("self_supporting", "In work, and in a household without assistance", _self_supporting),
    _state("reached_90", "Registered three months ago, and in work, activity or studies since", _reached),
    _amount("earnings", "Income from work after tax", lambda record: record.earned),
    _amount("income", "Own income after tax", lambda record: record.income),
    _amount("disposable_income", "Income of the household after tax with its assistance, per adult",
            lambda record: record.household_income),
    _event("exit_to_work", "From the register to work (as employed)", _registered, _at_work),
    _event("exit_to_job", "From the register to a job with or without subsidy", _registered, _JOB),
    _event("exit_to_unsubsidised_work", "From the register to a job without subsidy", _registered, _UNSUBSIDISED),
    _event("exit_to_subsidised_work", "From the register to a subsidised job", _registered, _in(Status.SUBSIDISED)),
    _event("exit_to_studies", "From the register to studies", _registered, _in(Status.STUDYING)),
    _event("exit_from_training", "To work from training, at risk while in training", _TRAINING, _at_work),
    _event("exit_after_training", f"To work within {AFTER_TRAINING} months of training, from open unemployment",
           _shortly_after(_TRAINING), _at_work),
    _event("exit_from_open", "To work from open unemployment", _OPEN, _at_work),
    _event("exit_from_practice", "To work from practice", _doing("PRACTICE", "MUNICIPAL_PRACTICE"), _at_work),
    _event("register_exit", "From the register to anything else", _registered, _not(_registered)),
    _event("registration", "Into the register", _not(_registered), _registered),
    _event("assistance_entry", "Into a household on assistance, from a month without", _not(_paid), _paid),
    _event("assistance_exit", "Out of assistance, from a month with it", _paid, _not(_paid)),
    _event("hired", "Into work (as employed) from anything else", _not(_at_work), _at_work),
    _event("job_loss", "Out of work (as employed)", _at_work, _not(_at_work)),
)  # fmt: skip
"""All that is read person by person."""


def entering(state: Indicator) -> Indicator:
    """Return the event of coming into a state, for those who live here and were not in it."""
    assert state.read is not None
    read = state.read
    return Indicator(
        state.name, state.meaning, _PER_MONTH, "event", _leaving(_not(read), read), _still_here(_not(read))
    )


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
        "percent",
        "rate",
        _series("stativ_share"),
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
    "subsidised_hires": "Hires into subsidised jobs",
    "separations": "Jobs that ended",
    "plans": "Plans made by the unit",
    "activity_starts": "Entries to activities of the employment service",
    "waiting_activity": "Refused an activity for want of room",
    "waiting_place": "Waiting for a municipal place",
    "placed": "Entries to municipal places",
    "places_in_use": "Municipal places in use",
    "vacancies": "Vacancies at the start of matching",
}
"""What the model tells of a month beside its counts."""

_KNOWN: dict[str, Indicator] = {}


def all_indicators() -> Mapping[str, Indicator]:
    """Return every indicator by name, those of persons before those of the municipality."""
    if not _KNOWN:
        persons = {one.name: one for one in PERSON_INDICATORS}
        _KNOWN.update(persons | {name: one for name, one in _municipal().items() if name not in persons})
    return _KNOWN
