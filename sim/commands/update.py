"""``samspel update``: let an estimate change what the model believes, under a new name."""

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from sim.commands.shared import json_option, print_json, print_table, whole_number
from sim.core.errors import SamspelError, input_error

if TYPE_CHECKING:
    from sim.evaluate.update.case import CaseUpdate

_SHOWN = 8


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add = parser.add_argument
    add("case", metavar="CASE", help="name of a case (see samspel cases), or a case file")
    add(
        "--estimate",
        type=float,
        metavar="X",
        help="an estimate of one's own; that of samspel evaluate unless given",
    )
    add("--se", type=float, metavar="X", help="its standard error")
    add(
        "--years", metavar="FIRST-LAST", help="with --estimate: the year, or the years that it is the mean of"
    )
    add("--source", default="", metavar="TEXT", help="with --estimate: where it was published")
    add(
        "--draws",
        type=whole_number(20),
        default=200,
        metavar="N",
        help="draws of the prediction; 200 unless given",
    )
    add("--save", metavar="NAME", help="keep the result in params/posteriors under a new name")
    add("--processes", type=whole_number(1), metavar="N", help="processes; one per processor unless given")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Re-weight the draws of a case, print before and after, and save."""
    from sim.evaluate.ex_post.evaluation import PRIMARY, evaluate_case, plan_of
    from sim.evaluate.ex_post.prediction import predict_effect
    from sim.evaluate.panels.designs import case_design
    from sim.evaluate.panels.official import PRIMARY_LAST
    from sim.evaluate.update.case import posterior_of, update_case
    from sim.policy.case import load_case
    from sim.policy.posteriors import save_posterior

    case = load_case(options.case)
    if (options.estimate is None) != (options.se is None):
        raise SamspelError("update: --estimate and --se belong together. Allowed: both, or none of them.")
    if options.estimate is None:
        found = evaluate_case(case, plan_of(case, "stativ_share", PRIMARY, PRIMARY_LAST), others=())
        estimate, se, years = found.main.effect, found.main.se, list(found.panel.after)
        source = f"samspel evaluate {case.name}: {PRIMARY}, {found.main.inference}"
    else:
        estimate, se, source = options.estimate, options.se, options.source or "given by hand"
        years = _years(options.years, int(case.start[:4]))
    prediction = predict_effect(
        case, case_design(case), years, draws=options.draws, processes=options.processes
    )
    result = update_case(case, prediction, estimate, se)
    path = None
    if options.save:
        described = {
            "case": case.name,
            "outcome": prediction.outcome,
            "years": list(prediction.years),
            "estimate": round(estimate, 4),
            "se": round(se, 4),
            "source": source,
            "day": date.today().isoformat(),
        }
        path = save_posterior(posterior_of(options.save, result, described))
    if options.as_json:
        print_json(_values(result, estimate, se, source))
    else:
        _print(result, estimate, se, source)
    if path:
        print(f"{path}\nuse it: samspel run {case.name} --replications 100 --posterior {options.save}")
    return 0


def _years(text: str | None, first: int) -> list[int]:
    if text is None:
        raise SamspelError("update: --years is needed with --estimate. Allowed: a year, or two, 2017-2019.")
    ends = text.split("-")
    if len(ends) > 2 or not all(end.isdigit() for end in ends) or not first <= int(ends[0]) <= int(ends[-1]):
        allowed = f"a year or two, not before {first}: {first} or {first}-{first + 2}"
        raise input_error("update", "--years", text, allowed)
    return list(range(int(ends[0]), int(ends[-1]) + 1))


def _values(result: "CaseUpdate", estimate: float, se: float, source: str) -> dict[str, Any]:
    update = result.update
    return {
        "estimate": estimate,
        "se": se,
        "source": source,
        "effective_draws": update.effective,
        "effect_before": update.before,
        "effect_after": update.after,
        "probability": update.surprise,
        "warnings": update.warnings,
        "parameters": {name: {"before": one[0], "after": one[1]} for name, one in result.parameters.items()},
        "beside": {name: {"before": one[0], "after": one[1]} for name, one in result.beside.items()},
    }


def _print(result: "CaseUpdate", estimate: float, se: float, source: str) -> None:
    update = result.update
    print(f"estimate {estimate:+.2f}, s.e. {se:.2f} ({source})")
    print(f"effective draws: {update.effective:.0f} of {len(update.weights)}")
    rows = [("effect on the statistic", *_both(update.before, update.after))]
    rows += [(name, *_both(*pair)) for name, pair in result.beside.items()]
    rows += [(name, *_both(*result.parameters[name])) for name in list(result.parameters)[:_SHOWN]]
    print_table(("", "before", "after"), rows)
    if not result.moved():
        print("no parameter moved by a twentieth of its spread: the estimate says next to nothing about them")
    for warning in update.warnings:
        print(f"warning: {warning}")


def _both(before: tuple[float, float, float], after: tuple[float, float, float]) -> tuple[str, str]:
    return _text(before), _text(after)


def _text(triple: tuple[float, float, float]) -> str:
    mean, low, high = triple
    return f"{mean:.3g} ({low:.3g} to {high:.3g})"
