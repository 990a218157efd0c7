"""The compiled model against the same rules in plain Python, one object per resident: equal to the bit."""

import numpy as np
import pytest
from numpy.typing import NDArray
from reference.agreement import Table, with_rows_permuted
from reference.market import CELLS
from reference.side_by_side import Month, assert_equal, assert_models_agree, compiled_horizon, treat
from reference.trial import demanding_policy, policies_of_two_towns, small_town, two_towns

from sim.model.columns import Activity, Case, Origin, Presence, Reason, Status, Workplace
from sim.model.counts import Count
from sim.model.inputs import alone
from sim.model.ledger import KINDS
from sim.model.simulate import burn_in

TREATED = 3
"""One in so many is in the treated arm of the trials here."""
END = two_towns().first.start + two_towns().first.horizon


def test_the_plain_model_agrees_exactly_without_a_policy() -> None:
    assert_models_agree(alone(small_town()), [None], order_seed=1)


def test_the_plain_model_agrees_exactly_under_a_policy_and_in_another_order() -> None:
    town = small_town()
    assert_models_agree(alone(town), [demanding_policy(town)], order_seed=2)


def test_the_models_agree_on_a_trial_in_which_some_are_treated() -> None:
    town = small_town(1000, horizon=18)
    assert_models_agree(alone(town), [demanding_policy(town, trial=True)], order_seed=3, treated=TREATED)


def test_the_models_agree_on_two_towns_whose_residents_commute_and_share_a_job_track() -> None:
    area = two_towns()
    assert_models_agree(area, policies_of_two_towns(area), order_seed=4)


@pytest.mark.slow
@pytest.mark.parametrize("replication", [1, 2])
def test_the_models_agree_in_larger_towns_and_with_tightness_held(replication: int) -> None:
    town = small_town(size=4000, burn_in=36, horizon=48, replication=replication)
    held = np.random.default_rng(replication).uniform(0.02, 0.3, (town.horizon, 1, len(CELLS)))
    policy = demanding_policy(town, seed=replication)
    assert_models_agree(alone(town), [policy], replication, held if replication == 2 else None)


@pytest.mark.slow
@pytest.mark.parametrize("replication", [1, 2, 3])
def test_the_models_agree_on_larger_areas_in_which_a_policy_may_stop_at_the_border(replication: int) -> None:
    area = two_towns(2500, 1200, horizon=40, replication=replication)
    first, second = policies_of_two_towns(area, replication, trial=replication == 3)
    held = np.random.default_rng(replication).uniform(0.02, 0.3, (40, 2, len(CELLS)))
    assert_models_agree(
        area,
        [first, None if replication == 1 else second],
        order_seed=replication,
        held=held if replication == 2 else None,
        treated=TREATED if replication == 3 else 0,
    )


def test_the_order_of_rows_changes_nothing() -> None:
    area = two_towns()
    states, policies = burn_in(area), policies_of_two_towns(area)
    permuted = [with_rows_permuted(state, seed=3 + number) for number, state in enumerate(states)]
    for one, other in zip(permuted, states, strict=True):
        assert (one.residents.id != other.residents.id).any()
    assert_equal(compiled_horizon(area, states, policies), compiled_horizon(area, permuted, policies))


def months_of_trial() -> list[Month]:
    """Every month of either town of an area under its policies, with a treated arm."""
    area = two_towns()
    states = burn_in(area)
    for state in states:
        treat(state, TREATED, area.first.start)
    months = compiled_horizon(area, states, policies_of_two_towns(area, trial=True))
    return [town for month in months for town in month]


def test_everything_happens_in_the_trial() -> None:
    """Agreement means little about a rule that nobody met."""
    months = months_of_trial()
    paid = {kind.name for index, kind in enumerate(KINDS) if any(month.flows[index] for month in months)}
    assert all(name.startswith("reform_") for name in {kind.name for kind in KINDS} - paid)
    assert "reform_staff_joint" in paid
    assert not {item.name for item in Count if not any(month.counts[item].any() for month in months)}
    assert not {name for name in months[0].tally if not any(month.tally[name] for month in months)}
    tables = [month.residents for month in months if month.residents]
    assert any(month.households["owed"].any() for month in months if month.households)
    for name, codes in (("status", Status), ("activity", Activity), ("case", Case), ("reason", Reason)):
        assert set(np.unique(np.concatenate([table[name] for table in tables]))) == {int(c) for c in codes}
    everybody = {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
    assert not {name for name, who in fates(everybody).items() if not who.any()}


def fates(of: Table) -> dict[str, NDArray[np.bool_]]:
    """What should happen to somebody, and to whom it does."""
    status, activity, track = of["status"], of["activity"], of["track"]
    placed, subsidised = status == Status.PLACEMENT, status == Status.SUBSIDISED
    practice, in_track = activity == Activity.MUNICIPAL_PRACTICE, activity == Activity.TRACK
    uninsured = (of["insurance"] == 0) & (of["origin"] != Origin.NEWCOMER)
    under_18_to_the_end = END - of["birth"] < 18 * 12
    here, in_first = of["presence"] == Presence.HERE, of["id"] >> 24 == 480
    result = {
        "child outside": here & (status == Status.OUTSIDE) & under_18_to_the_end,
        "supported job in a long spell": (placed | subsidised) & (of["spell"] >= 12),
        "extra job that took a vacancy": subsidised & (of["assigned"] == 1) & (of["took"] == 1),
        "extra job that took none": subsidised & (of["assigned"] == 1) & (of["took"] == 0),
        "subsidised job with a partner": subsidised & (of["assigned"] == 0) & (of["took"] == 1),
        "subsidised job through contacts": subsidised & (of["found"] == 1),
        "subsidised commuter": subsidised & (of["market"] > 0),
        "commuter from the first town": in_first & (of["market"] == 2),
        "commuter to the first town": ~in_first & (of["market"] == 1),
        "newcomer in a track": in_track & (of["origin"] == Origin.NEWCOMER),
        "track with vocational Swedish": in_track & (of["language"] == 1),
        "placement of a track": in_track & (of["left"] <= 2) & (track != 2),
        "track in the treated arm": in_track & (of["arm"] == 1),
        "track outside the treated arm": in_track & (of["arm"] == 0),
        "track completed in a new field": ~in_track & (track > 0) & (of["sector"] == of["track_field"]),
        "track dropped": ~in_track & (track > 0) & (of["sector"] != of["track_field"]),
        "shared track from the first town": in_first & (track == 2),
        "shared track from the other": ~in_first & (track == 2),
        "track of the other town alone": ~in_first & (track == 3),
        "duty that leaves no time to search": (of["duty"] == 1) & (of["weight"] == 0),
        "duty beside an activity": (of["duty"] == 1) & (status == Status.ACTIVITY),
    }
    for kind in (Activity.MUNICIPAL_PRACTICE, Activity.VOCATIONAL_SFI, Activity.EDUCATION):
        result[f"{kind.name} without support"] = (activity == kind) & uninsured & (of["spell"] < 14)
        result[f"{kind.name} in the guarantee"] = (activity == kind) & uninsured & (of["spell"] >= 14)
    for workplace in Workplace:
        at = of["contract"] == workplace
        result[f"{workplace.name} for a wage"] = placed & at
        result[f"{workplace.name} as practice"] = practice & at
        result[f"{workplace.name} that took a vacancy"] = placed & at & (of["took"] == 1)
    return result
