"""Measure, print a table, and keep the figures in `benchmarks/results`."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.machine import load, machine
from benchmarks.speed import Speed, speeds
from benchmarks.starts import Starts, starts
from sim.core.compiled import source_hash

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    now = datetime.now(UTC)
    loads = [load()]
    measured = speeds()
    loads.append(load())
    started = starts()
    loads.append(load())
    large, small, plain = measured
    ratios = {
        "large": large.by_processor / plain.by_processor,
        "same_size": small.by_processor / plain.by_processor,
    }
    figures = {
        "measured": now.isoformat(timespec="seconds"),
        "sources": source_hash()[:12],
        "machine": machine(),
        "load": loads,
        "resident_months_per_second": [asdict(speed) for speed in measured],
        "times_plain_mesa": ratios,
        "seconds_to_first_month": asdict(started),
    }
    RESULTS.mkdir(exist_ok=True)
    target = RESULTS / f"{now:%Y-%m-%d-%H%M}.json"
    target.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8", newline="\n")
    _print(measured, ratios, started, figures["machine"], loads)
    Console().print(f"Kept in benchmarks/results/{target.name}")


def _print(
    measured: list[Speed], ratios: dict[str, float], started: Starts, facts: object, loads: list[float | None]
) -> None:
    table = Table(title="Resident-months per second, all rules on, one core", title_justify="left")
    for heading in ("model", "residents", "months", "by processor time", "by wall time"):
        table.add_column(heading, justify="left" if heading == "model" else "right")
    for speed in measured:
        cells = (speed.residents, speed.months, round(speed.by_processor), round(speed.by_wall))
        table.add_row(speed.model, *(f"{value:,}" for value in cells))
    console = Console()
    console.print(table)
    console.print(
        f"Compiled against plain Mesa, by processor time: {ratios['large']:,.0f} times at the larger size,"
    )
    console.print(f"{ratios['same_size']:,.0f} times at the same size.")
    console.print(
        f"Seconds to the first simulated month in a fresh process: {started.empty_cache:.1f} with an"
    )
    console.print(f"empty cache (compiles), {started.warm_cache:.1f} with a warm one.")
    console.print(f"Machine: {facts}")
    console.print(f"Load before, between and after: {loads}")


if __name__ == "__main__":
    main()
