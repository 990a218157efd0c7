"""Which persons and months an outcome is about, and sums over them.

Public names: `group`, `of_persons`, `curve_of` and `of_series`.
"""

import numpy as np
from numpy.typing import NDArray

from sim.evaluate.person_indicators import Indicator
from sim.evaluate.record import Bools, Int16, Record, spell_months
from sim.evaluate.trial import Among

Sums = NDArray[np.float64]


def group(record: Record, among: Among) -> Bools:
    """Return who is meant: those drawn to the arm, the others in the trial, all in it, or all residents."""
    if among == "everybody":
        return np.ones(record.arm.shape, dtype=np.bool_)
    enrolled: Bools = record.enrolled >= 0
    if among == "all":
        return enrolled
    drawn: Bools = record.arm == (1 if among == "treated" else 0)
    return enrolled & drawn


def of_series(one: Indicator, record: Record, months: tuple[int, int]) -> Sums:
    """Return (sum, months) of a series of the municipality; of money since the roll-out, its last value."""
    assert one.series is not None
    values = one.series(record)[months[0] : months[1] + 1]
    return np.array([values[-1], 1.0]) if one.kind == "total" else np.array([values.sum(), values.size])


def of_persons(
    one: Indicator, record: Record, who: Bools, months: tuple[int, int], window: str, by_register: bool
) -> tuple[float, float]:
    """Return the sum and the count of an indicator over the persons ``who`` and the months of a window."""
    part = record.of(who)
    clock, cells = clock_of(part, window, by_register, event=one.kind == "event")
    cells &= (clock >= months[0]) & (clock <= months[1])
    if one.kind == "event":
        happened, risk = event_cells(one, part)
        cells &= risk
        return float(np.count_nonzero(happened & cells)), float(np.count_nonzero(cells))
    assert one.read is not None
    cells &= part.present
    return float(one.read(part)[cells].sum(dtype=np.float64)), float(np.count_nonzero(cells))


def curve_of(
    event: Indicator, record: Record, who: Bools, months: tuple[int, int], window: str, by_register: bool
) -> Sums:
    """Return (events, at risk) by month of the window, for a Kaplan-Meier curve.

    In calendar time the first event ends a person's wait; per spell each spell is a wait of its own.
    """
    part = record.of(who)
    clock, cells = clock_of(part, window, by_register, event=True)
    happened, risk = event_cells(event, part)
    cells &= (clock >= months[0]) & (clock <= months[1])
    if window == "calendar":
        over = np.zeros_like(cells)
        over[1:] = np.logical_or.accumulate(happened & cells, axis=0)[:-1]
        cells &= ~over
    cells &= risk
    length = months[1] - months[0] + 1
    curve = [np.bincount(clock[some] - months[0], minlength=length) for some in (happened & cells, cells)]
    return np.stack(curve, axis=1).astype(np.float64)


def event_cells(one: Indicator, record: Record) -> tuple[Bools, Bools]:
    """Return where an event happens, and where it could."""
    assert one.read is not None and one.at_risk is not None
    return one.read(record), one.at_risk(record)


def clock_of(record: Record, window: str, by_register: bool, event: bool) -> tuple[Int16, Bools]:
    """Return each person's month of the window, and where it runs; never in the row before the roll-out.

    Calendar: since enrolment. Per spell, for an event: months since registration at the end of the month
    before, while the spell lasts. Per spell, for a state: since the start of the person's first spell.
    """
    rows = np.arange(-1, record.months, dtype=np.int16)[:, None]
    running = np.repeat(rows >= 0, record.present.shape[1], axis=1)
    if window == "calendar":
        clock = (rows - record.enrolled).astype(np.int16)
        return clock, running & (clock >= 0)
    length, new = spell_months(record)
    wanted = (length >= 0) & (new | by_register)
    if event:
        before = np.full(length.shape, -1, dtype=np.int16)
        before[1:] = np.where(wanted[:-1], length[:-1], -1)
        return before, running & (before >= 0)
    first = np.argmax(wanted, axis=0)
    started = wanted.any(axis=0)
    since = rows + 1 - first + length[first, np.arange(length.shape[1])]
    return since.astype(np.int16), running & started & (rows + 1 >= first)
