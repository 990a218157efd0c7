"""What calibration found of one municipality and of all that are calibrated, and how far to believe it.

Public names: `calibration_found`, its result `CalibrationFound`, `SHOWN` and `HELD_OUT`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import gaussian_kde

from sim.calibrate.recovery import Recovery, read_recovery
from sim.calibrate.settings import MOMENTS
from sim.core.errors import SamspelError, input_error
from sim.data.municipalities import Municipality, municipality
from sim.policy.documents import read_document
from sim.policy.estimates import (
    MUNICIPAL,
    Estimate,
    estimates_folder,
    load_estimate,
    municipal_priors,
    national_priors,
)
from sim.policy.priors import Prior
from sim.policy.vintage import changed_since

SHOWN: Final = ("af_stock_2018", "stativ_2018", "households_month_2017")
"""The measures of `MOMENTS`, which every municipality is fitted to, in their order."""
HELD_OUT: Final = ("af_stock_2022", "bas_2023")
"""Measures that no municipality is fitted to."""
_GRID = 400
_FINE = 4001
_SMALL = 0.05
_BACKTEST = ("test", "unit", "forecaster", "period", "n", "crps", "ratio_persistence", "cover90")
_PLACES = ("test", "unit", "forecaster", "code", "n", "crps")
_TEXTS = {"code": pl.String, "period": pl.String}
_RIVAL = "persistence"
_RESAMPLES = 500
_SEED = 1
_SENSITIVITY = ("indicator", "month", "parameter", "label_en", "grade", "share", "total_conf")


@dataclass(frozen=True)
class CalibrationFound:
    """Estimates as they are kept.

    Attributes:
        place: The municipality that is looked at.
        mine: Its estimate.
        all: The estimates of all calibrated municipalities, by code.
        priors: Priors of the municipal parameters, in the order of `MUNICIPAL`.
        recovery: The test on simulated data sets, where it has been made.
        backtest: Scores of predictions of later figures, where they have been kept.
        backtest_places: The same by municipality.
        backtest_about: What is said of them: vintage, and municipalities whose calibration enters.
        case: Name of the case whose sensitivity is shown.
        sensitivity: What the uncertainty of its effects rests on, where it has been kept.
    """

    place: Municipality
    mine: Estimate
    all: Mapping[str, Estimate]
    priors: tuple[Prior, ...]
    recovery: Recovery | None
    backtest: pl.DataFrame | None
    backtest_places: pl.DataFrame | None
    backtest_about: Mapping[str, Any]
    case: str
    sensitivity: pl.DataFrame | None

    @property
    def changed(self) -> tuple[str, ...]:
        """Return what has changed since the municipality was calibrated."""
        return changed_since(self.mine.document)

    @property
    def fit(self) -> list[dict[str, Any]]:
        """Return the municipality's fit: key, role, official, maybe official_high, mean, low, high."""
        return list(self.mine.document["fit"])

    @cached_property
    def others(self) -> list[Prior]:
        """Priors of all parameters that no municipal figure identifies, those without a spread left out."""
        return [one for one in national_priors() if one.distribution != "fixed"]

    def prior_place(self, k: int) -> float:
        """Return where the posterior's median of a parameter lies in its prior, in standard deviations."""
        levels = np.linspace(0.0, 1.0, _FINE)[1:-1]
        values = self.priors[k].quantiles(levels)
        share = np.interp(np.median(self.mine.draws[:, k]), values, levels)
        return float(ndtri(share))

    def densities(self, k: int) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return density by value of a parameter's logarithm, before and after: columns value, density."""
        before = self.priors[k].quantiles((np.arange(_GRID * 5) + 0.5) / (_GRID * 5))
        grid = np.linspace(np.log(before.min()), np.log(before.max()), _GRID)
        return _density(before, grid), _density(self.mine.draws[:, k], grid)

    @cached_property
    def misses(self) -> pl.DataFrame:
        """Every calibrated municipality's fit to what is fitted and to what is held out.

        Columns: code, name, key, official, mean, low, high, miss (percent of the official figure), inside
        (the official figure is in the 90 % interval).
        """
        rows = [
            {
                "code": code,
                "name": one.document["municipality"],
                **{key: float(row[key]) for key in _NUMBERS},
                "key": row["key"],
            }
            for code, one in self.all.items()
            for row in one.document["fit"]
            if row["key"] in (*SHOWN, *HELD_OUT)
        ]
        inside = (pl.col("official") >= pl.col("low")) & (pl.col("official") <= pl.col("high"))
        return pl.DataFrame(rows).with_columns(
            miss=100.0 * (pl.col("mean") / pl.col("official") - 1.0), inside=inside
        )

    def medians(self, name: str) -> dict[str, float]:
        """Return the posterior median of a municipal parameter by code."""
        k = MUNICIPAL.index(name)
        return {code: float(np.median(one.draws[:, k])) for code, one in self.all.items()}

    def worst(self, n: int = 10, keys: tuple[str, ...] = SHOWN) -> list[tuple[str, str, float, str]]:
        """Return the municipalities farthest from some figures: name, measure, miss in percent, and why."""
        targets = self.misses.filter(pl.col("key").is_in(keys))
        far = (
            targets.sort(pl.col("miss").abs(), descending=True)
            .group_by("code", maintain_order=True)
            .first()
            .head(n)
        )
        return [
            (row["name"], row["key"], row["miss"], self._why(row) if keys == SHOWN else self._moved(row))
            for row in far.to_dicts()
        ]

    def ratio_interval(self, row: Mapping[str, Any]) -> tuple[float, float]:
        """Return the 90 % interval of one score's ratio to persistence, over resampled municipalities.

        Its two ends are the ratio itself where scores of municipalities have not been kept.

        Args:
            row: One row of ``backtest``.
        """
        ratio = float(row["ratio_persistence"])
        if self.backtest_places is None:
            return ratio, ratio
        same = self.backtest_places.filter(test=row["test"], unit=row["unit"])
        mine, theirs = (
            same.filter(forecaster=name).select("code", total=pl.col("n") * pl.col("crps"))
            for name in (row["forecaster"], _RIVAL)
        )
        both = mine.join(theirs, on="code").sort("code")
        if both.is_empty():
            return ratio, ratio
        chosen = np.random.default_rng(_SEED).integers(0, both.height, (_RESAMPLES, both.height))
        sums = [both[name].to_numpy()[chosen].sum(axis=1) for name in ("total", "total_right")]
        low, high = np.quantile(sums[0] / sums[1], (0.05, 0.95)).tolist()
        return low, high

    def _moved(self, row: Mapping[str, Any]) -> str:
        """Return how the official figure moved since 2018, beside what is typical."""
        wide = self.misses.pivot("key", index="code", values="official")
        known = wide.select("code", ratio=pl.col(row["key"]) / pl.col(SHOWN[0])).drop_nulls()
        mine = known.filter(code=row["code"])["ratio"]
        if mine.is_empty():
            return "no AF stock of 2018 to hold it against"
        typical = float(known["ratio"].median())  # type: ignore[arg-type]
        text = f"{mine[0]:.2f} of its AF stock of 2018, where {typical:.2f} is typical"
        return text + ("" if row["inside"] else "; outside the 90 % interval")

    def _why(self, row: Mapping[str, Any]) -> str:
        document, inside = self.all[row["code"]].document, row["inside"]
        moment = MOMENTS[SHOWN.index(row["key"])]
        spread = float(document["waves"]["spread"][moment])
        reasons = []
        if document["fallback"]:
            reasons.append(f"the group's figure stands in for {', '.join(document['fallback'])}")
        if document["fights"]:
            reasons.append(f"the figures ask for a {', '.join(document['fights'])} at the edge of the prior")
        chance = (document["waves"].get("chance") or {}).get(moment)
        if chance is not None and chance > _SMALL:
            reasons.append(f"few: chance alone moves this figure by {100 * chance:.0f} %")
        if not inside:
            reasons.append(f"outside the 90 % interval, whose s.d. is {100 * spread:.0f} %")
        return "; ".join(reasons) or "inside the 90 % interval: what is left of discrepancy and search"


_NUMBERS = ("official", "mean", "low", "high")


def calibration_found(
    municipality: str = "0480", case: str = "nykoping", folder: str = ""
) -> CalibrationFound:
    """Return the estimate of a municipality, and all that tells how far to believe it.

    Args:
        municipality: Code or name; it must have been calibrated.
        case: The case whose sensitivity is shown, where it has been kept.
        folder: Where estimates are kept; ``params/estimates`` if empty.

    Raises:
        SamspelError: The municipality is unknown or not calibrated, or a file is damaged.
    """
    place = _place(municipality)
    where = Path(folder) if folder else estimates_folder()
    mine = load_estimate(place.code, where)
    codes = sorted(path.stem for path in (where / "draws").glob("*.parquet"))
    if mine is None:
        raise SamspelError(
            f"{where}: {place.name} has not been calibrated. Allowed: one of {len(codes)} that have, for "
            f"instance {', '.join(codes[:5]) or 'none yet'}. Run: samspel calibrate {place.code}"
        )
    found = {code: load_estimate(code, where) for code in codes}
    return CalibrationFound(
        place,
        mine,
        {code: one for code, one in found.items() if one is not None},
        municipal_priors(),
        read_recovery(where),
        _kept(where / "backtest.csv", _BACKTEST),
        _kept(where / "backtest_municipalities.csv", _PLACES),
        _said(where / "backtest.yaml"),
        case,
        _kept(where / "sensitivity" / f"{case}.csv", _SENSITIVITY),
    )


def _place(code_or_name: str) -> Municipality:
    return municipality(code_or_name, "notebook parameters")


def _kept(path: Path, columns: tuple[str, ...]) -> pl.DataFrame | None:
    """Return a table of scores that has been kept, or None where it has not."""
    if not path.exists():
        return None
    try:
        rows = pl.read_csv(path, comment_prefix="#", infer_schema_length=None, schema_overrides=_TEXTS)
    except pl.exceptions.PolarsError as error:
        why = str(error).strip().splitlines()[0]
        raise SamspelError(f"{path}: cannot be read as a CSV table ({why}).") from error
    if set(columns) - set(rows.columns):
        raise input_error(path, "columns", ", ".join(rows.columns), ", ".join(columns))
    return rows


def _said(path: Path) -> dict[str, Any]:
    document = read_document(path) if path.exists() else {}
    return document if isinstance(document, dict) else {}


def _density(values: NDArray[np.float64], grid: NDArray[np.float64]) -> pl.DataFrame:
    density = gaussian_kde(np.log(values))(grid)
    return pl.DataFrame({"value": np.exp(grid), "density": density})
