"""Where a month's time goes: each process of `SCHEDULE` by itself, against what the memory could deliver.

Bytes are counted from the source: the columns of residents that a process's functions mention, each passed
over once for every resident. A process that looks only at those without work touches less, so its share of
the bound is overstated; one near 1 could be made faster only with smaller columns.
"""

import time
from collections.abc import Callable

import numpy as np
from reference.trial import demanding_policy

from benchmarks.labels import BANDWIDTH, OUTSIDE
from benchmarks.records import Fact, Sample
from benchmarks.session import Session
from benchmarks.speed import town
from benchmarks.stages import Process, around_processes
from sim.model.columns import ResidentColumns
from sim.model.inputs import alone
from sim.model.layout import allocate_residents
from sim.model.model import LabourMarketModel
from sim.model.schedule import SCHEDULE
from sim.model.simulate import burn_in, run
from sim.report.guides.source import source


def by_process(session: Session) -> list[Sample]:
    """Return nanoseconds a resident-month of each process and of what lies between, and the bandwidth."""
    sizes = session.sizes
    inputs = town(sizes.residents, sizes.burn_in, sizes.months)
    state = burn_in(alone(inputs))[0]
    people = state.residents.id.size
    run(alone(inputs), [state.copy()], [demanding_policy(inputs)])
    taken: dict[str, list[float]] = {process.__name__: [] for process in SCHEDULE}
    outside = []
    spent = dict.fromkeys(taken, 0.0)
    for turn in range(sizes.turns):
        session.turn(f"turn {turn + 1} of {sizes.turns}")
        spent.update(dict.fromkeys(taken, 0.0))
        began = time.process_time()
        with around_processes(lambda process: _watched(process, spent)):
            run(alone(inputs), [state.copy()], [demanding_policy(inputs)])
        whole = time.process_time() - began
        outside.append(whole - sum(spent.values()))
        for name, seconds in spent.items():
            taken[name].append(seconds)
    session.turn("bandwidth")
    resident_months = people * sizes.months
    samples = [
        Sample(
            label=name,
            unit="ns/resident-month",
            values=tuple(1e9 * seconds / resident_months for seconds in values),
            facts={"residents": people, "months": sizes.months, **columns_of(name)},
        )
        for name, values in (*taken.items(), (OUTSIDE, outside))
    ]
    return [*samples, _bandwidth(sizes.copied_bytes, sizes.turns)]


def columns_of(process: str) -> dict[str, Fact]:
    """Return which columns of residents a process mentions, and their bytes a resident."""
    columns = allocate_residents(0)
    bytes_of = {name: getattr(columns, name).dtype.itemsize for name in columns._fields}
    found = next((one for one in SCHEDULE if one.__name__ == process), None)
    if found is None:
        return {}
    named = _reached(found)
    used = [name for name in ResidentColumns._fields if f"r.{name}" in named]
    return {"columns": len(used), "bytes": sum(bytes_of[name] for name in used)}


def _watched(process: Process, spent: dict[str, float]) -> Process:
    def timed(model: LabourMarketModel) -> None:
        began = time.process_time()
        process(model)
        spent[process.__name__] += time.process_time() - began

    return timed


def _reached(process: Callable[..., None]) -> set[str]:
    """Return every name in the functions of the model that a process reaches, methods included."""
    named: set[str] = set()
    waiting = [(process.__module__, process.__name__)]
    seen = set()
    while waiting:
        module, wanted = waiting.pop()
        if (module, wanted) in seen or not module.startswith("sim.model"):
            continue
        seen.add((module, wanted))
        text = source(module)
        for function in text.functions:
            if function.name.rsplit(".", 1)[-1] == wanted:
                named.update(function.names)
                waiting += [(text.imports.get(name, module), name) for name in function.names]
    return named


def _bandwidth(size: int, turns: int) -> Sample:
    """Return how fast one core copies a large array: bytes read plus bytes written a second."""
    source_array = np.ones(size // 8)
    target = np.empty_like(source_array)
    np.copyto(target, source_array)
    values = []
    for _ in range(turns):
        began = time.process_time()
        np.copyto(target, source_array)
        values.append(2 * source_array.nbytes / (time.process_time() - began))
    return Sample(label=BANDWIDTH, unit="bytes/s", values=tuple(values), facts={"array_bytes": size})
