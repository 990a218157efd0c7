"""The channels: the only ways in which a lever may reach the model.

A channel value belongs to a *segment* of residents. The segments are the combinations of five traits, so
that a lever may be aimed at some and not at others; a segment's number is the sum of the bits of the traits
that hold. In a trial a sixth bit tells those who were drawn to the treated arm.

Public names: `Channel` (the fixed order of the last axis of a policy path), `CHANNELS` (their declarations),
`neutral_channels`, and `segment_mask` (target names -> which segments are meant).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SEGMENT_BITS = {"newcomer": 1, "youth": 2, "long_term": 4, "weak_swedish": 8, "newly_registered": 16}
"""Trait -> bit: permit within 24 months; aged 18-24; registered 12 months or more; Swedish level 0 or 1;
registered less than 6 months."""

SEGMENTS = 32
IN_TRIAL = 32
"""The bit of those drawn to the treated arm of a trial."""
TRIAL_SEGMENTS = 64


class Channel(IntEnum):
    """A named value that levers may move; the number is its place in a policy path."""

    HANDOVER_DAYS = 0
    HANDOVER_LOSS = 1
    DECISION_DAYS = 2
    ASSISTANCE_DAYS = 3
    ACTIVITY_FIT = 4
    CASELOAD = 5
    CONTACT = 6
    ASSIGNMENT = 7
    PLAN_TIME = 8
    ORDINARY_PLACES = 9
    CREATED_PLACES = 10
    PRACTICE_SHARE = 11
    ELIGIBLE = 12
    AF_CASELOAD = 13
    CONTACT_HOURS = 14
    MATCH = 15
    OPENINGS = 16
    NEWCOMER_EFFORT = 17
    GUARANTEE_DAYS = 18
    GUARANTEE_HONOURED = 19
    GUARANTEE_THREAT = 20
    GUARANTEE_FROM_AGE = 21
    GUARANTEE_TO_AGE = 22
    DUTY = 23
    DUTY_TIME = 24
    SANCTION = 25
    SUBSIDISED_PLACES = 26
    SUBSIDISED_ELIGIBLE = 27
    ASSOCIATION_PLACES = 28
    ASSOCIATION_PRACTICE = 29
    ASSOCIATION_ELIGIBLE = 30
    SFI_PLACES = 31
    SFI_ELIGIBLE = 32
    EDUCATION_PLACES = 33
    EDUCATION_ELIGIBLE = 34
    OUTREACH = 35
    OUTREACH_STUDY = 36
    PRIORITY = 37
    RESERVED_HIRES = 38
    ACTIVITY_CAPACITY = 39
    COFINANCING = 40
    NEWCOMER_PAYER = 41
    EDUCATION_MONTHS = 42


@dataclass(frozen=True)
class ChannelDeclaration:
    """What a channel means and how instances of levers combine on it.

    kind says how: ``multiply`` and ``add`` combine by product and sum, and ``most`` by the largest; all three
    grow with fidelity and ramp. ``mix`` is the mean over instances weighted by their places, untouched by
    fidelity and ramp (half of the places are of the same kinds as all of them); ``switch`` is on as soon as
    any instance acts; ``set`` is what the latest acting instance says. ``split``: a number of places that the
    municipalities of an instance share in proportion to their residents.
    """

    channel: Channel
    kind: Literal["multiply", "add", "most", "mix", "switch", "set"]
    neutral: float
    low: float
    high: float
    unit: str
    label_sv: str
    label_en: str
    whole_municipality: bool = False
    by_fidelity: bool = True
    """False for what is done whatever comes of it: staff, hours and the harm of a change act in full."""
    split: bool = False
    mixed_by: "Channel | None" = None
    """For ``mix``: the channel whose places weigh it; None for municipal places of both kinds."""


CHANNELS: tuple[ChannelDeclaration, ...] = (
    ChannelDeclaration(
        Channel.HANDOVER_DAYS, "multiply", 1.0, 0.05, 3.0, "ratio",
        "Väntetid vid överlämning mellan kommun och Arbetsförmedlingen",
        "Days from need seen by one agency to first joint meeting, against today",
    ),
    ChannelDeclaration(
        Channel.HANDOVER_LOSS, "multiply", 1.0, 0.0, 2.0, "ratio",
        "Andel som tappas bort mellan myndigheterna",
        "Share of cases lost between the agencies, against today",
    ),
    ChannelDeclaration(
        Channel.DECISION_DAYS, "multiply", 1.0, 0.05, 3.0, "ratio",
        "Väntetid på Arbetsförmedlingens beslut om insats",
        "Days until the employment service decides on an activity, against today",
    ),
    ChannelDeclaration(
        Channel.ASSISTANCE_DAYS, "add", 0.0, 0.0, 60.0, "days",
        "Längre handläggning av ekonomiskt bistånd",
        "Extra days of processing of social assistance",
    ),
    ChannelDeclaration(
        Channel.ACTIVITY_FIT, "add", 0.0, 0.0, 1.0, "share",
        "Hur väl insatsen passar personen",
        "Share reached of what a better choice of activity can give",
    ),
    ChannelDeclaration(
        Channel.CASELOAD, "multiply", 1.0, 0.1, 4.0, "ratio",
        "Deltagare per coach",
        "Clients per coach in the municipal unit, against today",
        by_fidelity=False,
    ),
    ChannelDeclaration(
        Channel.CONTACT, "multiply", 1.0, 0.5, 1.5, "ratio",
        "Kontakt och hjälp med jobbsökande",
        "Contact with and search effectiveness of registered clients, against today",
        by_fidelity=False,
    ),
    ChannelDeclaration(
        Channel.ASSIGNMENT, "multiply", 1.0, 0.3, 2.0, "ratio",
        "Hur ofta personer får en insats",
        "Rate of assignment to activities, against today",
    ),
    ChannelDeclaration(
        Channel.PLAN_TIME, "multiply", 1.0, 0.2, 5.0, "ratio",
        "Coachens tid per plan",
        "Coach hours per plan, against today",
        by_fidelity=False,
    ),
    ChannelDeclaration(
        Channel.ORDINARY_PLACES, "add", 0.0, 0.0, 5000.0, "places",
        "Platser på vanliga arbetsplatser i kommunen",
        "Placement places at ordinary workplaces of the municipality",
        whole_municipality=True, split=True,
    ),
    ChannelDeclaration(
        Channel.CREATED_PLACES, "add", 0.0, 0.0, 5000.0, "places",
        "Platser i särskilt ordnad verksamhet",
        "Placement places at workplaces created for the purpose",
        whole_municipality=True, split=True,
    ),
    ChannelDeclaration(
        Channel.PRACTICE_SHARE, "mix", 0.0, 0.0, 1.0, "share",
        "Andel av platserna som är praktik utan lön",
        "Share of the placement places that are practice without wage",
        whole_municipality=True,
    ),
    ChannelDeclaration(
        Channel.ELIGIBLE, "switch", 0.0, 0.0, 1.0, "yes or no",
        "Får platserna sökas av gruppen",
        "1 where the segment may get the municipality's placement places",
    ),
    ChannelDeclaration(
        Channel.AF_CASELOAD, "multiply", 1.0, 0.1, 4.0, "ratio",
        "Arbetssökande per arbetsförmedlare",
        "Registered clients per caseworker of the employment service, against today",
        by_fidelity=False,
    ),
    ChannelDeclaration(
        Channel.CONTACT_HOURS, "add", 0.0, 0.0, 20.0, "hours per month",
        "Extra möten per inskriven", "Extra meeting hours per registered person, with either agency",
        by_fidelity=False,
    ),
    ChannelDeclaration(
        Channel.MATCH, "multiply", 1.0, 0.5, 2.0, "ratio",
        "Hur väl lediga jobb når de inskrivna",
        "Search success through vacancies that staff know of, against today",
    ),
    ChannelDeclaration(
        Channel.OPENINGS, "multiply", 1.0, 0.5, 1.5, "ratio",
        "Nya lediga jobb genom arbetsgivarkontakter",
        "Newly created vacancies through contact with employers, against today",
        whole_municipality=True,
    ),
    ChannelDeclaration(
        Channel.NEWCOMER_EFFORT, "multiply", 1.0, 0.3, 2.0, "ratio",
        "Nyanländas jobbsökande under etableringen",
        "Search success of newcomers in the establishment programme, against today",
    ),
    ChannelDeclaration(
        Channel.GUARANTEE_DAYS, "set", 0.0, 0.0, 730.0, "days",
        "Dagar från inskrivning till utlovad insats (0: inget löfte)",
        "Days from registration to the promised activity (0: no promise)",
        by_fidelity=False,
    ),
    ChannelDeclaration(
        Channel.GUARANTEE_HONOURED, "most", 0.0, 0.0, 1.0, "share",
        "Hur ofta löftet hålls när dagen är inne", "Share of promises kept in the month when they fall due",
    ),
    ChannelDeclaration(
        Channel.GUARANTEE_THREAT, "most", 0.0, 0.0, 1.0, "ratio",
        "Ökat sökande inför utlovad insats, för den som har lätt att få jobb",
        "Rise in search before the promised activity, for those with good prospects",
    ),
    ChannelDeclaration(
        Channel.GUARANTEE_FROM_AGE, "set", 16.0, 16.0, 64.0, "years",
        "Löftet gäller från ålder", "The promise holds from this age",
        by_fidelity=False,
    ),
    ChannelDeclaration(
        Channel.GUARANTEE_TO_AGE, "set", 64.0, 16.0, 64.0, "years",
        "Löftet gäller till och med ålder", "The promise holds through this age",
        by_fidelity=False,
    ),
    ChannelDeclaration(
        Channel.DUTY, "most", 0.0, 0.0, 1.0, "share",
        "Andel med ekonomiskt bistånd som omfattas av aktivitetskrav, utöver i dag",
        "Share of assistance recipients under a duty to take part, beyond today",
    ),
    ChannelDeclaration(
        Channel.DUTY_TIME, "most", 0.0, 0.0, 1.0, "share of full time",
        "Tid i aktivitet för den som omfattas", "Time in activity of those under the duty",
        by_fidelity=False,
    ),
    ChannelDeclaration(
        Channel.SANCTION, "most", 0.0, 0.0, 0.5, "per month",
        "Indraget bistånd för den som omfattas", "Assistance withheld from those under the duty",
    ),
    ChannelDeclaration(
        Channel.SUBSIDISED_PLACES, "add", 0.0, 0.0, 50_000.0, "places",
        "Extra subventionerade anställningar samtidigt", "Extra subsidised jobs at a time",
        whole_municipality=True, split=True,
    ),
    ChannelDeclaration(
        Channel.SUBSIDISED_ELIGIBLE, "switch", 0.0, 0.0, 1.0, "yes or no",
        "Får de subventionerade anställningarna sökas av gruppen",
        "1 where the segment may get the extra subsidised jobs",
    ),
    ChannelDeclaration(
        Channel.ASSOCIATION_PLACES, "add", 0.0, 0.0, 5000.0, "places",
        "Platser hos föreningar och sociala företag", "Places in associations and social enterprises",
        whole_municipality=True, split=True,
    ),
    ChannelDeclaration(
        Channel.ASSOCIATION_PRACTICE, "mix", 0.0, 0.0, 1.0, "share",
        "Andel av de platserna som är praktik utan lön",
        "Share of those places that are practice without wage",
        whole_municipality=True, mixed_by=Channel.ASSOCIATION_PLACES,
    ),
    ChannelDeclaration(
        Channel.ASSOCIATION_ELIGIBLE, "switch", 0.0, 0.0, 1.0, "yes or no",
        "Får de platserna sökas av gruppen", "1 where the segment may get those places",
    ),
    ChannelDeclaration(
        Channel.SFI_PLACES, "add", 0.0, 0.0, 5000.0, "places",
        "Platser i yrkes-sfi", "Places in vocational Swedish",
        whole_municipality=True, split=True,
    ),
    ChannelDeclaration(
        Channel.SFI_ELIGIBLE, "switch", 0.0, 0.0, 1.0, "yes or no",
        "Får yrkes-sfi sökas av gruppen", "1 where the segment may get vocational Swedish",
    ),
    ChannelDeclaration(
        Channel.EDUCATION_PLACES, "add", 0.0, 0.0, 5000.0, "places",
        "Platser i yrkesutbildning för vuxna", "Places in vocational adult education",
        whole_municipality=True, split=True,
    ),
    ChannelDeclaration(
        Channel.EDUCATION_ELIGIBLE, "switch", 0.0, 0.0, 1.0, "yes or no",
        "Får yrkesutbildningen sökas av gruppen", "1 where the segment may get vocational adult education",
    ),
    ChannelDeclaration(
        Channel.OUTREACH, "most", 0.0, 0.0, 0.5, "per month",
        "Unga utanför som nås av uppsökande arbete", "Young people outside who are reached",
    ),
    ChannelDeclaration(
        Channel.OUTREACH_STUDY, "set", 0.0, 0.0, 1.0, "share",
        "Andel av dem som går till studier (resten skrivs in)",
        "Share of those reached who go to studies (the rest register)",
        by_fidelity=False,
    ),
    ChannelDeclaration(
        Channel.PRIORITY, "switch", 0.0, 0.0, 1.0, "yes or no",
        "Går före i kön", "1 where the segment is first in every queue",
    ),
    ChannelDeclaration(
        Channel.RESERVED_HIRES, "add", 0.0, 0.0, 500.0, "hires per month",
        "Ordinarie jobb i kommunen som hålls för deltagare",
        "Ordinary jobs of the municipality kept for participants",
        whole_municipality=True, split=True,
    ),
    ChannelDeclaration(
        Channel.ACTIVITY_CAPACITY, "multiply", 1.0, 0.1, 5.0, "ratio",
        "Arbetsförmedlingens utrymme i utbildning och praktik",
        "The employment service's room in training and practice, against today",
        whole_municipality=True,
    ),
    ChannelDeclaration(
        Channel.COFINANCING, "most", 0.0, 0.0, 1.0, "share",
        "Kommunens andel av statens ersättningar till inskrivna",
        "The municipality's share of the state's benefits to the registered",
        whole_municipality=True, by_fidelity=False,
    ),
    ChannelDeclaration(
        Channel.NEWCOMER_PAYER, "most", 0.0, 0.0, 1.0, "share",
        "Kommunens andel av etableringsersättningen", "The municipality's share of the establishment benefit",
        whole_municipality=True, by_fidelity=False,
    ),
    ChannelDeclaration(
        Channel.EDUCATION_MONTHS, "set", 0.0, 0.0, 36.0, "months",
        "Yrkesutbildningens längd (0: som vanligt)", "Length of vocational adult education (0: as usual)",
        whole_municipality=True, by_fidelity=False,
    ),
)  # fmt: skip
"""One declaration per channel, in the order of `Channel`."""


def neutral_channels() -> NDArray[np.float64]:
    """Return every channel's neutral value, float64, shape (channels,)."""
    return np.array([declared.neutral for declared in CHANNELS])


def segment_mask(targets: Iterable[str]) -> NDArray[np.bool_]:
    """Return which of the segments have any of the named traits; no name means all of them."""
    bits = 0
    named = False
    for target in targets:
        named = True
        bits |= SEGMENT_BITS[target]
    numbers = np.arange(SEGMENTS)
    return np.ones(SEGMENTS, dtype=bool) if not named else (numbers & bits) != 0
