"""The sections of the notebook on calibration, of all municipalities and of tests: how far to believe it.

Public names: `errors`, `levels_on_maps`, `worst`, `recovery`, `backtest` and `sensitivity`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import binom

from sim.calibrate.backtest.record import data_vintage
from sim.calibrate.recovery import COMMAND
from sim.data.municipalities import municipality
from sim.policy.estimates import MUNICIPAL, POINTS
from sim.report.analyst_charts import Interval, against_chart, histogram_chart, scatter_chart
from sim.report.analyst_page import grid, lines, number, panel, percent, said, signed, twin
from sim.report.calibration import HELD_OUT, SHOWN, CalibrationFound
from sim.report.calibration_page import MEASURED, PARAMETER
from sim.report.grammar import capital
from sim.report.maps import class_limits, map_chart
from sim.report.markup import Section, paragraph, section

_CLASSES = 5
_RANKS = 10
_TOP = 10
_LEVEL = 0.90
_NARROW = 230
_SHARES = (
    "Letters: grade of evidence; no letter: chance of one run, settings of the case, or all the rest. Lines: "
    "95 % of the analysis."
)
_TESTS = {
    "stativ_2018_2021": "STATIV shares of 2018-2021 from data to 2017.",
    "stativ_2018_2021_nation": "**No forecast:** the country's later shares are given.",
    "stativ_2018_2021_equal": "**No test:** another weighting, added after scores had been seen.",
    "af_2022": "AF stocks of 2022 from 2018; the country's stock of 2022 is known.",
    "af_2022_aku": "AF stocks of 2022 from 2018; the country is predicted from AKU.",
}
_SCORES = "To the right: ratio; coverage of 90 % intervals."


def errors(found: CalibrationFound) -> Section:
    """Draw how far all calibrated municipalities are from what is fitted and from what is held out."""
    panels, rows = [], []
    for key in (*SHOWN, *HELD_OUT):
        part = found.misses.filter(key=key)
        if part.is_empty():
            continue
        misses = part["miss"].to_numpy()
        role = "target" if key in SHOWN else "held out"
        middle, far = float(np.median(np.abs(misses))), float(np.quantile(np.abs(misses), 0.9))
        covered = float(part["inside"].mean())  # type: ignore[arg-type]
        title = f"{capital(MEASURED[key].split(',')[0])} ({role}): typically {number(middle, 2)} % off"
        note = (
            f"{part.height} municipalities; official figure inside the 90 % interval in {percent(covered)}."
        )
        bars = _bars(misses)
        alt_text = f"{title}; {note} Nine in ten are within {number(far, 2)} percent."
        chart = histogram_chart(bars, ("model less official, percent", "municipalities"), alt_text, at=0.0)
        table = twin(
            f"{MEASURED[key].split(',')[0]}, municipalities by error",
            ("percent", "municipalities"),
            [
                (f"{signed(r['left'], 1)} to {signed(r['right'], 1)}", str(r["count"]))
                for r in bars.to_dicts()
            ],
        )
        panels.append(panel(title, note, chart, table))
        rows.append(
            (
                MEASURED[key],
                role,
                str(part.height),
                signed(float(np.median(misses)), 1),
                number(middle, 2),
                number(far, 2),
                percent(covered),
            )
        )
    columns = (
        "measure",
        "role",
        "municipalities",
        "median error, %",
        "median distance, %",
        "nine in ten within, %",
        "inside 90 %",
    )
    return section(
        paragraph(f"{len(found.all)} municipalities are calibrated."),
        grid(*panels, columns=3).html,
        lines("Errors over all calibrated municipalities", columns, rows),
    )


def levels_on_maps(found: CalibrationFound) -> Section:
    """Draw the entry level and the exit level of every calibrated municipality."""
    names = {code: one.document["municipality"] for code, one in found.all.items()}
    if len(names) < _CLASSES:
        return said(f"Maps need at least {_CLASSES} calibrated municipalities; there are {len(names)}.")
    panels = []
    for name in MUNICIPAL[:2]:
        values = found.medians(name)
        order = sorted(values, key=values.__getitem__)
        low, high = order[0], order[-1]
        title = (
            f"{PARAMETER[name].capitalize()}: from {number(values[low])} in {names[low]} to "
            f"{number(values[high])} in {names[high]}"
        )
        left = "" if len(names) == 290 else f" {290 - len(names)} municipalities are not calibrated."
        drawn = map_chart(
            values,
            class_limits(values.values()),
            number,
            ("under {high}", "{low} to {high}", "{low} and over", "not calibrated"),
            f"Map of the posterior median of {name}. {title}.{left}",
        )
        panels.append(panel(title, "Posterior median.", drawn, ""))
    medians = [found.medians(name) for name in MUNICIPAL]
    table = twin(
        "posterior medians of every calibrated municipality",
        ("municipality", *(PARAMETER[name] for name in MUNICIPAL)),
        [
            (names[code], *(number(one[code]) for one in medians))
            for code in sorted(names, key=names.__getitem__)
        ],
    )
    return section(grid(*panels, columns=3).html, table)


def worst(found: CalibrationFound) -> Section:
    """Write the municipalities that are farthest from a target and from a held-out figure, and why."""
    tables = []
    for keys, what in ((SHOWN, "target"), (HELD_OUT, "held-out figure")):
        far = found.worst(_TOP, keys)
        rows = [(name, MEASURED[key], why, signed(miss, 1)) for name, key, miss, why in far]
        columns = ("municipality", f"worst {what}", "what is known of why", "error, %")
        if rows:
            tables.append(lines(f"The {len(rows)} farthest from a {what}", columns, rows, left=2))
    return section(*tables)


def recovery(found: CalibrationFound) -> Section:
    """Draw whether known parameters are found again, and whether the intervals cover them."""
    kept = found.recovery
    if kept is None:
        return said(f"The test on simulated data sets has not been made. Run: **{COMMAND}**")
    from sim.calibrate.belief import summarise

    summary = summarise(kept.rows)
    code = kept.vintage.get("code")
    town = "a town that is not named" if code is None else municipality(code).name
    old = "" if kept.current else f" **Data, priors or model have changed since: run {COMMAND}.**"
    columns = (
        "parameter",
        "sets",
        "correlation of logs",
        "coverage of 90 %",
        "s.e.",
        "even ranks, p",
        "spread left",
    )
    rows = [
        (
            PARAMETER[row["parameter"]],
            str(row["sets"]),
            number(row["correlation"]),
            percent(row["coverage"]),
            percent(row["coverage_se"]),
            number(row["ranks_p"], 2),
            percent(row["shrinkage"]),
        )
        for row in summary.to_dicts()
    ]
    return section(
        paragraph(f"{kept.sets} simulated data sets of {town}, each calibrated by the same steps.{old}"),
        grid(*(_recovered(kept.rows.filter(parameter=name), name) for name in MUNICIPAL), columns=3).html,
        grid(*(_ranks(kept.rows.filter(parameter=name), name) for name in MUNICIPAL), columns=3).html,
        grid(_coverage(summary)).html,
        lines("Known parameters found again", columns, rows),
    )


def backtest(found: CalibrationFound) -> Section:
    """Draw the scores of predictions of later figures against doing without the model."""
    if found.backtest is None:
        return said("Predictions of later figures have not been kept. Run: **samspel backtest --write**")
    rows = found.backtest.filter(period="all")
    whole = rows.unique(["test", "forecaster"], keep="first", maintain_order=True)
    panels = []
    for (test,), part in whole.group_by("test", maintain_order=True):
        ordered = part.sort("ratio_persistence").to_dicts()
        drawn = [
            Interval(
                row["forecaster"],
                row["ratio_persistence"],
                *found.ratio_interval(row),
                hollow=row["forecaster"] != "samspel",
                text=f"{number(row['ratio_persistence'])}; {percent(row['cover90'])}",
            )
            for row in ordered
        ]
        mine = next((row for row in ordered if row["forecaster"] == "samspel"), ordered[0])
        error = percent(mine["ratio_persistence"])
        title = f"{test}: {mine['forecaster']} has {error} of the error of persistence"
        alt_text = (
            f"{title}. CRPS ratio and coverage: {'; '.join(f'{one.name} {one.text}' for one in drawn)}."
        )
        table = twin(
            str(test),
            ("forecaster", "n", "CRPS", "ratio to persistence", "coverage of 90 %"),
            [
                (
                    r["forecaster"],
                    str(r["n"]),
                    number(r["crps"]),
                    number(r["ratio_persistence"]),
                    percent(r["cover90"]),
                )
                for r in ordered
            ],
        )
        chart = against_chart(drawn, "CRPS over that of persistence (lower is better)", 1.0, alt_text)
        panels.append(panel(title, f"{_TESTS.get(str(test), '')} {_SCORES}".strip(), chart, table))
    return section(
        grid(*panels).html,
        paragraph(
            *_about(found.backtest_about),
            "Lines: 90 % over resampled municipalities, of the forecasters that are kept by municipality; "
            "they know nothing of what a year has in common, and are too narrow. A test of prediction, not "
            "of mechanism.",
            css="note",
        ),
    )


def sensitivity(found: CalibrationFound) -> Section:
    """Draw which parameters the uncertainty of a case's effects rests on."""
    if found.sensitivity is None:
        return said(
            f"What the effects of {found.case} rest on has not been kept. Run: **samspel sensitivity "
            f"{found.case} --write**"
        )
    panels = []
    for (indicator, month), part in found.sensitivity.group_by("indicator", "month", maintain_order=True):
        rows = part.sort("share", descending=True).to_dicts()
        drawn = [_shared(row) for row in rows[:_TOP]]
        first, second = (f"{row['parameter']} {percent(row['share'])}" for row in rows[:2])
        title = f"{indicator}, month {month}: {first}, {second}"
        alt_text = f"{title}. Shares: {'; '.join(f'{one.name} {one.text}' for one in drawn)}."
        table = twin(
            f"{indicator}, month {month}",
            ("what", "grade", "share", "half-width (95 %)"),
            [
                (row["label_en"], row["grade"], percent(row["share"]), number(row["total_conf"], 2))
                for row in rows
            ],
            "shares of the variance of the effect, which sum to one",
        )
        chart = against_chart(drawn, "percent of the variance of the effect", 0.0, alt_text, _NARROW)
        panels.append(panel(title, _SHARES, chart, table))
    return section(*(grid(*panels[first : first + 2]).html for first in range(0, len(panels), 2)))


def _shared(row: dict[str, Any]) -> Interval:
    share, half = 100.0 * row["share"], 100.0 * (row["total_conf"] or 0.0)
    grade = f" ({row['grade']})" if len(row["grade"]) == 1 else ""
    return Interval(
        f"{row['parameter']}{grade}", share, max(0.0, share - half), share + half, text=percent(row["share"])
    )


def _about(document: Mapping[str, Any]) -> list[str]:
    """Return what is said of scores that have been kept: whose fits were used, and whether data changed."""
    parts = []
    used = document.get("calibrated_municipalities")
    if isinstance(used, Mapping):
        counts = ", ".join(f"{name} {count}" for name, count in used.items())
        parts.append(
            f"Municipalities whose own calibration enters: {counts}; the others take official figures."
        )
    if document.get("vintage") != data_vintage():
        parts.append("**Made with other data, or not said with which. Run: samspel backtest --write.**")
    return parts


def _recovered(rows: pl.DataFrame, name: str) -> Section:
    points = rows.select(x="truth", y="mean", low="low", high="high")
    logs = np.log(points.select("x", "y").to_numpy())
    correlation = float(np.corrcoef(logs.T)[0, 1])
    title = f"{PARAMETER[name].capitalize()}: found again with correlation {number(correlation, 2)}"
    chart = scatter_chart(
        points,
        ("truth", "posterior mean and 90 %"),
        f"{title}, {points.height} sets, log scales.",
        diagonal=True,
        named="found = truth",
    )
    table = twin(
        f"{PARAMETER[name]} in every set",
        ("set", "truth", "mean", "low", "high", "rank"),
        [
            (
                str(row["set"]),
                *(number(row[key]) for key in ("truth", "mean", "low", "high")),
                str(row["rank"]),
            )
            for row in rows.to_dicts()
        ],
    )
    return panel(title, "", chart, table)


def _ranks(rows: pl.DataFrame, name: str) -> Section:
    counts, edges = np.histogram(rows["rank"].to_numpy() + 0.5, _RANKS, (0.0, POINTS + 1.0))
    share = 1.0 / _RANKS
    low, high = binom.ppf([0.05, 0.95], rows.height, share).tolist()
    outside = int(((counts < low) | (counts > high)).sum())
    title = f"{PARAMETER[name].capitalize()}: {outside} of {_RANKS} classes of ranks outside the band"
    bars = pl.DataFrame({"left": edges[:-1], "right": edges[1:], "count": counts})
    note = f"Band: 90 % of counts if ranks are even, {low:.0f} to {high:.0f}; one class in ten is outside."
    chart = histogram_chart(
        bars,
        (f"rank of the truth among {POINTS} draws", "sets"),
        f"{title}: {', '.join(map(str, counts))}; expected {number(rows.height * share, 2)}.",
        band=(low, rows.height * share, high),
    )
    table = twin(
        f"{PARAMETER[name]}, sets by rank",
        ("ranks", "sets"),
        [(f"{row['left']:.0f} to {row['right']:.0f}", str(row["count"])) for row in bars.to_dicts()],
    )
    return panel(title, note, chart, table)


def _coverage(summary: pl.DataFrame) -> Section:
    drawn = [_covered(row) for row in summary.to_dicts()]
    expected = drawn[0].official or (_LEVEL, _LEVEL)
    inside = sum((one.official or expected)[0] <= one.mean <= (one.official or expected)[1] for one in drawn)
    title = f"{inside} of {len(drawn)} coverages are where 90 % intervals that are right put them"
    alt_text = f"{title}: " + "; ".join(f"{one.name} {one.text}" for one in drawn)
    chart = against_chart(drawn, "share of sets whose truth is inside, percent", 100 * _LEVEL, alt_text)
    table = twin(
        "coverage of 90 % intervals",
        ("parameter", "coverage", "expected, 90 % of tests"),
        [
            (one.name, one.text, f"{number(one.official[0])} to {number(one.official[1])} %")
            for one in drawn
            if one.official
        ],
    )
    return panel(
        title, "Bars: binomial 90 % band around 90 %. Lines: two s.e. of the share seen.", chart, table
    )


def _covered(row: dict[str, Any]) -> Interval:
    n, share = row["sets"], row["coverage"]
    low, high = (100.0 * binom.ppf([0.05, 0.95], n, _LEVEL) / n).tolist()
    error = 2.0 * float(np.sqrt(max(share * (1.0 - share), 1e-9) / n))
    ends = (100.0 * max(0.0, share - error), 100.0 * min(1.0, share + error))
    return Interval(PARAMETER[row["parameter"]], 100.0 * share, *ends, (low, high), text=percent(share))


def _bars(values: np.ndarray[Any, np.dtype[np.float64]]) -> pl.DataFrame:
    """Return counts by class, classes even and zero between two of them."""
    far = max(float(np.abs(values).max()), 0.5)
    step = next(s * 10.0**p for p in range(-2, 4) for s in (1, 2, 5) if far / (s * 10.0**p) <= 12)
    ends = step * np.arange(np.floor(values.min() / step) - 1, np.ceil(values.max() / step) + 2)
    counts, edges = np.histogram(values, ends)
    return pl.DataFrame({"left": edges[:-1], "right": edges[1:], "count": counts})
