"""The sections on growth: how the cost grows with residents, and with replications and processes.

Public names: `by_residents` and `by_replications`.
"""

from collections.abc import Iterator

from benchmarks.derived import Records, curve, efficiency, upper_exponent
from benchmarks.labels import REGIONS, TOWN
from benchmarks.records import Sample
from benchmarks.tables import with_fact
from benchmarks.wording import gigabytes, number, percent, span
from sim.data.dictionary import markdown_table

_HEADING = (
    "residents", "ms a month", "lowest to highest", "ns a resident-month", "resident-months/s",
    "peak memory of the process", "n",
)  # fmt: skip


def by_residents(records: Records) -> Iterator[str]:
    """Yield how cost and memory grow with residents, by regions and in one town."""
    yield "Towns at the parameters' central values, without a policy; each size in a fresh process, over 24"
    yield "months after the burn-in. By regions, residents live in municipalities of 20,000, five of which"
    yield "are a labour-market region, run one region after another as `samspel run sverige` does with its"
    yield "60 regions."
    yield ""
    yield from _sizes(records, REGIONS)
    yield "The same residents in one town:"
    yield ""
    yield from _sizes(records, TOWN)
    regions, town = (upper_exponent(records, shape) for shape in (REGIONS, TOWN))
    if regions is not None and town is not None:
        yield f"From 100,000 residents up the cost grows by regions as residents to the power {regions:.3f},"
        yield f"and in one town to the power {town:.3f}: its months pass over all its rows several times, and"
        yield "rows that the processor's caches no longer hold come from memory. Below, the fixed cost of a"
        yield "month weighs more: calendar, institutions and the calls of the kernels."
        yield ""


def _sizes(records: Records, shape: str) -> Iterator[str]:
    yield from markdown_table(_HEADING, [_size(size, one) for size, one in curve(records, shape)])


def _size(size: float, one: Sample) -> tuple[str, ...]:
    peak = one.facts.get("peak_bytes")
    return (
        number(size), number(1e3 * one.median), span([1e3 * value for value in one.values]),
        number(1e9 * one.median / size), number(size / one.median),
        gigabytes(float(str(peak))) if peak else "not measured", str(one.n),
    )  # fmt: skip


def by_replications(records: Records) -> Iterator[str]:
    """Yield how the cost grows with paired replications, on one process and on two."""
    yield "Paired replications of Mönsterås alone (60 months of burn-in, 60 months in two worlds), into an"
    yield "empty store."
    yield ""
    yield from with_fact(records["replications"], "processes")
    shares = efficiency(records)
    if shares:
        yield f"Two processes do further pairs with an efficiency of {percent(shares[0])}; with their start"
        yield f"and the first pair, which compiles or loads for all, {percent(shares[1])} over the longest"
        yield "row."
        yield ""
