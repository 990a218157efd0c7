"""``samspel sensitivity CASE``: what the uncertainty of a case's effects rests on."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.shared import json_option, print_json, whole_number
from sim.core.errors import SamspelError

if TYPE_CHECKING:
    from sim.calibrate.sensitivity.result import SensitivityResult


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add = parser.add_argument
    add("case", metavar="CASE", help="name of a case (see samspel cases), or a case file")
    add("--indicator", dest="indicators", action="append", default=[], metavar="NAME",
        help="effect to explain; may be repeated; four headline effects unless given")  # fmt: skip
    add("--month", type=whole_number(1), metavar="N", help="month of the effects; the last unless given")
    add("--trajectories", type=whole_number(2), metavar="N", help="Morris trajectories; 8 unless given")
    add(
        "--points",
        type=whole_number(20),
        metavar="N",
        help="points of the emulator's design; 800 unless given",
    )
    add("--again", type=whole_number(2), metavar="N",
        help="points run on a second chance; a quarter of them unless given")  # fmt: skip
    add("--keep", type=whole_number(1), metavar="N", help="most parameters of the emulator; 20 unless given")
    add("--seed", type=whole_number(0), default=1, metavar="S", help="root of all randomness")
    add("--processes", type=whole_number(1), metavar="N", help="processes; one per processor unless given")
    add("--size", type=whole_number(1), metavar="N",
        help="residents aged 16-64 to simulate in each municipality; one for one unless given")  # fmt: skip
    add("--out", type=Path, metavar="DIR", help="folder of the results; runs/ unless given")
    add("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE",
        help="change the case: municipal_placements.places=50; may be repeated")  # fmt: skip
    add("--what-must-be-true", dest="needed", action="store_true",
        help="tell instead how large its effect, or how short a hand-over, must be to pay")  # fmt: skip
    add("--payer", metavar="PAYER", help="with that: whose money; municipality unless given")
    add("--over", action="append", default=[], metavar="NAME",
        help="with that: uncertain number to look at; hand-over and fidelities unless given")  # fmt: skip
    add("--replications", type=whole_number(1), metavar="N", help="with that: paired draws; 200 unless given")
    add("--write", action="store_true", help="also write params/estimates/sensitivity/CASE.csv")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run what is left to run, and print what the uncertainty rests on."""
    if options.write and (options.settings or options.size or options.indicators or options.month):
        raise SamspelError(
            "sensitivity: --write keeps the headline effects of the case as it is. Allowed: --write without "
            "--indicator, --month, --set and --size."
        )
    if options.needed:
        return _what_must_be_true(options)
    if options.payer or options.over or options.replications:
        raise SamspelError(
            "sensitivity: --payer, --over and --replications are about what must be true. Allowed: "
            "--what-must-be-true with them."
        )
    from sim.calibrate.sensitivity.designs import Plan
    from sim.calibrate.sensitivity.result import write_estimates
    from sim.calibrate.sensitivity.study import case_sensitivity
    from sim.policy.case import apply_settings, load_case

    case = apply_settings(load_case(options.case), options.settings)
    given = {key: getattr(options, key) for key in ("trajectories", "points", "again", "keep", "seed")}
    if options.points and not options.again:
        given["again"] = max(2, options.points // 4)
    plan = Plan(**{key: value for key, value in given.items() if value is not None})
    result = case_sensitivity(
        case,
        options.indicators,
        options.month,
        plan,
        size=options.size,
        processes=options.processes,
        out=options.out,
    )
    written = write_estimates(result) if options.write else []
    if options.as_json:
        print_json(_values(result))
    else:
        print(result.summary())
        for path in written:
            print(path)
    return 0


def _what_must_be_true(options: argparse.Namespace) -> int:
    """Tell what must be true for the policy to pay."""
    asked = ("indicators", "trajectories", "points", "again", "keep", "write")
    if any(getattr(options, name) for name in asked):
        raise SamspelError(
            "sensitivity: --what-must-be-true reads the paired runs of a report. Allowed beside it: --payer, "
            "--over, --month, --replications, --seed, --size, --set, --processes, --out and --json."
        )
    from sim.calibrate.sensitivity.needed import what_must_be_true
    from sim.policy.case import apply_settings, load_case

    case = apply_settings(load_case(options.case), options.settings)
    found = what_must_be_true(
        case,
        options.payer or "municipality",
        options.month,
        options.over,
        options.replications or 200,
        options.seed,
        options.size,
        options.processes,
        options.out,
    )
    if options.as_json:
        tables = {name: getattr(found, name).to_dicts() for name in ("multipliers", "curve", "conditions")}
        facts = {name: getattr(found, name) for name in ("name", "payer", "month", "draws", "pays")}
        print_json({**facts, **tables})
    else:
        print(found.summary())
    return 0


def _values(result: "SensitivityResult") -> dict[str, Any]:
    return {
        "case": result.name,
        "folder": str(result.folder),
        "ran": result.ran,
        "failed": result.failed,
        "effects": [_effect(result, quality) for quality in result.quality.to_dicts()],
    }


def _effect(result: "SensitivityResult", quality: dict[str, Any]) -> dict[str, Any]:
    key = {name: quality[name] for name in ("indicator", "month")}
    tables = {
        name: getattr(result, name).filter(**key).drop(*key)
        for name in ("parameters", "grades", "regression")
    }
    return {**quality, **{name: table.to_dicts() for name, table in tables.items()}}
