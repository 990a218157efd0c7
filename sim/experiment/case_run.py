"""Run a case and read its main series: what the command line and a notebook begin with.

Public names: `run_case` and its result `CaseRun`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sim.core.files import write_whole
from sim.experiment.cases import case_experiment
from sim.experiment.run import Results, run_experiment
from sim.experiment.totals import TOTAL, main_effects, main_series
from sim.policy.case import Case, load_case
from sim.policy.overrides import apply_settings
from sim.policy.posteriors import load_posterior


@dataclass(frozen=True)
class CaseRun:
    """A case that has been run, and its main series.

    Attributes:
        case: The case with its settings.
        results: All tables.
        series: Main series by policy, municipality (`sim.experiment.totals.TOTAL` for the whole case),
            indicator and month: mean, low, high (90 %), n.
        effects: What the policy changes in them; empty without a policy.
    """

    case: Case
    results: Results
    series: pl.DataFrame
    effects: pl.DataFrame


def run_case(
    case: str | Path,
    months: int | None = None,
    replications: int | None = None,
    seed: int = 1,
    settings: Sequence[str] = (),
    size: int | None = None,
    neutral: bool = False,
    processes: int | None = None,
    out: Path | None = None,
    progress: bool = True,
    posterior: str | None = None,
) -> CaseRun:
    """Run what has not been run of a case, and return its main series.

    Args:
        case: Name of a case, or the path of a case file.
        months: Months to follow; the case's own horizon unless given.
        replications: Number of runs, each with its own draw of the uncertain parameters; without it one run
            at the central value of each.
        seed: Root of all randomness.
        settings: Changes of the case, ``lever.setting=value``.
        size: Residents aged 16-64 to simulate in each municipality; one for one unless given.
        neutral: Pair the case with a policy that changes nothing instead of its own.
        processes: Number of processes; one per processor unless given.
        out: Where experiments are kept; ``runs/`` in the project folder unless given.
        progress: Show a bar with the time left on a terminal.
        posterior: Name of a posterior to draw from (`sim.policy.posteriors`).

    Raises:
        SamspelError: A setting is not allowed, every run failed, or the folder cannot be written.
    """
    horizon = [] if months is None else [f"horizon={months}"]
    chosen = apply_settings(load_case(case), [*horizon, *settings])
    experiment = case_experiment(
        chosen,
        draws=replications or 1,
        seed=seed,
        size=size,
        neutral=neutral,
        central_draw=replications is None,
        posterior=load_posterior(posterior) if posterior else None,
    )
    results = run_experiment(experiment, processes, progress, out)
    series = main_series(results.scan("series"), results.runs)
    effects = main_effects(results.scan("effects"), results.runs)
    _write(results.folder / "main.csv", series)
    return CaseRun(chosen, results, series, effects)


def _write(path: Path, series: pl.DataFrame) -> None:
    total = series.filter(municipality=TOTAL).sort("policy", "indicator", "month")
    write_whole(path, lambda file: total.write_csv(file))
