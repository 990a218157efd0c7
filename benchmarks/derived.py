"""What the records say together: ratios of samples, the efficiency of processes, the growth of cost.

Public names: `Records`, `sample`, `ratios`, `efficiency`, `curve` and `upper_exponent`.
"""

import math
from collections.abc import Mapping
from statistics import linear_regression

from benchmarks.labels import UPPER
from benchmarks.records import Record, Sample

Records = Mapping[str, Record]


def sample(records: Records, name: str, label: str) -> Sample | None:
    """Return a sample by the names of its benchmark and its own; None if it was not measured."""
    return records[name].sample(label) if name in records else None


def ratios(one: Sample | None, other: Sample | None) -> tuple[float, ...]:
    """Return turn by turn how many times the other's value one's is."""
    if one is None or other is None:
        return ()
    return tuple(a / b for a, b in zip(one.values, other.values, strict=False))


def efficiency(records: Records) -> tuple[float, float] | None:
    """Return the efficiency of two processes: of further pairs, and of the most pairs with all that starts.

    Further pairs: seconds from the fewest to the most on one process, over twice those on two.
    """
    record = records.get("replications")
    seconds = {
        (one.facts["processes"], one.facts["replications"]): one.median
        for one in (record.samples if record else ())
        if one.values
    }
    numbers = sorted({int(str(number)) for _, number in seconds})
    if len(numbers) < 2:
        return None
    fewest, most = numbers[0], numbers[-1]
    further = [seconds[processes, most] - seconds[processes, fewest] for processes in (1, 2)]
    return further[0] / (2 * further[1]), seconds[1, most] / (2 * seconds[2, most])


def curve(records: Records, shape: str) -> list[tuple[float, Sample]]:
    """Return residents and sample of the sizes measured with residents in one town, or in regions."""
    record = records.get("residents")
    return [
        (float(str(one.facts["residents"])), one)
        for one in (record.samples if record else ())
        if one.values and one.facts.get("shape") == shape
    ]


def upper_exponent(records: Records, shape: str) -> float | None:
    """Return the exponent of cost against residents in the upper decades."""
    points = [(size, one.median) for size, one in curve(records, shape) if size >= UPPER]
    logs = [[math.log(value) for value in axis] for axis in zip(*points, strict=True)]
    return linear_regression(*logs).slope if len(points) > 1 else None
