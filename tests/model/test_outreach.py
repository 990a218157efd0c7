"""Outreach to young people outside: whom it finds, and where they go."""

from typing import Any

import numpy as np
import pytest
from model_worlds import MONTH, NOBODY, by_segment, everybody, homes, keys, parameters, people, tables

from sim.core.draws import Decision, uniform
from sim.model.columns import ResidentColumns, Status
from sim.model.rules.registration import register

RATE, STUDY = 0.3, 0.4


def outreach(r: ResidentColumns, rate: Any = RATE, study: float = STUDY, entry: float = 0.0) -> int:
    """A month of registration; return whom outreach found."""
    p = parameters(outside_entry_rate=entry, register_exit_rate=0.0, study_months=12.0)
    found, _, _, _ = register(
        tables(r, p, h=homes(r)),
        everybody(r),
        NOBODY,
        keys(),
        MONTH,
        1.0,
        300,
        by_segment(1.0),
        by_segment(0.0),
        by_segment(rate),
        by_segment(study),
    )
    return int(found)


def drawn(r: ResidentColumns, decision: Decision = Decision.OUTREACH) -> Any:
    return np.array([uniform(keys()[decision], int(i)) for i in r.id])


def test_outreach_finds_at_its_rate_and_sends_a_share_to_studies_and_the_rest_to_the_register() -> None:
    r = people(3000, status=Status.OUTSIDE, birth=MONTH - 20 * 12)
    found = outreach(r)
    reached = drawn(r) < RATE
    studying = drawn(r) < RATE * STUDY
    assert found == reached.sum()
    assert ((r.status == Status.STUDYING) == studying).all()
    assert ((r.status == Status.OPEN) == (reached & ~studying)).all()
    assert (r.contact[r.status == Status.OPEN] == MONTH).all() and (r.contact[studying] == 0).all()
    assert ((r.study_end[studying] >= MONTH + 6) & (r.study_end[studying] <= MONTH + 18)).all()
    assert (r.registered == (r.status == Status.OPEN)).all()


def test_those_under_eighteen_always_go_to_studies() -> None:
    r = people(600, status=Status.OUTSIDE, birth=MONTH - 18 * 12 + 1)
    assert outreach(r, study=0.0) == (r.status == Status.STUDYING).sum() == (drawn(r) < RATE).sum()
    assert (r.registered == 0).all()


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        ({"birth": MONTH - 25 * 12 + 1}, 5),
        ({"birth": MONTH - 25 * 12}, 0),
        ({"other_income": 1}, 0),  # sickness or other lasting benefit
        ({"status": Status.EMPLOYED}, 0),
        ({"status": Status.STUDYING, "study_end": MONTH + 9}, 0),
        ({"presence": 2}, 0),
    ],
)
def test_outreach_is_for_those_under_25_who_are_outside_without_a_benefit(
    columns: dict[str, Any], found: int
) -> None:
    r = people(5, **{"status": Status.OUTSIDE, "birth": MONTH - 20 * 12, **columns})
    before = r.status.tolist()
    assert outreach(r, rate=1.0, study=1.0) == found
    assert (r.status.tolist() == before) == (found == 0)


def test_whoever_is_not_found_registers_as_before() -> None:
    r = people(3000, status=Status.OUTSIDE, birth=MONTH - 20 * 12)
    outreach(r, study=1.0, entry=0.2)
    found, entered = drawn(r) < RATE, drawn(r, Decision.OUTSIDE_ENTRY) < 0.2
    assert ((r.status == Status.STUDYING) == found).all()
    assert ((r.status == Status.OPEN) == (entered & ~found)).all()


def test_outreach_goes_to_the_segments_it_names() -> None:
    """Weak Swedish is bit 8."""
    r = people(6, status=Status.OUTSIDE, birth=MONTH - 20 * 12, swedish=[0, 1, 2, 3, 4, 0])
    weak = (np.arange(32) & 8 > 0).astype(float)
    assert outreach(r, rate=weak, study=1.0) == 3
    assert (r.status == Status.STUDYING).tolist() == [True, True, False, False, False, True]
