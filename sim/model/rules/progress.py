"""Progress through activities, places and subsidised jobs, and what they leave behind.

Rules: an activity with a length counts down, may be dropped, and on completion multiplies search success by
its lasting gain (raised by fit) and gives a spike that fades in a few months; guidance ends with a monthly
rate. Nothing ends in the month in which it began. Insurance that runs out leads to the job and development
guarantee (guidance with state-paid support); youth enter their guarantee from the third month. A subsidised
job or wage place ends in an ordinary job with a probability, else in open unemployment, with the insurance
that it earned.
"""

import numpy as np

from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, uniform
from sim.model.columns import (
    CELLS,
    TIERS,
    Activity,
    Case,
    Float64,
    Int64,
    Keys,
    Presence,
    ResidentColumns,
    Status,
)
from sim.model.parameters import Parameters
from sim.model.rules.activities import ORDINARY, begin
from sim.model.rules.common import return_to_register, segment

HERE = int(Presence.HERE)
OPEN = int(Status.OPEN)
IN_ACTIVITY = int(Status.ACTIVITY)
PLACEMENT = int(Status.PLACEMENT)
SUBSIDISED = int(Status.SUBSIDISED)
EMPLOYED = int(Status.EMPLOYED)
STUDYING = int(Status.STUDYING)
GUIDANCE = int(Activity.GUIDANCE)
TRAINING = int(Activity.TRAINING)
PRACTICE = int(Activity.PRACTICE)
MUNICIPAL_PRACTICE = int(Activity.MUNICIPAL_PRACTICE)
ACTIVE = int(Case.ACTIVE)
ESTABLISHMENT = int(Activity.ESTABLISHMENT)
DROP_OUT = int(Decision.ACTIVITY_DROP_OUT)
CONVERSION = int(Decision.CONVERSION)
YOUTH_GUARANTEE = int(Decision.YOUTH_GUARANTEE)
GAIN_CEILING = 2.0


@rule
def lasting_gain(kind: int, workplace: int, p: Parameters) -> float:
    """Return the lasting relative gain in search success from completing an activity of a kind."""
    if kind == TRAINING:
        return p.training_gain
    if kind == PRACTICE:
        return p.practice_gain
    if kind == MUNICIPAL_PRACTICE:
        return p.ordinary_place_gain if workplace == ORDINARY else p.created_place_gain
    return 0.0


@rule
def complete(r: ResidentColumns, i: int, gain: float, fit: float, p: Parameters) -> None:
    """Give a resident the lasting gain of a completed activity and the spike after it."""
    effect = gain + p.fit_gain * fit * abs(gain)
    r.gain[i] = min(GAIN_CEILING, r.gain[i] * (1.0 + effect))
    r.glow[i] = int(p.glow_months + 0.5)


@rule
def back_to_search(r: ResidentColumns, i: int) -> None:
    """Return a participant to open unemployment in the same spell."""
    r.status[i] = OPEN
    r.in_status[i] = 0
    r.activity[i] = 0
    r.left[i] = 0


@rule
def advance_activity(r: ResidentColumns, i: int, p: Parameters, keys: Keys, month: int, fit: Float64) -> None:
    """Bring a participant one month further: towards completion, drop-out or the end of establishment."""
    kind = r.activity[i]
    if kind == ESTABLISHMENT:
        if month - r.permit[i] >= 24:
            back_to_search(r, i)
        return
    if r.in_status[i] == 0:
        return
    if kind != GUIDANCE:
        r.left[i] -= 1
        if r.left[i] <= 0:
            part = segment(r.origin[i], month - r.birth[i], r.registered[i], r.spell[i], r.swedish[i])
            fitted = fit[part] if r.case[i] == ACTIVE else 0.0
            complete(r, i, lasting_gain(kind, r.contract[i], p), fitted, p)
            back_to_search(r, i)
            return
    if uniform(keys[DROP_OUT], r.id[i]) < (p.guidance_exit_rate if kind == GUIDANCE else p.drop_out_rate):
        back_to_search(r, i)


@rule
def enters_guarantee(r: ResidentColumns, i: int, p: Parameters, keys: Keys, month: int) -> bool:
    """Return whether an openly unemployed person enters a guarantee: without insurance, or under 25."""
    if r.insurance_days[i] == 0 and r.spell[i] >= 14:
        return True
    young = month - r.birth[i] < 25 * 12
    return young and r.spell[i] >= 3 and uniform(keys[YOUTH_GUARANTEE], r.id[i]) < p.guarantee_youth_rate


@rule
def advance_supported_job(
    r: ResidentColumns, i: int, p: Parameters, keys: Keys, month: int, days: int
) -> int:
    """Bring a subsidised job or wage place one month further; return 1 where it ends in unemployment.

    A subsidised job may go on as an ordinary one, for it has taken its vacancy; a wage place never does: the
    person competes for vacancies like anyone else, with the spell of before, the place's gain and the spike.
    """
    if r.in_status[i] == 0:
        return 0
    r.left[i] -= 1
    if r.left[i] > 0:
        return 0
    if r.status[i] == PLACEMENT:
        complete(r, i, lasting_gain(MUNICIPAL_PRACTICE, r.contract[i], p), 0.0, p)
    elif uniform(keys[CONVERSION], r.id[i]) < p.subsidised_conversion:
        r.status[i] = EMPLOYED
        r.in_status[i] = 0
        r.contract[i] = 1
        r.spell[i] = 0
        r.client[i] = 0
        return 0
    return_to_register(r, i, month, days)
    return 1


@rule
def takes_part(status: int, activity: int) -> bool:
    """Return whether a person has work, studies, training or practice: what counts within 90 days."""
    if status == IN_ACTIVITY:
        return activity == TRAINING or activity == PRACTICE or activity == MUNICIPAL_PRACTICE
    return status >= PLACEMENT or status == STUDYING


@kernel
def progress(
    r: ResidentColumns, p: Parameters, keys: Keys, month: int, fit: Float64, days: int
) -> tuple[int, Int64]:
    """Advance everything that has an end.

    Returns how many came back to AF from supported jobs, and the positions that ended wage places leave, by
    cell, int64.

    Args:
        fit: The activity-fit channel by segment.
        days: Insurance days of a new period.
    """
    returns = 0
    freed = np.zeros(CELLS, dtype=np.int64)
    for i in range(r.id.size):
        if r.presence[i] != HERE:
            continue
        if r.glow[i] > 0:
            r.glow[i] -= 1
        status = r.status[i]
        if status == IN_ACTIVITY:
            advance_activity(r, i, p, keys, month, fit)
        elif status == PLACEMENT or status == SUBSIDISED:
            returned = advance_supported_job(r, i, p, keys, month, days)
            if returned == 1 and r.took[i] == 1:
                r.took[i] = 0
                freed[r.sector[i] * TIERS + r.tier[i]] += 1
            returns += returned
        elif status == OPEN and enters_guarantee(r, i, p, keys, month):
            begin(r, i, GUIDANCE, 0)
        recent = r.contact[i] > 0 and month - r.contact[i] <= 3
        if recent and takes_part(r.status[i], r.activity[i]):
            r.reached[i] = 1
    return returns, freed
