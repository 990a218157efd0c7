r"""Panels that the calibrated model makes: what a country without any reform looks like, many times over.

A municipality's share is :math:`\log y_{ct} = \log m_{ct} + n_t + d_{ct}`: :math:`m` a simulated path of the
model with its chance, :math:`n` the country's own path, and :math:`d` the drift of places, which the model
does not have: a random walk that spreads with years and size as forecasts of places missed in the backtest
(`sim.calibrate.backtest.drift`), scaled so that placebos err as much here as in the real panel.

Public names: `Country`, `country`, `matched`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from sim.calibrate.backtest.drift import choose_drift
from sim.calibrate.backtest.panel import read_panel
from sim.evaluate.estimators.single import prepath_regression
from sim.evaluate.panels.covariates import covariates_of
from sim.evaluate.panels.designs import CaseDesign, residents
from sim.evaluate.panels.official import PRIMARY_LAST
from sim.evaluate.panels.panel import Floats, Panel
from sim.evaluate.power.paths import TownPaths, town_paths

FIRST: Final = 2010
_KNOWN = 2017
CHANCES: Final = 6
_PANELS = 10
_SEED = 99


@dataclass(frozen=True)
class Country:
    """What simulated panels of a case are made from.

    Attributes:
        design: Who is treated and compared.
        groups: Members of every unit, the treated one first.
        paths: Simulated paths of every member.
        nation: Log of the country's share, relative to its first year, shape (years,).
        spread: Standard deviation of the drift by member and years since the first, shape (members, years).
        scale: What the spread was multiplied by to match the real panel.
    """

    design: CaseDesign
    groups: Mapping[str, tuple[str, ...]]
    paths: TownPaths
    nation: Floats
    spread: Floats
    scale: float = 1.0

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years of a panel."""
        return tuple(range(FIRST, FIRST + len(self.nation)))

    @cached_property
    def weights(self) -> Floats:
        """Return the weight of each member in each unit, shape (units, members)."""
        size = residents(self.design.first - 1)
        table = np.zeros((len(self.groups), len(self.paths.codes)))
        for row, members in enumerate(self.groups.values()):
            for code in members:
                table[row, self.paths.codes.index(code)] = size[code]
        return np.asarray(table / table.sum(axis=1, keepdims=True))

    @cached_property
    def covariates(self) -> Floats:
        """Return what was known of each unit before the first whole treated year."""
        return covariates_of(self.groups, self.design.first - 1)

    def panel(self, rng: np.random.Generator) -> Panel:
        """Return one panel without any reform."""
        towns, chances, years = self.paths.shares.shape
        chosen = self.paths.shares[np.arange(towns), rng.integers(chances, size=towns)]
        steps = np.sqrt(np.diff(self.spread**2, axis=1).clip(min=0))
        walk = np.cumsum(rng.standard_normal((towns, years - 1)) * steps, axis=1)
        drift = np.concatenate([np.zeros((towns, 1)), walk], axis=1)
        shares = np.maximum(chosen, 0.05) * np.exp(self.nation + drift)
        names = tuple(self.groups)
        return Panel(
            outcome="stativ_share",
            unit="percent of population 20-64",
            places=names,
            periods=self.years,
            values=self.weights @ shares,
            first={names[0]: self.design.first},
            residents=np.ones(len(names)),
            left_out=self.design.left_out,
            covariates=self.covariates,
        )

    def shifted(self, first: int) -> "Country":
        """Return the same country with another first whole year."""
        return replace(self, design=replace(self.design, first=first, left_out=(first - 1,)))


def country(
    design: CaseDesign, last: int = PRIMARY_LAST, chances: int = CHANCES, processes: int | None = None
) -> Country:
    """Return what simulated panels of a design are made from; towns that are not kept are simulated.

    Args:
        design: Who is treated and compared.
        last: Last year of the panels.
        chances: Simulated paths of each town.
        processes: Number of processes; one per processor unless given.
    """
    groups = {design.name: design.treated, **design.donors}
    members = tuple(sorted({code for codes in groups.values() for code in codes}))
    years = last - FIRST + 1
    known = read_panel(min(last, _KNOWN))
    drift = choose_drift(known, np.ones(len(known.codes)))
    ahead = np.arange(1.0, years)
    rows = [known.codes.index(code) for code in members]
    spread = np.concatenate([np.zeros((len(members), 1)), drift.spread(ahead)[rows]], axis=1)
    national = read_panel(last).nation
    return Country(
        design,
        groups,
        town_paths(members, chances, years, processes=processes),
        national - national[0],
        spread,
    )


def matched(source: Country, real: Panel, panels: int = _PANELS) -> Country:
    r"""Return the country with drift scaled so that placebos err as much as in a real panel.

    The mean square of placebos of the regression on the path before is :math:`a + b k^2` in the scale
    :math:`k`; simulated panels with and without drift give :math:`a` and :math:`b`, the real panel the rest.
    Nothing is treated in what is compared.
    """
    wanted = _mean_square(real)
    still = replace(source, spread=np.zeros_like(source.spread))
    without, with_drift = (
        float(np.mean([_mean_square(one.panel(np.random.default_rng([_SEED, k]))) for k in range(panels)]))
        for one in (still, source)
    )
    scale = float(np.sqrt(max(wanted - without, 0.0) / max(with_drift - without, 1e-12)))
    return replace(source, spread=source.spread * scale, scale=scale)


def _mean_square(panel: Panel) -> float:
    effects = [prepath_regression(panel.with_treated(donor)).effect for donor in panel.donors]
    return float(np.mean(np.square(effects)))
