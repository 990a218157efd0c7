"""Compare policies of a case: run them on the same draws, at the same cost, in several scenarios.

Public names: `compare_policies` and its result `Comparison`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sim.core.errors import SamspelError
from sim.data.margins import margins_at
from sim.experiment.compare.candidates import Candidate, read_candidates
from sim.experiment.compare.doses import at_dose
from sim.experiment.compare.equal_cost import Costs, Scaled, equal_doses, unscaled
from sim.experiment.compare.judge import Cost, cost_of_month, differences, dominance, regrets, summaries
from sim.experiment.compare.outcomes import (
    OUTCOMES,
    costs_by_draw,
    employed_by_place,
    outcomes_by_draw,
)
from sim.experiment.compare.question import PUBLIC, Question, checked_question
from sim.experiment.compare.rounds import open_rounds
from sim.experiment.compare.tasks import CompareTasks
from sim.experiment.compare.turning import Turning, turning_points
from sim.experiment.regions import run_together
from sim.experiment.runner import Places
from sim.policy.case import Case


@dataclass(frozen=True)
class Comparison:
    """What a comparison found.

    Attributes:
        case: The case.
        question: What was asked, all defaults filled in.
        candidates: The policies.
        scaled: The dose of each, and whether it costs the same as the others.
        budget: What each was to cost, kronor; None where doses were not scaled.
        values: Scenario, policy, draw, outcome and value: all that follows is made of it.
        outcomes: Mean, interval and n by scenario, policy and outcome.
        differences: Ordered pairs of policies, paired within draws (`sim.experiment.compare.judge`).
        dominance: Ordered pairs: how probably the first is worse in every outcome of ``judged``.
        judged: The outcomes that dominance looks at, with the sign that is better.
        regret: What is lost against the best policy of each scenario in ``question.by``.
        turning: For the best policy of the case's scenario against each other: what would change the order.
        places: Scenario, policy, draw, municipality and value: people in work in each, in the last month.
        failed: Number of failed runs, whose draws are left out.
        folder: Where the runs are kept.
        fingerprint: Twelve digits that change with every input and source that can move a result.
    """

    case: Case
    question: Question
    candidates: tuple[Candidate, ...]
    scaled: tuple[Scaled, ...]
    budget: float | None
    values: pl.DataFrame
    outcomes: pl.DataFrame
    differences: pl.DataFrame
    dominance: pl.DataFrame
    judged: dict[str, int]
    regret: pl.DataFrame
    turning: tuple[Turning, ...]
    places: pl.DataFrame
    failed: int
    folder: Path
    fingerprint: str

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all policies, in order."""
        return tuple(one.name for one in self.candidates)

    @property
    def ranked(self) -> tuple[str, ...]:
        """Return the policies that may be held against each other: those at the same cost."""
        return _ranked(self.candidates, self.scaled)

    @property
    def months(self) -> int:
        """Return the months that are counted."""
        return self.question.months or self.case.horizon

    @property
    def scenario(self) -> str:
        """Return the scenario that doses are found in and verdicts are given for."""
        return self.question.scenarios[0]

    def month_cost(self, policy: str, payer: str) -> Cost | None:
        """Return a payer's spending on a policy per extra month in work, in the first scenario."""
        own = self.values.filter(scenario=self.scenario, policy=policy).sort("draw")
        spent, months = (
            own.filter(outcome=name)["value"].to_numpy() for name in (f"spending_{payer}", "months_in_work")
        )
        return cost_of_month(spent, months)


def compare_policies(
    case: Case,
    policies: Sequence[str],
    question: Question | None = None,
    processes: int | None = None,
    out: Path | None = None,
    progress: bool = True,
) -> Comparison:
    """Run what has not been run, and return what the policies of a case do beside each other.

    Doses are found in the first scenario and kept in the others: they are decided before it is known which of
    them comes.

    Args:
        case: The case, with settings applied.
        policies: The policies (`sim.experiment.compare.candidates`).
        question: What is asked.
        processes: Number of processes; 1 runs in this one, None takes one per processor.
        out: Where experiments are kept; ``runs/`` in the project folder unless given.
        progress: Show a bar when standard error is a terminal.

    Raises:
        SamspelError: A policy or a part of the question is not allowed, every run failed, or the folder
            cannot be written.
    """
    asked = checked_question(case, question or Question())
    candidates = tuple(read_candidates(case, policies))
    tasks = CompareTasks(case, candidates, asked.draws, asked.seed, asked.burn_in, asked.size)
    persons = {code: margins_at(code, case.first_month).residents(16, 64) for code in case.municipalities}
    labels = [market.label for market in run_together(case, persons)]
    month = asked.months or case.horizon
    with open_rounds(case, candidates, asked, Places(processes), out, progress) as runs:
        each = asked.draws * len(labels)

        def costs(wanted: Sequence[tuple[int, float]]) -> list[float]:
            doses = {f"{number}@{multiplier!r}": (number, multiplier) for number, multiplier in wanted}
            named = [(label, _at(candidates[n], m)) for label, (n, m) in doses.items()]
            keys = runs.complete(tasks.tasks(asked.scenarios[0], named), each)
            found = costs_by_draw(runs.effects(keys), labels, asked.payer, asked.cost, month)
            means = dict(found.group_by("policy").agg(pl.col("value").mean()).iter_rows())
            return [means[label] for label in doses]

        scaled = _scale(candidates, asked, costs)
        final = [(one.name, _at(one, dose.multiplier)) for one, dose in zip(candidates, scaled, strict=True)]
        keys = [
            key for scenario in asked.scenarios for key in runs.complete(tasks.tasks(scenario, final), each)
        ]
        values = _complete(outcomes_by_draw(runs.effects(keys), labels, month), len(candidates))
        places = employed_by_place(runs.effects(keys), case.municipalities, month)
        failed = runs.failed(keys)
        fingerprint = runs.keep(asked, candidates, scaled, keys)
    judged = _judged(asked.payer)
    ranked = _ranked(candidates, scaled)
    regret = regrets(values, asked.by, OUTCOMES[asked.by][1], ranked)
    budget = asked.budget if asked.budget is not None else scaled[0].cost
    return Comparison(
        case,
        asked,
        candidates,
        tuple(scaled),
        budget if asked.equal else None,
        values,
        summaries(values),
        differences(
            values, {name: sign for name, (_, sign) in OUTCOMES.items()}, [c.name for c in candidates]
        ),
        dominance(values, judged, ranked, asked.limit),
        judged,
        regret,
        _turning(values, regret, asked, tasks),
        places.join(values.select("scenario", "draw").unique(), on=["scenario", "draw"], how="semi"),
        failed,
        runs.store.folder,
        fingerprint,
    )


def _scale(candidates: Sequence[Candidate], asked: Question, costs: Costs) -> list[Scaled]:
    if not asked.equal:
        return unscaled(len(candidates), costs)
    try:
        return equal_doses([one.dose for one in candidates], costs, asked.budget, asked.tolerance)
    except ValueError as error:
        raise SamspelError(
            f"compare: {candidates[0].name} costs the {asked.payer} nothing that others could be made to "
            f"cost too ({error}). Allowed: a first policy that costs something, --budget, another --payer, "
            "or --as-stated."
        ) from error


def _at(candidate: Candidate, multiplier: float) -> Case:
    return at_dose(candidate.case, candidate.dose, multiplier)


def _ranked(candidates: Sequence[Candidate], scaled: Sequence[Scaled]) -> tuple[str, ...]:
    same = [dose.equal or dose.why == "as_stated" for dose in scaled]
    return tuple(one.name for one, equal in zip(candidates, same, strict=True) if equal)


def _judged(payer: str) -> dict[str, int]:
    """Return what a policy must be worse in to be dominated: work, assistance, and two purses."""
    nets = dict.fromkeys((f"net_{payer}", f"net_{PUBLIC}"))
    names = ("months_in_work", "months_unsubsidised", "assistance_households", *nets)
    return {name: OUTCOMES[name][1] for name in names}


def _complete(values: pl.DataFrame, policies: int) -> pl.DataFrame:
    """Return the values of draws that no policy lacks, so that every difference is one within pairs."""
    return values.filter(pl.col("policy").n_unique().over("scenario", "draw") == policies)


def _turning(
    values: pl.DataFrame, regret: pl.DataFrame, asked: Question, tasks: CompareTasks
) -> tuple[Turning, ...]:
    """Return what would change the order of the best policy and each other, in the first scenario."""
    scenario, sign = asked.scenarios[0], OUTCOMES[asked.by][1]
    here = regret.filter(scenario=scenario)
    if here.height < 2:
        return ()
    best = here["best"][0]
    draws, priors = tasks.parameters(scenario), tasks.priors(scenario)
    own = values.filter(scenario=scenario, outcome=asked.by)
    found = []
    for other in here.filter(pl.col("policy") != best).sort("loss")["policy"]:
        gap = (
            own.filter(policy=best)
            .join(own.filter(policy=other), on="draw", suffix="_other")
            .select("draw", value=sign * (pl.col("value") - pl.col("value_other")))
        )
        found.append(turning_points(best, other, gap, draws, priors))
    return tuple(found)
