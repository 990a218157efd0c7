"""How a reform is rolled out over places in a simulated trial, and which estimators go with it.

Public names: `Rollout`, `ROLLOUTS`, `roll_out`, `added_by`, `chance_of` and `estimate_panel`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from sim.core.errors import input_error
from sim.evaluate.estimators.cohorts import COHORT
from sim.evaluate.estimators.few_treated import dealt_points, with_reassignment
from sim.evaluate.estimators.one_place import ONE_PLACE, estimated
from sim.evaluate.estimators.placebo import placebo_points
from sim.evaluate.estimators.randomised import ancova
from sim.evaluate.estimators.result import Estimate, Point
from sim.evaluate.estimators.single import SINGLE, tuned
from sim.evaluate.panels.panel import Floats, Panel

DEALS: Final = 39
"""Deals of each simulated panel: a 5 % test needs at least 19."""
_LEAST_APART: Final = 3
_LEAST_LOTS: Final = 8
_UNITS: Final = 8


@dataclass(frozen=True)
class Rollout:
    """One way of starting a reform.

    Attributes:
        name: Its name.
        label: What is done, in words; ``{units}`` and ``{waves}`` are filled in.
        estimators: Names of estimators that it can be analysed with, the usual ones first.
        usual: How many of them are run unless others are asked for.
        least: Fewest units that start.
        usual_units: Units that start unless a number is given.
    """

    name: str
    label: str
    estimators: tuple[str, ...]
    usual: int
    least: int = 1
    usual_units: int = 1

    def check(self, units: int, places: int, years: int) -> None:
        """Refuse a number of units or years that the roll-out cannot have.

        Raises:
            SamspelError: There are too few or too many units, or fewer years than waves.
        """
        most = 1 if self.name == "one" else places // 2 if self.name == "offices" else places // _LEAST_APART
        if not self.least <= units <= most:
            allowed = f"{self.least} to {most} for the roll-out {self.name}"
            raise input_error("power", "--units", units, allowed)
        if self.name == "staggered" and years < 2:
            raise input_error("power", "--years", years, "at least 2 for the roll-out staggered")


QUICK: Final = ("prepath_regression", "synthetic_did", "difference")
"""Estimators of one place that are fast enough to be run hundreds of times with all their placebos."""
ROLLOUTS: Final[Mapping[str, Rollout]] = {
    one.name: one
    for one in (
        Rollout("one", "the case alone", (*QUICK, *(n for n in ONE_PLACE if n not in QUICK)), len(QUICK)),
        Rollout("several", "{units} places drawn by lot, together", tuple(COHORT), 1, 2, _UNITS),
        Rollout(
            "staggered", "{units} places drawn by lot, in {waves} yearly waves", tuple(COHORT), 1, 2, _UNITS
        ),
        Rollout(
            "offices",
            "{units} offices drawn by lot to start and as many to wait",
            ("ancova", "callaway_santanna"),
            1,
            _LEAST_LOTS // 2,
            _UNITS,
        ),
    )
}
"""The roll-outs over places; persons are in `sim.evaluate.power.persons`."""


def waves(rollout: Rollout, years: int) -> int:
    """Return the number of yearly waves: each has at least one whole year."""
    return min(3, years) if rollout.name == "staggered" else 1


def roll_out(rollout: Rollout, panel: Panel, units: int, rng: np.random.Generator) -> Panel:
    """Return the panel with the places that start, drawn by lot; the case alone stays as it is.

    With offices as many wait as start, and no others are looked at.
    """
    if rollout.name == "one":
        return panel
    start = panel.start
    order = [panel.places[row] for row in rng.permutation(len(panel.places))]
    years = sum(period >= start for period in panel.periods)
    step = waves(rollout, years)
    first = {name: start + index * step // units for index, name in enumerate(order[:units])}
    kept = order[: 2 * units] if rollout.name == "offices" else order
    return replace(panel.of(kept, first), left_out=())


def added_by(panel: Panel, effects: Floats) -> tuple[Floats, Floats]:
    """Return what the reform adds to each place and period, and 1 where it is at work.

    Args:
        panel: Who starts when.
        effects: Effect by year since the start, points; the last one lasts.
    """
    started = np.array([panel.first.get(name, np.inf) for name in panel.places])
    since = np.array(panel.periods, dtype=np.float64) - started[:, None]
    at_work = since >= 0
    year = np.clip(np.where(at_work, since, 0), 0, len(effects) - 1).astype(np.int64)
    return np.where(at_work, effects[year], 0.0), at_work.astype(np.float64)


def chance_of(name: str, panel: Panel) -> Mapping[str, Point] | None:
    """Return what an estimator finds among the donors alone, where its inference rests on that."""
    if name in COHORT:
        return dealt_points(panel, [(place,) for place in panel.treated], {}, COHORT[name], DEALS)
    return placebo_points(panel, tuned(name, panel)) if name in SINGLE else None


def estimate_panel(panel: Panel, name: str, chance: Mapping[str, Point] | None) -> Estimate:
    """Return what one estimator finds in a panel, with the inference that belongs to it.

    Args:
        panel: The panel.
        name: One of a roll-out's estimators.
        chance: `chance_of` this panel, or of one with the same donors.
    """
    if name == "ancova":
        return ancova(panel)
    if name in COHORT:
        clusters = [(place,) for place in panel.treated]
        return with_reassignment(panel, clusters, {}, COHORT[name], name, known=chance)
    return estimated(name, panel, chance)
