"""Every benchmark by name: what it measures, and how.

Public names: `Benchmark` and `BENCHMARKS`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from benchmarks.records import Sample
from benchmarks.session import Session


@dataclass(frozen=True)
class Benchmark:
    """One benchmark: found by its name, imported when it is run."""

    name: str
    about: str
    function: str
    usual: bool = True
    """Run when none is named."""

    def run(self, session: Session) -> list[Sample]:
        """Measure it."""
        module, _, name = self.function.partition(":")
        measure: Callable[[Session], list[Sample]] = getattr(import_module(f"benchmarks.{module}"), name)
        return measure(session)


_ALL = (
    Benchmark("answers", "start-up of commands that only answer", "starts:answers"),
    Benchmark("speed", "resident-months per second, against the plain Mesa version", "speed:speeds"),
    Benchmark("memory", "peak memory of both", "speed:memory"),
    Benchmark("numpy", "one process of the month, against plain NumPy", "numpy_peer:numpy_version"),
    Benchmark("generators", "random numbers in a kernel, against Philox4x32-10", "generators:generators"),
    Benchmark("simulators", "a step of an agent, against Starsim and Covasim", "simulators:simulators"),
    Benchmark("batches", "runs per second, against mesa.batch_run", "batches:batches"),
    Benchmark("seeds", "pairs needed, against independent seeds", "seeds:pairs_needed"),
    Benchmark("profile", "a month by process, against the memory's bandwidth", "processes:by_process"),
    Benchmark("residents", "cost and memory by number of residents", "scaling:residents_curve"),
    Benchmark("replications", "cost by replications and processes", "scaling:replications_curve"),
    Benchmark("pairs", "1,000 paired replications of Mönsterås alone", "pairs:thousand_pairs"),
    Benchmark("sweden", "all municipalities, 60 months", "country:sweden"),
    Benchmark("report", "samspel report nykoping, and its parts", "reports:reports"),
    Benchmark("first-month", "a first run that compiles, and one that does not", "starts:first_month"),
    Benchmark("suite", "the tests of every day; only when named", "country:suite", usual=False),
)
BENCHMARKS = {one.name: one for one in _ALL}
"""In the order in which they are run."""
