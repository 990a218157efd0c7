"""What breaks an estimator: spill-over across borders, anticipation, and trends of one's own.

Public names: `Stress`, `STRESSES`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from sim.evaluate.panels.panel import Floats, Panel
from sim.evaluate.settings import load_settings


@dataclass(frozen=True)
class Stress:
    """One way in which the world is not as an estimator believes.

    Attributes:
        name: Its name.
        label: What happens, in words.
        change: Return what it adds to a panel's values, given what the reform adds, both of shape (places,
            periods).
    """

    name: str
    label: str
    change: Callable[[Panel, Floats], Floats]


_SIZES = load_settings().stress


def _nothing(_: Panel, added: Floats) -> Floats:
    return np.zeros_like(added)


def _spill_over(panel: Panel, added: Floats) -> Floats:
    treated = _treated(panel)
    spilled = np.zeros_like(added)
    spilled[~treated] = _SIZES.spill_over * added[treated].mean(axis=0)
    return spilled


def _anticipation(panel: Panel, added: Floats) -> Floats:
    early = np.zeros_like(added)
    for row, name in enumerate(panel.places):
        if name in panel.first:
            first = panel.periods.index(panel.first[name])
            last = max(k for k in range(first) if panel.periods[k] not in panel.left_out)
            early[row, last] = _SIZES.anticipation * added[row, first]
    return early


def _own_trend(panel: Panel, added: Floats) -> Floats:
    years = np.array(panel.periods, dtype=np.float64) - panel.periods[0]
    return np.where(_treated(panel)[:, None], _SIZES.own_trend * years, np.zeros_like(added))


def _treated(panel: Panel) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([name in panel.first for name in panel.places])


STRESSES: Final[Mapping[str, Stress]] = {
    one.name: one
    for one in (
        Stress("none", "nothing", _nothing),
        Stress("spill_over", f"every donor gets {_SIZES.spill_over:.0%} of the effect", _spill_over),
        Stress("anticipation", f"{_SIZES.anticipation:.0%} of the effect comes a year early", _anticipation),
        Stress(
            "own_trend",
            f"the treated rise {_SIZES.own_trend} points a year more than others, always",
            _own_trend,
        ),
    )
}
"""The ways that a trial can be stressed."""
