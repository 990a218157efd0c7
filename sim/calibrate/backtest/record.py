"""Keep the scores beside the estimates, with the data that they come from.

Public names: `write_backtest`, `data_vintage`.
"""

import hashlib
from pathlib import Path
from typing import Any, Final

import polars as pl
import yaml

from sim.calibrate.backtest.run import Backtest
from sim.core.files import write_text, write_whole
from sim.core.paths import root
from sim.data.tables import TABLES

USED: Final = (
    "municipalities",
    "skr_membership",
    "population",
    "population_december",
    "education_shares",
    "af_stock",
    "stativ",
    "stockholm_panel",
    "national_series",
    "facts",
)
"""The tables that the tests read."""

_KEPT = ("samspel", "persistence", "ar_panel")
_DIGITS = 5


def write_backtest(result: Backtest, folder: Path | None = None) -> tuple[Path, ...]:
    """Write ``backtest.csv``, ``backtest_municipalities.csv`` and ``backtest.yaml``; return their paths.

    Args:
        result: What `run_backtest` gave.
        folder: Folder of the files; ``params/estimates`` unless given.

    Raises:
        SamspelError: A file cannot be written.
    """
    to = folder or root() / "params" / "estimates"
    places = result.places.filter(pl.col("forecaster").is_in(_KEPT))
    about = yaml.safe_dump(_about(result), allow_unicode=True, sort_keys=False, width=100)
    return (
        _write_csv(to / "backtest.csv", result.scores),
        _write_csv(to / "backtest_municipalities.csv", places),
        write_text(to / "backtest.yaml", about),
    )


def data_vintage() -> str:
    """Return the hash of the tables that the tests read, sixteen hexadecimal digits."""
    digest = hashlib.sha256()
    for name in USED:
        digest.update(name.encode())
        digest.update(TABLES[name].path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def _about(result: Backtest) -> dict[str, Any]:
    return {
        "what": "Scores of predictions of later official figures: a test of prediction, not of mechanism",
        "crps": "Mean continuous ranked probability score, in the unit; mae is that of the bare median",
        "vintage": data_vintage(),
        "tables": list(USED),
        "calibrated_municipalities": dict(result.calibrated),
        "nation": {name: round(weight, 4) for name, weight in result.nation_weights.items()},
        "drift": {
            test: {
                "terms": list(drift.specification.terms),
                "discount": drift.specification.discount,
                "coefficients": {key: round(value, 5) for key, value in drift.coefficients.items()},
                "rolling_error": round(drift.errors[drift.specification], 5),
            }
            for test, drift in result.drifts.items()
        },
    }


def _write_csv(path: Path, frame: pl.DataFrame) -> Path:
    return write_whole(path, lambda temporary: frame.write_csv(temporary, float_precision=_DIGITS))
