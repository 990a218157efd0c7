"""The page's section of a month by process: what is slow, and what the memory would allow.

Public name: `month_by_process`.
"""

from collections.abc import Iterator

from benchmarks.derived import Records
from benchmarks.labels import BANDWIDTH, OUTSIDE
from benchmarks.records import Sample
from benchmarks.wording import number, percent, span
from sim.data.dictionary import markdown_table


def month_by_process(records: Records) -> Iterator[str]:
    """Yield the table of processes and what it says of the slowest."""
    record = records["profile"]
    width = record.sample(BANDWIDTH)
    processes = [one for one in record.samples if one.values and one.label != BANDWIDTH]
    if width is None or not processes:
        return
    whole = sum(one.median for one in processes)
    rows = [_profile_row(one, whole, width.median) for one in processes]
    yield from markdown_table(
        ("process", "ns a resident-month", "lowest to highest", "share of the month", "columns it mentions",
         "their bytes a resident", "ns at the memory's bandwidth", "share of the bound"), rows,
    )  # fmt: skip
    yield f"One core copies {number(width.median / 1e9)} GB/s here, read and written bytes together (n ="
    yield f"{width.n}, {span(width.values)} bytes/s). Bytes are those of every column of residents that a"
    yield "process's functions mention, passed over once for everybody. Most processes look only at those"
    yield "without work, so they move less, and the share of the bound is an upper limit."
    yield ""
    yield from _why(processes, whole, width.median)


def _profile_row(one: Sample, whole: float, width: float) -> tuple[str, ...]:
    moved = float(str(one.facts.get("bytes") or 0))
    bound = 1e9 * moved / width
    return (
        one.label if one.label == OUTSIDE else f"`{one.label}`",
        number(one.median), span(one.values), percent(one.median / whole),
        str(one.facts.get("columns", "")), number(moved) if moved else "", number(bound) if moved else "",
        percent(bound / one.median) if moved else "",
    )  # fmt: skip


def _why(processes: list[Sample], whole: float, width: float) -> Iterator[str]:
    inside = [one for one in processes if one.label != OUTSIDE]
    slowest = max(inside, key=lambda one: one.median)
    moved = float(str(slowest.facts["bytes"]))
    all_moved = sum(float(str(one.facts["bytes"])) for one in inside)
    all_bound = 1e9 * all_moved / width / sum(one.median for one in inside)
    yield f"The slowest process is `{slowest.label}`, {percent(slowest.median / whole)} of the month."
    if moved:
        bound = 1e9 * moved / width / slowest.median
        yield f"Moving its columns once would take {percent(bound)} of its time: {_limit(bound)}"
    else:
        yield "It passes over no residents, so its cost is fixed and the town is too small for this."
    yield "Moving the columns of all processes, once in each and for everybody, would take"
    yield f"{percent(all_bound)} of what they take."
    outside = next((one for one in processes if one.label == OUTSIDE), None)
    if outside is not None:
        yield f"Outside the processes go {percent(outside.median / whole)}: the calendar, the policy's"
        yield "channels, what each person did (for comparing two worlds person by person), and the series"
        yield "at the end."
    yield ""


def _limit(share: float) -> str:
    if share < 0.5:
        return (
            "it is held up by branches, draws and arithmetic on those whom it looks at, more than by memory."
        )
    return "memory is the greater part of its cost."
