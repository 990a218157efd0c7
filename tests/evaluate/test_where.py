"""Choosing people by attributes: names, ranges, alternatives, and what is refused."""

from typing import Any

import numpy as np
import pytest
from evidence_records import FIRST, homes, people, trial

from sim.core.errors import SamspelError
from sim.evaluate.attributes import ATTRIBUTES
from sim.evaluate.where import parse_where
from sim.evaluate.worlds import Starts, TrialWorlds
from sim.model.columns import HouseholdColumns, Origin, Presence, ResidentColumns, Status


def _chosen(r: ResidentColumns, values: object, h: HouseholdColumns | None = None) -> list[int]:
    mask = parse_where(values, "t.yaml").mask(r, homes(r) if h is None else h, FIRST)
    return [int(row) for row in np.flatnonzero(mask)]


@pytest.fixture
def five() -> ResidentColumns:
    r = people(5)
    r.birth[:] = FIRST - 12 * np.array([17, 18, 24, 25, 60])
    r.education[:] = [0, 1, 2, 0, 0]
    r.origin[:] = [
        Origin.BORN_IN_SWEDEN,
        Origin.NEWCOMER,
        Origin.ESTABLISHED,
        Origin.NEWCOMER,
        Origin.NEWCOMER,
    ]
    r.status[:] = [Status.OUTSIDE, Status.OPEN, Status.ACTIVITY, Status.OPEN, Status.EMPLOYED]
    r.spell[:] = [0, 3, 12, 40, 0]
    r.permit[:] = [0, FIRST - 5, 0, FIRST - 20, FIRST - 23]
    return r


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, [0, 1, 2, 3, 4]),
        ({"origin": "newcomer", "education": "low"}, [3, 4]),
        ({"education": ["low", "middle"]}, [0, 1, 3, 4]),
        ({"age": [18, 24]}, [1, 2]),
        ({"age": 25}, [3]),
        ({"age": {"low": 25}}, [3, 4]),
        ({"registered": True}, [1, 2, 3]),
        ({"registered": "no"}, [0, 4]),
        ({"months_registered": [0, 12]}, [1, 2]),
        ({"long_term": True}, [2, 3]),
        ({"months_since_permit": [0, 20]}, [1, 3]),
        ({"status": "registered"}, [1, 2, 3]),
        ([{"age": [60, 64]}, {"status": "activity"}], [2, 4]),
        ({"spell": [40, 50]}, [3]),
    ],
)
def test_choices_are_those_meant(five: ResidentColumns, values: object, expected: list[int]) -> None:
    assert _chosen(five, values) == expected


def test_who_does_not_live_here_is_never_chosen(five: ResidentColumns) -> None:
    five.presence[1] = Presence.GONE
    assert _chosen(five, {"youth": True}) == [2]


def test_households_are_asked_for_each_of_their_adults() -> None:
    r = people(3, household=[0, 0, 2], partner=[1, 0, -1])
    h = homes(r, paid=[500_000, 0, 0], young_children=[1, 0, 0], months=[4, 0, 0])
    assert _chosen(r, {"on_assistance": True}, h) == [0, 1]
    assert _chosen(r, {"single_without_children": True}, h) == [2]
    assert _chosen(r, {"months_on_assistance": [1, 6], "has_children": True}, h) == [0, 1]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"orgin": "newcomer"}, "t.yaml: where = 'orgin' is not allowed. .*Did you mean 'origin'"),
        ({"origin": "newcommer"}, "where.origin = 'newcommer' .*Did you mean 'newcomer'"),
        ({"age": [30, 20]}, r"where.age = \[30.0, 20.0\] .*low <= high"),
        ({"age": "young"}, "where.age = 'young' .*a number"),
        ({"age": True}, "where.age = True"),
        ({"age": {"lowest": 3}}, "where.age = 'lowest' .*low and high"),
        ({"origin": []}, r"where.origin = \[\]"),
        ("newcomer", "where = 'newcomer' .*attributes with their values"),
    ],
)
def test_what_is_not_known_is_refused_by_name(values: object, message: str) -> None:
    with pytest.raises(SamspelError, match=message):
        parse_where(values, "t.yaml")


def test_only_conditions_on_registration_mean_spells_under_way() -> None:
    assert parse_where({"long_term": True}, "t").by_register
    assert not parse_where({"age": [18, 24]}, "t").by_register


def test_every_attribute_reads_one_number_per_resident() -> None:
    worlds = TrialWorlds(trial({}), Starts(0, residents=600))
    inputs, (state,) = Starts(0, residents=600).at(worlds.trial, worlds.arms, worlds.horizon)
    here = state.residents.presence == Presence.HERE
    for name, one in ATTRIBUTES.items():
        values: Any = one.read(state.residents, state.households, inputs.start)
        assert values.shape == state.residents.id.shape, name
        codes = {code for codes in one.names.values() for code in codes}
        assert not codes or name == "swedish" or set(np.unique(values[here]).tolist()) <= codes, name
