"""State of residents and households, one typed column per variable, and the codes that the columns hold."""

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Int8 = NDArray[np.int8]
Int16 = NDArray[np.int16]
Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
Rows = NDArray[np.uint32]
"""Row numbers; they have no sign, so that no pass asks whether one counts from the end."""
Float64 = NDArray[np.float64]
Keys = NDArray[np.uint64]
Bool = NDArray[np.bool_]

SECTORS = 8
"""Fields of work."""
TIERS = 3
"""Skill tiers of a field: low, middle, high."""
CELLS = SECTORS * TIERS
"""Markets in which seekers and vacancies meet: field of work x skill tier."""


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
    TRACK = 6
    VOCATIONAL_SFI = 7
    EDUCATION = 8


class Workplace(IntEnum):
    """What kind of workplace a municipal place is at; in an ordinary job the column holds the contract."""

    ORDINARY = 0
    CREATED = 1
    EXISTING = 2
    ASSOCIATION = 3


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
    """One row per resident who lives in the municipality at any time of the run.

    Attributes:
        id: Permanent id: municipality code x 2^24 + serial number.
        household: Row of the household.
        partner: Row of the partner; -1 without one.
        sex: 0 woman, 1 man.
        birth: Month number of birth.
        arrival: Month number from which the resident lives here.
        permit: Month number of the residence permit; 0 without one that matters.
        presence: Code of `Presence`.
        education: 0 presecondary, 1 upper secondary, 2 post-secondary.
        origin: Code of `Origin`.
        swedish: Level of Swedish: 0 none, 1-3 courses, 4 fluent.
        limitation: 1 with limited work ability.
        sector: Field of work: 0 care, 1 school, 2 trade and services, 3 hotels and cleaning, 4 industry,
            5 construction, 6 transport, 7 office.
        tier: Skill tier: 0 low, 1 middle, 2 high.
        ability: Fixed unobserved employability, ratio, median 1.
        member: 1 for a member of an unemployment insurance fund.
        wage: Wage in a full-time job, öre a month.
        other_income: Sickness or other lasting benefit while outside the labour force, öre a month; 0 none.
        status: Code of `Status`.
        contract: In a job 0 permanent, 1 temporary; in a municipal place the code of `Workplace`.
        market: 0 for a job in the home municipality; else 1 + the number of the municipality, among those
            of the run, that one commutes to.
        registered: 1 while registered with AF.
        spell: Length of the registration so far, months.
        in_status: Time in the present status, months.
        activity: Code of `Activity`.
        left: Time left of the activity, municipal place or subsidised job, months; 0 without a fixed length.
        took: 1 if the municipal place or subsidised job took a vacancy, posted again when it is left.
        assigned: 1 in a subsidised job that is one of the policy's places.
        track: Number of the job track plus 1, kept after completion; 0 never.
        track_field: Field of work that the track trains for.
        language: 1 while vocational Swedish runs beside the activity.
        glow: Time left of the spike in search after completing an activity, months.
        gain: What completed activities have made of search success, ratio, at most 2.
        case: Code of `Case`.
        case_days: Time left of the wait for hand-over or for AF's decision, days.
        insurance: 0 none, 1 basic, 2 income-related.
        insurance_days: Days of unemployment insurance left.
        insured: 1 if unemployment insurance was paid this month.
        duty: 1 if taking part this month under the municipality's activation requirement.
        worked: The last twelve months as bits, 1 for work that counts towards insurance, newest lowest.
        open_months: The last twelve months as bits, 1 for open unemployment, newest lowest.
        study_end: Month number in which studies end.
        contact: Month number of the latest registration, the first contact of the spell; 0 never.
        reached: 1 if in work, activity or studies within three months of that contact.
        reason: Code of `Reason`.
        group: Code of `Group`.
        client: 1 for those registered at the start, until they get a job or leave AF for another reason.
        arm: 1 if drawn to the treated arm of a trial.
        income: Income of the month after tax, öre.
        earned: What of it comes from work, öre.
        income_before: Income of the month before, öre.
        earned_before: What of it came from work, öre.
        weight: Search weight of the month, in steps of 1 / FIXED_POINT (`sim.core.exact`).
        weight_free: The same without lock-in, for bookkeeping only.
        weight_calm: The same without the policy's contact channel, for bookkeeping only.
        weight_alone: The same with no more contact than AF's ordinary hours, and without employer contacts.
        found: 1 if the latest job was found only through more contact than that.
    """

    id: Int64
    household: Rows
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
    wage: Int32
    other_income: Int32
    status: Int8
    contract: Int8
    market: Int16
    registered: Int8
    spell: Int16
    in_status: Int16
    activity: Int8
    left: Int16
    took: Int8
    assigned: Int8
    track: Int8
    track_field: Int8
    language: Int8
    glow: Int8
    gain: Float64
    case: Int8
    case_days: Float64
    insurance: Int8
    insurance_days: Int16
    insured: Int8
    duty: Int8
    worked: Int16
    open_months: Int16
    study_end: Int32
    contact: Int32
    reached: Int8
    reason: Int8
    group: Int8
    client: Int8
    arm: Int8
    income: Int32
    earned: Int32
    income_before: Int32
    earned_before: Int32
    weight: Int32
    weight_free: Int32
    weight_calm: Int32
    weight_alone: Int32
    found: Int8


class HouseholdColumns(NamedTuple):
    """One row per household: who is in it and where its assistance stands.

    Attributes:
        id: Permanent id, that of the reference person.
        reference: Row of the reference person.
        partner: Row of the partner; -1 without one.
        young_children: Children aged 0-6.
        old_children: Children aged 7-18.
        housing: Cost of housing that the test accepts, öre a month.
        shielded: 1 if savings or family keep the household from ever applying.
        assistance: 1 from the application until assistance ends.
        months: Months paid in the present spell; it starts higher where the establishment benefit ended.
        history: The last twelve months as bits, 1 for a month with assistance paid, newest lowest.
        days: Time left until the decision, days.
        owed: Assistance for months that wait for the decision, öre.
        paid: Assistance paid this month, öre.
    """

    id: Int64
    reference: Int32
    partner: Int32
    young_children: Int8
    old_children: Int8
    housing: Int32
    shielded: Int8
    assistance: Int8
    months: Int16
    history: Int16
    days: Float64
    owed: Int32
    paid: Int32
