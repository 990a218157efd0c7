"""The municipal unit as an answer shows it: caseload and queues with the policy and without.

Public names: `unit_page` and `lever_queues`.
"""

from collections.abc import Mapping
from typing import Final

from sim.experiment.explore.answer import Answer, Band
from sim.experiment.explore.pairs import LEVELS
from sim.report.explorer.bands import levels_picture
from sim.report.explorer.printed import Printed
from sim.report.explorer.words import Say
from sim.report.markup import Cell, Row, figure, paragraph, table
from sim.report.numbers import PERSONS, UNITS

_UNIT: Final = tuple(name for name in LEVELS if name not in ("employed", "assistance_households"))
_DRAWN: Final = ("participants", "waiting_plan")
_OF_LEVER: Final[Mapping[str, tuple[str, str]]] = {
    "coordination": ("", "waiting_handover"),
    "co_location": ("", "waiting_handover"),
    "individual_plan": ("participants", "waiting_plan"),
    "ninety_day_guarantee": ("", "waiting_activity"),
    "activation_requirement": ("", "waiting_activity"),
    "vocational_sfi": ("", "waiting_activity"),
    "job_tracks": ("in_track", "waiting_track"),
    "municipal_placements": ("places_in_use", "waiting_place"),
    "subsidised_jobs": ("subsidised_places_in_use", ""),
    "civil_society": ("association_places_in_use", ""),
}
"""What is in use of a lever's capacity, and the queue in front of it."""


def unit_page(printed: Printed, tables: bool) -> str:
    """Return caseload and queues as HTML, with a table below each picture where wanted."""
    say, answer = printed.say, printed.answer
    if not printed.whole:
        return paragraph(say("unit.later"), css="note")
    pictures = "\n".join(f"<div>{_picture(printed, name)}</div>" for name in _DRAWN)
    rows = [
        Row(say(f"indicators.{name}"), _both(printed, name, printed.last))
        for name in _UNIT
        if answer.before[name].mean.any() or answer.after[name].mean.any()
    ]
    title = say("unit.table", when=say.when(printed.last))
    shown = table(title, say("unit.caption"), _heads(say), rows)
    twins = "".join(_twin(printed, name) for name in _DRAWN) if tables else ""
    return f'<div class="two">\n{pictures}\n</div>\n{twins}\n{shown}'


def lever_queues(lever: str, answer: Answer | None, say: Say) -> str:
    """Return how much of a lever's capacity is in use and who waits for it; nothing where it has none."""
    if lever not in _OF_LEVER or answer is None:
        return ""
    printed = Printed(answer, say)
    if not printed.whole:
        return say("lever.pending")
    used, waiting = (name and _pair(printed, name) for name in _OF_LEVER[lever])
    key = "queue" if used and waiting else "used_only" if used else "waiting_only"
    return say(f"lever.{key}", when=say.when(printed.last), used=used, waiting=waiting)


def _pair(printed: Printed, name: str) -> str:
    levels = printed.answer.after, printed.answer.before
    after, before = (printed.say.numbers.plain(float(one[name].mean[-1]), PERSONS) for one in levels)
    return printed.say("lever.pair", after=after, before=before)


def _both(printed: Printed, name: str, month: int) -> list[Cell]:
    return [printed.level(levels[name], month) for levels in (printed.answer.before, printed.answer.after)]


def _heads(say: Say) -> list[str]:
    return ["", say("unit.without"), say("unit.with")]


def _picture(printed: Printed, name: str) -> str:
    say = printed.say
    before, after = printed.answer.before[name], printed.answer.after[name]
    indicator, unit = say(f"indicators.{name}"), say("units_of.persons")

    def level(band: Band, month: int) -> str:
        return say.numbers.plain(float(band.mean[month - 1]), PERSONS)

    points = [
        say("answer.alt_level", when=say.when(month), after=level(after, month), before=level(before, month))
        for month in printed.marks
    ]
    alt = say("answer.alt_levels", title=indicator, unit=unit, points=" ".join(points))
    drawn = levels_picture(
        before,
        after,
        (say("unit.without"), say("unit.with")),
        lambda value: say.numbers.plain(value, UNITS),
        printed.years,
        alt,
    )
    return figure(f"{indicator}, {unit}", "", "", drawn)


def _twin(printed: Printed, name: str) -> str:
    say = printed.say
    rows = [
        Row(say("answer.after", when=say.when(month)), _both(printed, name, month)) for month in printed.marks
    ]
    return table(say(f"indicators.{name}"), say("unit.caption"), _heads(say), rows)
