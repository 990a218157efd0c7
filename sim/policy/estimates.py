"""What calibration found of each municipality, as scenarios read it: draws of the three municipal parameters.

Three parameters are a municipality's own (`MUNICIPAL`); all others are national. `national_points` are the
points of the national ones at which every municipality was fitted, in one order, so that draw number 7 of
two municipalities of a case shares its national parameters.

Every municipality has two files in ``params/estimates``, both written by ``samspel calibrate`` alone::

    draws/0480.parquet    point, entry_level, job_finding_reference, take_up_rate
    0480.yaml             season of the inflow, fit, what the estimate was made with

Public names: `Estimate`, `load_estimate`, `national_points` and `MUNICIPAL`.
"""

import difflib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.core.errors import SamspelError, input_error
from sim.core.paths import root
from sim.policy.documents import read_document
from sim.policy.priors import Prior, draw_parameters, load_priors

MUNICIPAL: Final = ("entry_level", "job_finding_reference", "take_up_rate")
"""Parameters that a municipality's own figures pin down: entry, level of exit, entry to assistance."""

POINTS: Final = 200
_SEED = 1
_MONTHS = 12


@dataclass(frozen=True)
class Estimate:
    """One municipality's calibrated parameters.

    Attributes:
        code: Municipality code.
        draws: Draws of `MUNICIPAL`, float64, shape (points, 3); row i belongs to national point i.
        season: Inflow to AF relative to its mean by calendar month, shape (12,).
        document: All that the file says: fit, diagnostics, vintage.
    """

    code: str
    draws: NDArray[np.float64]
    season: tuple[float, ...]
    document: dict[str, Any]

    def at(self, point: int) -> dict[str, float]:
        """Return the municipal parameters that belong to a national point."""
        return dict(zip(MUNICIPAL, self.draws[point].tolist(), strict=True))

    def middle(self) -> dict[str, float]:
        """Return the median of each municipal parameter."""
        return dict(zip(MUNICIPAL, np.median(self.draws, axis=0).tolist(), strict=True))


def estimates_folder() -> Path:
    """Return the folder that holds all estimates."""
    return root() / "params" / "estimates"


def load_estimate(code: str, folder: Path | None = None) -> Estimate | None:
    """Return what calibration found of a municipality, or None where it has not been calibrated.

    Raises:
        SamspelError: A file is damaged, or was made with other national points than the priors give now.
    """
    folder = estimates_folder() if folder is None else folder
    summary, draws = folder / f"{code}.yaml", folder / "draws" / f"{code}.parquet"
    if not summary.exists() and not draws.exists():
        return None
    again = f"Run: samspel calibrate {code}"
    for path in (summary, draws):
        if not path.exists():
            raise SamspelError(f"{path}: is missing beside its other half. Allowed: both files. {again}")
    return _read(summary, draws, code, summary.stat().st_mtime_ns, draws.stat().st_mtime_ns)


@cache
def _read(summary: Path, draws: Path, code: str, *changed: int) -> Estimate:
    again = f"Run: samspel calibrate {code}"
    document = read_document(summary)
    season = document.get("season") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(season, list) or len(season) != _MONTHS:
        raise input_error(summary, "season", season, f"{_MONTHS} numbers. {again}")
    try:
        table = pl.read_parquet(draws)
    except (pl.exceptions.PolarsError, OSError) as error:
        first = str(error).splitlines()[0]
        raise SamspelError(f"{draws}: is not a Parquet file that can be read ({first}). {again}") from error
    missing = [name for name in MUNICIPAL if name not in table.columns]
    if missing or table.height != POINTS:
        near = difflib.get_close_matches(missing[0], table.columns, 1) if missing else []
        found = f"columns {', '.join(table.columns)}" + (f" (is {near[0]} meant?)" if near else "")
        raise input_error(
            draws,
            "table",
            f"{table.height} rows, {found}",
            f"{POINTS} rows with {', '.join(MUNICIPAL)}. {again}",
        )
    values = table.sort("point").select(MUNICIPAL).to_numpy().astype(np.float64)
    if not np.isfinite(values).all() or not (values > 0).all():
        raise input_error(draws, "values", "not all above zero", f"finite numbers above zero. {again}")
    values.setflags(write=False)
    return Estimate(code, values, tuple(map(float, season)), document)


def national_priors() -> tuple[Prior, ...]:
    """Return the priors of all parameters of the model and of observation that are not a municipality's."""
    known = load_priors()
    return tuple(p for p in known if p.part in ("model", "operator") and p.name not in MUNICIPAL)


def municipal_priors() -> tuple[Prior, ...]:
    """Return the priors of `MUNICIPAL`, in that order."""
    known = {prior.name: prior for prior in load_priors()}
    return tuple(known[name] for name in MUNICIPAL)


def national_points(n: int = POINTS) -> list[dict[str, float]]:
    """Return the first ``n`` points of all national parameters, the same for every municipality and case."""
    return _points(national_priors())[:n]


@cache
def _points(priors: tuple[Prior, ...]) -> list[dict[str, float]]:
    return draw_parameters(priors, POINTS, _SEED)
