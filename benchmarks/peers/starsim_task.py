"""An epidemic of an SIR kind with births, deaths and contacts drawn anew each month, in Starsim.

Run by the benchmark in an environment of its own: prints one JSON object. Imports nothing of ours.
"""

import json
import platform
import sys
import time
from pathlib import Path

import starsim as ss


def main(agents: int, months: int) -> None:
    _run(100, months)  # whatever is compiled, is compiled here
    wall, processor, steps = _run(agents, months)
    facts = {"version": ss.__version__, "python": platform.python_version(), "peak_bytes": _peak_bytes()}
    print(json.dumps({"wall": wall, "processor": processor, "steps": steps, **facts}))


def _run(agents: int, months: int) -> tuple[float, float, int]:
    sim = ss.Sim(
        people=ss.People(agents),
        networks=ss.RandomNet(n_contacts=4),
        diseases=ss.SIR(),
        demographics=[ss.Births(), ss.Deaths()],
        start=ss.date("2020-01-01"),
        dt=ss.month,
        dur=ss.months(months - 1),
        verbose=0,
    )
    sim.init()
    wall, processor = time.perf_counter(), time.process_time()
    sim.run()
    return time.perf_counter() - wall, time.process_time() - processor, len(sim.t.tvec)


def _peak_bytes() -> float | None:
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    found = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return float(found[0]) * 1024 if found else None


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:]))
