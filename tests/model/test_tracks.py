"""Job tracks: who is admitted, how a cohort is filled, and what completing it gives."""

from typing import Any

import numpy as np
import pytest
from model_worlds import (
    MONTH,
    NEIGHBOURS,
    by_segment,
    everybody,
    first_served,
    homes,
    inputs,
    keys,
    note_segments,
    parameters,
    people,
    policy,
    promise,
    rows,
    spells,
    tables,
    track,
)

from sim.core.draws import Decision, uniform
from sim.core.exact import FIXED_POINT
from sim.model.columns import Activity, Origin, ResidentColumns, Status
from sim.model.inputs import Area
from sim.model.model import LabourMarketModel
from sim.model.rules.casework import in_use
from sim.model.rules.common import segment
from sim.model.rules.progress import progress
from sim.model.rules.search import search
from sim.model.rules.tracks import admits, begin_track
from sim.model.state import State
from sim.policy.channels import SEGMENTS, Channel
from sim.policy.tracks import Track

EVERYBODY = np.ones(SEGMENTS)
TABLE = np.array([[4.0, 2.0, 0.0, 0.25, 0.0, 0.0], [5.0, 0.0, 0.4, 0.1, 0.3, 1.0]])
"""Months of training and placement, share of partners' jobs, gain, drop-out, language: of two tracks."""


def seekers(n: int, **columns: Any) -> ResidentColumns:
    """Openly unemployed of 40, registered for three months."""
    return people(n, **{"status": Status.OPEN, "registered": 1, "spell": 3, **columns})


@pytest.mark.parametrize(
    ("columns", "admitted"),
    [
        ({}, True),
        ({"status": Status.ACTIVITY, "activity": Activity.GUIDANCE}, True),
        ({"status": Status.ACTIVITY, "activity": Activity.ESTABLISHMENT}, True),
        ({"status": Status.ACTIVITY, "activity": Activity.TRAINING}, False),
        ({"status": Status.OUTSIDE, "registered": 0}, False),
        ({"status": Status.EMPLOYED, "registered": 0}, False),
        ({"spell": 0}, False),  # the month of registration
        ({"limitation": 1}, False),
        ({"birth": MONTH - 60 * 12 + 1}, True),
        ({"birth": MONTH - 60 * 12}, False),
        ({"swedish": 2}, True),
        ({"swedish": 1}, False),
        ({"track": 2}, False),  # once in a track, never in another
    ],
)
def test_admission(columns: dict[str, Any], admitted: bool) -> None:
    r = seekers(2, **columns)
    assert admits(r, 0, segment(r, 0, MONTH), MONTH, EVERYBODY, 2) == admitted


def test_a_track_is_for_the_segments_it_names() -> None:
    """Youth is bit 2."""
    r = seekers(2, birth=[MONTH - 20 * 12, MONTH - 40 * 12])
    youth = (np.arange(SEGMENTS) & 2 > 0).astype(float)
    assert [admits(r, i, segment(r, i, MONTH), MONTH, youth, 0) for i in range(2)] == [True, False]


def world(towns: list[ResidentColumns], *tracks: Track) -> LabourMarketModel:
    """A world in the month of the tests of one or two towns that have the same tracks."""
    codes = NEIGHBOURS[: len(towns)]
    places = tuple(inputs(start="2017-06", months=3, code=code) for code in codes)
    states = [State(r, homes(r)) for r in towns]
    reform = policy(3, tracks=tracks)
    ties = np.eye(len(towns)).tolist()
    model = LabourMarketModel(Area(places, tuple(map(tuple, ties))), states, MONTH, 3, [reform] * len(towns))
    model.month = MONTH
    for place in model.places:
        place.known = everybody(place.state.residents)
        note_segments(place.tables, MONTH)
        place.take_channels(0)
        place.tally = {"track_starts": 0, "waiting_track": 0}
    return model


def begun(r: ResidentColumns) -> set[int]:
    return set(np.flatnonzero(r.activity == Activity.TRACK).tolist())


def test_a_cohort_is_filled_in_drawn_order_in_its_months() -> None:
    r = seekers(9)
    r.limitation[8] = 1
    model = world([r], track(starts=(MONTH, MONTH + 2)))
    model.tracks[0].start_cohort()
    chosen = begun(r)
    assert chosen == first_served(Decision.TRACK_ORDER, r, list(range(8)), 3)
    who = sorted(chosen)
    assert (r.status[who] == Status.ACTIVITY).all() and (r.left[who] == 6).all()
    assert (r.track[who] == 1).all() and (r.registered[who] == 1).all()
    assert in_use(tables(r), everybody(r))[2] == 3
    assert model.places[0].tally == {"track_starts": 3, "waiting_track": 5}
    model.month += 1
    model.tracks[0].start_cohort()
    assert begun(r) == chosen
    model.month += 1
    model.tracks[0].start_cohort()
    assert len(begun(r)) == 6


def test_those_with_priority_fill_the_cohort_first() -> None:
    r = seekers(9, birth=[MONTH - 20 * 12] * 2 + [MONTH - 40 * 12] * 7)
    model = world([r], track(starts=(MONTH,)))
    model.places[0].channel(Channel.PRIORITY)[np.arange(SEGMENTS) & 2 > 0] = 1.0
    model.tracks[0].start_cohort()
    others = first_served(Decision.TRACK_ORDER, r, list(range(2, 9)), 1)
    assert begun(r) == {0, 1} | others


def neighbours() -> list[ResidentColumns]:
    towns = [seekers(6), seekers(4)]
    towns[1].id[:] = (481 << 24) + np.arange(4)
    return towns


def test_a_shared_track_fills_one_cohort_in_drawn_order_over_both_municipalities() -> None:
    towns = neighbours()
    model = world(towns, track(starts=(MONTH,), places=5, shared=True))
    assert len(model.tracks) == 1
    model.tracks[0].start_cohort()
    both = people(10)
    both.id[:] = np.concatenate([r.id for r in towns])
    chosen = first_served(Decision.TRACK_ORDER, both, list(range(10)), 5)
    assert begun(towns[0]) | {6 + i for i in begun(towns[1])} == chosen
    assert sum(place.tally["track_starts"] for place in model.places) == 5
    assert sum(place.tally["waiting_track"] for place in model.places) == 5
    assert 0 < len(begun(towns[0])) < 5


def test_a_track_that_is_not_shared_has_its_places_in_each_municipality() -> None:
    towns = neighbours()
    model = world(towns, track(starts=(MONTH,), places=3))
    for one in model.tracks:
        one.start_cohort()
    assert [len(begun(r)) for r in towns] == [3, 3]
    assert [set(r.track[list(begun(r))]) for r in towns] == [{1}, {2}]


def test_people_keep_their_field_where_the_track_trains_for_it_and_else_draw_one() -> None:
    n = 400
    r = seekers(n, sector=np.arange(n) % 8)
    fields = np.array([0, 3, 4], dtype=np.int8)
    begin_track(tables(r), everybody(r), 0, fields, TABLE, keys())
    draws = [uniform(keys()[Decision.TRACK_FIELD], int(i)) for i in r.id]
    expected = [s if s in (0, 3, 4) else fields[int(3 * u)] for s, u in zip(r.sector, draws, strict=True)]
    assert r.track_field.tolist() == expected
    assert r.sector.tolist() == [i % 8 for i in range(n)]  # until the track is completed
    assert (r.left == 6).all() and (r.language == 0).all()


def test_without_a_field_it_trains_for_the_one_with_most_vacancies_that_it_can_train_for() -> None:
    """Of the low and the middle tier: industry has 3 + 4, offices 5 and 90 in the high tier."""
    r = seekers(4, sector=2)
    model = world([r], track(starts=(MONTH,), fields=(), places=4))
    vacancies = model.places[0].state.vacancies.reshape(8, 3)
    vacancies[4], vacancies[7] = [3.0, 4.0, 0.0], [5.0, 0.0, 90.0]
    model.tracks[0].start_cohort()
    assert r.track_field.tolist() == [4] * 4


def test_swedish_runs_beside_a_track_that_has_it() -> None:
    r = seekers(2)
    begin_track(tables(r), rows(1), 1, np.array([0], dtype=np.int8), TABLE, keys())
    assert [column.tolist() for column in (r.track, r.left, r.language)] == [[0, 2], [0, 5], [0, 1]]


def test_search_is_that_of_training_and_in_the_placement_that_of_practice() -> None:
    """Four months of training, then two of placement."""
    r = seekers(6, status=Status.ACTIVITY, activity=Activity.TRACK, track=1, left=[6, 5, 4, 3, 2, 1])
    hours = np.full(SEGMENTS, 1.0), np.full(SEGMENTS, 0.0), by_segment(0.0)
    one, none = by_segment(1.0), by_segment(0.0)
    p = parameters(search_training=0.2, search_practice=0.7, effort_decay=0.0)
    search(
        tables(r, p, h=homes(r)),
        everybody(r),
        keys(),
        MONTH,
        one,
        hours,
        1.0,
        one,
        one,
        promise(),
        (none, none),
        TABLE,
        spells(p),
    )
    assert r.weight / FIXED_POINT == pytest.approx([0.2] * 4 + [0.7] * 2, abs=1e-6)


def trained(n: int, number: int, left: Any = 1, **columns: Any) -> ResidentColumns:
    """Participants of track ``number`` in its field of industry, who come from trade, in the middle tier."""
    return seekers(
        n,
        **{
            "status": Status.ACTIVITY, "activity": Activity.TRACK, "track": number, "track_field": 4,
            "left": left, "in_status": 4, "sector": 2, "tier": 1, **columns,
        },
    )  # fmt: skip


def advanced(r: ResidentColumns, **changes: float) -> tuple[int, dict[int, int], dict[int, int]]:
    """A month of progress; partners' hires, and vacancies freed and taken by cell where any are."""
    p = parameters(**{"glow_months": 3.0, "fit_gain": 1.0, "subsidised_share": 0.0, **changes})
    _, hires, freed, taken = progress(
        tables(r, p), everybody(r), everybody(r), keys(), MONTH, by_segment(1.0), 300, TABLE
    )
    return int(hires), *({c: int(n) for c, n in enumerate(column) if n} for column in (freed, taken))  # type: ignore[return-value]


def test_completing_gives_the_field_the_gain_and_the_spike() -> None:
    r = trained(2, 1, left=[1, 2])
    assert advanced(r) == (0, {}, {})
    assert r.sector.tolist() == [4, 2] and r.tier.tolist() == [1, 1]
    assert r.gain.tolist() == pytest.approx([1.25, 1.0])  # the plan's fit is not the track's
    assert r.glow.tolist() == [3, 0]
    assert r.status.tolist() == [Status.OPEN, Status.ACTIVITY]
    assert r.track.tolist() == [1, 1] and r.registered.tolist() == [1, 1] and r.spell.tolist() == [3, 3]


def test_some_who_complete_have_a_partners_job_that_takes_a_vacancy_of_the_field() -> None:
    n = 2000
    r = trained(n, 2)
    hires, freed, taken = advanced(r, partner_takes_vacancy=0.6)
    kept = np.array([uniform(keys()[Decision.PARTNER], int(i)) for i in r.id]) < 0.4
    took = np.array([uniform(keys()[Decision.PARTNER_VACANCY], int(i)) for i in r.id]) < 0.6
    assert hires == kept.sum()
    assert ((r.status == Status.EMPLOYED) == kept).all()
    assert ((r.status == Status.OPEN) == ~kept).all()
    assert not freed and taken == {4 * 3 + 1: int((kept & took).sum())}
    assert (r.gain == pytest.approx(1.1)) and (r.sector == 4).all()
    assert (r.registered == ~kept).all() and (r.took == 0).all()


def test_a_partners_job_may_be_subsidised_and_then_leaves_its_vacancy_when_it_ends_in_unemployment() -> None:
    r = trained(40, 2, spell=14)
    rates = {"subsidised_share": 1.0, "partner_takes_vacancy": 1.0, "subsidised_conversion": 0.0}
    hires, _, taken = advanced(r, **rates)
    jobs = r.status == Status.SUBSIDISED
    assert hires == jobs.sum() == r.took.sum() > 0 and taken == {13: hires}
    r.left[jobs], r.in_status[jobs] = 1, 3
    r.status[~jobs] = Status.OUTSIDE
    assert advanced(r, **rates) == (0, {13: hires}, {})
    assert (r.status[jobs] == Status.OPEN).all() and (r.took == 0).all()


def test_drop_outs_keep_their_field_and_gain_nothing() -> None:
    n = 2000
    r = trained(n, 2, left=3)
    advanced(r, drop_out_rate=0.9)  # the track's own rate is 0.3
    dropped = np.array([uniform(keys()[Decision.ACTIVITY_DROP_OUT], int(i)) for i in r.id]) < 0.3
    assert ((r.status == Status.OPEN) == dropped).all()
    assert (r.sector == 2).all() and (r.gain == 1.0).all() and (r.glow == 0).all()
    assert (r.track == 2).all() and (r.left == np.where(dropped, 0, 2)).all()


def test_a_newcomer_who_completes_or_drops_out_is_back_in_establishment() -> None:
    r = trained(2, 1, left=[1, 3], origin=Origin.NEWCOMER)
    r.permit[:] = MONTH - 9
    table = TABLE.copy()
    table[0, 4] = 1.0
    progress(tables(r, parameters()), everybody(r), everybody(r), keys(), MONTH, by_segment(0.0), 300, table)
    assert r.activity.tolist() == [Activity.ESTABLISHMENT] * 2
    assert r.sector.tolist() == [4, 2]
