"""Activities and supported jobs, from their beginning to what they leave behind, each by hand."""

from typing import Any

import numpy as np
import pytest
from model_worlds import (
    MONTH,
    NO_TRACKS,
    NOBODY,
    by_segment,
    everybody,
    first_served,
    homes,
    keys,
    parameters,
    people,
    promise,
    tables,
)

from sim.core.draws import Decision, uniform
from sim.model.columns import Activity, Case, Origin, ResidentColumns, Status
from sim.model.rules.activities import assign
from sim.model.rules.progress import progress
from sim.model.rules.registration import register

DAYS = 300
ALWAYS, NEVER = 1.0, 0.0
REGISTER: dict[str, float] = {
    "register_exit_rate": NEVER, "outside_entry_rate": NEVER, "study_register_share": NEVER,
}  # fmt: skip
PROGRESS: dict[str, float] = {
    "drop_out_rate": NEVER, "guidance_exit_rate": NEVER, "guarantee_youth_rate": NEVER, "fit_gain": 0.5,
    "training_gain": 0.2, "practice_gain": 0.1, "ordinary_place_gain": 0.12, "created_place_gain": -0.02,
    "association_place_gain": 0.03, "sfi_gain": 0.08,
    "glow_months": 3.0, "subsidised_conversion": NEVER,
}  # fmt: skip


def assigned(r: ResidentColumns, capacity: int, **changes: float) -> tuple[int, int, int, int]:
    """A month of assignment without a promise or priority."""
    p = parameters(**{"activity_entry_rate": ALWAYS, **changes})
    return assign(
        tables(r, p), everybody(r), keys(), MONTH, capacity, by_segment(1.0), promise(), by_segment(0.0)
    )


def test_a_waiting_case_is_offered_guidance_only() -> None:
    r = people(60, status=Status.OPEN, registered=1, spell=3, case=np.repeat([0, 1, 2, 3, 4, 5], 10))
    share = {"training_share": ALWAYS, "practice_share": NEVER}
    assert assigned(r, 60, training_months=6.0, **share) == (20, 0, 0, 0)
    trained = np.isin(r.case, [Case.NONE, Case.ACTIVE])
    assert (r.activity == np.where(trained, Activity.TRAINING, Activity.GUIDANCE)).all()
    assert ((r.left[trained] >= 3) & (r.left[trained] <= 9)).all()


def test_nobody_enters_an_activity_in_the_month_of_registration() -> None:
    r = people(2, status=Status.OPEN, registered=1, spell=[0, 1])
    assigned(r, 2)
    assert r.status.tolist() == [Status.OPEN, Status.ACTIVITY]


def test_training_and_practice_have_room_for_so_many_in_drawn_order_and_guidance_for_all() -> None:
    r = people(40, status=Status.OPEN, registered=1, spell=3, case=np.repeat([Case.NONE, Case.LOST], 20))
    assert assigned(r, 7, training_share=0.5, practice_share=0.5) == (7, 13, 0, 0)
    begun = set(np.flatnonzero(np.isin(r.activity, [Activity.TRAINING, Activity.PRACTICE])))
    assert begun == first_served(Decision.ACTIVITY_ORDER, r, list(range(20)), 7)
    refused = [i for i in range(20) if i not in begun]
    assert (r.status[refused] == Status.OPEN).all() and (r.left[refused] == 0).all()
    assert (r.activity[20:] == Activity.GUIDANCE).all()
    kind = [uniform(keys()[Decision.ACTIVITY_KIND], int(r.id[i])) for i in sorted(begun)]
    trained = [r.activity[i] == Activity.TRAINING for i in sorted(begun)]
    assert trained == [u < 0.5 for u in kind]


def advanced(r: ResidentColumns, fit: float = 0.0, **changes: float) -> int:
    """Bring everybody a month further; return how many came back to AF from supported jobs."""
    p = parameters(**{**PROGRESS, **changes})
    returns, _, _, _ = progress(
        tables(r, p), everybody(r), everybody(r), keys(), MONTH, by_segment(fit), DAYS, NO_TRACKS
    )
    return int(returns)


@pytest.mark.parametrize(
    ("kind", "workplace", "fit", "gain"),
    [
        (Activity.TRAINING, 0, 0.0, 1.2),
        (Activity.TRAINING, 0, 1.0, 1.3),  # 1 + 0.2 + 0.5 x 0.2
        (Activity.TRAINING, 0, 0.4, 1.24),  # 1 + 0.2 + 0.5 x 0.4 x 0.2
        (Activity.EDUCATION, 0, 0.0, 1.2),  # as AF's training
        (Activity.VOCATIONAL_SFI, 0, 0.0, 1.08),
        (Activity.PRACTICE, 0, 0.0, 1.1),
        (Activity.MUNICIPAL_PRACTICE, 0, 0.0, 1.12),
        (Activity.MUNICIPAL_PRACTICE, 3, 0.0, 1.03),  # an association
        (Activity.MUNICIPAL_PRACTICE, 1, 0.0, 0.98),
        (Activity.MUNICIPAL_PRACTICE, 1, 1.0, 0.99),  # 1 - 0.02 + 0.5 x 0.02: fit never makes it worse
    ],
)
def test_what_a_completed_activity_leaves(kind: int, workplace: int, fit: float, gain: float) -> None:
    r = people(2, status=Status.ACTIVITY, registered=1, spell=5, activity=kind, left=[1, 2], in_status=3)
    r.contract[:], r.case[:] = workplace, Case.ACTIVE
    advanced(r, fit)
    assert r.gain.tolist() == pytest.approx([gain, 1.0])
    assert r.glow.tolist() == [3, 0]
    assert r.status.tolist() == [Status.OPEN, Status.ACTIVITY]
    assert (r.registered == 1).all() and r.spell.tolist() == [5, 5]


def test_fit_is_the_plans_and_counts_only_while_the_case_is_active() -> None:
    r = people(6, status=Status.ACTIVITY, registered=1, activity=Activity.TRAINING, left=1, in_status=3)
    r.case[:] = [Case.NONE, Case.WAITING_HANDOVER, Case.LOST, Case.WAITING_PLAN, Case.WAITING_DECISION, 5]
    advanced(r, fit=1.0)
    assert r.gain.tolist() == pytest.approx([1.2] * 5 + [1.3])


def test_gains_have_a_ceiling_and_drop_outs_none() -> None:
    r = people(2, status=Status.ACTIVITY, registered=1, activity=Activity.TRAINING, left=[1, 5], in_status=3)
    r.gain[:] = 1.9
    advanced(r, drop_out_rate=ALWAYS)
    assert r.gain.tolist() == [2.0, 1.9]
    assert r.status.tolist() == [Status.OPEN, Status.OPEN]


def test_nothing_ends_in_the_month_in_which_it_began() -> None:
    r = people(3, status=[Status.ACTIVITY, Status.ACTIVITY, Status.SUBSIDISED], left=1)
    r.activity[:] = [Activity.TRAINING, Activity.GUIDANCE, Activity.NONE]
    advanced(r, drop_out_rate=ALWAYS, guidance_exit_rate=ALWAYS)
    assert r.status.tolist() == [Status.ACTIVITY, Status.ACTIVITY, Status.SUBSIDISED]
    assert r.left.tolist() == [1, 1, 1]


def test_establishment_lasts_24_months() -> None:
    r = people(
        2, status=Status.ACTIVITY, registered=1, activity=Activity.ESTABLISHMENT, origin=Origin.NEWCOMER
    )
    r.permit[:] = [MONTH - 24, MONTH - 23]
    advanced(r)
    assert r.status.tolist() == [Status.OPEN, Status.ACTIVITY]


def test_a_newcomer_whose_activity_ends_in_the_24_months_is_back_in_establishment() -> None:
    r = people(6, status=Status.ACTIVITY, registered=1, spell=9, origin=Origin.NEWCOMER, in_status=3)
    r.activity[:] = [Activity.TRAINING] * 4 + [Activity.GUIDANCE] * 2
    r.left[:], r.language[:] = [1, 1, 5, 5, 0, 0], 1
    r.permit[:] = MONTH - np.array([23, 24, 23, 24, 23, 24])  # completed, dropped, and guidance that ends
    advanced(r, drop_out_rate=ALWAYS, guidance_exit_rate=ALWAYS)
    assert r.activity.tolist() == [Activity.ESTABLISHMENT, Activity.NONE] * 3
    assert r.status.tolist() == [Status.ACTIVITY, Status.OPEN] * 3
    assert r.spell.tolist() == [9] * 6 and r.left.tolist() == r.language.tolist() == [0] * 6
    assert r.gain.tolist() == pytest.approx([1.2, 1.2, 1.0, 1.0, 1.0, 1.0])


def test_guarantees_for_those_without_insurance_and_for_youth() -> None:
    r = people(5, status=Status.OPEN, registered=1, spell=[14, 13, 14, 3, 2], insurance_days=[0, 0, 9, 9, 9])
    r.birth[3:] = MONTH - 24 * 12
    advanced(r, guarantee_youth_rate=ALWAYS)
    guided = (r.activity == Activity.GUIDANCE).tolist()
    assert guided == [True, False, False, True, False]


def supported(**columns: Any) -> ResidentColumns:
    """Two subsidised jobs and a wage place, of which the second job goes on; all of the same spell."""
    r = people(3, status=[Status.SUBSIDISED, Status.SUBSIDISED, Status.PLACEMENT], left=[1, 2, 1], **columns)
    r.in_status[:], r.spell[:], r.contact[:], r.reached[:] = 3, 17, MONTH - 20, 1
    return r


def test_a_subsidised_job_may_go_on_as_a_job_but_a_wage_place_ends_in_the_register() -> None:
    r = supported()
    assert advanced(r, subsidised_conversion=ALWAYS) == 1
    assert r.status.tolist() == [Status.EMPLOYED, Status.SUBSIDISED, Status.OPEN]
    assert r.registered.tolist() == [0, 0, 1]
    assert r.spell.tolist() == [0, 17, 17]
    assert r.contract[0] == 1
    assert r.gain.tolist() == pytest.approx([1.0, 1.0, 1.12])


def test_the_way_back_from_a_supported_job_is_to_the_same_spell_with_the_insurance_earned() -> None:
    r = supported(member=[1, 0, 0])
    r.worked[:] = 0b111111
    assert advanced(r, subsidised_conversion=NEVER) == 2
    assert r.status.tolist() == [Status.OPEN, Status.SUBSIDISED, Status.OPEN]
    assert r.registered.tolist() == [1, 0, 1]
    assert r.spell.tolist() == [17, 17, 17]
    assert r.contact.tolist() == [MONTH - 20] * 3 and r.reached.tolist() == [1, 1, 1]
    assert r.in_status.tolist() == [0, 3, 0]
    assert (r.case == Case.NONE).all()
    assert r.insurance.tolist() == [2, 0, 1]
    assert r.insurance_days.tolist() == [DAYS, 0, DAYS]
    assert r.glow.tolist() == [0, 0, 3]
    r.in_status[[0, 2]] += 1
    none = by_segment(0.0)
    register(
        tables(r, parameters(**REGISTER), h=homes(r)),
        everybody(r),
        NOBODY,
        keys(),
        MONTH + 1,
        1.0,
        DAYS,
        by_segment(1.0),
        none,
        none,
        none,
    )
    assert r.spell.tolist() == [18, 17, 18]


def test_a_wage_place_that_took_a_vacancy_leaves_it_when_it_ends_and_only_then() -> None:
    r = people(5, status=Status.PLACEMENT, left=[1, 1, 2, 1, 1], in_status=[3, 3, 3, 0, 3])
    r.took[:], r.sector[:], r.tier[:] = [1, 0, 1, 1, 1], [2, 2, 2, 2, 7], [0, 0, 0, 0, 2]
    p = parameters(**PROGRESS)
    returns, _, freed, _ = progress(
        tables(r, p), everybody(r), everybody(r), keys(), MONTH, by_segment(0.0), DAYS, NO_TRACKS
    )
    assert returns == 3
    assert {cell: int(number) for cell, number in enumerate(freed) if number} == {6: 1, 23: 1}
    assert r.took.tolist() == [0, 0, 1, 1, 0]


def test_reached_within_ninety_days_means_work_studies_training_or_practice() -> None:
    status = [Status.OPEN, Status.PLACEMENT, Status.EMPLOYED, Status.STUDYING, Status.OUTSIDE]
    r = people(6, status=[*status, Status.EMPLOYED], contact=[MONTH - 3] * 5 + [MONTH - 4], left=9)
    advanced(r)
    assert r.reached.tolist() == [0, 1, 1, 1, 0, 0]
    kinds = [kind for kind in Activity if kind != Activity.NONE]
    r = people(8, status=Status.ACTIVITY, registered=1, contact=MONTH - 1, activity=kinds, left=9)
    r.permit[:] = MONTH - 1
    advanced(r)
    reached = {Activity(kind) for kind in r.activity[r.reached == 1]}
    assert reached == set(kinds) - {Activity.GUIDANCE, Activity.ESTABLISHMENT}
