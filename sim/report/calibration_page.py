"""The sections of the notebook on calibration, of one municipality: its fit, what was learnt, and what not.

Public names: `fit`, `learnt`, `identification`, `draws`, `fights` and `unidentified`.
"""

from itertools import combinations
from typing import Any, Final

import numpy as np
import polars as pl

from sim.policy.estimates import MUNICIPAL
from sim.report.analyst_charts import Interval, against_chart, density_chart, heat_chart, scatter_chart
from sim.report.analyst_page import grid, lines, number, panel, percent, signed, twin
from sim.report.calibration import CalibrationFound
from sim.report.markup import Section, paragraph, section

MEASURED: Final = {
    "af_stock_2018": "AF stock 2018, persons",
    "stativ_2018": "STATIV share 2018, %",
    "stativ_2017": "STATIV share 2017, %",
    "households_month_2017": "assistance households a month 2017",
    "households_year_2017": "assistance households in the year 2017",
    "open_share": "openly unemployed of the AF stock",
    "months_per_household": "months of assistance per household and year",
    "long_assistance_2017": "recipients with 10+ months 2017, %",
    "paid_2017": "assistance paid in 2017, thousand SEK",
    "job_starts": "job starts, % of the AF stock a month",
    "inflow": "inflow to AF, % of the employed a month",
    "season_2018": "season of the AF stock 2018, % swing",
    "af_stock_2022": "AF stock 2022, persons",
    "bas_2023": "unemployed by BAS 2023, persons",
}
"""Names of the measures of a fit."""
PARAMETER: Final = {
    "entry_level": "entry level",
    "job_finding_reference": "exit level",
    "take_up_rate": "take-up of assistance",
}
"""Names of the municipal parameters."""
_MOMENT = {
    "af_stock_share": "AF stock 2018",
    "stativ_share": "STATIV share 2018",
    "households_share": "assistance households 2017",
}
_GRADES = {"A": "figure seen in a source", "B": "sign or design seen", "C": "remembered or assumed"}
_TELLS = 0.1  # an elasticity below it says next to nothing


def fit(found: CalibrationFound) -> Section:
    """Draw the model against every official figure of the municipality."""
    drawn = []
    for row in found.fit:
        middle, official = _official(row)
        mean, low, high = (100.0 * row[key] / middle for key in ("mean", "low", "high"))
        drawn.append(
            Interval(
                f"{_measure(row)} ({row['role']})",
                mean,
                low,
                high,
                (100.0 * official[0] / middle, 100.0 * official[1] / middle),
                hollow=row["role"] == "prediction",
                text=number(row["mean"], 4),
            )
        )
    inside = [_inside(row) for row in found.fit]
    kinds = {
        role: [held for held, row in zip(inside, found.fit, strict=True) if row["role"] == role]
        for role in ("target", "prediction")
    }
    counts = " and ".join(f"{sum(held)} of {len(held)} {role}s" for role, held in kinds.items() if held)
    title = f"{found.place.name}: the 90 % interval reaches {counts}"
    note = (
        "Filled: targets, looked at while parameters were set. Hollow: predictions. Bars: a plausible range "
        "where no municipal figure exists. To the right: the model's mean."
    )
    alt_text = f"The model in percent of official figures, with 90 percent intervals. {title}. " + "; ".join(
        f"{one.name} {number(one.mean)} ({number(one.low)} to {number(one.high)})" for one in drawn
    )
    rows = [
        (
            _measure(row),
            row["role"],
            number(row["official"], 4) + (f" to {number(row['official_high'], 4)}" if _ranged(row) else ""),
            number(row["mean"], 4),
            f"{number(row['low'], 4)} to {number(row['high'], 4)}",
            "yes" if held else "no",
        )
        for row, held in zip(found.fit, inside, strict=True)
    ]
    columns = ("measure", "role", "official", "model", "90 %", "reached")
    old = found.changed
    parts = [
        f"Correlation of the twelve months of 2018: {found.mine.document['monthly_correlation']:.2f}.",
        f"**Stale: {', '.join(old)} changed since. Run: samspel calibrate {found.place.code}**"
        if old
        else "",
    ]
    missing = found.mine.document["fallback"]
    if missing:
        names = ", ".join(_MOMENT[name] for name in missing)
        parts.append(f"**No figure of its own for {names}: its group's prediction is aimed at.**")
    chart = against_chart(drawn, "model in percent of the official figure", 100.0, alt_text, 230)
    return section(
        grid(panel(title, note, chart, "")).html,
        lines("Model and official figures", columns, rows),
        paragraph(*parts),
    )


def learnt(found: CalibrationFound) -> Section:
    """Draw each municipal parameter before and after its figures were seen."""
    panels = []
    for k, (name, prior) in enumerate(zip(MUNICIPAL, found.priors, strict=True)):
        low, median, high = np.quantile(found.mine.draws[:, k], (0.05, 0.5, 0.95)).tolist()
        before = prior.quantiles(np.array([0.05, 0.5, 0.95])).tolist()
        gone = found.mine.document["parameters"][name]["learnt"]
        title = f"{PARAMETER[name].capitalize()}: {number(median)} ({number(low)} to {number(high)})"
        note = f"{percent(gone)} of the prior's spread is gone. {prior.label_en}. Heights are relative."
        alt_text = (
            f"Density of {name} before and after calibration: median {number(median)}, 90 percent from "
            f"{number(low)} to {number(high)}, before from {number(before[0])} to {number(before[2])}."
        )
        chart = density_chart(*found.densities(k), (low, median, high), f"{prior.unit}, log scale", alt_text)
        table = twin(
            name,
            ("", "5 %", "median", "95 %"),
            [("before", *map(number, before)), ("after", number(low), number(median), number(high))],
        )
        panels.append(panel(title, note, chart, table))
    return grid(*panels, columns=3)


def identification(found: CalibrationFound) -> Section:
    """Draw the elasticity of each moment to each parameter."""
    slopes = found.mine.document["identification"]
    cells = pl.DataFrame(
        [
            {"row": _MOMENT[moment], "column": PARAMETER[name], "value": float(value)}
            for moment, row in slopes.items()
            for name, value in row.items()
        ]
    )
    matrix = cells["value"].to_numpy().reshape(len(slopes), -1)
    condition = float(np.linalg.cond(matrix))
    only = [
        PARAMETER[name] for k, name in enumerate(MUNICIPAL) if (np.abs(matrix[:, k]) >= _TELLS).sum() == 1
    ]
    title = "A percent more of the parameter (column) moves the figure (row) by so many percent"
    note = (
        f"Darker: farther from zero. {' and '.join(only).capitalize() or 'No parameter'} shows in one figure "
        f"alone; the others are told apart by how they move several. Condition number "
        f"{number(condition, 2)}: the higher, the harder to tell apart."
    )
    alt_text = "Elasticities of figures to parameters: " + "; ".join(
        f"{row['row']} to {row['column']} {signed(row['value'])}" for row in cells.to_dicts()
    )
    chart = heat_chart(cells, signed, alt_text)
    table = twin(
        "elasticities",
        ("figure", *(PARAMETER[name] for name in MUNICIPAL)),
        [(_MOMENT[m], *(signed(float(v), 3) for v in row.values())) for m, row in slopes.items()],
    )
    return grid(panel(title, note, chart, table))


def draws(found: CalibrationFound) -> Section:
    """Draw the posterior's draws, pair by pair."""
    logs = np.corrcoef(np.log(found.mine.draws).T)
    panels, pairs = [], []
    for a, b in combinations(range(len(MUNICIPAL)), 2):
        one, other = PARAMETER[MUNICIPAL[a]], PARAMETER[MUNICIPAL[b]]
        title = f"{one.capitalize()} and {other}: correlation {signed(float(logs[a, b]))}"
        points = pl.DataFrame({"x": found.mine.draws[:, a], "y": found.mine.draws[:, b]})
        panels.append(
            panel(title, "", scatter_chart(points, (one, other), f"{title}, over {points.height} draws."), "")
        )
        pairs.append((f"{one}, {other}", signed(float(logs[a, b]))))
    table = twin("correlations of the draws (logs)", ("pair", "correlation"), pairs)
    names = [PARAMETER[name] for name in MUNICIPAL]
    rows = [(str(point), *map(number, row)) for point, row in enumerate(found.mine.draws.tolist())]
    every = twin("every draw", ("national point", *names), rows)
    return section(grid(*panels, columns=3).html, table, every)


def fights(found: CalibrationFound) -> Section:
    """Write where the figures pull a parameter from where it was thought to be."""
    rows = []
    for k, name in enumerate(MUNICIPAL):
        fighting = [
            one.document["municipality"] for one in found.all.values() if name in one.document["fights"]
        ]
        mine = "yes" if name in found.mine.document["fights"] else "no"
        shown = ", ".join(fighting[:8]) + (", ..." if len(fighting) > 8 else "")
        rows.append(
            (PARAMETER[name], shown or "none", str(len(fighting)), signed(found.prior_place(k)), mine)
        )
    columns = (
        "parameter",
        "fights in",
        f"of {len(found.all)} calibrated",
        f"{found.place.name}: median, prior s.d. from the prior's",
        "fights",
    )
    note = "a parameter fights if its posterior mean is over two prior standard deviations from the middle"
    return section(lines("Prior against figures", columns, rows, note, left=1))


def unidentified(found: CalibrationFound) -> Section:
    """List every parameter that no figure of a municipality pins down, by grade."""
    others = found.others
    counted = [
        (
            f"{grade}: {_GRADES[grade]}",
            *(
                str(sum(one.grade == grade and one.part == part for one in others))
                for part in ("model", "operator")
            ),
            str(sum(one.grade == grade for one in others)),
        )
        for grade in "ABC"
    ]
    ordered = sorted(others, key=lambda one: (one.grade, one.name))
    rows = [
        (
            one.name,
            one.label_en,
            one.grade,
            number(one.bounds[0]),
            number(one.centre),
            number(one.bounds[1]),
            one.unit,
        )
        for one in ordered
    ]
    columns = ("parameter", "what", "grade", "low", "centre", "high", "unit")
    return section(
        paragraph(
            f"**{len(others)} parameters are not identified** by the municipality's figures: they keep their "
            f"priors in every draw, {sum(one.grade == 'C' for one in others)} of them of grade C. Effects of "
            "levers come on top, and are never calibrated."
        ),
        lines("Parameters that are not identified", ("grade", "model", "observation", "all"), counted),
        twin("every parameter that is not identified", columns, rows),
    )


def _measure(row: dict[str, Any]) -> str:
    key = str(row["key"])
    return MEASURED.get(key, key.replace("_", " "))


def _ranged(row: dict[str, Any]) -> bool:
    return row.get("official_high") is not None


def _official(row: dict[str, Any]) -> tuple[float, tuple[float, float]]:
    """Return the official figure, or the middle of its range, and the range."""
    low = float(row["official"])
    high = float(row["official_high"]) if _ranged(row) else low
    return (low + high) / 2.0, (low, high)


def _inside(row: dict[str, Any]) -> bool:
    """Return whether the interval reaches the official figure or range."""
    _, (low, high) = _official(row)
    return bool(row["low"] <= high and row["high"] >= low)
