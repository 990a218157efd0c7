"""Every estimator of one treated place, with the inference that belongs to it.

Public names: `ONE_PLACE`, the names, and `estimated`.
"""

from collections.abc import Mapping
from typing import Final

from sim.evaluate.estimators.interrupted import interrupted_series
from sim.evaluate.estimators.placebo import with_placebos
from sim.evaluate.estimators.result import Estimate, Point
from sim.evaluate.estimators.single import SINGLE, tuned
from sim.evaluate.panels.panel import Panel

_ALONE: Final = "interrupted_series"
ONE_PLACE: Final = (*SINGLE, _ALONE)
"""Estimators of one treated place, the preferred first."""


def estimated(name: str, panel: Panel, known: Mapping[str, Point] | None = None) -> Estimate:
    """Return what an estimator of one place finds: by placebo in space, or from the place's own series.

    Args:
        name: One of `ONE_PLACE`.
        panel: The panel.
        known: The estimator's placebos, where another panel with the same donors has given them.
    """
    if name == _ALONE:
        return interrupted_series(panel)
    return with_placebos(panel, tuned(name, panel), name, known)
