"""Between columns and objects: people from a synthetic population, and tables that can be compared.

Tables are keyed by permanent id: neither the order of rows nor that of objects matters. Where a column
holds a row number, the table holds the id found there; where it holds twelve months as bits, the
reference's list is read as bits.
"""

from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.household import Household
from reference.people import KEPT_MONTHS, Resident
from reference.town import Town
from reference.tracks import JobTrack
from reference.world import ReferenceWorld
from sim.model.columns import (
    Activity,
    Case,
    Group,
    HouseholdColumns,
    Origin,
    Presence,
    Reason,
    ResidentColumns,
    Status,
)
from sim.model.inputs import Area
from sim.model.layout import allocate_households, allocate_residents
from sim.model.parameters import parameters_from, population_parameters_from
from sim.model.population import synthesise
from sim.model.state import State

Table = dict[str, NDArray[Any]]
_CODES: dict[str, type[IntEnum]] = {
    "presence": Presence, "origin": Origin, "status": Status, "activity": Activity, "case": Case,
    "reason": Reason, "group": Group,
}  # fmt: skip
_FLAGS = (
    "limitation", "member", "registered", "took", "assigned", "language", "insured", "duty", "reached",
    "client", "arm", "found", "shielded", "assistance",
)  # fmt: skip
_MONTHS = ("worked", "open_months", "history")
_OR_NONE = ("permit", "contact", "market", "track")


def populated(area: Area, order_seed: int) -> ReferenceWorld:
    """Return a world at the beginning of its burn-in, with the synthetic populations as residents."""
    world = ReferenceWorld(area, order_seed)
    for town in world.towns:
        _populate(town)
    return world


def _populate(town: Town) -> None:
    values = town.inputs.parameters
    r, h = synthesise(town.inputs, parameters_from(values), population_parameters_from(values))
    town.people = [Resident(town) for _ in range(r.id.size)]
    town.households = [Household() for _ in range(h.id.size)]
    for name in ResidentColumns._fields:
        for person, value in zip(town.people, getattr(r, name).tolist(), strict=True):
            setattr(person, name, _resident_value(town, name, value))
    for name in HouseholdColumns._fields:
        for house, value in zip(town.households, getattr(h, name).tolist(), strict=True):
            person_of = {"reference": town.people, "partner": town.people}.get(name)
            setattr(house, name, _plain(name, value) if person_of is None else _at(person_of, value))


def _resident_value(town: Town, name: str, value: Any) -> Any:
    if name == "household":
        return town.households[value]
    return _at(town.people, value) if name == "partner" else _plain(name, value)


def _at(people: list[Resident], row: int) -> Resident | None:
    return people[row] if row >= 0 else None


def _plain(name: str, value: Any) -> Any:
    if name in _CODES:
        return _CODES[name](value)
    if name in _FLAGS:
        return value == 1
    if name in _MONTHS:
        return [bool(value >> bit & 1) for bit in reversed(range(KEPT_MONTHS))]
    return None if name in _OR_NONE and value == 0 else value


def residents_of_town(town: Town) -> Table:
    """Return the reference's residents by id."""
    people = sorted(town.people, key=lambda person: person.id)
    return _table(people, ResidentColumns._fields, _number)


def households_of_town(town: Town) -> Table:
    """Return the reference's households by id."""
    houses = sorted(town.households, key=lambda house: house.id)
    return _table(houses, HouseholdColumns._fields, _number)


def _table(things: list[Any], names: tuple[str, ...], number: Callable[[Any], Any]) -> Table:
    return {name: np.array([number(getattr(thing, name)) for thing in things]) for name in names}


def _number(value: Any) -> Any:
    if isinstance(value, Resident | Household):
        return value.id
    if isinstance(value, Town):
        return value.index + 1
    if isinstance(value, JobTrack):
        return value.number + 1
    if isinstance(value, list):
        return sum(1 << age for age, holds in enumerate(reversed(value)) if holds)
    return 0 if value is None else value


def residents_of_state(state: State) -> Table:
    """Return the compiled model's residents by id; no partner is 0."""
    r, h = state.residents, state.households
    order = np.argsort(r.id)
    table = {name: getattr(r, name)[order] for name in ResidentColumns._fields}
    table["household"] = h.id[r.household][order]
    table["partner"] = _ids(r, r.partner)[order]
    return table


def households_of_state(state: State) -> Table:
    """Return the compiled model's households by id; no partner is 0."""
    r, h = state.residents, state.households
    order = np.argsort(h.id)
    table = {name: getattr(h, name)[order] for name in HouseholdColumns._fields}
    table["reference"] = r.id[h.reference][order]
    table["partner"] = _ids(r, h.partner)[order]
    return table


def _ids(r: ResidentColumns, rows: NDArray[np.int32]) -> NDArray[np.int64]:
    return np.where(rows >= 0, r.id[np.maximum(rows, 0)], 0)


def forget_the_gone(town: Town) -> None:
    """Leave out the households of which all have gone and that were paid nothing within a year, as the
    compiled model does between the burn-in and the horizon."""

    def matters(house: Household) -> bool:
        adults = [person for person in (house.reference, house.partner) if person is not None]
        stays = any(person.presence != Presence.GONE for person in adults)
        return stays or house.assistance or any(house.history)

    town.households = [house for house in town.households if matters(house)]
    kept = set(map(id, town.households))
    town.people = [person for person in town.people if id(person.household) in kept]


def differences(ours: Table, theirs: Table) -> dict[str, int]:
    """Return the columns that differ anywhere, with the number of rows that do."""
    assert ours.keys() == theirs.keys()
    unequal = {name: int((ours[name] != theirs[name]).sum()) for name in ours}
    return {name: rows for name, rows in unequal.items() if rows}


def with_rows_permuted(state: State, seed: int) -> State:
    """Return a copy of a compiled state whose residents and households stand in another order."""
    chance = np.random.default_rng(seed)
    r, h = state.residents, state.households
    people, houses = chance.permutation(r.id.size), chance.permutation(h.id.size)
    moved, homes = allocate_residents(people.size), allocate_households(houses.size)
    for name in r._fields:
        getattr(moved, name)[:] = getattr(r, name)[people]
    for name in h._fields:
        getattr(homes, name)[:] = getattr(h, name)[houses]
    row_of, home_of = np.argsort(people).astype(np.int32), np.argsort(houses).astype(np.int32)
    moved.household[:] = home_of[moved.household]
    for rows in (moved.partner, homes.reference, homes.partner):
        rows[:] = np.where(rows >= 0, row_of[np.maximum(rows, 0)], rows)
    return replace(state.copy(), residents=moved, households=homes)
