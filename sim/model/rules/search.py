"""Search: how hard and how well everybody looks for work this month.

Rule: weight = effort x employability. A registered person's effort falls with the months of the spell
towards a floor, rises with contact hours (with diminishing returns), falls while in an activity (lock-in)
and rises for a few months after completing one. Employed people, students and people outside the labour
force search too, less. Weights are whole numbers in fixed point, so that their sum S in a cell is exact in
any order.
"""

import numpy as np

from sim.core.compiled import kernel, rule
from sim.core.exact import exponential, fixed
from sim.model.columns import (
    CELLS,
    TIERS,
    Activity,
    Case,
    Float64,
    Int64,
    Origin,
    Presence,
    ResidentColumns,
    Status,
)
from sim.model.parameters import Parameters
from sim.model.rules.common import segment

HERE = int(Presence.HERE)
OUTSIDE = int(Status.OUTSIDE)
STUDYING = int(Status.STUDYING)
OPEN = int(Status.OPEN)
IN_ACTIVITY = int(Status.ACTIVITY)
EMPLOYED = int(Status.EMPLOYED)
NEWCOMER = int(Origin.NEWCOMER)
BORN_IN_SWEDEN = int(Origin.BORN_IN_SWEDEN)
TRAINING = int(Activity.TRAINING)
GUIDANCE = int(Activity.GUIDANCE)
ESTABLISHMENT = int(Activity.ESTABLISHMENT)
WAITING_DECISION = int(Case.WAITING_DECISION)


@rule
def contact_effect(hours: float, p: Parameters) -> float:
    """Return 1 + g h / (h + h_half): search success by contact hours per client and month, with
    diminishing returns."""
    return 1.0 + p.contact_gain * hours / (hours + p.contact_half_hours)


@rule
def duration_effort(spell: int, p: Parameters) -> float:
    """Return effort relative to a newly registered person after ``spell`` months."""
    return max(p.effort_floor, exponential(-p.effort_decay * spell))


@rule
def activity_effort(status: int, activity: int, p: Parameters) -> float:
    """Return the share of search effort left while in an activity: the lock-in effect."""
    if status != IN_ACTIVITY:
        return 1.0
    if activity == GUIDANCE:
        return p.search_guidance
    if activity == TRAINING:
        return p.search_training
    if activity == ESTABLISHMENT:
        return p.search_establishment
    return p.search_practice


@rule
def personal_factor(r: ResidentColumns, i: int, age: int, p: Parameters) -> float:
    """Return employability: the fixed unobserved part, what activities have added, and observed traits."""
    factor = r.ability[i] * r.gain[i]
    if r.origin[i] != BORN_IN_SWEDEN:
        factor = factor * (1.0 - p.swedish_penalty * (4 - r.swedish[i]))
    if r.origin[i] == NEWCOMER:
        factor = factor * p.newcomer_factor
    if r.limitation[i] == 1:
        factor = factor * p.limitation_factor
    if age < 25 * 12:
        factor = factor * p.youth_factor
    elif age >= 55 * 12:
        factor = factor * p.older_factor
    return float(factor)


@rule
def other_effort(r: ResidentColumns, i: int, age: int, month: int, p: Parameters) -> float:
    """Return the effort of someone who is not registered as unemployed."""
    status = r.status[i]
    if status == EMPLOYED:
        return p.effort_employed
    if age < 18 * 12:
        return 0.0
    if status == STUDYING:
        return p.effort_fresh if r.study_end[i] - month <= 2 else p.effort_studying
    if status == OUTSIDE:
        if r.other_income[i] > 0:
            return 0.0
        return p.effort_fresh if r.in_status[i] < 6 else p.effort_outside
    return p.search_placement


@kernel
def search(
    r: ResidentColumns,
    p: Parameters,
    month: int,
    contact: Float64,
    af_hours: Float64,
    unit_hours: Float64,
    reference_hours: float,
) -> Int64:
    """Set every resident's search weights and return their sums.

    Args:
        contact: The contact channel by segment.
        af_hours: Hours per client and month that AF's caseworkers have, by segment.
        unit_hours: Hours per client and month that the unit's coaches have, by segment.
        reference_hours: AF's hours without a policy: contact is measured against it.

    Returns:
        S by cell, int64 fixed point, shape (cells,).
    """
    total = np.zeros(CELLS, dtype=np.int64)
    usual = contact_effect(reference_hours, p)
    for i in range(r.id.size):
        if r.presence[i] != HERE:
            r.weight[i] = 0
            continue
        age = month - r.birth[i]
        status = r.status[i]
        if status == OPEN or status == IN_ACTIVITY:
            part = segment(r.origin[i], age, r.registered[i], r.spell[i], r.swedish[i])
            hours = af_hours[part]
            if r.case[i] >= WAITING_DECISION:
                hours = hours + unit_hours[part]
            base = (
                personal_factor(r, i, age, p)
                * duration_effort(r.spell[i], p)
                * contact_effect(hours, p)
                / usual
            )
            if r.glow[i] > 0:
                base = base * (1.0 + p.glow_gain)
            locked = activity_effort(status, r.activity[i], p)
            r.weight[i] = fixed(base * locked * contact[part])
            r.weight_free[i] = fixed(base * contact[part])
            r.weight_calm[i] = fixed(base * locked)
        else:
            r.weight[i] = fixed(other_effort(r, i, age, month, p) * personal_factor(r, i, age, p))
        total[r.sector[i] * TIERS + r.tier[i]] += r.weight[i]
    return total
