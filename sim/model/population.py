"""The synthetic population: everybody who lives in the municipality at some time of the run.

Margins that exist are met at the start: age x sex exactly, education x sex by iterative proportional
fitting. All else (origin, Swedish, field of work, wages, households) is drawn from grade C priors, keyed by
permanent id. Besides the residents at the start there are those who turn 65 during the burn-in, the young
who turn 16, newcomers and movers who arrive later. Residents at the start live here during the burn-in from
their 16th birthday or residence permit.
"""

import numpy as np
from numpy.typing import NDArray

from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, stream_keys, uniform, uniforms
from sim.core.exact import exponential, normal_quantile
from sim.data.margins import Margins
from sim.model.codes import (
    BORN_IN_SWEDEN,
    EMPLOYED,
    ESTABLISHMENT,
    GUIDANCE,
    IN_ACTIVITY,
    NEWCOMER,
    OPEN,
    OUTSIDE,
    STUDYING,
)
from sim.model.columns import SECTORS, Float64, HouseholdColumns, Keys, Origin, ResidentColumns
from sim.model.households import furnish, link_households
from sim.model.inputs import ModelInputs
from sim.model.layout import allocate_households, allocate_residents
from sim.model.margins import fit_to_margins, whole
from sim.model.parameters import PER_RESIDENTS, Parameters, PopulationParameters
from sim.model.prices import prices_from
from sim.model.tables import Tables, tables_of

_RESIDENT, _LEAVER, _YOUNG, _NEWCOMER, _MOVER = range(5)
_EDUCATION_SEED = np.array(
    [[9.0, 1.0, 0.01], [3.0, 6.5, 0.1], [1.2, 7.0, 2.0]]
    + [[1.0, 4.5, 4.5]] * 4
    + [[1.3, 5.0, 3.7]] * 4
    + [[2.5, 4.5, 3.0]] * 2
)
_SECTOR_SHARES = np.array(
    [[0.30, 0.14, 0.16, 0.07, 0.08, 0.02, 0.05, 0.18], [0.08, 0.06, 0.14, 0.05, 0.21, 0.16, 0.12, 0.18]]
)
"""Women, men by field: care, school, trade and services, hotels and cleaning, industry, construction,
transport, office."""


def synthesise(
    inputs: ModelInputs, p: Parameters, q: PopulationParameters
) -> tuple[ResidentColumns, HouseholdColumns]:
    """Return everybody and their households, with their state on arrival.

    Args:
        inputs: The run's inputs; ``margins`` are met at ``inputs.start`` for ages 16-64.
        p: Parameters of the rules.
        q: Parameters of the population.
    """
    frame = _people(inputs, p, q)
    r = allocate_residents(frame["kind"].size)
    serial = frame["serial"]
    r.id[:] = (np.int64(int(inputs.municipality)) << 24) | serial
    keys = stream_keys(inputs.root_seed, inputs.replication, 0, 1)[0]
    r.sex[:] = frame["sex"]
    r.birth[:] = frame["birth"]
    r.education[:] = frame["education"]
    _origins(r, frame["kind"], frame["arrival"], inputs, q, keys)
    fields = np.cumsum(_SECTOR_SHARES / _SECTOR_SHARES.sum(axis=1, keepdims=True), axis=1)
    prices = prices_from(inputs.institutions, p.place_wage_share)
    none_yet = allocate_households(2)  # fewer rows would be of another type, and all compiled twice
    _traits(
        tables_of(r, none_yet, p, prices, inputs.start)[0],
        q,
        keys,
        fields,
        100.0 * inputs.institutions.entry_wage_month,
        inputs.start,
        inputs.start - inputs.burn_in,
    )
    h = link_households(r, frame["kind"], inputs, q, keys)
    rents = np.array(inputs.institutions.housing, dtype=np.float64) * 100.0 * q.housing_share
    first, shielded = inputs.start - inputs.burn_in, float(inputs.parameters["shielded_share"])
    town, _ = tables_of(r, h, p, prices, inputs.start)
    furnish(town, q, keys, rents, inputs.start, first, shielded)
    return r, h


def _people(inputs: ModelInputs, p: Parameters, q: PopulationParameters) -> dict[str, NDArray[np.int64]]:
    """Return sex, birth month, education, arrival month (-1: from 16 or permit), kind and serial of
    everybody."""
    margins, start = inputs.margins, inputs.start
    residents_here = inputs.size or _of_working_age(margins)
    scale = residents_here / _of_working_age(margins) if inputs.size else 1.0
    persons = np.round(margins.persons * scale).astype(np.int64) if inputs.size else margins.persons
    parts: list[NDArray[np.int64]] = []
    serial = 0
    for sex in range(2):
        table = fit_to_margins(
            _EDUCATION_SEED, persons[sex].astype(float), margins.education[sex].astype(float)
        )
        for band, (low, high) in enumerate(margins.age_bands):
            count = int(persons[sex, band])
            last = min(high, 64 + inputs.burn_in // 12)
            if low > last:
                continue
            if high > 64:
                count = count * (last - low + 1) // (high - low + 1)
            months = 12 * (high - low + 1) if high <= 64 else 12 * (last - low + 1)
            ages = 12 * low + (np.arange(count) * months) // max(count, 1)
            education = np.repeat(np.arange(3), whole(np.round(table[band], 6), count))
            spread = (np.arange(count) * 7919) % max(count, 1) if count % 7919 else np.arange(count)
            kind = _RESIDENT if high <= 64 else _LEAVER
            parts.append(_rows(kind, sex, start - ages[spread], education, -1, serial))
            serial += count
    young = persons[:, 0].sum() / (12.0 * (margins.age_bands[0][1] - margins.age_bands[0][0] + 1))
    residents = np.concatenate(parts, axis=1)
    ages = start - residents[1][residents[4] == _RESIDENT]
    leaving = (ages < 360).sum() * p.move_out_young + (ages >= 360).sum() * p.move_out_old
    retiring = persons[:, [b for b, (low, _) in enumerate(margins.age_bands) if low == 60]].sum() / 60.0
    usual = q.newcomers_per_month * residents_here / PER_RESIDENTS
    newcomers = usual * q.arrivals_multiplier + q.extra_newcomers * scale
    movers = max(0.0, leaving + retiring - young - usual)  # beyond the usual arrivals the town grows
    for kind, rate in ((_YOUNG, young), (_NEWCOMER, newcomers), (_MOVER, movers)):
        parts.append(_later(kind, rate, inputs, residents))
    columns = np.concatenate(parts, axis=1)
    names = ("sex", "birth", "education", "arrival", "kind", "serial")
    return dict(zip(names, columns, strict=True))


def _of_working_age(margins: Margins) -> int:
    return int(
        margins.persons[:, [band for band, (_, high) in enumerate(margins.age_bands) if high <= 64]].sum()
    )


def _rows(
    kind: int, sex: int, birth: NDArray[np.int64], education: NDArray[np.int64], arrival: int, serial: int
) -> NDArray[np.int64]:
    n = birth.size
    return np.stack(
        [np.full(n, sex), birth, education, np.full(n, arrival), np.full(n, kind), serial + np.arange(n)]
    )


def _later(kind: int, rate: float, inputs: ModelInputs, residents: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return those who arrive after the start, ``rate`` a month, movers and newcomers aged as residents of
    20-44."""
    steps = np.floor(rate * np.arange(inputs.horizon + 1)).astype(np.int64)
    month = inputs.start + np.repeat(np.arange(inputs.horizon), np.diff(steps))
    n = month.size
    age = inputs.start - residents[1]
    pool = np.flatnonzero((residents[4] == _RESIDENT) & (age >= 240) & (age < 540))
    pick = pool[(np.arange(n) * 104729) % pool.size]
    birth = month - 192 if kind == _YOUNG else month - age[pick]
    education = np.zeros(n, dtype=np.int64) if kind == _YOUNG else residents[2][pick]
    if kind == _YOUNG:
        education = np.array([0, 1, 1, 1, 2], dtype=np.int64)[np.arange(n) % 5]
    if kind == _NEWCOMER:
        education = np.array([0, 0, 1, 0, 2], dtype=np.int64)[np.arange(n) % 5]
    serial = (np.int64(kind) << 20) + (np.int64(1) << 23) + np.arange(n)
    return np.stack([np.arange(n) % 2, birth, education, month, np.full(n, kind), serial])


def _origins(
    r: ResidentColumns,
    kind: NDArray[np.int64],
    arrival: NDArray[np.int64],
    inputs: ModelInputs,
    q: PopulationParameters,
    keys: NDArray[np.uint64],
) -> None:
    """Set origin, permit and arrival: newcomers of the last 24 months and of the burn-in are spread over
    the months."""
    order = uniforms(keys[Decision.POPULATION_ORIGIN], r.id)
    age = inputs.start - r.birth
    here = kind == _RESIDENT
    foreign = here & (order < q.foreign_born_share * np.where((age >= 300) & (age < 660), 1.2, 0.7))
    r.origin[foreign] = Origin.ESTABLISHED
    r.permit[:] = 0
    adults = np.flatnonzero(foreign & (age >= 20 * 12 + 24 + inputs.burn_in) & (age < 50 * 12))
    adults = adults[np.argsort(order[adults], kind="stable")]
    months = np.arange(24 + inputs.burn_in)
    before = q.newcomers_before * (inputs.size or _of_working_age(inputs.margins)) / PER_RESIDENTS
    steps = np.floor(before * np.arange(months.size + 1)).astype(np.int64)
    since = np.repeat(months, np.diff(steps))[: adults.size]
    recent = adults[: since.size]
    r.permit[recent] = inputs.start - 1 - since
    r.origin[recent] = Origin.NEWCOMER
    later = kind == _NEWCOMER
    r.origin[later] = Origin.NEWCOMER
    r.permit[later] = arrival[later]
    moved = (kind == _MOVER) & (order < q.foreign_born_share)
    r.origin[moved] = Origin.ESTABLISHED
    r.arrival[:] = np.where(arrival >= 0, arrival, np.maximum(r.birth + 192, r.permit))


EDUCATION_FIELD = int(Decision.POPULATION_FIELD)
TIER = int(Decision.POPULATION_EDUCATION)
SWEDISH = int(Decision.POPULATION_SWEDISH)
LIMITATION = int(Decision.POPULATION_LIMITATION)
ABILITY = int(Decision.POPULATION_EMPLOYABILITY)
MEMBER = int(Decision.POPULATION_MEMBER)
STATUS = int(Decision.POPULATION_STATUS)
SPELL = int(Decision.POPULATION_SPELL)
OTHER_INCOME = int(Decision.POPULATION_OTHER_INCOME)
WAGE = int(Decision.POPULATION_WAGE)
CONTRACT = int(Decision.POPULATION_CONTRACT)
STUDY = int(Decision.STUDY_END)


@kernel
def _traits(
    tables: Tables,
    q: PopulationParameters,
    keys: Keys,
    fields: Float64,
    wage_ore: float,
    start: int,
    first: int,
) -> None:
    """Draw traits, wage and the status on arrival of everybody."""
    r, p = tables.residents, tables.parameters
    for i in range(r.id.size):
        who = r.id[i]
        native = r.origin[i] == BORN_IN_SWEDEN
        month = max(r.arrival[i], first)
        age = month - r.birth[i]
        u = uniform(keys[SWEDISH], who)
        if native:
            r.swedish[i] = 4
        elif r.permit[i] > 0:
            r.swedish[i] = 0 if u < 0.6 else 1
        else:
            r.swedish[i] = 4 if u < 0.55 else 3 if u < 0.8 else 2
        limited = uniform(keys[LIMITATION], who) < q.limitation_share * (
            1.8 if start - r.birth[i] >= 600 else 0.8
        )
        r.limitation[i] = 1 if limited else 0
        u = uniform(keys[EDUCATION_FIELD], who)
        field = 0
        while field < SECTORS - 1 and u >= fields[r.sex[i], field]:
            field += 1
        r.sector[i] = field
        u = uniform(keys[TIER], who)
        tier = r.education[i]
        if tier == 1 and u < 0.25:
            tier = 0
        elif tier == 2 and u < 0.15:
            tier = 1
        if r.permit[i] > 0:
            tier = 0 if tier < 2 else 1
        r.tier[i] = tier
        r.ability[i] = exponential(q.ability_sd * normal_quantile(uniform(keys[ABILITY], who)))
        r.gain[i] = 1.0
        z = normal_quantile(uniform(keys[WAGE], who))
        r.wage[i] = int(wage_ore * (1.0 + 0.22 * tier) * exponential(0.15 * z + (0.08 if age > 480 else 0.0)))
        joins = q.member_share * (0.5 if age < 300 else 1.0) * (0.5 if r.permit[i] > 0 else 1.0)
        r.member[i] = 1 if uniform(keys[MEMBER], who) < joins else 0
        risk = q.other_income_share * (8.0 if limited else 1.0) * (2.5 if age >= 600 else 1.0)
        if r.permit[i] == 0 and start - r.birth[i] >= 228 and uniform(keys[OTHER_INCOME], who) < risk:
            r.other_income[i] = int(100.0 * q.other_income_month)
        _arrive(r, i, p, q, keys, month, age)


@rule
def starting_share(r: ResidentColumns, i: int, q: PopulationParameters) -> float:
    """Return the probability of arriving in work, lower for those who find work slowly; the burn-in
    refines it."""
    share = q.employed_share
    if r.tier[i] == 0:
        share -= 0.10
    if r.origin[i] != BORN_IN_SWEDEN:
        share -= 0.15
    if r.limitation[i] == 1:
        share -= 0.25
    if r.ability[i] < 0.5:
        share -= 0.20
    elif r.ability[i] > 1.5:
        share += 0.05
    return share


@rule
def _arrive(
    r: ResidentColumns, i: int, p: Parameters, q: PopulationParameters, keys: Keys, month: int, age: int
) -> None:
    """Give a resident the status on arrival: school, establishment, other benefit, work, unemployment or
    outside."""
    who = r.id[i]
    u = uniform(keys[STUDY], who)
    turns_19 = r.birth[i] + 228
    finish = turns_19 + (5 - turns_19 % 12 + 12) % 12
    if r.education[i] > 0 and r.permit[i] == 0 and u < q.further_study_share:
        finish += int(12 + 60 * u / q.further_study_share)
    r.study_end[i] = finish
    u = uniform(keys[STATUS], who)
    spell = uniform(keys[SPELL], who)
    if r.permit[i] > 0 and r.origin[i] == NEWCOMER and r.permit[i] == r.arrival[i] and month == r.arrival[i]:
        r.status[i] = IN_ACTIVITY
        r.activity[i] = ESTABLISHMENT
        r.registered[i] = 1
    elif r.other_income[i] > 0:
        r.status[i] = OUTSIDE
        r.in_status[i] = 12
    elif month < finish:
        r.status[i] = STUDYING
    elif u < starting_share(r, i, q):
        r.status[i] = EMPLOYED
        r.contract[i] = 1 if uniform(keys[CONTRACT], who) < 0.16 else 0
        r.worked[i] = 0xFFF
        r.in_status[i] = 12
    elif u < 0.5 + 0.5 * starting_share(r, i, q):
        r.registered[i] = 1
        r.spell[i] = int(36 * spell * spell)
        r.in_status[i] = r.spell[i]
        r.status[i] = OPEN
        if r.spell[i] >= 12:
            r.status[i] = IN_ACTIVITY
            r.activity[i] = GUIDANCE
    else:
        r.status[i] = OUTSIDE
        r.in_status[i] = int(12 * spell)
