"""The sections of the notebook on sensitivity: tornado, shares by parameter and by grade, what must be true.

Public names: `answer`, `tornado`, `shares`, `grades` and `must_be_true`.
"""

from typing import Any, Final

import polars as pl

from sim.calibrate.sensitivity.shares import CHANCE
from sim.calibrate.sensitivity.space import CASE_SETTINGS
from sim.experiment.uncertainty import REST
from sim.report.analyst_charts import Interval, against_chart, line_chart
from sim.report.analyst_page import grid, lines, number, panel, percent, twin
from sim.report.markup import Section, paragraph, section
from sim.report.sensitivity import SensitivityFound
from sim.report.share_chart import share_chart

_NAMES: Final = {
    "employed": ("People in work", "persons", 1.0),
    "assistance_households": ("Households with assistance", "households", 1.0),
    "cum_net_municipality": ("The municipality's result", "million kronor", 1e6),
    "cum_net_public": ("The public sector's result", "million kronor", 1e6),
}
_GRADES: Final = {
    "A": "grade A: figure seen",
    "B": "grade B: sign or design seen",
    "C": "grade C: remembered or assumed",
    CASE_SETTINGS: "left open by the case",
    "scenario": "the world outside",
    CHANCE: "chance of one town",
    REST: "the rest",
}
_MOST: Final = 10


def answer(found: SensitivityFound) -> Section:
    """Write what the uncertainty rests on most, and whether the policy pays, with what is not known."""
    texts = []
    for row in found.quality.iter_rows(named=True):
        title, unit, scale = _named(row["indicator"])
        mine = found.grades.filter(indicator=row["indicator"], month=row["month"])
        share = dict(mine.select("grade", "share").iter_rows())
        assumed = share["C"] + share[CASE_SETTINGS]
        texts.append(
            f"{title} after {row['month']} months: mean {number(row['mean'] / scale)} {unit}, "
            f"standard deviation {number(row['sd'] / scale)}. {percent(assumed)} of the variance rests on "
            f"grade C, of which {percent(share[CASE_SETTINGS])} on what the case leaves open; "
            f"{percent(share[CHANCE])} is chance, {percent(share[REST])} is not attributed."
        )
    kept = "These are the figures kept with the project." if found.kept else ""
    return section(*(paragraph(text) for text in (*texts, kept) if text))


def tornado(found: SensitivityFound) -> Section:
    """Draw how far each number moves each effect, beside what chance alone does."""
    return grid(*(_tornado(found, row) for row in found.quality.iter_rows(named=True)))


def shares(found: SensitivityFound) -> Section:
    """Draw the share of each effect's variance that each number accounts for."""
    return grid(*(_shares(found, row) for row in found.quality.iter_rows(named=True)))


def grades(found: SensitivityFound) -> Section:
    """Draw the share of each effect's variance by grade of evidence, as one table and a chart for each."""
    return grid(*(_grades(found, row) for row in found.quality.iter_rows(named=True)))


def must_be_true(found: SensitivityFound) -> Section:
    """Draw how probably the policy pays at so many times its effect, and list what else must hold."""
    needed = found.needed
    share, low, high = needed.pays
    curve = needed.curve
    rows = pl.DataFrame(
        {
            "line": ["pays"] * curve.height,
            "x": curve["multiplier"],
            "value": 100 * curve["probability"],
            "low": 100 * curve["low"],
            "high": 100 * curve["high"],
        }
    )
    least = [_times(row) for row in needed.multipliers.iter_rows(named=True)]
    most = int(curve["multiplier"].max() or 2)  # type: ignore[arg-type]
    step = max(1, most // 5)
    wanted = "; ".join(f"{chance} probability {text}" for chance, text in least)
    alt = (
        f"Share of {needed.draws} draws in which it pays for the {needed.payer}, by the multiplier of the "
        f"effect. As it is: {percent(share)}. Needed: {wanted}."
    )
    shown = panel(
        f"As it is, it pays for the {needed.payer} in {percent(share)} of the draws",
        f"Percent of {needed.draws} draws within {needed.month} months, were what follows from it so many "
        f"times as large, at the same spending. Band: 90 % ({percent(low)} to {percent(high)} as it is).",
        line_chart(rows, {times: f"{times} x" for times in range(0, most + 1, step)}, "percent", alt),
        twin(
            "probability by size of effect",
            ("times", "pays", "90 %"),
            [
                (number(row["multiplier"], 2), percent(row["probability"]),
                 f"{percent(row['low'])} to {percent(row['high'])}")
                for row in curve.iter_rows(named=True)
            ],
        ),
    )  # fmt: skip
    table = lines("Smallest effect at which it pays", ("probability", "times the model's (90 %)"), least)
    return section(grid(shown).html, table, _conditions(needed.conditions))


def _conditions(rows: pl.DataFrame) -> str:
    if rows.is_empty():
        return paragraph("No uncertain number was looked at.")
    listed = [
        (row["label_en"], f"{number(row['least'])} to {number(row['most'])} {row['unit']}", _condition(row))
        for row in rows.iter_rows(named=True)
    ]
    note = (
        "logistic curve over the draws; only where the number matters beyond chance (5 % false discoveries)"
    )
    header = ("number", "drawn from", "pays in half of the draws")
    return lines("Longest hand-over, and other numbers", header, listed, note, left=2)


def _condition(row: dict[str, Any]) -> str:
    if row["q_value"] is None:
        return "cannot be said: nearly all draws are alike"
    if not row["above_chance"]:
        return "cannot be said: it does not tell them apart"
    if row["limit"] is None:
        return f"at no value drawn ({percent(row['chance_low'])} to {percent(row['chance_high'])})"
    side = "at least" if row["direction"] > 0 else "at most"
    return f"{side} {number(row['limit'])} ({number(row['low'])} to {number(row['high'])})"


def _times(row: dict[str, Any]) -> tuple[str, str]:
    chance = percent(row["probability"])
    if row["multiplier"] is None:
        return chance, "no effect is large enough"
    low, high = ("without end" if row[end] is None else number(row[end], 2) for end in ("low", "high"))
    return chance, f"{number(row['multiplier'], 2)} ({low} to {high})"


def _tornado(found: SensitivityFound, quality: dict[str, Any]) -> Section:
    title, unit, scale = _named(quality["indicator"])
    mine = found.parameters.filter(
        pl.col("mu_star").is_not_null(), indicator=quality["indicator"], month=quality["month"]
    )
    top = mine.sort("mu_star", descending=True).head(_MOST)
    noise = quality["noise"] / scale
    drawn = [
        Interval(
            f"{_short(row['label_en'])} ({_grade(row)})",
            row["mu_star"] / scale,
            max(0.0, row["mu_star"] - row["mu_star_conf"]) / scale,
            (row["mu_star"] + row["mu_star_conf"]) / scale,
            hollow=row["mu_star"] <= quality["noise"],
        )
        for row in top.iter_rows(named=True)
    ]
    above = int(quality["above_noise"])
    texts = "; ".join(f"{one.name} {number(one.mean)}" for one in drawn)
    alt = (
        f"{title}: size of change in {unit} from the low to the high value of each number. {texts}. "
        f"Chance alone stays below {number(noise)}."
    )
    rows = [(one.name, number(one.mean), f"{number(one.low)} to {number(one.high)}") for one in drawn]
    return panel(
        f"{title}: {above} of the numbers move it beyond chance",
        f"Mean change from quantile 1/8 to 7/8 of each number (95 %), {unit}. Line: what chance alone gives; "
        "hollow: not above it.",
        against_chart(drawn, unit, noise, alt),
        twin(f"tornado, {title.lower()}", ("number", unit, "95 %"), rows),
    )


def _shares(found: SensitivityFound, quality: dict[str, Any]) -> Section:
    title, _, _ = _named(quality["indicator"])
    mine = found.parameters.filter(indicator=quality["indicator"], month=quality["month"])
    top = mine.filter(pl.col("share").is_not_null()).sort("share", descending=True).head(_MOST + 2)
    rows = [
        (_long(row), percent(row["share"]), _index(row, "first"), _index(row, "total"))
        for row in top.iter_rows(named=True)
    ]
    texts = "; ".join(f"{row[0]} {row[1]}" for row in rows)
    kind = quality["emulator"].replace("_", " ")
    return panel(
        f"{title}: Sobol shares",
        f"Emulator: {kind}, cross-validated R2 {quality['r2']:.2f}. Lines: 95 % of the total index.",
        share_chart(mine, f"{title}: share of the variance by number. {texts}.", _MOST, "en"),
        twin(f"shares, {title.lower()}", ("number", "share", "first index", "total index"), rows),
    )


def _grades(found: SensitivityFound, quality: dict[str, Any]) -> Section:
    title, _, _ = _named(quality["indicator"])
    mine = found.grades.filter(indicator=quality["indicator"], month=quality["month"])
    rows = [(_GRADES[row["grade"]], percent(row["share"])) for row in mine.iter_rows(named=True)]
    bars = mine.with_columns(
        label_en=pl.col("grade").replace_strict(_GRADES),
        parameter="grade",
        part=pl.lit("grade"),
        total=pl.lit(None, pl.Float64),
        total_conf=pl.lit(None, pl.Float64),
    )
    alt = f"{title}: share of the variance by grade of evidence. " + "; ".join(map(" ".join, rows)) + "."
    return panel(
        f"{title}: by grade of evidence",
        "Shares of the variance; they sum to one.",
        share_chart(bars, alt, lang="en", graded=False),
        twin(f"grades, {title.lower()}", ("rests on", "share"), rows),
    )


def _index(row: dict[str, Any], kind: str) -> str:
    if row[kind] is None:
        return ""
    conf = row[f"{kind}_conf"]
    return number(row[kind], 2) + ("" if conf is None else f" +/- {number(conf, 2)}")


def _grade(row: dict[str, Any]) -> str:
    named = {CASE_SETTINGS: "the case's own", "scenario": "scenario"}
    return named.get(row["grade"], f"grade {row['grade']}")


def _long(row: dict[str, Any]) -> str:
    plain = row["grade"] in (CHANCE, REST)
    return str(row["label_en"]) if plain else f"{row['label_en']} ({_grade(row)})"


def _short(label: str) -> str:
    return label if len(label) <= 44 else label.partition(": ")[2][:44]


def _named(indicator: str) -> tuple[str, str, float]:
    return _NAMES.get(indicator, (indicator, "units", 1.0))
