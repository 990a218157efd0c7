"""Contact with staff: what it gives newly and long registered, and the jobs that only more of it finds."""

import math
from typing import Any

import numpy as np
import pytest
from model_worlds import (
    MONTH,
    NO_TRACKS,
    by_segment,
    everybody,
    hire,
    homes,
    keys,
    parameters,
    people,
    promise,
    spells,
    tables,
)

from sim.core.draws import Decision, uniform
from sim.core.exact import FIXED_POINT
from sim.model.columns import CELLS, Activity, Case, Origin, ResidentColumns, Status
from sim.model.rules.search import contact_effect, contact_fade, search
from sim.policy.channels import SEGMENTS

SHAPE: dict[str, float] = {
    "effort_decay": 0.0, "contact_gain": 0.8, "contact_half_hours": 1.0, "contact_fade_floor": 0.4,
    "contact_fade_rate": 0.1, "search_establishment": 0.6, "search_guidance": 0.9, "swedish_penalty": 0.0,
    "newcomer_factor": 1.0, "youth_factor": 1.0, "contact_learner_factor": 2.0,
}  # fmt: skip


def searched(
    r: ResidentColumns,
    af: float = 1.0,
    unit: float = 0.0,
    meetings: Any = 0.0,
    match: Any = 1.0,
    newcomers: Any = 1.0,
) -> Any:
    """Set weights; AF's caseworkers have an hour a month for each without a policy. Returns the weights."""
    hours = np.full(SEGMENTS, af), np.full(SEGMENTS, unit), by_segment(meetings)
    one, none = by_segment(1.0), by_segment(0.0)
    search(
        tables(r, parameters(**SHAPE), h=homes(r)),
        everybody(r),
        keys(),
        MONTH,
        one,
        hours,
        1.0,
        by_segment(match),
        by_segment(newcomers),
        promise(),
        (none, none),
        NO_TRACKS,
        spells(parameters(**SHAPE)),
    )
    return r.weight / FIXED_POINT


def test_the_gain_from_contact_fades_with_the_spell_to_a_floor() -> None:
    """0.4 + 0.6 exp(-0.1 s)."""
    p = parameters(**SHAPE)
    expected = [1.0, 0.4 + 0.6 * math.exp(-0.6), 0.4 + 0.6 * math.exp(-1.2), 0.4]
    assert [contact_fade(s, p) for s in (0, 6, 12, 300)] == pytest.approx(expected)


def test_contact_has_its_effect_by_hours_and_spell() -> None:
    """1 + 0.8 fade h / (h + 1): one hour gives a new spell 1.4, a very long one 1.16."""
    p = parameters(**SHAPE)
    assert (
        contact_effect(0.0, 0.8 * contact_fade(0, p), p)
        == contact_effect(0.0, 1.6 * contact_fade(0, p), p)
        == 1.0
    )
    assert contact_effect(1.0, 0.8 * contact_fade(0, p), p) == pytest.approx(1.4)
    assert contact_effect(3.0, 0.8 * contact_fade(0, p), p) == pytest.approx(1.6)
    assert contact_effect(1.0, 0.8 * contact_fade(300, p), p) == pytest.approx(1.16)
    assert contact_effect(1.0, 1.6 * contact_fade(0, p), p) == pytest.approx(
        1.8
    )  # twice the gain for those who learn


def test_the_usual_hours_change_nobodys_search_and_more_hours_the_newly_registered_most() -> None:
    r = people(3, status=Status.OPEN, registered=1, spell=[0, 12, 300])
    assert searched(r) == pytest.approx([1.0, 1.0, 1.0], abs=1e-6)
    late = 0.4 + 0.6 * math.exp(-1.2)
    expected = [1.6 / 1.4, (1 + 0.6 * late) / (1 + 0.4 * late), 1.24 / 1.16]
    assert searched(r, af=3.0) == pytest.approx(expected, abs=1e-6)


def test_more_hours_give_most_to_those_born_abroad_who_are_not_fluent() -> None:
    """Three hours for one: 1.6 / 1.4, and where the gain is twice as large 2.2 / 1.8; usual hours nothing."""
    r = people(4, status=Status.OPEN, registered=1, swedish=[0, 3, 4, 3])
    r.origin[:] = [Origin.NEWCOMER, Origin.ESTABLISHED, Origin.ESTABLISHED, Origin.BORN_IN_SWEDEN]
    assert searched(r) == pytest.approx([1.0] * 4, abs=1e-6)
    assert searched(r, af=3.0) == pytest.approx([2.2 / 1.8] * 2 + [1.6 / 1.4] * 2, abs=1e-6)


def test_meetings_add_their_hours_to_those_of_every_agency() -> None:
    r = people(2, status=Status.OPEN, registered=1, case=[Case.NONE, Case.ACTIVE])
    weight = searched(r, unit=1.0, meetings=1.0)
    assert weight == pytest.approx([(1 + 0.8 * 2 / 3) / 1.4, (1 + 0.8 * 3 / 4) / 1.4], abs=1e-6)


def test_meetings_and_known_vacancies_are_for_the_segments_named() -> None:
    """Long-term is bit 4: an hour of meetings, and 1.1 from vacancies that staff know of."""
    r = people(2, status=Status.OPEN, registered=1, spell=[5, 300])
    long_term = (np.arange(SEGMENTS) & 4 > 0).astype(float)
    weight = searched(r, meetings=long_term, match=1.0 + 0.1 * long_term)
    assert weight == pytest.approx([1.0, 1.1 * (1 + 0.32 * 2 / 3) / 1.16], abs=1e-6)


def test_help_to_newcomers_acts_in_the_establishment_programme_only() -> None:
    r = people(4, status=Status.ACTIVITY, registered=1, origin=Origin.NEWCOMER)
    r.activity[:3] = [Activity.ESTABLISHMENT, Activity.GUIDANCE, Activity.ESTABLISHMENT]
    r.status[3] = Status.OPEN
    r.birth[2] = MONTH - 20 * 12
    youth = (np.arange(SEGMENTS) & 2 > 0).astype(float)
    assert searched(r, newcomers=1.0 + 0.5 * youth) == pytest.approx([0.6, 0.9, 0.9, 1.0], abs=1e-6)
    assert r.weight_free / FIXED_POINT == pytest.approx([1.0] * 4, abs=1e-6)


def test_what_a_person_would_find_alone_has_neither_more_hours_nor_known_vacancies() -> None:
    r = people(2, status=Status.OPEN, registered=1)
    searched(r, af=3.0, match=1.1)
    assert r.weight / FIXED_POINT == pytest.approx([1.1 * 1.6 / 1.4] * 2, abs=1e-6)
    assert r.weight_alone / FIXED_POINT == pytest.approx([1.0] * 2, abs=1e-6)
    searched(r, af=0.5)  # fewer hours than usual: nobody's job is found by contact
    fewer = (1 + 0.8 / 3) / 1.4
    assert r.weight / FIXED_POINT == pytest.approx([fewer] * 2, abs=1e-6)
    assert r.weight_alone.tolist() == r.weight.tolist()


def test_jobs_found_only_through_contact_are_more_often_subsidised() -> None:
    """Entitled: registered for a year. Alone 0.3 of them would be subsidised, of the others 0.6, or 0.9 of
    those who learn Swedish: one in two."""
    n, rate = 6000, 0.5
    r = people(n, status=Status.OPEN, registered=1, spell=14, swedish=[2, 4] * (n // 2))
    r.origin[:] = Origin.ESTABLISHED
    r.weight[:] = int(0.9 * FIXED_POINT)
    r.weight_free[:], r.weight_calm[:], r.weight_alone[:] = r.weight, r.weight, int(0.6 * FIXED_POINT)
    p = parameters(subsidised_share=0.3, contact_subsidised_share=0.6, contact_subsidised_learners=0.9)
    _, _, counts = hire(r, p, keys(), np.full(CELLS, rate))
    draws = np.array([uniform(keys()[Decision.HIRE], int(i)) for i in r.id])
    kind = np.array([uniform(keys()[Decision.SUBSIDY], int(i)) for i in r.id])
    alone, hired = (draws < 1.0 - math.exp(-w * rate) for w in (0.6, 0.9))
    assert (r.found[hired] == ~alone[hired]).all()
    subsidised = hired & (kind < np.where(alone, 0.3, np.where(r.swedish < 4, 0.9, 0.6)))
    assert ((r.status == Status.SUBSIDISED) == subsidised).all()
    assert ((r.status == Status.EMPLOYED) == (hired & ~subsidised)).all()
    assert counts[2] == subsidised.sum() > 0


def test_contact_subsidises_nobody_who_is_not_entitled_and_nobody_from_outside() -> None:
    r = people(3, status=[Status.OPEN, Status.OUTSIDE, Status.OPEN], registered=[1, 0, 1], weight=10**9)
    r.spell[2], r.found[:] = 12, 1
    hire(r, parameters(subsidised_share=0.0, contact_subsidised_share=1.0), keys(), np.ones(CELLS))
    assert r.status.tolist() == [Status.EMPLOYED, Status.EMPLOYED, Status.SUBSIDISED]
    assert r.found.tolist() == [1, 0, 1]
