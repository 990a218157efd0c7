"""The fit card: a municipality's model against every official figure that it has, and what pins down what.

Public names: `fit_card` (one municipality on a page), `box` (its headlines, which a report has before any
effect) and `cards` (the cards of a report).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sim.report.charts import Miss, miss_chart
from sim.report.context import Context
from sim.report.fit_facts import ROLES, FitFacts, Score
from sim.report.fit_numbers import (
    both_cell,
    hidden,
    in_interval,
    model_cell,
    official_cell,
    range_text,
    rounded_parts,
)
from sim.report.markup import (
    Cell,
    Row,
    Section,
    heading,
    in_language,
    inline,
    link,
    paragraph,
    section,
    table,
    wide_figure,
)
from sim.report.numbers import PERCENT, UNITS, Numbers, digits_rounding, rounded
from sim.report.words import Words

BOX = ("af_stock_2018", "stativ_2018", "households_month_2017", "af_stock_2022")
_TENTHS, _HUNDREDTHS = digits_rounding(1), digits_rounding(2)
_CLOSE = 0.5  # correlation from which two numbers cannot be told apart well
_GRADES = ("A", "B", "C")


def box(page: Context) -> Section:
    """Write the headline figures against the model's, in a few lines, with a link to the cards."""
    say, cards = page.say, page.facts.cards
    if not cards:
        return section()
    shown = [key for key in BOX if any(card.row(key) for card in cards)]
    numbers = page.numbers
    heads = [_headline(say, cards, key) for key in shown]
    if len(cards) == 1:
        found = [cards[0].row(key) for key in shown]
        lines = {
            "official": [_under_head(official_cell(say, numbers, row)) for row in found],
            "model": [_under_head(model_cell(say, numbers, row)) for row in found],
        }
        rows = [Row(say(f"card.box.{name}"), cells) for name, cells in lines.items()]
        first, caption, note = say("card.box.source"), say("card.box.caption"), say("card.box.note")
    else:
        rows = [
            Row(card.name, [_under_head(both_cell(say, numbers, card.row(key))) for key in shown])
            for card in cards
        ]
        first, caption, note = say("card.box.municipality"), say("card.box.several_caption"), ""
    return section(
        heading(2, say("card.box.title")),
        *(paragraph(text) for text in _warnings(say, cards)),
        table(caption, note, [first, *heads], rows) if shown else "",
        f'<p class="note">{inline(_outside(say, cards, shown))} {inline(say("card.box.how"))} '
        f"{link(say('card.box.link'), _anchor(cards[0]))}.</p>",
        css="fit",
    )


def cards(page: Context) -> Section:
    """Write the card of each municipality, each on a page of its own in print."""
    each = (fit_card(card, page.say, 2, "antaganden") for card in page.facts.cards)
    return section(*(section(*parts, css="underlag card").html for parts in each))


def fit_card(card: FitFacts, say: Words, level: int, assumptions: str = "") -> list[str]:
    """Return a municipality's card as pieces of HTML.

    Args:
        card: Its facts.
        say: Words of the language.
        level: Level of its heading.
        assumptions: Anchor of the list of all assumptions on the same page, if there is one.
    """
    numbers = Numbers(say.locale)
    return [
        heading(level, say("card.title", name=card.name), _anchor(card)),
        *(paragraph(text, css="warning") for text in _warnings(say, [card])),
        *_figures(card, say, numbers),
        *_municipal(card, say, numbers, level + 1),
        *_others(card, say, numbers, level + 1, assumptions),
        *_tests(card, say, numbers, level + 1),
        _made(card, say),
    ]


def _under_head(cell: Cell) -> Cell:
    """Return a cell of a measure that is a column: its head, not its row, says what is counted."""
    return replace(cell, unit="")


def _anchor(card: FitFacts) -> str:
    return f"passning-{card.code}"


def _warnings(say: Words, cards: Sequence[FitFacts]) -> list[str]:
    """Return which of the municipalities have no estimate, or one that is stale, with the command."""
    wide = [card for card in cards if not card.calibrated]
    stale = [card for card in cards if card.calibrated and card.changed]
    changed = dict.fromkeys(name for card in stale for name in card.changed)
    said = say.listed([say(f"card.changed.{name}") for name in changed])
    return [
        say(
            f"card.{key}",
            names=say.listed([card.name for card in chosen]),
            changed=said,
            command=" ".join(["samspel calibrate", *(card.code for card in chosen)]),
        )
        for key, chosen in (("uncalibrated", wide), ("stale", stale))
        if chosen
    ]


def _outside(say: Words, cards: Sequence[FitFacts], shown: Sequence[str]) -> str:
    """Return which headline figures lie outside the model's interval, and where."""
    missed = []
    for key in shown:
        rows = [(card.name, card.row(key)) for card in cards]
        names = [name for name, row in rows if row and not hidden(row) and not in_interval(row)]
        figure = say(f"card.box.{key}")
        if names:
            where = "all" if len(names) == len(cards) else "in"
            several = say(f"card.box.outside_{where}", figure=figure, names=say.listed(names))
            missed.append(figure if len(cards) == 1 else several)
    return say("card.box.outside", what="; ".join(missed)) if missed else ""


def _headline(say: Words, cards: tuple[FitFacts, ...], key: str) -> str:
    row = next(found for card in cards if (found := card.row(key)))
    return say(f"card.box.role_{row['role']}", name=say(f"card.box.{key}"))


def _figures(card: FitFacts, say: Words, numbers: Numbers) -> list[str]:
    """Return what is compared: lead, picture, and the same as a table."""
    if card.rows.is_empty():
        return []
    rows = card.rows.to_dicts()
    roles = {row["role"] for row in rows}
    inside = [
        say(f"card.inside_{role}", inside=sum(map(in_interval, chosen)), count=len(chosen))
        for role in ROLES
        if (chosen := [row for row in rows if row["role"] == role and not hidden(row)])
    ]
    drawn = [_miss(say, numbers, row) for row in rows if not hidden(row)]
    said = " ".join(
        say(
            "card.alt_row",
            name=miss.name,
            role=say(f"card.role.{row['role']}"),
            **{name: numbers.signed(getattr(miss, name)) for name in ("low", "high", "mean")},
        )
        for miss, row in zip(drawn, (row for row in rows if not hidden(row)), strict=True)
    )
    title = say("card.chart")
    picture = miss_chart(
        drawn,
        lambda value: numbers.signed(value, UNITS),
        say("card.alt", name=card.name, title=title, rows=said),
    )
    bands = say("card.chart_band") if any(miss.band for miss in drawn) else ""
    missing = [say(f"card.moment.{name}") for name in card.missing]
    group = in_language(card.group, "sv", say.language)
    return [
        paragraph(
            say("card.lead"),
            say("card.looked") if "looked" in roles else "",
            say("card.inside", parts=say.listed(inside)),
        ),
        wide_figure(title, f"{say('card.chart_note')} {bands}".strip(), picture),
        table(
            say("card.table"),
            say("card.table_note"),
            list(say.under("card.columns").values()),
            [_printed(say, numbers, row) for row in rows],
        ),
        paragraph(
            say("card.missing", what=say.listed(missing), group=group) if missing else "",
            say("card.hidden") if any(map(hidden, rows)) else "",
        ),
    ]


def _municipal(card: FitFacts, say: Words, numbers: Numbers, level: int) -> list[str]:
    """Return the municipal parameters before and after, which figure moves with which, and what fights."""
    if not card.fitted:
        return []
    rows = []
    for one in card.fitted:
        pinned = say(f"card.moment.{one.moment}")
        if one.moment in card.missing:
            pinned = say("card.own.of_group", what=pinned)
        mean, low, high, first, last = (
            numbers.plain(value, _HUNDREDTHS)
            for value in (one.mean, one.low, one.high, one.prior_low, one.prior_high)
        )
        learnt = say("interval.percent", value=numbers.plain(max(0.0, one.learnt), PERCENT))
        moved = [10.0 * card.moved_by[moment][one.name] for moment in card.moved_by]
        before = {"low": one.prior_low, "high": one.prior_high}
        after = {"mean": one.mean, "low": one.low, "high": one.high}
        cells = [
            Cell(say("interval.range", low=first, high=last), numbers=rounded_parts(before, _HUNDREDTHS)),
            Cell(mean, range_text(say, low, high), numbers=rounded_parts(after, _HUNDREDTHS)),
            Cell(learnt, numbers={"value": rounded(max(0.0, one.learnt), PERCENT)}, unit=PERCENT.unit),
            *(
                Cell(
                    numbers.signed(value, _TENTHS),
                    numbers={"value": rounded(value, _TENTHS)},
                    unit=PERCENT.unit,
                )
                for value in moved
            ),
        ]
        rows.append(Row(say("card.own.pinned", label=one.label, what=pinned), cells))
    own = "card.own"
    heads = [
        *say.under(f"{own}.columns").values(),
        *(say(f"{own}.moved.{moment}") for moment in card.moved_by),
    ]
    labels = {one.name: one.label for one in card.fitted}
    close = [
        say(f"{own}.pair", first=labels[a], second=_lower(labels[b]), value=numbers.plain(value, _HUNDREDTHS))
        for (a, b), value in card.together.items()
        if abs(value) >= _CLOSE
    ]
    return [
        heading(level, say(f"{own}.title")),
        table(say(f"{own}.caption"), say(f"{own}.note"), heads, rows),
        paragraph(
            say(f"{own}.monthly", value=numbers.plain(card.monthly, _HUNDREDTHS))
            if card.monthly is not None
            else "",
            say(f"{own}.together", pairs="; ".join(close)) if close else "",
            say(f"{own}.fights", names=say.listed([_lower(name) for name in card.fights]))
            if card.fights
            else "",
        ),
    ]


def _others(card: FitFacts, say: Words, numbers: Numbers, level: int, assumptions: str) -> list[str]:
    """Return what no municipal figure says anything about, counted by part and grade."""
    parts = {"general": ("model", "operator"), "lever": ("lever",)}
    counts = {
        name: {
            grade: sum(card.others.get((part, grade), 0) for part in chosen)
            for grade in _GRADES
            if any((part, grade) in card.others for part in chosen)
        }
        for name, chosen in parts.items()
    }
    said = [
        say(
            "card.others.counts",
            part=say("appendix.part_model" if name == "general" else "appendix.part_lever"),
            grades=say.listed(
                [say("card.others.grade", count=numbers.plain(n), grade=g) for g, n in found.items()]
            ),
        )
        for name, found in counts.items()
    ]
    total = {name: numbers.plain(sum(found.values())) for name, found in counts.items()}
    text = say(
        "card.others.text",
        count=total["general"],
        levers=total["lever"],
        names=say.listed(card.set_with),
        counts=" ".join(said),
    )
    where = link(say("card.others.link"), assumptions) + "." if assumptions else ""
    return [
        heading(level, say("card.others.title")),
        f"<p>{inline(text)} {where} {inline(say('card.others.where'))}</p>",
    ]


def _tests(card: FitFacts, say: Words, numbers: Numbers, level: int) -> list[str]:
    """Return how well later figures were predicted, where that has been kept."""
    if not card.scores:
        return []

    def ratios(score: Score | None) -> list[Cell]:
        both = (None, None) if score is None else (score.to_persistence, score.to_panel)
        return [
            Cell("")
            if one is None
            else Cell(numbers.plain(one, _HUNDREDTHS), numbers={"value": rounded(one, _HUNDREDTHS)})
            for one in both
        ]

    rows = []
    for test in dict.fromkeys(score.test for score in card.scores):
        own, whole = (
            next((s for s in card.scores if s.test == test and s.whole is which), None)
            for which in (False, True)
        )
        covered = Cell("")
        if whole is not None:
            printed = say("interval.percent", value=numbers.plain(whole.covered, PERCENT))
            share = {"value": rounded(whole.covered, PERCENT)}
            covered = Cell(printed, numbers=share, unit=PERCENT.unit)
        rows.append(Row(say(f"card.scores.test.{test}"), [*ratios(own), *ratios(whole), covered]))
    heads = [say(f"card.scores.columns.{key}", name=card.name) for key in say.under("card.scores.columns")]
    return [
        heading(level, say("card.scores.title")),
        table(say("card.scores.caption"), say("card.scores.note"), heads, rows),
    ]


def _made(card: FitFacts, say: Words) -> str:
    if not card.calibrated:
        return ""
    marks = [
        say("card.mark", name=say(f"card.mark_names.{name}"), digits=digits)
        for name, digits in card.made_with.items()
        if say.has(f"card.mark_names.{name}")
    ]
    command = f"samspel calibrate {card.code}"
    return paragraph(say("card.made", command=command, marks=", ".join(marks)), css="note")


def _printed(say: Words, numbers: Numbers, row: dict[str, Any]) -> Row:
    miss = _miss(say, numbers, row)
    limits = range_text(say, *(numbers.signed(value) for value in (miss.low, miss.high)))
    missed = rounded_parts({"mean": miss.mean, "low": miss.low, "high": miss.high}, UNITS)
    cells = [
        official_cell(say, numbers, row),
        model_cell(say, numbers, row),
        Cell("")
        if hidden(row)
        else Cell(numbers.signed(miss.mean), limits, numbers=missed, unit=PERCENT.unit),
        Cell(say(f"card.role.{row['role']}"), left=True),
    ]
    return Row(say(f"measure.{row['key']}"), cells)


def _miss(say: Words, numbers: Numbers, row: dict[str, Any]) -> Miss:
    """Return the distance of model and figure, percent of the figure or of the middle of a range."""
    high = row["official"] if row["official_high"] is None else row["official_high"]
    middle = (row["official"] + high) / 2.0
    mean, low, up = (100.0 * (row[name] / middle - 1.0) for name in ("mean", "low", "high"))
    signed = [numbers.signed(value) for value in (mean, low, up)]
    return Miss(
        name=say(f"card.short.{row['key']}"),
        mean=mean,
        low=low,
        high=up,
        band=50.0 * (high - row["official"]) / middle,
        filled=row["role"] != ROLES[2],
        text=f"{signed[0]} {range_text(say, signed[1], signed[2])}",
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
