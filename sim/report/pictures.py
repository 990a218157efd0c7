"""The three pictures of the summary, with the words that replace them for those who cannot see them."""

import polars as pl

from sim.report.charts import Picture, fan_chart, interval_chart
from sim.report.context import Context
from sim.report.estimate import Estimate
from sim.report.grammar import capital
from sim.report.numbers import PERSONS

_LIMITS = ("mean", "low", "high", "low50", "high50")


def persons_picture(page: Context, indicator: str, title: str) -> Picture:
    """Draw the difference in persons or households over time."""
    facts, say, grammar = page.facts, page.say, page.grammar
    path = facts.path(indicator).with_columns(pl.col(_LIMITS).round(3))
    years = {12 * year: say("time.year_mark", years=year) for year in range(1, facts.last // 12 + 1)}
    said = [
        say(
            "alt.mark",
            When=capital(grammar.when(month)),
            interval=grammar.persons(effect),
            mean=grammar.mean(effect, PERSONS),
        )
        for month, effect in zip(facts.marks, facts.effects_on(indicator, facts.marks), strict=True)
    ]
    words = say(
        "alt.fan", title=title, called=facts.called, within=grammar.within(facts.last), marks=" ".join(said)
    )
    label = page.signed(PERSONS)
    return fan_chart(path, facts.marks, label, {0: say("time.start"), **years}, words)


def payers_picture(page: Context) -> Picture:
    """Draw what each public payer gains or pays in all, those that are touched, and the total."""
    facts, say, grammar = page.facts, page.say, page.grammar
    rows: dict[str, Estimate] = {
        say(f"payer.{payer}.name"): facts.effect(f"cum_net_{payer}") for payer in page.touched_payers
    }
    rows[say("figures.total")] = facts.effect("cum_net_public")
    said = [
        say(
            "alt.payer",
            name=name,
            interval=grammar.spoken(effect, page.money),
            mean=grammar.mean(effect, page.money),
        )
        for name, effect in rows.items()
    ]
    words = say("alt.payers", within=grammar.within(facts.last), rows=" ".join(said))
    return interval_chart(rows, float(page.money.scale), page.signed(page.money), words)
