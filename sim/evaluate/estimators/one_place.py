"""Every estimator of one treated place, with the inference that belongs to it.

Public names: `ONE_PLACE`, all names, `OVER_TIME`, and `estimated`.
"""

from collections.abc import Callable, Mapping
from typing import Final

from sim.evaluate.estimators.conformal import CONFORMAL, conformal
from sim.evaluate.estimators.interrupted import interrupted_series
from sim.evaluate.estimators.placebo import with_placebos
from sim.evaluate.estimators.result import Estimate, Point
from sim.evaluate.estimators.single import SINGLE, tuned
from sim.evaluate.panels.panel import Panel

OVER_TIME: Final[Mapping[str, Callable[[Panel], Estimate]]] = {
    CONFORMAL: conformal,
    "interrupted_series": interrupted_series,
}
"""Estimators whose inference rests on the place's own years."""
ONE_PLACE: Final = (*SINGLE, *OVER_TIME)
"""Estimators of one treated place, the preferred first."""


def estimated(name: str, panel: Panel, known: Mapping[str, Point] | None = None) -> Estimate:
    """Return what an estimator of one place finds: by placebo in space, or from the place's own series.

    Args:
        name: One of `ONE_PLACE`.
        panel: The panel.
        known: The estimator's placebos, where another panel with the same donors has given them.
    """
    if name in OVER_TIME:
        return OVER_TIME[name](panel)
    return with_placebos(panel, tuned(name, panel), name, known)
