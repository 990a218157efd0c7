"""A few lines to paste into an official's memorandum: each figure with its interval, and where it is from.

Public name: `memo`.
"""

from sim.report.context import Context
from sim.report.grammar import capital
from sim.report.markup import Section, inline, paragraph, section
from sim.report.numbers import PERSONS
from sim.report.summary import untested

_COUNTS = {"work": "employed", "assistance": "assistance_households"}


def memo(page: Context) -> Section:
    """Write the question, the answer, the three figures, how sure they are and the source, to be copied.

    The lines are folded away on the screen and left out on paper; the command line writes them to a file.
    """
    facts, say, grammar = page.facts, page.say, page.grammar
    when, within = grammar.when(facts.last), grammar.within(facts.last)
    figures = []
    for name, indicator in _COUNTS.items():
        effect = facts.effect(indicator)
        figures.append(
            say(
                "memo.count",
                name=say(f"figures.{name}"),
                when=when,
                interval=grammar.persons(effect),
                mean=grammar.mean(effect, PERSONS),
                Odds=capital(grammar.odds("count", effect, PERSONS)),
            )
        )
    money = facts.effect("cum_net_municipality")
    figures.append(
        say(
            "memo.money",
            payer=say("payer.municipality.middle"),
            within=within,
            interval=grammar.spoken(money, page.money),
            mean=grammar.mean(money, page.money),
            Odds=capital(grammar.odds("money", money, page.money)),
        )
    )
    lines = [
        page.as_written(facts.question),
        grammar.effect("work", facts.effect("employed"), facts.last, facts.called),
        *figures,
        " ".join(part for part in (say("answer.limits"), untested(page)) if part),
        say(
            "memo.source",
            date=page.numbers.date(facts.run.computed),
            sources=", ".join(facts.run.sources),
            fingerprint=facts.run.fingerprint,
            command=facts.run.command,
        ),
    ]
    text = section(*(paragraph(line) for line in lines), css="text").html
    return Section(
        f'<details class="copy"><summary>{inline(say("memo.title"))}</summary>\n{text}\n</details>'
    )
