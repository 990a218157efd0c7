"""The promise of an activity within some days: who has one, what it brings, and who searches before."""

import numpy as np
import pytest
from model_worlds import (
    MONTH,
    NO_TRACKS,
    by_segment,
    everybody,
    first_served,
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
from sim.model.columns import Activity, Case, ResidentColumns, Status
from sim.model.rules.activities import assign, months_to_promise
from sim.model.rules.search import anticipation, prospects, search
from sim.policy.channels import SEGMENTS

ALWAYS, NEVER = 1.0, 0.0
ENTRY: dict[str, float] = {
    "activity_entry_rate": NEVER, "activity_entry_later": NEVER, "training_share": 0.2, "practice_share": 0.3,
}  # fmt: skip
PROSPECTS: dict[str, float] = {
    "prospects_low": 0.6, "prospects_high": 1.4, "effort_decay": 0.0, "search_guidance": 0.9,
    "limitation_factor": 0.5, "contact_fade_floor": 1.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("days", "age", "months"),
    [
        (90.0, 20 * 12, 3),
        (90.0, 18 * 12, 3),
        (90.0, 18 * 12 - 1, 0),  # under the first age
        (90.0, 25 * 12 - 1, 3),  # through the last
        (90.0, 25 * 12, 0),
        (104.0, 20 * 12, 3),  # 3.47 months
        (105.0, 20 * 12, 4),  # 3.5
        (10.0, 20 * 12, 1),  # never in the month of registration
        (365.0, 20 * 12, 12),
        (0.0, 20 * 12, 0),
    ],
)
def test_months_to_the_promised_day(days: float, age: int, months: int) -> None:
    assert months_to_promise(days, 18.0, 24.0, age) == months


def promised(
    r: ResidentColumns, capacity: int, kept: float = ALWAYS, days: float = 90.0, **changes: float
) -> tuple[int, int, int, int]:
    """A month of assignment where those aged 18-24 are promised an activity."""
    p = parameters(**{**ENTRY, **changes})
    made = promise(days, kept, 18.0, 24.0)
    return assign(tables(r, p), everybody(r), keys(), MONTH, capacity, by_segment(1.0), made, by_segment(0.0))


def young(spell: int, others: int = 0, n: int = 8) -> ResidentColumns:
    """Openly unemployed: ``n`` of 20 years with the spell, then others of 40 registered for three months."""
    r = people(n + others, status=Status.OPEN, registered=1, spell=3)
    r.spell[:n], r.birth[:n] = spell, MONTH - 20 * 12
    return r


def test_the_promise_falls_due_on_its_day_and_holds_from_then_on() -> None:
    for spell, kept in ((2, 0), (3, 8), (7, 8)):
        r = young(spell, others=5)
        assert promised(r, 99) == (kept, 0, kept, 0)
        assert (r.status[8:] == Status.OPEN).all()
        assert np.isin(r.activity[:8], [Activity.TRAINING, Activity.PRACTICE]).sum() == kept


def test_the_promised_are_first_and_where_room_is_short_their_offer_is_guidance() -> None:
    """Eight promises and twelve others who were to enter: five places, then ten."""
    everyone = {"activity_entry_rate": ALWAYS, "training_share": ALWAYS, "practice_share": NEVER}
    r = young(3, others=12)
    assert promised(r, 5, **everyone) == (5, 15, 8, 3)
    trained = set(np.flatnonzero(r.activity == Activity.TRAINING))
    assert trained == first_served(Decision.ACTIVITY_ORDER, r, list(range(8)), 5)
    assert (r.activity[:8] == Activity.GUIDANCE).sum() == 3
    assert (r.status[8:] == Status.OPEN).all()
    r = young(3, others=12)
    assert promised(r, 10, **everyone) == (10, 10, 8, 0)
    assert (r.activity[:8] == Activity.TRAINING).all()
    others = set(np.flatnonzero(r.activity[8:] == Activity.TRAINING) + 8)
    assert others == first_served(Decision.ACTIVITY_ORDER, r, list(range(8, 20)), 2)


def test_a_promise_is_kept_with_its_probability() -> None:
    n, kept = 3000, 0.35
    r = young(3, n=n)
    draws = np.array([uniform(keys()[Decision.GUARANTEE], int(i)) for i in r.id])
    begun, refused, promises, short = promised(r, n, kept)
    assert begun == promises == (draws < kept).sum() and refused == short == 0
    assert ((r.status == Status.ACTIVITY) == (draws < kept)).all()


def test_the_promised_are_trained_in_the_proportion_of_others() -> None:
    """Training 0.2 to practice 0.3: two of five are trained, also of those whose draw says guidance."""
    n, share = 6000, 0.4
    r = young(3, n=n)
    promised(r, n)
    assert np.isin(r.activity, [Activity.TRAINING, Activity.PRACTICE]).all()
    trained = r.activity == Activity.TRAINING
    assert abs(trained.mean() - share) < 4 * np.sqrt(share * (1 - share) / n)
    draws = np.array([uniform(keys()[Decision.ACTIVITY_KIND], int(i)) for i in r.id])
    assert trained[draws < 0.2].all() and not trained[(draws >= 0.2) & (draws < 0.5)].any()


def test_a_promise_to_a_case_that_waits_or_is_lost_is_met_with_guidance_without_a_queue() -> None:
    r = young(3, n=6)
    r.case[:] = [Case.NONE, Case.WAITING_HANDOVER, Case.LOST, Case.WAITING_PLAN, Case.WAITING_DECISION, 5]
    assert promised(r, 99) == (2, 0, 6, 0)
    assert (r.activity[1:5] == Activity.GUIDANCE).all()
    assert (r.activity[[0, 5]] != Activity.GUIDANCE).all()


def test_without_a_promise_nobody_is_promised_anything() -> None:
    r = young(30, others=4)
    assert promised(r, 99, days=0.0) == (0, 0, 0, 0)
    assert (r.status == Status.OPEN).all()


def test_prospects_lie_on_a_line_between_two_bounds() -> None:
    p = parameters(**PROSPECTS)
    expected = [0.0, 0.0, 0.5, 1.0, 1.0]
    assert [prospects(x, p) for x in (0.3, 0.6, 1.0, 1.4, 3.0)] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("spell", "after", "ratio"),
    [(0, 3, 1.1), (1, 3, 1.2), (2, 3, 1.3), (3, 3, 1.0), (9, 3, 1.0), (0, 0, 1.0), (5, 12, 1.15)],
)
def test_anticipation_rises_to_the_day_and_ends_with_it(spell: int, after: int, ratio: float) -> None:
    """A threat of 0.3 and the best prospects: 1 + 0.3 (s + 1) / D."""
    assert anticipation(spell, after, 0.3, 1.4, parameters(**PROSPECTS)) == pytest.approx(ratio)


def searched(r: ResidentColumns, days: float) -> list[float]:
    """Weights where those aged 18-24 are threatened with an activity after some days."""
    hours = np.full(SEGMENTS, 1.0), np.full(SEGMENTS, 0.0), by_segment(0.0)
    one, none = by_segment(1.0), by_segment(0.0)
    p = parameters(**PROSPECTS, youth_factor=1.0)
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
        promise(days, 0.3, 18.0, 24.0),
        (none, none),
        NO_TRACKS,
        spells(p),
    )
    return [float(weight) / FIXED_POINT for weight in r.weight]


def test_only_those_with_good_prospects_search_more_before_the_day() -> None:
    """Employability 2, 1, 0.6, and 1 with a limitation of 0.5; then past the day, and past the age."""
    r = young(1, n=6)
    r.ability[:] = [2.0, 1.0, 0.6, 1.0, 2.0, 2.0]
    r.limitation[3], r.spell[4], r.birth[5] = 1, 3, MONTH - 25 * 12
    assert searched(r, 0.0) == pytest.approx([2.0, 1.0, 0.6, 0.5, 2.0, 2.0], abs=1e-6)
    assert searched(r, 90.0) == pytest.approx([2.0 * 1.2, 1.1, 0.6, 0.5, 2.0, 2.0], abs=1e-6)


def test_one_who_waits_in_guidance_is_threatened_too_but_nobody_outside_the_register() -> None:
    r = young(1, n=3)
    r.status[:], r.activity[1] = [Status.OPEN, Status.ACTIVITY, Status.EMPLOYED], Activity.GUIDANCE
    r.ability[:] = 2.0
    before, after = searched(r, 0.0), searched(r, 90.0)
    assert [more / less for more, less in zip(after, before, strict=True)] == pytest.approx(
        [1.2, 1.2, 1.0], abs=1e-5
    )
