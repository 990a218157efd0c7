"""Registration: who comes to AF from outside or from studies, and who leaves it for other things than work.

Rules: people outside the labour force register with a monthly rate (times the season), higher on assistance
under an activation requirement; young people outside may be reached by outreach, and go to studies or
register; studies end at a known month, after which a share registers; the registered leave for studies or
the outside with a monthly rate, higher the closer they are followed.
"""

import numpy as np

from sim.core.ahead import ask_ahead
from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, below, below_or_marked, uniform
from sim.model.codes import ESTABLISHMENT, HERE, IN_ACTIVITY, OPEN, OUTSIDE, STUDYING
from sim.model.columns import Float64, Keys, ResidentColumns, Rows
from sim.model.parameters import Parameters
from sim.model.rules.common import drawn_months, enter_register, leave_register, segment
from sim.model.rules.steady import unsettle
from sim.model.tables import Tables

STUDY_REGISTRATION = int(Decision.STUDY_REGISTRATION)
OUTSIDE_ENTRY = int(Decision.OUTSIDE_ENTRY)
REGISTER_EXIT = int(Decision.REGISTER_EXIT)
STUDY_START = int(Decision.STUDY_START)
STUDY_END = int(Decision.STUDY_END)
OUTREACH = int(Decision.OUTREACH)
ADULT, OUTREACH_TO = 18 * 12, 25 * 12
STAYS = -1
"""No new status."""


@rule
def exit_rate(contact: float, p: Parameters) -> float:
    """Return the monthly rate of leaving AF for other things than work: it grows with contact c against the
    ordinary, by 1 + m (1 - 1 / c), for follow-up also finds those who do not seek work."""
    return p.register_exit_rate * (1.0 + p.monitoring_exit * (1.0 - 1.0 / contact))


@rule
def study(r: ResidentColumns, i: int, p: Parameters, keys: Keys, month: int) -> None:
    """Let a resident begin studies of a drawn length."""
    leave_register(r, i, STUDYING)
    r.study_end[i] = month + drawn_months(uniform(keys[STUDY_END], r.id[i]), p.study_months)


@rule
def reached_by_outreach(u: float, age: int, rate: float) -> bool:
    """Return whether outreach finds somebody outside, who must be young."""
    return age < OUTREACH_TO and u < rate


@rule
def comes_alone(u: float, age: int, on_assistance: int, usual: float, duty: float, p: Parameters) -> bool:
    """Return whether somebody outside registers: at the usual rate, higher on assistance under a duty."""
    rate = usual + duty * p.duty_register_rate if on_assistance == 1 else usual
    return age >= ADULT and u < rate


@rule
def followed_up(u: float, age: int, study_below: float) -> int:
    """Return what becomes of a young person whom outreach has found: a student (under 18, or drawn below a
    bound) or registered."""
    return STUDYING if age < ADULT or u < study_below else OPEN


@kernel
def woken(
    tables: Tables, outside: Rows, keys: Keys, month: int, usual: float, duty: Float64, outreach: Float64
) -> tuple[Rows, Rows]:
    """Return those steady outside the labour force who register or are reached this month, who are steady no
    more, and all who were."""
    r, h, p, until = tables.residents, tables.households, tables.parameters, tables.steady.until
    most, highest = np.max(outreach), usual + np.max(duty) * p.duty_register_rate
    still = np.empty(outside.size, dtype=np.uint32)
    ids = np.empty(outside.size, dtype=np.int64)
    m = n = 0
    for i in outside:
        still[m] = i
        ids[m] = r.id[i]
        m += (r.status[i] == OUTSIDE) & (until[i] > month) & (r.presence[i] == HERE)
    still, ids = still[:m], ids[:m]
    near = np.zeros(m, dtype=np.int8)
    for k in below(keys[OUTREACH], ids, most):
        near[k] = 1
    found = below_or_marked(keys[OUTSIDE_ENTRY], ids, highest, near)
    for k in found:
        i = still[k]
        if r.other_income[i] > 0:
            continue
        part, age = segment(r, i, month), month - r.birth[i]
        u, v = uniform(keys[OUTREACH], ids[k]), uniform(keys[OUTSIDE_ENTRY], ids[k])
        reached = reached_by_outreach(u, age, outreach[part])
        if reached or comes_alone(v, age, h.assistance[r.household[i]], usual, duty[part], p):
            found[n] = i
            n += 1
    unsettle(tables, found[:n], month)
    return found[:n], still.copy()


@kernel
def register(
    tables: Tables,
    jobless: Rows,
    outside: Rows,
    keys: Keys,
    month: int,
    season: float,
    days: int,
    monitoring: Float64,
    duty: Float64,
    outreach: Float64,
    outreach_study: Float64,
) -> tuple[int, Rows, Rows, Rows]:
    """Let people register, leave the register for other things than work, and finish studies.

    Args:
        jobless: Rows of those in no ordinary job who are not steady.
        outside: Rows of those who were steady outside the labour force when the month began.
        days: Insurance days of a new period.
        monitoring: Contact hours of the registered against AF's ordinary ones, by segment, ratio.
        duty: The activation requirement by segment.
        outreach: The monthly rate of outreach by segment.
        outreach_study: The share of those reached who go to studies, by segment.

    Returns:
        Young people reached by outreach; and the rows of those whom an agency knows, who are registered, in
        a subsidised job or in a municipal wage place, of the others who are not steady (nobody comes from the
        second to the first later in the month), and of those who are still steady outside.
    """
    r, h, p = tables.residents, tables.households, tables.parameters
    segments = tables.steady.segment
    contacts = 0
    usual = p.outside_entry_rate * season
    woke, asleep = woken(tables, outside, keys, month, usual, duty, outreach)
    rows = np.concatenate((jobless, woke))
    known = np.empty(rows.size, dtype=np.uint32)
    others = np.empty(rows.size, dtype=np.uint32)
    n = m = 0
    for k in range(rows.size):
        ask_ahead(r.spell, rows, k)
        i = rows[k]
        if r.presence[i] != HERE:
            continue
        status = r.status[i]
        becomes = STAYS
        age = month - r.birth[i]
        if r.registered[i] == 1 and (status == OPEN or status == IN_ACTIVITY):
            if r.in_status[i] > 0 or r.spell[i] > 0:
                r.spell[i] += 1
            stays = status == IN_ACTIVITY and r.activity[i] == ESTABLISHMENT
            part = segment(r, i, month)
            leaving = exit_rate(monitoring[part], p)
            if r.spell[i] > 0 and not stays and uniform(keys[REGISTER_EXIT], r.id[i]) < leaving:
                r.client[i] = 0
                studies = age < 45 * 12 and uniform(keys[STUDY_START], r.id[i]) < p.exit_to_study_share
                becomes = STUDYING if studies else OUTSIDE
        elif status == STUDYING and month >= r.study_end[i]:
            registers = uniform(keys[STUDY_REGISTRATION], r.id[i]) < p.study_register_share
            becomes = OPEN if registers else OUTSIDE
        elif status == OUTSIDE and r.other_income[i] == 0:
            part = segment(r, i, month)
            u = uniform(keys[OUTREACH], r.id[i])
            if reached_by_outreach(u, age, outreach[part]):
                becomes = followed_up(u, age, outreach[part] * outreach_study[part])
                contacts += 1
            else:
                on_assistance = h.assistance[r.household[i]]
                v = uniform(keys[OUTSIDE_ENTRY], r.id[i])
                if comes_alone(v, age, on_assistance, usual, duty[part], p):
                    becomes = OPEN
        if becomes == OPEN:
            enter_register(r, i, month, days)
        elif becomes == STUDYING:
            study(r, i, p, keys, month)
        elif becomes == OUTSIDE:
            leave_register(r, i, OUTSIDE)
        if r.status[i] >= OPEN:
            segments[i] = segment(r, i, month)
            known[n] = i
            n += 1
        else:
            others[m] = i
            m += 1
    return contacts, known[:n].copy(), others[:m].copy(), asleep
