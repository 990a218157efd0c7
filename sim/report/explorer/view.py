"""An answer as HTML: what it rests on, bands with their tables, who pays, the unit, and a comparison.

Public names: `basis`, `answer_page`, `comparison_page` and `picture_of`.
"""

from collections.abc import Mapping
from typing import Final

from sim.experiment.explore.answer import Answer
from sim.experiment.explore.pairs import PAYERS
from sim.experiment.explore.refine import Target
from sim.report.charts import Picture
from sim.report.explorer.bands import band_picture
from sim.report.explorer.printed import SHOWN, Printed, money_of, rounding_of
from sim.report.explorer.unit import unit_page
from sim.report.explorer.words import Say
from sim.report.markup import Cell, Row, figure, heading, paragraph, section, table
from sim.report.numbers import digits_rounding

_HALF: Final = digits_rounding(0)


def basis(answer: Answer, target: Target, done: bool, stopped: bool, say: Say) -> str:
    """Return what an answer rests on, in a sentence."""
    share = say.numbers.plain(100.0 * answer.share)
    if stopped:
        return say("answer.basis_stopped", pairs=answer.pairs, share=share)
    if not Printed(answer, say).whole:
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
    printed = Printed(answer, say)
    figures = "\n".join(f"<div>{_figure(printed, name, tables)}</div>" for name in SHOWN)
    return section(
        f'<div role="status">{paragraph(said, css="basis")}</div>',
        paragraph(say("answer.meaning"), css="note"),
        f'<div class="three">{figures}</div>',
        _payers(printed),
        heading(2, say("unit.title")),
        unit_page(printed, tables),
    ).html


def picture_of(printed: Printed, name: str) -> Picture:
    """Return the band of an indicator as a picture, with what it shows in words."""
    say, band, rounding = printed.say, printed.answer.effects[name], printed.rounding(name)
    points = [
        say(
            "answer.alt_point",
            when=say.when(month),
            interval=printed.interval(band, month, rounding),
            mean=printed.mean(band, month, rounding),
        )
        for month in printed.marks
    ]
    alt = say(
        "answer.alt",
        title=say(f"indicators.{name}"),
        unit=say(f"units_of.{SHOWN[name]}"),
        points=" ".join(points),
    )
    labels = printed.labellers(rounding)
    return band_picture(band, float(rounding.scale), printed.marks, labels, printed.years, alt)


def comparison_page(kept: Mapping[str, Answer], say: Say) -> str:
    """Return the policies kept as one table."""
    if not kept:
        return section(heading(2, say("compare.title")), paragraph(say("compare.empty"), css="note")).html
    rounding = {name: rounding_of(unit, list(kept.values())) for name, unit in SHOWN.items()}
    shown = {name: Printed(answer, say) for name, answer in kept.items()}
    columns = [name for name in SHOWN if name != "displaced"]
    one = next(iter(shown.values()))
    rows = [
        Row(
            name,
            [
                *(
                    printed.cell(printed.answer.effects[column], printed.last, rounding[column])
                    for column in columns
                ),
                Cell(str(printed.answer.pairs)),
            ],
        )
        for name, printed in shown.items()
    ]
    return section(
        heading(2, say("compare.title")),
        table(
            say("compare.title"),
            say("compare.note", when=say.when(one.last)),
            [say("compare.policy"), *(one.title(name) for name in columns), say("compare.pairs")],
            rows,
        ),
    ).html


def _figure(printed: Printed, name: str, tables: bool) -> str:
    say, title = printed.say, printed.title(name)
    if name not in printed.names:
        return heading(3, title) + paragraph(say("answer.later"), css="note")
    band, rounding, last = printed.answer.effects[name], printed.rounding(name), printed.last
    said = say("answer.mean_when", mean=printed.mean(band, last, rounding), when=say.when(last))
    note = f"{said}; {say('answer.gross')}" if name == "displaced" else said
    shown = figure(title, printed.interval(band, last, rounding), note, picture_of(printed, name))
    return shown + (_twin(printed, name) if tables else "")


def _twin(printed: Printed, name: str) -> str:
    say, band, rounding = printed.say, printed.answer.effects[name], printed.rounding(name)
    rows = [
        Row(
            say("answer.after", when=say.when(month)),
            [Cell(printed.mean(band, month, rounding)), Cell(printed.interval(band, month, rounding))],
        )
        for month in printed.marks
    ]
    return table(printed.title(name), "", ["", say("answer.mean"), say("answer.interval")], rows)


def _payers(printed: Printed) -> str:
    say = printed.say
    bands = {payer: printed.answer.effects[f"cum_net_{payer}"] for payer in PAYERS}
    rounding = money_of(bands.values())
    rows = [
        Row(
            say(f"payers.{payer}"),
            [printed.cell(band, month, rounding) for month in printed.marks],
            total=payer == "public",
        )
        for payer, band in bands.items()
    ]
    heads = ["", *(say("answer.after", when=say.when(month)) for month in printed.marks)]
    return table(say("payers.title"), say("payers.note"), heads, rows)
