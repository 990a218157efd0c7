"""The labour-market model: the calendar, the institutions and the order of a month."""

import math
from collections.abc import Callable

import mesa
import numpy as np
from mesa.time import Priority
from numpy.typing import NDArray

from sim.core.draws import stream_keys
from sim.core.exact import FIXED_POINT
from sim.model.columns import CELLS, SECTORS, SEGMENTS
from sim.model.inputs import ModelInputs
from sim.model.institutions import Employer, EmploymentService, LabourMarketUnit, Municipality, SocialServices
from sim.model.parameters import parameters_from
from sim.model.prices import prices_from
from sim.model.residents import Residents
from sim.model.rules.activities import assign, place, places_in_use
from sim.model.rules.assistance import assist
from sim.model.rules.demography import live
from sim.model.rules.handover import hand_over
from sim.model.rules.hiring import (
    AT_RISK,
    CLIENT_DELAYED,
    CLIENT_EXITS,
    CLIENT_HELD,
    DURATIONS,
    EXITS,
    FROM_REGISTER,
    HIRES,
    SUBSIDISED_HIRES,
    hire,
)
from sim.model.rules.incomes import earn
from sim.model.rules.observing import Count, observe
from sim.model.rules.planning import plan
from sim.model.rules.progress import progress
from sim.model.rules.registration import register
from sim.model.rules.search import search
from sim.model.rules.separations import separate
from sim.model.state import State, empty_flows
from sim.policy.channels import CHANNELS, Channel
from sim.policy.compiled import CompiledPolicy


class LabourMarketModel(mesa.Model):
    """One world: a state, a policy (or none) and a month at a time.

    A month is 1.0 unit of time. The model's step runs ``SCHEDULE`` in order. A change of policy is an event
    half a unit before the month in which it first acts, so that it can never come after that month's step.
    """

    def __init__(
        self,
        inputs: ModelInputs,
        state: State,
        first_month: int,
        months: int,
        policy: CompiledPolicy | None = None,
        held_rates: NDArray[np.float64] | None = None,
    ) -> None:
        """Set up a world.

        Args:
            inputs: What the run needs apart from its policy.
            state: The state to continue from; it is changed.
            first_month: Month number of the first step.
            months: Steps that will be run.
            policy: The policy, or None for the baseline.
            held_rates: Hires per unit of search by month and cell to hold instead of matching, or None.
        """
        super().__init__(rng=0)
        self.inputs = inputs
        self.state = state
        self.residents = Residents(state.residents)
        self.first_month = first_month
        self.month = first_month - 1
        self.p = parameters_from(inputs.parameters)
        self.prices = prices_from(inputs.institutions, self.p.place_wage_share)
        self.keys_by_month = stream_keys(inputs.root_seed, inputs.replication, first_month, months)
        self.keys = self.keys_by_month[0]
        self.neutral = np.array([[CHANNELS[channel].neutral for channel in Channel]] * SEGMENTS)
        self.channels = self.neutral
        self.policy = policy
        self.costs = tuple(policy.costs) if policy is not None else ()
        self.held_rates = held_rates
        self.flows = empty_flows()
        self.freed = np.zeros(CELLS, dtype=np.int64)
        self.rates = np.zeros((months, CELLS))
        self.counts = np.zeros((months, len(Count), 2, 4), dtype=np.int64)
        self.extra: list[dict[str, float]] = []
        self.tally: dict[str, float] = {}
        self.municipality = Municipality(self)
        self.employment_service = EmploymentService(self)
        self.unit = LabourMarketUnit(self)
        self.social_services = SocialServices(self)
        self.employers = [Employer(self, sector) for sector in range(SECTORS)]
        if policy is not None:
            for index in _changes(policy.path, self.neutral):
                at = index + (inputs.start - first_month) + 0.5
                self.schedule_event(self.change_policy, at=at, priority=Priority.HIGH)

    @property
    def burning(self) -> bool:
        """Whether this month is before the start, with tightness held at its reference."""
        return self.month < self.inputs.start

    @property
    def season(self) -> float:
        """Inflow to AF this calendar month relative to its mean."""
        return self.inputs.season[self.month % 12]

    def change_policy(self) -> None:
        """Take the channels of the coming month from the policy (a scheduled event)."""
        assert self.policy is not None
        self.channels = self.policy.path[self.month + 1 - self.inputs.start]

    def ledger_of(self, month: int) -> NDArray[np.int64] | None:
        """Return the ledger row of an earlier month of this world, or None before its first."""
        index = len(self.state.flows) + month - self.month
        return self.state.flows[index] if index >= 0 else None

    def step(self) -> None:
        """Run one month: every process of ``SCHEDULE``, in order."""
        self.month += 1
        self.keys = self.keys_by_month[self.month - self.first_month]
        self.flows = empty_flows()
        self.tally = {}
        for process in SCHEDULE:
            process(self)
        self.state.flows.append(self.flows)
        self.extra.append(self.tally)


def _changes(path: NDArray[np.float64], neutral: NDArray[np.float64]) -> list[int]:
    """Return the months whose channels differ from the month before."""
    before = neutral
    changed = []
    for index in range(path.shape[0]):
        if not np.array_equal(path[index], before):
            changed.append(index)
        before = path[index]
    return changed


def age_and_move(model: LabourMarketModel) -> None:
    """Ageing, arrivals, retirement and moves."""
    s = model.state
    live(s.residents, s.households, model.p, model.keys, model.month, not model.burning)


def post_vacancies(model: LabourMarketModel) -> None:
    """Demand: vacancies carried over, newly created and posted again."""
    if not model.burning:
        for employer in model.employers:
            employer.post()


def separate_jobs(model: LabourMarketModel) -> None:
    """Jobs that end."""
    days = model.prices.insurance_days
    ended, registered = separate(model.state.residents, model.p, model.keys, model.month, model.season, days)
    model.tally["separations"] = ended
    model.tally["af_inflow_from_work"] = registered


def register_people(model: LabourMarketModel) -> None:
    """Registrations from outside and from studies, and exits from AF to other things than work."""
    days = model.prices.insurance_days
    register(model.state.residents, model.p, model.keys, model.month, model.season, days)


def hand_over_cases(model: LabourMarketModel) -> None:
    """Cases that need both agencies wait, are lost and come back."""
    s, unit = model.state, model.unit
    days, loss = unit.channel(Channel.HANDOVER_DAYS), unit.channel(Channel.HANDOVER_LOSS)
    hand_over(s.residents, s.households, model.p, model.keys, model.month, days, loss)


def plan_cases(model: LabourMarketModel) -> None:
    """Coaches plan, AF decides."""
    decision = model.employment_service.channel(Channel.DECISION_DAYS)
    capacity = model.unit.plan_capacity()
    made, _ = plan(model.state.residents, model.p, model.keys, model.month, capacity, decision)
    model.tally["plans"] = made


def assign_activities(model: LabourMarketModel) -> None:
    """AF's activities, then municipal places, within capacity."""
    unit, r = model.unit, model.state.residents
    room = model.employment_service.activity_room()
    begun, refused = assign(r, model.p, model.keys, model.month, room, unit.channel(Channel.ASSIGNMENT))
    model.tally["activity_starts"] = begun
    model.tally["waiting_activity"] = refused
    ordinary, created = unit.policy_places()
    total = ordinary + created
    placed, waiting, taken = place(
        r,
        model.p,
        model.keys,
        model.month,
        unit.free_places(places_in_use(r)),
        ordinary / total if total > 0.0 else 0.0,
        np.array([model.p.baseline_practice_share, float(unit.channel(Channel.PRACTICE_SHARE)[0])]),
        unit.channel(Channel.ELIGIBLE),
    )
    model.tally["placed"] = placed
    model.tally["waiting_place"] = waiting
    if not model.burning:
        model.state.vacancies = np.maximum(0.0, model.state.vacancies - taken)


def advance_activities(model: LabourMarketModel) -> None:
    """Progress, completion and drop-out of activities; the end of subsidised jobs and places."""
    fit = model.unit.channel(Channel.ACTIVITY_FIT)
    days = model.prices.insurance_days
    back, model.freed = progress(model.state.residents, model.p, model.keys, model.month, fit, days)
    model.tally["af_returns"] = back


def search_and_match(model: LabourMarketModel) -> None:
    """Job search and matching, from which displacement emerges."""
    s, p, service = model.state, model.p, model.employment_service
    total = search(
        s.residents,
        p,
        model.month,
        service.channel(Channel.CONTACT),
        service.hours(),
        model.unit.hours(),
        service.reference_hours,
    )
    weights = total / FIXED_POINT
    index = model.month - model.first_month
    held = model.burning or model.held_rates is not None
    if model.burning:
        s.vacancies = p.job_finding_reference * weights / p.filling_reference
        rates = np.full(CELLS, p.job_finding_reference)
    elif model.held_rates is not None:
        rates = model.held_rates[index]
    else:
        rates = np.array([rate for employer in model.employers for rate in employer.rates(weights)])
    model.rates[index] = rates
    s.hires, s.moves, counts = hire(s.residents, p, model.keys, rates, s.vacancies, not held)
    s.moves = s.moves + model.freed
    s.filled = np.where(s.vacancies > 0.0, s.hires / np.maximum(s.vacancies, 1e-9), p.filling_reference)
    model.tally["hires"] = int(counts[HIRES])
    model.tally["exits_to_work"] = int(counts[FROM_REGISTER])
    model.tally["subsidised_hires"] = int(counts[SUBSIDISED_HIRES])
    model.tally["exits_to_work_clients"] = int(counts[CLIENT_EXITS])
    model.tally["held_losses"] = int(counts[CLIENT_HELD])
    model.tally["delayed_losses"] = int(counts[CLIENT_DELAYED])
    for index, name in enumerate(DURATIONS):
        model.tally[f"registered_{name}"] = int(counts[AT_RISK + index])
        model.tally[f"exits_{name}"] = int(counts[EXITS + index])
    model.tally["vacancies"] = math.fsum(s.vacancies)


def support_incomes(model: LabourMarketModel) -> None:
    """Wages, insurance, activity support, establishment benefit, student support, and tax."""
    s = model.state
    earn(s.residents, s.households, model.p, model.prices, model.flows, model.month)


def test_assistance(model: LabourMarketModel) -> None:
    """Social assistance by household."""
    s = model.state
    delay = model.social_services.delay()
    assist(s.residents, s.households, model.p, model.prices, model.keys, model.flows, model.month, delay)


def keep_ledger(model: LabourMarketModel) -> None:
    """Costs of the policy and income equalisation."""
    in_use = places_in_use(model.state.residents)
    model.municipality.pay_policy(model.state.clients, int(model.tally["plans"]), int(in_use[0] + in_use[1]))
    model.municipality.equalise()
    model.tally["places_in_use"] = int(in_use.sum())


def count(model: LabourMarketModel) -> None:
    """The model observes itself; in the last year of the burn-in it also notes what demand and staff to
    keep."""
    s = model.state
    index = model.month - model.first_month
    model.counts[index] = observe(s.residents, s.households, model.month)
    s.clients = int(model.counts[index, Count.participants].sum())
    s.queue = int(model.counts[index, Count.waiting_plan].sum())
    if model.burning and model.month >= model.inputs.start - 12:
        s.reference_vacancies = s.reference_vacancies + s.vacancies
        s.reference_moves = s.reference_moves + s.moves
        s.reference_clients += s.clients + s.queue
        s.activity_starts += model.tally["activity_starts"]
        s.reference_months += 1


SCHEDULE: tuple[Callable[[LabourMarketModel], None], ...] = (
    age_and_move,
    post_vacancies,
    separate_jobs,
    register_people,
    hand_over_cases,
    plan_cases,
    assign_activities,
    advance_activities,
    search_and_match,
    support_incomes,
    test_assistance,
    keep_ledger,
    count,
)
"""The order of a month: the one place to read it."""
