"""Small worlds whose truth is known, for the tests of the backtest."""

from dataclasses import dataclass, field

import numpy as np

from sim.calibrate.backtest.forecast import KnownShares
from sim.calibrate.backtest.nation import Nation
from sim.calibrate.backtest.panel import Floats, Panel
from sim.data.municipalities import municipalities
from sim.data.tables import table

OWN, CYCLE, STEP = -0.08, -0.9, 0.05
"""The truth of `synthetic`: yearly reversion, answer of deviations to the country, spread of a year."""


@dataclass(frozen=True)
class Fit:
    """A calibrated place as the calibration would give it."""

    year: int
    levels: dict[str, Floats] = field(default_factory=dict)
    response: dict[str, dict[str, float]] = field(default_factory=dict)


def synthetic(seed: int, ahead: int = 4) -> tuple[KnownShares, Floats]:
    """Return what is known to 2017 of places that obey `OWN` and `CYCLE`, and their later log shares."""
    draws = np.random.default_rng(seed)
    codes = tuple(one.code for one in municipalities())
    count, years = len(codes), 8 + ahead
    nation = 2.5 + np.cumsum(draws.normal(0.0, 0.06, years))
    own = draws.normal(0.0, 0.25, count)
    logs = np.empty((count, years))
    for year in range(years):
        logs[:, year] = nation[year] + own
        if year + 1 < years:
            change = nation[year + 1] - nation[year]
            own = own + (OWN + CYCLE * change) * own + draws.normal(0.0, STEP, count)
    panel = _panel(codes, logs[:, :8], draws.normal(0.0, 1.0, count))
    weights = panel.residents / panel.residents.sum()
    mean = np.log(weights @ np.exp(logs[:, 8:])) - panel.nation[-1]
    return KnownShares(panel, Nation(mean, np.zeros(ahead), {})), logs[:, 8:]


def constant() -> KnownShares:
    """Return a panel in which nothing ever changes."""
    codes = tuple(one.code for one in municipalities())
    panel = _panel(codes, np.full((len(codes), 8), 2.3), np.zeros(len(codes)))
    return KnownShares(panel, Nation(np.zeros(4), np.full(4, 0.01), {}))


def _panel(codes: tuple[str, ...], logs: Floats, foreign: Floats) -> Panel:
    groups = dict(table("skr_membership").select("code", "group_code").iter_rows())
    return Panel(
        codes=codes,
        groups=tuple(groups[code] for code in codes),
        years=tuple(range(2010, 2018)),
        logs=logs,
        residents=np.full(len(codes), 20_000.0),
        foreign=foreign,
        education={2009: np.linspace(0.1, 0.5, len(codes))},
    )
