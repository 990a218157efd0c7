"""An answer as HTML: what it rests on, bands with their tables, who pays, the unit, and a comparison.

Public names: `basis`, `answer_page`, `comparison_page` and `lever_queues`.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from sim.experiment.explore.answer import Answer, Band
from sim.experiment.explore.pairs import LEVELS, PAYERS, REACHED
from sim.experiment.explore.refine import Target
from sim.report.charts import Labeller
from sim.report.explorer.bands import band_picture, levels_picture
from sim.report.explorer.words import Say
from sim.report.markup import Cell, Row, figure, heading, paragraph, section, table
from sim.report.numbers import PERSONS, UNITS, Rounding, digits_rounding, money_rounding

_MARKS: Final = (12, 24, 48)
_POINTS: Final = digits_rounding(1)
_HALF: Final = digits_rounding(0)
_SHOWN: Final[Mapping[str, str]] = {
    "employed": "persons",
    "assistance_households": "households",
    "cum_net_municipality": "money",
    "cum_net_public": "money",
    REACHED: "points",
    "displaced": "persons",
}
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


def basis(answer: Answer, target: Target, done: bool, stopped: bool, say: Say) -> str:
    """Return what an answer rests on, in a sentence."""
    share = say.numbers.plain(100.0 * answer.share)
    if stopped:
        return say("answer.basis_stopped", pairs=answer.pairs, share=share)
    if not _whole(answer):
        return say("answer.basis_rough", pairs=answer.pairs, share=share)
    half, aim = (say.numbers.plain(value, _HALF) for value in (answer.half_width, target.half_width))
    return say(
        "answer.basis_done" if done else "answer.basis_more", pairs=answer.pairs, half=half, target=aim
    )


def answer_page(answer: Answer, said: str, tables: bool, say: Say) -> str:
    """Return an answer as HTML.

    Args:
        answer: The answer.
        said: What it rests on.
        tables: Whether each picture has its table open below it.
        say: The words.
    """
    figures = "\n".join(
        f"<div>{_figure(answer, name, unit, tables, say)}</div>" for name, unit in _SHOWN.items()
    )
    return section(
        f'<div role="status">{paragraph(said, css="basis")}</div>',
        paragraph(say("answer.meaning"), css="note"),
        f'<div class="three">{figures}</div>',
        _payers(answer, say),
        heading(2, say("unit.title")),
        _unit(answer, tables, say),
    ).html


def comparison_page(kept: Mapping[str, Answer], say: Say) -> str:
    """Return the policies kept as one table."""
    if not kept:
        return section(heading(2, say("compare.title")), paragraph(say("compare.empty"), css="note")).html
    rounding = {name: _rounding(unit, list(kept.values())) for name, unit in _SHOWN.items()}
    columns = [name for name in _SHOWN if name != "displaced"]
    last = len(next(iter(kept.values())).effects["employed"].mean)
    rows = [
        Row(
            name,
            [
                *(_cell(answer.effects[column], last, rounding[column], say) for column in columns),
                Cell(str(answer.pairs)),
            ],
        )
        for name, answer in kept.items()
    ]
    heads = [f"{say(f'indicators.{name}')}, {say(f'units_of.{_SHOWN[name]}')}" for name in columns]
    return section(
        heading(2, say("compare.title")),
        table(
            say("compare.title"),
            say("compare.note", when=say.when(last)),
            [say("compare.policy"), *heads, say("compare.pairs")],
            rows,
        ),
    ).html


def lever_queues(lever: str, answer: Answer | None, say: Say) -> str:
    """Return how much of a lever's capacity is in use and who waits for it; nothing where it has none."""
    if lever not in _OF_LEVER or answer is None:
        return ""
    if not _whole(answer):
        return say("lever.pending")
    when = say.when(len(answer.effects["employed"].mean))
    used, waiting = (name and _both(answer, name, say) for name in _OF_LEVER[lever])
    key = "queue" if used and waiting else "used_only" if used else "waiting_only"
    return say(f"lever.{key}", when=when, used=used, waiting=waiting)


def _both(answer: Answer, name: str, say: Say) -> str:
    after, before = (
        say.numbers.plain(float(levels[name].mean[-1]), PERSONS) for levels in (answer.after, answer.before)
    )
    return say("lever.pair", after=after, before=before)


def _whole(answer: Answer) -> bool:
    """Return whether everybody was simulated, without which gross flows and queues come out too large."""
    return answer.share >= 1.0


def _figure(answer: Answer, name: str, unit: str, tables: bool, say: Say) -> str:
    title = f"{say(f'indicators.{name}')}, {say(f'units_of.{unit}')}"
    if name == "displaced" and not _whole(answer):
        return heading(3, title) + paragraph(say("answer.later"), css="note")
    band, rounding = answer.effects[name], _rounding(unit, [answer])
    marks, last = _marks(answer), len(band.mean)
    points = [
        say(
            "answer.alt_point",
            when=say.when(month),
            interval=_interval(band, month, rounding, say),
            mean=_mean(band, month, rounding, say),
        )
        for month in marks
    ]
    alt = say(
        "answer.alt", title=say(f"indicators.{name}"), unit=say(f"units_of.{unit}"), points=" ".join(points)
    )
    drawn = band_picture(
        band,
        float(rounding.scale),
        marks,
        _labellers(rounding, say),
        _years(last, say),
        alt,
    )
    said = say("answer.mean_when", mean=_mean(band, last, rounding, say), when=say.when(last))
    note = f"{said}; {say('answer.gross')}" if name == "displaced" else said
    shown = figure(title, _interval(band, last, rounding, say), note, drawn)
    return shown + (_twin(title, band, marks, rounding, say) if tables else "")


def _twin(title: str, band: Band, marks: list[int], rounding: Rounding, say: Say) -> str:
    rows = [
        Row(
            say("answer.after", when=say.when(month)),
            [Cell(_mean(band, month, rounding, say)), Cell(_interval(band, month, rounding, say))],
        )
        for month in marks
    ]
    return table(title, "", ["", say("answer.mean"), say("answer.interval")], rows)


def _payers(answer: Answer, say: Say) -> str:
    names = {payer: answer.effects[f"cum_net_{payer}"] for payer in PAYERS}
    rounding = _money(names.values())
    marks = _marks(answer)
    rows = [
        Row(
            say(f"payers.{payer}"),
            [_cell(band, month, rounding, say) for month in marks],
            total=payer == "public",
        )
        for payer, band in names.items()
    ]
    heads = ["", *(say("answer.after", when=say.when(month)) for month in marks)]
    return table(say("payers.title"), say("payers.note"), heads, rows)


def _unit(answer: Answer, tables: bool, say: Say) -> str:
    if not _whole(answer):
        return paragraph(say("unit.later"), css="note")
    pictures = "\n".join(f"<div>{_levels(answer, name, say)}</div>" for name in _DRAWN)
    last = len(answer.effects["employed"].mean)
    rows = [
        Row(
            say(f"indicators.{name}"),
            [
                _cell(levels[name], last, PERSONS, say, signed=False)
                for levels in (answer.before, answer.after)
            ],
        )
        for name in _UNIT
        if answer.before[name].mean.any() or answer.after[name].mean.any()
    ]
    shown = table(
        say("unit.table", when=say.when(last)),
        say("unit.caption"),
        ["", say("unit.without"), say("unit.with")],
        rows,
    )
    twins = "".join(_levels_twin(answer, name, say) for name in _DRAWN) if tables else ""
    return f'<div class="two">\n{pictures}\n</div>\n{twins}\n{shown}'


def _levels(answer: Answer, name: str, say: Say) -> str:
    before, after = answer.before[name], answer.after[name]
    title = f"{say(f'indicators.{name}')}, {say('units_of.persons')}"

    def level(band: Band, month: int) -> str:
        return say.numbers.plain(float(band.mean[month - 1]), PERSONS)

    points = [
        say("answer.alt_level", when=say.when(month), after=level(after, month), before=level(before, month))
        for month in _marks(answer)
    ]
    alt = say(
        "answer.alt_levels",
        title=say(f"indicators.{name}"),
        unit=say("units_of.persons"),
        points=" ".join(points),
    )
    names = (say("unit.without"), say("unit.with"))

    def label(value: float) -> str:
        return say.numbers.plain(value, UNITS)

    drawn = levels_picture(before, after, names, label, _years(len(after.mean), say), alt)
    return figure(title, "", "", drawn)


def _levels_twin(answer: Answer, name: str, say: Say) -> str:
    rows = [
        Row(
            say("answer.after", when=say.when(month)),
            [
                _cell(levels[name], month, PERSONS, say, signed=False)
                for levels in (answer.before, answer.after)
            ],
        )
        for month in _marks(answer)
    ]
    return table(
        say(f"indicators.{name}"), say("unit.caption"), ["", say("unit.without"), say("unit.with")], rows
    )


def _marks(answer: Answer) -> list[int]:
    last = len(answer.effects["employed"].mean)
    return [*(mark for mark in _MARKS if mark < last), last]


def _years(last: int, say: Say) -> dict[int, str]:
    whole = range(12, last + 1, 12 if last <= 60 else 24)
    return {0: say("answer.start"), **{month: say.when(month) for month in whole}}


def _rounding(unit: str, answers: list[Answer]) -> Rounding:
    if unit == "money":
        names = [name for name, of in _SHOWN.items() if of == "money"]
        return _money([answer.effects[name] for answer in answers for name in names])
    return _POINTS if unit == "points" else PERSONS


def _money(bands: Iterable[Band]) -> Rounding:
    """Return one rounding for money: whole millions, or tenths where all are small."""
    return money_rounding(float(limit) for band in bands for limit in (band.low.min(), band.high.max()))


def _labellers(rounding: Rounding, say: Say) -> tuple[Labeller, Labeller]:
    """Return what writes the values of an axis, and limits, both in printed units."""
    printed = Rounding(rounding.step, decimals=rounding.decimals)

    def tick(value: float) -> str:
        return say.numbers.signed(value, UNITS if float(value).is_integer() else _POINTS)

    return tick, lambda value: say.numbers.signed(value, printed)


def _cell(band: Band, month: int, rounding: Rounding, say: Say, signed: bool = True) -> Cell:
    if signed:
        interval, mean = _interval(band, month, rounding, say), _mean(band, month, rounding, say)
    else:
        low, mean, high = (
            say.numbers.plain(max(0.0, float(values[month - 1])), rounding)
            for values in (band.low, band.mean, band.high)
        )
        interval = "0" if low == high == "0" else say("answer.from_to", low=low, high=high)
    return Cell("0") if interval == mean == "0" else Cell(interval, f"({mean})")


def _interval(band: Band, month: int, rounding: Rounding, say: Say) -> str:
    low, high = (say.numbers.signed(float(values[month - 1]), rounding) for values in (band.low, band.high))
    return "0" if low == high == "0" else say("answer.from_to", low=low, high=high)


def _mean(band: Band, month: int, rounding: Rounding, say: Say) -> str:
    return say.numbers.signed(float(band.mean[month - 1]), rounding)
