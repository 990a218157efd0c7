"""What follows the two pages, for those who examine: every assumption, the other payers, rules and method."""

import polars as pl

from sim.policy.levers.registry import LEVERS
from sim.report.context import Context
from sim.report.costs import cost_tables
from sim.report.detail import evidence_told, fit_table
from sim.report.facts import Assumption
from sim.report.markup import Cell, Row, Section, bullets, heading, paragraph, section, table
from sim.report.places import fit_of_each, map_of_each, market_lines
from sim.report.told import source_table, told_tables

PARTS = ("lever", "scenario", "model", "operator")


def appendix(page: Context) -> Section:
    """Write the reference part, which begins on a page of its own in print."""
    facts, say = page.facts, page.say
    steps = [
        step.format(place=facts.place, called=facts.called, pairs=page.numbers.plain(facts.run.pairs))
        for step in say.under("appendix.steps").values()
    ]
    if len(facts.municipalities) == 1:
        steps.append(" ".join(market_lines(page)))
    return section(
        heading(2, say("appendix.title"), "underlag"),
        paragraph(say("appendix.lead")),
        heading(3, say("appendix.method")),
        bullets(steps),
        heading(3, say("appendix.people")),
        _people(page),
        *map_of_each(page),
        *cost_tables(page),
        *_more_fit(page),
        *fit_of_each(page),
        *_evidence(page),
        *told_tables(page),
        *_rules(page),
        '<div class="assumptions">',
        heading(3, say("appendix.assumptions"), "antaganden"),
        paragraph(say("appendix.assumptions_lead")),
        *(_assumptions(page, part) for part in PARTS),
        "</div>",
        *source_table(page),
        css="underlag",
    )


def _people(page: Context) -> str:
    facts, say = page.facts, page.say
    rows = [
        Row(
            say(f"payer.{payer}.name"),
            page.cells(facts.effects_on(f"cum_net_{payer}", facts.marks), page.money),
        )
        for payer in ("employer", "person")
    ]
    columns = [say("payers.payer"), *page.after_marks]
    return table(say("payers.caption"), say("appendix.people_note", year=page.year), columns, rows)


def _more_fit(page: Context) -> list[str]:
    facts, say = page.facts, page.say
    several = len(facts.municipalities) > 1
    rows = facts.fit.filter(~pl.col("main")) if several else facts.fit
    if rows.is_empty() or not (several or all(card.calibrated for card in facts.cards)):
        return []  # an uncalibrated municipality's card shows these very rows
    note = say("appendix.fit_note", called=facts.called)
    return [heading(3, say("appendix.fit")), fit_table(page, rows, say("appendix.fit_caption"), note)]


def _evidence(page: Context) -> list[str]:
    """Return what is known about each lever, where the second page does not have room for all."""
    say = page.say
    levers = list(dict.fromkeys(page.facts.levers))
    if levers == evidence_told(page):
        return []
    sv = page.lang == "sv"
    said = [
        say(
            "appendix.evidence_row",
            lever=LEVERS[lever].label_sv if sv else LEVERS[lever].label_en,
            text=say(f"evidence.{lever}"),
        )
        for lever in levers
    ]
    return [heading(3, say("appendix.evidence")), bullets(said)]


def _rules(page: Context) -> list[str]:
    """Return which rules and amounts are not figures seen for the date, by why."""
    say = page.say
    said = [
        say(f"appendix.rules_{status}", names="; ".join(names)) for status, names in page.facts.rules.items()
    ]
    return [heading(3, say("appendix.rules")), bullets(said)] if said else []


def _assumptions(page: Context, part: str) -> str:
    say = page.say
    chosen = [assumption for assumption in page.facts.assumptions if assumption.part == part]
    if not chosen:
        return ""
    columns = [say(f"appendix.{name}") for name in ("assumption", "range", "central", "grade")]
    rows = [_assumption(page, assumption) for assumption in chosen]
    return table(say(f"appendix.part_{part}"), "", columns, rows, css="long")


def _assumption(page: Context, assumption: Assumption) -> Row:
    say, number = page.say, page.number
    low, high = number(assumption.low), number(assumption.high)
    spread = low if low == high else say("interval.range", low=low, high=high)
    unit = say(f"unit.{assumption.unit}") if say.has(f"unit.{assumption.unit}") else assumption.unit
    grade = f"{assumption.grade}*" if assumption.identified else assumption.grade
    limits = {"low": page.three_digits(assumption.low), "high": page.three_digits(assumption.high)}
    central = {"value": page.three_digits(assumption.central)}
    cells = [
        Cell(spread, unit, numbers=limits, unit=unit),
        Cell(number(assumption.central), numbers=central, unit=unit),
        Cell(grade),
    ]
    return Row(assumption.label, cells)
