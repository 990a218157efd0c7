"""Covasim as it comes: its default epidemic, a step a day.

Run by the benchmark in an environment of its own: prints one JSON object. Imports nothing of ours.
"""

import json
import platform
import sys
import time
from pathlib import Path

import covasim as cv


def main(agents: int, days: int) -> None:
    cv.options(verbose=0)
    _run(100, days)  # whatever is compiled, is compiled here
    wall, processor, steps = _run(agents, days)
    facts = {"version": cv.__version__, "python": platform.python_version(), "peak_bytes": _peak_bytes()}
    print(json.dumps({"wall": wall, "processor": processor, "steps": steps, **facts}))


def _run(agents: int, days: int) -> tuple[float, float, int]:
    sim = cv.Sim(pop_size=agents, n_days=days - 1, verbose=0)
    sim.initialize()
    wall, processor = time.perf_counter(), time.process_time()
    sim.run()
    return time.perf_counter() - wall, time.process_time() - processor, int(sim.npts)


def _peak_bytes() -> float | None:
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    found = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return float(found[0]) * 1024 if found else None


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:]))
