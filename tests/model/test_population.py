"""The synthetic population meets its margins, its households hold together, and it starts at rest."""

import numpy as np
import pytest
from model_worlds import inputs, parameters, ran
from numpy.typing import NDArray

from sim.data.margins import Margins, margins
from sim.model.columns import HouseholdColumns, Origin, Presence, ResidentColumns, Status
from sim.model.inputs import ModelInputs, alone
from sim.model.margins import fit_to_margins, whole
from sim.model.parameters import population_parameters_from
from sim.model.population import synthesise
from sim.model.simulate import burn_in

STARTS = [pytest.param("2017-01", 2018, id="2017"), pytest.param("2023-08", 2022, id="2023")]
LATER = 1 << 23
"""Ids of those who arrive after the start have this bit."""


def everybody(town: ModelInputs) -> tuple[ResidentColumns, HouseholdColumns]:
    return synthesise(town, parameters(), population_parameters_from(town.parameters))


def by_band(r: ResidentColumns, chosen: NDArray[np.bool_], start: int, known: Margins) -> list[list[int]]:
    age = (start - r.birth) // 12
    return [
        [int((chosen & (r.sex == sex) & (age >= low) & (age <= high)).sum()) for low, high in known.age_bands]
        for sex in range(2)
    ]


@pytest.mark.parametrize(("start", "year"), STARTS)
def test_age_and_sex_are_met_exactly_at_the_start(start: str, year: int) -> None:
    town = inputs(None, months=1, burn=6, start=start, year=year)
    r = burn_in(alone(town))[0].residents
    known = margins("0480", year)
    here = ((r.id & LATER) == 0) & (r.arrival <= town.start)
    assert (
        r.presence[here & (r.arrival < town.start) & (town.start - r.birth < 65 * 12)] == Presence.HERE
    ).all()
    assert (r.presence[r.arrival >= town.start] == Presence.NOT_YET).all()
    working = [band for band, (_, high) in enumerate(known.age_bands) if high <= 64]
    counted = np.array(by_band(r, here, town.start, known))[:, working]
    assert counted.tolist() == known.persons[:, working].tolist()


@pytest.mark.parametrize(("start", "year"), STARTS)
def test_education_is_met_within_rounding(start: str, year: int) -> None:
    """Within one person for each of the thirteen bands, with everybody up to 74 in the population."""
    town = inputs(None, months=1, burn=120, start=start, year=year)
    r, _ = everybody(town)
    known = margins("0480", year)
    for sex in range(2):
        here = ((r.id & LATER) == 0) & (r.sex == sex)
        assert here.sum() == known.persons[sex].sum()
        target = known.education[sex] * (known.persons[sex].sum() / known.education[sex].sum())
        counted = np.bincount(r.education[here], minlength=3)
        assert np.abs(counted - target).max() <= len(known.age_bands), (counted, target)


def test_everybody_is_in_one_household_and_couples_are_couples() -> None:
    town = inputs(None, months=24)
    r, h = everybody(town)
    members = np.concatenate([h.reference, h.partner[h.partner >= 0]])
    assert np.sort(members).tolist() == list(range(r.id.size))
    assert (r.household[h.reference] == np.arange(h.id.size)).all()
    pairs = np.flatnonzero(r.partner >= 0)
    assert pairs.size > 0.3 * r.id.size
    assert (r.partner[r.partner[pairs]] == pairs).all()
    assert (r.household[r.partner[pairs]] == r.household[pairs]).all()
    assert (h.partner[r.household[r.partner < 0]] == -1).all()
    assert np.abs(r.birth[pairs] - r.birth[r.partner[pairs]]).mean() < 10 * 12
    assert np.unique(r.id).size == r.id.size and np.unique(h.id).size == h.id.size


def test_newcomers_live_with_newcomers_of_the_same_quarter() -> None:
    r, _ = everybody(inputs(None, months=24))
    coupled = np.flatnonzero((r.permit > 0) & (r.partner >= 0))
    assert coupled.size > 50
    assert (r.permit[r.partner[coupled]] // 3 == r.permit[coupled] // 3).all()


def test_nobody_is_a_newcomer_for_longer_than_24_months() -> None:
    town = inputs(None, months=24, burn=36)
    r = burn_in(alone(town))[0].residents
    newcomers = (r.origin == Origin.NEWCOMER) & (r.presence == Presence.HERE)
    assert newcomers.sum() > 50
    assert (town.start - 1 - r.permit[newcomers] < 24).all()


def test_a_small_town_is_the_large_one_in_small() -> None:
    r, _ = everybody(inputs(3000, months=12))
    start = inputs().start
    here = ((r.id & LATER) == 0) & (start - r.birth < 65 * 12)
    assert abs(int(here.sum()) - 3000) <= 24  # rounding in 12 bands and 2 sexes
    known = margins("0480", 2018)
    shares = np.array(by_band(r, here, start, known))[:, :-2] / here.sum()
    full = known.persons[:, :-2] / known.persons[:, :-2].sum()
    assert np.abs(shares - full).max() < 1 / 1000


def test_other_replications_have_other_people_in_the_same_margins() -> None:
    one, other = (everybody(inputs(1500, replication=replication))[0] for replication in (0, 1))
    assert (one.birth == other.birth).all() and (one.sex == other.sex).all()
    assert (one.ability != other.ability).mean() > 0.99
    assert np.isin(one.status, [int(status) for status in Status]).all()


def test_fitting_keeps_the_margins_and_the_association() -> None:
    seed = np.array([[4.0, 1.0], [1.0, 4.0]])
    table = fit_to_margins(seed, np.array([30.0, 70.0]), np.array([2.0, 3.0]))
    assert table.sum(axis=1) == pytest.approx([30.0, 70.0])
    assert table.sum(axis=0) == pytest.approx([40.0, 60.0])
    odds = table[0, 0] * table[1, 1] / (table[0, 1] * table[1, 0])
    assert odds == pytest.approx(16.0)


def test_whole_numbers_sum_to_their_total_by_largest_remainder() -> None:
    assert whole(np.array([1.0, 1.0, 1.0]), 4).sum() == 4
    assert whole(np.array([0.5, 0.3, 0.2]), 7).tolist() == [4, 2, 1]  # 3.5, 2.1, 1.4
    assert whole(np.array([0.0, 2.0]), 3).tolist() == [0, 3]


def drift(town: ModelInputs) -> float:
    """Monthly relative change of the AF stock from the first year to the second."""
    stock = ran(town, burn_in(alone(town))[0]).series["af_stock", "all"]
    return float((stock[12:24].mean() / stock[:12].mean() - 1.0) / 12.0)


def test_the_stock_of_registered_is_at_rest_at_the_start() -> None:
    assert abs(drift(inputs(None, months=24, burn=60))) < 0.005


@pytest.mark.slow
@pytest.mark.parametrize(("start", "year"), STARTS)
def test_the_stock_of_registered_is_at_rest_in_the_mean_of_replications(start: str, year: int) -> None:
    towns = (inputs(None, months=24, burn=60, start=start, year=year, replication=n) for n in range(6))
    drifts = np.array([drift(town) for town in towns])
    assert abs(drifts.mean()) + 2 * drifts.std(ddof=1) / np.sqrt(drifts.size) < 0.005
