"""How the cost grows: with residents, with replications, and with processes."""

import tempfile
import time
from pathlib import Path

from benchmarks.pairs import one_municipality
from benchmarks.records import Sample
from benchmarks.session import Session, in_fresh_process
from benchmarks.speed import town
from sim.model.inputs import alone
from sim.model.model import LabourMarketModel
from sim.model.simulate import burn_in

_WORK = 2_000_000  # resident-months a turn, about
_LEAST, _MOST = 2, 60
_BURN_IN = 12


def residents_curve(session: Session) -> list[Sample]:
    """Return seconds a month and peak memory by residents, each size in a process of its own.

    Sizes take turns, so that a change of the machine's load does not bend the curve.
    """
    sizes = session.sizes
    months, memory = {}, {}
    taken: dict[int, list[float]] = {size: [] for size in sizes.curve}
    for turn in range(sizes.curve_turns):
        for size in sizes.curve:
            session.turn(f"{size:,} residents, turn {turn + 1} of {sizes.curve_turns}")
            months[size] = min(_MOST, max(_LEAST, _WORK // size))
            found = in_fresh_process("benchmarks.scaling", "months_of", residents=size, months=months[size])
            taken[size].append(found["seconds"] / months[size])
            memory[size] = found["peak"]
    return [
        Sample(
            label=f"{size:,} residents",
            unit="s/month",
            values=tuple(values),
            facts={"residents": size, "months": months[size], "peak_bytes": memory[size], "compiled": "warm"},
        )
        for size, values in taken.items()
    ]


def months_of(residents: int, months: int) -> dict[str, float | None]:
    """Return the processor seconds of some months of one world, after its burn-in and two months more."""
    from benchmarks.machine import peak_bytes

    area = alone(town(residents, _BURN_IN, months + 2))
    model = LabourMarketModel(area, burn_in(area), area.first.start, months + 2)
    model.run_for(2)
    began = time.process_time()
    model.run_for(months)
    return {"seconds": time.process_time() - began, "peak": peak_bytes()}


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
