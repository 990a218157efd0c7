"""Measure, keep what was found, and write the page: what `samspel bench` and `python -m benchmarks` do.

Public names: `bench` and `measure`.
"""

import json
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from benchmarks.catalogue import BENCHMARKS, Benchmark
from benchmarks.machine import machine
from benchmarks.page import stale_files, write_page
from benchmarks.records import LATEST, QUICK, Record, merge_records
from benchmarks.session import FULL, QUICK_SIZES, Session, Sizes
from sim.core.errors import SamspelError, input_error
from sim.core.sources import source_hash


def bench(
    names: Sequence[str] = (),
    as_json: bool = False,
    quick: bool = False,
    page: bool = False,
    check: bool = False,
) -> int:
    """Measure the named benchmarks, or the usual ones; return the exit code.

    Args:
        names: Benchmarks of the catalogue.
        as_json: Print the records instead of tables.
        quick: A short trial, kept apart from the published figures and worth nothing as a measurement.
        page: Measure nothing; write docs/performance.md from what is kept.
        check: Measure and write nothing; exit code 1 if the page is not current.

    Raises:
        SamspelError: A name is unknown, or what is kept is damaged.
    """
    if check or page:
        return _page(check)
    for name in names:
        if name not in BENCHMARKS:
            raise input_error("bench", "name", name, ", ".join(BENCHMARKS), BENCHMARKS)
    chosen = [one for one in BENCHMARKS.values() if one.name in names or (one.usual and not names)]
    console = Console(stderr=True)
    target = QUICK if quick else LATEST
    records, failed = [], []
    for number, one in enumerate(chosen, start=1):
        console.print(f"{number}/{len(chosen)} {one.name}: {one.about}", markup=False, highlight=False)
        try:
            records.append(measure(one, QUICK_SIZES if quick else FULL, console))
        except SamspelError as error:
            failed.append(one.name)
            console.print(f"{one.name}: not measured. {error}", markup=False, highlight=False)
            continue
        merge_records(records[-1:], target)  # kept at once: a long measurement may be stopped
    if not quick:
        write_page()
    if as_json:
        print(
            json.dumps([record.model_dump(mode="json") for record in records], indent=1, ensure_ascii=False)
        )
    else:
        for record in records:
            Console().print(_table(record))
    console.print(f"Kept in benchmarks/results/{target.name}", markup=False, highlight=False)
    return 1 if failed else 0


def measure(one: Benchmark, sizes: Sizes, console: Console | None = None) -> Record:
    """Run one benchmark and return what it found, with the machine and the load.

    Raises:
        SamspelError: It could not be measured.
    """
    console = console or Console(stderr=True, quiet=True)
    measured, began = datetime.now(UTC), time.perf_counter()
    with console.status(one.name) as status:
        session = Session(sizes, lambda text: status.update(f"{one.name}: {text}"))
        samples = one.run(session)
        session.turn("done")
    return Record(
        name=one.name,
        measured=measured.replace(microsecond=0),
        seconds=round(time.perf_counter() - began, 1),
        sources=source_hash()[:12],
        machine=machine(),
        load=tuple(session.loads),
        samples=tuple(samples),
    )


def _page(check: bool) -> int:
    if not check:
        for path in write_page():
            print(path)
        return 0
    stale = stale_files()
    for path in stale:
        print(f"{path}: not current. Run: samspel bench --page", file=sys.stderr)
    return 1 if stale else 0


def _table(record: Record) -> Table:
    table = Table(title=f"{record.name}, {record.seconds:,.0f} s", title_justify="left")
    for heading in ("", "median", "lowest", "highest", "n", "unit"):
        table.add_column(
            heading, justify="right" if heading in ("median", "lowest", "highest", "n") else "left"
        )
    for one in record.samples:
        cells = [f"{value:,.4g}" for value in (one.median, *one.spread)] if one.values else ["-"] * 3
        table.add_row(one.label, *cells, str(one.n), one.missing or one.unit)
    return table
