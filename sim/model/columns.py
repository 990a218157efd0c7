"""State of residents and households, one typed column per variable, and the codes that the columns hold."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Int8 = NDArray[np.int8]
Int16 = NDArray[np.int16]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Float64 = NDArray[np.float64]
Keys = NDArray[np.uint64]

SECTORS = 8
TIERS = 3
CELLS = SECTORS * TIERS
SEGMENTS = 16


class Presence(IntEnum):
    """Whether a resident lives in the municipality."""

    NOT_YET = 0
    HERE = 1
    GONE = 2


class Origin(IntEnum):
    """Country of birth and time since the residence permit."""

    BORN_IN_SWEDEN = 0
    ESTABLISHED = 1
    NEWCOMER = 2


class Status(IntEnum):
    """Labour status. From PLACEMENT upwards a person is at work."""

    OUTSIDE = 0
    STUDYING = 1
    OPEN = 2
    ACTIVITY = 3
    PLACEMENT = 4
    SUBSIDISED = 5
    EMPLOYED = 6


class Activity(IntEnum):
    """What a participant takes part in."""

    NONE = 0
    GUIDANCE = 1
    TRAINING = 2
    PRACTICE = 3
    MUNICIPAL_PRACTICE = 4
    ESTABLISHMENT = 5


class Case(IntEnum):
    """Where the case of a person who needs both AF and the municipality stands."""

    NONE = 0
    WAITING_HANDOVER = 1
    LOST = 2
    WAITING_PLAN = 3
    WAITING_DECISION = 4
    ACTIVE = 5


class Group(IntEnum):
    """Exclusive groups of the report, settled at the start of the horizon or on arrival."""

    OTHER = 0
    YOUTH = 1
    NEWCOMER = 2
    LONG_TERM = 3


class Reason(IntEnum):
    """The latest hire that a person missed through the policy, on the same draw."""

    NONE = 0
    HELD = 1
    DELAYED = 2


class ResidentColumns(NamedTuple):
    """One row per resident who lives in the municipality at any time of the run."""

    id: Int64
    household: Int32
    partner: Int32
    sex: Int8
    birth: Int32
    arrival: Int32
    permit: Int32
    presence: Int8
    education: Int8
    origin: Int8
    swedish: Int8
    limitation: Int8
    sector: Int8
    tier: Int8
    ability: Float64
    member: Int8
    wage: Int64
    other_income: Int64
    status: Int8
    contract: Int8
    registered: Int8
    spell: Int16
    in_status: Int16
    activity: Int8
    left: Int16
    glow: Int8
    gain: Float64
    case: Int8
    case_days: Float64
    insurance: Int8
    insurance_days: Int16
    worked: Int16
    open_months: Int16
    study_end: Int32
    contact: Int32
    reached: Int8
    reason: Int8
    group: Int8
    client: Int8
    income: Int64
    earned: Int64
    income_before: Int64
    earned_before: Int64
    weight: Int64
    weight_free: Int64
    weight_calm: Int64


class HouseholdColumns(NamedTuple):
    """One row per household: who is in it and where its assistance stands."""

    id: Int64
    reference: Int32
    partner: Int32
    young_children: Int8
    old_children: Int8
    housing: Int64
    shielded: Int8
    assistance: Int8
    months: Int16
    history: Int16
    days: Float64
    paid: Int64


def allocate_residents(rows: int) -> ResidentColumns:
    """Return zeroed resident columns."""
    types: dict[str, type[np.generic]] = {
        "id": np.int64, "wage": np.int64, "other_income": np.int64, "income": np.int64, "earned": np.int64,
        "income_before": np.int64, "earned_before": np.int64, "weight": np.int64, "weight_free": np.int64,
        "weight_calm": np.int64, "household": np.int32, "partner": np.int32, "birth": np.int32, "arrival":
        np.int32, "permit": np.int32, "study_end": np.int32, "contact": np.int32, "ability": np.float64,
        "gain": np.float64, "case_days": np.float64, "spell": np.int16, "in_status": np.int16, "left":
        np.int16, "insurance_days": np.int16, "worked": np.int16, "open_months": np.int16,
    }  # fmt: skip
    return ResidentColumns._make(np.zeros(rows, types.get(n, np.int8)) for n in ResidentColumns._fields)


def allocate_households(rows: int) -> HouseholdColumns:
    """Return zeroed household columns."""
    types: dict[str, type[np.generic]] = {
        "id": np.int64, "housing": np.int64, "paid": np.int64, "reference": np.int32, "partner": np.int32,
        "months": np.int16, "history": np.int16, "days": np.float64,
    }  # fmt: skip
    return HouseholdColumns._make(np.zeros(rows, types.get(n, np.int8)) for n in HouseholdColumns._fields)
