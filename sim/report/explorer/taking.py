"""An answer to take along: text and a picture to copy, and a workbook.

Public names: `take_along` (all three as HTML), `answer_text` and `answer_workbook`.
"""

import base64
import io
from html import escape
from textwrap import wrap
from typing import Final

import numpy as np
import vl_convert
import xlsxwriter

from sim.core.months import month_text
from sim.data.municipalities import municipality
from sim.experiment.explore.answer import Answer, Band
from sim.experiment.explore.pairs import PAYERS
from sim.policy.scenario import load_scenario
from sim.report.charts import FONT, INK
from sim.report.explorer.printed import SHOWN, Printed, money_of
from sim.report.explorer.view import picture_of
from sim.report.explorer.words import Say
from sim.report.markup import heading, inline, paragraph, section
from sim.report.numbers import Rounding, rounded
from sim.report.workbook import number_format

_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS, _WIDTH, _HEIGHT, _HEAD = 3, 268, 196, 88
_COPY_TEXT: Final = "navigator.clipboard.writeText(this.closest('section').querySelector('textarea').value)"
_COPY_IMAGE: Final = (
    "fetch(this.closest('section').querySelector('img').src).then(r=>r.blob())"
    ".then(b=>navigator.clipboard.write([new ClipboardItem({'image/png':b})]))"
)


def take_along(answer: Answer, said: str, say: Say) -> str:
    """Return text, picture and workbook of an answer as HTML that holds all of it.

    Args:
        answer: The answer.
        said: What it rests on.
        say: The words.
    """
    picture = "data:image/png;base64," + _encoded(_image(answer, said, say))
    book = f"data:{_EXCEL};base64," + _encoded(answer_workbook(answer, said, say))
    alt = " ".join(picture_of(Printed(answer, say), name).alt for name in Printed(answer, say).names)
    buttons = "".join(
        f'<button type="button" onclick="{action}">{inline(say(f"take.{key}"))}</button> '
        for key, action in (("text", _COPY_TEXT), ("image", _COPY_IMAGE))
    )
    return section(
        heading(2, say("take.title")),
        paragraph(say("take.how"), css="note"),
        f'<p>{buttons}<a download="{_file(answer)}" href="{book}">{inline(say("take.excel"))}</a></p>',
        f'<textarea readonly rows="9" aria-label="{escape(say("take.label"))}">'
        f"{escape(answer_text(answer, said, say))}</textarea>",
        f'<p><img alt="{escape(alt)}" src="{picture}"></p>',
    ).html


def answer_text(answer: Answer, said: str, say: Say) -> str:
    """Return an answer as lines to paste: the question, each figure with its interval, what it rests on."""
    printed = Printed(answer, say)
    lines = [_question(answer, say), ""]
    for name in printed.names:
        band, rounding = answer.effects[name], printed.rounding(name)
        for month in printed.marks:
            lines.append(
                say(
                    "take.line",
                    title=printed.title(name),
                    when=say.when(month),
                    interval=printed.interval(band, month, rounding),
                    mean=printed.mean(band, month, rounding),
                )
            )
    return "\n".join([*lines, "", say("answer.meaning"), said.replace("**", "")])


def answer_workbook(answer: Answer, said: str, say: Say) -> bytes:
    """Return an answer as an Excel workbook: a sheet of what it is, and one by month for each indicator."""
    printed, kept = Printed(answer, say), io.BytesIO()
    money = money_of(answer.effects[f"cum_net_{payer}"] for payer in PAYERS)
    sheets = [
        (say(f"indicators.{name}"), SHOWN[name], answer.effects[name], printed.rounding(name))
        for name in printed.names
    ]
    sheets += [
        (say("take.payer", payer=say(f"payers.{payer}")), "money", answer.effects[f"cum_net_{payer}"], money)
        for payer in PAYERS
        if f"cum_net_{payer}" not in SHOWN
    ]
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True})
        about = book.add_worksheet(say("take.about"))
        about.set_column(0, 0, 100, wrapped)
        for row, line in enumerate(answer_text(answer, said, say).splitlines()):
            about.write_string(row, 0, line)
        for title, unit, band, rounding in sheets:
            sheet = book.add_worksheet(title[:31].rstrip())
            number = book.add_format({"num_format": number_format(say.language, rounding.decimals)})
            sheet.write_row(0, 0, [f"{title}, {say(f'units_of.{unit}')}"], bold)
            heads = [say("take.month"), say("answer.mean"), say("take.low"), say("take.high")]
            sheet.write_row(2, 0, heads, bold)
            for row, (month, values) in enumerate(_printed_months(answer, band, rounding), start=3):
                sheet.write_string(row, 0, month)
                sheet.write_row(row, 1, values, number)
            sheet.freeze_panes(3, 1)
            sheet.set_column(0, 3, 12)
    return kept.getvalue()


def _file(answer: Answer) -> str:
    return f"samspel-{'-'.join(answer.case.municipalities)}-{answer.case.start}.xlsx"


def _question(answer: Answer, say: Say) -> str:
    case = answer.case
    world = load_scenario(case.scenario)
    return say(
        "take.question",
        title=case.texts(say.language).title,
        names=", ".join(municipality(code).name for code in case.municipalities),
        start=case.start,
        when=say.when(case.horizon),
        scenario=world.label_sv if say.language == "sv" else world.label_en,
    )


def _printed_months(answer: Answer, band: Band, rounding: Rounding) -> list[tuple[str, list[float]]]:
    """Return each month with mean, lowest and highest, in printed units, rounded as on the page."""
    columns = np.stack([band.mean, band.low, band.high], axis=1)
    first = answer.case.first_month
    return [
        (month_text(first + place), [float(rounded(value, rounding)) for value in values])
        for place, values in enumerate(columns)
    ]


def _image(answer: Answer, said: str, say: Say) -> bytes:
    """Return all bands as one PNG that says by itself what it shows and rests on."""
    printed = Printed(answer, say)
    parts = []
    for place, name in enumerate(printed.names):
        row, column = divmod(place, _COLUMNS)
        x, y = 12 + column * _WIDTH, _HEAD + row * _HEIGHT
        interval = printed.interval(answer.effects[name], printed.last, printed.rounding(name))
        unit, when = say(f"units_of.{SHOWN[name]}"), say("answer.after", when=say.when(printed.last))
        parts += [
            _line(x, y + 12, say(f"indicators.{name}"), 12, "bold"),
            _line(x, y + 30, f"{interval} {unit} ({when})", 12),
            f'<g transform="translate({x} {y + 38})">{picture_of(printed, name).svg}</g>',
        ]
    width = 12 + _COLUMNS * _WIDTH
    height = _HEAD + -(-len(printed.names) // _COLUMNS) * _HEIGHT + 30
    head = [(text, 13.0, "bold") for text in wrap(_question(answer, say), 112)]
    head += [(text, 10.5, "normal") for text in wrap(said.replace("**", ""), 150)]
    parts += [_line(12, 22 + 17 * row, *line) for row, line in enumerate(head)]
    parts += [
        _line(12, height - 12, say("answer.meaning"), 10.5),
    ]
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join(parts)}</svg>'
    )
    return bytes(vl_convert.svg_to_png(svg, scale=2.0))


def _line(x: float, y: float, text: str, size: float, weight: str = "normal") -> str:
    return (
        f'<text x="{x}" y="{y}" font-family="{FONT}" font-size="{size}" font-weight="{weight}" '
        f'fill="{INK}">{escape(text)}</text>'
    )


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
