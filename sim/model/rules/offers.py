"""What a policy offers the registered beside places: subsidised jobs, kept jobs, adult education, yrkes-sfi.

Rules: for an extra subsidised job employers choose, in proportion to last month's search weight, so that
many who get one would have found a job anyway. It takes a vacancy of the person's own field and tier with a
declared probability; it is else a job that would not have been. An ordinary job that the municipality keeps
for a unit client is always a vacancy that another could have had. Vocational adult education (for those who
have been registered a few months) and vocational Swedish have places at a time. All are filled by rank, then
in the order of choice or of draw, from the segments named.
"""

import numpy as np

from sim.core.compiled import kernel
from sim.core.draws import Decision, uniform
from sim.model.codes import (
    ACTIVE,
    BORN_IN_SWEDEN,
    EDUCATION,
    EMPLOYED,
    HERE,
    SUBSIDISED,
    VOCATIONAL_SFI,
)
from sim.model.columns import CELLS, TIERS, Float64, Int64, Keys, Rows
from sim.model.rules.common import begin, drawn_months, leave_register, seeks_activity
from sim.model.rules.queues import front, front_of_race, place_in_queue, soonest_in_race
from sim.model.tables import Tables

SUBSIDISED_JOB, KEPT_JOB, ADULT_EDUCATION, SFI = range(4)
"""What is offered, in this order."""
OFFERS = 4
RESERVED_CONTRACT = int(Decision.RESERVED_CONTRACT)
SUBSIDISED_LENGTH = int(Decision.SUBSIDISED_LENGTH)
SUBSIDISED_VACANCY = int(Decision.SUBSIDISED_VACANCY)
SUBSIDISED_ORDER = int(Decision.SUBSIDISED_ORDER)
RESERVED_ORDER = int(Decision.RESERVED_ORDER)
EDUCATION_ORDER = int(Decision.EDUCATION_ORDER)
EDUCATION_LENGTH = int(Decision.EDUCATION_LENGTH)
SFI_ORDER = int(Decision.SFI_ORDER)
SFI_LENGTH = int(Decision.SFI_LENGTH)
WEAK_ENOUGH = 2
"""Highest level of Swedish that vocational Swedish admits."""


@kernel
def offer(
    tables: Tables,
    known: Rows,
    keys: Keys,
    free: Int64,
    eligible: tuple[Float64, Float64, Float64, Float64],
    priority: Float64,
    vacancies: Float64,
    education_months: float,
) -> tuple[Int64, Int64]:
    """Fill what is free of each offer.

    Args:
        free: Room now for each of ``OFFERS``, int64, shape (4,).
        eligible: Eligibility by segment for each offer.
        priority: The priority channel by segment.
        vacancies: V by cell: a kept job must be one of them.
        education_months: Mean length of adult education; 0 for the usual.

    Returns:
        Persons who took up each offer, int64, shape (4,); vacancies taken by cell, int64.
    """
    r, p = tables.residents, tables.parameters
    begun = np.zeros(OFFERS, dtype=np.int64)
    taken = np.zeros(CELLS, dtype=np.int64)
    orders = (keys[SUBSIDISED_ORDER], keys[RESERVED_ORDER], keys[EDUCATION_ORDER], keys[SFI_ORDER])
    seeking = np.empty(known.size, dtype=np.uint32)
    part_of = np.empty(known.size, dtype=np.int8)
    many = 0
    for i in known:
        if r.presence[i] == HERE and seeks_activity(r, i) and r.spell[i] > 0:
            seeking[many] = i
            part_of[many] = tables.steady.segment[i]
            many += 1
    for what in range(OFFERS):
        if free[what] <= 0:
            continue
        queue = np.empty(many, dtype=np.uint32)
        order = np.empty(many, dtype=np.int64)
        n = 0
        for k in range(many):
            i, part = seeking[k], part_of[k]
            if eligible[what][part] <= 0.0 or (what == KEPT_JOB and r.case[i] != ACTIVE):
                continue
            if what == SFI and (r.origin[i] == BORN_IN_SWEDEN or r.swedish[i] > WEAK_ENOUGH):
                continue
            if what == ADULT_EDUCATION and r.spell[i] < p.education_after_months:
                continue
            if what != SUBSIDISED_JOB and not seeks_activity(r, i):
                continue  # who has just got an offer before this one
            rank = 1 if priority[part] > 0.0 else 0
            queue[n] = i
            if what == SUBSIDISED_JOB:
                order[n] = soonest_in_race(rank, r.weight_free[i], r.id[i], orders[what])
            else:
                order[n] = place_in_queue(rank, r.id[i], orders[what])
            n += 1
        room = n if what == KEPT_JOB else min(n, free[what])
        if what == SUBSIDISED_JOB:
            first = front_of_race(order[:n], queue[:n], r.weight_free, r.id, orders[what], room)
        else:
            first = front(order[:n], room)
        for j in range(room):
            i = queue[first[j]]
            cell = r.sector[i] * TIERS + r.tier[i]
            spell = r.spell[i]
            if what == SUBSIDISED_JOB:
                leave_register(r, i, SUBSIDISED)
                r.spell[i] = spell
                r.left[i] = drawn_months(uniform(keys[SUBSIDISED_LENGTH], r.id[i]), p.subsidised_months)
                r.contract[i] = 1
                r.assigned[i] = 1
                r.client[i] = 0
                r.reason[i] = 0
                takes = uniform(keys[SUBSIDISED_VACANCY], r.id[i]) < p.subsidised_takes_vacancy
                r.took[i] = 1 if takes else 0
                taken[cell] += r.took[i]
            elif what == KEPT_JOB:
                if begun[KEPT_JOB] == free[KEPT_JOB]:
                    break
                if taken[cell] + 1 > vacancies[cell]:
                    continue
                leave_register(r, i, EMPLOYED)
                r.contract[i] = 1 if uniform(keys[RESERVED_CONTRACT], r.id[i]) < p.temporary_share else 0
                r.client[i] = 0
                r.reason[i] = 0
                taken[cell] += 1
            elif what == ADULT_EDUCATION:
                mean = education_months if education_months > 0.0 else p.education_months
                months = drawn_months(uniform(keys[EDUCATION_LENGTH], r.id[i]), mean)
                begin(r, i, EDUCATION, months)
            else:
                begin(r, i, VOCATIONAL_SFI, drawn_months(uniform(keys[SFI_LENGTH], r.id[i]), p.sfi_months))
                r.language[i] = 1
            begun[what] += 1
    return begun, taken
