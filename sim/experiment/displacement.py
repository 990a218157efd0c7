"""Measure displacement: what a gain in jobs costs others, from four worlds on the same chance.

The worlds are doing nothing, a policy, and both again with market tightness held at its path in the first,
so that nobody competes for vacancies. Displacement is the share of the gain between the held worlds that the
open ones lack.
"""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from sim.core.errors import input_error
from sim.experiment.cases import case_experiment
from sim.experiment.definition import Experiment
from sim.model.inputs import Area, AreaPolicy, ModelInputs, alone
from sim.model.simulate import Outcome, burn_in, by_place, run
from sim.policy.case import Case
from sim.policy.channels import Channel
from sim.policy.compiled import CompiledPolicy, neutral_policy

_HELD = "_held"
_POLICY, _IDLE = "halved_caseload", "idle"
_DEMAND = "demand_multiplier"


@dataclass(frozen=True)
class HeldTightness:
    """A policy in a world where hires per unit of search stay what they are in the baseline."""

    policy: CompiledPolicy | AreaPolicy

    @property
    def name(self) -> str:
        """Return the name of the policy with ``_held`` after it."""
        return self.policy.name + _HELD


def simulate_held(
    inputs: ModelInputs | Area, policies: Sequence[CompiledPolicy | AreaPolicy | HeldTightness | None]
) -> list[Outcome]:
    """Return one outcome per policy, the baseline first, those of `HeldTightness` at the baseline's rates."""
    area = inputs if isinstance(inputs, Area) else alone(inputs)
    start = burn_in(area)

    def world(policy: CompiledPolicy | AreaPolicy | None, held: NDArray[np.float64] | None) -> Outcome:
        return run(area, [state.copy() for state in start], by_place(policy, area), held)

    outcomes = [world(None, None)]
    for policy in policies[1:]:
        if isinstance(policy, HeldTightness):
            outcomes.append(world(policy.policy, outcomes[0].rates))
        else:
            outcomes.append(world(policy, None))
    return outcomes


def displacement_experiment(case: Case, demand: float, draws: int, seed: int = 1) -> Experiment:
    """Return an experiment that halves the caseload of everybody registered, in a market of a given demand.

    Both AF's caseworkers and the municipal unit's coaches get half as many clients from the first month.

    Args:
        case: The municipality and the start; its policy is left out.
        demand: New vacancies against those that keep the start as it is.
        draws: Number of parameter draws.
        seed: Seed of both the parameter draws and chance.
    """
    if len(case.municipalities) > 1:
        raise input_error(case.name, "municipalities", case.municipalities, "one, to measure displacement in")
    if not demand > 0:
        raise input_error(case.name, "demand", demand, "a number above zero")
    idle = case.model_copy(update={"policy": ()})
    halved = neutral_policy(idle, _POLICY)
    halved.path[:, :, [Channel.CASELOAD, Channel.AF_CASELOAD]] = 0.5
    halved = dataclasses.replace(halved, first_month=case.first_month)
    policies = (halved, HeldTightness(halved), HeldTightness(neutral_policy(idle, _IDLE)))
    plain = case_experiment(idle, draws, seed=seed)
    tasks = []
    for task in plain.tasks:
        values = {**task.inputs.parameters, _DEMAND: demand}
        inputs = dataclasses.replace(task.inputs, parameters=values)
        tasks.append(dataclasses.replace(task, values=values, inputs=inputs, policies=policies))
    definition = {**plain.definition, "displacement": demand}
    return Experiment(plain.name, definition, tasks, model=f"{__name__}:simulate_held")


@dataclass(frozen=True)
class Displacement:
    """The share of a gross gain that others lose, with its Monte Carlo standard error and number of pairs."""

    share: float
    se: float
    n: int


def displacement(net: ArrayLike, gain: ArrayLike) -> Displacement:
    """Return 1 - mean net gain / mean gain with market tightness held at baseline, over the same pairs.

    A ratio of means r; its error by the delta method is sd(net - r gain) / (mean gain * sqrt(n)).

    Raises:
        SamspelError: There are fewer than two pairs, unequal numbers of them, or no gain to share.
    """
    nets, gains = np.asarray(net, np.float64), np.asarray(gain, np.float64)
    if nets.shape != gains.shape or nets.size < 2:
        raise input_error(
            "displacement", "pairs", (nets.size, gains.size), "the same two or more pairs in both"
        )
    if not gains.any():
        raise input_error("displacement", "gain", 0, "a policy that changes something with tightness held")
    ratio = nets.mean() / gains.mean()
    spread = np.std(nets - ratio * gains, ddof=1)
    return Displacement(float(1 - ratio), float(spread / (abs(gains.mean()) * np.sqrt(nets.size))), nets.size)


def displacement_of(effects: pl.DataFrame, month: int, indicator: str = "employed") -> Displacement:
    """Return displacement in the mean of the twelve months up to ``month`` of a displacement experiment."""
    rows = effects.filter(
        pl.col("indicator") == indicator,
        pl.col("group") == "all",
        pl.col("month").is_between(month - 11, month),
    ).with_columns(pl.col("policy").cast(pl.String))
    worlds = rows.pivot(
        "policy",
        index=["draw", "replication", "municipality"],
        values="difference",
        aggregate_function="mean",
    )
    gain = worlds[_POLICY + _HELD] - worlds[_IDLE + _HELD]
    return displacement(worlds[_POLICY].to_numpy(), gain.to_numpy())
