"""The sections of the notebook on comparison: what may be said, the doses, what each does, and what decides.

Public names: `verdict`, `doses`, `outcomes`, `pairs`, `dominated`, `regret` and `turning`.
"""

from collections.abc import Sequence
from typing import Final

from sim.experiment.compare.outcomes import OUTCOMES, PAYERS
from sim.experiment.compare.study import Comparison
from sim.experiment.compare.turning import Turning
from sim.report.analyst_charts import Interval, against_chart
from sim.report.analyst_page import grid, lines, number, panel, percent, said, signed, twin
from sim.report.comparison import ComparisonFound
from sim.report.comparison_verdict import paired
from sim.report.markup import Section, paragraph, section

_MILLION: Final = 1e6
_NAMES: Final = {
    "employed": "people in work in the last month",
    "months_in_work": "months in work since the start",
    "months_unsubsidised": "months in work without subsidy since the start",
    "assistance_households": "households with social assistance in the last month",
}
_WHY: Final = {
    "": "yes",
    "as_stated": "not asked for",
    "no_dose": "no: nothing to scale",
    "below": "no: costs less at any dose",
    "above": "no: costs more at any dose",
    "steps": "no: jumps over it",
}


def verdict(found: ComparisonFound) -> Section:
    """Write what may be said, bound to intervals, in the language asked for."""
    return said(*found.verdict)


def doses(found: ComparisonFound) -> Section:
    """Draw what each policy costs the payer at its dose, and list how it got there."""
    done = found.comparison
    outcome = f"{'spending' if done.question.cost == 'spending' else 'net'}_{done.question.payer}"
    sign = 1.0 if done.question.cost == "spending" else -1.0
    rows, drawn = [], []
    for candidate, dose in zip(done.candidates, done.scaled, strict=True):
        row = _row(done, candidate.name, outcome)
        low, high = sorted((sign * row["low"] / _MILLION, sign * row["high"] / _MILLION))
        mean = sign * row["mean"] / _MILLION
        drawn.append(
            Interval(candidate.name, mean, low, high, hollow=not (dose.equal or dose.why == "as_stated"))
        )
        name = candidate.dose.name if candidate.dose else "none"
        divided = " (divided)" if candidate.dose and candidate.dose.inverse else ""
        tried = f"{number(dose.least / _MILLION)} to {number(dose.most / _MILLION)}"
        shown = _text(mean, low, high)
        rows.append(
            (candidate.name, f"{name}{divided}", number(dose.multiplier), shown, _WHY[dose.why], tried)
        )
    aim = None if done.budget is None else done.budget / _MILLION
    goal = "Doses are as stated." if aim is None else f"To be reached: {aim:.1f} million kronor on average."
    what = f"{done.question.cost} of the {done.question.payer} by policy"
    alt = f"{what}, million kronor: {_said(drawn)}. {goal}"
    table = twin(
        "cost and dose",
        ("policy", "dose", "times", "million kronor (90 %)", "same cost", "means tried"),
        rows,
    )
    title = f"What each costs the {done.question.payer} in {done.months} months"
    note = f"{goal} Hollow: not at that cost. 90 % of {_draws(done)} draws."
    return grid(panel(title, note, against_chart(drawn, "million kronor", aim, alt), table))


def outcomes(found: ComparisonFound) -> Section:
    """Draw what each policy changes: work, assistance, and the results of the payers it touches."""
    done = found.comparison
    shown = dict.fromkeys((*_NAMES, f"net_{done.question.payer}", "net_public"))
    panels = [_outcome(done, outcome) for outcome in shown]
    touched = [payer for payer in PAYERS if _touched(done, f"net_{payer}")]
    results = [
        (name, *(_interval(_row(done, name, f"net_{payer}"), _MILLION) for payer in touched))
        for name in done.names
    ]
    payers = lines("Net result by payer, million kronor", ("policy", *touched), results, "minus: a loss")
    costs = []
    for name in done.names:
        texts = []
        for payer in dict.fromkeys((done.question.payer, "public")):
            cost = done.month_cost(name, payer)
            ends = cost and [number(value / 1000) for value in (cost.mean, cost.low, cost.high)]
            texts.append("cannot be said" if not ends else f"{ends[0]} ({ends[1]} to {ends[2]})")
        costs.append((name, *texts))
    header = ("policy", *dict.fromkeys((done.question.payer, "public")))
    note = "spending on the policy; cannot be said where the extra months may be none"
    table = lines("Thousand kronor per extra month in work", header, costs, note)
    return section(grid(*panels).html, payers, table)


def pairs(found: ComparisonFound) -> Section:
    """Draw each policy against the first, within draws, in every outcome that is judged."""
    done = found.comparison
    first = done.names[0]
    panels = [_against(done, outcome, first) for outcome in done.judged]
    return grid(*panels) if len(done.names) > 1 else said("There is one policy.")


def dominated(found: ComparisonFound) -> Section:
    """List how probably each policy is worse than each other in every outcome judged."""
    done = found.comparison
    here = done.dominance.filter(scenario=done.scenario)
    rows = [
        (
            row["policy"],
            row["other"],
            percent(row["probability"]),
            "dominated" if row["dominated"] else "cannot be said",
            f"{row['weakest']} ({percent(row['weakest_probability'])})",
        )
        for row in here.iter_rows(named=True)
    ]
    if not rows:
        return said("Fewer than two policies are at the same cost.")
    note = (
        f"share of {_draws(done)} draws in which it is better in nothing and worse in something; from "
        f"{percent(done.question.limit)} it is called dominated. Judged: {', '.join(done.judged)}"
    )
    header = ("policy", "than", "worse in all", "verdict", "least often worse in")
    return section(lines("Worse in everything", header, rows, note, left=1))


def regret(found: ComparisonFound) -> Section:
    """Draw what each policy loses against the best of each scenario."""
    done = found.comparison
    if len(done.ranked) < 2:
        return said("Fewer than two policies are at the same cost.")
    unit = OUTCOMES[done.question.by][0]
    scale = _scale(done.question.by)
    panels = []
    for scenario in done.question.scenarios:
        mine = done.regret.filter(scenario=scenario)
        best = mine["best"][0]
        drawn = [
            Interval(row["policy"], row["loss"] / scale, row["low"] / scale, row["high"] / scale)
            for row in mine.iter_rows(named=True)
        ]
        label = found.labels.scenario(scenario)
        alt = f"Loss of {done.question.by} against {best} in {scenario}, {unit}: {_said(drawn)}."
        rows = [
            (row["policy"], _text(row["loss"] / scale, row["low"] / scale, row["high"] / scale),
             percent(row["p_best"]))
            for row in mine.iter_rows(named=True)
        ]  # fmt: skip
        table = twin(f"regret, {scenario}", ("policy", "loss (90 %)", "best in draws"), rows)
        note = f"Best on average: {best}. Below zero: better than it."
        panels.append(panel(label[:1].upper() + label[1:], note, against_chart(drawn, unit, 0.0, alt), table))
    once = done.regret.unique("policy", keep="first", maintain_order=True)
    summed = [
        (row["policy"], signed(row["largest"] / scale, 1), signed(row["average"] / scale, 1))
        for row in once.iter_rows(named=True)
    ]
    caption = f"Mean loss of {done.question.by} over scenarios"
    table = lines(caption, ("policy", "largest", "average"), summed, "each scenario counted once")
    return section(grid(*panels).html, table)


def turning(found: ComparisonFound) -> Section:
    """List the assumptions whose draws separate the better from the worse, or say that none does."""
    done = found.comparison
    if not done.turning:
        return said("Fewer than two policies are at the same cost.")
    return section(*(_turning(one, done.question.by) for one in done.turning))


def _turning(one: Turning, by: str) -> str:
    better = f"{one.policy} is better than {one.other} in {one.better} of {one.better + one.worse} draws."
    if not one.tested:
        return paragraph(better, "Too few draws lie on one side to tell which assumption decides.")
    if one.parameters.is_empty():
        return paragraph(better, f"None of {one.tested} assumptions separates the two beyond chance.")
    scale = _scale(by)
    rows = [
        (
            row["label_en"],
            row["grade"],
            number(row["distance"], 2),
            number(row["q_value"], 1),
            f"{number(row['split'])} {row['unit']}",
            f"{signed(row['below'] / scale, 1)} ({percent(row['p_below'])})",
            f"{signed(row['above'] / scale, 1)} ({percent(row['p_above'])})",
            "yes" if row["turns"] else "no",
        )
        for row in one.parameters.iter_rows(named=True)
    ]
    header = (
        "assumption",
        "grade",
        "distance",
        "q",
        "splits at",
        "mean below",
        "mean above",
        "turns the order",
    )
    caption = f"What decides between {one.policy} and {one.other}"
    return lines(caption, header, rows, f"{better} {one.tested} assumptions tested", left=1)


def _outcome(done: Comparison, outcome: str) -> Section:
    """Return one outcome of all policies."""
    scale, unit = _scale(outcome), _unit(outcome)
    drawn = []
    for name in done.names:
        mean, low, high = (_row(done, name, outcome)[key] / scale for key in ("mean", "low", "high"))
        text = _text(mean, low, high)
        drawn.append(Interval(name, mean, low, high, hollow=name not in done.ranked, text=text))
    title = _NAMES.get(outcome, f"net result of {outcome.removeprefix('net_')}")
    alt = f"Change by each policy in {title}, {unit}: {_said(drawn)}."
    rows = [(one.name, _text(one.mean, one.low, one.high)) for one in drawn]
    return panel(
        title[:1].upper() + title[1:],
        f"Against doing nothing, {unit}; 90 % of {_draws(done)} draws.",
        against_chart(drawn, unit, 0.0, alt),
        twin(title, ("policy", f"{unit} (90 %)"), rows),
    )


def _against(done: Comparison, outcome: str, first: str) -> Section:
    """Return one outcome of all other policies minus the first."""
    scale, unit = _scale(outcome), _unit(outcome)
    own = done.differences.filter(scenario=done.scenario, outcome=outcome, other=first)
    drawn, rows = [], []
    for name in done.names[1:]:
        gap = paired(done.values, done.scenario, outcome, name, first)
        row = own.filter(policy=name).row(0, named=True)
        one = Interval(
            name, gap.mean / scale, gap.low / scale, gap.high / scale, hollow=name not in done.ranked
        )
        drawn.append(one)
        rows.append(
            (name, _text(one.mean, one.low, one.high), percent(row["p_better"]), percent(row["p_equal"]))
        )
    title = _NAMES.get(outcome, f"net result of {outcome.removeprefix('net_')}")
    better = "more" if OUTCOMES[outcome][1] > 0 else "less"
    alt = f"Difference from {first} in {title}, {unit}: {_said(drawn)}."
    return panel(
        f"{title[:1].upper()}{title[1:]}: difference from {first}",
        f"Within draws, {unit}; {better} is better.",
        against_chart(drawn, unit, 0.0, alt),
        twin(f"{title} against {first}", ("policy", f"{unit} (90 %)", "better", "the same"), rows),
    )


def _row(done: Comparison, policy: str, outcome: str) -> dict[str, float]:
    return done.outcomes.filter(scenario=done.scenario, policy=policy, outcome=outcome).row(0, named=True)


def _interval(row: dict[str, float], scale: float) -> str:
    return _text(row["mean"] / scale, row["low"] / scale, row["high"] / scale)


def _touched(done: Comparison, outcome: str) -> bool:
    own = done.outcomes.filter(scenario=done.scenario, outcome=outcome)
    return bool(own.select("low", "high").to_numpy().any())


def _draws(done: Comparison) -> int:
    return int(done.outcomes["n"].max() or 0)  # type: ignore[arg-type]


def _scale(outcome: str) -> float:
    return _MILLION if outcome.startswith("net_") else 1.0


def _unit(outcome: str) -> str:
    return "million kronor" if outcome.startswith("net_") else OUTCOMES[outcome][0]


def _said(drawn: Sequence[Interval]) -> str:
    return "; ".join(f"{one.name} {_text(one.mean, one.low, one.high)}" for one in drawn)


def _text(middle: float, low: float, high: float) -> str:
    """Return mean and interval with one decimal; whole where any of them is a hundred or more."""
    digits = 0 if max(map(abs, (middle, low, high))) >= 100 else 1
    return f"{signed(middle, digits)} ({signed(low, digits)} to {signed(high, digits)})"
