"""Facts about one resident that several processes ask for."""

from sim.core.compiled import rule
from sim.model.codes import ESTABLISHMENT, GUIDANCE, IN_ACTIVITY, NEWCOMER, NO_CASE, OPEN, PLACEMENT, STUDYING
from sim.model.columns import ResidentColumns

FOLLOWED = 3
"""Months after a first contact in which what becomes of somebody is followed."""


@rule
def segment(r: ResidentColumns, i: int, month: int) -> int:
    """Return the policy segment: 1 newcomer + 2 aged 18-24 + 4 registered 12 months or more + 8 weak
    Swedish + 16 registered less than 6 months + 32 in the treated arm of a trial."""
    code = 0
    if r.origin[i] == NEWCOMER:
        code += 1
    if 18 * 12 <= month - r.birth[i] < 25 * 12:
        code += 2
    if r.swedish[i] <= 1:
        code += 8
    if r.registered[i] == 1:
        if r.spell[i] >= 12:
            code += 4
        elif r.spell[i] < 6:
            code += 16
    if r.arm[i] == 1:
        code += 32
    return code


@rule
def seeks_activity(r: ResidentColumns, i: int) -> bool:
    """Return whether a registered person is free to enter an activity of the policy: openly unemployed, in
    guidance or in the establishment programme."""
    if r.status[i] == OPEN:
        return True
    idle = r.activity[i] == GUIDANCE or r.activity[i] == ESTABLISHMENT
    return bool(r.status[i] == IN_ACTIVITY and idle)


@rule
def begin(r: ResidentColumns, i: int, kind: int, months: int) -> None:
    """Put a resident into an activity for a number of months (0: until a monthly draw ends it)."""
    r.status[i] = IN_ACTIVITY
    r.in_status[i] = 0
    r.activity[i] = kind
    r.left[i] = months


@rule
def back_to_search(r: ResidentColumns, i: int, month: int) -> None:
    """Return a participant to open unemployment in the same spell, or to the establishment programme in the
    24 months after the permit."""
    establishing = r.origin[i] == NEWCOMER and month - r.permit[i] < 24
    r.status[i] = IN_ACTIVITY if establishing else OPEN
    r.in_status[i] = 0
    r.activity[i] = ESTABLISHMENT if establishing else 0
    r.left[i] = 0
    r.language[i] = 0


@rule
def months_worked(history: int) -> int:
    """Return how many of the last twelve months a 12-bit history marks: bits added in twos, fours, eights."""
    twos = history - ((history >> 1) & 0x555)
    fours = (twos & 0x333) + ((twos >> 2) & 0x333)
    return (fours & 0xF) + ((fours >> 4) & 0xF) + (fours >> 8)


@rule
def insurance_kind(worked: int, member: int, age_months: int) -> int:
    """Return 0 without the work condition (6 of 12 months, age 20), 1 basic, 2 income-related insurance."""
    if months_worked(worked) < 6 or age_months < 240:
        return 0
    return 1 + member


@rule
def enter_register(r: ResidentColumns, i: int, month: int, insurance_days: int) -> None:
    """Register a resident as openly unemployed with AF: a new spell, a first contact, insurance if earned."""
    r.status[i] = OPEN
    r.in_status[i] = 0
    r.market[i] = 0
    r.registered[i] = 1
    r.spell[i] = 0
    r.contact[i] = month
    r.reached[i] = 0
    r.case[i] = NO_CASE
    qualify(r, i, month, insurance_days)


@rule
def qualify(r: ResidentColumns, i: int, month: int, insurance_days: int) -> None:
    """Give a resident who becomes unemployed the insurance that past work has earned."""
    kind = insurance_kind(int(r.worked[i]), int(r.member[i]), int(month - r.birth[i]))
    r.insurance[i] = kind
    r.insurance_days[i] = insurance_days if kind > 0 else 0


@rule
def return_to_register(r: ResidentColumns, i: int, month: int, insurance_days: int) -> None:
    """Bring a resident back from a subsidised job or wage place: the same spell, no new first contact."""
    r.status[i] = OPEN
    r.in_status[i] = 0
    r.market[i] = 0
    r.registered[i] = 1
    r.case[i] = NO_CASE
    qualify(r, i, month, insurance_days)


@rule
def leave_register(r: ResidentColumns, i: int, status: int) -> None:
    """End a resident's registration and put the person in another status."""
    r.status[i] = status
    r.in_status[i] = 0
    r.registered[i] = 0
    r.spell[i] = 0
    r.case[i] = NO_CASE
    r.activity[i] = 0
    r.left[i] = 0
    r.glow[i] = 0
    r.language[i] = 0
    r.market[i] = 0
    r.insurance[i] = 0
    r.insurance_days[i] = 0


@rule
def drawn_months(u: float, mean: float) -> int:
    """Return a length of at least one month, uniform from half to one and a half times the mean."""
    return max(1, int(mean * (0.5 + u) + 0.5))


@rule
def drawn_days(u: float, mean: float) -> float:
    """Return a waiting time in days, uniform from nothing to twice the mean."""
    return 2.0 * mean * u


@rule
def takes_part(status: int, activity: int) -> bool:
    """Return whether a person has work, studies, training or practice: what counts within 90 days."""
    if status == IN_ACTIVITY:
        return activity != GUIDANCE and activity != ESTABLISHMENT
    return status >= PLACEMENT or status == STUDYING


@rule
def note_part(r: ResidentColumns, i: int, month: int) -> None:
    """Note that someone takes part within three months of the first contact."""
    recent = r.contact[i] > 0 and month - r.contact[i] <= FOLLOWED
    if recent and takes_part(r.status[i], r.activity[i]):
        r.reached[i] = 1
