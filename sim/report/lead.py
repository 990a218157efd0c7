"""What is done, in a few sentences: lever by lever, by where and from when.

Public name: `lead`.
"""

from itertools import groupby

from sim.core.months import month_number
from sim.data.municipalities import municipality
from sim.policy.case import Case
from sim.policy.instance import Instance
from sim.policy.quantity import Range
from sim.report.grammar import Grammar, capital
from sim.report.words import Words, words


def lead(case: Case, lang: str) -> str:
    """Return what is done, as the case states it; where places or dates differ, each under its own."""
    say = words(lang) if len(case.municipalities) == 1 else words(lang).of_several()
    groups = [
        (key, list(instances)) for key, instances in groupby(case.policy, key=lambda one: _where_when(case, one))
    ]
    said = []
    for (codes, start), instances in groups:
        if len(groups) > 1:
            names = say.listed([municipality(code).name for code in codes])
            everywhere = len(codes) == len(case.municipalities)
            place = say("lead.everywhere") if everywhere else names
            said.append(say("lead.place", Place=capital(place), start=_month(say, start)))
        said += dict.fromkeys(_sentence(say, instance) for instance in instances)
    opening = say("lead.start", Called=capital(case.called), start=_month(say, case.start))
    return " ".join(said if len(groups) > 1 else [opening, *said])


def _where_when(case: Case, instance: Instance) -> tuple[tuple[str, ...], str]:
    return instance.municipalities or case.municipalities, instance.start


def _sentence(say: Words, instance: Instance) -> str:
    """Return what one lever does, in the variant of its kind where there is one, with its numbers."""
    key = f"lead.{instance.lever}"
    kind = f"{key}_{instance.settings.get('kind')}"
    groups = say.listed([say(f"groups.{name}").lower() for name in instance.target])
    slots = {name: _number(say, instance, name) for name in ("places", "days")}
    return say(kind if say.has(kind) else key, groups=groups, Groups=capital(groups), **slots)


def _number(say: Words, instance: Instance, name: str) -> str:
    value = instance.settings.get(name)
    limits = (value.low, value.high) if isinstance(value, Range) else (value,)
    numbers = Grammar(say).numbers
    return say("lead.range").join(
        numbers.plain(limit) for limit in limits if isinstance(limit, int | float)
    )


def _month(say: Words, start: str) -> str:
    return Grammar(say).numbers.month(month_number(start))
