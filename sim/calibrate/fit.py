"""Hold a finished estimate against every official figure that the model can be read for.

Public name: `check_fit`.
"""

from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from sim.calibrate.measures import FITTED, LATER_START, PREDICTED, fit_rows
from sim.calibrate.settings import Settings
from sim.calibrate.targets import Target
from sim.calibrate.waves import Posterior
from sim.calibrate.worlds import HORIZON, Series, World
from sim.experiment.tables import BASELINE

_READ = (
    "af_stock",
    "open_unemployed",
    "stativ_share",
    "bas_unemployed",
    "assistance_households",
    "assistance_households_prelim",
    "assistance_households_year",
    "assistance_adults_10m",
    "assistance_adults_year",
    "assistance_paid",
    "exits_to_work",
    "af_inflow_from_work",
    "employed",
)
_SHARES = ("stativ_share",)


def check_fit(
    target: Target,
    posterior: Posterior,
    world: World,
    settings: Settings,
    told: Callable[[], None] | None = None,
) -> list[dict[str, Any]]:
    """Return one row for each official figure: key, role, official, official_high, mean, low, high.

    Those of 2017-18 are read from the check of the posterior; those of 2022 and later from runs that start in
    2022 with the same parameters and the population of then.
    """
    later = World.of(target.code, settings.residents, target.months, posterior.season, start=LATER_START)
    runs = settings.check // 2
    after = later.run(posterior.z[:runs], range(runs), told)
    rows = []
    for series, measures, place in (
        (posterior.check.series, FITTED, world),
        (after.series, PREDICTED, later),
    ):
        scale = place.inputs.margins.residents(16, 64) / place.residents
        rows += fit_rows(_long(series, scale), measures, [target.code]).to_dicts()
    kept = ("key", "role", "official", "official_high", "mean", "low", "high")
    return [{key: _short(row[key]) for key in kept if row[key] is not None} for row in rows]


def _long(series: Sequence[Series], scale: float) -> pl.DataFrame:
    """Return runs as the experiment's series are laid out, counts scaled to the whole municipality."""
    months = list(range(1, HORIZON + 1))
    frames = [
        pl.DataFrame(
            {
                "draw": draw,
                "replication": 0,
                "policy": BASELINE,
                "group": "all",
                "indicator": name,
                "month": months,
                "value": one[name, "all"] * (1.0 if name in _SHARES else scale),
            }
        )
        for draw, one in enumerate(series)
        for name in _READ
    ]
    return pl.concat(frames)


def _short(value: object) -> object:
    return float(f"{value:.6g}") if isinstance(value, float) else value
