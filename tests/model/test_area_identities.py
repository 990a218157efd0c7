"""Accounting identities of municipalities that are run together, month by month, in each and in the area."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest
from model_worlds import policy, region, region_started
from numpy.typing import NDArray

from sim.model.columns import CELLS, TIERS, Presence, Rows, Status
from sim.model.counts import Count
from sim.model.ledger import Party, balances
from sim.model.model import LabourMarketModel
from sim.model.rules.hiring import take_jobs, vacancies_next
from sim.policy.compiled import CompiledPolicy

MONTHS = 8
REFORM = policy(
    MONTHS, 2, contact=1.2, caseload=0.5, ordinary_places=3, eligible=1, subsidised_places=4,
    subsidised_eligible=1, association_places=2, association_eligible=1, reserved_hires=1.5, openings=1.1,
)  # fmt: skip
WORLDS = [
    pytest.param((None, None), id="baseline"),
    pytest.param((REFORM, None), id="first"),
    pytest.param((REFORM, REFORM), id="both"),
]
AT_WORK = (Status.PLACEMENT, Status.SUBSIDISED, Status.EMPLOYED)
Policies = tuple[CompiledPolicy | None, ...]


class Hired(NamedTuple):
    """The hired of one municipality in a month: where they lived and worked, and where they now do."""

    home: int
    rows: Rows
    where: NDArray[np.int64]
    cell: NDArray[np.int64]
    left: NDArray[np.bool_]
    """Whether a job, or a place that took a vacancy, is left behind."""
    old: NDArray[np.int64]
    """The municipality of the job that is left."""


class Month(NamedTuple):
    """A month that has been run: the world, who was hired, and the market of the month before in each town
    (vacancies, hires, moves, share filled, vacancies owed)."""

    model: LabourMarketModel
    hired: list[Hired]
    before: list[tuple[Any, ...]]


def months(policies: Policies, **changes: Any) -> Iterator[Month]:
    """Run both towns a month at a time, watching who is hired and what is posted."""
    area = region(months=MONTHS, **changes)
    model = LabourMarketModel(area, region_started(), area.first.start, MONTHS, policies)
    hired: list[Hired] = []

    def watched(town: Any, keys: Any, month: int, rows: Any, jobs: Any, home: int, *rest: Any) -> Any:
        r = model.places[home].state.residents
        old = np.where(r.market[rows] == 0, home, r.market[rows] - 1).astype(np.int64)
        left = (r.status[rows] == Status.EMPLOYED) | (r.took[rows] == 1)
        cell = r.sector[rows].astype(np.int64) * TIERS + r.tier[rows]
        assert month == model.month and (jobs % CELLS == cell).all()
        hired.append(Hired(home, rows.copy(), jobs // CELLS, cell, left, old))
        return take_jobs(town, keys, month, rows, jobs, home, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.model.market.take_jobs", watched)
        for _ in range(MONTHS):
            hired.clear()
            before = [
                (s.vacancies.copy(), s.hires.copy(), s.moves.copy(), s.filled.copy(), s.owed.copy())
                for s in (place.state for place in model.places)
            ]
            model.run_for(1)
            yield Month(model, list(hired), before)


def by_cell(cells: NDArray[np.int64]) -> list[int]:
    found: list[int] = np.bincount(cells, minlength=CELLS).tolist()
    return found


@pytest.mark.parametrize("policies", WORLDS)
def test_hires_are_those_of_the_jobs_in_each_municipality(policies: Policies) -> None:
    crossed = 0
    for month in months(policies):
        where = np.concatenate([one.where for one in month.hired])
        cell = np.concatenate([one.cell for one in month.hired])
        for place in month.model.places:
            hires = place.state.hires
            assert hires.tolist() == by_cell(cell[where == place.index])
            assert (hires <= place.state.vacancies).all()
            mine = month.hired[place.index]
            assert place.tally["hires"] == mine.rows.size
            now = place.state.residents.market[mine.rows]
            assert (now == np.where(mine.where == place.index, 0, mine.where + 1)).all()
            assert np.isin(place.state.residents.status[mine.rows], AT_WORK).all()
            crossed += int((mine.where != place.index).sum())
        total = sum(int(place.state.hires.sum()) for place in month.model.places)
        assert total == sum(place.tally["hires"] for place in month.model.places)
    assert crossed > 0


@pytest.mark.parametrize("policies", WORLDS)
def test_jobs_left_behind_are_posted_where_they_were(policies: Policies) -> None:
    crossed = 0
    for month in months(policies):
        old, left, cell = (
            np.concatenate([getattr(one, name) for one in month.hired]) for name in ("old", "left", "cell")
        )
        for place in month.model.places:
            from_here = by_cell(cell[left & (old == place.index)])
            assert (place.state.moves - place.freed).tolist() == from_here
            mine = month.hired[place.index]
            crossed += int((mine.left & (mine.old != place.index)).sum())
    assert crossed > 0


def test_vacancies_follow_from_the_hires_and_moves_of_their_own_municipality() -> None:
    """Without places that take any: what matching meets is what the month before left and what is new."""
    for month in months((None, None), baseline_places=0.0):
        if month.model.month == month.model.start:
            continue
        for place, (vacancies, hires, moves, filled, owed) in zip(
            month.model.places, month.before, strict=True
        ):
            new = place.state.openings
            posted = [
                vacancies_next(vacancies[c], int(hires[c]), int(moves[c]), new[c], filled[c], place.p)
                for c in range(CELLS)
            ]
            assert place.state.vacancies.tolist() == pytest.approx(posted - np.minimum(owed, posted))


@pytest.mark.parametrize("policies", WORLDS)
def test_people_and_money_add_up_in_each_municipality(policies: Policies) -> None:
    for month in months(policies):
        index = month.model.month - month.model.first_month
        for place in month.model.places:
            r, h, net = place.state.residents, place.state.households, balances(place.flows)
            assert net.sum() == 0
            present = r.presence == Presence.HERE
            assert int(r.income[present].sum()) + int(h.paid.sum()) == net[Party.PERSON]
            counted = place.counts[index].sum(axis=(1, 2))
            parts = [Count.employed, Count.af_stock, Count.studying, Count.outside]
            assert counted[parts].sum() == counted[Count.population_16_64] == present.sum()
            working = present & np.isin(r.status, AT_WORK)
            assert counted[Count.commuters] == (working & (r.market > 0)).sum()
            assert np.isin(r.status[present & (r.market > 0)], (Status.SUBSIDISED, Status.EMPLOYED)).all()
            took = present & (r.took == 1)
            assert np.isin(r.status[took], (Status.PLACEMENT, Status.SUBSIDISED)).all()
            assert (r.market[took] == 0).all()  # a place or an offer takes a vacancy at home
        everything = sum(balances(place.flows) for place in month.model.places)
        assert np.sum(everything) == 0
