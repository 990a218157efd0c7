"""``samspel evaluate``: estimate what a case's reform did, by official figures or a table of one's own."""

import argparse
import math
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.shared import json_option, print_json, print_table, whole_number
from sim.core.errors import SamspelError, input_error

if TYPE_CHECKING:
    from sim.evaluate.estimators.result import Estimate
    from sim.evaluate.ex_post.evaluation import Evaluation
    from sim.evaluate.ex_post.plan import Plan
    from sim.evaluate.ex_post.prediction import Prediction


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add = parser.add_argument
    add("case", metavar="CASE", help="name of a case (see samspel cases), or a case file")
    add("--outcome", metavar="NAME", help="the statistic; stativ_share unless given")
    add("--design", metavar="NAME", help="estimator of the verdict; prepath_regression unless given")
    add("--last", type=whole_number(2000), metavar="YEAR", help="last year used; 2019 unless given")
    add("--smallest", type=float, metavar="X", help="with --seal: the smallest effect that would matter")
    add("--file", type=Path, metavar="FILE", help="a table of one's own: place, period, value (CSV or Excel)")
    add("--seal", type=Path, metavar="PLAN.yaml", help="estimate nothing; write the plan and seal it")
    add("--plan", type=Path, metavar="PLAN.yaml", help="follow a sealed plan; what differs is listed")
    add("--pool", nargs="+", action="extend", default=[], metavar="CASE",
        help="instead estimate the mean effect of CASE and these cases")  # fmt: skip
    add("--draws", type=whole_number(0), default=100, metavar="N",
        help="draws of the model's own prediction; 0 leaves it out")  # fmt: skip
    add("--lang", default="sv", metavar="LANG", help="language of the verdict: sv or en")
    add("--processes", type=whole_number(1), metavar="N", help="processes; one per processor unless given")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Seal a plan, or estimate and print."""
    from sim.evaluate.ex_post.evaluation import evaluate_case
    from sim.evaluate.ex_post.plan import read_plan, seal_plan
    from sim.evaluate.ex_post.prediction import predict_effect
    from sim.evaluate.panels.own import read_own
    from sim.policy.case import load_case
    from sim.report.words import check_language

    check_language("evaluate", "--lang", options.lang)
    if options.seal and options.plan:
        raise SamspelError("evaluate: --seal and --plan were both given. Allowed: one of them.")
    if options.pool:
        return _pooled([load_case(name) for name in (options.case, *options.pool)], options)
    case = load_case(options.case)
    sealed, day = read_plan(options.plan) if options.plan else (None, None)
    if sealed and sealed.case != case.name:
        raise input_error(options.plan, "case", sealed.case, f"a plan for {case.name}")
    plan = _plan(options, case, sealed)
    if options.seal:
        mark = seal_plan(plan, options.seal, date.today().isoformat())
        print(f"{options.seal}\nsealed {date.today().isoformat()}, {mark}")
        return 0
    rows = read_own(options.file) if options.file else None
    found = evaluate_case(case, plan, rows, sealed, day)
    predicted = None
    if options.draws and rows is None:
        predicted = predict_effect(
            case, found.design, found.panel.after, plan.outcome, options.draws, processes=options.processes
        )
    if options.as_json:
        print_json(_values(found, predicted, options.lang))
    else:
        _print(found, predicted, options.lang)
    return 0


def _pooled(cases: list[Any], options: argparse.Namespace) -> int:
    """Print the mean effect of several cases."""
    from sim.evaluate.ex_post.pooled import evaluate_pooled
    from sim.evaluate.panels.official import PRIMARY_LAST

    found = evaluate_pooled(cases, options.outcome or "stativ_share", options.last or PRIMARY_LAST)
    keys = (
        "estimator",
        "effect",
        "se",
        "low",
        "high",
        "p_value",
        "pretrend",
        "inference",
        "path",
        "warnings",
    )
    if options.as_json:
        print_json(
            {
                "cases": [case.name for case in cases],
                "treated": dict(found.panel.first),
                "donors": len(found.panel.donors),
                "estimates": [{key: getattr(one, key) for key in keys} for one in found.estimates],
                "two_way_fixed_effects": {"effect": found.two_way_effect, "comparisons": dict(found.two_way)},
                "honest_bounds": found.bounds and list(found.bounds),
            }
        )
        return 0
    print(
        f"{', '.join(case.name for case in cases)}: {len(found.panel.treated)} municipalities pooled, "
        f"{len(found.panel.donors)} to compare with; the year before the first whole "
        "one may be treated in part\n"
    )
    rows = [
        (
            *_figures(one),
            "" if one.pretrend is None else f"{one.pretrend:.2f}",
            f"{one.diagnostics['clustered_se']:.2f}",
        )
        for one in found.estimates
    ]
    print_table(("estimator", "effect", "s.e.", "90 % interval", "p", "fit before, p", "usual s.e."), rows)
    for one in found.estimates:
        for warning in one.warnings:
            print(f"{one.estimator}: {warning}")
    bounds = "{:+.2f} to {:+.2f}".format(*found.bounds) if found.bounds else "too few are treated to say"
    print(f"\nif paths may part after as much as they did before: {bounds}")
    print(
        f"two-way fixed effects would say {found.two_way_effect:+.2f}; of its weight "
        f"{100 * found.two_way['later_vs_earlier'][0]:.1f} % compares with places already treated"
    )
    return 0


def _figures(one: "Estimate") -> tuple[str, ...]:
    """Return what every table of estimates begins with: name, effect, standard error, interval, p-value."""
    interval = f"{one.low:+.2f} to {one.high:+.2f}" if math.isfinite(one.low + one.high) else "no ends"
    error = "" if math.isnan(one.se) else f"{one.se:.2f}"
    return one.estimator, f"{one.effect:+.2f}", error, interval, f"{one.p_value:.2f}"


def _plan(options: argparse.Namespace, case: Any, sealed: "Plan | None") -> "Plan":
    """Return the plan of the options; what is not given is as sealed, or the usual."""
    from sim.evaluate.ex_post.evaluation import PRIMARY, plan_of
    from sim.evaluate.panels.official import PRIMARY_LAST

    return plan_of(
        case,
        options.outcome or (sealed.outcome if sealed else "stativ_share"),
        options.design or (sealed.estimator if sealed else PRIMARY),
        options.last or (sealed.last if sealed else PRIMARY_LAST),
        options.smallest if options.smallest is not None else (sealed.smallest if sealed else 0.0),
    )


def _values(found: "Evaluation", predicted: "Prediction | None", lang: str) -> dict[str, Any]:
    from dataclasses import asdict

    from sim.evaluate.ex_post.beside import published_levels
    from sim.evaluate.panels.covariates import balance

    return {
        "case": found.case.name,
        "treated": list(found.design.treated),
        "start": found.design.start,
        "before": list(found.panel.before),
        "after": list(found.panel.after),
        "left_out": list(found.panel.left_out),
        "donors": len(found.panel.donors),
        "sealed_on": found.sealed_on,
        "deviations": {key: [str(old), str(new)] for key, (old, new) in found.deviations.items()},
        "estimates": [
            {
                key: _finite(getattr(one, key))
                for key in ("estimator", "effect", "se", "low", "high", "p_value", "pretrend", "inference")
            }
            | {"rank": one.rank if one.placebos else None, "warnings": list(one.warnings)}
            for one in found.estimates
        ],
        "in_time": dict(found.in_time),
        "spill_over": [
            {
                "place": one.place,
                "effect": one.effect,
                "low": one.low,
                "high": one.high,
                "p_value": one.p_value,
            }
            for one in found.spill
        ],
        "detectable": found.detectable,
        "balance": [
            {"covariate": name, "treated": own, "donors": others, "standardised": apart}
            for name, own, others, apart in balance(found.panel)
        ],
        "published_beside": [asdict(level) for level in published_levels(found.design)],
        "prediction": predicted
        and {"years": list(predicted.years), "mean": predicted.mean, "interval": list(predicted.interval)},
        "verdict": _verdict(found, predicted, lang),
    }


def _finite(value: object) -> object:
    """Return a value for JSON, which has no infinity: none where there is no end."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _verdict(found: "Evaluation", predicted: "Prediction | None", lang: str) -> list[str]:
    from sim.evaluate.update.reweight import reweight
    from sim.report.verdict import verdict_sentences

    surprise = reweight(predicted.draws, found.main.effect, found.main.se).surprise if predicted else None
    return verdict_sentences(found.main, found.detectable, predicted, surprise, lang)


def _print(found: "Evaluation", predicted: "Prediction | None", lang: str) -> None:
    from sim.evaluate.ex_post.beside import published_levels
    from sim.evaluate.panels.covariates import balance

    panel = found.panel
    print(
        f"{found.case.name}: {panel.outcome} of {found.design.name}, "
        f"{panel.before[0]}-{panel.before[-1]} against {panel.after[0]}-{panel.after[-1]}, "
        f"{len(panel.donors)} places to compare with\n"
    )
    rows = [
        (
            *_figures(one),
            f"{one.rank} of {len(one.placebos) + 1}" if one.placebos else "",
            "" if one.pretrend is None else f"{one.pretrend:.2f}",
        )
        for one in found.estimates
    ]
    print_table(("estimator", "effect", "s.e.", "90 % interval", "p", "rank", "fit before, p"), rows)
    print(f"\nsmallest effect seen four times in five: {found.detectable:.2f} {panel.unit}")
    if found.in_time:
        print(
            "found at earlier starts: "
            + ", ".join(f"{year} {effect:+.2f}" for year, effect in found.in_time.items())
        )
    if found.spill:
        shown = (f"{one.place} {one.effect:+.2f} (p {one.p_value:.2f})" for one in found.spill)
        print("border neighbours: " + ", ".join(shown))
    alike = (f"{name} {apart:+.1f}" for name, _, _, apart in balance(panel))
    print("how far from those compared, in their standard deviations: " + ", ".join(alike))
    print("published beside it, for each 1,000 residents (levels of a year, not effects):")
    for level in published_levels(found.design):
        own = "not published" if level.treated is None else f"{level.treated:.1f}"
        when = "before the start" if level.before else "after it"
        print(
            f"  {level.name} {level.year}, {level.months} months, {when}: {own}; of {level.others} others "
            f"the median {level.middle:.1f}, four in five {level.low:.1f} to {level.high:.1f}"
        )
    if predicted:
        low, high = predicted.interval
        print(
            f"the model expected {predicted.mean:+.2f} ({low:+.2f} to {high:+.2f}), mean of {predicted.years}"
        )
    for one in found.estimates:
        for warning in one.warnings:
            print(f"{one.estimator}: {warning}")
    print()
    print("\n".join(_verdict(found, predicted, lang)))
    for key, (old, new) in found.deviations.items():
        print(f"deviation from the plan sealed on {found.sealed_on}: {key} {old!r} -> {new!r}")
