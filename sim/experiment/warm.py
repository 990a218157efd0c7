"""Compile the model before the first run after an install or an edit, from both ends at once.

Public name: `warm`.
"""

import dataclasses
import multiprocessing
from collections import defaultdict

from rich.console import Console

from sim.core.compiled import is_compiled, note_compiled
from sim.experiment.cases import place_inputs
from sim.experiment.executors import processors
from sim.model.inputs import ModelInputs, alone
from sim.model.layout import allocate_households, allocate_residents
from sim.model.model import LabourMarketModel
from sim.model.schedule import SCHEDULE
from sim.model.simulate import simulate
from sim.model.state import State
from sim.policy.case import load_case
from sim.policy.priors import central
from sim.policy.uncertain import case_priors, model_parameters

_SIZE, _BURN_IN = 200, 12


def warm(console: Console) -> None:
    """Compile all passes into the cache unless they are there: a small town is run for a month.

    A second process goes through a month from its last process to its first, and the two meet: what one has
    compiled the other reads from the cache.
    """
    if is_compiled():
        return
    console.print("Compiling the model: once after an install or an edit, about half a minute.", style="dim")
    other = multiprocessing.get_context("spawn").Process(target=_from_the_last, daemon=True)
    if processors() > 1:
        other.start()
    simulate(_town(), [None])
    if processors() > 1:
        other.join()
    note_compiled()


def _town() -> ModelInputs:
    case = load_case("nykoping").model_copy(update={"horizon": 1})
    values = central(case_priors(case))
    inputs = place_inputs(case, case.municipalities[0], 1, _BURN_IN, _SIZE)
    return dataclasses.replace(inputs, parameters=model_parameters(case, values))


def _from_the_last() -> None:
    """Run the processes of a month in reverse order, on a town of two that has no history."""
    town = _town()
    state = State(allocate_residents(2), allocate_households(2))
    model = LabourMarketModel(alone(town), [state], town.start, 1)
    model.month = town.start
    model.places[0].tally = defaultdict(float)
    for process in reversed(SCHEDULE):
        process(model)
