"""``samspel compare CASE POLICY...``: many policies side by side, at the same cost."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.shared import json_option, print_json, print_table, whole_number
from sim.core.errors import SamspelError

if TYPE_CHECKING:
    from sim.experiment.compare.study import Comparison

_SHOWN = (
    "employed",
    "employed_unsubsidised",
    "months_in_work",
    "months_unsubsidised",
    "assistance_households",
)
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
    for title, header, rows in _tables(found):
        print(f"\n{title}")
        print_table(header, rows)
    print()
    for sentence in sentences:
        print(sentence)
    if found.failed:
        print(f"{found.failed} runs failed; their draws are left out: {found.folder / 'log.txt'}")
    print(f"\nStore: {found.folder} (fingerprint {found.fingerprint})")


def _tables(found: "Comparison") -> Iterator[tuple[str, Sequence[str], list[Sequence[str]]]]:
    asked = found.question
    aim = "as stated" if found.budget is None else f"to be {found.budget / _MILLION:.2f} million kronor"
    yield (
        f"Mean {asked.cost} of {asked.payer}, {aim}",
        ("policy", "dose", "times", "million kronor", "same cost", "lowest", "highest tried"),
        [_dose_row(found, number) for number in range(len(found.names))],
    )
    for title, outcomes, scale in (
        ("What each changes, mean (90 %)", _SHOWN, 1.0),
        ("Net result by payer, million kronor (minus: loss)", _named(found, "net_"), _MILLION),
        ("Spending on the policy by payer, million kronor", _named(found, "spending_"), _MILLION),
    ):
        yield title, ("policy", *outcomes), _outcome_rows(found, outcomes, scale)
    yield (
        "Spending per extra month in work, thousand kronor (- where the months may be none)",
        ("policy", asked.payer, "public"),
        [
            (name, *(_month_cost(found, name, payer) for payer in (asked.payer, "public")))
            for name in found.names
        ],
    )
    first = found.names[0]
    own = found.differences.filter(scenario=found.scenario, other=first)
    yield (
        f"Better than {first} (policy minus {first}, 90 %; probability of being better)",
        ("policy", *found.judged),
        [
            (name, *(_difference(own.filter(policy=name, outcome=outcome).row(0, named=True), outcome)
                     for outcome in found.judged))
            for name in found.names[1:]
        ],
    )  # fmt: skip
    yield (
        "Worse in all of these (share of draws); at least "
        f"{asked.limit:.2f} is dominated, else it cannot be said",
        ("policy", "than", "probability", "verdict", "least often worse in"),
        [
            (row["policy"], row["other"], f"{row['probability']:.2f}",
             "dominated" if row["dominated"] else "cannot be said",
             f"{row['weakest']} ({row['weakest_probability']:.2f})")
            for row in found.dominance.filter(scenario=found.scenario).iter_rows(named=True)
        ],
    )  # fmt: skip
    yield (
        f"Regret: {asked.by} lost against the best of each scenario, mean (90 %)",
        ("policy", *asked.scenarios, "largest", "average"),
        [_regret_row(found, name) for name in found.ranked],
    )
    yield (
        "Assumptions that separate the draws in which one is better than the other",
        ("policy", "other", "better in", "parameter", "grade", "q", "splits at", "below", "above", "turns"),
        [row for one in found.turning for row in _turning_rows(one)],
    )


def _dose_row(found: "Comparison", number: int) -> Sequence[str]:
    candidate, dose = found.candidates[number], found.scaled[number]
    why = {"": "yes", "as_stated": "not asked"}.get(dose.why, f"no: {dose.why.replace('_', ' ')}")
    money = (f"{value / _MILLION:.2f}" for value in (dose.cost, dose.least, dose.most))
    cost, least, most = money
    name = candidate.dose.name + (" (divided)" if candidate.dose.inverse else "") if candidate.dose else "-"
    return candidate.name, name, f"{dose.multiplier:.3g}", cost, why, least, most


def _named(found: "Comparison", start: str) -> list[str]:
    """Return the outcomes of payers whom any policy touches."""
    own = found.outcomes.filter(scenario=found.scenario)
    touched = own.filter((own["low"] != 0) | (own["high"] != 0))["outcome"].unique(maintain_order=True)
    return sorted((name for name in touched if name.startswith(start)), key=_payer_order)


def _payer_order(name: str) -> int:
    from sim.experiment.compare.outcomes import PAYERS

    return PAYERS.index(name.partition("_")[2])


def _outcome_rows(found: "Comparison", outcomes: Sequence[str], scale: float) -> list[Sequence[str]]:
    own = found.outcomes.filter(scenario=found.scenario)
    return [
        (name, *(_interval(own.filter(policy=name, outcome=outcome).row(0, named=True), scale)
                 for outcome in outcomes))
        for name in found.names
    ]  # fmt: skip


def _interval(row: dict[str, Any], scale: float = 1.0) -> str:
    mean, low, high = (_cell(row[key] / scale) for key in ("mean", "low", "high"))
    return f"{mean} ({low} to {high})"


def _difference(row: dict[str, Any], outcome: str) -> str:
    return f"{_interval(row, _MILLION if outcome.startswith('net_') else 1.0)}; {row['p_better']:.2f}"


def _month_cost(found: "Comparison", name: str, payer: str) -> str:
    cost = found.month_cost(name, payer)
    if cost is None:
        return "-"
    mean, low, high = (_cell(value / 1000) for value in (cost.mean, cost.low, cost.high))
    return f"{mean} ({low} to {high})"


def _regret_row(found: "Comparison", name: str) -> Sequence[str]:
    mine = found.regret.filter(policy=name)
    cells = []
    for scenario in found.question.scenarios:
        row = mine.filter(scenario=scenario).row(0, named=True)
        mean, low, high = (_cell(row[key]) for key in ("loss", "low", "high"))
        cells.append("best" if row["best"] == name else f"{mean} ({low} to {high})")
    return name, *cells, _cell(mine["largest"][0]), _cell(mine["average"][0])


def _turning_rows(one: Any) -> Iterator[Sequence[str]]:
    better = f"{one.better} of {one.better + one.worse}"
    if one.parameters.is_empty():
        said = f"none of {one.tested} above chance" if one.tested else "too few draws either way"
        yield one.policy, one.other, better, said, *[""] * 6
    for row in one.parameters.iter_rows(named=True):
        numbers = [f"{row[key]:.3g}" for key in ("q_value", "split", "below", "above")]
        turns = "yes" if row["turns"] else "no"
        yield one.policy, one.other, better, row["parameter"], row["grade"], *numbers, turns


def _cell(value: float) -> str:
    return f"{value:z,.0f}".replace(",", " ") if abs(value) >= 100 else f"{value:z.1f}"


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
        "regret": found.regret.to_dicts(),
        "turning": turning,
        "verdict": list(sentences),
        "failed": found.failed,
        "folder": str(found.folder),
        "fingerprint": found.fingerprint,
    }
