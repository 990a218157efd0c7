"""The second page: who gains and loses, how fast and how sure it is.

Each function writes one section, in the order in which the report has them.
"""

import polars as pl

from sim.report.context import Context
from sim.report.costs import cost_sentence, queue_sentence
from sim.report.estimate import Estimate
from sim.report.grammar import capital
from sim.report.markup import (
    Cell,
    Row,
    Section,
    beside,
    heading,
    inline,
    paragraph,
    section,
    table,
)
from sim.report.numbers import PERCENT, PERSONS, digits_rounding, rounded

TAXONOMY = ("helped", "displaced", "held", "delayed")
GROUPS = ("youth", "newcomer", "long_term", "other", "all", "women", "men")
EVIDENCE_LENGTH = 320  # characters on the second page; the evidence of all levers is in the appendix
COLOURS = {"C": "#dfe5e8", "B": "#b9cdd8", "A": "#1f5673", "scenario": "#7d97a5", "rest": "#ffffff"}


def gainers_and_groups(page: Context) -> Section:
    """Write the exclusive kinds that sum to the net, beside the groups and the sexes."""
    return beside(_gainers(page), _groups(page))


def speed_and_clients(page: Context) -> Section:
    """Write who is reached within 90 days, what happens to those already registered, queues and cost.

    The queues of several municipalities stand in the appendix alone, for want of room.
    """
    queues = queue_sentence(page) if len(page.facts.municipalities) == 1 else ""
    return section(
        paragraph(_ninety(page)),
        paragraph(_clients(page)),
        paragraph(queues, cost_sentence(page)),
    )


def certainty(page: Context) -> Section:
    """Write what is known about the levers, where the uncertainty comes from and what is left out."""
    facts, say = page.facts, page.say
    levers = list(dict.fromkeys(facts.levers))
    told = evidence_told(page)
    known = [say(f"evidence.{lever}") for lever in told]
    more = say("evidence.more") if len(levers) > len(told) else ""
    names = "; ".join(page.as_written(name[:1].lower() + name[1:]) for name in facts.not_expressed)
    left_out = say("certain.not_expressed", names=names) if names else ""
    return section(
        heading(2, say("certain.title")),
        paragraph(*known, say("evidence.closing"), more, _own_numbers(page)),
        paragraph(left_out),
        _bar(page),
    )


def evidence_told(page: Context) -> list[str]:
    """Return the levers, from the case's first, whose evidence has room on the second page."""
    told: list[str] = []
    room = EVIDENCE_LENGTH
    for lever in dict.fromkeys(page.facts.levers):
        room -= len(page.say(f"evidence.{lever}"))
        if told and room < 0:
            break
        told.append(lever)
    return told


def main_fit(page: Context) -> str:
    """Return the table of the measures that matter most, for the municipalities together."""
    title = page.say("fit.title", place=page.facts.place)
    note = page.say("fit.note", called=page.facts.called)
    return fit_table(page, page.facts.fit.filter(pl.col("main")), title, note)


def fit_table(page: Context, rows: pl.DataFrame, title: str, note: str) -> str:
    """Return a table of measures, official figures and the model's own."""
    say, numbers = page.say, page.numbers
    printed = []
    for row in rows.iter_rows(named=True):
        rounding, exact = digits_rounding(row["digits"]), digits_rounding(max(0, row["digits"]))
        model = {name: rounded(row[name], rounding) for name in ("mean", "low", "high")}
        mean, low, high = (numbers.plain(row[name], rounding) for name in model)
        official = [row[name] for name in ("official", "official_high") if row[name] is not None]
        ends = ("low", "high") if len(official) > 1 else ("value",)
        cells = [
            Cell(
                say("interval.between").join(numbers.plain(value, exact) for value in official),
                numbers={end: rounded(value, exact) for end, value in zip(ends, official, strict=True)},
                unit="row",
            ),
            Cell(mean, f"({say('interval.range', low=low, high=high)})", numbers=model, unit="row"),
            Cell(say(f"fit.{row['role']}"), left=True),
        ]
        printed.append(Row(say(f"measure.{row['key']}"), cells))
    columns = [say(f"fit.{name}") for name in ("measure", "official", "model", "role")]
    return table(title, note, columns, printed)


def footer(page: Context) -> Section:
    """Write how to make the figures again, and where they come from."""
    run, say = page.facts.run, page.say
    made = inline(
        say(
            "footer.run",
            command="{command}",
            fingerprint="{fingerprint}",
            pairs=page.numbers.plain(run.pairs),
            year=run.rules_until,
        )
    ).format(command=_code(run.command), fingerprint=_code(run.fingerprint))
    learnt = inline(say("footer.posterior", name=run.posterior)) if run.posterior else ""
    failed = inline(say("footer.failed", failed=page.numbers.plain(run.failed))) if run.failed else ""
    rest = inline(say("footer.sources", sources=", ".join(run.sources)) + " " + say("footer.by"))
    return section(f"<p>{' '.join(part for part in (made, learnt, failed, rest) if part)}</p>", css="foot")


def _own_numbers(page: Context) -> str:
    """Return which parameters are the municipality's own, and with whose figures the others were set."""
    facts, say = page.facts, page.say
    wide = [card.name for card in facts.cards if not card.calibrated]
    key = "certain.not_fitted" if wide else "certain.fitted"
    return say(key, names=say.listed(facts.set_with), places=say.listed(wide))


def _ninety(page: Context) -> str:
    facts, say = page.facts, page.say
    difference, without = facts.latest("reached_90_share"), facts.latest("reached_90_share_baseline")
    if difference is None or without is None:
        return ""
    sentence = page.grammar.ninety(difference, facts.called)
    share = page.numbers.plain(without.mean, PERCENT)
    return say("ninety.lead", called=facts.called, share=share, sentence=sentence)


def _clients(page: Context) -> str:
    """Return the change in existing clients' exits in the first year, with lock-in and dip apart."""
    facts, say, grammar = page.facts, page.say, page.grammar
    change = facts.latest("client_exit_change")
    if change is None:
        return ""
    parts = {kind: facts.latest(f"hazard_{kind}") for kind in ("lock_in", "dip")}
    said = [
        say(f"clients.{kind}", interval=grammar.spoken(part, PERCENT))
        for kind, part in parts.items()
        if part is not None and any(part.rounded(PERCENT))
    ]
    lead = say("clients.lead", called=facts.called, sentence=grammar.clients(change, facts.called))
    return " ".join([lead, *(said or [say("clients.nobody")])])


def _gainers(page: Context) -> Section:
    facts, say = page.facts, page.say
    months = tuple(dict.fromkeys((facts.marks[0], facts.last)))
    rows = []
    for kind in TAXONOMY:
        effects = facts.effects_on(kind, months)
        signed = effects if kind == "helped" else [effect.negative() for effect in effects]
        rows.append(Row(say(f"gainers.{kind}", called=facts.called), page.cells(signed)))
    rows.append(Row(say("gainers.net"), page.cells(facts.effects_on("employed", months)), total=True))
    columns = [say("gainers.part"), *(capital(page.grammar.when(month)) for month in months)]
    return section(
        heading(2, say("gainers.title")),
        table(say("gainers.caption"), say("gainers.note"), columns, rows),
        paragraph(say("gainers.bookkeeping"), css="note"),
    )


def _groups(page: Context) -> Section:
    facts, say, grammar = page.facts, page.say, page.grammar
    when = grammar.when(facts.last)
    columns = [say("groups.group"), say("groups.difference"), say("groups.verdict")]

    def row(group: str, effect: Estimate) -> Row:
        said = Cell(grammar.verdict("count", effect, PERSONS), left=True)
        return Row(say(f"groups.{group}"), [page.cell(effect), said], total=group == "all")

    rows = [row(group, facts.effect("employed", group=group)) for group in GROUPS]
    return section(
        heading(2, say("groups.title")),
        table(say("groups.caption", when=when), say("groups.note"), columns, rows),
        paragraph(
            say("groups.exclusive"),
            grammar.sexes(facts.effect("employed", group="women_minus_men")),
            css="note",
        ),
    )


def _bar(page: Context) -> str:
    """Return the shares of the uncertainty as a bar, with its legend in words beneath."""
    say, numbers = page.say, page.numbers
    shares = dict(page.facts.uncertainty.select("grade", "share").iter_rows())
    shown = [(grade, shares[grade]) for grade in COLOURS if shares.get(grade, 0) >= 0.005]
    if not shown:
        return ""
    parts = [
        say("certain.bar_part", name=say(f"certain.{grade}"), percent=numbers.plain(share, PERCENT))
        for grade, share in shown
    ]
    title = say("certain.bar")
    note = say("certain.bar_note", when=page.grammar.when(page.facts.last))
    boxes = "".join(
        f'<span style="width:{100 * share:.1f}%;background:{COLOURS[grade]}"></span>'
        for grade, share in shown
    )
    legend = "".join(
        f'<li><b style="background:{COLOURS[grade]}"></b>{inline(part)}</li>'
        for (grade, _), part in zip(shown, parts, strict=True)
    )
    words = say("certain.bar_alt", title=title, parts=", ".join(parts))
    return (
        f'<p class="barh"><strong>{inline(title)}</strong> <span>{inline(note)}</span></p>\n'
        f'<div class="bar" role="img" aria-label="{inline(words)}">{boxes}</div>\n'
        f'<ul class="legend">{legend}</ul>'
    )


def _code(text: str) -> str:
    return f"<code>{inline(text)}</code>"
