"""Facts about one resident that several processes ask for."""

from sim.core.compiled import rule
from sim.model.columns import Case, Origin, ResidentColumns, Status

OPEN = int(Status.OPEN)
ACTIVITY = int(Status.ACTIVITY)
PLACEMENT = int(Status.PLACEMENT)
NEWCOMER = int(Origin.NEWCOMER)
NO_CASE = int(Case.NONE)


@rule
def segment(origin: int, age_months: int, registered: int, spell: int, swedish: int) -> int:
    """Return the policy segment: 1 newcomer + 2 aged 18-24 + 4 registered 12 months or more + 8 weak
    Swedish."""
    code = 0
    if origin == NEWCOMER:
        code += 1
    if 18 * 12 <= age_months < 25 * 12:
        code += 2
    if registered == 1 and spell >= 12:
        code += 4
    if swedish <= 1:
        code += 8
    return code


@rule
def months_worked(history: int) -> int:
    """Return how many of the last twelve months a 12-bit history marks."""
    count = 0
    for bit in range(12):
        count += (history >> bit) & 1
    return count


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
