"""What every section is written with: the facts, the words and the usual ways to print an estimate."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import floor, log10

from sim.report.estimate import Estimate
from sim.report.facts import ReportFacts
from sim.report.grammar import Grammar, capital
from sim.report.markup import Cell, in_language
from sim.report.numbers import PERSONS, Numbers, Rounding, digits_rounding, money_rounding, rounded
from sim.report.words import Words, words

PUBLIC_PAYERS = ("municipality", "state", "funds", "region", "joint")


@dataclass(frozen=True)
class Context:
    """The facts of one report and the language it is written in."""

    facts: ReportFacts
    lang: str = "sv"

    @cached_property
    def say(self) -> Words:
        """Return the word list, that of several municipalities where there are several."""
        say = words(self.lang)
        return say if len(self.facts.municipalities) == 1 else say.of_several()

    @cached_property
    def grammar(self) -> Grammar:
        """Return the grammar."""
        return Grammar(self.say)

    @property
    def numbers(self) -> Numbers:
        """Return the number formats."""
        return self.grammar.numbers

    @cached_property
    def money(self) -> Rounding:
        """Return the one rounding rule for money in this report."""
        return money_rounding(
            limit
            for payer in (*PUBLIC_PAYERS, "public")
            for effect in self.facts.effects_on(f"cum_net_{payer}", self.facts.marks)
            for limit in (effect.low, effect.high)
        )

    @cached_property
    def touched_payers(self) -> list[str]:
        """Return the public payers for whom the case makes any printed difference, the municipality first."""
        effects = {
            payer: self.facts.effects_on(f"cum_net_{payer}", self.facts.marks) for payer in PUBLIC_PAYERS
        }
        return [
            payer
            for payer, values in effects.items()
            if payer == "municipality" or any(any(value.rounded(self.money)) for value in values)
        ]

    @property
    def year(self) -> int:
        """Return the year of the start, whose prices and rules are used."""
        return self.facts.start // 12

    def as_written(self, text: str) -> str:
        """Return a text of the case, marked with its language where the case has none in that of the page."""
        return in_language(text, self.facts.case_language, self.lang)

    @property
    def after_marks(self) -> list[str]:
        """Return ``Efter ett år``, ... for the headers of columns."""
        return [capital(self.grammar.when(month)) for month in self.facts.marks]

    def signed(self, rounding: Rounding) -> Callable[[float], str]:
        """Return a function that prints a value which is already in printed units."""
        printed = Rounding(rounding.step, decimals=rounding.decimals)
        return lambda value: self.numbers.signed(value, printed)

    def number(self, value: float) -> str:
        """Return a parameter with three significant digits (``0,045``, ``35``, ``1 200``)."""
        return self.numbers.plain(value, _three_digits(value))

    def three_digits(self, value: float) -> float:
        """Return the number that `number` prints."""
        return rounded(value, _three_digits(value))

    def in_words(self, value: float, unit: str) -> tuple[float, str]:
        """Return a parameter's value and its unit in the report's language; shares in percent."""
        if unit.split()[0] == "share":
            value, unit = 100.0 * value, unit.replace("share", "percent", 1)
        return value, self.say(f"unit.{unit}") if self.say.has(f"unit.{unit}") else unit

    def cell(self, estimate: Estimate, rounding: Rounding = PERSONS, unit: str = "") -> Cell:
        """Return the interval with the mean, smaller, in parentheses; one zero where all is zero."""
        interval = self.grammar.signed(estimate, rounding)
        mean = self.grammar.mean(estimate, rounding)
        numbers = dict(zip(("mean", "low", "high"), estimate.rounded(rounding), strict=True))
        aside = "" if interval == mean == "0" else f"({mean})"
        return Cell(interval, aside, numbers=numbers, unit=unit or rounding.unit)

    def cells(
        self, estimates: Sequence[Estimate], rounding: Rounding = PERSONS, unit: str = ""
    ) -> list[Cell]:
        """Return a cell per estimate."""
        return [self.cell(estimate, rounding, unit) for estimate in estimates]


def _three_digits(value: float) -> Rounding:
    most = 0 if value == 0 else max(0, 2 - floor(log10(abs(value))))
    digits = next(digits for digits in range(most + 1) if round(value, digits) == round(value, most))
    return digits_rounding(digits)
