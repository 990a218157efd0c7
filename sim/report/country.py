"""The model's levels in every municipality beside official figures, as numbers.

Public names: `country_fit`, its result `CountryFit`, and `MEASURES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from sim.core.errors import input_error
from sim.core.months import month_number
from sim.data.facts import observations
from sim.data.margins import margins_at
from sim.data.municipalities import municipality
from sim.experiment.case_run import CaseRun, run_case
from sim.policy.case import Case
from sim.policy.estimates import load_estimate


@dataclass(frozen=True)
class _Measure:
    """What is compared: the model's series, its months, and the official indicator of the same months.

    ``per`` is the number of residents aged 16-64 that both are divided by; None where both are shares.
    """

    series: str
    first: str
    last: str
    indicator: str
    periods: tuple[str, ...]
    per: float | None


_2018 = tuple(f"2018-{month:02d}" for month in range(1, 13))
_2017 = tuple(f"2017-{month:02d}" for month in range(1, 9))
MEASURES: Final[Mapping[str, _Measure]] = {
    "af_stock": _Measure("af_stock", "2018-01", "2018-12", "af_stock", _2018, 100.0),
    "stativ": _Measure("stativ_share", "2018-12", "2018-12", "stativ_share", ("2018",), None),
    "assistance": _Measure(
        "assistance_households_prelim", "2017-01", "2017-08", "assistance_households_month", _2017, 1000.0
    ),
}
"""What can be compared in every municipality."""


@dataclass(frozen=True)
class CountryFit:
    """One measure in every municipality of a case.

    Attributes:
        measure: Name in `MEASURES`.
        rows: Columns code, name, region, residents, model, official (null where not published), by code.
        regions: Number of labour-market regions.
        size: Residents simulated in each municipality; 0 means one for one.
        run: The run that it is read from.
        calibrated: Codes of the municipalities that were fitted to their own figures, this one among them.
    """

    measure: str
    rows: pl.DataFrame
    regions: int
    size: int
    run: CaseRun
    calibrated: tuple[str, ...] = ()

    @property
    def both(self) -> pl.DataFrame:
        """Return the municipalities that have an official figure."""
        return self.rows.drop_nulls("official")

    def of_country(self, column: str) -> float:
        """Return the mean over municipalities that have both figures, weighted by residents."""
        both = self.both
        return float(np.average(both[column].to_numpy(), weights=both["residents"].to_numpy()))

    @property
    def correlation(self) -> float:
        """Return Pearson's correlation between the model and the official figures."""
        return float(np.corrcoef(self.both["model"].to_numpy(), self.both["official"].to_numpy())[0, 1])

    @property
    def typical_gap(self) -> float:
        """Return the median distance between the two."""
        return float(np.median(np.abs((self.both["model"] - self.both["official"]).to_numpy())))

    @property
    def near(self) -> int:
        """Return the number of municipalities in which the model is within a fifth of the official figure."""
        return _near(self.both)

    @property
    def predicted(self) -> pl.DataFrame:
        """Return those with an official figure that the model is not fitted to."""
        return self.both.filter(~pl.col("code").is_in(list(self.calibrated)))

    @property
    def near_predicted(self) -> int:
        """Return the number of those in which the model is within a fifth of the official figure."""
        return _near(self.predicted)


def country_fit(
    case: str = "sverige",
    measure: str = "af_stock",
    months: int = 60,
    replications: int = 0,
    seed: int = 1,
    size: int = 0,
    out: str = "",
) -> CountryFit:
    """Return a measure in every municipality of a case; what has not been run is run.

    Args:
        case: Name of a case without a policy, or the path of a case file.
        measure: Name in `MEASURES`.
        months: Months to follow; those of the measure must be among them.
        replications: Runs, each with its own draw of the parameters; 0 is one run at central values.
        seed: Root of all randomness.
        size: Residents aged 16-64 to simulate in each municipality; 0 means one for one.
        out: Where experiments are kept; ``runs/`` in the project folder unless given.

    Raises:
        SamspelError: A parameter is not allowed, or its months are not in the run.
    """
    where = "country"
    if measure not in MEASURES:
        raise input_error(where, "measure", measure, ", ".join(MEASURES), MEASURES)
    for key, value in (("replications", replications), ("size", size), ("seed", seed)):
        if value < 0:
            raise input_error(where, key, value, "a whole number of at least 0")
    chosen = MEASURES[measure]
    done = run_case(
        case, months, replications or None, seed, size=size or None, out=Path(out) if out else None
    )
    rows = _model(done, chosen, size).join(_official(chosen, done.case), on="code", how="left").sort("code")
    regions = len(set(rows["region"]))
    calibrated = tuple(code for code in done.case.municipalities if load_estimate(code))
    return CountryFit(measure, rows, regions, size, done, calibrated)


def _near(rows: pl.DataFrame) -> int:
    return int(((rows["model"] / rows["official"] - 1.0).abs() <= 0.2).sum())


def _model(done: CaseRun, measure: _Measure, size: int) -> pl.DataFrame:
    """Return the model's mean over the measure's months and over runs, in the measure's unit."""
    case = done.case
    first, last = (month_number(text) - case.first_month + 1 for text in (measure.first, measure.last))
    if first < 1 or last > case.horizon:
        allowed = f"from {measure.first} to {measure.last} inside the run"
        raise input_error("country", "months", f"{case.horizon} from {case.start}", allowed)
    series = done.results.series.lazy().filter(
        pl.col("indicator").cast(pl.String) == measure.series,
        pl.col("group").cast(pl.String) == "all",
        pl.col("policy").cast(pl.String) == "baseline",
        pl.col("month").is_between(first, last),
    )
    means = series.group_by(code=pl.col("municipality").cast(pl.String)).agg(model=pl.col("value").mean())
    places = [municipality(code) for code in case.municipalities]
    register = pl.DataFrame(
        {
            "code": [one.code for one in places],
            "name": [one.name for one in places],
            "region": [one.fa_region for one in places],
            "residents": _residents(case),
        }
    )
    rows = register.join(means.collect(), on="code", how="left")
    if measure.per is None:
        return rows
    people = pl.lit(float(size)) if size else pl.col("residents")
    return rows.with_columns(model=measure.per * pl.col("model") / people)


def _official(measure: _Measure, case: Case) -> pl.DataFrame:
    """Return code and the official figure, of municipalities in which all its periods are published."""
    figures = (
        observations(measure.indicator)
        .filter(pl.col("period").is_in(measure.periods), pl.col("code").is_in(case.municipalities))
        .group_by("code")
        .agg(official=pl.col("value").mean(), n=pl.len())
        .filter(pl.col("n") == len(measure.periods))
        .drop("n")
    )
    if measure.per is None:
        return figures
    residents = pl.DataFrame({"code": case.municipalities, "residents": _residents(case)})
    per = measure.per * pl.col("official") / pl.col("residents")
    return figures.join(residents, on="code").select("code", official=per)


def _residents(case: Case) -> list[int]:
    return [margins_at(code, case.first_month).residents(16, 64) for code in case.municipalities]
