"""Cases are moved to other places and dates, and what is not allowed is told."""

from typing import Any

import pytest

from sim.core.errors import SamspelError
from sim.data.municipalities import municipalities
from sim.experiment.explore.draft import placed_case, with_levers
from sim.policy.case import load_case


def test_a_case_that_is_not_moved_is_itself() -> None:
    assert placed_case("nykoping") == load_case("nykoping")
    assert placed_case("nykoping", "Nyköping") == load_case("nykoping")


def test_another_place_knows_nothing_of_where_the_first_one_stood() -> None:
    case = placed_case("nykoping", "Växjö")
    assert case.municipalities == ("0780",)
    assert not case.starting_position and not case.parameters and not case.compare_with
    assert [one.settings for one in case.policy] == [one.settings for one in load_case("nykoping").policy]


def test_levers_keep_their_distance_from_the_start() -> None:
    case = placed_case("nykoping", start="2025-01")
    assert case.start == "2025-01" and case.known_until == "2025-01"
    assert {one.start for one in case.policy} == {"2025-01"}
    assert {one.decided for one in case.policy} == {"2024-10"}


def test_a_lever_that_begins_after_a_shorter_horizon_is_left_out() -> None:
    case = placed_case("nykoping")
    late = {"lever": "coordination", "start": "2026-01", "shared_task": 1.0}
    both = with_levers(case, [*(one.to_document() for one in case.policy), late])
    assert len(both.policy) == len(case.policy) + 1
    assert all(one.start < "2024-09" for one in placed_case("nykoping", horizon=12).policy)


@pytest.mark.parametrize("code", [one.code for one in municipalities()][::29])
def test_any_municipality_will_do(code: str) -> None:
    assert placed_case("nykoping", code).municipalities == (code,)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "nykopng"}, "Did you mean 'nykoping'"),
        ({"place": "Växsjö"}, "Did you mean 'Växjö'"),
        ({"start": "september"}, "YYYY-MM"),
        ({"start": "1999-01"}, "2017-01"),
        ({"horizon": 500}, "horizon"),
        ({"scenario": "bom"}, "Did you mean 'boom'"),
    ],
)
def test_bad_choices_are_told(change: dict[str, Any], said: str) -> None:
    with pytest.raises(SamspelError, match=said):
        placed_case(**{"name": "nykoping", **change})


def test_places_without_their_kinds_are_refused() -> None:
    case = placed_case("nykoping", "Växjö")
    with pytest.raises(SamspelError, match="ordinary_share and practice_share"):
        with_levers(case, [{"lever": "municipal_placements", "places": 20, "start": case.start}])
