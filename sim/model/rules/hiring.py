"""Hiring: matching by field of work and skill tier, from which displacement emerges.

Rules: with x = A S and V vacancies in a cell, expected hires are M = x V / (x^k + V^k)^(1/k), never above x
or V. A seeker of weight w is a candidate with probability 1 - exp(-w M / S), independently; then at most V
are hired, in keyed order. Where several municipalities are run together a seeker searches in each with the
strength of the tie to it, and S, V and M are those of the municipality of the job. Vacancies follow V' =
(V - hires)(1 - expiry) + v0 (q/q0)^e + r x job-to-job hires, with q the share of vacancies filled (the term
is v0 in a month without hires). The place that took a vacancy leaves it like any job that is changed. Of the
hires of long-registered people and newcomers a share is subsidised, larger of those that only more contact
has brought about.
"""

import numpy as np

from sim.core.ahead import ask_ahead
from sim.core.compiled import kernel, rule
from sim.core.draws import Decision, below_each, uniform
from sim.core.exact import FIXED_POINT, exponential, power
from sim.model.codes import BORN_IN_SWEDEN, EMPLOYED, IN_ACTIVITY, NEWCOMER, OPEN, SUBSIDISED
from sim.model.columns import CELLS, TIERS, Float64, Int64, Keys, Reason, ResidentColumns, Rows
from sim.model.counts import DURATIONS
from sim.model.parameters import Parameters
from sim.model.rules.common import drawn_months, leave_register, note_part
from sim.model.rules.queues import place_in_queue
from sim.model.rules.steady import unsettle
from sim.model.tables import Tables

HELD = int(Reason.HELD)
DELAYED = int(Reason.DELAYED)
HIRE = int(Decision.HIRE)
HIRE_ORDER = int(Decision.HIRE_ORDER)
CONTRACT = int(Decision.CONTRACT)
COMMUTE = int(Decision.COMMUTE)
SUBSIDY = int(Decision.SUBSIDY)
SUBSIDY_LENGTH = int(Decision.SUBSIDY_LENGTH)

HIRES, FROM_REGISTER, SUBSIDISED_HIRES, CLIENT_EXITS, CLIENT_HELD, CLIENT_DELAYED = range(6)
SURELY = 1e-9
"""More than the rounding of what is compared."""
AT_RISK = 6
EXITS = AT_RISK + len(DURATIONS)
COUNTED = (
    "hires", "exits_to_work", "subsidised_hires", "exits_to_work_clients", "held_losses", "delayed_losses",
    *(f"registered_{months}" for months in DURATIONS), *(f"exits_{months}" for months in DURATIONS),
)  # fmt: skip
"""Names of what is counted, in order."""


@rule
def matches(efficiency: float, search: float, vacancies: float, curvature: float) -> float:
    """Return expected hires x V / (x^k + V^k)^(1/k) with x = A S."""
    x = efficiency * search
    if x <= 0.0 or vacancies <= 0.0:
        return 0.0
    return x * vacancies / power(power(x, curvature) + power(vacancies, curvature), 1.0 / curvature)


@rule
def efficiency(p: Parameters) -> float:
    """Return A, such that a share q0 of vacancies is filled where the job-finding rate is the reference."""
    return p.job_finding_reference / power(
        1.0 - power(p.filling_reference, p.matching_curvature), 1.0 / p.matching_curvature
    )


@rule
def vacancies_next(
    vacancies: float, hires: int, job_to_job: int, new: float, filled: float, p: Parameters
) -> float:
    """Return next month's vacancies of a cell."""
    response = power(filled / p.filling_reference, p.vacancy_response) if filled > 0.0 else 1.0
    return (vacancies - hires) * (1.0 - p.vacancy_expiry) + new * response + p.vacancy_repost * job_to_job


@kernel
def post_vacancies(
    tables: Tables,
    market: tuple[Float64, Int64, Int64, Float64, Float64],
    new: Float64,
    first: int,
    last: int,
) -> None:
    """Set the vacancies of some cells for the coming month, less those that have been taken beforehand.

    Args:
        market: V, hires, job-to-job hires, the share filled, and what is owed, by cell; V and what is owed
            are changed.
        new: Vacancies newly created, by cell.
        first: The first cell.
        last: The cell after the last.
    """
    vacancies, hires, moves, filled, owed = market
    for cell in range(first, last):
        posted = vacancies_next(
            vacancies[cell], hires[cell], moves[cell], new[cell], filled[cell], tables.parameters
        )
        paid = max(0.0, min(owed[cell], posted))
        owed[cell] -= paid
        vacancies[cell] = posted - paid


@kernel
def take_beforehand(vacancies: Float64, owed: Float64, taken: Int64) -> None:
    """Take vacancies before matching, by cell; what is not there is owed by the next that are posted."""
    for cell in range(taken.size):
        left = vacancies[cell] - taken[cell]
        vacancies[cell] = max(0.0, left)
        owed[cell] += max(0.0, -left)


@kernel
def hiring_rates(tables: Tables, vacancies: Float64, search: Float64, first: int, last: int) -> Float64:
    """Return hires per unit of search weight in some cells, float64, from the first to before the last."""
    p = tables.parameters
    level = efficiency(p)
    rates = np.zeros(last - first)
    for cell in range(first, last):
        if search[cell] > 0.0:
            found = matches(level, search[cell], vacancies[cell], p.matching_curvature)
            rates[cell - first] = found / search[cell]
    return rates


@kernel
def search_met(totals: Int64, ties: Float64) -> Float64:
    """Return S by municipality of the job and cell, added up in the order of the municipalities of residence.

    Args:
        totals: W by municipality of residence and cell, int64 fixed point.
        ties: t by municipality of residence and of the job, float64.
    """
    found = np.zeros(totals.shape)
    for home in range(totals.shape[0]):
        for market in range(totals.shape[0]):
            for cell in range(totals.shape[1]):
                found[market, cell] += ties[home, market] * (totals[home, cell] / FIXED_POINT)
    return found


@kernel
def filled_shares(hires: Int64, vacancies: Float64, usual: float) -> Float64:
    """Return the share of vacancies filled by cell, float64; the usual one where there are none."""
    shares = np.full(hires.size, usual)
    for cell in range(hires.size):
        if vacancies[cell] > 0.0:
            shares[cell] = hires[cell] / max(vacancies[cell], 1e-9)
    return shares


@rule
def duration(spell: int) -> int:
    """Return the index in DURATIONS of a number of months in the spell."""
    if spell < 3:
        return 0
    if spell < 6:
        return 1
    if spell < 12:
        return 2
    return 3 if spell < 24 else 4


@rule
def entitled(r: ResidentColumns, i: int) -> bool:
    """Return whether a hire of this person may be subsidised: registered for a year, or a newcomer."""
    unemployed = r.status[i] == OPEN or r.status[i] == IN_ACTIVITY
    return bool(unemployed and (r.spell[i] >= 12 or r.origin[i] == NEWCOMER))


@rule
def hired(r: ResidentColumns, i: int, p: Parameters, keys: Keys) -> bool:
    """Put a seeker into a job; return whether it is subsidised: more often where contacts found it, and then
    also for others who learn Swedish."""
    share = p.subsidised_share
    may = entitled(r, i)
    if r.found[i] == 1:
        learner = r.origin[i] != BORN_IN_SWEDEN and r.swedish[i] < 4
        share = p.contact_subsidised_learners if learner else p.contact_subsidised_share
        may = may or learner
    if may and uniform(keys[SUBSIDY], r.id[i]) < share:
        spell = r.spell[i]
        leave_register(r, i, SUBSIDISED)
        r.spell[i] = spell
        r.left[i] = drawn_months(uniform(keys[SUBSIDY_LENGTH], r.id[i]), p.subsidised_months)
    else:
        leave_register(r, i, EMPLOYED)
    r.contract[i] = 1 if uniform(keys[CONTRACT], r.id[i]) < p.temporary_share else 0
    r.assigned[i] = 0
    r.reason[i] = 0
    r.client[i] = 0
    return bool(r.status[i] == SUBSIDISED)


@kernel
def apply_for_jobs(
    tables: Tables, known: Rows, keys: Keys, rate: Float64
) -> tuple[Rows, Int64, Int64, Int64]:
    """Find the candidates for jobs in every cell and municipality.

    Args:
        known: Rows of those whom an agency knows, int64.
        rate: Hires per unit of search weight by municipality of the job and cell, times the strength of the
            tie to it, float64, shape (municipalities, cells); they add up over municipalities.

    Returns:
        Rows of the candidates; what each applies for, municipality x CELLS + cell, int64; the numbers that
        order them in a queue, int64; and counts (HIRES ..., CLIENT_HELD, CLIENT_DELAYED, then the registered
        by DURATIONS), int64.
    """
    r = tables.residents
    counts = np.zeros(EXITS + len(DURATIONS), dtype=np.int64)
    total = np.zeros(CELLS)
    for market in range(rate.shape[0]):
        for cell in range(CELLS):
            total[cell] += rate[market, cell]
    lucky = below_each(keys[HIRE], r.id, r.weight, np.max(total) / FIXED_POINT)
    candidates = np.empty(known.size + lucky.size, dtype=np.uint32)
    n = 0
    for k in range(lucky.size):
        ask_ahead(r.spell, lucky, k)
        i = lucky[k]
        if r.status[i] == OPEN or r.status[i] == IN_ACTIVITY:
            continue
        cell = r.sector[i] * TIERS + r.tier[i]
        if applies(r.weight[i], total[cell], uniform(keys[HIRE], r.id[i])):
            r.found[i] = 0
            candidates[n] = i
            n += 1
    for k in range(known.size):
        ask_ahead(r.spell, known, k)
        ask_ahead(r.wage, known, k)
        i = known[k]
        if r.status[i] != OPEN and r.status[i] != IN_ACTIVITY:
            continue
        counts[AT_RISK + duration(r.spell[i])] += 1
        cell = r.sector[i] * TIERS + r.tier[i]
        u = uniform(keys[HIRE], r.id[i])
        if u >= max(r.weight[i], r.weight_free[i], r.weight_calm[i]) * (total[cell] / FIXED_POINT):
            continue
        if applies(r.weight[i], total[cell], u):
            r.found[i] = 0 if applies(r.weight_alone[i], total[cell], u) else 1
            candidates[n] = i
            n += 1
        elif applies(r.weight_free[i], total[cell], u):
            r.reason[i] = HELD
            counts[CLIENT_HELD] += r.client[i]
        elif applies(r.weight_calm[i], total[cell], u):
            r.reason[i] = DELAYED
            counts[CLIENT_DELAYED] += r.client[i]
    candidates = candidates[:n].copy()
    jobs = np.empty(n, dtype=np.int64)
    order = np.empty(n, dtype=np.int64)
    for j in range(n):
        i = candidates[j]
        cell = r.sector[i] * TIERS + r.tier[i]
        market = market_of(uniform(keys[COMMUTE], r.id[i]), rate, cell, total[cell])
        jobs[j] = market * CELLS + cell
        order[j] = place_in_queue(0, r.id[i], keys[HIRE_ORDER])
    return candidates, jobs, order, counts


@rule
def applies(weight: int, rate: float, u: float) -> bool:
    """Return whether a seeker of weight w (fixed point) is a candidate: u < 1 - exp(-w rate).

    With x = w rate, 1 - exp(-x) lies between x - x^2 / 2 and x: most draws need no exponential.
    """
    x = weight * (rate / FIXED_POINT)
    if u >= x:
        return False
    if u < x - 0.5 * x * x - SURELY:
        return True
    return exponential(-x) < 1.0 - u


@rule
def market_of(u: float, rate: Float64, cell: int, total: float) -> int:
    """Return the municipality of the job: each with the share of the total rate that it brings."""
    mark = u * total
    reached = 0.0
    for market in range(rate.shape[0] - 1):
        reached += rate[market, cell]
        if mark < reached:
            return market
    return int(rate.shape[0] - 1)


@kernel
def take_jobs(
    tables: Tables,
    keys: Keys,
    month: int,
    rows: Rows,
    jobs: Int64,
    home: int,
    moves: Int64,
    counts: Int64,
) -> Rows:
    """Put the chosen candidates into their jobs.

    Args:
        rows: Rows of the hired, int64.
        jobs: Each one's job, municipality x CELLS + cell, int64.
        home: The residents' own municipality.
        moves: Jobs left behind by municipality and cell, int64; they are added.
        counts: As `apply_for_jobs` returns them; hires and exits are added.

    Returns:
        Rows of those of them who were steady, int64: this month does not repeat the last one.
    """
    r, p, until = tables.residents, tables.parameters, tables.steady.until
    were_steady = np.empty(rows.size, dtype=np.uint32)
    n = 0
    for k in range(rows.size):
        ask_ahead(r.spell, rows, k)
        ask_ahead(r.wage, rows, k)
        i = rows[k]
        if until[i] > 0:
            note_part(r, i, month)
            were_steady[n] = i
            n += 1
    unsettle(tables, were_steady[:n], month)
    for j in range(rows.size):
        i = rows[j]
        counts[HIRES] += 1
        if r.status[i] == EMPLOYED or r.took[i] == 1:
            old = home if r.market[i] == 0 else r.market[i] - 1
            moves[old, r.sector[i] * TIERS + r.tier[i]] += 1
            r.took[i] = 0
        elif r.status[i] == OPEN or r.status[i] == IN_ACTIVITY:
            counts[FROM_REGISTER] += 1
            counts[EXITS + duration(r.spell[i])] += 1
            counts[CLIENT_EXITS] += r.client[i]
        counts[SUBSIDISED_HIRES] += 1 if hired(r, i, p, keys) else 0
        market = jobs[j] // CELLS
        r.market[i] = 0 if market == home else market + 1
    return were_steady[:n].copy()
