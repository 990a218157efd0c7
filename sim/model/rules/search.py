"""Search: how hard and how well everybody looks for work this month.

Rule: weight = effort x employability. A registered person's effort falls with the months of the spell
towards a floor, rises with contact hours (with diminishing returns, less the longer the spell, and more for
those who learn Swedish), falls while in an activity (lock-in) and rises for a few months after completing
one. Before a promised activity those with good prospects search more; under an activation requirement a
recipient searches more and has less time. Employed people, students and people outside the labour force
search too, less. Weights are whole numbers in fixed point, so that their sum S in a cell is exact in any
order.
"""

import numpy as np

from sim.core.ahead import ask_ahead
from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, uniform
from sim.core.exact import exponential, fixed
from sim.model.codes import (
    BORN_IN_SWEDEN,
    EDUCATION,
    EMPLOYED,
    ESTABLISHMENT,
    GUIDANCE,
    IN_ACTIVITY,
    OPEN,
    OUTSIDE,
    STUDYING,
    TRACK,
    TRAINING,
    VOCATIONAL_SFI,
    WAITING_DECISION,
)
from sim.model.columns import TIERS, Float64, Int64, Keys, ResidentColumns, Rows
from sim.model.parameters import Parameters
from sim.model.rules.activities import months_to_promise
from sim.model.rules.tracks import PLACEMENT_MONTHS
from sim.model.tables import Tables

DUTY = int(Decision.DUTY)
LONGEST_SPELL = 600
"""Months: longer than any working life."""
EFFORT, FADE = range(2)


@rule
def contact_fade(spell: int, p: Parameters) -> float:
    """Return what is left of the gain from contact after ``spell`` months: f + (1 - f) exp(-d spell)."""
    return p.contact_fade_floor + (1.0 - p.contact_fade_floor) * exponential(-p.contact_fade_rate * spell)


@rule
def learns_swedish(r: ResidentColumns, i: int) -> bool:
    """Return whether a person was born abroad and is not yet fluent: one for whom staff can do most."""
    return bool(r.origin[i] != BORN_IN_SWEDEN and r.swedish[i] < 4)


@rule
def contact_effect(hours: float, gain: float, p: Parameters) -> float:
    """Return 1 + gain h / (h + h_half): search success by contact hours a client and month, with diminishing
    returns."""
    return 1.0 + gain * hours / (hours + p.contact_half_hours)


@rule
def duration_effort(spell: int, p: Parameters) -> float:
    """Return effort relative to a newly registered person after ``spell`` months."""
    return max(p.effort_floor, exponential(-p.effort_decay * spell))


@kernel
def by_spell(tables: Tables) -> Float64:
    """Return `duration_effort` and `contact_fade` by months in the spell, float64, shape (months, 2)."""
    p = tables.parameters
    table = np.empty((LONGEST_SPELL, 2))
    for spell in range(LONGEST_SPELL):
        table[spell, EFFORT] = duration_effort(spell, p)
        table[spell, FADE] = contact_fade(spell, p)
    return table


@rule
def activity_effort(r: ResidentColumns, i: int, p: Parameters, tracks: Float64) -> float:
    """Return the share of search effort left while in an activity: the lock-in effect."""
    if r.status[i] != IN_ACTIVITY:
        return 1.0
    activity = r.activity[i]
    if activity == GUIDANCE:
        return p.search_guidance
    if activity == TRAINING or activity == EDUCATION:
        return p.search_training
    if activity == ESTABLISHMENT:
        return p.search_establishment
    if activity == VOCATIONAL_SFI:
        return p.search_sfi
    if activity == TRACK and r.left[i] > tracks[r.track[i] - 1, PLACEMENT_MONTHS]:
        return p.search_training
    return p.search_practice


@rule
def prospects(employability: float, p: Parameters) -> float:
    """Return how good a person's prospects are, from 0 (weak) to 1, in a straight line between two bounds."""
    spread = p.prospects_high - p.prospects_low
    return min(1.0, max(0.0, (employability - p.prospects_low) / spread))


@rule
def anticipation(spell: int, after: int, threat: float, employability: float, p: Parameters) -> float:
    """Return 1 + threat x prospects x (s + 1) / D in month s before the promised month D; 1 without one."""
    if after == 0 or spell >= after:
        return 1.0
    return 1.0 + threat * prospects(employability, p) * (spell + 1.0) / after


@rule
def duty_effort(time: float, p: Parameters) -> float:
    """Return 1 + gain - loss x time in activity: effort of one who takes part under the duty."""
    return max(0.0, 1.0 + p.duty_search_gain - p.duty_search_loss * time)


@rule
def arrival_factor(since: int, p: Parameters) -> float:
    """Return search success ``since`` months after the residence permit: f + (1 - f) since / M, at most 1. It
    rises with time in the country, not when the establishment programme ends."""
    return min(1.0, p.newcomer_factor + (1.0 - p.newcomer_factor) * since / p.newcomer_months)


@rule
def personal_factor(r: ResidentColumns, i: int, month: int, p: Parameters) -> float:
    """Return employability: the fixed unobserved part, what activities have added, and observed traits."""
    age = month - r.birth[i]
    factor = r.ability[i] * r.gain[i]
    if r.origin[i] != BORN_IN_SWEDEN:
        factor = factor * (1.0 - p.swedish_penalty * (4 - r.swedish[i]))
    if r.permit[i] > 0:
        factor = factor * arrival_factor(month - r.permit[i], p)
    if r.limitation[i] == 1:
        factor = factor * p.limitation_factor
    if age < 25 * 12:
        factor = factor * p.youth_factor
    elif age >= 55 * 12:
        factor = factor * p.older_factor
    return float(factor)


@rule
def other_effort(r: ResidentColumns, i: int, month: int, p: Parameters) -> float:
    """Return the effort of someone who is not registered as unemployed."""
    status = r.status[i]
    age = month - r.birth[i]
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


@rule
def weight_of_others(r: ResidentColumns, i: int, month: int, p: Parameters) -> int:
    """Return the search weight of someone who is not registered as unemployed, in fixed point."""
    return fixed(other_effort(r, i, month, p) * personal_factor(r, i, month, p))


@kernel
def search(
    tables: Tables,
    changing: Rows,
    keys: Keys,
    month: int,
    contact: Float64,
    hours: tuple[Float64, Float64, Float64],
    reference_hours: float,
    match: Float64,
    newcomer_effort: Float64,
    promise: tuple[Float64, Float64, Float64, Float64],
    duty: tuple[Float64, Float64],
    tracks: Float64,
    spells: Float64,
) -> Int64:
    """Set the search weights of those who are not steady and return the sums over all.

    Args:
        contact: The contact channel by segment.
        hours: Hours per client and month by segment: AF's caseworkers', the unit's coaches' (for those whom
            it has planned), and extra meetings.
        reference_hours: AF's hours without a policy: contact is measured against it.
        match: The channel of vacancies that staff know of, by segment.
        newcomer_effort: The channel of newcomers' search in the establishment programme, by segment.
        promise: The guarantee's days, from age, to age and threat, each by segment.
        duty: The activation requirement and its time, each by segment.
        tracks: The table of job tracks.
        spells: What `by_spell` returns.

    Returns:
        S by cell, int64 fixed point, shape (cells,).
    """
    r, h, p = tables.residents, tables.households, tables.parameters
    total = tables.steady.weight.copy()
    af_hours, unit_hours, meeting_hours = hours
    days, from_age, to_age, threat = promise
    covered, time = duty
    for k in range(changing.size):
        ask_ahead(r.spell, changing, k)
        ask_ahead(r.wage, changing, k)
        i = changing[k]
        r.duty[i] = 0
        age = month - r.birth[i]
        status = r.status[i]
        if status == OPEN or status == IN_ACTIVITY:
            part = tables.steady.segment[i]
            spell = r.spell[i]
            today = af_hours[part]
            if r.case[i] >= WAITING_DECISION:
                today = today + unit_hours[part]
            person = personal_factor(r, i, month, p)
            gain = p.contact_gain * (p.contact_learner_factor if learns_swedish(r, i) else 1.0)
            gain = gain * spells[spell, FADE]
            base = person * spells[spell, EFFORT] / contact_effect(reference_hours, gain, p)
            if r.glow[i] > 0:
                base = base * (1.0 + p.glow_gain)
            after = months_to_promise(days[part], from_age[part], to_age[part], age)
            base = base * anticipation(spell, after, threat[part], person, p)
            if h.assistance[r.household[i]] == 1 and uniform(keys[DUTY], r.id[i]) < covered[part]:
                r.duty[i] = 1
                base = base * duty_effort(time[part], p)
            locked = activity_effort(r, i, p, tracks)
            if status == IN_ACTIVITY and r.activity[i] == ESTABLISHMENT:
                locked = locked * newcomer_effort[part]
            helped = contact_effect(today + meeting_hours[part], gain, p) * match[part]
            r.weight[i] = fixed(base * helped * locked * contact[part])
            r.weight_free[i] = fixed(base * helped * contact[part])
            r.weight_calm[i] = fixed(base * helped * locked)
            usual = contact_effect(min(today, reference_hours), gain, p)
            r.weight_alone[i] = fixed(base * usual * locked * contact[part])
        else:
            r.weight[i] = weight_of_others(r, i, month, p)
        total[r.sector[i] * TIERS + r.tier[i]] += r.weight[i]
    return total
