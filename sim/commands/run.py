"""``samspel run``: run a case, keep everything in the store, and print its main series.

Public name: `run_command`.
"""

import json
import sys
from collections.abc import Sequence
from typing import Any

import polars as pl

from sim.experiment.case_run import CaseRun, run_case
from sim.experiment.totals import MAIN, TOTAL
from sim.policy.vintage import stale_warning

_YEAR = 12


def run_command(as_json: bool, **options: Any) -> int:
    """Run a case as the command line was asked to, print it, and return the exit code."""
    done = run_case(**options)
    stale = stale_warning(done.case.municipalities)
    if stale:
        print(f"samspel: {stale}", file=sys.stderr)
    if as_json:
        print(json.dumps(_values(done), ensure_ascii=False, indent=2))
    else:
        print(_text(done, options["size"]))
    return 1 if done.results.failed.height else 0


def _values(done: CaseRun) -> dict[str, Any]:
    return {
        "case": done.case.name,
        "municipalities": len(done.case.municipalities),
        "months": done.case.horizon,
        "runs": done.results.runs.height,
        "failed": done.results.failed.height,
        "folder": str(done.results.folder),
        "fingerprint": done.results.fingerprint,
        "series": _by_indicator(done.series),
        "effects": _by_indicator(done.effects),
    }


def _by_indicator(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return one entry per policy and indicator of the whole case, its months as lists."""
    found = []
    for policy in rows["policy"].cast(pl.String).unique().sort():
        for name, (label, unit) in MAIN.items():
            one = _of(rows, policy, name)
            values = {key: one[key].to_list() for key in ("mean", "low", "high")}
            found.append(
                {
                    "policy": policy,
                    "indicator": name,
                    "label": label,
                    "unit": unit,
                    "draws": one["n"][0],
                    **values,
                }
            )
    return found


def _of(rows: pl.DataFrame, policy: str, indicator: str) -> pl.DataFrame:
    policies = pl.col("policy").cast(pl.String)
    return rows.filter(policies == policy, indicator=indicator, municipality=TOTAL).sort("month")


def _text(done: CaseRun, size: int | None) -> str:
    case, results = done.case, done.results
    places = len(case.municipalities)
    lines = [
        f"{case.name}: {case.title}. {places} {'municipality' if places == 1 else 'municipalities'}, "
        f"{case.horizon} months from {case.start}, {_drawn(done)}."
    ]
    if size is not None:
        lines.append(
            f"A sample of {size} residents aged 16-64 in each municipality: no level is the real one."
        )
    marks = sorted({1, *range(_YEAR, case.horizon + 1, _YEAR), case.horizon})
    for title, rows in (("Level in month", done.series), ("Change by the policy in month", done.effects)):
        for policy in rows["policy"].cast(pl.String).unique().sort():
            lines += ["", *_table(f"{title} ({policy})", rows, policy, marks)]
    if results.failed.height:
        lines += [
            "",
            f"{results.failed.height} of {results.runs.height} runs failed: {results.folder / 'log.txt'}",
        ]
    return "\n".join([*lines, "", f"All series: {results.folder} (fingerprint {results.fingerprint})"])


def _drawn(done: CaseRun) -> str:
    draws = done.results.draws.height
    return "one run at central parameters" if draws == 1 else f"{draws} runs, mean and 90 % interval"


def _table(title: str, rows: pl.DataFrame, policy: str, marks: Sequence[int]) -> list[str]:
    table = [(title, *map(str, marks))]
    for name, (label, unit) in MAIN.items():
        one = _of(rows, policy, name)
        scale, unit = (1e6, "million kronor a month") if unit.startswith("kronor") else (1.0, unit)
        cells = [_cell(one.row(mark - 1, named=True), scale) for mark in marks]
        table.append((f"{label}, {unit}", *cells))
    widths = [max(len(line[column]) for line in table) for column in range(len(marks) + 1)]
    return [
        "  ".join(
            [
                line[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)),
            ]
        )
        for line in table
    ]


def _cell(row: dict[str, Any], scale: float) -> str:
    digits = 1 if scale > 1.0 else 0
    mean, low, high = (
        f"{row[key] / scale:z,.{digits}f}".replace(",", " ") for key in ("mean", "low", "high")
    )
    return mean if row["n"] == 1 else f"{mean} ({low} to {high})"
