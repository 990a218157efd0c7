"""The sections around an estimate: what is published beside it, several cases pooled, what could be seen.

Public names: `beside`, `pooled` and `power`.
"""

from typing import Final

import numpy as np
import polars as pl

from sim.evaluate.estimators.result import Estimate
from sim.evaluate.ex_post.beside import Level
from sim.report.analyst_charts import Interval, against_chart, line_chart
from sim.report.analyst_page import grid, lines, number, panel, said, signed, twin
from sim.report.evaluation import EvaluationFound
from sim.report.markup import Section, paragraph, section

_NAMES: Final = {
    "af_stock": "registered at AF",
    "assistance_households_month": "households with assistance in a month",
    "callaway_santanna": "Callaway and Sant'Anna",
    "imputation": "imputation",
    "event_study": "event study, interaction-weighted",
}
_SIZES: Final = np.linspace(0.0, 4.0, 17)


def beside(found: EvaluationFound) -> Section:
    """List AF's stock and assistance as published, in single years: levels, not effects."""
    if not found.levels:
        return said("Neither AF's stock nor assistance is published here for these places.")
    note = "levels of single years: they say where the place stood, and nothing of what the reform did"
    return section(
        lines(
            "For each 1,000 residents",
            ("", "year", "when", "the place", "median of the others", "four in five of them"),
            [_level(level) for level in found.levels],
            note,
            left=2,
        )
    )


def _level(level: Level) -> tuple[str, ...]:
    own = "not published" if level.treated is None else number(level.treated)
    when = "before the start" if level.before else "after the start"
    spread = f"{number(level.low)} to {number(level.high)}"
    return _NAMES[level.name], str(level.year), when, own, number(level.middle), spread


def pooled(found: EvaluationFound) -> Section:
    """Draw the mean effect of several cases, with inference for few treated places."""
    if found.pooled is None:
        return said("No other cases were pooled with this one (`pool`).")
    done = found.pooled
    drawn = [Interval(_NAMES[one.estimator], one.effect, one.low, one.high) for one in done.estimates]
    texts = [f"{name.name} {_text(one)}" for name, one in zip(drawn, done.estimates, strict=True)]
    alt = "Mean effect of the cases by estimator, with 90 % intervals: " + "; ".join(texts)
    rows = [
        (
            _NAMES[one.estimator],
            _text(one),
            number(one.p_value, 2),
            number(one.se, 2),
            number(one.diagnostics["clustered_se"], 2),
        )
        for one in done.estimates
    ]
    bounds = " to ".join(map(signed, done.bounds)) if done.bounds else "too few are treated to say"
    shown = panel(
        f"{len(done.panel.treated)} municipalities against {len(done.panel.donors)}",
        "The cases are dealt to other municipalities, again and again; that gives the intervals.",
        against_chart(drawn, "percentage points", 0.0, alt),
        "",
    )
    table = lines("Pooled", ("estimator", "effect (90 %)", "p", "s.e. by deals", "usual s.e."), rows)
    texts = [
        f"If paths may part after the start as much as they did before: {bounds}.",
        f"Two-way fixed effects would say {signed(done.two_way_effect)}; it is no answer.",
        *(f"{_NAMES[one.estimator]}: {warning}." for one in done.estimates for warning in one.warnings),
    ]
    return section(grid(shown).html, table, *(paragraph(text, css="note") for text in texts))


def power(found: EvaluationFound) -> Section:
    """Draw how often an effect of each size would have been found, by simulated trials."""
    if found.power is None:
        return said("No trials were simulated (`trials`). `samspel power` does the same, and more.")
    (run,) = found.power.runs
    names = run.trials.rows["estimator"].unique(maintain_order=True).to_list()
    curves = {name: run.trials.curve(name, _SIZES) for name in names}
    rows = pl.concat(
        pl.DataFrame({"line": [name.replace("_", " ")] * len(_SIZES), "x": _SIZES, "value": 100.0 * curve})
        for name, curve in curves.items()
    )
    summary = run.trials.summary()
    table = [
        (
            row["estimator"].replace("_", " "),
            f"{100 * row['false_positives']:.0f} %",
            f"{100 * row['coverage']:.0f} %",
            signed(row["bias"]),
            f"{100 * row['power']:.0f} %",
            number(row["detectable"], 2),
        )
        for row in summary.iter_rows(named=True)
    ]
    draws = int(summary["draws"][0])
    seen = "; ".join(f"{row[0]} {row[-1]} points" for row in table)
    alt = f"Share of {draws} simulated panels in which an effect is found, by its size. Seen in 80 %: {seen}."
    shown = panel(
        "How often an effect of so many points is found",
        f"{draws} simulated panels, {run.years} years after; percent of them.",
        line_chart(rows, {size: str(size) for size in range(5)}, "percent", alt, most=100.0),
        twin(
            "power by size",
            ("points", *(name.replace("_", " ") for name in names)),
            [
                (f"{size:g}", *(f"{100 * curves[name][k]:.0f} %" for name in names))
                for k, size in enumerate(_SIZES)
            ],
        ),
    )
    header = ("", "false alarms", "90 % cover", "bias", "the model's reform found", "smallest seen")
    return section(grid(shown).html, lines("The estimators on simulated panels", header, table))


def _text(one: Estimate) -> str:
    return f"{signed(one.effect)} ({signed(one.low)} to {signed(one.high)})"
