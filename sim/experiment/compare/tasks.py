"""Make the runs of a comparison: in each draw one baseline and every policy, on the same chance.

All policies of a scenario share every draw. The general parameters are the same ones, and a range that two
policies have under the same name (``job_tracks[0].places``) lies at the same quantile in both, so that the
difference between two policies is a difference within a pair. Draws of the case's own policy are those of its
report.

Public names: `CompareTasks` and `in_scenario`.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from sim.core.errors import SamspelError
from sim.experiment.canonical import content_hash
from sim.experiment.cases import ParameterPoint, tasks_at
from sim.experiment.compare.candidates import Candidate
from sim.experiment.definition import Task
from sim.experiment.drawn import CaseDraw, case_draws
from sim.model.inputs import Area, ModelInputs
from sim.policy.case import Case
from sim.policy.priors import Prior
from sim.policy.scenario import WORLD
from sim.policy.uncertain import case_priors


def in_scenario(case: Case, scenario: str) -> Case:
    """Return the case in a scenario; in another than its own, what it says of the world does not hold."""
    if scenario == case.scenario:
        return case
    better = {name: value for name, value in case.parameters.items() if name not in WORLD}
    return case.model_copy(update={"scenario": scenario, "parameters": better})


class CompareTasks:
    """The tasks of policies that are compared, made when they are asked for."""

    def __init__(
        self,
        case: Case,
        candidates: Sequence[Candidate],
        draws: int,
        seed: int,
        burn_in: int,
        size: int | None,
    ) -> None:
        """Take the case as it is compared, its own policy among the candidates or not."""
        self.case, self.draws = case, draws
        self._candidates = tuple(candidates)
        self._seed, self._burn_in, self._size = seed, burn_in, size

    def tasks(self, scenario: str, policies: Sequence[tuple[str, Case]]) -> Iterator[Task]:
        """Yield the tasks of one scenario: each draw with all policies under their labels.

        Args:
            scenario: Name of the scenario.
            policies: Label and case of each policy, the candidates' or the same at another dose.
        """
        streams = [self._of(scenario, label, case) for label, case in policies]
        for number, parts in enumerate(zip(*streams, strict=True)):
            first = parts[0]
            if number == 0 and len({content_hash(task.inputs) for task in parts}) > 1:
                raise SamspelError(
                    f"{self.case.name}: the policies do not start from the same world. Allowed: policies "
                    "that change levers alone."
                )
            together = tuple(policy for task in parts for policy in task.policies)
            yield dataclasses.replace(first, values={}, policies=together)

    def parameters(self, scenario: str) -> pl.DataFrame:
        """Return all uncertain values of each draw, a row each: ``draw`` and a column per parameter.

        A range is that of the first policy that has it.
        """
        rows = [{"draw": index} for index in range(self.draws)]
        for case in (*(one.case for one in self._candidates), self.case):
            own = {prior.name for prior in case_priors(in_scenario(case, scenario))}
            for row, draw in zip(rows, self.draws_of(scenario, case), strict=True):
                new = {name: value for name, value in draw.values.items() if name in own and name not in row}
                row.update(new)  # type: ignore[arg-type]
        return pl.DataFrame(rows)

    def priors(self, scenario: str) -> dict[str, Prior]:
        """Return every uncertain parameter of any policy by name, those of the case's own policy first."""
        known: dict[str, Prior] = {}
        for case in (self.case, *(one.case for one in self._candidates)):
            for prior in case_priors(in_scenario(case, scenario)):
                known.setdefault(prior.name, prior)
        return known

    def draws_of(self, scenario: str, case: Case) -> Iterator[CaseDraw]:
        """Yield the draws of one policy: every parameter at its place in the order that all share."""
        placed = in_scenario(case, scenario)
        own = {prior.name: prior for prior in case_priors(placed)}
        order = [own.get(name, other) for name, other in self.priors(scenario).items()]
        return case_draws(placed, self.draws, self._seed, priors=order)

    def _of(self, scenario: str, label: str, case: Case) -> Iterator[Task]:
        placed = in_scenario(case, scenario)
        points = (
            ParameterPoint(index, draw.values, (index,), draw.places)
            for index, draw in enumerate(self.draws_of(scenario, case))
        )
        shared = {prior.name for prior in case_priors(placed.model_copy(update={"policy": ()}))}
        levers = {name for name in self.priors(scenario) if name not in shared}
        nothing = not case.policy
        for task in tasks_at(placed, points, self._seed, self._burn_in, self._size, nothing):
            named = tuple(dataclasses.replace(policy, name=label) for policy in task.policies)  # type: ignore[type-var]
            yield dataclasses.replace(task, inputs=_without(task.inputs, levers), policies=named)


def _without(inputs: ModelInputs | Area, names: set[str]) -> ModelInputs | Area:
    """Return the inputs without the settings of levers, which the model reads of compiled policies alone."""
    if isinstance(inputs, Area):
        places = tuple(_one_without(place, names) for place in inputs.places)
        return dataclasses.replace(inputs, places=places)
    return _one_without(inputs, names)


def _one_without(inputs: ModelInputs, names: set[str]) -> ModelInputs:
    kept: Mapping[str, float] = {
        name: value for name, value in inputs.parameters.items() if name not in names
    }
    return dataclasses.replace(inputs, parameters=kept)
