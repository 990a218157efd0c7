"""All of Sweden in one run, and the test suite: what takes minutes, by the project's own commands."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.records import Sample
from benchmarks.session import CHECKOUT, Session

_EVERY = 0.05


def sweden(session: Session) -> list[Sample]:
    """Return wall seconds and peak memory of `samspel run sverige`, when there is such a case."""
    from sim.policy.casefile import case_paths

    if "sverige" not in case_paths():
        why = "there is no case of all Sweden yet"
        return [
            Sample(label="seconds", unit="s", missing=why),
            Sample(label="peak memory", unit="bytes", missing=why),
        ]
    session.turn("samspel run sverige --months 60")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("data", "params", "notebooks"):
            (Path(folder) / name).symlink_to(CHECKOUT / name)
        command = [sys.executable, "-m", "sim", "run", "sverige", "--months", "60"]
        seconds, peak, why = _watched(command, {"SAMSPEL_HOME": folder})
    facts = {"command": "samspel run sverige --months 60", "compiled": "warm"}
    return [
        Sample(label="seconds", unit="s", values=() if why else (seconds,), facts=facts, missing=why),
        Sample(
            label="peak memory",
            unit="bytes",
            values=() if why or peak is None else (peak,),
            facts=facts
            | {"counted": "resident memory of the command and its workers together, twenty times a second"},
            missing=why,
        ),
    ]


def suite(session: Session) -> list[Sample]:
    """Return the wall seconds of the tests of every day, on two processes."""
    session.turn("pytest -n 2")
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "2"], cwd=CHECKOUT, capture_output=True, text=True
    )
    seconds = time.perf_counter() - began
    closing = (done.stdout.strip() or "no output").splitlines()[-1].strip("= ")
    return [
        Sample(
            label="seconds",
            unit="s",
            values=(seconds,) if done.returncode == 0 else (),
            facts={"closing line": closing, "processes": 2, "compiled": "warm"},
            missing="" if done.returncode == 0 else f"the suite failed: {closing}",
        )
    ]


def _watched(command: list[str], environment: dict[str, str]) -> tuple[float, float | None, str]:
    """Run a command; return its seconds, the most memory that it held, and why it failed if it did."""
    peak: float | None = None
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environment},
            stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
        while process.poll() is None:
            peak = max(_held(process.pid), peak or 0.0) or None
            time.sleep(_EVERY)
        seconds = time.perf_counter() - began
        said.seek(0)
        lines = said.read().strip().splitlines()
    failed = f"the command failed: {lines[-1] if lines else process.returncode}" if process.returncode else ""
    return seconds, peak, failed


def _held(process: int) -> float:
    """Return the resident memory of a process and all that it started, bytes; what they share counts in
    each."""
    try:
        first = psutil.Process(process)
        return float(sum(one.memory_info().rss for one in (first, *first.children(recursive=True))))
    except psutil.Error:  # one of them has just ended
        return 0.0
