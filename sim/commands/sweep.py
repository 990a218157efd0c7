"""``samspel sweep FILE``: run many points of a case and print the table of their effects."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.shared import json_option, print_json, print_table, size_text, time_text, whole_number

if TYPE_CHECKING:
    from sim.experiment.sweeps.estimate import Estimate
    from sim.experiment.sweeps.run import SweepResults


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add = parser.add_argument
    add("file", metavar="FILE", type=Path, help="what to vary: a YAML file, see docs/sweeps.md")
    add("--processes", type=whole_number(1), metavar="N", help="processes; one per processor unless given")
    add("--scheduler", metavar="ADDRESS", help="run on a Dask cluster: tcp://HOST:8786")
    add("--dry-run", action="store_true", help="say how many runs, how long and how large; keep nothing")
    add("--out", type=Path, metavar="DIR", help="folder that experiments are kept in; runs/ unless given")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the sweep, or what is left of it."""
    from sim.experiment.sweeps.document import load_sweep, sweep_points

    sweep = load_sweep(options.file)
    points = sweep_points(sweep, options.file)
    if options.dry_run:
        from sim.experiment.sweeps.estimate import estimate_sweep
        from sim.experiment.sweeps.tasks import SweepTasks

        estimate = estimate_sweep(SweepTasks(sweep, points), options.processes)
        if options.as_json:
            print_json(asdict(estimate))
        else:
            print(_estimate_text(estimate, sweep.precision is not None))
        return 0
    from sim.experiment.runner import Places
    from sim.experiment.sweeps.run import run_sweep

    places = Places(options.processes, options.scheduler)
    results = run_sweep(options.file.stem, sweep, points, places, options.out)
    if options.as_json:
        print_json(_values(results))
    else:
        _print(results)
    return 0


def _estimate_text(estimate: "Estimate", precision: bool) -> str:
    most = "at most " if precision else ""
    return (
        f"{estimate.points} points: {most}{estimate.runs} runs, of which {estimate.tasks} baselines.\n"
        f"About {time_text(estimate.seconds)} on {estimate.processes} processes, measured on a small run.\n"
        f"About {size_text(estimate.bytes)} of disk. What has finished before is not run again."
    )


def _print(results: "SweepResults") -> None:
    settings = list(dict.fromkeys(name for point in results.points for name in point.settings))
    set_at = {point.name: [_cell(point.settings.get(name)) for name in settings] for point in results.points}
    header = [
        "point",
        *settings,
        "indicator",
        "group",
        "month",
        "mean",
        "5 %",
        "95 %",
        "+/-",
        "draws",
        "stopped",
    ]
    rows: list[Sequence[str]] = []
    for row in results.table.iter_rows(named=True):
        stop = results.stops[row["point"]]
        why = "" if stop.precise is None else "precise" if stop.precise else "at the most draws"
        numbers = [_cell(row[key]) for key in ("mean", "low", "high", "half_width", "draws")]
        names = [row["indicator"], row["group"], str(row["month"])]
        rows.append([row["point"], *set_at[row["point"]], *names, *numbers, why])
    print_table(header, rows)
    print("mean: of the effect; 5 %, 95 %: of draws; +/-: Monte Carlo half-width (90 %) of the mean.")
    if results.failed:
        print(
            f"{results.failed} runs failed and are left out: see log.txt. The same command tries them again."
        )
    print(f"Store: {results.folder}")


def _values(results: "SweepResults") -> dict[str, Any]:
    rows = results.table.to_dicts()
    return {
        "name": results.name,
        "folder": str(results.folder),
        "fingerprint": results.fingerprint,
        "failed": results.failed,
        "points": [
            {
                "point": point.name,
                "scenario": results.worlds[point.name],
                "settings": dict(point.settings),
                "stop": asdict(results.stops[point.name]),
                "effects": [
                    {key: value for key, value in row.items() if key not in ("point", "scenario")}
                    for row in rows
                    if row["point"] == point.name
                ],
            }
            for point in results.points
        ],
    }


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
