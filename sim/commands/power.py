"""``samspel power``: what an evaluation of a case could see, by simulated trials."""

import argparse
from typing import TYPE_CHECKING, Any

from sim.commands.shared import json_option, print_json, print_table, whole_number
from sim.core.errors import SamspelError, input_error

if TYPE_CHECKING:
    from sim.evaluate.power.study import Run, Study
    from sim.evaluate.power.trials import Trials

_SIZES = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add = parser.add_argument
    add("case", nargs="?", metavar="CASE", help="name of a case (see samspel cases), or a case file")
    add(
        "--real",
        type=whole_number(20),
        metavar="N",
        help="instead hold estimators against N real places without a reform, and keep it",
    )
    add("--draws", type=whole_number(10), default=200, metavar="N", help="simulated panels; 200 unless given")
    add("--rollout", default="one", metavar="NAME",
        help="who starts: one (the case), several, staggered, offices (half by lot) or persons")  # fmt: skip
    add("--units", type=whole_number(1), nargs="+", default=[], metavar="N",
        help="places or persons that start; several numbers give a table")  # fmt: skip
    add("--years", type=whole_number(1), nargs="+", default=[], metavar="N",
        help="years of follow-up; several numbers give a table")  # fmt: skip
    add("--design", action="append", default=[], metavar="NAME", help="an estimator; may be repeated")
    add(
        "--stress",
        default="none",
        metavar="NAME",
        help="what the estimators do not know of; none unless given",
    )
    add("--keep", action="store_true", help="keep how often each estimator called nothing an effect")
    add("--last", type=whole_number(2012), metavar="YEAR", help="last year of follow-up; 2019 unless given")
    add(
        "--effects", type=whole_number(20), default=100, metavar="N", help="draws of the reform's effect; 100"
    )
    add("--effect", type=float, metavar="POINTS", help="a lasting effect instead of the one expected")
    add("--seed", type=whole_number(0), default=1, metavar="S", help="seed of the panels")
    add("--processes", type=whole_number(1), metavar="N", help="processes; one per processor unless given")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Simulate, estimate, and print what could be seen."""
    if options.real:
        return _real(options)
    if options.case is None:
        raise SamspelError("power: no case was given. Allowed: the name of a case, or --real N.")
    from sim.evaluate.power.study import power_study
    from sim.policy.case import load_case

    study = power_study(
        load_case(options.case),
        options.rollout,
        options.units,
        options.years,
        options.draws,
        options.design,
        options.stress,
        options.last,
        options.effects,
        options.seed,
        options.processes,
        options.effect,
    )
    if options.keep:
        _keep(study, options.stress)
    if options.as_json:
        print_json(_values(study, options.stress))
    else:
        _print(study, options)
    return 0


def _keep(study: "Study", stress: str) -> None:
    """Keep the false alarms of a study of one size without stress, which warnings come from."""
    import polars as pl

    from sim.evaluate.power.standing import SIMULATED, false_positives, write_false_positives

    if len(study.runs) != 1 or study.prediction is None or stress != "none":
        raise SamspelError("power: --keep takes one size of places, without a stress.")
    rows = study.runs[0].trials.rows.filter(pl.col("arm") == "none")
    write_false_positives(false_positives(rows, SIMULATED))


def _values(study: "Study", stress: str) -> dict[str, Any]:
    expected = study.prediction
    return {
        "case": study.case,
        "rollout": study.rollout,
        "unit": study.unit,
        "donors": study.places,
        "stress": stress,
        "drift_scale": study.scale,
        "expected": expected
        and {
            "years": list(expected.years),
            "mean": expected.mean,
            "low": expected.interval[0],
            "high": expected.interval[1],
        },
        "runs": [
            {
                "units": run.units,
                "years": run.years,
                "summary": run.trials.summary().to_dicts(),
                "power": _curves(run.trials),
                "loop": run.loop.to_dicts(),
            }
            for run in study.runs
        ],
    }


def _print(study: "Study", options: argparse.Namespace) -> None:
    from sim.evaluate.power.stress import STRESSES

    expected = study.prediction
    if expected is None:
        print(
            f"{study.case}: {options.draws} trials in which half of the registered are drawn to the reform; "
            "percent in work at the end of each year.\n"
            "smallest seen: of a lasting effect on those drawn, percentage points\n"
        )
    else:
        low, high = expected.interval
        print(
            f"{study.case}: {options.draws} simulated panels of {study.places + 1} places; who starts: "
            f"{study.rollout}; stress: {STRESSES[options.stress].label}.\n"
            f"Drift of places x {study.scale:.2f}, so that placebos err as in the real panel. "
            f"The model expects {expected.mean:+.2f} ({low:+.2f} to {high:+.2f}) points.\n"
        )
    _print_summaries(study)
    if len(study.runs) > 1:
        return
    run = study.runs[0]
    print(f"\npower of a 5 % test against a lasting effect of so many {study.unit}:")
    curves = _curves(run.trials)
    shown = [(name, *(f"{100 * power:.0f} %" for power in curve.values())) for name, curve in curves.items()]
    print_table(("estimator", *(f"{size:g}" for size in _SIZES)), shown)
    if expected is not None and run.loop.height:
        _print_loop(run, len(expected.order) - 1)


def _print_summaries(study: "Study") -> None:
    rows: list[Any] = [
        (
            f"{run.units or 'all'}",
            f"{run.years}",
            row["estimator"],
            f"{100 * row['false_positives']:.0f} %",
            f"{100 * row['coverage']:.0f} %",
            f"{row['bias']:+.2f}",
            f"{row['rmse']:.2f}",
            f"{100 * row['power']:.0f} %",
            f"{row['detectable']:.1f}",
        )
        for run in study.runs
        for row in run.trials.summary().iter_rows(named=True)
    ]
    header = (
        "start",
        "years",
        "estimator",
        "false alarms",
        "90 % cover",
        "bias",
        "error",
        "reform found",
        "smallest seen",
    )
    print_table(header, rows)


def _print_loop(run: "Run", others: int) -> None:
    print("\nthe loop: the model's draws updated by each simulated estimate")
    shown = [
        (
            row["estimator"],
            f"{100 * row['covered']:.0f} %",
            f"{row['width']:.2f}",
            f"{row['effective']:.0f} of {others}",
            f"{100 * row['warned']:.0f} %",
        )
        for row in run.loop.iter_rows(named=True)
    ]
    header = ("estimator", "90 % hold the truth", "width kept", "effective draws", "conflict warned")
    print_table(header, shown)


def _real(options: argparse.Namespace) -> int:
    """Hold estimators against real places where nothing is known to have happened."""
    import polars as pl

    from sim.evaluate.estimators.cohorts import COHORT
    from sim.evaluate.estimators.one_place import ONE_PLACE
    from sim.evaluate.power.real import real_trials
    from sim.evaluate.power.real_pooled import real_pooled_trials
    from sim.evaluate.power.standing import false_positives, write_false_positives

    known = (*ONE_PLACE, *COHORT)
    for name in options.design:
        if name not in known:
            raise input_error("power", "--design", name, ", ".join(known), known)
    asked = options.design or known
    summaries = [
        false_positives(trials(options.real, names, options.seed, options.processes))
        for trials, names in (
            (real_trials, [name for name in ONE_PLACE if name in asked]),
            (real_pooled_trials, [name for name in COHORT if name in asked]),
        )
        if names
    ]
    summary = pl.concat(summaries)
    path = write_false_positives(summary)
    if options.as_json:
        print_json(summary.to_dicts())
        return 0
    shown = [
        (
            row["estimator"],
            f"{100 * row['false_positives']:.1f} %",
            f"{100 * row['low']:.1f}-{100 * row['high']:.1f} %",
            f"{100 * row['coverage']:.0f} %",
            f"{row['spread']:.2f}",
        )
        for row in summary.iter_rows(named=True)
    ]
    print_table(("estimator", "false alarms", "should be", "90 % hold zero", "spread"), shown)
    print(path)
    return 0


def _curves(trials: "Trials") -> dict[str, dict[str, float]]:
    names = trials.rows["estimator"].unique().sort().to_list()
    return {
        name: {
            f"{size:g}": float(power) for size, power in zip(_SIZES, trials.curve(name, _SIZES), strict=True)
        }
        for name in names
    }
