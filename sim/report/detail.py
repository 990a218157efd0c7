"""The second page: who gains and loses, how fast, how sure it is, and what the words mean.

Each function writes one section, in the order in which the report has them.
"""

from sim.report.context import Context
from sim.report.estimate import Estimate
from sim.report.markup import (
    Cell,
    Row,
    Section,
    beside,
    definitions,
    heading,
    inline,
    paragraph,
    section,
    table,
)
from sim.report.numbers import PERCENT, PERSONS, digits_rounding

TAXONOMY = ("helped", "displaced", "held", "delayed")
GROUPS = ("youth", "newcomer", "long_term", "other", "all", "women", "men")
COLOURS = {"C": "#dfe5e8", "B": "#b9cdd8", "A": "#1f5673", "rest": "#ffffff"}


def gainers_and_groups(page: Context) -> Section:
    """Write the exclusive kinds that sum to the net, beside the groups and the sexes."""
    return beside(_gainers(page), _groups(page))


def speed_and_clients(page: Context) -> Section:
    """Write who is reached within 90 days, and what happens to those who were registered already."""
    facts, say, grammar = page.facts, page.say, page.grammar
    without = page.numbers.plain(facts.level("reached_90_share", "without").mean, PERCENT)
    sentence = grammar.ninety(
        facts.effect("reached_90_share"), facts.level("reached_90_share", "with"), facts.called
    )
    change = grammar.clients(facts.effect("client_exit_change", 12), facts.called)
    losses = [
        say(f"clients.{kind}", interval=grammar.count(facts.effect(f"client_{kind}", 12)))
        for kind in ("held", "delayed")
        if any(facts.effect(f"client_{kind}", 12).rounded(PERSONS))
    ]
    return section(
        paragraph(say("ninety.lead", called=facts.called, share=without, sentence=sentence)),
        paragraph(
            say("clients.lead", called=facts.called, sentence=change),
            *(losses or [say("clients.nobody")]),
        ),
    )


def certainty(page: Context) -> Section:
    """Write what is known about the levers, where the uncertainty comes from and what is left out."""
    facts, say = page.facts, page.say
    known = [
        say(f"evidence.{lever}") for lever in dict.fromkeys(facts.levers) if say.has(f"evidence.{lever}")
    ]
    left_out = (
        say("certain.not_expressed", names="; ".join(facts.not_expressed)) if facts.not_expressed else ""
    )
    return section(
        heading(2, say("certain.title")),
        paragraph(*known, say("evidence.closing") if known else ""),
        paragraph(left_out),
        _bar(page),
    )


def fit(page: Context) -> Section:
    """Write how the model without the policy compares with official figures, and which were looked at."""
    facts, say, numbers = page.facts, page.say, page.numbers
    rows = []
    for row in facts.fit.iter_rows(named=True):
        rounding = digits_rounding(row["digits"])
        mean, low, high = (numbers.plain(row[name], rounding) for name in ("mean", "low", "high"))
        cells = [
            Cell(numbers.plain(row["official"], digits_rounding(max(0, row["digits"])))),
            Cell(mean, f"({say('interval.range', low=low, high=high)})"),
            Cell(say(f"fit.{row['role']}"), left=True),
        ]
        rows.append(Row(say("fit.source", label=row["label"], source=row["source"]), cells))
    columns = [say(f"fit.{name}") for name in ("measure", "official", "model", "role")]
    title, note = say("fit.title", place=facts.place), say("fit.note", called=facts.called)
    return section(table(title, note, columns, rows))


def glossary(page: Context) -> Section:
    """Write what the words of the report mean."""
    say = page.say
    return section(heading(2, say("words.title")), definitions(say.under("glossary").items()))


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
    failed = inline(say("footer.failed", failed=page.numbers.plain(run.failed))) if run.failed else ""
    rest = inline(say("footer.sources", sources=", ".join(run.sources)) + " " + say("footer.by"))
    return section(f"<p>{' '.join(part for part in (made, failed, rest) if part)}</p>", css="foot")


def _gainers(page: Context) -> Section:
    facts, say = page.facts, page.say
    months = (facts.marks[0], facts.last)
    rows = []
    for kind in TAXONOMY:
        effects = facts.effects_on(kind, months)
        signed = effects if kind == "helped" else [effect.negative() for effect in effects]
        rows.append(Row(say(f"gainers.{kind}", called=facts.called), page.cells(signed)))
    rows.append(Row(say("gainers.net"), page.cells(facts.effects_on("employed", months)), total=True))
    columns = [say("gainers.part"), page.after_marks[0], page.after_marks[-1]]
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
