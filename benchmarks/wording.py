"""How the page writes numbers: three digits that matter, with what they count."""

from collections.abc import Sequence
from statistics import median

NOT_MEASURED = "not measured"


def number(value: float) -> str:
    """Return a number with three significant digits: 0.0691, 12.3, 4,560, 10.7 million."""
    size = abs(value)
    if size >= 1e9:
        return f"{value / 1e9:.3g} billion"
    if size >= 1e6:
        return f"{value / 1e6:.3g} million"
    if size >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def span(values: Sequence[float], unit: str = "") -> str:
    """Return the lowest and highest value, or nothing for a single one."""
    if len(values) < 2:
        return ""
    return f"{number(min(values))} to {number(max(values))}{unit and ' ' + unit}"


def middle(values: Sequence[float]) -> str:
    """Return the median as text."""
    return number(median(values)) if values else NOT_MEASURED


def times(ratio: float) -> str:
    """Return a ratio in words: 12 times."""
    return f"{number(ratio)} times"


def percent(share: float) -> str:
    """Return a share in percent."""
    return f"{100 * share:.0f} %" if share >= 0.095 else f"{100 * share:.1f} %"


def share_of(share: float) -> str:
    """Return a small share as one of so many: 1/77."""
    return f"1/{1 / share:.0f}" if 0 < share <= 0.5 else number(share)


def gigabytes(value: float) -> str:
    """Return bytes in decimal gigabytes."""
    return f"{value / 1e9:.2f} GB"
