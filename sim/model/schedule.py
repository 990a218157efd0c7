"""The order of a month: each process passes the rules what they need.

Most look at one municipality by itself; the market and shared job tracks look at all.

Public name: `SCHEDULE`.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from sim.model.codes import ASSOCIATION, CREATED, ORDINARY
from sim.model.counts import Count
from sim.model.institutions import post
from sim.model.market import match_jobs
from sim.model.offering import assign_activities, fill_places
from sim.model.rounds import InEach
from sim.model.rules.assistance import assist
from sim.model.rules.casework import clients_by_segment, in_use
from sim.model.rules.demography import live
from sim.model.rules.handover import hand_over
from sim.model.rules.incomes import earn
from sim.model.rules.observing import observe
from sim.model.rules.offers import ADULT_EDUCATION, SFI, SUBSIDISED_JOB
from sim.model.rules.planning import plan
from sim.model.rules.progress import progress
from sim.model.rules.registration import register
from sim.model.rules.search import search
from sim.model.rules.separations import separate
from sim.model.tracks import start_cohorts
from sim.policy.channels import Channel

if TYPE_CHECKING:
    from sim.model.model import LabourMarketModel
    from sim.model.place import Place


@InEach
def age_and_move(model: "LabourMarketModel", one: "Place") -> None:
    """Ageing, arrivals, retirement and moves."""
    one.visited, resting = live(
        one.tables, one.calm, one.learners, model.keys, model.month, not model.burning
    )
    one.outside = np.concatenate((one.outside, resting))


@InEach
def post_vacancies(model: "LabourMarketModel", one: "Place") -> None:
    """Demand: vacancies carried over, newly created and posted again."""
    if not model.burning:
        post(one.employers)


@InEach
def separate_jobs(model: "LabourMarketModel", one: "Place") -> None:
    """Jobs that end; the processes that follow look only at those whom they may concern."""
    season, days = one.inputs.season[model.month % 12], one.prices.insurance_days
    ended, registered, one.jobless, one.working = separate(
        one.tables, one.visited, model.keys, model.month, season, days
    )
    one.tally["separations"] = ended
    one.tally["af_inflow_from_work"] = registered


@InEach
def register_people(model: "LabourMarketModel", one: "Place") -> None:
    """Registrations from outside and from studies, outreach, and exits from AF to other things than work."""
    one.tally["outreach_contacts"], one.known, others, one.outside = register(
        one.tables,
        one.jobless,
        one.outside,
        model.keys,
        model.month,
        one.inputs.season[model.month % 12],
        one.prices.insurance_days,
        one.employment_service.followed(),
        one.channel(Channel.DUTY),
        one.channel(Channel.OUTREACH),
        one.channel(Channel.OUTREACH_STUDY),
    )
    one.changing = np.concatenate((one.known, others, one.working))


@InEach
def hand_over_cases(model: "LabourMarketModel", one: "Place") -> None:
    """Cases that need both agencies wait, are lost and come back."""
    days, loss = one.channel(Channel.HANDOVER_DAYS), one.channel(Channel.HANDOVER_LOSS)
    hand_over(one.tables, one.known, model.keys, days, loss)


@InEach
def plan_cases(model: "LabourMarketModel", one: "Place") -> None:
    """Coaches plan, AF decides."""
    decision, priority = one.channel(Channel.DECISION_DAYS), one.channel(Channel.PRIORITY)
    capacity = one.unit.plan_capacity()
    made, _ = plan(one.tables, one.known, model.keys, capacity, decision, priority)
    one.tally["plans"] = made


@InEach
def advance_activities(model: "LabourMarketModel", one: "Place") -> None:
    """Progress, completion and drop-out of activities; the end of subsidised jobs and places."""
    back, partner_hires, one.freed, taken = progress(
        one.tables,
        one.known,
        one.changing,
        model.keys,
        model.month,
        one.channel(Channel.ACTIVITY_FIT),
        one.prices.insurance_days,
        model.track_table,
    )
    one.tally["af_returns"] = back
    one.tally["partner_hires"] = partner_hires
    one.take_vacancies(taken)


@InEach
def seek_jobs(model: "LabourMarketModel", one: "Place") -> None:
    """Job search: the weight with which each resident seeks."""
    promise = (
        one.channel(Channel.GUARANTEE_DAYS),
        one.channel(Channel.GUARANTEE_FROM_AGE),
        one.channel(Channel.GUARANTEE_TO_AGE),
        one.channel(Channel.GUARANTEE_THREAT),
    )
    one.sought = search(
        one.tables,
        one.changing,
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
        one.spells,
    )


@InEach
def support_incomes(model: "LabourMarketModel", one: "Place") -> None:
    """Wages, insurance, activity support, establishment benefit, student support, and tax."""
    earn(one.tables, one.changing, one.flows, model.month)


@InEach
def test_assistance(model: "LabourMarketModel", one: "Place") -> None:
    """Social assistance by household."""
    events, one.houses = assist(
        one.tables,
        one.known,
        one.exits,
        model.keys,
        one.flows,
        model.month,
        one.social_services.delay(),
        one.channel(Channel.DUTY),
        one.channel(Channel.SANCTION),
    )
    names = ("assistance_entries", "assistance_exits", "assistance_exits_without_work", "sanctions")
    one.tally.update({name: int(number) for name, number in zip(names, events, strict=True)})


@InEach
def keep_ledger(model: "LabourMarketModel", one: "Place") -> None:
    """Costs of the policy, shared benefits and income equalisation."""
    one.clients = clients_by_segment(one.tables, one.known)
    places, offers, tracks, duty = in_use(one.tables, one.known)
    volumes = {
        "plan": int(one.tally["plans"]),
        "place_in_use": int(places[ORDINARY] + places[CREATED]),
        "association_place": int(places[ASSOCIATION]),
        "subsidised_place": int(offers[SUBSIDISED_JOB]),
        "education_participant": int(offers[ADULT_EDUCATION]),
        "sfi_participant": int(offers[SFI]),
        "track_participant": tracks,
        "duty_participant": duty,
        "outreach_contact": int(one.tally["outreach_contacts"]),
    }
    one.municipality.pay_policy(volumes)
    one.municipality.share_benefits()
    one.municipality.equalise()
    one.tally["places_in_use"] = int(places.sum())
    one.tally["association_places_in_use"] = volumes["association_place"]
    one.tally["subsidised_places_in_use"] = volumes["subsidised_place"]


@InEach
def count(model: "LabourMarketModel", one: "Place") -> None:
    """The model observes itself; in the last year of the burn-in it also notes what demand and staff to
    keep."""
    s = one.state
    index = model.month - model.first_month
    cells, one.calm = observe(one.tables, one.changing, one.houses, model.month)
    one.counts[index] = cells.T.reshape(one.counts[index].shape)
    s.clients = int(one.counts[index, Count.participants].sum())
    s.queue = int(one.counts[index, Count.waiting_plan].sum())
    s.segment_clients = one.clients[0]
    if model.burning and model.month >= model.start - 12:
        s.reference_vacancies = s.reference_vacancies + s.vacancies
        s.reference_moves = s.reference_moves + s.moves
        s.reference_clients += s.clients + s.queue
        s.activity_starts += one.tally["activity_starts"]
        s.reference_months += 1


SCHEDULE: tuple[Callable[["LabourMarketModel"], None], ...] = (
    age_and_move,
    post_vacancies,
    separate_jobs,
    register_people,
    hand_over_cases,
    plan_cases,
    assign_activities,
    start_cohorts,
    fill_places,
    advance_activities,
    seek_jobs,
    match_jobs,
    support_incomes,
    test_assistance,
    keep_ledger,
    count,
)
"""The order of a month: the one place to read it."""
