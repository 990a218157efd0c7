"""``samspel power``: what an evaluation of a case could see, by simulated trials."""

import argparse
from typing import TYPE_CHECKING, Any

from sim.commands.shared import json_option, print_json, print_table, whole_number
from sim.core.errors import SamspelError, input_error

if TYPE_CHECKING:
    import polars as pl

    from sim.evaluate.ex_post.prediction import Prediction
    from sim.evaluate.power.trials import Trials

_SIZES = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add = parser.add_argument
    add("case", nargs="?", metavar="CASE", help="name of a case (see samspel cases), or a case file")
    add("--real", type=whole_number(20), metavar="N",
        help="instead hold every estimator against N real places without a reform, and keep it")  # fmt: skip
    add("--draws", type=whole_number(10), default=200, metavar="N", help="simulated panels; 200 unless given")
    add("--design", action="append", default=[], metavar="NAME", help="an estimator; may be repeated")
    add(
        "--stress",
        default="none",
        metavar="NAME",
        help="what the estimators do not know of; none unless given",
    )
    add("--last", type=whole_number(2012), metavar="YEAR", help="last year of follow-up; 2019 unless given")
    add(
        "--effects", type=whole_number(20), default=100, metavar="N", help="draws of the reform's effect; 100"
    )
    add("--seed", type=whole_number(0), default=1, metavar="S", help="seed of the panels")
    add("--processes", type=whole_number(1), metavar="N", help="processes; one per processor unless given")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Simulate, estimate, and print what could be seen."""
    from sim.evaluate.estimators.single import SINGLE
    from sim.evaluate.ex_post.prediction import predict_effect
    from sim.evaluate.panels.designs import case_design
    from sim.evaluate.panels.official import PRIMARY_LAST, case_panel
    from sim.evaluate.power.simulated import country, matched
    from sim.evaluate.power.stress import STRESSES
    from sim.evaluate.power.trials import QUICK, run_trials
    from sim.policy.case import load_case

    if options.real:
        return _real(options)
    if options.case is None:
        raise SamspelError("power: no case was given. Allowed: the name of a case, or --real N.")
    for name in options.design:
        if name not in SINGLE:
            raise input_error("power", "--design", name, ", ".join(SINGLE), SINGLE)
    if options.stress not in STRESSES:
        raise input_error("power", "--stress", options.stress, ", ".join(STRESSES), STRESSES)
    case = load_case(options.case)
    design = case_design(case)
    last = options.last or PRIMARY_LAST
    if last < design.first:
        raise input_error("power", "--last", last, f"a year from {design.first}, the first whole one treated")
    years = list(range(design.first, last + 1))
    prediction = predict_effect(case, design, years, draws=options.effects, processes=options.processes)
    source = country(design, last, processes=options.processes)
    source = matched(source, case_panel(design, last=min(last, PRIMARY_LAST)))
    trials = run_trials(
        source,
        prediction.by_year,
        options.draws,
        tuple(options.design) or QUICK,
        options.stress,
        options.seed,
        options.processes,
    )
    loop = _loop(trials, prediction)
    low, high = prediction.interval
    if options.as_json:
        print_json(
            {
                "case": case.name,
                "years": list(prediction.years),
                "donors": len(design.donors),
                "stress": options.stress,
                "drift_scale": source.scale,
                "expected": {"mean": prediction.mean, "low": low, "high": high},
                "summary": trials.summary().to_dicts(),
                "power": _curves(trials),
                "loop": loop.to_dicts(),
            }
        )
        return 0
    print(
        f"{case.name}: {options.draws} simulated panels, {len(design.donors)} places to compare with, "
        f"follow-up {prediction.years[0]}-{prediction.years[-1]}; stress: {STRESSES[options.stress].label}.\n"
        f"Drift of places x {source.scale:.2f}, so that placebos err as in the real panel. "
        f"The model expects {prediction.mean:+.2f} ({low:+.2f} to {high:+.2f}) points.\n"
    )
    _print(trials)
    print("\nthe loop: the model's draws updated by each simulated estimate")
    shown = [
        (
            row["estimator"],
            f"{100 * row['covered']:.0f} %",
            f"{row['width']:.2f}",
            f"{row['effective']:.0f} of {len(prediction.order) - 1}",
            f"{100 * row['warned']:.0f} %",
        )
        for row in loop.iter_rows(named=True)
    ]
    header = ("estimator", "90 % hold the truth", "width kept", "effective draws", "conflict warned")
    print_table(header, shown)
    return 0


def _loop(trials: "Trials", prediction: "Prediction") -> "pl.DataFrame":
    """Return how honest updated intervals are: share that hold the truth, width kept, effective draws."""
    import polars as pl

    from sim.evaluate.update.rounds import update_rounds

    rounds = update_rounds(trials, prediction.draws)
    covered = (pl.col("low") <= pl.col("truth")) & (pl.col("truth") <= pl.col("high"))
    return rounds.group_by("estimator", maintain_order=True).agg(
        rounds=pl.len(),
        covered=covered.mean(),
        width=(pl.col("after") / pl.col("before")).mean(),
        effective=pl.col("effective").mean(),
        warned=pl.col("warned").mean(),
    )


def _real(options: argparse.Namespace) -> int:
    """Hold estimators against real places where nothing is known to have happened."""
    from sim.evaluate.estimators.single import SINGLE
    from sim.evaluate.power.real import false_positives, real_trials, write_false_positives

    known = (*SINGLE, "interrupted_series")
    for name in options.design:
        if name not in known:
            raise input_error("power", "--design", name, ", ".join(known), known)
    rows = real_trials(options.real, tuple(options.design) or known, options.seed, options.processes)
    summary = false_positives(rows)
    path = None if options.design else write_false_positives(summary)
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
    if path:
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


def _print(trials: "Trials") -> None:
    rows: list[Any] = [
        (
            row["estimator"],
            f"{100 * row['false_positives']:.0f} %",
            f"{100 * row['coverage']:.0f} %",
            f"{row['bias']:+.2f}",
            f"{row['rmse']:.2f}",
            f"{100 * row['power']:.0f} %",
            f"{row['detectable']:.1f}",
        )
        for row in trials.summary().iter_rows(named=True)
    ]
    header = ("estimator", "false alarms", "90 % cover", "bias", "error", "reform found", "smallest seen")
    print_table(header, rows)
    print("\npower of a 5 % test against a lasting effect of so many points:")
    curves = _curves(trials)
    shown = [(name, *(f"{100 * power:.0f} %" for power in curve.values())) for name, curve in curves.items()]
    print_table(("estimator", *(f"{size:g}" for size in _SIZES)), shown)
