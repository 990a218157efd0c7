"""Residents whose month repeats the last one are skipped, and nothing changes by it."""

import numpy as np
import pytest
from model_worlds import MONTH, everybody, homes, inputs, keys, model_of, parameters, people, prices, started

from sim.core.draws import Decision, below, uniforms
from sim.model.columns import HouseholdColumns, ResidentColumns, Status
from sim.model.inputs import alone
from sim.model.ledger import KIND_INDEX
from sim.model.model import LabourMarketModel
from sim.model.rules.incomes import earn
from sim.model.rules.observing import observe
from sim.model.state import State, empty_flows
from sim.model.tables import nobody_steady, tables_of

MONTHS = 20


def columns_of(state: State) -> dict[str, list[float]]:
    both: tuple[ResidentColumns, HouseholdColumns] = (state.residents, state.households)
    return {f"{type(t).__name__}.{name}": getattr(t, name).tolist() for t in both for name in t._fields}


def test_a_run_in_which_nobody_is_ever_skipped_gives_the_same() -> None:
    """A world made anew each month knows of nobody that the month repeats the last one."""
    town = inputs(size=3000, months=MONTHS)
    long, cut = started(3000), started(3000)
    whole = model_of(town, long, MONTHS)
    whole.run_for(MONTHS)
    counts = []
    for month in range(MONTHS):
        one = LabourMarketModel(alone(town), [cut], town.start + month, 1)
        one.run_for(1)
        counts.append(one.places[0].counts[0])
    assert np.array_equal(whole.places[0].counts, np.stack(counts))
    assert np.array_equal(np.stack(long.flows), np.stack(cut.flows))
    assert columns_of(long) == columns_of(cut)


def test_most_residents_and_households_are_skipped_after_a_year() -> None:
    state = started(3000)
    model = model_of(inputs(size=3000, months=MONTHS), state, MONTHS)
    model.run_for(MONTHS)
    place, r, h = model.places[0], state.residents, state.households
    steady = (place.steady.until > model.month) & (r.presence == 1)
    assert 0.5 < steady.sum() / (r.presence == 1).sum() < 0.95
    assert ((place.steady.quiet > model.month) | (h.shielded == 1)).mean() > 0.5
    assert not np.isin(r.status[steady], (Status.OPEN, Status.ACTIVITY, Status.PLACEMENT)).any()
    assert (h.paid[place.steady.quiet > model.month] == 0).all()


@pytest.mark.parametrize(
    "column, value",
    [
        ("worked", 0b111111111110),
        ("open_months", 1),
        ("swedish", 3),
        ("contact", MONTH - 3),
        ("in_status", 0),
        ("income_before", 1),
        ("weight", 1 << 20),
        ("birth", MONTH - 25 * 12 + 1),
    ],
)
def test_whoever_next_month_differs_for_is_not_steady(column: str, value: int) -> None:
    """Of two alike, the one with something of late; both earn what they earned the month before."""
    r = people(2, status=Status.EMPLOYED, in_status=9, worked=0xFFF, wage=3_000_000)
    h = homes(r)
    steady = nobody_steady(r, h, MONTH)
    town = tables_of(r, h, parameters(), prices(), steady)
    earn(town, everybody(r), empty_flows(), MONTH - 1)
    earn(town, everybody(r), empty_flows(), MONTH)
    getattr(r, column)[1] = value
    observe(town, everybody(r), np.arange(0), MONTH)
    assert (steady.until > 0).tolist() == [True, False]
    flows = empty_flows()
    earn(town, np.arange(0), flows, MONTH + 1)  # visits nobody: what it books is of the steady
    assert flows[KIND_INDEX["wage"]] == 3_000_000


def test_positions_below_a_bound_are_those_of_the_draws() -> None:
    key, ids = keys()[Decision.HIRE], np.arange(5000, dtype=np.int64) + (480 << 24)
    for bound in (0.0, 0.03, 0.7, 1.0):
        assert below(key, ids, bound).tolist() == np.flatnonzero(uniforms(key, ids) < bound).tolist()
