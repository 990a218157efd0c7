"""Observation: the model counts itself, by sex and group, in whole persons and households."""

from enum import IntEnum

import numpy as np

from sim.core.compiled import kernel
from sim.model.codes import (
    EMPLOYED,
    ESTABLISHMENT,
    HERE,
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
from sim.model.columns import Int64
from sim.model.rules.common import months_worked
from sim.model.rules.steady import may_settle, settle
from sim.model.tables import ADULT, COMMUTER, HERE_NOW, Tables


class Count(IntEnum):
    """What is counted each month; the row of the count table.

    Attributes:
        population_16_64: Residents aged 16-64.
        population_20_64: Residents aged 20-64.
        employed: In a job, subsidised job or municipal wage place.
        employed_unsubsidised: In a job without subsidy.
        subsidised: In a subsidised job.
        placement: In a municipal wage place.
        af_stock: Openly unemployed or in an activity, at the end of the month.
        open_unemployed: Openly unemployed.
        in_activity: In an activity with support, registered with AF.
        registered_12m: In the AF stock for twelve months or more.
        open_in_year_20_64: Residents aged 20-64 who were openly unemployed in any of the last twelve months.
        waiting_handover: In the AF stock, waiting for the hand-over between agencies.
        waiting_plan: In the AF stock, waiting for a plan from the unit.
        participants: In the AF stock, planned by the unit.
        clients_at_risk: Registered at the start and still in the AF stock.
        contacts_90: Persons who registered three months ago.
        reached_90: Of them, those in work, activity or studies since.
        assistance_households: Households paid social assistance this month.
        assistance_households_year: Households paid in any of the last twelve months.
        assistance_months_year: Months paid to them in the last twelve.
        assistance_adults_year: Adults in households paid in any of the last twelve months.
        assistance_adults_10m: Of them, those with ten months or more.
        assistance_adults: Adults in households paid this month.
        assistance_adults_unemployed: Of them, those in the AF stock.
        af_inflow: Persons who registered with AF this month.
        municipal_practice: In municipal practice without wage.
        studying: In studies.
        outside: Outside the labour force, registered nowhere.
        in_training: In training, adult education, vocational Swedish or a job track.
        in_track: In a job track.
        in_establishment: In the establishment programme and no other activity.
        insured: Paid unemployment insurance this month.
        under_duty: Taking part this month under the municipality's activation requirement.
        commuters: In a job in another municipality of the run.
    """

    population_16_64 = 0
    population_20_64 = 1
    employed = 2
    employed_unsubsidised = 3
    subsidised = 4
    placement = 5
    af_stock = 6
    open_unemployed = 7
    in_activity = 8
    registered_12m = 9
    open_in_year_20_64 = 10
    waiting_handover = 11
    waiting_plan = 12
    participants = 13
    clients_at_risk = 14
    contacts_90 = 15
    reached_90 = 16
    assistance_households = 17
    assistance_households_year = 18
    assistance_months_year = 19
    assistance_adults_year = 20
    assistance_adults_10m = 21
    assistance_adults = 22
    assistance_adults_unemployed = 23
    af_inflow = 24
    municipal_practice = 25
    studying = 26
    outside = 27
    in_training = 28
    in_track = 29
    in_establishment = 30
    insured = 31
    under_duty = 32
    commuters = 33


POPULATION_16_64, POPULATION_20_64, N_EMPLOYED, UNSUBSIDISED, N_SUBSIDISED, N_PLACEMENT = range(6)
AF_STOCK, N_OPEN, N_ACTIVITY, REGISTERED_12M, OPEN_IN_YEAR, N_HANDOVER, N_PLAN, N_PARTICIPANTS = range(6, 14)
AT_RISK, CONTACTS, REACHED, HOUSEHOLDS, HOUSEHOLDS_YEAR, MONTHS_YEAR, ADULTS_YEAR, ADULTS_10M = range(14, 22)
N_ADULTS, ADULTS_UNEMPLOYED, AF_INFLOW, N_PRACTICE, N_STUDYING, N_OUTSIDE = range(22, 28)
N_TRAINING, N_TRACK, N_ESTABLISHMENT, N_INSURED, N_DUTY, N_COMMUTERS = range(28, 34)
COUNTS = len(Count)


@kernel
def observe(tables: Tables, changing: Int64, month: int) -> Int64:
    """Return counts, int64, shape (len(Count), 2 sexes, 4 groups), and note who will be steady."""
    r, h, p, steady = tables.residents, tables.households, tables.parameters, tables.steady
    c = np.zeros((COUNTS, 2, 4), dtype=np.int64)
    c[POPULATION_16_64] = steady.people[HERE_NOW]
    c[POPULATION_20_64] = steady.people[ADULT]
    c[N_EMPLOYED] = steady.people[HERE_NOW]
    c[UNSUBSIDISED] = steady.people[HERE_NOW]
    c[N_COMMUTERS] = steady.people[COMMUTER]
    for i in changing:
        if r.presence[i] != HERE:
            continue
        s = r.sex[i]
        g = r.group[i]
        status = r.status[i]
        age = month - r.birth[i]
        c[POPULATION_16_64, s, g] += 1
        if age >= 240:
            c[POPULATION_20_64, s, g] += 1
            if r.open_months[i] != 0:
                c[OPEN_IN_YEAR, s, g] += 1
        if r.contact[i] == month:
            c[AF_INFLOW, s, g] += 1
        c[N_INSURED, s, g] += r.insured[i]
        c[N_DUTY, s, g] += r.duty[i]
        if status >= PLACEMENT:
            c[N_EMPLOYED, s, g] += 1
            if r.market[i] > 0:
                c[N_COMMUTERS, s, g] += 1
            if status == EMPLOYED:
                c[UNSUBSIDISED, s, g] += 1
            elif status == SUBSIDISED:
                c[N_SUBSIDISED, s, g] += 1
            else:
                c[N_PLACEMENT, s, g] += 1
        elif status == OPEN or status == IN_ACTIVITY:
            c[AF_STOCK, s, g] += 1
            if status == OPEN:
                c[N_OPEN, s, g] += 1
            else:
                c[N_ACTIVITY, s, g] += 1
                activity = r.activity[i]
                if activity == MUNICIPAL_PRACTICE:
                    c[N_PRACTICE, s, g] += 1
                elif activity == ESTABLISHMENT:
                    c[N_ESTABLISHMENT, s, g] += 1
                elif activity == TRAINING or activity >= TRACK:
                    c[N_TRAINING, s, g] += 1
                    if activity == TRACK:
                        c[N_TRACK, s, g] += 1
            if r.spell[i] >= 12:
                c[REGISTERED_12M, s, g] += 1
            if r.client[i] == 1:
                c[AT_RISK, s, g] += 1
            if r.case[i] == WAITING_HANDOVER:
                c[N_HANDOVER, s, g] += 1
            elif r.case[i] == WAITING_PLAN:
                c[N_PLAN, s, g] += 1
            elif r.case[i] > WAITING_PLAN:
                c[N_PARTICIPANTS, s, g] += 1
        elif status == STUDYING:
            c[N_STUDYING, s, g] += 1
        else:
            c[N_OUTSIDE, s, g] += 1
        if r.contact[i] > 0 and month - r.contact[i] == 3:
            c[CONTACTS, s, g] += 1
            c[REACHED, s, g] += r.reached[i]
        if may_settle(r, i, month, p):
            settle(steady, r, i, month, p, tables.prices)
    for j in range(h.id.size):
        if h.history[j] == 0:
            continue
        months = months_worked(h.history[j])
        first = h.reference[j]
        s = r.sex[first]
        g = r.group[first]
        c[HOUSEHOLDS_YEAR, s, g] += 1
        c[MONTHS_YEAR, s, g] += months
        if h.paid[j] > 0:
            c[HOUSEHOLDS, s, g] += 1
        for i in (first, h.partner[j]):
            if i < 0 or r.presence[i] != HERE:
                continue
            s = r.sex[i]
            g = r.group[i]
            c[ADULTS_YEAR, s, g] += 1
            if months >= 10:
                c[ADULTS_10M, s, g] += 1
            if h.paid[j] > 0:
                c[N_ADULTS, s, g] += 1
                if r.status[i] == OPEN or r.status[i] == IN_ACTIVITY:
                    c[ADULTS_UNEMPLOYED, s, g] += 1
    return c
