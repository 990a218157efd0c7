"""Registration: who comes to AF from outside or from studies, and who leaves it for other things than work.

Rules: people outside the labour force register with a monthly rate (times the season); studies end at a
known month, after which a share registers; the registered leave for studies or the outside with a monthly
rate.
"""

from sim.core.compiled import kernel
from sim.core.draws import Decision, uniform
from sim.model.columns import Activity, Keys, Presence, ResidentColumns, Status
from sim.model.parameters import Parameters
from sim.model.rules.common import drawn_months, enter_register, leave_register

HERE = int(Presence.HERE)
OUTSIDE = int(Status.OUTSIDE)
STUDYING = int(Status.STUDYING)
OPEN = int(Status.OPEN)
ACTIVITY = int(Status.ACTIVITY)
STUDY_REGISTRATION = int(Decision.STUDY_REGISTRATION)
ESTABLISHMENT = int(Activity.ESTABLISHMENT)
OUTSIDE_ENTRY = int(Decision.OUTSIDE_ENTRY)
REGISTER_EXIT = int(Decision.REGISTER_EXIT)
STUDY_START = int(Decision.STUDY_START)
STUDY_END = int(Decision.STUDY_END)


@kernel
def register(r: ResidentColumns, p: Parameters, keys: Keys, month: int, season: float, days: int) -> None:
    """Let people register, leave the register for other things than work, and finish studies."""
    for i in range(r.id.size):
        if r.presence[i] != HERE:
            continue
        status = r.status[i]
        age = month - r.birth[i]
        if r.registered[i] == 1 and (status == OPEN or status == ACTIVITY):
            if r.in_status[i] > 0 or r.spell[i] > 0:
                r.spell[i] += 1
            stays = status == ACTIVITY and r.activity[i] == ESTABLISHMENT
            if r.spell[i] > 0 and not stays and uniform(keys[REGISTER_EXIT], r.id[i]) < p.register_exit_rate:
                r.client[i] = 0
                if age < 45 * 12 and uniform(keys[STUDY_START], r.id[i]) < p.exit_to_study_share:
                    leave_register(r, i, STUDYING)
                    r.study_end[i] = month + drawn_months(uniform(keys[STUDY_END], r.id[i]), p.study_months)
                else:
                    leave_register(r, i, OUTSIDE)
        elif status == STUDYING and month >= r.study_end[i]:
            if uniform(keys[STUDY_REGISTRATION], r.id[i]) < p.study_register_share:
                enter_register(r, i, month, days)
            else:
                leave_register(r, i, OUTSIDE)
        elif status == OUTSIDE and age >= 18 * 12 and r.other_income[i] == 0:
            if uniform(keys[OUTSIDE_ENTRY], r.id[i]) < p.outside_entry_rate * season:
                enter_register(r, i, month, days)
