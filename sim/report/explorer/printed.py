"""How an answer's values are printed: intervals, means, which months, and with which rounding.

Public names: `Printed`, `SHOWN` and `rounding_of`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sim.experiment.explore.answer import Answer, Band
from sim.experiment.explore.pairs import REACHED
from sim.report.charts import Labeller
from sim.report.explorer.words import Say
from sim.report.markup import Cell
from sim.report.numbers import PERSONS, UNITS, Rounding, digits_rounding, money_rounding

SHOWN: Final[Mapping[str, str]] = {
    "employed": "persons",
    "assistance_households": "households",
    "cum_net_municipality": "money",
    "cum_net_public": "money",
    REACHED: "points",
    "displaced": "persons",
}
"""What is shown of an answer, each with its unit."""
_MARKS: Final = (12, 24, 48)
_POINTS: Final = digits_rounding(1)


@dataclass(frozen=True)
class Printed:
    """An answer in the words and numbers of a language."""

    answer: Answer
    say: Say

    @property
    def last(self) -> int:
        """Return the last month."""
        return len(self.answer.effects["employed"].mean)

    @property
    def marks(self) -> list[int]:
        """Return the months whose values are written out: 12, 24, 48 and the last."""
        return [*(mark for mark in _MARKS if mark < self.last), self.last]

    @property
    def years(self) -> dict[int, str]:
        """Return the labels of a time axis by month."""
        step = 12 if self.last <= 36 else 24
        whole = range(step, self.last + 1, step)
        return {0: self.say("answer.start"), **{month: self.say.when(month) for month in whole}}

    @property
    def whole(self) -> bool:
        """Return whether everybody was simulated, without which gross flows and queues come out too large."""
        return self.answer.share >= 1.0

    @property
    def names(self) -> list[str]:
        """Return the indicators that can be shown: people displaced only where everybody was simulated."""
        return [name for name in SHOWN if name != "displaced" or self.whole]

    def title(self, name: str) -> str:
        """Return ``Personer i arbete, personer``."""
        return f"{self.say(f'indicators.{name}')}, {self.say(f'units_of.{SHOWN[name]}')}"

    def rounding(self, name: str) -> Rounding:
        """Return the rounding of an indicator."""
        return rounding_of(SHOWN[name], [self.answer])

    def interval(self, band: Band, month: int, rounding: Rounding) -> str:
        """Return ``-10 till +30``."""
        numbers = self.say.numbers
        low, high = (numbers.signed(float(ends[month - 1]), rounding) for ends in (band.low, band.high))
        return "0" if low == high == "0" else self.say("answer.from_to", low=low, high=high)

    def mean(self, band: Band, month: int, rounding: Rounding) -> str:
        """Return ``+10``."""
        return self.say.numbers.signed(float(band.mean[month - 1]), rounding)

    def cell(self, band: Band, month: int, rounding: Rounding) -> Cell:
        """Return a difference as a cell of a table: its interval, and its mean."""
        interval, mean = self.interval(band, month, rounding), self.mean(band, month, rounding)
        return Cell("0") if interval == mean == "0" else Cell(interval, f"({mean})")

    def level(self, band: Band, month: int) -> Cell:
        """Return a number of people as a cell of a table: its interval, and its mean."""
        low, mean, high = (
            self.say.numbers.plain(max(0.0, float(values[month - 1])), PERSONS)
            for values in (band.low, band.mean, band.high)
        )
        interval = "0" if low == high == "0" else self.say("answer.from_to", low=low, high=high)
        return Cell("0") if interval == mean == "0" else Cell(interval, f"({mean})")

    def labellers(self, rounding: Rounding) -> tuple[Labeller, Labeller]:
        """Return what writes the values of an axis, and limits, both in printed units."""
        numbers, printed = self.say.numbers, Rounding(rounding.step, decimals=rounding.decimals)

        def tick(value: float) -> str:
            return numbers.signed(value, UNITS if float(value).is_integer() else _POINTS)

        return tick, lambda value: numbers.signed(value, printed)


def rounding_of(unit: str, answers: Sequence[Answer]) -> Rounding:
    """Return the rounding of a unit; money is in whole millions, or in tenths where all is small."""
    if unit == "money":
        names = [name for name, of in SHOWN.items() if of == "money"]
        return money_of(answer.effects[name] for answer in answers for name in names)
    return _POINTS if unit == "points" else PERSONS


def money_of(bands: Iterable[Band]) -> Rounding:
    """Return one rounding for sums of money."""
    return money_rounding(float(limit) for band in bands for limit in (band.low.min(), band.high.max()))
