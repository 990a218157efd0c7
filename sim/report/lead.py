"""What is done, lever by lever: in sentences where levers are few, in one list where they are many.

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

SENTENCES = 4  # levers; more are listed, so that the answer stays on the first page


def lead(case: Case, lang: str) -> str:
    """Return what is done, as the case states it; where places or dates differ, each under its own."""
    say = words(lang) if len(case.municipalities) == 1 else words(lang).of_several()
    style = "brief" if len({instance.lever for instance in case.policy}) > SENTENCES else "lead"
    groups = [
        (where, list(instances)) for where, instances in groupby(case.policy, lambda one: _where(case, one))
    ]
    said = []
    for (codes, start), instances in groups:
        done = list(dict.fromkeys(_done(say, style, instance) for instance in instances))
        parts = say.listed(done) if style == "brief" else " ".join(done)
        month = Grammar(say).numbers.month(month_number(start))
        if len(groups) == 1:
            return say(f"{style}.start", Called=capital(case.texts(lang).called), start=month, parts=parts)
        everywhere = len(codes) == len(case.municipalities)
        names = [municipality(code).name for code in codes]
        place = capital(say("lead.everywhere") if everywhere else say.listed(names))
        said.append(say(f"{style}.place", Place=place, start=month, parts=parts))
    return " ".join(said)


def _where(case: Case, instance: Instance) -> tuple[tuple[str, ...], str]:
    return instance.municipalities or case.municipalities, instance.start


def _done(say: Words, style: str, instance: Instance) -> str:
    """Return what one lever does, in the variant of its kind where there is one, with its numbers."""
    key = f"{style}.{instance.lever}"
    kind = f"{key}_{instance.settings.get('kind')}"
    groups = say.listed([say(f"groups.{name}").lower() for name in instance.target])
    slots = {name: _number(say, instance, name) for name in ("places", "days")}
    return say(kind if say.has(kind) else key, groups=groups, Groups=capital(groups), **slots)


def _number(say: Words, instance: Instance, name: str) -> str:
    value = instance.settings.get(name)
    limits = (value.low, value.high) if isinstance(value, Range) else (value,)
    numbers = Grammar(say).numbers
    return say("lead.range").join(numbers.plain(limit) for limit in limits if isinstance(limit, int | float))
