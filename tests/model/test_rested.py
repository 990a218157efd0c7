"""Worlds in which many are at rest hold, when they are read or continued, what visits to all would leave."""

import numpy as np
import pytest
from model_worlds import (
    MONTH,
    NO_TRACKS,
    NOBODY,
    by_segment,
    everybody,
    homes,
    inputs,
    keys,
    model_of,
    parameters,
    people,
    prices,
    promise,
    spells,
    started,
)

from sim.model.columns import Origin, Presence, ResidentColumns, Rows, Status
from sim.model.inputs import alone
from sim.model.layout import copied
from sim.model.model import LabourMarketModel
from sim.model.rules.demography import live
from sim.model.rules.incomes import earn
from sim.model.rules.observing import observe
from sim.model.rules.search import search
from sim.model.rules.steady import catch_up, settle, unsettle
from sim.model.state import empty_flows
from sim.model.tables import LISTED, Tables, tables_of

CALM = (Status.EMPLOYED, Status.STUDYING, Status.OUTSIDE)


def of_all_kinds(n: int) -> ResidentColumns:
    """Workers, students and people outside of all ages and histories, of whom most learn Swedish."""
    chance = np.random.default_rng(5)
    r = people(n, origin=Origin.ESTABLISHED)
    r.status[:] = chance.choice(CALM, n)
    r.birth[:] = MONTH - chance.integers(17 * 12, 65 * 12, n)
    r.study_end[:] = MONTH + chance.integers(1, 60, n)
    r.in_status[:] = chance.integers(0, 30, n)
    r.worked[:] = chance.integers(0, 1 << 12, n)
    r.open_months[:] = np.where(chance.random(n) < 0.5, 0, chance.integers(0, 1 << 12, n))
    r.swedish[:] = chance.integers(0, 5, n)
    r.wage[:] = chance.integers(1_500_000, 4_500_000, n)
    r.other_income[:] = np.where(chance.random(n) < 0.3, 1_150_000, 0)
    return r


def searched(town: Tables, rows: Rows, month: int) -> list[int]:
    one, none = by_segment(1.0), by_segment(0.0)
    rest = (1.0, one, one, promise(), (none, none), NO_TRACKS, spells(parameters()))
    found: list[int] = search(town, rows, keys(month), month, one, (one, none, none), *rest).tolist()
    return found


@pytest.mark.parametrize("months", [3, 7, 14, 40])
def test_people_of_all_kinds_are_as_if_they_had_been_visited_every_month(months: int) -> None:
    rested = of_all_kinds(600)
    visited = copied(rested)
    town, steady = tables_of(rested, homes(rested), parameters(), prices(), MONTH)
    all_of_it, _ = tables_of(visited, homes(visited), parameters(), prices(), MONTH)
    learners, calm_rows = everybody(rested), NOBODY
    for month in range(MONTH, MONTH + months):
        rows, _ = live(town, calm_rows, learners, keys(month), month, False)
        everyone, _ = live(all_of_it, NOBODY, learners, keys(month), month, False)
        assert everyone.tolist() == everybody(visited).tolist()
        assert searched(town, rows, month) == searched(all_of_it, everybody(visited), month)
        flows, expected = empty_flows(), empty_flows()
        earn(town, rows, flows, month)
        earn(all_of_it, everybody(visited), expected, month)
        assert flows.tolist() == expected.tolist()
        counted, calm_rows = observe(town, rows, NOBODY, month)
        anew, _ = tables_of(visited, homes(visited), parameters(), prices(), MONTH)
        counts, _ = observe(anew, everybody(visited), NOBODY, month)
        assert counted.tolist() == counts.tolist()
    calm = (steady.until > month) & (rested.presence == Presence.HERE)
    assert (rested.in_status < visited.in_status)[calm].any()  # until they are read
    catch_up(town, month)
    for name in ResidentColumns._fields:
        assert getattr(rested, name).tolist() == getattr(visited, name).tolist(), name
    assert calm.sum() > 300
    for status in CALM:
        assert (rested.status[calm] == status).any()
    if months == 3:
        worker = rested.status == Status.EMPLOYED
        assert (worker & (rested.worked != 0xFFF))[calm].any()
        assert (~worker & (rested.worked != 0))[calm].any()
        assert (rested.open_months != 0)[calm].any()
    assert (rested.swedish == 3)[calm].any()
    catch_up(town, month)
    assert rested.in_status.tolist() == visited.in_status.tolist()


def test_a_world_that_continues_knows_at_once_who_is_steady() -> None:
    """The same people until the same months, and the same sums of them, as the world that ends."""
    months = 14
    town, state = inputs(months=2 * months), started()
    before = model_of(town, state, months)
    before.run_for(months)
    left, until, coming = before.places[0], before.places[0].steady.until, before.month + 1
    after = LabourMarketModel(alone(town), [state.copy()], coming, months).places[0]
    here = state.residents.presence == Presence.HERE
    for place in (left, after):
        place.outside = np.concatenate((place.outside, settle(place.tables, place.calm, coming - 1)))
    due = np.flatnonzero(here & (until == coming)).astype(np.uint32)
    assert due.size
    unsettle(left.tables, due, coming)  # with whom the next month would begin
    assert until[here].tolist() == after.steady.until[here].tolist()
    assert 0.5 < (until[here] > 0).mean() < 1.0
    for name in ("weight", "people", "flows"):
        assert getattr(left.steady, name).tolist() == getattr(after.steady, name).tolist(), name
    assert ((left.steady.watched & LISTED) == (after.steady.watched & LISTED)).all()
    resting = here & (until > 0) & (state.residents.status == Status.OUTSIDE)
    assert after.outside.tolist() == np.flatnonzero(resting).tolist()
    assert set(after.outside.tolist()) <= set(left.outside.tolist())
