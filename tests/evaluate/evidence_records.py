"""Records and trials made by hand, for the tests of the bench."""

from typing import Any

import numpy as np

from sim.evaluate.record import Record
from sim.evaluate.sums import Place
from sim.evaluate.trial import Trial
from sim.evaluate.trials import parse_trial
from sim.model.columns import Activity, HouseholdColumns, Presence, ResidentColumns, Status
from sim.model.layout import allocate_households, allocate_residents

OUTSIDE, STUDYING, OPEN, ACTIVITY = (
    int(s) for s in (Status.OUTSIDE, Status.STUDYING, Status.OPEN, Status.ACTIVITY)
)
PLACE, SUBSIDISED, JOB = (int(s) for s in (Status.PLACEMENT, Status.SUBSIDISED, Status.EMPLOYED))
TRAINING = int(Activity.TRAINING)
FIRST = 24204


def people(n: int, **columns: Any) -> ResidentColumns:
    """Residents born in Sweden, 40 years old, fluent, each alone; columns as given."""
    r = allocate_residents(n)
    r.id[:] = (480 << 24) + np.arange(n)
    r.presence[:] = Presence.HERE
    r.birth[:] = FIRST - 40 * 12
    r.partner[:] = -1
    r.household[:] = np.arange(n)
    r.swedish[:] = 4
    r.ability[:] = 1.0
    for name, value in columns.items():
        getattr(r, name)[:] = value
    return r


def homes(r: ResidentColumns, **columns: Any) -> HouseholdColumns:
    """One household for each resident; columns as given."""
    h = allocate_households(r.id.size)
    h.reference[:] = np.arange(r.id.size)
    h.partner[:] = -1
    for name, value in columns.items():
        getattr(h, name)[:] = value
    return h


def record(*persons: list[int], arm: tuple[int, ...] = (), **columns: Any) -> Record:
    """One list of statuses per person, the month before the roll-out first; -1 is to be gone."""
    status = np.array(persons, dtype=np.int8).T
    shape, count = status.shape, len(persons)

    def filled(name: str, dtype: Any, value: Any = 0) -> Any:
        given = columns.pop(name, None)
        return np.full(shape, value, dtype=dtype) if given is None else np.array(given, dtype=dtype).T

    values = {
        "present": status >= 0,
        "status": np.maximum(status, 0).astype(np.int8),
        "activity": filled("activity", np.int8),
        "swedish": filled("swedish", np.int8, 4),
        "spell": filled("spell", np.int16),
        "left": filled("left", np.int16),
        **{name: filled(name, np.bool_) for name in ("insured", "paid", "duty", "contact_90", "reached_90")},
        **{name: filled(name, np.float32) for name in ("earned", "income", "household_income")},
        "arm": np.array(arm or (1,) * count, dtype=np.int8),
        "draw": np.linspace(0.1, 0.9, count),
        "enrolled": np.array(columns.pop("enrolled", (0,) * count), dtype=np.int16),
        "chosen": columns.pop("chosen", {}),
        "series": {name: np.array(one, dtype=float) for name, one in columns.pop("series", {}).items()},
        "first_month": FIRST,
    }
    assert not columns, columns
    return Record(**values)


class HandWorlds:
    """Worlds that are given; a world that was not given fails the test."""

    def __init__(self, **worlds: Record) -> None:
        self.worlds = worlds

    def world(self, arm: str, place: Place, held: bool = False, null: bool = False) -> Record:
        name = arm + ("_held" if held else "") + ("_null" if null else "")
        return self.worlds[name]


def trial(*outcomes: dict[str, Any], **keys: Any) -> Trial:
    """A trial with two arms; outcomes pass anything unless they say otherwise."""
    usual = {"name": "one", "measure": "difference", "months": [0, 2], "pass": {"low": 0}}
    document = {
        "id": "HAND",
        "title": "Made by hand",
        "arms": {"control": [], "treated": [{"lever": "individual_plan", "caseload": 10}]},
        "outcomes": [usual | outcome for outcome in outcomes or ({},)],
    }
    return parse_trial(document | keys, "hand.yaml")
