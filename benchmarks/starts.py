"""Seconds to the first simulated month in fresh processes: with an empty cache, then with a warm one."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from sim.core.compiled import source_hash

_FIRST_MONTH = """
import benchmarks
from dataclasses import replace
from reference.trial import demanding_policy, small_town
from sim.model.simulate import simulate
inputs = replace(small_town(), size=500, burn_in=12, horizon=1)
simulate(inputs, [None, demanding_policy(inputs)])
"""


@dataclass(frozen=True)
class Starts:
    """Wall seconds of a whole process that ends after its first simulated month."""

    empty_cache: float
    warm_cache: float


def starts() -> Starts:
    """Return the time of a first start, which compiles, and of the next one, which reads compiled code."""
    before = source_hash()
    with tempfile.TemporaryDirectory() as folder:
        measured = Starts(_seconds(folder), _seconds(folder))
    if source_hash() != before:
        raise SystemExit("The sources changed while starts were measured, so both compiled: run again.")
    return measured


def _seconds(cache: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", _FIRST_MONTH], check=True, env={**os.environ, "SAMSPEL_CACHE": cache}
    )
    return time.perf_counter() - began
