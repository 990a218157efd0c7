"""What must hold for the answer to hold, and how to read the report.

Public names: `must_be_true` and `how_to_read` (sections).
"""

from sim.report.context import Context
from sim.report.grammar import capital
from sim.report.markup import Section, bullets, definitions, heading, paragraph, section


def must_be_true(page: Context) -> Section:
    """Write how often the money is back, and the assumptions on which more people in work depend."""
    facts, say, grammar = page.facts, page.say, page.grammar
    within = grammar.within(facts.last)
    chances = {
        payer: grammar.chance(facts.even_probability(payer))
        for payer in ("municipality", "public")
        if facts.effect(f"cum_net_{payer}").p_zero < 1
    }
    even = ""
    if len(chances) == 2:
        names = {payer: say(f"payer.{payer}.middle") for payer in chances}
        even = say("must.even", within=within, **_pairs(names, chances))
    points = []
    for row in facts.conditions.iter_rows(named=True):
        middle, unit = page.in_words(row["middle"], row["unit"])
        points.append(
            say(
                "must.condition",
                label=row["label"],
                grade=row["grade"],
                middle=page.number(middle),
                unit=unit,
                below=grammar.chance(row["below"]),
                above=grammar.chance(row["above"]),
            )
        )
    if facts.effect("employed").p_zero >= 1:
        return section()
    if not points:
        none = say("must.none", pairs=page.numbers.plain(facts.run.pairs))
        return section(heading(2, say("must.title")), paragraph(even, none))
    lead = say("must.lead", when=grammar.when(facts.last))
    return section(heading(2, say("must.title")), paragraph(even, lead), bullets(points))


def how_to_read(page: Context) -> Section:
    """Write how to read intervals, words of probability and tables, and what the words mean."""
    facts, say = page.facts, page.say
    slots = {"place": facts.place, "called": facts.called, "Called": capital(facts.called)}
    steps = [text.format(**slots) for text in say.under("reading.steps").values()]
    return section(
        heading(2, say("reading.title"), "las"),
        bullets(steps),
        heading(3, say("words.title")),
        definitions(say.under("glossary").items()),
        css="underlag reading",
    )


def _pairs(names: dict[str, str], chances: dict[str, str]) -> dict[str, str]:
    (first, second), (one, two) = names.values(), chances.values()
    return {"first": first, "second": second, "chance": one, "other": two}
