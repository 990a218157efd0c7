"""Progress through activities, places and subsidised jobs, and what they leave behind.

Rules: an activity with a length counts down, may be dropped, and on completion multiplies search success by
its lasting gain (raised by fit) and gives a spike that fades in a few months; guidance ends with a monthly
rate. Nothing ends in the month in which it began. Insurance that runs out leads to the job and development
guarantee (guidance with state-paid support); youth enter their guarantee from the third month. A subsidised
job or wage place ends in an ordinary job with a probability, else in open unemployment, with the insurance
that it earned.
"""

from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, uniform
from sim.model.columns import Activity, Float64, Keys, Presence, ResidentColumns, Status
from sim.model.parameters import Parameters
from sim.model.rules.activities import ORDINARY, begin
from sim.model.rules.common import enter_register, segment

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
    r.gain[i] = min(GAIN_CEILING, r.gain[i] * (1.0 + gain * (1.0 + p.fit_gain * fit)))
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
            complete(r, i, lasting_gain(kind, r.contract[i], p), fit[part], p)
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
) -> None:
    """Bring a subsidised job or wage place one month further, and end it in a job or in unemployment."""
    if r.in_status[i] == 0:
        return
    r.left[i] -= 1
    if r.left[i] > 0:
        return
    share = p.subsidised_conversion
    if r.status[i] == PLACEMENT:
        share = p.place_conversion_share
        complete(r, i, lasting_gain(MUNICIPAL_PRACTICE, r.contract[i], p), 0.0, p)
    if uniform(keys[CONVERSION], r.id[i]) < share:
        r.status[i] = EMPLOYED
        r.in_status[i] = 0
        r.contract[i] = 1
        r.client[i] = 0
    else:
        enter_register(r, i, month, days)


@kernel
def progress(r: ResidentColumns, p: Parameters, keys: Keys, month: int, fit: Float64, days: int) -> None:
    """Advance everything that has an end; ``fit`` is the activity-fit channel by segment."""
    for i in range(r.id.size):
        if r.presence[i] != HERE:
            continue
        if r.glow[i] > 0:
            r.glow[i] -= 1
        status = r.status[i]
        if status == IN_ACTIVITY:
            advance_activity(r, i, p, keys, month, fit)
        elif status == PLACEMENT or status == SUBSIDISED:
            advance_supported_job(r, i, p, keys, month, days)
        elif status == OPEN and enters_guarantee(r, i, p, keys, month):
            begin(r, i, GUIDANCE, 0)
        recent = r.contact[i] > 0 and month - r.contact[i] <= 3
        if recent and (r.status[i] >= IN_ACTIVITY or r.status[i] == STUDYING):
            r.reached[i] = 1
