"""Small towns, and residents made by hand, for the tests of the model."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.core.draws import Decision, squares32, stream_keys
from sim.core.months import month_number
from sim.data.margins import margins
from sim.model.columns import (
    HouseholdColumns,
    Presence,
    ResidentColumns,
    allocate_households,
    allocate_residents,
)
from sim.model.inputs import ModelInputs
from sim.model.parameters import Parameters, parameters_from
from sim.model.prices import Prices, prices_from
from sim.model.simulate import burn_in
from sim.model.state import State
from sim.policy.channels import CHANNELS, Channel
from sim.policy.compiled import CompiledPolicy
from sim.policy.institutions import institutions_at
from sim.policy.priors import central, load_priors

START = month_number("2017-01")
MONTH = month_number("2017-06")
SEGMENTS = 16


@cache
def values() -> Mapping[str, float]:
    """The central value of every parameter."""
    return {**central(load_priors()), "demand_multiplier": 1.0}


def inputs(
    size: int | None = 1500,
    months: int = 12,
    seed: int = 1,
    replication: int = 0,
    burn: int = 24,
    start: str = "2017-01",
    year: int = 2018,
    **changes: float,
) -> ModelInputs:
    """A town with Nyköping's margins, ``size`` residents and some parameters changed."""
    first = month_number(start)
    return ModelInputs(
        municipality="0480",
        start=first,
        horizon=months,
        margins=margins("0480", year),
        season=(1.1, 1.0, 0.9, 0.9, 0.9, 1.1, 1.1, 1.1, 1.0, 0.9, 1.0, 1.0),
        institutions=institutions_at(first, "0480"),
        parameters={**values(), **changes},
        root_seed=seed,
        replication=replication,
        burn_in=burn,
        size=size,
    )


@cache
def _started(size: int | None, seed: int, replication: int, burn: int) -> State:
    return burn_in(inputs(size, seed=seed, replication=replication, burn=burn, months=24))


def started(size: int | None = 1500, seed: int = 1, replication: int = 0, burn: int = 24) -> State:
    """A copy of the state of such a town at its start, with those who will arrive in 24 months."""
    return _started(size, seed, replication, burn).copy()


def policy(months: int, first: int = 0, costs: Sequence[Any] = (), **channels: float) -> CompiledPolicy:
    """A policy that sets channels, by lower-case name and alike in all segments, from a month on."""
    path = np.tile(np.array([channel.neutral for channel in CHANNELS]), (months, SEGMENTS, 1))
    for name, value in channels.items():
        path[first:, :, Channel[name.upper()]] = value
    return CompiledPolicy("test", None, path, tuple(costs), np.zeros(months, dtype=bool))


def parameters(**changes: float) -> Parameters:
    """Central parameters with some changed."""
    return parameters_from({**values(), **changes})


def prices(**changes: Any) -> Prices:
    """The rules of January 2017 in Nyköping; a municipal place pays 0.8 of an entry wage of 21,500."""
    return prices_from(institutions_at(START, "0480"), 0.8)._replace(**changes)


def keys(month: int = MONTH, seed: int = 1) -> Any:
    """The keys of one month, by decision."""
    return stream_keys(seed, 0, month, 1)[0]


def by_segment(value: float) -> NDArray[np.float64]:
    """A channel as institutions hand it over: one column of the channels by segment."""
    return np.full((SEGMENTS, len(Channel)), value)[:, 0]


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


def snapshot(r: ResidentColumns) -> ResidentColumns:
    """A copy of the columns as they are now."""
    return ResidentColumns._make(column.copy() for column in r)


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
    """The first ``n`` in drawn order, the order restated."""
    key = keys()[decision]
    return set(sorted(rows, key=lambda i: int(squares32(np.uint64(r.id[i]), key)))[:n])
