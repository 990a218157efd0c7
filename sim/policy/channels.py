"""The channels: the only ways in which a lever may reach the model.

A channel value belongs to a *segment* of residents. The sixteen segments are the combinations of four
traits, so that a lever may be aimed at some and not at others; a segment's number is the sum of the bits of
the traits that hold.

Public names: `Channel` (the fixed order of the last axis of a policy path), `CHANNELS` (their declarations)
and `segment_mask` (target names -> which segments are meant).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

import numpy as np
from numpy.typing import NDArray

SEGMENT_BITS = {"newcomer": 1, "youth": 2, "long_term": 4, "weak_swedish": 8}
"""Trait -> bit: permit within 24 months; aged 18-24; registered 12 months or more; Swedish level 0 or 1."""

SEGMENTS = 16


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


@dataclass(frozen=True)
class ChannelDeclaration:
    """What a channel means and how instances of levers combine on it.

    kind says how: ``multiply`` and ``add`` combine by product and sum, and grow with fidelity and ramp;
    ``mix`` is the mean over instances weighted by their places, untouched by fidelity and ramp (half of the
    places are of the same kinds as all of them); ``switch`` is on as soon as any instance acts.
    """

    channel: Channel
    kind: Literal["multiply", "add", "mix", "switch"]
    neutral: float
    low: float
    high: float
    unit: str
    label_sv: str
    label_en: str
    whole_municipality: bool = False
    by_fidelity: bool = True
    """False for what is done whatever comes of it: staff, hours and the harm of a change act in full."""


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
        whole_municipality=True,
    ),
    ChannelDeclaration(
        Channel.CREATED_PLACES, "add", 0.0, 0.0, 5000.0, "places",
        "Platser i särskilt ordnad verksamhet",
        "Placement places at workplaces created for the purpose",
        whole_municipality=True,
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
    ),
)  # fmt: skip
"""One declaration per channel, in the order of `Channel`."""


def segment_mask(targets: Iterable[str]) -> NDArray[np.bool_]:
    """Return which of the sixteen segments have any of the named traits; no name means all of them."""
    bits = 0
    named = False
    for target in targets:
        named = True
        bits |= SEGMENT_BITS[target]
    numbers = np.arange(SEGMENTS)
    return np.ones(SEGMENTS, dtype=bool) if not named else (numbers & bits) != 0
