"""The page docs/performance.md: written from the kept records, and never by hand.

Public names: `page_text`, `stale_files` and `write_page`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from textwrap import fill

from benchmarks.derived import Records
from benchmarks.goals import Finding, findings, shown
from benchmarks.pictures import Drawing, drawings
from benchmarks.records import LATEST, Record, read_records
from benchmarks.sections import SECTIONS
from benchmarks.session import CHECKOUT
from benchmarks.tables import samples_table
from benchmarks.wording import NOT_MEASURED, number
from sim.core.files import write_text
from sim.data.dictionary import markdown_table


def page_text(records: Records) -> str:
    """Return the whole page."""
    shown_drawings = drawings(records)
    parts = (
        _head(records),
        _goals(records),
        _comparisons(records, shown_drawings),
        _starts(records),
        _measurements(records),
    )
    return "\n".join(_filled(line for part in parts for line in part))


def _filled(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines with those of a paragraph filled up; tables, titles and pictures stay as they are."""
    paragraph: list[str] = []
    for line in (*lines, ""):
        if line and line[0] not in "|#!":
            paragraph.append(line)
            continue
        if paragraph:
            yield from fill(" ".join(paragraph), 120, break_on_hyphens=False).splitlines()
            paragraph = []
        yield line


def stale_files(source: Path = LATEST, docs: Path | None = None) -> list[Path]:
    """Return the page and its pictures that are missing or not made from what is kept."""
    records, folder = read_records(source), docs or CHECKOUT / "docs"
    page = folder / "performance.md"
    current = page.exists() and page.read_bytes() == page_text(records).encode("utf-8")
    stale = [] if current else [page]
    for drawing in drawings(records).values():
        path = folder / "images" / drawing.file
        if not path.exists() or not path.read_text(encoding="utf-8").endswith(drawing.mark):
            stale.append(path)
    return stale


def write_page(source: Path = LATEST, docs: Path | None = None) -> list[Path]:
    """Write the page and the pictures that are not current; return which."""
    records, folder = read_records(source), docs or CHECKOUT / "docs"
    stale = stale_files(source, folder)
    by_file = {folder / "images" / one.file: one for one in drawings(records).values()}
    for path in stale:
        write_text(path, by_file[path].svg() if path in by_file else page_text(records))
    return stale


def _head(records: Records) -> Iterator[str]:
    yield from ("# Performance", "")
    yield "Generated from `benchmarks/results/latest.json` by `samspel bench` (`--page` writes the page"
    yield "alone); do not edit by hand. Every figure was measured, beside the peer that it is held"
    yield "against, in the same run and taking turns; nothing here is asserted by a test. A row that"
    yield "nobody has measured says so."
    yield ""
    if records:
        yield "A measurement is given as median, lowest and highest of n. Seconds are wall time, and rates"
        yield "of one process are by processor time, which a busy machine disturbs less. *Load* is how"
        yield "many processes wanted a core in the last minute, before, at most, and after, the measured"
        yield "one included: where it is above the number at work in a benchmark, somebody else was at"
        yield "work too, and figures are worse than they need be. Measured again: `samspel bench`, or by"
        yield "name, `samspel bench speed`."
        yield ""


def _goals(records: Records) -> Iterator[str]:
    yield from ("## What is to be reached", "")
    rows = [_goal_row(one) for one in findings(records)]
    yield from markdown_table(
        (
            "what",
            "reach",
            "measured",
            "",
            "lowest to highest",
            "n",
            "beside it",
            "compiled code",
            "load",
            "date",
        ),
        rows,
    )
    yield "Random numbers are Squares32 under keys from Philox4x32-10 everywhere but in the peers."
    yield "Machine: see the end of the page."
    yield ""


def _goal_row(one: Finding) -> tuple[str, ...]:
    if not one.values or one.record is None:
        return (one.what, one.reach, NOT_MEASURED, "", "", "", one.peer, "", "", "")
    middle = shown(one, median(one.values))
    spread = f"{shown(one, min(one.values))} to {shown(one, max(one.values))}" if len(one.values) > 1 else ""
    return (
        one.what, one.reach, middle, one.verdict, spread, str(one.n), one.peer, one.compiled,
        _load(one.record), f"{one.record.measured:%Y-%m-%d}",
    )  # fmt: skip


def _comparisons(records: Records, shown_drawings: dict[str, Drawing]) -> Iterator[str]:
    for name, (title, lines) in SECTIONS.items():
        yield from (f"## {title}", "")
        if name not in records:
            yield from (f"Not measured (`samspel bench {name}`).", "")
            continue
        if name in shown_drawings:
            yield from _picture(shown_drawings[name])
        yield from lines(records)


def _starts(records: Records) -> Iterator[str]:
    yield from ("## Start-up", "")
    for name in ("answers", "first-month"):
        if name in records:
            yield from samples_table(records[name].samples)
        else:
            yield from (f"Not measured (`samspel bench {name}`).", "")
    yield "Whole processes, from their start to their end. The first month is a town of 500 residents with"
    yield "a policy that moves every channel."
    yield ""


def _measurements(records: Records) -> Iterator[str]:
    yield from ("## When, and on what", "")
    if not records:
        yield from ("Nothing has been measured.", "")
        return
    machines = list(dict.fromkeys(_machine(record) for record in records.values()))
    yield from markdown_table(
        ("benchmark", "measured (UTC)", "took", "load before, highest, after", "model's sources", "machine"),
        [
            (
                name, f"{record.measured:%Y-%m-%d %H:%M}", f"{number(record.seconds)} s", _load(record),
                record.sources, str(machines.index(_machine(record)) + 1),
            )
            for name, record in sorted(records.items(), key=lambda item: item[1].measured)
        ],
    )  # fmt: skip
    for place, text in enumerate(machines, start=1):
        yield from (f"Machine {place}: {text}.", "")


def _picture(drawing: Drawing) -> Iterator[str]:
    yield from (f"![{drawing.alt}](images/{drawing.file})", "")


def _load(record: Record) -> str:
    loads = [load for load in record.load if load is not None]
    if not loads:
        return "the system does not say"
    return f"{loads[0]:.1f}, {max(loads):.1f}, {loads[-1]:.1f}"


def _machine(record: Record) -> str:
    about = dict(record.machine)
    memory = about.pop("memory_bytes", None)
    held = f", {float(str(memory)) / 1e9:.0f} GB" if memory else ""
    versions = ", ".join(f"{name} {about[name]}" for name in ("python", "numba", "numpy", "mesa"))
    return f"{about['processor']}, {about['cores']} cores{held}, {about['system']}; {versions}"
