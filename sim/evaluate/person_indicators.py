"""What a trial can measure of persons: states, amounts and events, each declared once.

Public names: `Indicator`, `PERSON_INDICATORS` and `entering` (the event of coming into a state).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.evaluate.record import Bools, Record
from sim.model.columns import Activity, Status

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


def _in(*statuses: Status) -> Callable[[Record], Bools]:
    codes = [int(status) for status in statuses]
    return lambda record: record.present & np.isin(record.status, codes)


def _doing(*activities: str) -> Callable[[Record], Bools]:
    codes = [int(Activity[name]) for name in activities]
    taking_part = _in(Status.ACTIVITY)
    return lambda record: taking_part(record) & np.isin(record.activity, codes)


def _work_or_studies(record: Record) -> Bools:
    return record.at_work | _in(Status.STUDYING)(record)


def _insurance(record: Record) -> Bools:
    return record.present & record.insured


def _paid(record: Record) -> Bools:
    return record.present & record.paid


def _two_courses(record: Record) -> Bools:
    passed: Bools = record.swedish >= 2
    return record.present & passed


def _benefit(record: Record) -> Bools:
    return _paid(record) | _insurance(record) | _in(Status.ACTIVITY)(record)


def _self_supporting(record: Record) -> Bools:
    return record.at_work & ~record.paid


def _before(states: Bools) -> Bools:
    """Return a state of the month before; nobody's in the first row."""
    shifted = np.zeros_like(states)
    shifted[1:] = states[:-1]
    return shifted


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


def _going_on(state: Callable[[Record], Bools]) -> Callable[[Record], Bools]:
    """Return who is in an activity that does not end in the month that follows."""

    def states(record: Record) -> Bools:
        goes_on: Bools = record.left != 1
        return state(record) & goes_on

    return states


def _just_over(state: Callable[[Record], Bools]) -> Callable[[Record], Bools]:
    """Return who looks for work in one of the first months after an activity, that of its end included."""

    def states(record: Record) -> Bools:
        was, last = state(record), np.asarray(record.left == 1)
        recent = np.zeros_like(was)
        for lag in range(1, AFTER_TRAINING):
            recent[lag:] |= was[:-lag]
        return (was & last) | (recent & _in(Status.OPEN)(record))

    return states


_TRAINING = _doing("TRAINING", "VOCATIONAL_SFI", "EDUCATION", "TRACK")
_OPEN = _in(Status.OPEN)
_JOB = _in(Status.SUBSIDISED, Status.EMPLOYED)
_UNSUBSIDISED = _in(Status.EMPLOYED)
_WITH_SUBSIDY = _in(Status.SUBSIDISED)
_SUPPORTED = _in(Status.SUBSIDISED, Status.PLACEMENT)
_PRACTICE = _doing("PRACTICE", "MUNICIPAL_PRACTICE")
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
    _state("subsidised", "In a subsidised job", _WITH_SUBSIDY),
    _state("placement", "In a municipal wage place", _in(Status.PLACEMENT)),
    _state("supported_work", "In a subsidised job or a municipal wage place", _SUPPORTED),
    _state("registered", "In the stock of the employment service: open or in an activity", _registered),
    _state("open_unemployed", "Openly unemployed", _OPEN),
    _state("in_activity", "In an activity", _in(Status.ACTIVITY)),
    _state("in_training", "In training, adult education, vocational Swedish or a job track", _TRAINING),
    _state("in_practice", "In practice, with employers or the municipality", _PRACTICE),
    _state("in_guidance", "In guidance", _doing("GUIDANCE")),
    _state("in_track", "In a job track", _doing("TRACK")),
    _state("in_vocational_sfi", "In vocational Swedish", _doing("VOCATIONAL_SFI")),
    _state("in_education", "In vocational adult education", _doing("EDUCATION")),
    _state("in_establishment", "In the establishment programme", _doing("ESTABLISHMENT")),
    _state("studying", "In studies", _in(Status.STUDYING)),
    _state("work_or_studies", "In work (as employed) or in studies", _work_or_studies),
    _state("outside", "Outside the labour force, registered nowhere", _in(Status.OUTSIDE)),
    _state("on_assistance", "In a household paid social assistance in the month", _paid),
    _state("insurance", "Paid unemployment insurance in the month", _insurance),
    _state("benefit_any", "On assistance, insurance, or support in an activity", _benefit),
    _state("self_supporting", "In work, and in a household without assistance", _self_supporting),
    _state("two_swedish_courses", "Has passed two courses of Swedish or more", _two_courses),
    _state("in_duty", "Taking part under the activation requirement", lambda record: record.duty),
    _amount("earnings", "Income from work after tax", lambda record: record.earned),
    _amount("income", "Own income after tax", lambda record: record.income),
    _amount("disposable_income", "Income of the household after tax with its assistance, per adult",
            lambda record: record.household_income),
    Indicator("reached_90", "Of those registered three months ago, in work, activity or studies since",
              _SHARE, "event", lambda record: record.reached_90, lambda record: record.contact_90),
    _event("exit_to_work", "From the register to work (as employed)", _registered, _at_work),
    _event("exit_to_job", "From the register to a job with or without subsidy", _registered, _JOB),
    _event("exit_to_unsubsidised_work", "To a job without subsidy", _registered, _UNSUBSIDISED),
    _event("exit_to_subsidised_work", "To a subsidised job", _registered, _WITH_SUBSIDY),
    _event("exit_to_studies", "From the register to studies", _registered, _in(Status.STUDYING)),
    _event("exit_from_training", "To work from training that goes on", _going_on(_TRAINING), _at_work),
    _event("exit_after_training", f"To work in the {AFTER_TRAINING} months from the end of training",
           _just_over(_TRAINING), _at_work),
    _event("exit_from_open", "To work from open unemployment", _OPEN, _at_work),
    _event("exit_from_practice", "To work from practice", _PRACTICE, _at_work),
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
