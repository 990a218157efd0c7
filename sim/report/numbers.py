"""Numbers as a reader of the language expects them, rounded by one rule per kind of indicator.

Babel supplies separators, the true minus sign and the non-breaking space between thousands. Rounding is half
away from zero on the decimal digits, so a figure and its negative round alike, and there is no minus zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from babel.dates import format_date
from babel.numbers import format_decimal, get_minus_sign_symbol

SMALLEST_COUNT = 5  # fewer persons than this are not printed as a count


@dataclass(frozen=True, slots=True)
class Rounding:
    """Print in multiples of ``step`` after dividing by ``scale``, with ``decimals`` digits, in ``unit``."""

    step: Decimal
    scale: Decimal = Decimal(1)
    decimals: int = 0
    unit: str = ""


PERSONS = Rounding(Decimal(5), unit="persons")
UNITS = Rounding(Decimal(1))
MILLIONS = Rounding(Decimal(1), Decimal(1_000_000), unit="millions")
TENTHS = Rounding(Decimal("0.1"), Decimal(1_000_000), 1, "millions")
PERCENT = Rounding(Decimal(1), Decimal("0.01"), unit="percent")


def rounded(value: float, rounding: Rounding) -> float:
    """Return ``value`` in printed units (persons, millions, percent), rounded by the rule."""
    return float(_decimal(value, rounding))


def money_rounding(values: Iterable[float]) -> Rounding:
    """Return whole millions of kronor, or tenths where every value is nearer to zero than ten millions."""
    return TENTHS if all(abs(value) < 10_000_000 for value in values) else MILLIONS


def digits_rounding(digits: int) -> Rounding:
    """Return rounding to ``digits`` decimals; a negative number means tens (-1), hundreds (-2), ..."""
    return Rounding(Decimal(1).scaleb(-digits), Decimal(1), max(0, digits))


class Numbers:
    """Print numbers and dates in one locale."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def plain(self, value: float, rounding: Rounding = UNITS) -> str:
        """Return ``1 968`` or ``−0,4``, without a plus sign."""
        return self._text(_decimal(value, rounding), rounding)

    def signed(self, value: float, rounding: Rounding = UNITS) -> str:
        """Return ``+40``, ``−15`` or ``0``."""
        number = _decimal(value, rounding)
        if not number:
            return "0"
        return ("+" if number > 0 else "") + self._text(number, rounding)

    def count(self, persons: float, fewer_than: str) -> str:
        """Return a level of persons to the nearest five; ``fewer_than`` below the smallest count printed."""
        if 0 < persons < SMALLEST_COUNT:
            return fewer_than
        return self.plain(persons, PERSONS)

    def percent(self, share: float) -> str:
        """Return a probability in whole percent, rounded down so that it reaches no limit it has not met."""
        whole = (Decimal(repr(float(share))) * 100).to_integral_value(rounding=ROUND_FLOOR)
        return self._text(whole, UNITS)

    def date(self, day: date) -> str:
        """Return ``22 november 2026``."""
        return str(format_date(day, "d MMMM y", locale=self.locale))

    def month(self, number: int) -> str:
        """Return ``september 2023`` for a month number."""
        return str(format_date(date(number // 12, number % 12 + 1, 1), "MMMM y", locale=self.locale))

    def _text(self, number: Decimal, rounding: Rounding) -> str:
        pattern = "#,##0" + ("." + "0" * rounding.decimals if rounding.decimals else "")
        minus = get_minus_sign_symbol(self.locale) if number < 0 else ""  # a pattern loses the true minus
        return minus + str(format_decimal(abs(number), format=pattern, locale=self.locale))


def _decimal(value: float, rounding: Rounding) -> Decimal:
    steps = (Decimal(repr(float(value))) / rounding.scale / rounding.step).to_integral_value(ROUND_HALF_UP)
    return steps * rounding.step + 0  # "+ 0" turns a minus zero into zero
