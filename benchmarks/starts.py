"""Start-up: the command line's answers, and the first simulated month with empty and warm compiled code."""

import os
import sys
import tempfile
import time

from benchmarks.records import Sample
from benchmarks.session import Session, run_and_read
from sim.core.errors import SamspelError
from sim.core.sources import source_hash

_FIRST_MONTH = """
import benchmarks
from dataclasses import replace
from reference.trial import demanding_policy, small_town
from rich.console import Console
from sim.experiment.warm import warm
from sim.model.simulate import simulate
warm(Console(quiet=True))
inputs = replace(small_town(), size=500, burn_in=12, horizon=1)
simulate(inputs, [None, demanding_policy(inputs)])
"""
_COMMANDS = {
    "samspel --help": ["--help"],
    "samspel cases": ["cases"],
    "samspel levers": ["levers"],
    "samspel parameters": ["parameters"],
}


def answers(session: Session) -> list[Sample]:
    """Return the wall seconds of commands that only answer, and of Python alone."""
    commands = {label: [sys.executable, "-m", "sim", *words] for label, words in _COMMANDS.items()}
    commands["python -c pass, for comparison"] = [sys.executable, "-c", "pass"]
    taken: dict[str, list[float]] = {label: [] for label in commands}
    for turn in range(session.sizes.starts + 1):
        session.turn(f"turn {turn} of {session.sizes.starts}")
        for label, command in commands.items():
            seconds = _seconds(command)
            if turn > 0:  # the first one fills the file cache
                taken[label].append(seconds)
    facts = {"compiled": "nothing compiled is loaded", "files": "in the system's cache"}
    return [Sample(label=label, unit="s", values=tuple(v), facts=facts) for label, v in taken.items()]


def first_month(session: Session) -> list[Sample]:
    """Return the seconds of a process that ends after its first month: one that compiles, others that do
    not."""
    before, samples = source_hash(), []
    command = [sys.executable, "-c", _FIRST_MONTH]
    cold: tuple[float, ...] = ()
    with tempfile.TemporaryDirectory() as folder:
        cache = folder if session.sizes.cold else os.environ.get("SAMSPEL_CACHE", "")
        own = {"SAMSPEL_CACHE": cache} if cache else {}
        session.turn("empty cache")
        first = _seconds(command, own)
        cold = (first,) if session.sizes.cold else ()
        warm = []
        for turn in range(session.sizes.curve_turns):
            session.turn(f"warm cache, turn {turn + 1} of {session.sizes.curve_turns}")
            warm.append(_seconds(command, own))
    if source_hash() != before:
        raise SamspelError("The sources changed while starts were measured, so both compiled: run again.")
    missing = "" if cold else "left out of a quick run"
    samples.append(
        Sample(label="empty cache", unit="s", values=cold, facts={"compiled": "cold"}, missing=missing)
    )
    samples.append(Sample(label="warm cache", unit="s", values=tuple(warm), facts={"compiled": "warm"}))
    return samples


def _seconds(command: list[str], environment: dict[str, str] | None = None) -> float:
    began = time.perf_counter()
    run_and_read(command, environment)
    return time.perf_counter() - began
