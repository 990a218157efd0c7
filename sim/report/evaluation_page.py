"""The sections of the notebook on evaluation: the question, the plan, the estimate, and what to believe now.

Public names: `verdict`, `plan`, `paths`, `estimates`, `placebos`, `elsewhere`, `prediction` and `update`.
"""

import math
from typing import Final

import numpy as np
import polars as pl

from sim.data.municipalities import municipality
from sim.evaluate.estimators.result import Estimate
from sim.evaluate.ex_post.prediction import BESIDE
from sim.evaluate.panels.covariates import COVARIATES, balance
from sim.report.analyst_charts import Interval, against_chart, histogram_chart, line_chart
from sim.report.analyst_page import grid, lines, number, panel, said, signed, twin
from sim.report.evaluation import EvaluationFound
from sim.report.markup import Section, paragraph, section

LABELS: Final = {
    "prepath_regression": "regression on the path before",
    "prepath_covariates": "regression on the path and covariates",
    "synthetic_did": "synthetic difference in differences",
    "augmented_synthetic_control": "augmented synthetic control",
    "synthetic_control": "synthetic control",
    "difference": "plain difference in differences",
    "synthetic_control_conformal": "synthetic control, conformal over time",
    "interrupted_series": "interrupted series",
}
_BESIDE = {
    "af_stock": "registered at AF, persons",
    "assistance_households": "assistance households",
    "employed": "in work, persons",
}
_BESIDE_COLUMNS = ("", "mean", "90 % interval")
_BARS = 24
_MOST = 8


def verdict(found: EvaluationFound) -> Section:
    """Write the answer, bound to its interval."""
    return said(*found.verdict)


def plan(found: EvaluationFound) -> Section:
    """Write what was decided before, what was done otherwise, and who is compared with whom."""
    done = found.evaluation
    sealed = (
        f"Sealed on {done.sealed_on}."
        if done.sealed_on
        else "Nothing was sealed before: read this as a first look, and seal a plan first "
        "(samspel evaluate --seal)."
    )
    treated = ", ".join(municipality(code).name for code in done.design.treated)
    left_out = f"; {done.panel.left_out[0]} is treated in part and left out" if done.panel.left_out else ""
    rows = [
        ("treated", treated),
        ("from", f"{done.design.start}, first whole year {done.design.first}{left_out}"),
        ("outcome", f"{done.panel.outcome}, {done.panel.unit}"),
        ("before", f"{done.panel.before[0]}-{done.panel.before[-1]}"),
        ("after", f"{done.panel.after[0]}-{done.panel.after[-1]}"),
        (
            "compared with",
            f"{len(done.panel.donors)} units nearest in residents; no case, no border neighbour",
        ),
        ("estimator", LABELS[done.plan.estimator]),
        ("rule", done.plan.rule),
    ]
    changes = [
        f"Deviation from the plan: {key}, sealed {old!r}, done {new!r}."
        for key, (old, new) in done.deviations.items()
    ]
    alike = [
        (COVARIATES[name], number(own), number(others), signed(apart))
        for name, own, others, apart in balance(done.panel)
    ]
    columns = ("known before", "treated", "mean of those compared", "apart, standard deviations")
    compared = lines("How alike they are", columns, alike) if alike else ""
    return section(paragraph(sealed, *changes), lines("The plan", ("", "what"), rows, left=1), compared)


def paths(found: EvaluationFound) -> Section:
    """Draw the place beside those compared with, as they were."""
    values, periods = found.evaluation.panel.values, found.evaluation.panel.periods
    donors = values[1:]
    low, middle, high = np.quantile(donors, [0.1, 0.5, 0.9], axis=0)
    place = found.evaluation.design.name
    rows = pl.DataFrame(
        {
            "line": [place] * len(periods) + ["places compared with"] * len(periods),
            "x": [*periods, *periods],
            "value": [*values[0], *middle],
            "low": [*values[0], *low],
            "high": [*values[0], *high],
        }
    )
    alt = (
        f"{place}: {values[0][0]:.1f} in {periods[0]} and {values[0][-1]:.1f} in {periods[-1]}; the "
        f"median of places compared with {middle[0]:.1f} and {middle[-1]:.1f}."
    )
    drawn = line_chart(
        rows, {year: str(year) for year in periods}, found.evaluation.panel.unit, alt, zero=False
    )
    table = twin(
        "paths",
        ("year", place, "median of the others", "one in ten below", "one in ten above"),
        [
            (str(year), *(number(float(line[k])) for line in (values[0], middle, low, high)))
            for k, year in enumerate(periods)
        ],
    )
    return grid(panel(f"{place} and the places compared with", "Band: four in five of them.", drawn, table))


def estimates(found: EvaluationFound) -> Section:
    """Draw every estimator's answer with its interval."""
    drawn, rows = [], []
    for one in found.evaluation.estimates:
        label = LABELS[one.estimator]
        shown = _interval(one)
        if math.isfinite(one.low + one.high):
            drawn.append(Interval(label, one.effect, one.low, one.high))
        rank = f"{one.rank} of {len(one.placebos) + 1}" if one.placebos else ""
        fit = "" if one.pretrend is None else number(one.pretrend, 2)
        rows.append((label, shown, number(one.se, 2), number(one.p_value, 2), rank, fit))
    alt = "Effect by estimator, with 90 % intervals: " + "; ".join(f"{row[0]} {row[1]}" for row in rows)
    picture = against_chart(drawn, "percentage points", 0.0, alt)
    table = lines(
        "Every estimator",
        ("estimator", "effect (90 %)", "s.e.", "p", "rank", "fit before, p"),
        rows,
    )
    seen = number(found.evaluation.detectable, 2)
    note = f"An effect of {seen} points would have been seen four times in five."
    warned = [
        f"{LABELS[one.estimator]}: {said}." for one in found.evaluation.estimates for said in one.warnings
    ]
    figures = grid(panel("What each estimator finds", note, picture, ""))
    return section(figures.html, table, *(paragraph(text, css="note") for text in warned))


def placebos(found: EvaluationFound) -> Section:
    """Draw what the estimator finds where nothing happened."""
    main = found.evaluation.main
    values = np.array(list(main.placebos.values()))
    edges = np.linspace(values.min() - 1e-9, values.max() + 1e-9, _BARS + 1)
    counts, _ = np.histogram(values, edges)
    bars = pl.DataFrame({"left": edges[:-1], "right": edges[1:], "count": counts})
    alt = (
        f"Effects found in {len(values)} places where nothing happened, from {values.min():.2f} "
        f"to {values.max():.2f}; {main.place} {main.effect:+.2f}."
    )
    drawn = histogram_chart(bars, ("effect found, percentage points", "places"), alt, at=main.effect)
    table = twin(
        "places by the effect found",
        ("place", "effect"),
        [(name, signed(value)) for name, value in sorted(main.placebos.items(), key=lambda item: item[1])],
    )
    title = f"{main.rank} of {len(values) + 1} places are at least as far from zero as {main.place}"
    return grid(
        panel(title, f"Line: {main.place}. Standard error of placebos {number(main.se, 2)}.", drawn, table)
    )


def elsewhere(found: EvaluationFound) -> Section:
    """List what the estimator finds before the start and beyond the border."""
    done = found.evaluation
    early = [(str(year), signed(effect)) for year, effect in done.in_time.items()]
    spill = [(one.place, _interval(one), number(one.p_value, 2)) for one in done.spill]
    return section(
        lines("As if it had started earlier", ("year", "effect found"), early, "the reform had not begun"),
        lines(
            "Border neighbours",
            ("municipality", "effect (90 %)", "p"),
            spill,
            "chance gives one in ten p < 0.1",
        ),
    )


def prediction(found: EvaluationFound) -> Section:
    """Draw the model's own expectation beside the estimate, and what it expects of jobs and assistance."""
    if found.prediction is None:
        return said("The model observes official statistics only; a table of one's own has no prediction.")
    main, expected = found.evaluation.main, found.prediction
    low, high = expected.interval
    rows = [
        Interval("the model, before", expected.mean, low, high),
        Interval("the estimate", main.effect, main.low, main.high),
    ]
    texts = _text(expected.mean, low, high), _interval(main)
    alt = f"The model expected {texts[0]} points; the estimate is {texts[1]}."
    beside = [(_BESIDE[name], *_summary(expected.beside[name])) for name in BESIDE]
    note = f"mean of {expected.years[0]}-{expected.years[-1]}, {len(expected.order)} draws, 90 % interval"
    drawn = panel(
        "The model's prediction and the estimate",
        "STATIV also falls when people enter an activity without a job: read it with the rows below.",
        against_chart(rows, "percentage points", 0.0, alt),
        lines(
            "Both, in points", ("", "effect (90 %)"), [("the model", texts[0]), ("the estimate", texts[1])]
        ),
    )
    return section(grid(drawn).html, lines("What the model expects beside it", _BESIDE_COLUMNS, beside, note))


def update(found: EvaluationFound) -> Section:
    """Write what the estimate changes in what the model believes."""
    if found.update is None:
        return said("Nothing to update: the model makes no prediction of a table of one's own.")
    learnt = found.update.update
    rows = [("effect on the statistic", _text(*learnt.before), _text(*learnt.after))]
    for name in list(found.update.parameters)[:_MOST]:
        before, after = found.update.parameters[name]
        rows.append((name, _text(*before, digits=3), _text(*after, digits=3)))
    texts = [
        f"The estimate leaves {number(learnt.effective)} effective draws of {len(learnt.weights)}.",
        "No parameter moves by a twentieth of its spread: the estimate says next to nothing about them."
        if not found.update.moved()
        else "Moved: " + ", ".join(found.update.moved()[:_MOST]) + ".",
        *(f"Warning: {warning}." for warning in learnt.warnings),
    ]
    return section(
        paragraph(*texts),
        lines(
            "Before and after", ("", "before", "after"), rows, "mean and 90 % interval; those that move most"
        ),
    )


def _interval(one: Estimate) -> str:
    if not math.isfinite(one.low + one.high):
        return f"{signed(one.effect)} (no ends)"
    return _text(one.effect, one.low, one.high)


def _text(middle: float, low: float, high: float, digits: int = 2) -> str:
    return f"{signed(middle, digits)} ({signed(low, digits)} to {signed(high, digits)})"


def _summary(draws: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> tuple[str, str]:
    low, high = np.quantile(draws, [0.05, 0.95])
    return signed(float(draws.mean()), 1), f"{signed(float(low), 1)} to {signed(float(high), 1)}"
