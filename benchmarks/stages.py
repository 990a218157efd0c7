"""Reach between the processes of a month: put something of one's own around each.

Public name: `around_processes`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sim.model.model as calendar
from sim.model.model import LabourMarketModel
from sim.model.schedule import SCHEDULE

Process = Callable[[LabourMarketModel], None]


@contextmanager
def around_processes(wrap: Callable[[Process], Process]) -> Iterator[None]:
    """Let the model run every process of its schedule wrapped, until the block ends."""
    usual = calendar.SCHEDULE
    calendar.SCHEDULE = tuple(wrap(process) for process in SCHEDULE)
    try:
        yield
    finally:
        calendar.SCHEDULE = usual
