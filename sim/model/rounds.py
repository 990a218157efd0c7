"""Processes of one municipality and of all of them: what needs no other municipality is done for one at a
time, so that its residents stay near the processor.

Public names: `InEach` and `go_through`.
"""

import functools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model.model import LabourMarketModel
    from sim.model.place import Place


type Process = Callable[["LabourMarketModel"], None]
type OfOne = Callable[["LabourMarketModel", "Place"], None]


class InEach:
    """A process of a municipality by itself; called with a model, it is done in every one."""

    def __init__(self, process: OfOne) -> None:
        """Take the process, its name and what is said of it."""
        functools.update_wrapper(self, process)
        self.process = process

    def __call__(self, model: "LabourMarketModel") -> None:
        """Do it in every municipality; their order means nothing."""
        for one in model.places:
            self.process(model, one)


def go_through(schedule: Sequence[Process], model: "LabourMarketModel") -> None:
    """Run processes in order; of those that follow each other and need no other municipality, one
    municipality goes through all before the next does."""
    for own, process in _stretches(tuple(schedule)):
        for one in model.places:
            for of_one in own:
                of_one(model, one)
        if process is not None:
            process(model)


@functools.lru_cache(maxsize=8)
def _stretches(schedule: tuple[Process, ...]) -> list[tuple[list[OfOne], Process | None]]:
    """Return the processes that one municipality goes through in a row, with the one of all that follows."""
    stretches: list[tuple[list[OfOne], Process | None]] = [([], None)]
    for process in schedule:
        own, _ = stretches[-1]
        if isinstance(process, InEach):
            own.append(process.process)
        else:
            stretches[-1] = own, process
            stretches.append(([], None))
    return stretches
