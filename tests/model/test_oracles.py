"""Theory as oracle: the lake model, and displacement by the matching alone."""

from itertools import pairwise

import numpy as np
import pytest
from model_worlds import everybody, hire, inputs, parameters, people, policy, ran, tables
from numpy.typing import NDArray

from sim.core.draws import stream_keys
from sim.core.exact import FIXED_POINT
from sim.experiment.displacement import Displacement, displacement
from sim.model.columns import CELLS, Status
from sim.model.inputs import alone
from sim.model.parameters import Parameters
from sim.model.rules.hiring import efficiency, matches, vacancies_next
from sim.model.rules.separations import separate
from sim.model.simulate import burn_in

SEPARATION, FINDING = 0.02, 0.1
ALWAYS, NEVER = 1.0, 0.0
LAKE: dict[str, float] = {
    "separation_temporary": SEPARATION, "register_share": ALWAYS, "permanent_rate": NEVER,
    "temporary_share": ALWAYS, "subsidised_share": NEVER,
}  # fmt: skip


def lake(n: int, months: int, share_unemployed: float, seed: int) -> NDArray[np.float64]:
    """Unemployment by month where jobs end and are found at constant rates, by the model's own kernels.

    Whoever is unemployed at the start of a month seeks with weight one; a job lost this month is sought
    from the next.
    """
    r = people(n, status=Status.EMPLOYED, contract=1)
    r.status[: int(share_unemployed * n)] = Status.OPEN
    rates = np.full(CELLS, -np.log(1.0 - FINDING))
    keys = stream_keys(seed, 0, 24000, months)
    path = np.empty(months)
    for month in range(months):
        r.weight[:] = np.where(r.status == Status.OPEN, FIXED_POINT, 0)
        for column in (r.weight_free, r.weight_calm, r.weight_alone):
            column[:] = r.weight
        separate(tables(r, parameters(**LAKE)), everybody(r), keys[month], 24000 + month, 1.0, 300)
        hire(r, parameters(**LAKE), keys[month], rates)
        path[month] = (r.status == Status.OPEN).mean()
    return path


def test_unemployment_comes_to_rest_at_s_over_s_plus_f() -> None:
    """u = s / (s + f) = 1/6; months of one person correlate with 1 - s - f = 0.88 a month."""
    n, months, warm = 20_000, 160, 80
    steady = SEPARATION / (SEPARATION + FINDING)
    memory = 1.0 - SEPARATION - FINDING
    mean = lake(n, months, steady, 1)[warm:].mean()
    spread = steady * (1.0 - steady) * (1.0 + memory) / (1.0 - memory)
    assert abs(mean - steady) < 4 * np.sqrt(spread / (n * (months - warm)))


def test_unemployment_closes_the_gap_at_one_minus_s_minus_f_a_month() -> None:
    n = 40_000
    steady = SEPARATION / (SEPARATION + FINDING)
    path = lake(n, 24, 1.0, 2)
    for month, share in enumerate(path, start=1):
        expected = steady + (1.0 - steady) * (1.0 - SEPARATION - FINDING) ** month
        assert abs(share - expected) < 4 * np.sqrt(expected * (1.0 - expected) / n), month


def test_with_vacancies_given_displacement_is_what_the_curvature_says() -> None:
    """One per cent more search finds V^k / (x^k + V^k) per cent more jobs; the rest is taken from others."""
    for seekers, vacancies, curvature in ((100.0, 50.0, 1.3), (100.0, 100.0, 1.3), (100.0, 200.0, 2.0)):
        step = 1e-4
        few, more = (matches(1.0, seekers * (1 + d), vacancies, curvature) for d in (-step, step))
        elasticity = (more - few) / (2 * step) / matches(1.0, seekers, vacancies, curvature)
        x, v = seekers**curvature, vacancies**curvature
        assert elasticity == pytest.approx(v / (x + v), rel=1e-6)


def market(
    p: Parameters, demand: float, effort: float, seed: int, held: NDArray[np.float64] | None = None
) -> tuple[float, NDArray[np.float64]]:
    """Mean employed of months 13-48, and rates by month, in one field where all seekers search alike."""
    n, months = 4000, 48
    r = people(n, status=Status.EMPLOYED, contract=1)
    steady = SEPARATION / (SEPARATION + FINDING)
    r.status[: int(steady * n)] = Status.OPEN
    keys = stream_keys(seed, 0, 24000, months)
    vacancies = np.zeros(CELLS)
    vacancies[0] = FINDING * steady * n / p.filling_reference
    new = vacancies[0] * (1.0 - (1.0 - p.filling_reference) * (1.0 - p.vacancy_expiry)) * demand
    hires, filled = FINDING * steady * n, p.filling_reference
    rates = np.zeros((months, CELLS)) if held is None else held
    employed = np.empty(months)
    for month in range(months):
        separate(tables(r, p), everybody(r), keys[month], 24000 + month, 1.0, 300)
        r.weight[:] = np.where(r.status == Status.OPEN, int(effort * FIXED_POINT), 0)
        for column in (r.weight_free, r.weight_calm, r.weight_alone):
            column[:] = r.weight
        if month > 0:
            vacancies[0] = vacancies_next(vacancies[0], int(hires), 0, new, filled, p)
        search = r.weight.sum() / FIXED_POINT
        if held is None:
            rates[month, 0] = matches(efficiency(p), search, vacancies[0], p.matching_curvature) / search
        found, _, _ = hire(r, p, keys[month], rates[month], vacancies if held is None else None)
        hires = float(found[0])
        filled = hires / vacancies[0]
        employed[month] = (r.status == Status.EMPLOYED).sum()
    return float(employed[12:].mean()), rates


def displaced_in_one_market(demand: float, pairs: int) -> Displacement:
    """Displacement when everybody's search becomes 12 per cent more effective."""
    p = parameters(**LAKE, job_finding_reference=FINDING)
    net, gain = np.empty(pairs), np.empty(pairs)
    for seed in range(pairs):
        usual, rates = market(p, demand, 1.0, seed)
        reform, _ = market(p, demand, 1.12, seed)
        same, _ = market(p, demand, 1.0, seed, rates)
        free, _ = market(p, demand, 1.12, seed, rates)
        net[seed], gain[seed] = reform - usual, free - same
    return displacement(net, gain)


def assert_falls_with_demand(found: list[Displacement], gap: float) -> None:
    """Slack above normal above tight, the ends apart by a gap and by four standard errors."""
    shares = [one.share for one in found]
    assert all(more > less for more, less in pairwise(shares)), found
    apart = np.hypot(found[0].se, found[-1].se)
    assert shares[0] - shares[-1] > max(gap, 4 * apart), found
    assert all(0.0 < one.share < 1.0 for one in found)


def test_matching_alone_displaces_more_in_slack_than_in_tight_markets() -> None:
    assert_falls_with_demand([displaced_in_one_market(demand, 6) for demand in (0.75, 1.0, 1.25)], 0.1)


def displaced_in_town(demand: float, pairs: int) -> Displacement:
    """Displacement on all of Nyköping over months 13-36 when everybody registered has half the caseload."""
    months = 36
    halved = policy(months, caseload=0.5, af_caseload=0.5)
    net, gain = np.empty(pairs), np.empty(pairs)
    for replication in range(pairs):
        town = inputs(None, months, replication=replication, burn=60, demand_multiplier=demand)
        state = burn_in(alone(town))[0]
        usual = ran(town, state.copy())
        worlds = [
            usual,
            ran(town, state.copy(), halved),
            ran(town, state.copy(), None, usual.rates),
            ran(town, state.copy(), halved, usual.rates),
        ]
        employed = [world.series["employed", "all"][12:].mean() for world in worlds]
        net[replication], gain[replication] = employed[1] - employed[0], employed[3] - employed[2]
    return displacement(net, gain)


@pytest.mark.slow
def test_halved_caseload_displaces_ten_points_more_in_slack_than_in_tight_markets() -> None:
    found = [displaced_in_town(demand, 10) for demand in (0.75, 1.0, 1.25)]
    print([f"{one.share:.3f} ({one.se:.3f})" for one in found])
    assert_falls_with_demand(found, 0.1)
