"""Matching over municipalities worked by hand: who seeks where, who is hired where, what is left behind."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from model_worlds import (
    MONTH,
    NEIGHBOURS,
    everybody,
    homes,
    inputs,
    keys,
    observed,
    people,
)
from numpy.typing import NDArray

from sim.core.draws import Decision, squares32, uniform
from sim.core.errors import SamspelError
from sim.core.exact import FIXED_POINT
from sim.model.columns import CELLS, ResidentColumns, Status
from sim.model.counts import DURATIONS, Count
from sim.model.inputs import Area
from sim.model.market import match
from sim.model.model import LabourMarketModel
from sim.model.rules.hiring import market_of
from sim.model.state import State

OVER, BACK = 0.2, 0.3
"""Share of search from the first town in the second, and from the second in the first."""
SHAPE: Any = {
    "job_finding_reference": 0.1, "filling_reference": 0.5, "matching_curvature": 1.0,
    "subsidised_share": 0.0,
}  # fmt: skip
"""Efficiency 0.1 / (1 - 0.5) = 0.2, so that M = x V / (x + V) with x = S / 5."""


def town(number: int, n: int, **columns: Any) -> ResidentColumns:
    """Openly unemployed residents of town 0 or 1 who would take any job."""
    r = people(n, **{"status": Status.OPEN, "registered": 1, "weight": 10**9, **columns})
    r.id[:] = (int(NEIGHBOURS[number]) << 24) + np.arange(n)
    r.weight_free[:] = r.weight_calm[:] = r.weight_alone[:] = r.weight
    return r


def world(
    towns: Sequence[ResidentColumns],
    vacancies: Sequence[float] = (0.0, 0.0),
    rates: NDArray[np.float64] | None = None,
    ties: tuple[tuple[float, ...], ...] = ((1.0 - OVER, OVER), (BACK, 1.0 - BACK)),
) -> LabourMarketModel:
    """A world of two towns in the month of the tests, with vacancies in cell 0 of each; or held rates."""
    places = tuple(inputs(start="2017-06", months=1, code=code, **SHAPE) for code in NEIGHBOURS)
    states = [State(r, homes(r)) for r in towns]
    model = LabourMarketModel(Area(places, ties), states, MONTH, 1, None, rates)
    model.month = MONTH
    for place, open_jobs in zip(model.places, vacancies, strict=True):
        place.known = everybody(place.state.residents)
        place.state.vacancies[0] = open_jobs
    return model


def totals(first: float, second: float) -> list[NDArray[np.int64]]:
    """Search of each town's residents in cell 0."""
    found = np.zeros((2, CELLS), dtype=np.int64)
    found[:, 0] = np.array([first, second]) * FIXED_POINT
    return list(found)


def held(first: float, second: float) -> NDArray[np.float64]:
    rates = np.zeros((1, 2, CELLS))
    rates[0, :, 0] = first, second
    return rates


def drawn(r: ResidentColumns, decision: Decision) -> NDArray[np.float64]:
    return np.array([uniform(keys()[decision], int(i)) for i in r.id])


def test_search_meets_vacancies_where_the_ties_lead() -> None:
    """W = 100 and 50: S = 0.8 x 100 + 0.3 x 50 = 95 and 0.2 x 100 + 0.7 x 50 = 55.

    With V = 19 and 33: M = 19 x 19 / 38 = 9.5 and 11 x 33 / 44 = 8.25, so the rates are 0.1 and 0.15.
    """
    model = world([town(0, 2, weight=0), town(1, 2, weight=0)], (19.0, 33.0))
    match(model, totals(100.0, 50.0))
    assert model.rates[0, :, 0] == pytest.approx([0.1, 0.15])
    assert (model.rates[0, :, 1:] == 0.0).all()


def test_a_seeker_meets_the_rates_of_all_municipalities_by_tie_and_takes_the_job_where_it_is() -> None:
    """Rates 0.1 and 0.15: the first town's residents meet 0.08 + 0.03, the second's 0.03 + 0.105."""
    n = 4000
    towns = [town(0, n, weight=2 * FIXED_POINT), town(1, n, weight=2 * FIXED_POINT)]
    model = world(towns, rates=held(0.1, 0.15))
    counts = match(model, totals(n, n))
    hires = np.zeros(2, dtype=np.int64)
    for home, (r, (here, there)) in enumerate(zip(towns, ((0.08, 0.03), (0.03, 0.105)), strict=True)):
        hired = drawn(r, Decision.HIRE) < 1.0 - np.exp(-2.0 * (here + there))
        assert ((r.status == Status.EMPLOYED) == hired).all()
        first = drawn(r, Decision.COMMUTE) < here / (here + there)
        where = np.where(first, 0, 1)
        assert (r.market[hired] == np.where(where == home, 0, where + 1)[hired]).all()
        hires += np.bincount(where[hired], minlength=2)
        assert counts[home][0] == counts[home][1] == hired.sum()
        commuters = observed(r, homes(r))[Count.commuters].sum()
        assert commuters == (hired & (where != home)).sum() > 0
    assert [place.state.hires[0] for place in model.places] == hires.tolist()


def test_at_most_the_vacancies_are_filled_in_drawn_order_over_both_municipalities() -> None:
    towns = [town(0, 9), town(1, 6)]
    model = world(towns, (2.9, 3.4))
    match(model, totals(0.01, 0.01))
    rates = model.rates[0, :, 0]
    applied: dict[int, list[tuple[int, int, int]]] = {0: [], 1: []}
    for home, r in enumerate(towns):
        ties = model.area.ties[home]
        share = ties[0] * rates[0] / (ties[0] * rates[0] + ties[1] * rates[1])
        for i, u in enumerate(drawn(r, Decision.COMMUTE)):
            order = int(squares32(np.uint64(r.id[i]), keys()[Decision.HIRE_ORDER]))
            applied[0 if u < share else 1].append((order, home, i))
    for market, room in ((0, 2), (1, 3)):
        hired = {(home, i) for _, home, i in sorted(applied[market])[:room]}
        found = {
            (home, i)
            for home, r in enumerate(towns)
            for i in np.flatnonzero(r.status == Status.EMPLOYED).tolist()
            if r.market[i] == (0 if market == home else market + 1)
        }
        assert found == hired
        state = model.places[market].state
        assert state.hires[0] == room
        assert state.filled[0] == pytest.approx(room / state.vacancies[0])


def test_vacancies_hold_in_each_cell_of_each_municipality() -> None:
    """Without ties: seven seekers of one cell and five of another, with two whole vacancies in each."""
    r = town(0, 12, sector=[0] * 7 + [4] * 5)
    model = world([r, town(1, 2)], (2.9, 0.0), ties=((1.0, 0.0), (0.0, 1.0)))
    model.places[0].state.vacancies[12] = 2.2
    found = np.zeros((2, CELLS), dtype=np.int64)
    found[0, [0, 12]] = FIXED_POINT // 100
    match(model, list(found))
    key = keys()[Decision.HIRE_ORDER]
    first = {
        who
        for cell in (range(7), range(7, 12))
        for who in sorted(cell, key=lambda i: int(squares32(np.uint64(r.id[i]), key)))[:2]
    }
    assert set(np.flatnonzero(r.status == Status.EMPLOYED)) == first
    assert model.places[0].state.hires[[0, 12]].tolist() == [2, 2]
    assert model.places[1].state.hires.sum() == 0


def test_a_job_changer_leaves_the_job_where_it_was() -> None:
    """In the first town: jobs at home, in the second town (code 2), and a place that took a vacancy."""
    status = [Status.EMPLOYED, Status.EMPLOYED, Status.PLACEMENT, Status.PLACEMENT, Status.OPEN]
    first = town(0, 5, status=status, market=[0, 2, 0, 0, 0], took=[0, 0, 1, 0, 0])
    second = town(1, 3, status=[Status.EMPLOYED, Status.EMPLOYED, Status.OPEN], market=[0, 1, 0])
    model = world([first, second], rates=held(1.0, 1.0))
    model.places[1].freed[0] = 4  # of places that ended this month
    counts = match(model, totals(5.0, 3.0))
    moves = [place.state.moves[0] for place in model.places]
    assert moves == [3, 6]  # two of the first town and one commuter to it; two, and the four
    assert [int(one[0]) for one in counts] == [5, 3] and [int(one[1]) for one in counts] == [1, 1]
    assert (first.took == 0).all()
    assert sum(int(place.state.hires[0]) for place in model.places) == 8


def test_a_commuter_who_changes_to_a_job_at_home_commutes_no_more() -> None:
    first = town(0, 400, status=Status.EMPLOYED, market=2)
    model = world([first, town(1, 2, weight=0)], rates=held(1.0, 0.0))
    match(model, totals(400.0, 1.0))
    assert (first.market == 0).all()
    assert model.places[1].state.moves[0] == 400 and model.places[0].state.hires[0] == 400


def test_where_the_job_is_follows_the_shares_of_the_rates() -> None:
    rate = np.zeros((3, CELLS))
    rate[:, 5] = 0.1, 0.0, 0.3
    found = [market_of(u, rate, 5, 0.4) for u in (0.01, 0.24, 0.26, 0.99)]
    assert found == [0, 0, 2, 2]


def test_counts_by_duration_are_of_the_municipality_of_residence() -> None:
    towns = [town(0, 3, spell=[0, 4, 30]), town(1, 2, spell=[13, 13])]
    model = world(towns, rates=held(1.0, 1.0))
    counts = match(model, totals(3.0, 2.0))
    n = len(DURATIONS)
    assert [one[6 : 6 + n].tolist() for one in counts] == [[1, 1, 0, 0, 1], [0, 0, 0, 2, 0]]
    assert [one[6 + n :].tolist() for one in counts] == [[1, 1, 0, 0, 1], [0, 0, 0, 2, 0]]


@pytest.mark.parametrize(
    ("ties", "expected"),
    [
        (((1.0,),), "2 rows of 2 shares"),
        (((0.9, 0.2), (0.0, 1.0)), "sum to one"),
        (((1.1, -0.1), (0.0, 1.0)), "shares from 0 to 1"),
    ],
)
def test_ties_that_are_no_shares_are_refused(ties: tuple[tuple[float, ...], ...], expected: str) -> None:
    places = tuple(inputs(code=code) for code in NEIGHBOURS)
    with pytest.raises(SamspelError, match=expected):
        Area(places, ties)


def test_municipalities_of_other_times_are_not_run_together() -> None:
    places = inputs(code="0480"), inputs(code="0481", months=13)
    with pytest.raises(SamspelError, match="one start, horizon"):
        Area(places, ((1.0, 0.0), (0.0, 1.0)))
