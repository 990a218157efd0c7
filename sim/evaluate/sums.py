"""Sums over persons and months from which a measure is worked out, so that replications can be added up.

Public names: `Worlds` (what must be at hand), `Place` (one treated share and demand) and `sums_of`.
"""

import dataclasses
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.evaluate.cells import curve_of, group, of_persons, of_series
from sim.evaluate.person_indicators import Indicator, entering
from sim.evaluate.record import Bools, Record
from sim.evaluate.trial import Among, Outcome, Trial

Sums = NDArray[np.float64]


@dataclass(frozen=True)
class Place:
    """Where in the design a measure is taken."""

    treated_share: float
    demand_multiplier: float


class Worlds(Protocol):
    """The worlds of one trial in one replication."""

    def world(self, arm: str, place: Place, held: bool = False, null: bool = False) -> Record:
        """Return the world of an arm.

        held: hires per unit of search stay what they are in the control world. null: the arm costs what it
        costs and does nothing.
        """


def sums_of(trial: Trial, outcome: Outcome, worlds: Worlds, null: bool = False) -> Sums:
    """Return the sums of an outcome; the first axis is what is compared, one long without ``compare``
    or ``against``.

    With ``null`` the worlds of all arms but control are replaced by worlds in which they do nothing.
    """
    taken = _Taken(trial, outcome, worlds, null)
    found = [_sums(taken, place) for place in places(trial, outcome)]
    if outcome.against is not None:
        others = dataclasses.replace(taken, choice=outcome.against_name)
        found.append(_sums(others, places(trial, outcome)[0]))
    return np.stack(found)


def places(trial: Trial, outcome: Outcome) -> list[Place]:
    """Return where an outcome is measured: one place, or the two that it compares, the first minus the last.

    Unless the outcome says: a demand of 1 (else the middle), and the largest treated share (of those below 1
    where untreated persons are looked at).
    """
    shares, demands = trial.design.shares, trial.population.demand_multiplier
    untreated = outcome.measure == "untreated_hazard_ratio" or (
        outcome.among == "untreated" and trial.design.unit == "person"
    )
    below = [share for share in shares if share < 1] if untreated else []
    share = outcome.at.treated_share
    share = max(below or shares) if share is None else share
    demand = outcome.at.demand_multiplier
    demand = (1.0 if 1.0 in demands else sorted(demands)[len(demands) // 2]) if demand is None else demand
    if outcome.compare is None:
        return [Place(share, demand)]
    axis = outcome.over
    if axis is None:
        by_demand = len(demands) > 1 and (outcome.measure == "displacement_share" or len(shares) == 1)
        axis = "demand_multiplier" if by_demand else "treated_share"
    if axis == "demand_multiplier":
        return [Place(share, demands[0]), Place(share, demands[-1])]
    return [Place(shares[0], demand), Place(shares[-1], demand)]


@dataclass(frozen=True)
class _Taken:
    """An outcome with the worlds that it is taken from."""

    trial: Trial
    outcome: Outcome
    worlds: Worlds
    null: bool
    choice: str = ""
    """The choice of persons; the outcome's own unless given."""

    def chosen(self, record: Record) -> Bools:
        """Return who is chosen among the enrolled."""
        everybody = np.ones(record.arm.shape, dtype=np.bool_)
        return record.chosen.get(self.choice or self.outcome.name, everybody)

    @property
    def indicator(self) -> Indicator:
        return self.trial.indicators[self.outcome.indicator]

    @property
    def per(self) -> Indicator | None:
        return None if self.outcome.per is None else self.trial.indicators[self.outcome.per]

    def world(self, arm: str, place: Place, held: bool = False) -> Record:
        null = self.null and arm != "control"
        return self.worlds.world(arm, place, held=held, null=null)

    def pair(self, arm: str, place: Place) -> tuple[Record, Record]:
        return self.world(arm, place), self.world("control", place)

    def sums(self, record: Record, one: Indicator, among: Among, months: tuple[int, int]) -> Sums:
        """Return (sum, count) of an indicator: over persons and months, or over months."""
        if not one.of_persons:
            return of_series(one, record, months)
        who = group(record, among) & self.chosen(record)
        total, count = of_persons(one, record, who, months, self.outcome.window, self.by_register)
        if self.in_persons:
            count = float(months[1] - months[0] + 1)
        return np.array([total, count])

    @property
    def in_persons(self) -> bool:
        """Whether numbers of persons are wanted, not shares of them."""
        return (self.outcome.unit or "").lower() in ("persons", "number") and self.indicator.kind == "state"

    @property
    def by_register(self) -> bool:
        own = self.trial.choices.get(self.choice or self.outcome.name)
        return self.trial.where.by_register or (own is not None and own.by_register)


def _sums(taken: _Taken, place: Place) -> Sums:
    outcome, months = taken.outcome, taken.outcome.months
    arm = outcome.compared_arm
    if outcome.measure == "level":
        return taken.sums(taken.world(arm, place), taken.indicator, outcome.among or "all", months)
    if outcome.measure == "level_ratio":
        assert taken.per is not None
        world = taken.world(arm, place)
        both = (taken.indicator, taken.per)
        return np.stack([taken.sums(world, one, outcome.among or "all", months) for one in both])
    if outcome.measure == "ordering":
        sides = [side for pair in outcome.pairs for side in (pair[:2], pair[2:])]
        found = [_contrast(taken, place, name, (month, month)) for name, month in sides]
        return np.stack(found).reshape(-1, 2, 2, 2, 2)
    if outcome.measure == "displacement_share":
        return _displacement(taken, place, arm)
    if outcome.measure == "per_treated":
        return _per_treated(taken, place, arm)
    if taken.indicator.kind == "payback":
        first, second = taken.pair(arm, place)
        series = taken.indicator.series
        assert series is not None
        return (series(first) - series(second))[months[0] : months[1] + 1]
    if outcome.measure == "median_ratio":
        return _survival(taken, place, arm)
    return _contrast(taken, place, arm, months)


def _sides(taken: _Taken) -> tuple[Among, ...]:
    """Return who is contrasted: the treated against the untreated, or one group between worlds."""
    if taken.outcome.measure == "untreated_hazard_ratio":
        return ("untreated",)
    if taken.in_persons and taken.outcome.among is None:
        return ("all",)
    if not taken.indicator.of_persons or taken.outcome.among not in (None, "treated"):
        return (taken.outcome.among or "all",)
    return ("treated", "untreated")


def _contrast(taken: _Taken, place: Place, arm: str, months: tuple[int, int]) -> Sums:
    """Return (sum, count) by world (arm, control) and group (treated, untreated; none of the latter: 0)."""
    event = _as_event(taken) if taken.outcome.measure.endswith("hazard_ratio") else taken.indicator
    sums = np.zeros((2, 2, 2))
    for world, record in enumerate(taken.pair(arm, place)):
        for side, among in enumerate(_sides(taken)):
            sums[world, side] = taken.sums(record, event, among, months)
    return sums


def _as_event(taken: _Taken) -> Indicator:
    return entering(taken.indicator) if taken.indicator.kind == "state" else taken.indicator


def _per_treated(taken: _Taken, place: Place, arm: str) -> Sums:
    """Return (indicator, divisor) by world: per person drawn to the arm, or change of another indicator."""
    sums = np.zeros((2, 2))
    for world, record in enumerate(taken.pair(arm, place)):
        sums[world, 0] = _amount(taken, record, taken.indicator)
        if taken.per is not None:
            sums[world, 1] = _amount(taken, record, taken.per)
        elif world == 0:
            sums[world, 1] = float(np.count_nonzero(group(record, "treated") & record.present.any(axis=0)))
    return sums


def _amount(taken: _Taken, record: Record, one: Indicator, among: Among | None = None) -> float:
    """Return a number: persons or a stock as the mean over the months, money as its sum over them."""
    first, last = taken.outcome.months
    total, count = taken.sums(record, one, among or taken.outcome.among or "everybody", (first, last))
    if one.kind in ("state", "event"):
        return float(total) / (last - first + 1)
    return float(total) / float(count) if one.kind in ("stock", "rate") else float(total)


def _displacement(taken: _Taken, place: Place, arm: str) -> Sums:
    """Return the indicator in four worlds (arm, control, arm held, control held).

    With ``per``: the indicator of those outside the programme in two worlds, then the participants in both.
    """
    if taken.per is None:
        worlds = [*taken.pair(arm, place), taken.world(arm, place, held=True)]
        worlds.append(taken.world("control", place, held=True))
        return np.array([_amount(taken, record, taken.indicator) for record in worlds])
    first, second = taken.pair(arm, place)
    inside = [_amount(taken, record, taken.per, "everybody") for record in (first, second)]
    if (
        taken.outcome.among in (None, "untreated")
        and taken.per.read is not None
        and taken.indicator.read is not None
    ):
        joined = [np.logical_or.accumulate(taken.per.read(record)[1:], axis=0) for record in (first, second)]
        never = ~(joined[0] | joined[1])
        low, high = taken.outcome.months
        outside = [
            float((taken.indicator.read(record)[1:] & never)[low : high + 1].sum()) / (high - low + 1)
            for record in (first, second)
        ]
    else:
        outside = [_amount(taken, record, taken.indicator) for record in (first, second)]
    return np.array([*outside, *inside])


def _outside(
    one: Indicator, per: Indicator, first: Record, second: Record, months: tuple[int, int]
) -> list[float]:
    """Return persons in a state, mean over months, of those who by then have been in the programme in
    neither world."""
    assert one.read is not None and per.read is not None
    joined = [np.logical_or.accumulate(per.read(record), axis=0) for record in (first, second)]
    never = ~(joined[0] | joined[1])
    rows = slice(months[0] + 1, months[1] + 2)
    return [float((one.read(record) & never)[rows].sum(axis=1).mean()) for record in (first, second)]


def _survival(taken: _Taken, place: Place, arm: str) -> Sums:
    """Return (events, at risk) by world, group and month of the clock."""
    event, (first, last) = _as_event(taken), taken.outcome.months
    sums = np.zeros((2, 2, last - first + 1, 2))
    for world, record in enumerate(taken.pair(arm, place)):
        for side, among in enumerate(_sides(taken)):
            who = group(record, among) & taken.chosen(record)
            months = taken.outcome.months
            sums[world, side] = curve_of(event, record, who, months, taken.outcome.window, taken.by_register)
    return sums
