"""Hiring: matching by field of work and skill tier, from which displacement emerges.

Rules: with x = A S and V vacancies in a cell, expected hires are M = x V / (x^k + V^k)^(1/k), never above x
or V. A seeker of weight w is a candidate with probability 1 - exp(-w M / S), independently; then at most V
are hired, in keyed order. Vacancies follow V' = (V - hires)(1 - expiry) + v0 (q/q0)^e + r x job-to-job
hires, with q the share of vacancies filled (the term is v0 in a month without hires). The place that took a
vacancy leaves it like any job that is changed. Of the hires of long-registered people and newcomers a share
is subsidised.
"""

import numpy as np

from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, uniform
from sim.core.exact import FIXED_POINT, exponential, power
from sim.model.columns import (
    CELLS,
    TIERS,
    Float64,
    Int64,
    Keys,
    Origin,
    Presence,
    Reason,
    ResidentColumns,
    Status,
)
from sim.model.parameters import Parameters
from sim.model.rules.common import drawn_months, leave_register
from sim.model.rules.queues import served

HERE = int(Presence.HERE)
OPEN = int(Status.OPEN)
IN_ACTIVITY = int(Status.ACTIVITY)
SUBSIDISED = int(Status.SUBSIDISED)
EMPLOYED = int(Status.EMPLOYED)
NEWCOMER = int(Origin.NEWCOMER)
HELD = int(Reason.HELD)
DELAYED = int(Reason.DELAYED)
HIRE = int(Decision.HIRE)
HIRE_ORDER = int(Decision.HIRE_ORDER)
CONTRACT = int(Decision.CONTRACT)
SUBSIDY = int(Decision.SUBSIDY)
SUBSIDY_LENGTH = int(Decision.SUBSIDY_LENGTH)

HIRES, FROM_REGISTER, SUBSIDISED_HIRES, CLIENT_EXITS, CLIENT_HELD, CLIENT_DELAYED = range(6)
DURATIONS = ("0_2", "3_5", "6_11", "12_23", "24_plus")
"""Months in the spell, by which the registered and their hires are counted."""
AT_RISK = 6
EXITS = AT_RISK + len(DURATIONS)


@rule
def matches(efficiency: float, search: float, vacancies: float, curvature: float) -> float:
    """Return expected hires x V / (x^k + V^k)^(1/k) with x = A S."""
    x = efficiency * search
    if x <= 0.0 or vacancies <= 0.0:
        return 0.0
    return x * vacancies / power(power(x, curvature) + power(vacancies, curvature), 1.0 / curvature)


@rule
def efficiency(p: Parameters) -> float:
    """Return A, such that a share q0 of vacancies is filled where the job-finding rate is the reference."""
    return p.job_finding_reference / power(
        1.0 - power(p.filling_reference, p.matching_curvature), 1.0 / p.matching_curvature
    )


@rule
def vacancies_next(
    vacancies: float, hires: int, job_to_job: int, new: float, filled: float, p: Parameters
) -> float:
    """Return next month's vacancies of a cell."""
    response = power(filled / p.filling_reference, p.vacancy_response) if filled > 0.0 else 1.0
    return (vacancies - hires) * (1.0 - p.vacancy_expiry) + new * response + p.vacancy_repost * job_to_job


@rule
def duration(spell: int) -> int:
    """Return the index in DURATIONS of a number of months in the spell."""
    if spell < 3:
        return 0
    if spell < 6:
        return 1
    if spell < 12:
        return 2
    return 3 if spell < 24 else 4


@rule
def hired(r: ResidentColumns, i: int, p: Parameters, keys: Keys) -> bool:
    """Put a seeker into a job; return whether it is subsidised."""
    entitled = r.status[i] == OPEN or r.status[i] == IN_ACTIVITY
    entitled = entitled and (r.spell[i] >= 12 or r.origin[i] == NEWCOMER)
    if entitled and uniform(keys[SUBSIDY], r.id[i]) < p.subsidised_share:
        spell = r.spell[i]
        leave_register(r, i, SUBSIDISED)
        r.spell[i] = spell
        r.left[i] = drawn_months(uniform(keys[SUBSIDY_LENGTH], r.id[i]), p.subsidised_months)
    else:
        leave_register(r, i, EMPLOYED)
    r.contract[i] = 1 if uniform(keys[CONTRACT], r.id[i]) < p.temporary_share else 0
    r.reason[i] = 0
    r.client[i] = 0
    return bool(r.status[i] == SUBSIDISED)


@kernel
def hire(
    r: ResidentColumns, p: Parameters, keys: Keys, rate: Float64, vacancies: Float64, capped: bool
) -> tuple[Int64, Int64, Int64]:
    """Hire candidates in every cell.

    Args:
        rate: M / S by cell, hires per unit of search weight, float64.
        vacancies: V by cell, float64.
        capped: Whether at most V are hired (not where tightness is held).

    Returns:
        Hires by cell; job-to-job hires by cell; counts (HIRES, FROM_REGISTER, SUBSIDISED_HIRES, CLIENT_EXITS,
        CLIENT_HELD, CLIENT_DELAYED, then the registered and the hired of them by DURATIONS), all int64.
    """
    candidates = np.empty(r.id.size, dtype=np.int64)
    counts = np.zeros(EXITS + len(DURATIONS), dtype=np.int64)
    n = 0
    for i in range(r.id.size):
        if r.presence[i] != HERE:
            continue
        registered = r.status[i] == OPEN or r.status[i] == IN_ACTIVITY
        if registered:
            counts[AT_RISK + duration(r.spell[i])] += 1
        most = max(r.weight[i], r.weight_free[i], r.weight_calm[i]) if registered else r.weight[i]
        if most == 0:
            continue
        per_unit = rate[r.sector[i] * TIERS + r.tier[i]] / FIXED_POINT
        u = uniform(keys[HIRE], r.id[i])
        if u >= most * per_unit:
            continue
        left = 1.0 - u
        if exponential(-(r.weight[i] * per_unit)) < left:
            candidates[n] = i
            n += 1
        elif registered and exponential(-(r.weight_free[i] * per_unit)) < left:
            r.reason[i] = HELD
            counts[CLIENT_HELD] += r.client[i]
        elif registered and exponential(-(r.weight_calm[i] * per_unit)) < left:
            r.reason[i] = DELAYED
            counts[CLIENT_DELAYED] += r.client[i]
    hires = np.zeros(CELLS, dtype=np.int64)
    moves = np.zeros(CELLS, dtype=np.int64)
    queue = np.empty(n, dtype=np.int64)
    for cell in range(CELLS):
        m = 0
        for j in range(n):
            i = candidates[j]
            if r.sector[i] * TIERS + r.tier[i] == cell:
                queue[m] = i
                m += 1
        room = int(vacancies[cell]) if capped else m
        chosen = served(queue[:m], r.id, keys[HIRE_ORDER], room)
        for j in range(chosen.size):
            i = chosen[j]
            hires[cell] += 1
            counts[HIRES] += 1
            if r.status[i] == EMPLOYED or r.took[i] == 1:
                moves[cell] += 1
                r.took[i] = 0
            elif r.status[i] == OPEN or r.status[i] == IN_ACTIVITY:
                counts[FROM_REGISTER] += 1
                counts[EXITS + duration(r.spell[i])] += 1
                counts[CLIENT_EXITS] += r.client[i]
            counts[SUBSIDISED_HIRES] += 1 if hired(r, i, p, keys) else 0
    return hires, moves, counts
