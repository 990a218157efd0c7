"""What became of every person, month by month, in one world of a trial.

Public names: `Record` and `spell_months` (months since registration, and whether the spell is a new one).
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import Status

Bools = NDArray[np.bool_]
Int16 = NDArray[np.int16]

_AMOUNTS = ("earned", "income", "household_income")
_BY_MONTH = (
    "present", "status", "activity", "left", "swedish", "spell",
    "insured", "paid", "duty", "contact_90", "reached_90",
)  # fmt: skip


@dataclass(frozen=True)
class Record:
    """One world: rows are months, the first of them the month before the roll-out; columns are persons.

    Attributes:
        present: Lives here, shape (months + 1, persons).
        status: Code of labour status.
        activity: Code of the activity under way.
        left: Months left of it; 0 without a fixed length.
        swedish: Level of Swedish.
        spell: Months of the present registration, int16.
        insured: Paid unemployment insurance in the month.
        paid: In a household paid social assistance in the month.
        duty: Taking part under the municipality's activation requirement.
        contact_90: Registered three months ago.
        reached_90: Of them, those in work, activity or studies since.
        earned: Income from work after tax, SEK/month; empty unless asked for, as the next two.
        income: Own income after tax, SEK/month.
        household_income: Income of the household after tax with its assistance, per adult, SEK/month.
        arm: 1 for those drawn to the treated arm, also in worlds where nobody gets it, shape (persons,).
        draw: The number in (0, 1) by which they were drawn.
        enrolled: Month since the roll-out from which the person is in the trial; -1 never.
        chosen: For each outcome with a choice of its own, who fits it.
        series: Monthly values of the municipality by indicator, shape (months,).
        first_month: Month number of the roll-out.
    """

    present: Bools
    status: NDArray[np.int8]
    activity: NDArray[np.int8]
    left: Int16
    swedish: NDArray[np.int8]
    spell: Int16
    insured: Bools
    paid: Bools
    duty: Bools
    contact_90: Bools
    reached_90: Bools
    earned: NDArray[np.float32]
    income: NDArray[np.float32]
    household_income: NDArray[np.float32]
    arm: NDArray[np.int8]
    draw: NDArray[np.float64]
    enrolled: Int16
    chosen: Mapping[str, Bools]
    series: Mapping[str, NDArray[np.float64]]
    first_month: int

    def of(self, who: Bools) -> "Record":
        """Return the record of some persons alone."""
        if who.all():
            return self
        written = _BY_MONTH + (_AMOUNTS if self.earned.size else ())
        return dataclasses.replace(
            self,
            **{name: getattr(self, name)[:, who] for name in written},
            **{name: getattr(self, name)[who] for name in ("arm", "draw", "enrolled")},
            chosen={name: chosen[who] for name, chosen in self.chosen.items()},
        )

    @property
    def months(self) -> int:
        """Months followed, the roll-out month the first."""
        return int(self.present.shape[0]) - 1

    @property
    def registered(self) -> Bools:
        """In the stock of the employment service: openly unemployed or in an activity."""
        stock: Bools = (self.status == Status.OPEN) | (self.status == Status.ACTIVITY)
        return self.present & stock

    @property
    def at_work(self) -> Bools:
        """In a job, subsidised job or municipal wage place."""
        at_work: Bools = self.present & (self.status >= Status.PLACEMENT)
        return at_work


def spell_months(record: Record) -> tuple[Int16, Bools]:
    """Return months since the present registration (-1 outside one), and whether the spell began after the
    month before the roll-out.

    The month of registration is 0. A spell under way at the roll-out goes on from the months it had.
    """
    registered = record.registered
    length = np.full(registered.shape, -1, dtype=np.int16)
    new = np.zeros(registered.shape, dtype=np.bool_)
    length[0] = np.where(registered[0], record.spell[0], -1)
    for month in range(1, len(length)):
        goes_on = registered[month] & registered[month - 1]
        length[month] = np.where(goes_on, length[month - 1] + 1, np.where(registered[month], 0, -1))
        new[month] = np.where(goes_on, new[month - 1], registered[month])
    return length, new
