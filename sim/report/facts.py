"""What a scenario report is made from: effects, levels, fit and assumptions of one case, typed and complete.

The frames hold everything that a page prints, before rounding. A page never computes; it looks up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from sim.data.tables import Table
from sim.report.estimate import Estimate
from sim.report.fit_facts import FitFacts
from sim.report.unit_costs import Ratio

BY_MUNICIPALITY = ("employed", "assistance_households", "cum_net_municipality")
QUEUES = ("waiting_plan", "waiting_place", "waiting_activity")
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
    posterior: str = ""


@dataclass(frozen=True)
class ReportFacts:
    """Everything that the report of one case prints.

    Args:
        place: The name of the municipality, or of all of them together, as in "i Nyköping".
        municipalities: Names of the municipalities, in the case's order.
        markets: The municipalities by labour-market region; within one, more look for work across the border.
        question: The question that the report answers.
        case_language: Language of the question and of ``not_expressed``, that of the report where it can be.
        lead: What was decided, in two to four sentences.
        called: The case's own noun in the definite form ("satsningen").
        start: Month number in which the case starts.
        marks: Months after the start that figures are given for, ascending.
        levers: Names of the levers used, in the case's order.
        not_expressed: What the reform holds that the model does not, in the language of the report.
        effects: Differences; columns indicator, group, month and those of `ESTIMATE`. Money in kronor,
            shares and relative changes as fractions.
        by_municipality: The effects of the last mark on what is told for each municipality; columns
            municipality (its name), indicator and those of `ESTIMATE`. No rows for a single one.
        even: Columns payer, probability (that the money is back by the last month) and median (the month in
            which it is for half of the draws, null if later).
        per_month: Kronor for the policy per extra month in work, None where that cannot be told.
        queues: Those who wait without the policy in the last month; columns indicator, mean, low, high.
        fit: The rows of `sim.calibrate.measures.fit_rows`, of the municipalities together.
        fit_by_municipality: The same for each municipality, with its name in the column municipality; no rows
            for a single one.
        cards: What the fit card of each municipality prints, in the case's order.
        set_with: Names of the municipalities whose figures were in view when national parameters were set.
        uncertainty: Columns grade (A, B, C, ``scenario``, ``rest``) and share, of the variance of the main
            effect; no rows where it cannot be told.
        conditions: The rows of `sim.report.conditions.conditions` for the number in work at the last mark.
        assumptions: All uncertain parameters.
        rules: Names of rules and amounts that are not figures seen for the date, by status: ``memory``,
            ``assumed`` or ``carried`` (from an earlier date).
        tables: The official tables that the figures come from.
        varies_demand: Whether the draws vary the business cycle.
        run: How the figures were made.
    """

    place: str
    municipalities: tuple[str, ...]
    markets: tuple[tuple[str, ...], ...]
    question: str
    case_language: str
    lead: str
    called: str
    start: int
    marks: tuple[int, ...]
    levers: tuple[str, ...]
    not_expressed: tuple[str, ...]
    effects: pl.DataFrame
    by_municipality: pl.DataFrame
    even: pl.DataFrame
    per_month: Ratio | None
    queues: pl.DataFrame
    fit: pl.DataFrame
    fit_by_municipality: pl.DataFrame
    cards: tuple[FitFacts, ...]
    set_with: tuple[str, ...]
    uncertainty: pl.DataFrame
    conditions: pl.DataFrame
    assumptions: tuple[Assumption, ...]
    rules: Mapping[str, tuple[str, ...]]
    tables: tuple[Table, ...]
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

    def even_month(self, payer: str) -> int | None:
        """Return the month in which a payer has the money back in half of the draws, or None if later."""
        return self.even.filter(pl.col("payer") == payer)["median"].item()  # type: ignore[no-any-return]

    def effect_in(self, municipality: str, indicator: str) -> Estimate:
        """Return the effect at the last mark in one municipality."""
        rows = self.by_municipality.filter(municipality=municipality, indicator=indicator)
        return Estimate(**rows.select(ESTIMATE).row(0, named=True))

    def _rows(self, indicator: str, group: str) -> pl.DataFrame:
        return self.effects.filter(pl.col("indicator") == indicator, pl.col("group") == group)
