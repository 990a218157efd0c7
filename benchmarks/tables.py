"""Tables of samples, as the page shows them.

Public names: `samples_table` and `with_fact`.
"""

from collections.abc import Iterator, Sequence

from benchmarks.records import Record, Sample
from benchmarks.wording import number, span
from sim.data.dictionary import markdown_table


def samples_table(samples: Sequence[Sample], heading: str = "") -> Iterator[str]:
    """Yield a table of samples: median, spread and n, or why there is none."""
    rows = [
        (one.label, number(one.median), span(one.values), str(one.n), one.unit)
        if one.values
        else (one.label, "not measured", one.missing, "0", one.unit)
        for one in samples
    ]
    yield from markdown_table((heading, "median", "lowest to highest", "n", "unit"), rows)


def with_fact(record: Record, fact: str) -> Iterator[str]:
    """Yield a table of a record's samples with one of their facts."""
    rows = [
        (one.label, number(one.median), span(one.values), str(one.n), one.unit, str(one.facts[fact]))
        for one in record.samples
        if one.values
    ]
    yield from markdown_table(("", "median", "lowest to highest", "n", "unit", fact), rows)
