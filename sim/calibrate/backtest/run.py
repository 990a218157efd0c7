"""Run both tests: predict, then read the later figures, then score.

Public names: `Backtest`, `run_backtest`, `known_shares`, `known_stocks`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sim.calibrate.backtest.ar_panel import ArPanel
from sim.calibrate.backtest.drift import Drift
from sim.calibrate.backtest.forecast import Forecast, Forecaster, KnownShares, KnownStocks
from sim.calibrate.backtest.link import read_link
from sim.calibrate.backtest.model import CalibratedPlace
from sim.calibrate.backtest.nation import Nation, forecast_nation
from sim.calibrate.backtest.panel import read_panel
from sim.calibrate.backtest.plain import Persistence, SeasonalNaive
from sim.calibrate.backtest.samspel import Samspel
from sim.calibrate.backtest.score import MEASURES, score_rows, summarise
from sim.calibrate.backtest.stocks import BASE, MONTHS, read_stocks
from sim.data.tables import table

SHARES: Final = "stativ_2018_2021"
"""STATIV shares of 2018-2021 from data to 2017."""
SHARES_NATION: Final = "stativ_2018_2021_nation"
"""The same with the country's share of each later year given: no forecast, but the part of the places."""
SHARES_EQUAL: Final = "stativ_2018_2021_equal"
"""The same as ``SHARES`` with the regressions of the country weighted equally: a variant that was added after
the first scores had been seen, and so no test."""
STOCKS: Final = "af_2022"
"""AF stock of the months of 2022 from those of 2018; the country's stock of 2022 is known."""
STOCKS_AKU: Final = "af_2022_aku"
"""The same, but the country is known by AKU alone."""

UNITS: Final = {
    SHARES: ("percent of residents 20-64",),
    SHARES_NATION: ("percent of residents 20-64",),
    SHARES_EQUAL: ("percent of residents 20-64",),
    STOCKS: ("per 1,000 residents 16-64", "persons"),
    STOCKS_AKU: ("per 1,000 residents 16-64", "persons"),
}

_DATE = 2017
_HORIZON = 4
_RIVALS = ("persistence", "ar_panel")


@dataclass(frozen=True)
class Backtest:
    """Scores of every forecaster: a test of prediction, not of mechanism."""

    scores: pl.DataFrame
    """By test, unit, forecaster and period (``all``: together), with ratios of CRPS to two rivals."""
    places: pl.DataFrame
    """By test, unit, forecaster and municipality."""
    drifts: Mapping[str, Drift]
    """The drift that ``samspel`` chose, by test."""
    nation_weights: Mapping[str, float]
    """Weights of the regressions that predict the country's share."""
    calibrated: Mapping[str, int]
    """Municipalities whose own fit is used, by test; the others take the official figure."""


def run_backtest(places: Mapping[str, CalibratedPlace] | None = None) -> Backtest:
    """Predict and score every test with every forecaster.

    Args:
        places: Calibrated municipalities. A fit enters only the test whose date is its own year of data.

    Raises:
        SamspelError: A table or a fit cannot be used.
    """
    fitted = places or {}
    shares, stocks, aku = known_shares(), known_stocks(), known_stocks(published=False)
    given, equal = _with_nation(shares), known_shares(equal=True)
    samspel = Samspel(fitted)
    forecasters: tuple[Forecaster, ...] = (
        samspel, Persistence(), SeasonalNaive(), ArPanel(), ArPanel(nation=True)
    )  # fmt: skip
    rows = []
    for one in forecasters:
        found = (
            (SHARES, one.shares(shares), _later_shares()),
            (SHARES_EQUAL, one.shares(equal), _later_shares()),
            (SHARES_NATION, one.shares(given), _later_shares()),
            (STOCKS, one.stocks(stocks), _later_stocks(stocks)),
            (STOCKS_AKU, one.stocks(aku), _later_stocks(stocks)),
        )
        for test, forecast, observed in found:
            rows += _scored(test, one.name, forecast, observed)
    scored = pl.concat(rows)
    keys = ("test", "unit", "forecaster")
    together = summarise(scored.with_columns(period=pl.lit("all")), (*keys, "period"))
    return Backtest(
        scores=_with_ratios(pl.concat([together, summarise(scored, (*keys, "period"))])),
        places=summarise(scored, (*keys, "code")),
        drifts={SHARES: samspel.drift(shares.panel), STOCKS: samspel.drift(stocks.panel)},
        nation_weights=shares.nation.weights,
        calibrated={
            test: sum(place.year == year for place in fitted.values())
            for test, year in ((SHARES, _DATE), (STOCKS, BASE))
        },
    )


def known_shares(date: int = _DATE, horizon: int = _HORIZON, equal: bool = False) -> KnownShares:
    """Return what was known at the end of ``date``, and the country predicted from AKU.

    Args:
        date: The last year with a figure.
        horizon: Years ahead.
        equal: Weight the regressions of the country equally, not by their errors.
    """
    panel = read_panel(date)
    return KnownShares(panel, forecast_nation(panel, horizon, equal))


def known_stocks(published: bool = True) -> KnownStocks:
    """Return what is known when 2022 is predicted from 2018.

    Args:
        published: The country's stock of 2022 is known; otherwise it is predicted from AKU by the
            regression on STATIV shares, and grows with residents.
    """
    panel, stocks = read_panel(BASE), read_stocks()
    link = read_link(panel)
    if published:
        return KnownStocks(panel, stocks, link, np.log(stocks.nation_target), np.zeros(len(MONTHS)))
    nation = forecast_nation(panel, _HORIZON)
    growth = np.log(stocks.residents_target.sum() / stocks.residents_base.sum())
    mean = np.log(stocks.nation_base) + growth + nation.mean[-1]
    return KnownStocks(panel, stocks, link, mean, np.full(len(MONTHS), nation.sd[-1]))


def _with_nation(known: KnownShares) -> KnownShares:
    """Return the same with the country's later shares given, which no forecast may know."""
    later = read_panel(_DATE + _HORIZON).logs[:, -_HORIZON:]
    weights = known.panel.residents / known.panel.residents.sum()
    mean = np.log(weights @ np.exp(later)) - known.panel.nation[-1]
    return KnownShares(known.panel, Nation(mean, np.zeros(_HORIZON), {}))


def _later_shares() -> pl.DataFrame:
    rows = table("stativ").filter(pl.col("year") > _DATE, pl.col("year") <= _DATE + _HORIZON)
    return rows.select(
        "code", pl.col("year").cast(pl.String).alias("period"), pl.col("percent").alias("value"), scale=1.0
    )


def _later_stocks(known: KnownStocks) -> pl.DataFrame:
    residents = pl.DataFrame({"code": known.stocks.codes, "scale": known.stocks.residents_target / 1000})
    rows = table("af_stock").filter(pl.col("month").is_in(MONTHS), pl.col("persons") > 0)
    return (
        rows.select(
            "code", pl.col("month").alias("period"), pl.col("persons").cast(pl.Float64).alias("value")
        )
        .join(residents, on="code", how="inner")
        .sort("code", "period")
    )


def _scored(test: str, name: str, forecast: Forecast, observed: pl.DataFrame) -> list[pl.DataFrame]:
    found = []
    for unit in UNITS[test]:
        scaled = observed if unit != "persons" else observed.with_columns(scale=1.0)
        labels = {"test": test, "unit": unit, "forecaster": name}
        rows = score_rows(forecast, scaled)
        found.append(rows.select(*(pl.lit(text).alias(key) for key, text in labels.items()), pl.all()))
    return found


def _with_ratios(scores: pl.DataFrame) -> pl.DataFrame:
    keys = ("test", "unit", "period")
    for rival in _RIVALS:
        other = scores.filter(forecaster=rival).select(*keys, rival="crps")
        scores = scores.join(other, on=keys, how="left", maintain_order="left")
        scores = scores.with_columns((pl.col("crps") / pl.col("rival")).alias(f"ratio_{rival}")).drop("rival")
    order = (*keys[:2], "forecaster", "period", "n", "crps", *(f"ratio_{rival}" for rival in _RIVALS))
    return scores.select(*order, *MEASURES[1:])
