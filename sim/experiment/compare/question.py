"""What is asked of a comparison, with its defaults, checked before anything runs.

Public names: `Question`, `checked_question` and `PUBLIC`, the payer that stands for all.
"""

from dataclasses import asdict, dataclass
from typing import Final

from sim.core.errors import input_error
from sim.experiment.cases import BURN_IN
from sim.experiment.compare.outcomes import OUTCOMES, PAYERS
from sim.policy.case import Case
from sim.policy.scenario import scenario_names

SCENARIOS: Final = ("recession", "boom", "newcomers")
"""What is looked at beside the case's own scenario."""
COSTS: Final = ("spending", "net")
LEAST_DRAWS: Final = 20
PUBLIC: Final = "public"


@dataclass(frozen=True)
class Question:
    """What is asked of a comparison.

    Attributes:
        payer: Whose cost is to be the same (`sim.experiment.compare.outcomes.PAYERS`).
        cost: ``spending`` on the policy itself, or ``net``: all that the payer loses.
        budget: Kronor that each policy is to cost; what the first policy costs unless given.
        equal: Scale doses until costs are the same; without it policies are compared as they are stated.
        months: Months that costs and outcomes are counted over; the case's horizon unless given.
        tolerance: Share of the budget by which mean costs may differ.
        by: The outcome that policies are ranked by.
        limit: Least probability to call a policy worse in every outcome.
        scenarios: Names, the case's own first; recession, boom and many newcomers beside it unless given.
        draws: Number of parameter draws.
        seed: Root of all randomness.
        size: Residents aged 16-64 to simulate in each municipality; one for one unless given.
        burn_in: Months before the start.
    """

    payer: str = "municipality"
    cost: str = "spending"
    budget: float | None = None
    equal: bool = True
    months: int | None = None
    tolerance: float = 0.01
    by: str = "months_in_work"
    limit: float = 0.80
    scenarios: tuple[str, ...] = ()
    draws: int = 100
    seed: int = 1
    size: int | None = None
    burn_in: int = BURN_IN


def checked_question(case: Case, asked: Question) -> Question:
    """Return the question with its defaults, when all of it is allowed."""
    where = "compare"
    for key, value, known in (
        ("payer", asked.payer, PAYERS),
        ("cost", asked.cost, COSTS),
        ("by", asked.by, tuple(OUTCOMES)),
    ):
        if value not in known:
            raise input_error(where, key, value, "one of " + ", ".join(known), known)
    names = scenario_names()
    for name in asked.scenarios:
        if name not in names:
            raise input_error(where, "scenario", name, "one of " + ", ".join(names), names)
    months = case.horizon if asked.months is None else asked.months
    for key, number, least, most, allowed in (
        ("months", months, 1, case.horizon, f"a whole number from 1 to {case.horizon}, the horizon"),
        ("draws", asked.draws, LEAST_DRAWS, 10_000, f"a whole number from {LEAST_DRAWS} to 10000"),
        ("tolerance", asked.tolerance, 1e-6, 0.5, "a share of the budget above 0, at most 0.5"),
        ("limit", asked.limit, 0.5, 1.0, "a probability from 0.5 to 1"),
        ("budget", 1.0 if asked.budget is None else asked.budget, 1e-6, 1e13, "kronor above 0"),
        ("size", asked.size or 100, 100, 10_000_000, "at least 100 residents"),
    ):
        if not least <= number <= most:
            raise input_error(where, key, number, allowed)
    others = [name for name in SCENARIOS if name != case.scenario]
    scenarios = tuple(dict.fromkeys(asked.scenarios or (case.scenario, *others)))
    return Question(**{**asdict(asked), "months": months, "scenarios": scenarios})
