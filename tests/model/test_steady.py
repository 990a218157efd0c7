"""Residents whose month repeats the last one are skipped, and nothing changes by it."""

from typing import Any

import numpy as np
import pytest
from model_worlds import (
    MONTH,
    NOBODY,
    everybody,
    homes,
    inputs,
    keys,
    model_of,
    parameters,
    people,
    prices,
    rows,
    started,
)

from sim.core.draws import Decision, below, below_each, below_or_marked, uniforms, words_below
from sim.model.columns import HouseholdColumns, Origin, ResidentColumns, Status
from sim.model.inputs import alone
from sim.model.ledger import KIND_INDEX
from sim.model.model import LabourMarketModel
from sim.model.rules.incomes import count_month, earn
from sim.model.rules.observing import observe
from sim.model.rules.steady import catch_up, settle, unsettle
from sim.model.state import State, empty_flows
from sim.model.tables import tables_of

MONTHS = 20


def columns_of(state: State) -> dict[str, list[float]]:
    both: tuple[ResidentColumns, HouseholdColumns] = (state.residents, state.households)
    return {f"{type(t).__name__}.{name}": getattr(t, name).tolist() for t in both for name in t._fields}


def test_a_run_in_which_nobody_is_ever_skipped_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A world made anew each month that looks for no steady residents visits everybody."""
    town = inputs(size=3000, months=MONTHS)
    long, cut = started(3000), started(3000)
    whole = model_of(town, long, MONTHS)
    whole.run_for(MONTHS)
    catch_up(whole.places[0].tables, whole.month)
    monkeypatch.setattr("sim.model.place.calm_after", lambda tables, month: NOBODY)
    counts = []
    for month in range(MONTHS):
        one = LabourMarketModel(alone(town), [cut], town.start + month, 1)
        one.run_for(1)
        assert one.places[0].visited.size == (cut.residents.presence == 1).sum()
        counts.append(one.places[0].counts[0])
    assert np.array_equal(whole.places[0].counts, np.stack(counts))
    assert np.array_equal(np.stack(long.flows), np.stack(cut.flows))
    assert columns_of(long) == columns_of(cut)


def test_most_residents_are_skipped() -> None:
    state = started(3000)
    model = model_of(inputs(size=3000, months=MONTHS), state, MONTHS)
    r = state.residents
    for _ in range(MONTHS):
        model.run_for(1)
        place = model.places[0]
        here = r.presence == 1
        assert 0.75 < 1.0 - place.visited.size / here.sum() < 0.97
        steady = (place.steady.until > model.month) & here
        assert not np.isin(r.status[steady], (Status.OPEN, Status.ACTIVITY, Status.PLACEMENT)).any()
        resting = set(place.outside.tolist())
        assert resting >= set(np.flatnonzero(steady & (r.status == Status.OUTSIDE)).tolist())
        assert len(resting) == place.outside.size


def settled(column: str, value: float) -> list[bool]:
    """Whether each of two alike is steady in the coming month: the second has something of late."""
    p = parameters()
    r = people(2, status=Status.EMPLOYED, in_status=9, worked=0xFFF, wage=3_000_000)
    h = homes(r)
    town, steady = tables_of(r, h, p, prices(), MONTH)
    earn(town, everybody(r), empty_flows(), MONTH - 1)
    earn(town, everybody(r), empty_flows(), MONTH)
    getattr(r, column)[1] = value
    _, calm = observe(town, everybody(r), NOBODY, MONTH)
    settle(town, calm, MONTH)
    flows = empty_flows()
    earn(town, NOBODY, flows, MONTH + 1)  # visits nobody: what it books is of the steady
    found: list[bool] = (steady.until > 0).tolist()
    assert flows[KIND_INDEX["wage"]] == 3_000_000 * sum(found)
    return found


@pytest.mark.parametrize(
    "column, value",
    [
        ("open_months", 0b100000000000),  # a month from now it is a year ago
        ("contact", MONTH - 2),  # a month from now it is counted what has come of it
        ("birth", MONTH - 25 * 12 + 1),
        ("permit", MONTH - 30),
        ("origin", Origin.NEWCOMER),
        ("status", Status.SUBSIDISED),
    ],
)
def test_whoever_next_month_differs_for_is_not_steady(column: str, value: int) -> None:
    assert settled(column, value) == [True, False]


@pytest.mark.parametrize(
    "column, value",
    [
        ("worked", 0b1),
        ("open_months", 0b10),
        ("swedish", 3),
        ("contact", MONTH - 1),
        ("in_status", 0),
        ("income_before", 1),
        ("earned_before", 1),
    ],
)
def test_a_new_job_another_history_and_less_swedish_do_not_matter(column: str, value: int) -> None:
    assert settled(column, value) == [True, True]


@pytest.mark.parametrize("months", [1, 2, 5, 11, 30])
@pytest.mark.parametrize("status", [Status.EMPLOYED, Status.OUTSIDE])
def test_histories_are_those_of_visits_month_by_month(months: int, status: Status) -> None:
    """Of two who are steady as long as the histories last, one is taken out before the other is looked at."""
    start: dict[str, Any] = {
        "status": status, "in_status": 7, "worked": 0b101100111000, "open_months": 0b11 if months < 12 else 0,
        "wage": 3_000_000, "other_income": 1,
    }  # fmt: skip
    r, visited = people(2, **start), people(2, **start)
    h, month = homes(r), MONTH + months
    town, steady = tables_of(r, h, parameters(), prices(), MONTH)
    assert settle(town, rows(0, 1), MONTH).tolist() == ([0, 1] if status == Status.OUTSIDE else [])
    together = steady.people.copy()
    unsettle(town, rows(1), month + 1)
    assert (steady.until > month).tolist() == [True, False]
    assert (2 * steady.people == together).all()
    catch_up(town, month)
    for i in range(2):
        for _ in range(months):
            visited.in_status[i] += 1
            count_month(visited, i, status == Status.EMPLOYED, False)
    for name in ("in_status", "worked", "open_months"):
        assert getattr(r, name).tolist() == getattr(visited, name).tolist(), name


def test_positions_below_a_bound_are_those_of_the_draws() -> None:
    key, ids = keys()[Decision.HIRE], np.arange(5000, dtype=np.int64) + (480 << 24)
    marks = (ids % 7 == 0).astype(np.int8)
    weights = (ids % 11 * 1000).astype(np.int32)
    for size in (0, 1, 7, 8, 1023, 1024, 1025, 5000):
        drawn, some = uniforms(key, ids[:size]), ids[:size]
        for bound in (0.0, 0.03, 0.7, 1.0):
            assert below(key, some, bound).tolist() == np.flatnonzero(drawn < bound).tolist()
            marked = np.flatnonzero((drawn < bound) | (marks[:size] != 0))
            assert below_or_marked(key, some, bound, marks[:size]).tolist() == marked.tolist()
        own = np.flatnonzero(drawn < weights[:size] * 1e-5)
        assert below_each(key, some, weights[:size], 1e-5).tolist() == own.tolist()


def test_a_bound_separates_whole_numbers_where_it_separates_uniform_ones() -> None:
    for word in (0, 1, 2**31, 2**32 - 2):
        number = (word + 0.5) / 2**32
        for bound in (np.nextafter(number, 0), number, np.nextafter(number, 1)):
            assert words_below(bound) == word + (number < bound)
    assert [words_below(bound) for bound in (-1.0, 0.0, 1.0, 7.0)] == [0, 0, 2**32, 2**32]
