"""What one resident is counted as, by sex and report group.

Public names: `count_resident` and `cell_of`.
"""

from sim.core.compiled import rule
from sim.model.codes import (
    EMPLOYED,
    ESTABLISHMENT,
    IN_ACTIVITY,
    MUNICIPAL_PRACTICE,
    OPEN,
    PLACEMENT,
    STUDYING,
    SUBSIDISED,
    TRACK,
    TRAINING,
    WAITING_HANDOVER,
    WAITING_PLAN,
)
from sim.model.columns import Int64, ResidentColumns
from sim.model.rules.common import FOLLOWED

POPULATION_16_64, POPULATION_20_64, N_EMPLOYED, UNSUBSIDISED, N_SUBSIDISED, N_PLACEMENT = range(6)
AF_STOCK, N_OPEN, N_ACTIVITY, REGISTERED_12M, OPEN_IN_YEAR, N_HANDOVER, N_PLAN, N_PARTICIPANTS = range(6, 14)
AT_RISK, CONTACTS, REACHED, HOUSEHOLDS, HOUSEHOLDS_YEAR, MONTHS_YEAR, ADULTS_YEAR, ADULTS_10M = range(14, 22)
N_ADULTS, ADULTS_UNEMPLOYED, AF_INFLOW, N_PRACTICE, N_STUDYING, N_OUTSIDE = range(22, 28)
N_TRAINING, N_TRACK, N_ESTABLISHMENT, N_INSURED, N_DUTY, N_COMMUTERS = range(28, 34)


@rule
def cell_of(r: ResidentColumns, i: int) -> int:
    """Return a resident's cell of sex and report group, 0-7."""
    return int((r.sex[i] * 4 + r.group[i]) & 7)


@rule
def count_resident(c: Int64, r: ResidentColumns, i: int, month: int, sign: int) -> None:
    """Add a resident to the counts (1), int64, shape (8 cells of sex and group, counts), or take one out
    (-1)."""
    row = cell_of(r, i)
    status = r.status[i]
    age = month - r.birth[i]
    c[row, POPULATION_16_64] += sign
    if age >= 240:
        c[row, POPULATION_20_64] += sign
        c[row, OPEN_IN_YEAR] += sign * (r.open_months[i] != 0)
    c[row, N_INSURED] += sign * r.insured[i]
    c[row, N_DUTY] += sign * r.duty[i]
    if status >= PLACEMENT:
        c[row, N_EMPLOYED] += sign
        if r.market[i] > 0:
            c[row, N_COMMUTERS] += sign
        if status == EMPLOYED:
            c[row, UNSUBSIDISED] += sign
        elif status == SUBSIDISED:
            c[row, N_SUBSIDISED] += sign
        else:
            c[row, N_PLACEMENT] += sign
    elif status == OPEN or status == IN_ACTIVITY:
        c[row, AF_STOCK] += sign
        if status == OPEN:
            c[row, N_OPEN] += sign
        else:
            c[row, N_ACTIVITY] += sign
            activity = r.activity[i]
            if activity == MUNICIPAL_PRACTICE:
                c[row, N_PRACTICE] += sign
            elif activity == ESTABLISHMENT:
                c[row, N_ESTABLISHMENT] += sign
            elif activity == TRAINING or activity >= TRACK:
                c[row, N_TRAINING] += sign
                if activity == TRACK:
                    c[row, N_TRACK] += sign
        if r.spell[i] >= 12:
            c[row, REGISTERED_12M] += sign
        if r.client[i] == 1:
            c[row, AT_RISK] += sign
        if r.case[i] == WAITING_HANDOVER:
            c[row, N_HANDOVER] += sign
        elif r.case[i] == WAITING_PLAN:
            c[row, N_PLAN] += sign
        elif r.case[i] > WAITING_PLAN:
            c[row, N_PARTICIPANTS] += sign
    elif status == STUDYING:
        c[row, N_STUDYING] += sign
    else:
        c[row, N_OUTSIDE] += sign


@rule
def count_contact(c: Int64, r: ResidentColumns, i: int, month: int) -> None:
    """Count a first contact with AF in its month, and three months later whether an activity or work came of
    it: months in which nobody is steady."""
    row = cell_of(r, i)
    if r.contact[i] == month:
        c[row, AF_INFLOW] += 1
    if r.contact[i] > 0 and month - r.contact[i] == FOLLOWED:
        c[row, CONTACTS] += 1
        c[row, REACHED] += r.reached[i]
