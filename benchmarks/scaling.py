"""How the cost grows: with residents, with replications, and with processes."""

import itertools
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.labels import REGIONS, TOWN
from benchmarks.machine import peak_bytes
from benchmarks.pairs import one_municipality
from benchmarks.records import Sample
from benchmarks.session import Session, in_fresh_process
from benchmarks.speed import town
from sim.data.municipalities import municipalities
from sim.experiment.ties import ties
from sim.model.inputs import Area
from sim.model.model import LabourMarketModel
from sim.model.simulate import burn_in

_MONTHS = 24
_BURN_IN = 12
_SETTLING = 2  # months after the burn-in that are not counted
_TOWN, _TOWNS = 20_000, 5
"""Residents of a municipality, and municipalities of a labour-market region: as in Sweden, where 290 with 6.2
million residents of working age form 60 regions."""


def residents_curve(session: Session) -> list[Sample]:
    """Return seconds a month and peak memory by residents, each size in a process of its own.

    Residents live in one town, or in regions of municipalities that are run one after another, as all of
    Sweden is. Sizes take turns, so that a change of the machine's load does not bend the curve.
    """
    sizes = session.sizes
    taken: dict[tuple[str, int], list[dict[str, float]]] = {}
    for turn in range(sizes.curve_turns):
        for shape in (REGIONS, TOWN):
            for size in sizes.curve:
                session.turn(f"{size:,} residents, {shape}, turn {turn + 1} of {sizes.curve_turns}")
                found = in_fresh_process("benchmarks.scaling", "months_of", shape=shape, residents=size)
                taken.setdefault((shape, size), []).append(found)
    return [
        Sample(
            label=f"{size:,} residents, {shape}",
            unit="s/month",
            values=tuple(one["seconds"] / _MONTHS for one in found),
            facts={
                "residents": size, "shape": shape, "months": _MONTHS, "peak_bytes": found[-1]["peak"],
                "compiled": "warm",
            },
        )
        for (shape, size), found in taken.items()
    ]  # fmt: skip


def areas(shape: str, residents: int) -> Iterator[Area]:
    """Yield the areas that so many residents live in, in either shape."""
    left = 1 if shape == TOWN else max(1, residents // _TOWN)
    each = town(residents // left, _BURN_IN, _SETTLING + _MONTHS)
    codes = itertools.cycle(one.code for one in municipalities())
    while left > 0:
        here = min(_TOWNS, left)
        places = tuple(replace(each, municipality=code) for code in itertools.islice(codes, here))
        yield Area(places, ties(dict.fromkeys((one.municipality for one in places), _TOWN), each.parameters))
        left -= here


def months_of(shape: str, residents: int) -> dict[str, float | None]:
    """Return the processor seconds of some months of so many residents, after the burn-in and two months
    more, and the process's peak memory."""
    seconds = 0.0
    for area in areas(shape, residents):
        model = LabourMarketModel(area, burn_in(area), area.first.start, _SETTLING + _MONTHS)
        model.run_unread(_SETTLING)
        began = time.process_time()
        model.run_unread(_MONTHS)
        seconds += time.process_time() - began
    return {"seconds": seconds, "peak": peak_bytes()}


def replications_curve(session: Session) -> list[Sample]:
    """Return wall seconds of paired replications of Mönsterås alone, by their number and by processes."""
    sizes = session.sizes
    taken: dict[tuple[int, int], list[float]] = {}
    for turn in range(sizes.replication_turns):
        for number in sizes.replications:
            for processes in (1, 2):
                session.turn(f"{number} pairs on {processes}, turn {turn + 1} of {sizes.replication_turns}")
                found = in_fresh_process(
                    "benchmarks.scaling", "pairs_of", replications=number, processes=processes
                )
                taken.setdefault((processes, number), []).append(found["seconds"])
    return [
        Sample(
            label=f"{number} pairs, {processes} process{'es' if processes > 1 else ''}",
            unit="s",
            values=tuple(values),
            facts={"replications": number, "processes": processes, "compiled": "warm"},
        )
        for (processes, number), values in sorted(taken.items())
    ]


def pairs_of(replications: int, processes: int) -> dict[str, float]:
    """Return the wall seconds of the runner for some pairs, into an empty store."""
    from sim.experiment.run import run_experiment

    experiment = one_municipality(replications)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        results = run_experiment(experiment, processes, progress=False, folder=Path(folder))
        seconds = time.perf_counter() - began
    assert results.failed.height == 0
    return {"seconds": seconds}
