"""Residents as a set, with Mesa's verbs and read-only views."""

import numpy as np
import pytest
from model_worlds import people

from sim.core.errors import SamspelError
from sim.model.columns import Presence, Status
from sim.model.residents import Residents


@pytest.fixture
def residents() -> Residents:
    r = people(5, status=[Status.OPEN, Status.EMPLOYED, Status.EMPLOYED, Status.OPEN, Status.OPEN])
    r.wage[:] = [10, 20, 30, 40, 50]
    r.presence[4] = Presence.GONE
    return Residents(r)


def test_only_those_who_live_here_count(residents: Residents) -> None:
    assert len(residents) == 4
    assert [resident.wage for resident in residents] == [10, 20, 30, 40]


def test_arrivals_and_departures_show_at_once() -> None:
    r = people(2)
    residents = Residents(r)
    r.presence[0] = Presence.GONE
    assert [resident.id for resident in residents] == [int(r.id[1])]


def test_select_get_and_agg(residents: Residents) -> None:
    openly = residents.select(lambda resident: resident.status == Status.OPEN)
    assert openly.get("wage").tolist() == [10, 40]
    assert openly.agg("wage", np.sum) == 50
    assert openly.select(lambda resident: resident.wage > 99).agg("wage", len) == 0


def test_groupby(residents: Residents) -> None:
    groups = residents.groupby("status")
    assert {key: group.get("wage").tolist() for key, group in groups.items()} == {
        Status.OPEN: [10, 40],
        Status.EMPLOYED: [20, 30],
    }


def test_what_is_got_is_a_copy(residents: Residents) -> None:
    residents.get("wage")[:] = 0
    assert residents.agg("wage", np.sum) == 100


def test_a_view_cannot_change_its_resident(residents: Residents) -> None:
    resident = next(iter(residents))
    with pytest.raises(AttributeError):
        setattr(resident, "wage", 99)  # noqa: B010  (the type checker knows it cannot)
    with pytest.raises(AttributeError, match="a resident has no 'wages'; it has id, household"):
        _ = resident.wages
    assert repr(resident) == f"<Resident {resident.id}>"


def test_an_unknown_column_names_the_nearest(residents: Residents) -> None:
    with pytest.raises(SamspelError, match=r"wages.*wage"):
        residents.get("wages")
    with pytest.raises(SamspelError, match=r"statsu.*status"):
        residents.groupby("statsu")
