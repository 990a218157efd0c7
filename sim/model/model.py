"""The labour-market model: the calendar, the municipalities and the order of a month."""

from collections.abc import Callable, Sequence

import mesa
import numpy as np
from mesa.time import Priority
from numpy.typing import NDArray

from sim.core.draws import stream_keys
from sim.model.columns import CELLS
from sim.model.inputs import Area
from sim.model.market import match
from sim.model.place import Place
from sim.model.rules.activities import assign
from sim.model.rules.assistance import assist
from sim.model.rules.casework import clients_by_segment
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
)
from sim.model.rules.incomes import earn
from sim.model.rules.observing import Count, observe
from sim.model.rules.offers import ADULT_EDUCATION, SFI, SUBSIDISED_JOB, offer, offers_in_use
from sim.model.rules.placing import ASSOCIATION, CREATED, ORDINARY, place, places_in_use
from sim.model.rules.planning import plan
from sim.model.rules.progress import progress
from sim.model.rules.registration import register
from sim.model.rules.search import search
from sim.model.rules.separations import separate
from sim.model.rules.tracks import tracks_in_use
from sim.model.state import State
from sim.model.tracks import set_up_tracks, track_table
from sim.policy.channels import Channel
from sim.policy.compiled import CompiledPolicy


class LabourMarketModel(mesa.Model):
    """One world: municipalities, each with a state and a policy (or none), and a month at a time.

    A month is 1.0 unit of time. The model's step runs ``SCHEDULE`` in order. A change of policy is an event
    half a unit before the month in which it first acts, so that it can never come after that month's step.
    """

    def __init__(
        self,
        area: Area,
        states: Sequence[State],
        first_month: int,
        months: int,
        policies: Sequence[CompiledPolicy | None] | None = None,
        held_rates: NDArray[np.float64] | None = None,
    ) -> None:
        """Set up a world.

        Args:
            area: What the run needs apart from its policies.
            states: The state of each municipality to continue from; they are changed.
            first_month: Month number of the first step.
            months: Steps that will be run.
            policies: The policy of each municipality, or None for the baseline.
            held_rates: Hires per unit of search to hold instead of matching, float64, shape (months,
                municipalities, cells), or None.
        """
        super().__init__(rng=0)
        self.area = area
        self.first_month = first_month
        self.month = first_month - 1
        times = area.first
        self.start = times.start
        self.keys_by_month = stream_keys(times.root_seed, times.replication, first_month, months)
        self.keys = self.keys_by_month[0]
        self.held_rates = held_rates
        given = policies if policies is not None else [None] * len(states)
        self.places = [
            Place(self, index, inputs, state, policy, months)
            for index, (inputs, state, policy) in enumerate(zip(area.places, states, given, strict=True))
        ]
        self.rates: NDArray[np.float64] = np.zeros((months, len(self.places), CELLS))
        self.tracks = set_up_tracks(self)
        self.track_table = track_table(self.tracks)
        changes = sorted({month for one in self.places for month in one.changes()})
        for index in changes:
            at = index + (self.start - first_month) + 0.5
            self.schedule_event(self.change_policy, at=at, priority=Priority.HIGH)

    @property
    def burning(self) -> bool:
        """Whether this month is before the start, with tightness held at its reference."""
        return self.month < self.start

    def change_policy(self) -> None:
        """Take the channels of the coming month from the policies (a scheduled event)."""
        for one in self.places:
            if one.policy is not None:
                one.take_channels(self.month + 1 - self.start)

    def step(self) -> None:
        """Run one month: every process of ``SCHEDULE``, in order, in every municipality."""
        self.month += 1
        self.keys = self.keys_by_month[self.month - self.first_month]
        for one in self.places:
            one.begin_month()
        for process in SCHEDULE:
            process(self)
        for one in self.places:
            one.end_month()


def age_and_move(model: LabourMarketModel) -> None:
    """Ageing, arrivals, retirement and moves."""
    for one in model.places:
        live(one.state.residents, one.state.households, one.p, model.keys, model.month, not model.burning)


def post_vacancies(model: LabourMarketModel) -> None:
    """Demand: vacancies carried over, newly created and posted again."""
    if not model.burning:
        for one in model.places:
            for employer in one.employers:
                employer.post()


def separate_jobs(model: LabourMarketModel) -> None:
    """Jobs that end."""
    for one in model.places:
        season, days = one.inputs.season[model.month % 12], one.prices.insurance_days
        ended, registered = separate(one.state.residents, one.p, model.keys, model.month, season, days)
        one.tally["separations"] = ended
        one.tally["af_inflow_from_work"] = registered


def register_people(model: LabourMarketModel) -> None:
    """Registrations from outside and from studies, outreach, and exits from AF to other things than work."""
    for one in model.places:
        one.tally["outreach_contacts"] = register(
            one.state.residents,
            one.state.households,
            one.p,
            model.keys,
            model.month,
            one.inputs.season[model.month % 12],
            one.prices.insurance_days,
            one.employment_service.followed(),
            one.channel(Channel.DUTY),
            one.channel(Channel.OUTREACH),
            one.channel(Channel.OUTREACH_STUDY),
        )


def hand_over_cases(model: LabourMarketModel) -> None:
    """Cases that need both agencies wait, are lost and come back."""
    for one in model.places:
        s = one.state
        days, loss = one.channel(Channel.HANDOVER_DAYS), one.channel(Channel.HANDOVER_LOSS)
        hand_over(s.residents, s.households, one.p, model.keys, model.month, days, loss)


def plan_cases(model: LabourMarketModel) -> None:
    """Coaches plan, AF decides."""
    for one in model.places:
        decision, priority = one.channel(Channel.DECISION_DAYS), one.channel(Channel.PRIORITY)
        capacity = one.unit.plan_capacity()
        made, _ = plan(one.state.residents, one.p, model.keys, model.month, capacity, decision, priority)
        one.tally["plans"] = made


def assign_activities(model: LabourMarketModel) -> None:
    """AF's activities, then job tracks, places and the policy's other offers, within capacity."""
    for one in model.places:
        _assign(model, one)
        one.tally["track_starts"] = 0
        one.tally["waiting_track"] = 0
    for track in model.tracks:
        track.start_cohort()
    for one in model.places:
        _fill_places(model, one)
        _make_offers(model, one)


def _assign(model: LabourMarketModel, one: Place) -> None:
    promise = (
        one.channel(Channel.GUARANTEE_DAYS),
        one.channel(Channel.GUARANTEE_FROM_AGE),
        one.channel(Channel.GUARANTEE_TO_AGE),
        one.channel(Channel.GUARANTEE_HONOURED),
    )
    begun, refused, promised, short = assign(
        one.state.residents,
        one.p,
        model.keys,
        model.month,
        one.employment_service.activity_room(),
        one.channel(Channel.ASSIGNMENT),
        promise,
        one.channel(Channel.PRIORITY),
    )
    one.tally["activity_starts"] = begun
    one.tally["waiting_activity"] = refused
    one.tally["promises_kept"] = promised
    one.tally["promises_short"] = short


def _fill_places(model: LabourMarketModel, one: Place) -> None:
    unit, r = one.unit, one.state.residents
    ordinary, created = unit.policy_places()
    total = ordinary + created
    practice = [
        one.p.baseline_practice_share,
        one.whole(Channel.PRACTICE_SHARE),
        one.whole(Channel.ASSOCIATION_PRACTICE),
    ]
    eligible = one.channel(Channel.ELIGIBLE)
    placed, waiting, taken = place(
        r,
        one.p,
        model.keys,
        model.month,
        unit.free_places(places_in_use(r)),
        ordinary / total if total > 0.0 else 0.0,
        np.array(practice),
        (eligible, eligible, one.channel(Channel.ASSOCIATION_ELIGIBLE)),
        one.channel(Channel.PRIORITY),
    )
    one.tally["placed"] = placed
    one.tally["waiting_place"] = waiting
    one.take_vacancies(taken)


def _make_offers(model: LabourMarketModel, one: Place) -> None:
    r = one.state.residents
    eligible = (
        one.channel(Channel.SUBSIDISED_ELIGIBLE),
        one.channel(Channel.ELIGIBLE),
        one.channel(Channel.EDUCATION_ELIGIBLE),
        one.channel(Channel.SFI_ELIGIBLE),
    )
    free = one.unit.free_offers(offers_in_use(r))
    begun, taken = offer(
        r,
        one.p,
        model.keys,
        model.month,
        free,
        eligible,
        one.channel(Channel.PRIORITY),
        one.state.vacancies,
        one.whole(Channel.EDUCATION_MONTHS),
    )
    names = ("subsidised_starts", "kept_jobs_filled", "education_starts", "sfi_starts")
    one.tally.update({name: int(number) for name, number in zip(names, begun, strict=True)})
    one.take_vacancies(taken)


def advance_activities(model: LabourMarketModel) -> None:
    """Progress, completion and drop-out of activities; the end of subsidised jobs and places."""
    for one in model.places:
        back, partner_hires, one.freed, taken = progress(
            one.state.residents,
            one.p,
            model.keys,
            model.month,
            one.channel(Channel.ACTIVITY_FIT),
            one.prices.insurance_days,
            model.track_table,
        )
        one.tally["af_returns"] = back
        one.tally["partner_hires"] = partner_hires
        one.take_vacancies(taken)


def search_and_match(model: LabourMarketModel) -> None:
    """Job search and matching, from which displacement emerges."""
    for one, counts in zip(
        model.places, match(model, [_search(model, one) for one in model.places]), strict=True
    ):
        one.tally["hires"] = int(counts[HIRES])
        one.tally["exits_to_work"] = int(counts[FROM_REGISTER])
        one.tally["subsidised_hires"] = int(counts[SUBSIDISED_HIRES])
        one.tally["exits_to_work_clients"] = int(counts[CLIENT_EXITS])
        one.tally["held_losses"] = int(counts[CLIENT_HELD])
        one.tally["delayed_losses"] = int(counts[CLIENT_DELAYED])
        for index, name in enumerate(DURATIONS):
            one.tally[f"registered_{name}"] = int(counts[AT_RISK + index])
            one.tally[f"exits_{name}"] = int(counts[EXITS + index])


def _search(model: LabourMarketModel, one: Place) -> NDArray[np.int64]:
    promise = (
        one.channel(Channel.GUARANTEE_DAYS),
        one.channel(Channel.GUARANTEE_FROM_AGE),
        one.channel(Channel.GUARANTEE_TO_AGE),
        one.channel(Channel.GUARANTEE_THREAT),
    )
    return search(
        one.state.residents,
        one.state.households,
        one.p,
        model.keys,
        model.month,
        one.channel(Channel.CONTACT),
        (one.employment_service.hours(), one.unit.hours(), one.channel(Channel.CONTACT_HOURS)),
        one.employment_service.reference_hours,
        one.channel(Channel.MATCH),
        one.channel(Channel.NEWCOMER_EFFORT),
        promise,
        (one.channel(Channel.DUTY), one.channel(Channel.DUTY_TIME)),
        model.track_table,
    )


def support_incomes(model: LabourMarketModel) -> None:
    """Wages, insurance, activity support, establishment benefit, student support, and tax."""
    for one in model.places:
        s = one.state
        earn(s.residents, s.households, one.p, one.prices, one.flows, model.month)


def test_assistance(model: LabourMarketModel) -> None:
    """Social assistance by household."""
    for one in model.places:
        events = assist(
            one.state.residents,
            one.state.households,
            one.p,
            one.prices,
            model.keys,
            one.flows,
            model.month,
            one.social_services.delay(),
            one.channel(Channel.DUTY),
            one.channel(Channel.SANCTION),
        )
        names = ("assistance_entries", "assistance_exits", "assistance_exits_without_work", "sanctions")
        one.tally.update({name: int(number) for name, number in zip(names, events, strict=True)})


def keep_ledger(model: LabourMarketModel) -> None:
    """Costs of the policy, shared benefits and income equalisation."""
    for one in model.places:
        r = one.state.residents
        places, offers = places_in_use(r), offers_in_use(r)
        in_tracks = tracks_in_use(r)
        volumes = {
            "plan": int(one.tally["plans"]),
            "place_in_use": int(places[ORDINARY] + places[CREATED]),
            "association_place": int(places[ASSOCIATION]),
            "subsidised_place": int(offers[SUBSIDISED_JOB]),
            "education_participant": int(offers[ADULT_EDUCATION]),
            "sfi_participant": int(offers[SFI]),
            "track_participant": in_tracks,
            "duty_participant": int(r.duty.sum()),
            "outreach_contact": int(one.tally["outreach_contacts"]),
        }
        one.municipality.pay_policy(volumes)
        one.municipality.share_benefits()
        one.municipality.equalise()
        one.tally["places_in_use"] = int(places.sum())
        one.tally["association_places_in_use"] = volumes["association_place"]
        one.tally["subsidised_places_in_use"] = volumes["subsidised_place"]


def count(model: LabourMarketModel) -> None:
    """The model observes itself; in the last year of the burn-in it also notes what demand and staff to
    keep."""
    for one in model.places:
        s = one.state
        index = model.month - model.first_month
        one.counts[index] = observe(s.residents, s.households, model.month)
        s.clients = int(one.counts[index, Count.participants].sum())
        s.queue = int(one.counts[index, Count.waiting_plan].sum())
        s.segment_clients = clients_by_segment(s.residents, model.month)[0]
        if model.burning and model.month >= model.start - 12:
            s.reference_vacancies = s.reference_vacancies + s.vacancies
            s.reference_moves = s.reference_moves + s.moves
            s.reference_clients += s.clients + s.queue
            s.activity_starts += one.tally["activity_starts"]
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
