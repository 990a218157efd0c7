"""The first page: what is asked, the answer with its interval, three figures and who pays.

Each function writes one section, in the order in which the report has them.
"""

from sim.report.context import Context
from sim.report.estimate import Claim, claim
from sim.report.grammar import capital
from sim.report.markup import Cell, Row, Section, bullets, figure, heading, paragraph, section, table
from sim.report.numbers import PERSONS
from sim.report.pictures import payers_picture, persons_picture

_TWIN = (
    ("work", "employed"),
    ("unsubsidised", "employed_unsubsidised"),
    ("assistance", "assistance_households"),
)
PARTS = ("reform_cost", "assistance", "state_grants", "tax_after", "shared_benefits", "other")


def question(page: Context) -> Section:
    """Write what is asked, of whom and when it was calculated; the notes name the page."""
    facts, say = page.facts, page.say
    takes_s = len(facts.municipalities) == 1 and facts.place[-1].lower() not in "sxzaeiouyåäö"
    genitive = f"{facts.place}s" if takes_s else facts.place  # Nyköpings kommun, Osby kommun
    line = say(
        "page.line",
        municipality=say("page.municipality", genitive=genitive, place=facts.place),
        date=page.numbers.date(facts.run.computed),
        year=facts.run.data_until,
    )
    brand = f"<span><b>{say('page.brand')}</b> · {say('page.kind')}</span>"
    notes = {
        "lang": say.language,
        "title": say("page.title", place=facts.place, question=facts.question),
        "skip": say("page.skip"),
        "running": say("page.running", place=facts.place),
        "page_of": say("page.page_of"),
        "of": say("page.of"),
    }
    top = f'<div class="top">{brand}<span>{line}</span></div>'
    return section(top, heading(1, page.as_written(facts.question)), notes=notes)


def answer(page: Context) -> Section:
    """Write what was decided, and the answer in one sentence and a few more."""
    facts, say, grammar = page.facts, page.say, page.grammar
    lead = paragraph(facts.lead, say("page.compared", year=page.year), css="lead")
    first, last = facts.effect("employed", facts.marks[0]), facts.effect("employed")
    alone, alone_first = (
        facts.effect("employed_unsubsidised", month) for month in (facts.last, facts.marks[0])
    )
    early = [
        grammar.effect("work_early", first, facts.marks[0], facts.called),
        grammar.effect("unsubsidised", alone_first, facts.marks[0], facts.called),
    ]
    if grammar.fewer(first) or grammar.fewer(alone_first):
        early += [say(f"answer.{kind}") for kind in ("held", "delayed") if _happens(page, kind)]
    money = [
        grammar.money(payer, facts.effect(f"cum_net_{payer}"), facts.last, facts.called, page.money)
        for payer in ("municipality", "state", "public")
    ]
    unsubsidised = grammar.effect("unsubsidised", alone, facts.last, facts.called)
    points = [" ".join(early) if len(facts.marks) > 1 else "", *money, untested(page)]
    box = section(
        heading(2, say("answer.title"), "svar"),
        paragraph(grammar.effect("work", last, facts.last, facts.called), unsubsidised, css="head"),
        bullets(point for point in points if point),
        paragraph(say("answer.limits"), css="note"),
        css="answer",
    )
    return section(lead, box.html)


def three_figures(page: Context) -> Section:
    """Write persons in work, households on assistance and kronor, as pictures and as a table."""
    facts, say, grammar = page.facts, page.say, page.grammar
    figures = []
    for kind, indicator in (("work", "employed"), ("assistance", "assistance_households")):
        effect, title = facts.effect(indicator), say(f"figures.{kind}")
        odds = capital(grammar.odds("count", effect, PERSONS))
        text = say(f"figures.{kind}_text", when=grammar.when(facts.last), Odds=odds)
        picture = persons_picture(page, indicator, title)
        figures.append(figure(title, grammar.persons(effect), text, picture))
    money = facts.effect("cum_net_municipality")
    odds = capital(grammar.odds("money", money, page.money))
    figures.append(
        figure(
            say("figures.money", within=grammar.within(facts.last)),
            say("figures.money_interval", interval=grammar.signed(money, page.money)),
            say("figures.money_text", Odds=odds),
            payers_picture(page),
        )
    )
    return section(
        heading(2, say("figures.title")),
        section(*figures, css="three").html,
        paragraph(_how_to_read(page), css="note"),
        _twin(page),
    )


def payers(page: Context) -> Section:
    """Write who pays and who gains, what the municipality's sum consists of, and what is only moved."""
    facts, say, grammar = page.facts, page.say, page.grammar
    columns = [say("payers.payer"), *page.after_marks, say("payers.even", when=grammar.when(facts.last))]
    rows = [
        Row(
            say(f"payer.{payer}.name"),
            [*page.cells(facts.effects_on(f"cum_net_{payer}", facts.marks), page.money), _even(page, payer)],
            total=payer == "public",
        )
        for payer in (*page.touched_payers, "public")
    ]
    return section(
        heading(2, say("payers.title")),
        table(
            say("payers.caption"), f"{say('payers.note', year=page.year)} {_even_note(page)}", columns, rows
        ),
        paragraph(_parts(page), _moved(page)),
    )


def untested(page: Context) -> str:
    """Return how much of the uncertainty rests on assumptions that nobody has tested (grade C)."""
    shares = dict(page.facts.uncertainty.select("grade", "share").iter_rows())
    if "C" not in shares:
        return ""
    spoken = min(page.say.under("shares"), key=lambda percent: abs(int(percent) - 100 * shares["C"]))
    return page.say("answer.uncertainty", share=page.say(f"shares.{spoken}"))


def _happens(page: Context, kind: str) -> bool:
    return claim(page.facts.effect(kind, page.facts.marks[0]), PERSONS) not in (Claim.NONE, Claim.SMALL)


def _how_to_read(page: Context) -> str:
    facts, say = page.facts, page.say
    return say(
        "figures.how",
        place=facts.place,
        called=facts.called,
        covers=say("figures.covers_demand" if facts.varies_demand else "figures.covers"),
        start=page.numbers.month(facts.start),
        years=page.grammar.when(facts.last),
        end=page.numbers.month(facts.start + facts.last),
    )


def _twin(page: Context) -> str:
    facts, say, grammar = page.facts, page.say, page.grammar
    columns = [
        say("figures.measure"),
        *page.after_marks,
        say("figures.odds", when=grammar.when(facts.last)),
    ]
    rows = []
    for name, indicator in _TWIN:
        effects = facts.effects_on(indicator, facts.marks)
        odds = Cell(
            grammar.odds("count", effects[-1], PERSONS),
            numbers=grammar.odds_number(effects[-1], PERSONS),
        )
        unit = "households" if name == "assistance" else "persons"
        rows.append(Row(say(f"figures.{name}"), [*page.cells(effects, unit=unit), odds]))
    return table(say("figures.twin"), say("figures.twin_note"), columns, rows)


def _even(page: Context, payer: str) -> Cell:
    effect = page.facts.effect(f"cum_net_{payer}")
    if effect.p_zero >= 1:
        return Cell(page.say("payers.even_none"))
    month = page.facts.even_month(payer)
    aside = "" if month is None else page.say("payers.even_month", month=month)
    chance = page.facts.even_probability(payer)
    numbers = page.grammar.chance_number(chance) | ({} if month is None else {"month": month})
    return Cell(page.grammar.chance(chance), aside, numbers=numbers)


def _even_note(page: Context) -> str:
    """Return what the months beside the probabilities mean, where there are any."""
    shown = (*page.touched_payers, "public")
    told = any(page.facts.even_month(payer) is not None for payer in shown)
    return page.say("payers.even_note") if told else ""


def _parts(page: Context) -> str:
    """Return what the municipality's sum consists of, each part with its interval and mean."""
    facts, say, grammar = page.facts, page.say, page.grammar
    effects = {
        part: facts.effect(f"cum_municipality_{part}")
        for part in PARTS
        if facts.has(f"cum_municipality_{part}")
    }
    before = facts.latest("cum_municipality_tax_before")
    said = [
        say(
            "payers.part_tax" if part == "tax_after" and before else "payers.part",
            name=say(f"part.{part}"),
            interval=grammar.signed(effect, page.money),
            mean=grammar.mean(effect, page.money),
            before=grammar.signed(before, page.money) if before else "",
        )
        for part, effect in effects.items()
        if any(effect.rounded(page.money))
    ]
    return say("payers.parts", within=grammar.within(facts.last), parts=", ".join(said)) if said else ""


def _moved(page: Context) -> str:
    """Return how much of the change in assistance others only pay instead, and how much is saved."""
    moved, saved = (page.facts.latest(name) for name in ("cum_moved", "cum_saved"))
    if moved is None or saved is None or not any(moved.rounded(page.money)):
        return ""
    signed = page.grammar.signed
    return page.say("payers.moved", moved=signed(moved, page.money), saved=signed(saved, page.money))
