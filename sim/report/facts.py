"""What a scenario report is made from: effects, levels, fit and assumptions of one case, typed and complete.

The frames hold everything that a page prints, before rounding. A page never computes; it looks up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from sim.report.estimate import Estimate

ESTIMATE = ("mean", "low", "high", "low50", "high50", "p_positive", "p_negative", "p_zero", "n")


@dataclass(frozen=True, slots=True)
class Assumption:
    """One uncertain number: its range, how it was drawn and how far it can be trusted (A, B or C)."""

    label: str
    unit: str
    low: float
    central: float
    high: float
    grade: str
    source: str
    part: str
    identified: bool


@dataclass(frozen=True, slots=True)
class RunFacts:
    """How the figures were made, so that they can be made again."""

    fingerprint: str
    pairs: int
    failed: int
    seed: int
    command: str
    computed: date
    data_until: int
    rules_until: int
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ReportFacts:
    """Everything that the report of one case prints.

    Args:
        place: The municipality's name, as in "i Nyköping".
        question: The question that the report answers.
        lead: What was decided, in two to four sentences.
        called: The case's own noun in the definite form ("satsningen").
        start: Month number in which the case starts.
        marks: Months after the start that figures are given for, ascending.
        levers: Names of the levers used, in the case's order.
        not_expressed: What the reform holds that the model does not, in the language of the report.
        effects: Differences; columns indicator, group, month and those of `ESTIMATE`. Money in kronor,
            shares and relative changes as fractions.
        even: Columns payer and probability (that the money is back by the last month).
        fit: The rows of `sim.report.fit.fit_rows`.
        uncertainty: Columns grade (A, B, C, ``scenario``, ``rest``) and share, of the variance of the main
            effect; no rows where it cannot be told.
        assumptions: All uncertain parameters.
        rules: Names of rules and amounts that are not figures seen for the date, by status: ``memory``,
            ``assumed`` or ``carried`` (from an earlier date).
        varies_demand: Whether the draws vary the business cycle.
        run: How the figures were made.
    """

    place: str
    question: str
    lead: str
    called: str
    start: int
    marks: tuple[int, ...]
    levers: tuple[str, ...]
    not_expressed: tuple[str, ...]
    effects: pl.DataFrame
    even: pl.DataFrame
    fit: pl.DataFrame
    uncertainty: pl.DataFrame
    assumptions: tuple[Assumption, ...]
    rules: Mapping[str, tuple[str, ...]]
    varies_demand: bool
    run: RunFacts

    @property
    def last(self) -> int:
        """Return the last month that figures are given for."""
        return self.marks[-1]

    def effect(self, indicator: str, month: int | None = None, group: str = "all") -> Estimate:
        """Return the effect on an indicator at a month, the last mark unless given.

        Raises:
            KeyError: The experiment gave no such effect.
        """
        month = self.last if month is None else month
        rows = self._rows(indicator, group).filter(pl.col("month") == month)
        if rows.height != 1:
            raise KeyError(f"{rows.height} effects on {indicator}, group {group}, month {month}")
        return Estimate(**rows.select(ESTIMATE).row(0, named=True))

    def effects_on(self, indicator: str, months: Sequence[int], group: str = "all") -> list[Estimate]:
        """Return the effects on an indicator at several months."""
        return [self.effect(indicator, month, group) for month in months]

    def has(self, indicator: str, group: str = "all") -> bool:
        """Return whether the experiment gave effects on an indicator."""
        return not self._rows(indicator, group).is_empty()

    def path(self, indicator: str) -> pl.DataFrame:
        """Return month, mean and limits of a difference from month 0 (no difference yet) to the last mark."""
        columns = ("mean", "low", "high", "low50", "high50")
        rows = self._rows(indicator, "all").filter(pl.col("month") <= self.last).sort("month")
        start = pl.DataFrame({"month": [0], **{name: [0.0] for name in columns}})
        later = rows.select(pl.col("month").cast(pl.Int64), pl.col(*columns).cast(pl.Float64))
        return pl.concat([start, later])

    def latest(self, indicator: str) -> Estimate | None:
        """Return the effect at the last month that has one, or None."""
        rows = self._rows(indicator, "all").filter(pl.col("month") <= self.last)
        return None if rows.is_empty() else self.effect(indicator, int(rows["month"].max()))  # type: ignore[arg-type]

    def even_probability(self, payer: str) -> float:
        """Return the probability that a payer has the money back by the last month."""
        return float(self.even.filter(pl.col("payer") == payer)["probability"].item())

    def _rows(self, indicator: str, group: str) -> pl.DataFrame:
        return self.effects.filter(pl.col("indicator") == indicator, pl.col("group") == group)
