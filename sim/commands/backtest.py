"""``samspel backtest``: predict later official figures, score them, and predict single municipalities."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.shared import json_option, print_json, print_table
from sim.core.errors import SamspelError, input_error

if TYPE_CHECKING:
    import polars as pl

    from sim.calibrate.backtest.run import Backtest

_NOTES = """crps: mean continuous ranked probability score in the unit (lower is better); mae: of the bare
median, which for persistence is the CRPS of the bare point. Yearly shares have no season: seasonal_naive is
persistence there. af_2022: the country's stock is known; af_2022_aku: it is predicted from AKU.
stativ_2018_2021_nation: the country's share is given too, so it is no forecast.
stativ_2018_2021_equal: another weighting for the country, added after scores had been seen, so it is no test.
A test of prediction, not of mechanism: it crosses the pandemic and the reform of the employment service."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add = parser.add_argument
    add("--predict", nargs="+", action="extend", default=[], metavar="CODE",
        help="score nothing; predict the months of 2022 for these municipalities (code or name)")  # fmt: skip
    add("--month", metavar="YYYY-MM", help="with --predict: this month alone; all of 2022 unless given")
    add("--out", type=Path, metavar="FILE", help="with --predict: also write the predictions, a .csv file")
    add("--write", action="store_true", help="keep the scores in params/estimates")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Score the predictions, or predict."""
    if options.predict:
        if options.write:
            raise SamspelError(
                "backtest: --write keeps scores, and --predict gives none. Allowed: --out FILE.csv."
            )
        return _predict(options)
    for name, value in (("--month", options.month), ("--out", options.out)):
        if value is not None:
            raise input_error("backtest", name, str(value), "together with --predict CODE")
    from sim.calibrate.backtest.fitted import fitted_places
    from sim.calibrate.backtest.record import data_vintage, write_backtest
    from sim.calibrate.backtest.run import run_backtest

    result = run_backtest(fitted_places())
    paths = write_backtest(result) if options.write else ()
    if options.as_json:
        print_json(
            {
                "vintage": data_vintage(),
                "calibrated": dict(result.calibrated),
                "scores": result.scores.to_dicts(),
                "files": [str(path) for path in paths],
            }
        )
    else:
        _print_scores(result)
        for path in paths:
            print(path)
    return 0


def _predict(options: argparse.Namespace) -> int:
    if options.out is not None and options.out.suffix != ".csv":
        raise input_error("backtest", "--out", str(options.out), "a file that ends with .csv")
    from sim.calibrate.backtest.fitted import fitted_places
    from sim.calibrate.backtest.predict import predict_stocks

    rows = predict_stocks(options.predict, options.month, fitted_places())
    if options.out is not None:
        from sim.core.files import write_whole

        write_whole(options.out, lambda temporary: rows.write_csv(temporary, float_precision=2))
    if options.as_json:
        print_json(rows.to_dicts())
    else:
        _print_predictions(rows)
    return 0


def _print_scores(result: "Backtest") -> None:
    columns = result.scores.columns
    keys, numbers = columns[2:5], columns[5:]
    shown = result.scores.filter(~result.scores["period"].str.contains("-"))  # months stand in the file
    for (test, unit), part in shown.group_by("test", "unit", maintain_order=True):
        print(f"{test}, {unit}")
        lines = [
            [*(str(row[key]) for key in keys), *(f"{row[key]:.3f}" for key in numbers)]
            for row in part.sort("period", "forecaster").to_dicts()
        ]
        print_table((*keys, *numbers), lines)
        print()
    if not any(result.calibrated.values()):
        print("No municipality is calibrated: levels are official figures, and all answer the cycle alike.")
    print(_NOTES)


def _print_predictions(rows: "pl.DataFrame") -> None:
    names = [name for name in rows.columns if name not in ("fallback", "calibrated")]
    lines = [[*map(_cell, (row[name] for name in names)), _mark(row)] for row in rows.to_dicts()]
    print_table((*names, ""), lines)
    print(
        "Persons registered at month end, age 16-64 (AF). Predicted from figures to 2018, and residents and"
    )
    print(
        "the country's stock of 2022; q05 to q95: quantiles. A prediction, which tells nothing of a reform."
    )


def _mark(row: dict[str, Any]) -> str:
    return "fallback" if row["fallback"] else ""


def _cell(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) else str(value)
