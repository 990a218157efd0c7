"""One municipality in the model: its inputs, its state, its institutions and its channels this month.

Public name: `Place`.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import input_error
from sim.model.columns import CELLS, SECTORS
from sim.model.counts import Count
from sim.model.inputs import ModelInputs
from sim.model.institutions import Employer, EmploymentService, LabourMarketUnit, Municipality, SocialServices
from sim.model.parameters import parameters_from
from sim.model.prices import prices_from
from sim.model.residents import Residents
from sim.model.rules.assistance import by_months
from sim.model.rules.hiring import take_beforehand
from sim.model.rules.search import by_spell
from sim.model.rules.steady import calm_after
from sim.model.state import State, empty_flows
from sim.model.tables import tables_of
from sim.policy.channels import TRIAL_SEGMENTS, Channel, neutral_channels
from sim.policy.compiled import CompiledPolicy

if TYPE_CHECKING:
    from sim.model.model import LabourMarketModel


NO_ROWS = np.zeros(0, dtype=np.uint32)


class Place:
    """A municipality with everything that is its own; processes and institutions read and change it.

    It lists the rows that processes visit, who hand the lists on from one to the next. ``visited`` are
    residents who live here and are not steady (`sim.model.rules.steady`); of them ``known`` to an agency, in
    no ordinary job (``jobless``) or in one (``working``); ``changing`` is all of them after registration.
    ``outside`` are those who are steady outside the labour force, ``learners`` those not fluent in Swedish
    when the world began, ``calm`` those of whom `may_settle` held when the last month ended. ``houses`` are
    households on assistance or paid some in the last year.
    """

    def __init__(
        self,
        model: "LabourMarketModel",
        index: int,
        inputs: ModelInputs,
        state: State,
        policy: CompiledPolicy | None,
        months: int,
    ) -> None:
        """Set up municipality number ``index`` of a world; ``state`` is changed as the world runs."""
        self.model = model
        self.index = index
        self.inputs = inputs
        self.state = state
        self.residents = Residents(state.residents)
        self.visited = self.jobless = self.working = self.known = self.changing = NO_ROWS
        self.houses = self.outside = NO_ROWS
        self.learners = np.flatnonzero(state.residents.swedish < 4).astype(np.uint32)
        self.persons = inputs.size or inputs.margins.residents(16, 64)
        self.p = parameters_from(inputs.parameters)
        self.prices = prices_from(inputs.institutions, self.p.place_wage_share)
        self.tables, self.steady = tables_of(
            state.residents, state.households, self.p, self.prices, model.first_month
        )
        self.calm = calm_after(self.tables, model.first_month - 1) if state.flows else NO_ROWS
        self.spells, self.exits = by_spell(self.tables), by_months(self.tables)
        self.policy = policy
        self.costs = policy.costs if policy is not None else ()
        self._cost_names = tuple(dict.fromkeys(_cost_name(line.lever, line.kind) for line in self.costs))
        self.segments = TRIAL_SEGMENTS if policy is None else policy.path.shape[1]
        if state.residents.arm.any() and self.segments < TRIAL_SEGMENTS:
            allowed = f"{TRIAL_SEGMENTS}, where residents are drawn to an arm of a trial"
            raise input_error(inputs.municipality, "segments of the policy", self.segments, allowed)
        self.neutral = np.tile(neutral_channels(), (self.segments, 1))
        self._set_channels(self.neutral)
        self.flows = empty_flows()
        self.clients = np.zeros((2, TRIAL_SEGMENTS), dtype=np.int64)
        self.sought = self.freed = np.zeros(CELLS, dtype=np.int64)
        self.counts = np.zeros((months, len(Count), 2, 4), dtype=np.int64)
        self.tally: dict[str, float] = {}
        self.extra: list[dict[str, float]] = []
        self.municipality = Municipality(model, self)
        self.employment_service = EmploymentService(model, self)
        self.unit = LabourMarketUnit(model, self)
        self.social_services = SocialServices(model, self)
        self.employers = [Employer(model, self, sector) for sector in range(SECTORS)]

    def channel(self, channel: Channel) -> NDArray[np.float64]:
        """Return a channel's value by segment this month, float64, shape (segments,)."""
        return self._by_segment[channel]

    def whole(self, channel: Channel) -> float:
        """Return the value this month of a channel of the whole municipality."""
        return self._of_first[channel]

    def changes(self) -> list[int]:
        """Return the months of the horizon whose channels differ from the month before."""
        if self.policy is None:
            return []
        path = np.concatenate((self.neutral[None], self.policy.path))
        changed: list[int] = np.flatnonzero((path[1:] != path[:-1]).any(axis=(1, 2))).tolist()
        return changed

    def take_channels(self, index: int) -> None:
        """Take the channels of a month of the horizon from the policy."""
        assert self.policy is not None
        self._set_channels(self.policy.path[index])

    def _set_channels(self, values: NDArray[np.float64]) -> None:
        """Keep the values of this month, float64, shape (segments, channels), by channel as they are read."""
        self._by_segment: tuple[NDArray[np.float64], ...] = tuple(values.T)
        self._of_first: list[float] = values[0].tolist()

    def begin_month(self) -> None:
        """Open the month's books and tallies."""
        self.flows = empty_flows()
        self.tally = dict.fromkeys(self._cost_names, 0.0)

    def end_month(self) -> None:
        """Close them."""
        self.state.flows.append(self.flows)
        self.extra.append(self.tally)

    def note_cost(self, lever: str, kind: str, ore: int) -> None:
        """Add a cost of the policy to what its lever costs, in kronor."""
        self.tally[_cost_name(lever, kind)] += ore / 100.0

    def take_vacancies(self, taken: NDArray[np.int64]) -> None:
        """Take vacancies of this municipality from the market, by cell; those that are not there yet are owed
        by the next that are posted."""
        if not self.model.burning:
            take_beforehand(self.state.vacancies, self.state.owed, taken)

    def ledger_of(self, month: int) -> NDArray[np.int64] | None:
        """Return the ledger row of an earlier month of this world, or None before its first."""
        index = len(self.state.flows) + month - self.model.month
        return self.state.flows[index] if index >= 0 else None


def _cost_name(lever: str, kind: str) -> str:
    return f"cost_{lever}_{'investment' if kind == 'investment' else 'running'}"
