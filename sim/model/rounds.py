"""Processes of one municipality and of all of them: what needs no other municipality is done for one at a
time, so that its residents stay near the processor.

Public names: `InEach` and `go_through`.
"""

import functools
import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.model import LabourMarketModel
    from sim.model.place import Place


class InEach:
    """A process of a municipality by itself; called with a model, it is done in every one."""

    def __init__(self, process: Callable[["LabourMarketModel", "Place"], None]) -> None:
        """Take the process, its name and what is said of it."""
        functools.update_wrapper(self, process)
        self.process = process

    def __call__(self, model: "LabourMarketModel") -> None:
        """Do it in every municipality; their order means nothing."""
        for one in model.places:
            self.process(model, one)


def go_through(schedule: Sequence[Callable[["LabourMarketModel"], None]], model: "LabourMarketModel") -> None:
    """Run processes in order; of those that follow each other and need no other municipality, one
    municipality goes through all before the next does."""
    for alone, processes in itertools.groupby(schedule, lambda one: isinstance(one, InEach)):
        if not alone:
            for process in processes:
                process(model)
            continue
        own = [process.process for process in processes if isinstance(process, InEach)]
        for one in model.places:
            for of_one in own:
                of_one(model, one)
