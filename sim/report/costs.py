"""What the policy costs and what it saves: per extra month in work, lever by lever, and what is only moved.

Public names: `cost_sentence` and `queue_sentence` (for the second page), `cost_tables` (for the appendix) and
`THOUSANDS` (how the price of a month in work is rounded).
"""

from decimal import Decimal

from sim.policy.levers.registry import LEVERS
from sim.report.context import Context
from sim.report.derive import COST_KINDS, SUPPORTS
from sim.report.facts import QUEUES
from sim.report.markup import Cell, Row, heading, table
from sim.report.numbers import PERSONS, SMALLEST_COUNT, TENTHS, Rounding, rounded

THOUSANDS = Rounding(Decimal(1000), unit="kronor")


def cost_sentence(page: Context) -> str:
    """Return what an extra month in work costs, or that it cannot be told."""
    facts, say, plain = page.facts, page.say, page.numbers.plain
    if not facts.has("cum_reform_cost") or facts.effect("cum_reform_cost").p_zero >= 1:
        return ""
    within = page.grammar.within(facts.last)
    if facts.per_month is None:
        return say("unit_cost.unknown", within=within)
    low, high, mean = (
        plain(value, THOUSANDS) for value in (facts.per_month.low, facts.per_month.high, facts.per_month.mean)
    )
    interval = say("interval.range", low=low, high=high)
    return say("unit_cost.lead", called=facts.called, within=within, interval=interval, mean=mean)


def queue_sentence(page: Context) -> str:
    """Return how the queues change, those that do."""
    facts, say, grammar = page.facts, page.say, page.grammar
    parts = []
    for queue in QUEUES:
        if facts.has(queue) and any(facts.effect(queue).rounded(PERSONS)):
            interval = grammar.persons(facts.effect(queue))
            parts.append(say(f"queues.{queue.removeprefix('waiting_')}", interval=interval))
    when = grammar.when(facts.last)
    return say("queues.lead", when=when, called=facts.called, parts=", ".join(parts)) if parts else ""


def cost_tables(page: Context) -> list[str]:
    """Return the tables of the levers' costs, of assistance saved and moved, and of the queues."""
    return [*_levers(page), *_moved(page), *_queues(page)]


def _levers(page: Context) -> list[str]:
    """Return what each lever costs once and in running, over all its instances."""
    facts, say = page.facts, page.say
    rows = []
    for lever in dict.fromkeys(facts.levers):
        names = [f"cum_cost_{lever}_{kind}" for kind in COST_KINDS]
        if any(facts.has(name) for name in names):
            cells = [
                page.cell(facts.effect(name), TENTHS)
                if facts.has(name)
                else Cell("0", numbers=dict.fromkeys(("low", "high", "mean"), 0.0), unit=TENTHS.unit)
                for name in names
            ]
            rows.append(Row(_label(page, lever), cells))
    if not rows:
        return []
    caption = say("appendix.levers_caption", when=page.grammar.when(facts.last))
    columns = [say("appendix.lever"), *(say(f"appendix.{kind}") for kind in COST_KINDS)]
    note = say("appendix.levers_note", year=page.year)
    return [heading(3, say("appendix.levers")), table(caption, note, columns, rows)]


def _moved(page: Context) -> list[str]:
    """Return the change of assistance since the start as what others pay instead, and what nobody pays."""
    facts, say = page.facts, page.say
    if not facts.has("cum_saved") or facts.effect("cum_saved").p_zero >= 1:
        return []
    names = [*(f"cum_moved_{support}" for support in SUPPORTS), "cum_saved"]
    rows = [
        Row(
            say(f"appendix.{name.removeprefix('cum_').removeprefix('moved_')}"),
            page.cells(facts.effects_on(name, facts.marks), TENTHS),
            total=name == "cum_saved",
        )
        for name in names
        if facts.has(name)
        and any(any(effect.rounded(TENTHS)) for effect in facts.effects_on(name, facts.marks))
    ]
    if not rows:
        return []
    columns = [say("appendix.support"), *page.after_marks]
    shown = table(say("appendix.moved_caption"), say("appendix.moved_note"), columns, rows)
    return [heading(3, say("appendix.moved")), shown]


def _queues(page: Context) -> list[str]:
    """Return who waits without the policy, and the difference that it makes."""
    facts, say, numbers = page.facts, page.say, page.numbers
    fewer = say("interval.fewer_than")
    rows = [
        Row(
            say(f"appendix.{row['indicator']}"),
            [
                _level(numbers.count(row["mean"], fewer), row["mean"]),
                page.cell(facts.effect(row["indicator"])),
            ],
        )
        for row in sorted(facts.queues.iter_rows(named=True), key=lambda row: QUEUES.index(row["indicator"]))
        if facts.has(row["indicator"])
    ]
    if not rows:
        return []
    caption = say("appendix.queues_caption", when=page.grammar.when(facts.last))
    columns = [
        say("appendix.queue"),
        say("appendix.without", called=facts.called),
        say("appendix.difference"),
    ]
    return [heading(3, say("appendix.queues")), table(caption, "", columns, rows)]


def _level(printed: str, persons: float) -> Cell:
    hidden = 0 < persons < SMALLEST_COUNT
    return Cell(
        printed, numbers={"value": printed if hidden else rounded(persons, PERSONS)}, unit=PERSONS.unit
    )


def _label(page: Context, lever: str) -> str:
    declared = LEVERS[lever]
    return declared.label_sv if page.lang == "sv" else declared.label_en
