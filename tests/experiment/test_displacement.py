"""Four worlds on the same chance, of which two have no competition for vacancies."""

import dataclasses

import pytest

from sim.core.errors import SamspelError
from sim.experiment.definition import Experiment
from sim.experiment.displacement import displacement_experiment, simulate_held
from sim.model.simulate import Outcome
from sim.policy.case import load_case


def worlds(experiment: Experiment) -> list[Outcome]:
    task = experiment.tasks[0]
    inputs = dataclasses.replace(task.inputs, size=6000, burn_in=24, horizon=24)
    return simulate_held(inputs, [None, *task.policies])  # type: ignore[list-item]


def test_the_held_world_keeps_the_rates_of_the_baseline_and_gains_more() -> None:
    experiment = displacement_experiment(load_case("nykoping"), 0.75, 1)
    assert [policy.name for policy in experiment.tasks[0].policies] == [
        "halved_caseload",
        "halved_caseload_held",
        "idle_held",
    ]
    assert experiment.tasks[0].values["demand_multiplier"] == 0.75
    baseline, policy, held, idle = worlds(experiment)
    assert (held.rates == baseline.rates).all() and not (policy.rates == baseline.rates).all()
    assert (idle.rates == baseline.rates).all()
    jobs = [world.series["employed", "all"][-12:].mean() for world in (baseline, policy, idle, held)]
    assert jobs[3] - jobs[2] > jobs[1] - jobs[0] > 0


def test_demand_must_be_positive() -> None:
    with pytest.raises(SamspelError, match="demand = 0"):
        displacement_experiment(load_case("nykoping"), 0, 1)
