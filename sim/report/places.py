"""Several municipalities in one report: the effects of each, how they are tied, and their fit.

Public names: `municipalities` (a section), `market_lines`, `map_of_each` and `fit_of_each` (for the
appendix). Of a single municipality there is little to tell.
"""

import polars as pl

from sim.data.municipalities import municipality
from sim.report.context import Context
from sim.report.detail import fit_table, main_fit
from sim.report.estimate import Estimate
from sim.report.facts import BY_MUNICIPALITY
from sim.report.maps import MOST_ON_A_MAP, claim_map
from sim.report.markup import Cell, Row, Section, heading, paragraph, section, table, wide_figure
from sim.report.numbers import PERSONS, Rounding, money_rounding

_WORK, _ASSISTANCE, _MONEY = BY_MUNICIPALITY


def municipalities(page: Context) -> Section:
    """Write the effects in each municipality, and which of them share a labour market."""
    facts, say = page.facts, page.say
    if len(facts.municipalities) == 1:
        return section()
    each = {
        name: {one: facts.effect_in(name, one) for one in BY_MUNICIPALITY} for name in facts.municipalities
    }
    whole = {one: facts.effect(one) for one in BY_MUNICIPALITY}
    money = money_rounding(
        limit for effects in each.values() for limit in (effects[_MONEY].low, effects[_MONEY].high)
    )
    rows = [_row(page, name, effects, money) for name, effects in each.items()]
    rows.append(_row(page, say("places.all"), whole, money, total=True))
    columns = [say(f"places.{name}") for name in ("municipality", "work", "assistance", "money")]
    caption = say("places.caption", when=page.grammar.when(facts.last))
    return section(
        heading(2, say("places.title")),
        table(caption, say("places.note", year=page.year), columns, rows),
        paragraph(*market_lines(page), css="note"),
    )


def market_lines(page: Context) -> list[str]:
    """Return whether the municipalities are simulated together, tied by commuting, or one alone."""
    facts, say = page.facts, page.say
    together = len(facts.municipalities) > 1
    said = [say("places.shared" if together else "places.alone", names=facts.place)]
    if len(facts.markets) > 1:
        said += [say("places.region", names=say.listed(names)) for names in facts.markets if len(names) > 1]
    return [*said, say("places.commuting")]


def map_of_each(page: Context) -> list[str]:
    """Return a map of what can be said of each municipality, with its interval, and the twin of the map."""
    facts, say, grammar = page.facts, page.say, page.grammar
    if not 1 < len(facts.municipalities) <= MOST_ON_A_MAP:
        return []
    effects = {name: facts.effect_in(name, _WORK) for name in facts.municipalities}
    rows = [
        Row(
            name,
            [
                page.cell(one),
                Cell(
                    grammar.odds("count", one, PERSONS),
                    left=True,
                    numbers=grammar.odds_number(one, PERSONS),
                ),
            ],
        )
        for name, one in effects.items()
    ]
    when = grammar.when(facts.last)
    said = " ".join(
        say(
            "places.map_alt_row",
            name=name,
            interval=grammar.persons(one),
            odds=grammar.odds("count", one, PERSONS),
        )
        for name, one in effects.items()
    )
    shown = {municipality(name).code: one for name, one in effects.items()}
    picture = claim_map(shown, grammar, say("places.map_alt", when=when, rows=said))
    title = say("places.map", when=when)
    columns = [say("places.municipality"), say("places.work"), say("groups.verdict")]
    return [
        heading(3, say("places.map_title")),
        wide_figure(title, say("places.map_note"), picture, "map"),
        table(say("places.map_twin"), say("groups.note"), columns, rows),
    ]


def fit_of_each(page: Context) -> list[str]:
    """Return the model against official figures, for all municipalities together and for each."""
    facts, say = page.facts, page.say
    if facts.fit_by_municipality.is_empty():
        return []
    note = say("appendix.places_note", called=facts.called)
    main = facts.fit_by_municipality.filter(pl.col("main"))
    return [
        heading(3, say("appendix.places")),
        main_fit(page),
        *(
            fit_table(page, main.filter(municipality=name), say("appendix.places_caption", place=name), note)
            for name in facts.municipalities
        ),
    ]


def _row(page: Context, name: str, effects: dict[str, Estimate], money: Rounding, total: bool = False) -> Row:
    cells: list[Cell] = [
        page.cell(effects[_WORK], PERSONS),
        page.cell(effects[_ASSISTANCE], PERSONS, "households"),
        page.cell(effects[_MONEY], money),
    ]
    return Row(name, cells, total=total)
