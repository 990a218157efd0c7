"""Run one world of a trial, enrol people as they qualify, and write down what becomes of everybody.

Public names: `Enrolment` (who is in the trial, and drawn to which arm) and `follow`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.core.draws import Decision, stream_keys, uniforms
from sim.evaluate.record import Bools, Record
from sim.evaluate.where import Where
from sim.model.columns import HouseholdColumns, Int64, Presence, ResidentColumns
from sim.model.inputs import Area
from sim.model.model import LabourMarketModel
from sim.model.simulate import place_series
from sim.model.state import State
from sim.policy.compiled import CompiledPolicy

_ORE = np.float32(100.0)


@dataclass(frozen=True)
class Enrolment:
    """Who is in a trial.

    Attributes:
        where: Who qualifies.
        size: How many are enrolled at most; None for all who qualify.
        intake: Months after the roll-out month in which people are still taken in.
        share: Probability of being drawn to the treated arm.
        choices: Choices of single outcomes among the enrolled, made when a person is enrolled.
    """

    where: Where
    size: int | None
    intake: int
    share: float
    choices: Mapping[str, Where]

    @property
    def everybody(self) -> bool:
        """Whether all residents are in the trial, also those who arrive later."""
        return self.where.everybody and self.size is None


class _Draws(NamedTuple):
    arm: NDArray[np.float64]
    order: NDArray[np.float64]


class _Roll:
    """The list of those enrolled, kept month by month."""

    def __init__(self, enrolment: Enrolment, ids: Int64, draws: _Draws) -> None:
        self.enrolment = enrolment
        self.draws = draws
        self.since = np.full(ids.size, -1, dtype=np.int16)
        self.seen = np.zeros(ids.size, dtype=np.bool_)
        self.chosen = {name: np.zeros(ids.size, dtype=np.bool_) for name in enrolment.choices}
        if enrolment.everybody:
            self.since[:] = 0

    def take_in(self, r: ResidentColumns, h: HouseholdColumns, month: int, elapsed: int) -> None:
        """Enrol who qualifies at the end of month ``month``, ``elapsed`` months after the roll-out."""
        wanted = self.enrolment
        if wanted.everybody:
            new = (r.presence == Presence.HERE) & ~self.seen
        elif elapsed <= wanted.intake:
            new = self._first(wanted.where.mask(r, h, month) & ~self.seen)
            self.since[new] = elapsed
        else:
            return
        self.seen |= new
        if not new.any():
            return
        for name, where in wanted.choices.items():
            self.chosen[name] |= new & where.mask(r, h, month)
        r.arm[:] = self.arm()

    def _first(self, qualified: Bools) -> Bools:
        """Return those of them for whom there is room, in drawn order."""
        if self.enrolment.size is None:
            return qualified
        room = max(0, self.enrolment.size - int(self.seen.sum()))
        rows = np.flatnonzero(qualified)
        taken = np.zeros_like(qualified)
        taken[rows[np.argsort(self.draws.order[rows], kind="stable")[:room]]] = True
        return taken

    def arm(self) -> NDArray[np.int8]:
        """Return 1 for those enrolled who are drawn to the treated arm."""
        return ((self.since >= 0) & (self.draws.arm < self.enrolment.share)).astype(np.int8)


def follow(
    area: Area,
    states: list[State],
    policy: CompiledPolicy | None,
    first_month: int,
    months: int,
    enrolment: Enrolment,
    held_rates: NDArray[np.float64] | None = None,
    amounts: bool = False,
) -> tuple[Record, NDArray[np.float64]]:
    """Return the record of one world and its hires per unit of search; ``states`` are changed.

    Args:
        area: The municipality, alone; its horizon is ``months``.
        states: The state at the end of the month before the roll-out.
        policy: The policy of the world.
        first_month: Month number of the roll-out.
        months: Months to follow.
        enrolment: Who is in the trial.
        held_rates: Hires per unit of search to hold.
        amounts: Whether incomes are written down.
    """
    r, h = states[0].residents, states[0].households
    model = LabourMarketModel(area, states, first_month, months, [policy], held_rates)
    roll = _Roll(enrolment, r.id, _draws(area, first_month, r.id))
    pages = _Pages(months, r.id.size, amounts)
    pages.write(0, r, h, first_month - 1)
    for elapsed in range(months):
        roll.take_in(r, h, first_month - 1 + elapsed, elapsed)
        model.run_for(1)
        pages.write(elapsed + 1, r, h, first_month + elapsed)
    series = {
        name: values for (name, group), values in place_series(model.places[0]).items() if group == "all"
    }
    record = Record(
        **pages.columns(),
        arm=roll.arm(),
        draw=roll.draws.arm,
        enrolled=roll.since,
        chosen=roll.chosen,
        series=series,
        first_month=first_month,
    )
    return record, model.rates


class _Pages:
    """The months of a record as they are written."""

    def __init__(self, months: int, persons: int, amounts: bool) -> None:
        self._shape = (months + 1, persons)
        self._flags = {
            name: np.zeros(self._shape, dtype=np.bool_)
            for name in ("present", "insured", "paid", "duty", "contact_90", "reached_90")
        }
        self._codes = {
            name: np.zeros(self._shape, dtype=np.int8) for name in ("status", "activity", "swedish")
        }
        self._counts = {name: np.zeros(self._shape, dtype=np.int16) for name in ("spell", "left")}
        shape = self._shape if amounts else (0, 0)
        self._money = {
            name: np.zeros(shape, dtype=np.float32) for name in ("earned", "income", "household_income")
        }

    def write(self, row: int, r: ResidentColumns, h: HouseholdColumns, month: int) -> None:
        """Write down the end of a month."""
        here = r.presence == Presence.HERE
        paid = h.paid[r.household] > 0
        contacted = (r.contact > 0) & (month - r.contact == 3)
        flags = {
            "present": here,
            "insured": r.insured > 0,
            "paid": paid,
            "duty": r.duty > 0,
            "contact_90": contacted,
            "reached_90": contacted & (r.reached > 0),
        }
        for name, values in flags.items():
            self._flags[name][row] = values & here
        self._codes["status"][row] = r.status
        self._codes["activity"][row] = r.activity
        self._codes["swedish"][row] = r.swedish
        self._counts["spell"][row] = r.spell
        self._counts["left"][row] = r.left
        if self._money["earned"].size:
            partner = np.where(r.partner >= 0, r.income[r.partner], 0)
            adults = np.where(r.partner >= 0, 2, 1)
            self._money["earned"][row] = r.earned / _ORE
            self._money["income"][row] = r.income / _ORE
            self._money["household_income"][row] = (r.income + partner + h.paid[r.household]) / adults / _ORE

    def columns(self) -> dict[str, Any]:
        """Return all that was written, by field of a record."""
        return {**self._flags, **self._codes, **self._counts, **self._money}


def _draws(area: Area, month: int, ids: Int64) -> _Draws:
    keys = stream_keys(area.first.root_seed, area.first.replication, month, 1)[0]
    return _Draws(uniforms(keys[Decision.TRIAL], ids), uniforms(keys[Decision.TRIAL_ORDER], ids))
