"""A thousand paired replications of Mönsterås alone, 60 months after the burn-in, on two processes.

Public names: `thousand_pairs`, `one_municipality` and `timed_model` (what the workers run).
"""

import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.records import Fact, Sample
from benchmarks.session import Session, in_fresh_process
from sim.experiment.cases import case_experiment
from sim.experiment.definition import Experiment
from sim.model.inputs import alone
from sim.model.simulate import Outcome, burn_in, by_place, run
from sim.policy.case import load_case

CASE, MUNICIPALITY, MONTHS = "monsteras", "0861", 60
_TIMES = "SAMSPEL_BENCH_TIMES"  # folder that workers leave their times in
_PROCESSES = 2


def thousand_pairs(session: Session) -> list[Sample]:
    """Return wall seconds with the burn-in, and without the time that the workers spent on it."""
    number = session.sizes.pair_replications
    session.turn(f"{number} pairs on {_PROCESSES} processes")
    found = in_fresh_process("benchmarks.pairs", "pairs_by_runner", replications=number)
    facts: dict[str, Fact] = {
        "replications": number, "months": MONTHS, "burn_in": found["burn_in_months"],
        "residents": found["residents"], "processes": _PROCESSES, "compiled": "warm",
    }  # fmt: skip
    apart = found["seconds"] - found["burn_in_seconds"] / _PROCESSES
    return [
        Sample(label="burn-in apart", unit="s", values=(apart,), facts=facts),
        Sample(label="burn-in included", unit="s", values=(found["seconds"],), facts=facts),
        Sample(
            label="simulating the pairs' worlds after burn-in, processes added up",
            unit="s",
            values=(found["run_seconds"],),
            facts=facts,
        ),
    ]


def one_municipality(replications: int, model: str | None = None) -> Experiment:
    """Return Mönsterås alone with its policy, ``replications`` pairs with a parameter draw each."""
    case = load_case(CASE).model_copy(update={"municipalities": (MUNICIPALITY,), "horizon": MONTHS})
    experiment = case_experiment(case, draws=replications)
    return experiment if model is None else replace(experiment, model=model)


def pairs_by_runner(replications: int) -> dict[str, float]:
    """Return the wall seconds of the runner into an empty store, and what its workers spent on what."""
    from sim.experiment.run import run_experiment

    experiment = one_municipality(replications, "benchmarks.pairs:timed_model")
    first = experiment.tasks[0].inputs
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as times:
        os.environ[_TIMES] = times
        began = time.perf_counter()
        results = run_experiment(experiment, _PROCESSES, progress=False, folder=Path(folder))
        seconds = time.perf_counter() - began
        lines = [
            json.loads(line)
            for path in Path(times).iterdir()
            for line in path.read_text("utf-8").splitlines()
        ]
    assert results.failed.height == 0 and len(lines) == replications
    return {
        "seconds": seconds,
        "burn_in_seconds": sum(line["burn_in"] for line in lines),
        "run_seconds": sum(line["run"] for line in lines),
        "burn_in_months": first.burn_in,
        "residents": first.margins.residents(16, 64),
    }


def timed_model(inputs: Any, policies: Sequence[Any]) -> list[Outcome]:
    """Simulate as the model does, and note how long the burn-in and the worlds after it took."""
    area = alone(inputs)
    times = [time.perf_counter()]
    states = burn_in(area)
    times.append(time.perf_counter())
    outcomes = [run(area, [state.copy() for state in states], by_place(policy, area)) for policy in policies]
    times.append(time.perf_counter())
    entry = {"burn_in": times[1] - times[0], "run": times[2] - times[1]}
    path = Path(os.environ[_TIMES]) / f"{os.getpid()}.jsonl"
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")
    return outcomes
