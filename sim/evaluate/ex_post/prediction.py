"""What the model says that the reform does to an official statistic, observed as that statistic is.

The draws are those of the calibrated case with its own policy; nothing that happened after its start enters,
but for rules known since. So they are a prediction made before, in the sense that matters here.

Public names: `Prediction`, `predict_effect`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from sim.core.errors import input_error
from sim.core.months import month_number
from sim.data.margins import margins_at
from sim.evaluate.estimators.result import INSIDE
from sim.evaluate.panels.designs import CaseDesign
from sim.evaluate.panels.panel import Floats
from sim.experiment.cases import case_experiment
from sim.experiment.run import run_experiment
from sim.policy.case import Case

_YEAR = 12
BESIDE = ("af_stock", "assistance_households", "employed")
"""What always stands beside STATIV, which falls when people move into activities without a job."""


@dataclass(frozen=True)
class Prediction:
    """Effects over draws.

    Attributes:
        outcome: The statistic.
        years: Years averaged over.
        by_year: Effect for the treated cluster, in the statistic's unit, shape (draws, years).
        beside: The same for `BESIDE`, persons or households, means of the years' months, by name.
        order: Draw numbers, in the order of the arrays.
    """

    outcome: str
    years: tuple[int, ...]
    by_year: Floats
    beside: dict[str, Floats]
    order: tuple[int, ...]

    @property
    def draws(self) -> Floats:
        """Return the mean effect over the years, shape (draws,)."""
        return np.asarray(self.by_year.mean(axis=1))

    @property
    def mean(self) -> float:
        """Return the mean over draws."""
        return float(self.draws.mean())

    @property
    def interval(self) -> tuple[float, float]:
        """Return the interval over draws that holds `INSIDE` of them."""
        low, high = np.quantile(self.draws, [(1 - INSIDE) / 2, (1 + INSIDE) / 2])
        return float(low), float(high)


def predict_effect(
    case: Case,
    design: CaseDesign,
    years: Sequence[int],
    outcome: str = "stativ_share",
    draws: int = 100,
    seed: int = 1,
    processes: int | None = None,
) -> Prediction:
    """Return the model's effect on a statistic in the treated cluster, mean of some years.

    A yearly statistic is read in December, which holds the twelve months; years beyond the case's horizon are
    left out. Municipalities weigh by residents aged 16-64 at the start.

    Args:
        case: The case with its policy.
        design: Its treated cluster.
        years: The years of the estimate.
        outcome: Indicator of the model.
        draws: Number of paired draws.
        seed: Root of chance.
        processes: Processes to run with; None takes one per processor.

    Raises:
        SamspelError: No year ends within the case's horizon, or every run failed.
    """
    results = run_experiment(case_experiment(case, draws, seed=seed), processes)
    last = case.first_month + case.horizon - 1
    known = tuple(year for year in years if month_number(f"{year}-12") <= last)
    if not known:
        ends = f"{case.start} and {case.horizon} months"
        raise input_error(case.name, "years", list(years), f"years that end within {ends}")
    decembers = [month_number(f"{year}-12") - case.first_month + 1 for year in known]
    months = [month for end in decembers for month in range(max(1, end - _YEAR + 1), end + 1)]
    rows = (
        results.scan("effects")
        .filter(
            pl.col("indicator").cast(pl.String).is_in([outcome, *BESIDE]),
            pl.col("group").cast(pl.String) == "all",
            pl.col("municipality").cast(pl.String).is_in(list(design.treated)),
        )
        .select("draw", "month", "difference", pl.col("indicator", "municipality").cast(pl.String))
        .collect()
    )
    weights = {code: float(margins_at(code, case.first_month).residents(16, 64)) for code in design.treated}
    share = pl.DataFrame({"municipality": list(weights), "weight": list(weights.values())})
    weight = pl.col("weight") / sum(weights.values())
    yearly = (
        rows.filter(pl.col("indicator") == outcome, pl.col("month").is_in(decembers))
        .join(share, on="municipality")
        .group_by("draw", "month")
        .agg(effect=(pl.col("difference") * weight).sum())
        .sort("draw", "month")
    )
    order = yearly["draw"].unique().sort().to_list()
    beside = {
        name: _per_draw(
            rows.filter(pl.col("indicator") == name, pl.col("month").is_in(months)),
            pl.col("difference").sum() / len(months),
        )["effect"].to_numpy()
        for name in BESIDE
    }
    by_year = yearly["effect"].to_numpy().reshape(len(order), len(decembers))
    return Prediction(outcome, known, by_year, beside, tuple(order))


def _per_draw(rows: pl.DataFrame, effect: pl.Expr) -> pl.DataFrame:
    return rows.group_by("draw").agg(effect=effect).sort("draw")
