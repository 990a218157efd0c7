"""Small towns, and residents made by hand, for the tests of the model."""

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.compiled import kernel
from sim.core.draws import Decision, squares32, stream_keys, uniform
from sim.core.months import month_number
from sim.data.margins import margins
from sim.model.columns import CELLS, TIERS, HouseholdColumns, Presence, ResidentColumns, Rows
from sim.model.inputs import Area, ModelInputs, alone
from sim.model.layout import allocate_households, allocate_residents
from sim.model.model import LabourMarketModel
from sim.model.parameters import Parameters, parameters_from
from sim.model.prices import Prices, prices_from
from sim.model.rules.common import segment
from sim.model.rules.hiring import apply_for_jobs, take_jobs
from sim.model.rules.observing import observe
from sim.model.rules.search import by_spell
from sim.model.simulate import Outcome, burn_in, run
from sim.model.state import State
from sim.model.tables import Tables, tables_of
from sim.policy.channels import CHANNELS, SEGMENTS, Channel
from sim.policy.compiled import CompiledPolicy, CostLine
from sim.policy.institutions import institutions_at
from sim.policy.priors import central, load_priors
from sim.policy.tracks import Track

START = month_number("2017-01")
MONTH = month_number("2017-06")
NO_TRACKS = np.zeros((1, 6))
"""The table of job tracks where there are none."""
Column = NDArray[np.float64]


@cache
def values() -> Mapping[str, float]:
    """The central value of every parameter, in the usual scenario."""
    return {
        **central(load_priors()),
        "demand_multiplier": 1.0,
        "arrivals_multiplier": 1.0,
        "extra_newcomers": 0.0,
    }


def inputs(
    size: int | None = 1500,
    months: int = 12,
    seed: int = 1,
    replication: int = 0,
    burn: int = 24,
    start: str = "2017-01",
    year: int = 2018,
    code: str = "0480",
    **changes: float,
) -> ModelInputs:
    """A town with Nyköping's margins, ``size`` residents and some parameters changed."""
    first = month_number(start)
    return ModelInputs(
        municipality=code,
        start=first,
        horizon=months,
        margins=margins(code, year),
        season=(1.1, 1.0, 0.9, 0.9, 0.9, 1.1, 1.1, 1.1, 1.0, 0.9, 1.0, 1.0),
        institutions=institutions_at(first, code),
        parameters={**values(), **changes},
        root_seed=seed,
        replication=replication,
        burn_in=burn,
        size=size,
    )


@cache
def _started(size: int | None, seed: int, replication: int, burn: int) -> State:
    return burn_in(alone(inputs(size, seed=seed, replication=replication, burn=burn, months=24)))[0]


def started(size: int | None = 1500, seed: int = 1, replication: int = 0, burn: int = 24) -> State:
    """A copy of the state of such a town at its start, with those who will arrive in 24 months."""
    return _started(size, seed, replication, burn).copy()


def ran(
    town: ModelInputs,
    state: State,
    reform: CompiledPolicy | None = None,
    rates: NDArray[np.float64] | None = None,
) -> Outcome:
    """One world of a town that is run by itself."""
    return run(alone(town), [state], [reform], rates)


def model_of(
    town: ModelInputs, state: State, months: int, reform: CompiledPolicy | None = None, earlier: int = 0
) -> LabourMarketModel:
    """The model of such a town, its steps some months before the start if so asked."""
    return LabourMarketModel(alone(town), [state], town.start - earlier, months + earlier, [reform])


NEIGHBOURS = ("0480", "0481")
"""Nyköping and Oxelösund."""


def region(
    over: float = 0.2, back: float = 0.3, sizes: tuple[int, int] = (1500, 900), **settings: Any
) -> Area:
    """Two towns; ``over`` of the first one's search is in the second, ``back`` of the second one's there."""
    towns = (inputs(size, code=code, **settings) for code, size in zip(NEIGHBOURS, sizes, strict=True))
    return Area(tuple(towns), ((1.0 - over, over), (back, 1.0 - back)))


@cache
def _region_started(replication: int) -> list[State]:
    return burn_in(region(months=24, replication=replication))


def region_started(replication: int = 0) -> list[State]:
    """Copies of the states of the two towns at their start, with those who will arrive in 24 months."""
    return [state.copy() for state in _region_started(replication)]


def policy(
    months: int,
    first: int = 0,
    costs: Sequence[CostLine] = (),
    tracks: Sequence[Track] = (),
    **channels: float,
) -> CompiledPolicy:
    """A policy that sets channels, by lower-case name and alike in all segments, from a month on."""
    path = np.tile(np.array([channel.neutral for channel in CHANNELS]), (months, SEGMENTS, 1))
    for name, value in channels.items():
        path[first:, :, Channel[name.upper()]] = value
    return CompiledPolicy("test", None, path, tuple(costs), np.zeros(months, dtype=bool), tuple(tracks))


def track(**changes: Any) -> Track:
    """A job track in care of one cohort of three at the start, of four and two months, for everybody."""
    usual: dict[str, Any] = {
        "name": "job_tracks[0]", "fields": (0,), "places": 3, "shared": False, "starts": (START,),
        "training_months": 4, "placement_months": 2, "language_entry": 0, "language_parallel": False,
        "partner_share": 0.0, "gain": 0.25, "drop_out_rate": 0.0, "eligible": (True,) * SEGMENTS,
    }  # fmt: skip
    return Track(**{**usual, **changes})


def parameters(**changes: float) -> Parameters:
    """Central parameters with some changed."""
    return parameters_from({**values(), **changes})


def prices(**changes: Any) -> Prices:
    """The rules of January 2017 in Nyköping; a municipal place pays 0.8 of an entry wage of 21,500."""
    return prices_from(institutions_at(START, "0480"), 0.8)._replace(**changes)


def keys(month: int = MONTH, seed: int = 1) -> Any:
    """The keys of one month, by decision."""
    return stream_keys(seed, 0, month, 1)[0]


def by_segment(value: float | Column) -> Column:
    """A channel as institutions hand it over: one column of the channels by segment."""
    path = np.zeros((SEGMENTS, len(Channel)))
    path[:, 0] = value
    return path[:, 0]


def promise(
    days: float = 0.0, last: float | Column = 1.0, from_age: float = 16.0, to_age: float = 64.0
) -> tuple[Column, Column, Column, Column]:
    """A promise of an activity after some days (0: none); ``last``: the share kept, or the threat."""
    return by_segment(days), by_segment(from_age), by_segment(to_age), by_segment(last)


def hire(
    r: ResidentColumns, p: Parameters, drawn: Any, rates: Column, vacancies: Column | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Match in one municipality at given hires per unit of search, with room for all or for whole vacancies.

    Returns hires and jobs left behind by cell, and the counts of `take_jobs`.
    """
    town = tables(r, p)
    found, jobs, order, counts = apply_for_jobs(town, everybody(r), drawn, rates[None, :])
    assert jobs.tolist() == (r.sector[found] * TIERS + r.tier[found]).tolist()
    chosen = []
    for cell in range(CELLS):
        mine = np.flatnonzero(jobs == cell)
        room = mine.size if vacancies is None else int(vacancies[cell])
        chosen.extend(mine[np.argsort(order[mine])[:room]].tolist())
    taken = np.array(sorted(chosen), dtype=np.int64)
    hires = np.bincount(jobs[taken], minlength=CELLS)
    moves = np.zeros((1, CELLS), dtype=np.int64)
    assert take_jobs(town, drawn, MONTH, found[taken], jobs[taken], 0, moves, counts).size == 0
    return hires, moves[0], counts


def people(n: int, **columns: Any) -> ResidentColumns:
    """Residents born in Sweden, 40 years old, fluent, of average ability, each alone; columns as given."""
    r = allocate_residents(n)
    r.id[:] = (480 << 24) + np.arange(n)
    r.presence[:] = Presence.HERE
    r.birth[:] = MONTH - 40 * 12
    r.partner[:] = -1
    r.household[:] = np.arange(n)
    r.swedish[:] = 4
    r.ability[:] = 1.0
    r.gain[:] = 1.0
    for name, value in columns.items():
        getattr(r, name)[:] = value
    return r


def rows(*numbers: int) -> Rows:
    """Row numbers, as kernels take them."""
    return np.array(numbers, dtype=np.uint32)


NOBODY = rows()


def everybody(r: ResidentColumns) -> Rows:
    """The rows of all who live here, for kernels that are given the rows to look at."""
    return np.flatnonzero(r.presence == Presence.HERE).astype(np.uint32)


@kernel
def note_segments(tables: Tables, month: int) -> None:
    """Note everybody's policy segment of a month, as registration does for those whom an agency knows."""
    r = tables.residents
    for i in range(r.id.size):
        tables.steady.segment[i] = segment(r, i, month)


def tables(
    r: ResidentColumns,
    p: Parameters | None = None,
    h: HouseholdColumns | None = None,
    paid: Prices | None = None,
) -> Tables:
    """The tables of a town in which nobody is steady, with the segments of `MONTH`; central parameters and
    no household unless given."""
    houses = allocate_households(2) if h is None else h
    town, _ = tables_of(r, houses, p or parameters(), paid or prices(), MONTH)
    note_segments(town, MONTH)
    return town


def observed(r: ResidentColumns, h: HouseholdColumns) -> NDArray[np.int64]:
    """The counts of a month, of everybody who lives here."""
    counts, _ = observe(tables(r, h=h), everybody(r), np.arange(h.id.size, dtype=np.uint32), MONTH)
    return counts.T.reshape(-1, 2, 4)


def spells(p: Parameters) -> Column:
    """Effort and contact by months in the spell."""
    return by_spell(tables(allocate_residents(2), p))


def homes(r: ResidentColumns, couples: Sequence[tuple[int, int]] = (), **columns: Any) -> HouseholdColumns:
    """One household for each resident or couple; columns as given, by reference person."""
    second = {b for _, b in couples}
    leads = [i for i in range(r.id.size) if i not in second]
    h = allocate_households(len(leads))
    h.reference[:] = leads
    h.id[:] = r.id[leads]
    h.partner[:] = -1
    r.household[leads] = np.arange(len(leads))
    for a, b in couples:
        r.partner[a], r.partner[b] = b, a
        r.household[b] = r.household[a]
        h.partner[r.household[a]] = b
    for name, value in columns.items():
        getattr(h, name)[:] = value
    return h


def first_served(decision: Decision, r: ResidentColumns, rows: list[int], n: int) -> set[int]:
    """The first ``n`` in drawn order, restated; for subsidised jobs employers choose by -ln(u) / w."""
    key = keys()[decision]
    if decision == Decision.SUBSIDISED_ORDER:
        return set(sorted(rows, key=lambda i: -math.log(uniform(key, int(r.id[i]))) / r.weight_free[i])[:n])
    return set(sorted(rows, key=lambda i: int(squares32(np.uint64(r.id[i]), key)))[:n])
