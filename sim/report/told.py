"""The numbers that sentences and the bar of the page hold, as tables, so that each can be looked up.

Public names: `told_tables` (for the appendix) and `source_table` (its last table).
"""

from collections.abc import Iterator

from sim.report.context import Context
from sim.report.costs import THOUSANDS
from sim.report.estimate import Estimate
from sim.report.markup import Cell, Row, heading, table
from sim.report.numbers import PERCENT, Rounding, rounded
from sim.report.summary import PARTS

_GRADES = ("A", "B", "C", "scenario", "rest")


def told_tables(page: Context) -> list[str]:
    """Return the numbers of the running text, and the parts of the bar, each as a table under its heading."""
    say = page.say
    rows = [*_money(page), *_rates(page), *_price(page)]
    columns = [say("told.number"), say("told.interval"), say("told.unit")]
    text = [table(say("told.caption"), say("told.note"), columns, rows)] if rows else []
    others = [*_conditions(page), *_bar(page)]
    return [heading(3, say("told.title")), *text, *others] if text or others else []


def source_table(page: Context) -> list[str]:
    """Return who published the figures, in which table, for when, and how far they can be trusted."""
    say = page.say
    rows = []
    for one in page.facts.tables:
        about = say.under(f"sources.of.{one.name}")
        grade = say(f"sources.grade.{one.confidence.replace(' ', '_')}")
        texts = (about.get("publisher", one.publisher), about["table"], about["date"], grade)
        rows.append(Row(about["name"], [Cell(text, left=True) for text in texts]))
    columns = [say(f"sources.{name}") for name in ("figures", "publisher", "table", "date", "trust")]
    caption, note = say("sources.caption"), say("sources.note")
    return [heading(3, say("sources.title")), table(caption, note, columns, rows, css="long")]


def _money(page: Context) -> Iterator[Row]:
    """Yield the parts of the municipality's sum, and what of the assistance is moved and saved."""
    facts, say = page.facts, page.say
    names = {f"cum_municipality_{part}": say("told.part", part=say(f"part.{part}")) for part in PARTS}
    names["cum_municipality_tax_before"] = say("told.tax_before")
    names |= {f"cum_{name}": say(f"told.{name}") for name in ("moved", "saved")}
    for indicator, name in names.items():
        effect = facts.latest(indicator)
        if effect is not None and any(effect.rounded(page.money)):
            yield _row(page, name, effect, page.money, say("told.millions"))


def _rates(page: Context) -> Iterator[Row]:
    """Yield the share reached within 90 days, and how often those who were registered already find a job."""
    facts, say = page.facts, page.say
    names = {"reached_90_share": "points"}
    names |= dict.fromkeys(("client_exit_change", "hazard_lock_in", "hazard_dip"), "percent")
    without = facts.latest("reached_90_share_baseline")
    if without is not None:
        share = page.numbers.plain(without.mean, PERCENT)
        numbers = {"value": rounded(without.mean, PERCENT)}
        name = say("told.reached_without", called=facts.called)
        percent = say("told.percent")
        yield Row(name, [Cell(share, numbers=numbers, unit="row"), Cell(percent, left=True)])
    for indicator, unit in names.items():
        effect = facts.latest(indicator)
        if effect is not None and any(effect.rounded(PERCENT)):
            yield _row(page, say(f"told.{indicator}"), effect, PERCENT, say(f"told.{unit}"))


def _price(page: Context) -> Iterator[Row]:
    """Yield what an extra month in work costs, where that can be told."""
    ratio, say = page.facts.per_month, page.say
    if ratio is None:
        return
    parts = {"low": ratio.low, "high": ratio.high, "mean": ratio.mean}
    low, high, mean = (page.numbers.plain(value, THOUSANDS) for value in parts.values())
    numbers = {part: rounded(value, THOUSANDS) for part, value in parts.items()}
    kronor = say("told.kronor")
    cell = Cell(say("interval.range", low=low, high=high), f"({mean})", numbers=numbers, unit="row")
    yield Row(say("told.month_in_work"), [cell, Cell(kronor, left=True)])


def _row(page: Context, name: str, effect: Estimate, rounding: Rounding, unit: str) -> Row:
    return Row(name, [page.cell(effect, rounding, "row"), Cell(unit, left=True)])


def _conditions(page: Context) -> list[str]:
    """Return how often more are in work on either side of the middle of the assumptions that decide."""
    say, grammar = page.say, page.grammar
    rows = []
    for row in page.facts.conditions.iter_rows(named=True):
        middle, unit = page.in_words(row["middle"], row["unit"])
        numbers = {"value": page.three_digits(middle)}
        sides = [
            Cell(grammar.chance(row[side]), numbers=grammar.chance_number(row[side]))
            for side in ("below", "above")
        ]
        rows.append(Row(row["label"], [Cell(page.number(middle), unit, numbers=numbers, unit=unit), *sides]))
    if not rows:
        return []
    columns = [say("appendix.assumption"), say("appendix.central"), say("told.below"), say("told.above")]
    return [table(say("must.title"), say("told.must_note"), columns, rows)]


def _bar(page: Context) -> list[str]:
    """Return the twin of the bar of uncertainty."""
    say, shares = page.say, dict(page.facts.uncertainty.select("grade", "share").iter_rows())
    rows = [
        Row(
            say(f"certain.{grade}"),
            [
                Cell(
                    page.numbers.plain(shares[grade], PERCENT),
                    numbers={"value": rounded(shares[grade], PERCENT)},
                )
            ],
        )
        for grade in _GRADES
        if grade in shares
    ]
    if not rows:
        return []
    note = say("certain.bar_note", when=page.grammar.when(page.facts.last))
    return [table(say("certain.bar"), note, [say("told.part_of"), say("told.share")], rows)]
