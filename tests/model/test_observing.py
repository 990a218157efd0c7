"""The model counts itself: activities, duty, insurance and commuting, by hand and by sex and group."""

import numpy as np
from model_worlds import homes, observed, people

from sim.model.columns import Activity, Group, Status
from sim.model.counts import Count

KINDS = [kind for kind in Activity if kind != Activity.NONE]


def test_participants_are_counted_by_what_they_take_part_in() -> None:
    r = people(8, status=Status.ACTIVITY, registered=1, activity=KINDS)
    counted = observed(r, homes(r)).sum(axis=(1, 2))
    assert counted[Count.in_activity] == counted[Count.af_stock] == 8
    assert counted[Count.in_training] == 4  # training, adult education, vocational Swedish, a track
    assert counted[Count.in_track] == counted[Count.municipal_practice] == 1
    assert counted[Count.in_establishment] == 1
    assert counted[Count.open_unemployed] == counted[Count.employed] == 0


def test_an_activity_is_counted_only_while_one_is_in_it() -> None:
    status = [Status.OPEN, Status.EMPLOYED, Status.PLACEMENT, Status.STUDYING, Status.OUTSIDE]
    r = people(5, status=status, track=1, track_field=3)
    counted = observed(r, homes(r)).sum(axis=(1, 2))
    assert counted[[Count.in_training, Count.in_track, Count.in_establishment, Count.in_activity]].sum() == 0
    assert counted[[Count.open_unemployed, Count.studying, Count.outside]].tolist() == [1, 1, 1]
    assert counted[[Count.employed, Count.employed_unsubsidised, Count.placement]].tolist() == [2, 1, 1]


def test_commuters_are_those_at_work_in_another_municipality() -> None:
    status = [Status.EMPLOYED, Status.SUBSIDISED, Status.EMPLOYED, Status.OPEN, Status.EMPLOYED]
    r = people(5, status=status, market=[2, 1, 0, 2, 2])
    r.presence[4] = 2
    assert observed(r, homes(r))[Count.commuters].sum() == 2


def test_duty_and_insurance_are_counted_by_sex_and_group() -> None:
    r = people(4, status=Status.OPEN, registered=1, duty=[1, 1, 0, 1], insured=[1, 0, 0, 1])
    r.sex[:], r.group[:] = [0, 1, 1, 1], [Group.OTHER, Group.YOUTH, Group.YOUTH, Group.LONG_TERM]
    counted = observed(r, homes(r))
    duty = np.zeros((2, 4), dtype=np.int64)
    duty[0, Group.OTHER] = duty[1, Group.YOUTH] = duty[1, Group.LONG_TERM] = 1
    assert (counted[Count.under_duty] == duty).all()
    assert counted[Count.insured].sum(axis=1).tolist() == [1, 1]
