"""Reach between the processes of a month: put something of one's own around each.

Public names: `Process` and `around_processes`.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from unittest.mock import patch

from sim.model.model import LabourMarketModel
from sim.model.schedule import SCHEDULE

Process = Callable[[LabourMarketModel], None]


def around_processes(wrap: Callable[[Process], Process]) -> AbstractContextManager[object]:
    """Let the model run every process of its schedule wrapped, within the block."""
    return patch("sim.model.model.SCHEDULE", tuple(wrap(process) for process in SCHEDULE))
