"""What breaks an estimator: spill-over across borders, anticipation, and trends of one's own.

Public names: `Stress`, `STRESSES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.evaluate.panels.panel import Floats, Panel


@dataclass(frozen=True)
class Stress:
    """One way in which the world is not as an estimator believes.

    Attributes:
        name: Its name.
        label: What happens, in words.
        change: Return the panel's values with it, given the effect by year after the start.
    """

    name: str
    label: str
    change: Callable[[Panel, Floats], Floats]


_SPILLED = 0.25
_AHEAD = 0.5
_SLOPE = 0.1


def _spill_over(panel: Panel, effects: Floats) -> Floats:
    values = panel.values.copy()
    columns = [panel.periods.index(period) for period in panel.after]
    values[1:, columns] += _SPILLED * effects
    return values


def _anticipation(panel: Panel, effects: Floats) -> Floats:
    values = panel.values.copy()
    values[0, panel.periods.index(panel.before[-1])] += _AHEAD * effects[0]
    return values


def _own_trend(panel: Panel, _: Floats) -> Floats:
    values = panel.values.copy()
    years = np.array(panel.periods, dtype=np.float64) - panel.before[0]
    values[0] += _SLOPE * years
    return values


STRESSES: Final[Mapping[str, Stress]] = {
    one.name: one
    for one in (
        Stress("none", "nothing", lambda panel, _: panel.values),
        Stress("spill_over", f"every donor gets {_SPILLED:.0%} of the effect", _spill_over),
        Stress("anticipation", f"{_AHEAD:.0%} of the effect comes a year early", _anticipation),
        Stress("own_trend", f"the place rises {_SLOPE} points a year more than others, always", _own_trend),
    )
}
"""The ways that a trial can be stressed."""
