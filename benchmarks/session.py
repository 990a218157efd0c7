"""What a benchmark measures with: sizes, turns, fresh processes, and the load while it lasts.

Public names: `Sizes`, `FULL`, `QUICK_SIZES`, `Session` and `in_fresh_process`.
"""

import gc
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.machine import load
from sim.core.errors import SamspelError

CHECKOUT = Path(__file__).resolve().parents[1]
_CALL = """
import importlib, json, sys
module, name, given = sys.argv[1:]
found = getattr(importlib.import_module(module), name)(**json.loads(given))
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Sizes:
    """How much is measured; the full sizes are those of the published figures."""

    turns: int = 5
    residents: int = 100_000
    months: int = 24
    plain_residents: int = 3_000
    plain_months: int = 4
    burn_in: int = 12
    starts: int = 11
    peer_agents: int = 100_000
    peer_steps: int = 60
    peer_turns: int = 3
    batch_residents: int = 1_000
    batch_months: int = 12
    batch_runs: int = 8
    store_runs: int = 200
    pairs: int = 150
    draws: int = 4_000_000
    curve: tuple[int, ...] = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000, 2_000_000, 6_000_000)
    curve_turns: int = 3
    replications: tuple[int, ...] = (10, 25, 50, 100)
    replication_turns: int = 2
    pair_replications: int = 1_000
    copied_bytes: int = 512 * 2**20
    report_replications: int = 200
    report_turns: int = 3
    cold: bool = True
    """Also measure what needs more than a minute of compiling."""


FULL = Sizes()
QUICK_SIZES = Sizes(
    turns=2, residents=4_000, months=3, plain_residents=200, plain_months=2, starts=2, peer_agents=2_000,
    peer_steps=6, peer_turns=1, batch_residents=150, batch_months=3, batch_runs=2, store_runs=4, pairs=4,
    draws=50_000, curve=(500, 1_000, 2_000), curve_turns=2, replications=(2, 4), replication_turns=1,
    pair_replications=4, copied_bytes=2**22, report_replications=20, report_turns=1, cold=False,
)  # fmt: skip


@dataclass
class Session:
    """One benchmark being measured."""

    sizes: Sizes = FULL
    say: Callable[[str], None] = lambda _: None
    loads: list[float | None] = field(default_factory=lambda: [load()])

    def turn(self, text: str) -> None:
        """Tell how far it is, and note the load."""
        self.say(text)
        self.loads.append(load())

    def turns(self, works: Mapping[str, Callable[[], float]], turns: int) -> dict[str, "Timed"]:
        """Let the works take turns, so that a busy machine slows all alike; each returns how much it did."""
        taken = {label: Timed() for label in works}
        for turn in range(turns):
            for label, work in works.items():
                self.turn(f"{label}, turn {turn + 1} of {turns}")
                taken[label].add(work)
        self.loads.append(load())
        return taken


@dataclass
class Timed:
    """Wall and processor seconds of each turn, and how much was done in it."""

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    done: list[float] = field(default_factory=list)

    def add(self, work: Callable[[], float]) -> None:
        """Do the work once; what others left behind is cleared away before the clock starts."""
        gc.collect()
        wall, processor = time.perf_counter(), time.process_time()
        done = work()
        self.wall.append(time.perf_counter() - wall)
        self.processor.append(time.process_time() - processor)
        self.done.append(done)

    def rates(self, by: str = "processor") -> tuple[float, ...]:
        """Return what was done a second, by processor time or by wall time."""
        seconds: list[float] = getattr(self, by)
        return tuple(done / taken for done, taken in zip(self.done, seconds, strict=True))


def in_fresh_process(module: str, name: str, **given: object) -> dict[str, Any]:
    """Return what a function returns when called in a process of its own."""
    printed = run_and_read([sys.executable, "-c", _CALL, module, name, json.dumps(given)])
    found: dict[str, Any] = json.loads(printed.splitlines()[-1])
    return found


def run_and_read(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """Run a command from the checkout and return what it prints.

    Raises:
        SamspelError: It failed; the message ends with its last line.
    """
    path = os.pathsep.join([str(CHECKOUT), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": path, **(environment or {})},
    )
    if done.returncode != 0:
        last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise SamspelError(f"{Path(command[0]).name}: ended with exit code {done.returncode}: {last}")
    return done.stdout
