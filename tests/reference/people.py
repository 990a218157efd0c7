"""Residents as plain objects, and the facts about them that several rules ask for."""

from typing import TYPE_CHECKING, Any

import mesa

from reference.household import Household
from sim.model.columns import Activity, Case, Group, Origin, Presence, Reason, Status
from sim.model.parameters import Parameters
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from reference.town import Town
    from reference.tracks import JobTrack
    from reference.world import ReferenceWorld

YEAR = 12
KEPT_MONTHS = 12
UNEMPLOYED = (Status.OPEN, Status.ACTIVITY)
IDLE = (Activity.GUIDANCE, Activity.ESTABLISHMENT)
"""Activities that a participant may leave for another, and that count as nothing done for the person."""
AT_WORK = (Status.PLACEMENT, Status.SUBSIDISED, Status.EMPLOYED)


class Resident(mesa.Agent):
    """Somebody who lives in a municipality of the run at some time of it."""

    model: "ReferenceWorld"
    town: "Town"
    id: int
    household: Household
    partner: "Resident | None"
    sex: int
    birth: int
    arrival: int
    permit: int | None
    presence: Presence
    education: int
    origin: Origin
    swedish: int
    limitation: bool
    sector: int
    tier: int
    ability: float
    member: bool
    wage: int
    other_income: int
    status: Status
    contract: int
    """1 in a temporary job; for someone in a municipal place, the kind of workplace."""
    market: "Town | None"
    """Where a commuter's job is; None for a job at home and for those without a job."""
    registered: bool
    spell: int
    in_status: int
    activity: Activity
    left: int
    took: bool
    """While in a supported job that took a vacancy, which is posted again when the job is left."""
    assigned: bool
    """In a subsidised job that is one of the policy's."""
    track: "JobTrack | None"
    track_field: int
    language: bool
    """While vocational Swedish runs beside the activity, or is it."""
    glow: int
    gain: float
    case: Case
    case_days: float
    insurance: int
    insurance_days: int
    insured: bool
    duty: bool
    worked: list[bool]
    """The last twelve months, oldest first: work that counts towards insurance."""
    open_months: list[bool]
    """The last twelve months, oldest first: openly unemployed at the month's end."""
    study_end: int
    contact: int | None
    reached: bool
    reason: Reason
    group: Group
    client: bool
    arm: bool
    income: int
    earned: int
    income_before: int
    earned_before: int
    weight: int
    weight_free: int
    weight_calm: int
    weight_alone: int
    found: bool

    def __init__(self, town: "Town") -> None:
        super().__init__(town.world)
        self.town = town

    @property
    def p(self) -> Parameters:
        return self.town.p

    @property
    def here(self) -> bool:
        return self.presence == Presence.HERE

    @property
    def age(self) -> int:
        """Age in months."""
        return self.model.month - self.birth

    @property
    def unemployed(self) -> bool:
        """In AF's stock: openly unemployed or in an activity."""
        return self.status in UNEMPLOYED

    @property
    def at_work(self) -> bool:
        return self.status in AT_WORK

    @property
    def segment(self) -> int:
        """The policy's segment, 0 to 31, and 32 more in the treated arm of a trial."""
        newcomer = self.origin == Origin.NEWCOMER
        youth = 18 * YEAR <= self.age < 25 * YEAR
        long_term = self.registered and self.spell >= 12
        weak_swedish = self.swedish <= 1
        newly = self.registered and self.spell < 6
        return newcomer + 2 * youth + 4 * long_term + 8 * weak_swedish + 16 * newly + 32 * self.arm

    @property
    def learns_swedish(self) -> bool:
        """Born abroad and not yet fluent."""
        return self.origin != Origin.BORN_IN_SWEDEN and self.swedish < 4

    @property
    def seeks_activity(self) -> bool:
        """Free to enter an activity of the policy: openly unemployed or in an idle activity."""
        return self.status == Status.OPEN or (self.status == Status.ACTIVITY and self.activity in IDLE)

    @property
    def planned(self) -> bool:
        """A client whom the unit has planned."""
        return self.unemployed and self.case in (Case.WAITING_DECISION, Case.ACTIVE)

    @property
    def cell(self) -> tuple[int, int]:
        """The labour market in which the person searches: field of work and skill tier."""
        return self.sector, self.tier

    def draw(self, decision: Any) -> float:
        """Return this month's uniform number of one decision."""
        return self.model.draw(decision, self.id)

    def channel(self, channel: Channel) -> float:
        """Return this month's value of a channel for the person's segment."""
        return self.town.channel(channel, self.segment)

    def report_group(self, month: int) -> Group:
        """Return the exclusive group of the report that fits in a month."""
        if self.origin == Origin.NEWCOMER:
            return Group.NEWCOMER
        if 18 * YEAR <= month - self.birth < 25 * YEAR:
            return Group.YOUTH
        return Group.LONG_TERM if self.registered and self.spell >= 12 else Group.OTHER

    def change(self, status: Status) -> None:
        """Begin a new status."""
        self.status = status
        self.in_status = 0

    def enter_register(self) -> None:
        """Register with AF, openly unemployed, with the insurance that the last year's work has earned."""
        self.change(Status.OPEN)
        self.market = None
        self.registered = True
        self.spell = 0
        self.contact = self.model.month
        self.reached = False
        self.case = Case.NONE
        self.earn_insurance()

    def earn_insurance(self) -> None:
        """Begin a new period of insurance, if the last year's work has earned one."""
        self.insurance = 0
        if sum(self.worked) >= 6 and self.age >= 20 * YEAR:
            self.insurance = 2 if self.member else 1
        self.insurance_days = self.town.prices.insurance_days if self.insurance else 0

    def begin_supported_job(self, status: Status) -> None:
        """Begin a wage place or a subsidised job: outside the register, with the spell kept."""
        spell = self.spell
        self.leave_register(status)
        self.spell = spell

    def return_to_register(self) -> None:
        """Come back from a supported job to the same spell: no new registration, no new first contact."""
        self.change(Status.OPEN)
        self.market = None
        self.registered = True
        self.case = Case.NONE
        self.earn_insurance()

    def leave_register(self, status: Status) -> None:
        """Begin a status outside AF's register."""
        self.change(status)
        self.registered = False
        self.spell = 0
        self.case = Case.NONE
        self.activity = Activity.NONE
        self.left = 0
        self.glow = 0
        self.language = False
        self.market = None
        self.insurance = 0
        self.insurance_days = 0

    def begin(self, activity: Activity, months: int) -> None:
        """Enter an activity; no length means that a monthly draw ends it."""
        self.change(Status.ACTIVITY)
        self.activity = activity
        self.left = months

    def back_to_search(self) -> None:
        """Leave an activity in the same spell: for open unemployment, or for the establishment programme in
        the 24 months after the permit."""
        establishing = (
            self.origin == Origin.NEWCOMER and self.permit is not None and self.model.month - self.permit < 24
        )
        self.change(Status.ACTIVITY if establishing else Status.OPEN)
        self.activity = Activity.ESTABLISHMENT if establishing else Activity.NONE
        self.left = 0
        self.language = False


def months_drawn(u: float, mean: float) -> int:
    """Return a length of at least one month, uniform between half and one and a half times the mean."""
    return max(1, int(mean * (0.5 + u) + 0.5))


def days_drawn(u: float, mean: float) -> float:
    """Return a wait, uniform between nothing and twice the mean."""
    return 2.0 * mean * u
