"""The sensitivity of a case's headline effects: run, screen, emulate, and share out the variance.

Public names: `case_problem` and `HEADLINES`.
"""

from collections.abc import Iterable, Iterator

from sim.calibrate.sensitivity.runs import Problem
from sim.calibrate.sensitivity.space import Calibrated, Space
from sim.core.errors import SamspelError
from sim.data.margins import margins_at
from sim.experiment.canonical import content_hash
from sim.experiment.cases import BURN_IN, ParameterPoint, tasks_at
from sim.experiment.definition import Task
from sim.experiment.regions import run_together
from sim.policy.case import Case
from sim.policy.uncertain import case_priors

HEADLINES = ("employed", "assistance_households", "cum_net_municipality", "cum_net_public")


def case_problem(
    case: Case,
    seed: int = 1,
    burn_in: int = BURN_IN,
    size: int | None = None,
    calibrated: Calibrated | None = None,
) -> Problem:
    """Return the case as a problem: its policy against doing nothing, at any values of its parameters.

    Raises:
        SamspelError: The case has no policy, or cannot be compiled.
    """
    if not case.policy:
        raise SamspelError(
            f"{case.name}: has no policy, so there is no effect to be sensitive to anything. Allowed: a case with "
            "a policy (samspel cases prints them)."
        )
    priors = case_priors(case)

    def tasks(points: Iterable[ParameterPoint]) -> Iterator[Task]:
        return tasks_at(case, points, seed, burn_in, size)

    persons = {code: margins_at(code, case.first_month).residents(16, 64) for code in case.municipalities}
    definition = {
        "case": case.to_document(),
        "priors": content_hash([prior.model_dump(mode="json") for prior in priors]),
        "burn_in": burn_in,
        "size": size,
    }
    return Problem(
        case.name, Space(priors, case.name, calibrated), tasks, len(run_together(case, persons)), definition
    )
