"""The worlds of one trial in one replication: same people, same chance, each run once when first asked for.

Public names: `Starts` (burn-ins that trials share) and `TrialWorlds`.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sim.evaluate.arms import ArmPolicies, compile_arms
from sim.evaluate.follow import Enrolment, follow
from sim.evaluate.record import Record
from sim.evaluate.sums import Place
from sim.evaluate.trial import Trial
from sim.experiment.cases import place_inputs
from sim.model.inputs import Area, ModelInputs, alone
from sim.model.model import LabourMarketModel
from sim.model.simulate import burn_in
from sim.model.state import State

_BURN_IN = 60
_HORIZONS = (60, 120)
_MONEY = ("flow", "total", "payback")
_DEMAND = "demand_multiplier"

Rates = NDArray[np.float64]


class Starts:
    """States at the end of the burn-in, shared by all trials of a municipality, start and replication.

    Everybody who will arrive is drawn at the burn-in, so its horizon is one of a few lengths, whichever
    trials are run together.
    """

    def __init__(self, replication: int, seed: int = 1, residents: int | None = None) -> None:
        """Begin without any; ``residents`` aged 16-64 to simulate, None for one for one."""
        self.replication = replication
        self.seed = seed
        self.residents = residents
        self._kept: dict[tuple[str, str, int], tuple[ModelInputs, list[State]]] = {}

    def at(self, trial: Trial, arms: ArmPolicies, horizon: int) -> tuple[ModelInputs, list[State]]:
        """Return inputs and states; copy the states before they are used."""
        key = (trial.population.municipality, trial.population.start, horizon)
        if key not in self._kept:
            inputs = place_inputs(arms.case, key[0], self.seed, _BURN_IN, self.residents, calibrated=False)
            inputs = dataclasses.replace(inputs, parameters=arms.parameters, replication=self.replication)
            self._kept[key] = (inputs, burn_in(alone(inputs)))
        return self._kept[key]


class TrialWorlds:
    """The worlds of one trial; those that differ only in who counts as treated are run once."""

    def __init__(self, trial: Trial, starts: Starts) -> None:
        """Compile the arms; nothing is run yet."""
        self.trial = trial
        self.horizon = rounded_horizon(trial)
        self.arms = compile_arms(trial, self.horizon)
        self._inputs, self._states = starts.at(trial, self.arms, self.horizon)
        self._kept: dict[tuple[str, float, float, bool, bool], tuple[Record, Rates]] = {}
        self._rolled_out: dict[float, list[State]] = {}
        kinds = {one.kind for one in trial.indicators.values()}
        self._money = bool(kinds & set(_MONEY))
        self._amounts = "amount" in kinds

    @property
    def enrolled(self) -> int:
        """Persons in the trial who live here at the roll-out, or are taken in later."""
        record = next(iter(self._kept.values()))[0]
        later = record.enrolled > 0
        return int(((record.enrolled >= 0) & (record.present[0] | later)).sum())

    def world(self, arm: str, place: Place, held: bool = False, null: bool = False) -> Record:
        """Return the world of an arm (`sim.evaluate.sums.Worlds`)."""
        share = place.treated_share
        if arm != "control" and self._nobody(share):
            arm, null = "control", False
        if null and not self._money:
            arm, null = "control", False
        if arm == "control" and not null:
            record, _ = self._run("control", 1.0, place.demand_multiplier, held, False)
            drawn = (record.enrolled >= 0) & (record.draw < self._share(share))
            return dataclasses.replace(record, arm=drawn.astype(np.int8))
        return self._run(arm, self._share(share), place.demand_multiplier, held, null)[0]

    def _nobody(self, share: float) -> bool:
        return share == 0.0

    def _share(self, share: float) -> float:
        """Return the share who count as treated: all where arms have worlds of their own."""
        return 1.0 if self.trial.design.unit != "person" or self.arms.apart else share

    def _run(self, arm: str, share: float, demand: float, held: bool, null: bool) -> tuple[Record, Rates]:
        key = (arm, share, demand, held, null)
        if key not in self._kept:
            trial = self.trial
            rates = self._run("control", 1.0, demand, False, False)[1] if held else None
            months = trial.horizon - trial.design.rollout_month
            policies = self.arms.null if null else self.arms.worlds
            enrolment = Enrolment(
                trial.where, trial.population.size, trial.design.intake_months, share, trial.choices
            )
            self._kept[key] = follow(
                self._area(demand, months),
                [state.copy() for state in self._at_rollout(demand)],
                policies[arm],
                self._inputs.start + trial.design.rollout_month,
                months,
                enrolment,
                rates,
                self._amounts,
            )
        return self._kept[key]

    def _area(self, demand: float, months: int) -> Area:
        values: Mapping[str, float] = {**self._inputs.parameters, _DEMAND: demand}
        return alone(dataclasses.replace(self._inputs, parameters=values, horizon=months))

    def _at_rollout(self, demand: float) -> list[State]:
        """Return the states at the end of the month before the roll-out, under control from the start."""
        months = self.trial.design.rollout_month
        if months == 0:
            return self._states
        if demand not in self._rolled_out:
            states = [state.copy() for state in self._states]
            policy = self.arms.worlds["control"]
            model = LabourMarketModel(
                self._area(demand, months), states, self._inputs.start, months, [policy]
            )
            model.run_for(months)
            self._rolled_out[demand] = states
        return self._rolled_out[demand]


def rounded_horizon(trial: Trial) -> int:
    """Return the months for which arrivals are drawn: the shortest of a few lengths that is enough."""
    enough = [length for length in _HORIZONS if length >= trial.horizon]
    return enough[0] if enough else trial.horizon
