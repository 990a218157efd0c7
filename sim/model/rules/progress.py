"""Progress through activities, places and subsidised jobs, and what they leave behind.

Rules: an activity with a length counts down, may be dropped, and on completion multiplies search success by
its lasting gain (raised by fit) and gives a spike that fades in a few months; guidance ends with a monthly
rate; a completed job track may end in a job that a partner employer holds. Nothing ends in the month in
which it began. Insurance that runs out leads to the job and development
guarantee (guidance with state-paid support); youth enter their guarantee from the third month. A subsidised
job or wage place ends in an ordinary job with a probability, else in open unemployment, with the insurance
that it earned.
"""

import numpy as np

from sim.core.ahead import ask_ahead
from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, uniform
from sim.model.codes import (
    ACTIVE,
    ASSOCIATION,
    EDUCATION,
    EMPLOYED,
    ESTABLISHMENT,
    GUIDANCE,
    HERE,
    IN_ACTIVITY,
    MUNICIPAL_PRACTICE,
    OPEN,
    ORDINARY,
    PLACEMENT,
    PRACTICE,
    SUBSIDISED,
    TRACK,
    TRAINING,
    VOCATIONAL_SFI,
)
from sim.model.columns import CELLS, TIERS, Float64, Int64, Keys, ResidentColumns, Rows
from sim.model.parameters import Parameters
from sim.model.rules.common import back_to_search, begin, note_part, return_to_register, segment
from sim.model.rules.hiring import hired
from sim.model.rules.tracks import DROP_OUT as TRACK_DROP_OUT
from sim.model.rules.tracks import GAIN as TRACK_GAIN
from sim.model.rules.tracks import PARTNER_SHARE
from sim.model.tables import Tables

DROP_OUT = int(Decision.ACTIVITY_DROP_OUT)
CONVERSION = int(Decision.CONVERSION)
YOUTH_GUARANTEE = int(Decision.YOUTH_GUARANTEE)
PARTNER = int(Decision.PARTNER)
PARTNER_VACANCY = int(Decision.PARTNER_VACANCY)
NOTHING, CAME_BACK, PARTNER_JOB = range(3)
"""What the end of an activity or a supported job may lead to, beside open unemployment."""
GAIN_CEILING = 2.0


@rule
def lasting_gain(kind: int, workplace: int, p: Parameters) -> float:
    """Return the lasting relative gain in search success from completing an activity of a kind."""
    if kind == TRAINING or kind == EDUCATION:
        return p.training_gain
    if kind == VOCATIONAL_SFI:
        return p.sfi_gain
    if kind == PRACTICE:
        return p.practice_gain
    if kind == MUNICIPAL_PRACTICE:
        if workplace == ASSOCIATION:
            return p.association_place_gain
        return p.ordinary_place_gain if workplace == ORDINARY else p.created_place_gain
    return 0.0


@rule
def complete(r: ResidentColumns, i: int, gain: float, fit: float, p: Parameters) -> None:
    """Give a resident the lasting gain of a completed activity and the spike after it."""
    effect = gain + p.fit_gain * fit * abs(gain)
    r.gain[i] = min(GAIN_CEILING, r.gain[i] * (1.0 + effect))
    r.glow[i] = int(p.glow_months + 0.5)


@rule
def complete_track(r: ResidentColumns, i: int, p: Parameters, keys: Keys, tracks: Float64) -> int:
    """Give one who completes a job track its field and gain, and perhaps a partner's job; return whether."""
    number = r.track[i] - 1
    r.sector[i] = r.track_field[i]
    complete(r, i, tracks[number, TRACK_GAIN], 0.0, p)
    if uniform(keys[PARTNER], r.id[i]) >= tracks[number, PARTNER_SHARE]:
        return NOTHING
    r.found[i] = 0
    hired(r, i, p, keys)
    return PARTNER_JOB


@rule
def enters_guarantee(r: ResidentColumns, i: int, p: Parameters, keys: Keys, month: int) -> bool:
    """Return whether an openly unemployed person enters a guarantee: without insurance, or under 25."""
    if r.insurance_days[i] == 0 and r.spell[i] >= 14:
        return True
    young = month - r.birth[i] < 25 * 12
    return young and r.spell[i] >= 3 and uniform(keys[YOUTH_GUARANTEE], r.id[i]) < p.guarantee_youth_rate


@rule
def advance_activity(
    r: ResidentColumns,
    i: int,
    part: int,
    p: Parameters,
    keys: Keys,
    month: int,
    fit: Float64,
    tracks: Float64,
) -> int:
    """Bring a participant one month further: towards completion, drop-out or the end of establishment.

    Returns whether it ends in a job that a partner employer holds.
    """
    kind = r.activity[i]
    ends = False
    if kind == ESTABLISHMENT:
        ends = month - r.permit[i] >= 24
    elif r.in_status[i] > 0:
        if kind != GUIDANCE:
            r.left[i] -= 1
        if kind != GUIDANCE and r.left[i] <= 0:
            ends = True
            if kind == TRACK:
                if complete_track(r, i, p, keys, tracks) == PARTNER_JOB:
                    return PARTNER_JOB
            else:
                fitted = fit[part] if r.case[i] == ACTIVE else 0.0
                complete(r, i, lasting_gain(kind, r.contract[i], p), fitted, p)
        else:
            rate = p.drop_out_rate
            if kind == GUIDANCE:
                rate = p.guidance_exit_rate
            elif kind == TRACK:
                rate = tracks[r.track[i] - 1, TRACK_DROP_OUT]
            ends = uniform(keys[DROP_OUT], r.id[i]) < rate
    if ends:
        back_to_search(r, i, month)
        if kind == ESTABLISHMENT and enters_guarantee(r, i, p, keys, month):
            begin(r, i, GUIDANCE, 0)
    return NOTHING


@rule
def advance_supported_job(
    r: ResidentColumns, i: int, p: Parameters, keys: Keys, month: int, days: int
) -> int:
    """Bring a subsidised job or wage place one month further; return whether it ends in unemployment.

    A subsidised job may go on as an ordinary one, for it has taken its vacancy; a wage place never does: the
    person competes for vacancies like anyone else, with the spell of before, the place's gain and the spike.
    """
    if r.in_status[i] == 0:
        return NOTHING
    r.left[i] -= 1
    if r.left[i] > 0:
        return NOTHING
    if r.status[i] == PLACEMENT:
        complete(r, i, lasting_gain(MUNICIPAL_PRACTICE, r.contract[i], p), 0.0, p)
    elif uniform(keys[CONVERSION], r.id[i]) < p.subsidised_conversion:
        r.status[i] = EMPLOYED
        r.in_status[i] = 0
        r.contract[i] = 1
        r.spell[i] = 0
        r.client[i] = 0
        r.assigned[i] = 0
        r.took[i] = 0
        return NOTHING
    return_to_register(r, i, month, days)
    r.assigned[i] = 0
    return CAME_BACK


@kernel
def progress(
    tables: Tables,
    known: Rows,
    changing: Rows,
    keys: Keys,
    month: int,
    fit: Float64,
    days: int,
    tracks: Float64,
) -> tuple[int, int, Int64, Int64]:
    """Advance everything that has an end.

    Args:
        known: Rows of those whom an agency knows.
        changing: Rows of all who are not steady, among whom are those with a recent first contact.
        fit: The activity-fit channel by segment.
        days: Insurance days of a new period.
        tracks: The table of job tracks (`sim.model.rules.tracks`), float64, shape (tracks, 6).

    Returns:
        How many came back to AF from supported jobs; hires by partner employers; the positions that ended
        places leave, and the vacancies that partners' jobs took, both by cell, int64.
    """
    r, p = tables.residents, tables.parameters
    returns = 0
    partner_hires = 0
    freed = np.zeros(CELLS, dtype=np.int64)
    taken = np.zeros(CELLS, dtype=np.int64)
    for k in range(known.size):
        ask_ahead(r.spell, known, k)
        i = known[k]
        if r.presence[i] != HERE:
            continue
        if r.glow[i] > 0:
            r.glow[i] -= 1
        status = r.status[i]
        if status == IN_ACTIVITY:
            if advance_activity(r, i, tables.steady.segment[i], p, keys, month, fit, tracks) == PARTNER_JOB:
                partner_hires += 1
                if uniform(keys[PARTNER_VACANCY], r.id[i]) < p.partner_takes_vacancy:
                    taken[r.sector[i] * TIERS + r.tier[i]] += 1
                    r.took[i] = 1 if r.status[i] == SUBSIDISED else 0
        elif status == PLACEMENT or status == SUBSIDISED:
            returned = advance_supported_job(r, i, p, keys, month, days)
            if returned == CAME_BACK:
                tables.steady.segment[i] = segment(r, i, month)
            if returned == CAME_BACK and r.took[i] == 1:
                r.took[i] = 0
                freed[r.sector[i] * TIERS + r.tier[i]] += 1
            returns += 1 if returned == CAME_BACK else 0
        elif status == OPEN and enters_guarantee(r, i, p, keys, month):
            begin(r, i, GUIDANCE, 0)
    for i in changing:
        if r.presence[i] == HERE:
            note_part(r, i, month)
    return returns, partner_hires, freed, taken
