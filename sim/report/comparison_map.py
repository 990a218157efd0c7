"""Where the policies of a comparison change how many are in work: one map of the municipalities each.

Public name: `where`.
"""

from sim.data.municipalities import municipality
from sim.report.analyst_page import grid, panel, said, twin
from sim.report.comparison import ComparisonFound
from sim.report.comparison_verdict import drawn
from sim.report.estimate import Estimate
from sim.report.grammar import Grammar
from sim.report.maps import MOST_ON_A_MAP, claim_map
from sim.report.markup import Section
from sim.report.numbers import PERSONS
from sim.report.words import words


def where(found: ComparisonFound) -> Section:
    """Draw for each policy what can be said of people in work in each municipality, with its interval."""
    done = found.comparison
    if len(done.case.municipalities) == 1:
        return said("There is one municipality.")
    if len(done.case.municipalities) > MOST_ON_A_MAP:
        return said(f"More than {MOST_ON_A_MAP} municipalities have no room for their figures on a map.")
    return grid(*(_map(found, name) for name in done.names))


def _map(found: ComparisonFound, policy: str) -> Section:
    done, grammar = found.comparison, Grammar(words("en"))
    rows = done.places.filter(scenario=done.scenario, policy=policy)
    each = {
        code: drawn(rows.filter(municipality=code)["value"].to_numpy()) for code in done.case.municipalities
    }
    names = {code: municipality(code).name for code in each}
    title = f"{policy}: people in work in month {done.months}"
    alt = f"Map. {title} against doing nothing: " + " ".join(
        f"{names[code]}: {grammar.persons(one)}, {grammar.odds('count', one, PERSONS)}."
        for code, one in each.items()
    )
    lines = [
        (names[code], _text(grammar, one), grammar.odds("count", one, PERSONS)) for code, one in each.items()
    ]
    heads = ("municipality", "people in work (90 %)", "what can be said")
    return panel(
        title,
        "Against doing nothing, 90 %. Blue: more. Brown: fewer. Light: cannot be said.",
        claim_map(each, grammar, alt),
        twin(f"{policy} by municipality", heads, lines),
    )


def _text(grammar: Grammar, one: Estimate) -> str:
    return f"{grammar.signed(one, PERSONS)} ({grammar.mean(one, PERSONS)})"
