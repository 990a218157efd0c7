"""What the notebook on comparison shows: policies of a case, held against each other.

Public names: `comparison_found` and its result `ComparisonFound`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.experiment.compare.question import Question
from sim.experiment.compare.study import Comparison, compare_policies
from sim.policy.case import apply_settings, load_case
from sim.report.comparison_verdict import Labels, comparison_sentences
from sim.report.words import check_language

_MILLION = 1e6


@dataclass(frozen=True)
class ComparisonFound:
    """A comparison with its words.

    Attributes:
        comparison: What was found.
        labels: What policies, payers and outcomes are called.
        verdict: The sentences, in the language asked for.
        lang: That language.
    """

    comparison: Comparison
    labels: Labels
    verdict: list[str]
    lang: str


def comparison_found(
    case: str,
    policies: Sequence[str],
    payer: str = "municipality",
    cost: str = "spending",
    budget: float = 0.0,
    equal: bool = True,
    months: int = 0,
    tolerance: float = 0.01,
    by: str = "months_in_work",
    limit: float = 0.8,
    scenarios: Sequence[str] = (),
    draws: int = 100,
    seed: int = 1,
    size: int = 0,
    settings: Sequence[str] = (),
    lang: str = "sv",
) -> ComparisonFound:
    """Compare policies of a case; what has not been run is run.

    Args:
        case: Name of a case, or the path of a case file.
        policies: What to compare (`sim.experiment.compare.candidates`).
        payer: Whose cost is to be the same.
        cost: ``spending`` on the policy itself, or ``net``.
        budget: Million kronor that each is to cost; with 0 what the first costs.
        equal: Scale doses until costs are the same.
        months: Months that are counted; with 0 the case's horizon.
        tolerance: Share of the budget by which costs may differ.
        by: The outcome that policies are ranked by.
        limit: Least probability to call a policy worse in every outcome.
        scenarios: The case's own, recession, boom and many newcomers unless given; the first decides doses.
        draws: Number of parameter draws.
        seed: Root of all randomness.
        size: Residents to simulate in each municipality; with 0 one for one.
        settings: Changes of the case for all policies.
        lang: Language of the verdict, sv or en.

    Raises:
        SamspelError: A parameter is not allowed, or every run failed.
    """
    check_language("compare", "lang", lang)
    question = Question(
        payer=payer,
        cost=cost,
        budget=budget * _MILLION if budget else None,
        equal=equal,
        months=months or None,
        tolerance=tolerance,
        by=by,
        limit=limit,
        scenarios=tuple(scenarios),
        draws=draws,
        seed=seed,
        size=size or None,
    )
    found = compare_policies(apply_settings(load_case(case), settings), policies, question)
    return ComparisonFound(found, Labels(found, lang), comparison_sentences(found, lang), lang)
