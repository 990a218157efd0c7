"""``samspel compare CASE POLICY...``: many policies side by side, at the same cost."""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.compare_tables import comparison_tables
from sim.commands.shared import json_option, print_json, print_table, whole_number
from sim.core.errors import SamspelError

if TYPE_CHECKING:
    from sim.experiment.compare.study import Comparison

_MILLION = 1e6


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    add = parser.add_argument
    add("case", metavar="CASE", help="name of a case (see samspel cases), or a case file")
    add("policies", nargs="+", metavar="POLICY",
        help="a case, only:LEVER, without:LEVER, none, or NAME=lever.setting=value,...; see docs/compare.md; "
        "a single one is compared with the case's own")  # fmt: skip
    add("--payer", default="municipality", metavar="PAYER",
        help="whose cost is to be the same: municipality, state, public, ...")  # fmt: skip
    add("--cost", default="spending", metavar="KIND",
        help="spending (on the policy itself) or net (all that the payer loses)")  # fmt: skip
    add("--budget", type=_number, metavar="MSEK",
        help="million kronor that each is to cost; what the first policy costs unless given")  # fmt: skip
    add("--as-stated", action="store_true", help="scale no dose: compare the policies as they are stated")
    add(
        "--months",
        type=whole_number(1),
        metavar="N",
        help="months that are counted; the horizon unless given",
    )
    add("--tolerance", type=_number, default=0.01, metavar="X", help="share by which costs may differ; 0.01")
    add(
        "--by",
        default="months_in_work",
        metavar="OUTCOME",
        help="what policies are ranked by; months_in_work",
    )
    add("--limit", type=_number, default=0.80, metavar="P",
        help="least probability to call a policy worse in everything; 0.80")  # fmt: skip
    add("--scenario", dest="scenarios", action="append", default=[], metavar="NAME",
        help="may be repeated, the first decides the doses; base, recession, boom, newcomers")  # fmt: skip
    add("--replications", type=whole_number(1), default=100, metavar="N", help="draws of all parameters; 100")
    add("--seed", type=whole_number(0), default=1, metavar="S", help="root of all randomness")
    add("--processes", type=whole_number(1), metavar="N", help="processes; one per processor unless given")
    add("--size", type=whole_number(1), metavar="N",
        help="residents aged 16-64 to simulate in each municipality; one for one unless given")  # fmt: skip
    add("--out", type=Path, metavar="DIR", help="folder of the results; runs/ unless given")
    add("--set", dest="settings", action="append", default=[], metavar="KEY=VALUE",
        help="change the case for all policies: horizon=36; may be repeated")  # fmt: skip
    add("--lang", default="sv", metavar="LANG", help="language of the verdict: sv or en")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Compare the policies, and print what was found."""
    from sim.experiment.compare.question import Question
    from sim.experiment.compare.study import compare_policies
    from sim.policy.case import apply_settings, load_case
    from sim.report.comparison_verdict import comparison_sentences
    from sim.report.words import check_language

    check_language("compare", "--lang", options.lang)
    if options.as_stated and options.budget is not None:
        raise SamspelError("compare: --as-stated scales no dose. Allowed: --budget without --as-stated.")
    question = Question(
        payer=options.payer,
        cost=options.cost,
        budget=None if options.budget is None else options.budget * _MILLION,
        equal=not options.as_stated,
        months=options.months,
        tolerance=options.tolerance,
        by=options.by,
        limit=options.limit,
        scenarios=tuple(options.scenarios),
        draws=options.replications,
        seed=options.seed,
        size=options.size,
    )
    case = apply_settings(load_case(options.case), options.settings)
    found = compare_policies(case, options.policies, question, options.processes, options.out)
    sentences = comparison_sentences(found, options.lang)
    if options.as_json:
        print_json(_values(found, sentences))
    else:
        _print(found, sentences)
    return 0


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number") from error


def _print(found: "Comparison", sentences: Sequence[str]) -> None:
    asked = found.question
    print(
        f"{found.case.name}: {len(found.names)} policies, {asked.draws} draws, {found.months} months, "
        f"scenario {found.scenario}; doses are found there. Differences are within draws."
    )
    for title, header, rows in comparison_tables(found):
        print(f"\n{title}")
        print_table(header, rows)
    print()
    for sentence in sentences:
        print(sentence)
    if found.failed:
        print(f"{found.failed} runs failed; their draws are left out: {found.folder / 'log.txt'}")
    print(f"\nStore: {found.folder} (fingerprint {found.fingerprint})")


def _values(found: "Comparison", sentences: Sequence[str]) -> dict[str, Any]:
    policies = [
        {"name": one.name, "text": one.text, "dose": one.dose and one.dose.name, **asdict(dose)}
        for one, dose in zip(found.candidates, found.scaled, strict=True)
    ]
    months = [
        {"policy": name, "payer": payer, "kronor_per_extra_month": cost and asdict(cost)}
        for name in found.names
        for payer in dict.fromkeys((found.question.payer, "public"))
        for cost in [found.month_cost(name, payer)]
    ]
    turning = [{**asdict(one), "parameters": one.parameters.to_dicts()} for one in found.turning]
    return {
        "case": found.case.name,
        "question": asdict(found.question),
        "budget": found.budget,
        "policies": policies,
        "ranked": list(found.ranked),
        "outcomes": found.outcomes.to_dicts(),
        "cost_of_extra_month": months,
        "differences": found.differences.to_dicts(),
        "dominance": found.dominance.to_dicts(),
        "places": found.places.to_dicts(),
        "regret": found.regret.to_dicts(),
        "turning": turning,
        "verdict": list(sentences),
        "failed": found.failed,
        "folder": str(found.folder),
        "fingerprint": found.fingerprint,
    }
