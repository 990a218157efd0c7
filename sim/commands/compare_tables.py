"""The tables that ``samspel compare`` prints: doses, outcomes, differences, dominance, regret and turns.

Public name: `comparison_tables`.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

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


def comparison_tables(found: "Comparison") -> Iterator[tuple[str, Sequence[str], list[Sequence[str]]]]:
    """Yield each table of a comparison: its title, the heads of its columns, and its rows."""
    from sim.data.municipalities import municipality

    asked = found.question
    aim = "as stated" if found.budget is None else f"to be {found.budget / _MILLION:.2f} million kronor"
    yield (
        f"Mean {asked.cost} of {asked.payer}, {aim}",
        ("policy", "dose", "times", "million kronor", "same cost", "lowest", "highest tried"),
        [_dose_row(found, number) for number in range(len(found.names))],
    )
    if len(found.case.municipalities) > 1:
        yield (
            "People in work in the last month by municipality, mean (90 %)",
            ("policy", *(municipality(code).name for code in found.case.municipalities)),
            _place_rows(found),
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


def _place_rows(found: "Comparison") -> list[Sequence[str]]:
    from sim.experiment.compare.judge import summaries

    own = found.places.filter(scenario=found.scenario).rename({"municipality": "outcome"})
    rows = {(row["policy"], row["outcome"]): row for row in summaries(own).iter_rows(named=True)}
    return [
        (name, *(_interval(rows[name, code]) for code in found.case.municipalities)) for name in found.names
    ]


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
