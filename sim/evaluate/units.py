"""Units in which an outcome may be published, and how a simulated number is put into them.

Public names: `UNITS`, `usual_unit` and `in_unit`.
"""

from collections.abc import Mapping

_PERCENT = ("pp", "percentage points", "percentage_points", "percent", "%", "per cent", "pct")
_PLAIN = (
    "share", "ratio", "hazard ratio", "hr", "odds", "number", "pairs", "persons", "households", "months",
    "sek", "kr", "sek/month", "sek per month", "per month",
)  # fmt: skip
_RATIOS = ("ratio", "hazard_ratio", "median_ratio", "untreated_hazard_ratio")

UNITS: Mapping[str, bool] = {name: True for name in _PERCENT} | {name: False for name in _PLAIN}
"""Whether the unit counts in hundredths."""


def usual_unit(measure: str, kind: str) -> str | None:
    """Return the unit of an outcome that states none: points or percent for shares, else the plain number."""
    if measure == "displacement_share":
        return "percent"
    return "pp" if measure in ("difference", "level") and kind in ("state", "event") else None


def in_unit(value: float, measure: str, unit: str | None) -> float:
    """Return a value in its unit: a ratio in percent is 100 (r - 1), a share in percent or points is
    100 s."""
    if unit is None or not UNITS[unit.strip().lower()]:
        return value
    return 100.0 * (value - 1.0) if measure in _RATIOS else 100.0 * value
