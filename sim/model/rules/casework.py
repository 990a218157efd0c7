"""What the agencies have under way: clients by policy segment, and the policy's places and offers in use.

Public names: `clients_by_segment` and `in_use`.
"""

import numpy as np

from sim.core.compiled import kernel
from sim.model.codes import (
    EDUCATION,
    IN_ACTIVITY,
    MUNICIPAL_PRACTICE,
    OPEN,
    PLACEMENT,
    SUBSIDISED,
    TRACK,
    VOCATIONAL_SFI,
    WAITING_PLAN,
)
from sim.model.columns import Int64, Rows
from sim.model.rules.offers import ADULT_EDUCATION, OFFERS, SFI, SUBSIDISED_JOB
from sim.model.tables import Tables
from sim.policy.channels import TRIAL_SEGMENTS


@kernel
def clients_by_segment(tables: Tables, known: Rows) -> Int64:
    """Return those whom the unit has planned, and the registered, by segment, int64, shape (2, segments)."""
    r = tables.residents
    count = np.zeros((2, TRIAL_SEGMENTS), dtype=np.int64)
    for i in known:
        if r.status[i] == OPEN or r.status[i] == IN_ACTIVITY:
            part = tables.steady.segment[i]
            count[1, part] += 1
            if r.case[i] > WAITING_PLAN:
                count[0, part] += 1
    return count


@kernel
def in_use(tables: Tables, known: Rows) -> tuple[Int64, Int64, int, int]:
    """Return persons in municipal places by `Workplace`; in the policy's subsidised jobs, 0 (kept jobs are
    ordinary), adult education and vocational Swedish; in job tracks; and taking part under the duty.

    The first two are int64, shape (4,).
    """
    r = tables.residents
    places = np.zeros(4, dtype=np.int64)
    offers = np.zeros(OFFERS, dtype=np.int64)
    tracks = duty = 0
    for i in known:
        duty += r.duty[i]
        status = r.status[i]
        if status == IN_ACTIVITY:
            activity = r.activity[i]
            if activity == MUNICIPAL_PRACTICE:
                places[r.contract[i]] += 1
            elif activity == EDUCATION:
                offers[ADULT_EDUCATION] += 1
            elif activity == VOCATIONAL_SFI:
                offers[SFI] += 1
            elif activity == TRACK:
                tracks += 1
        elif status == PLACEMENT:
            places[r.contract[i]] += 1
        elif status == SUBSIDISED and r.assigned[i] == 1:
            offers[SUBSIDISED_JOB] += 1
    return places, offers, tracks, duty
