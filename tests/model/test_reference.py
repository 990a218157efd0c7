"""The compiled model against the same rules in plain Python, one object per resident: equal to the bit."""

import numpy as np
import pytest
from reference.agreement import with_rows_permuted
from reference.market import CELLS
from reference.side_by_side import Month, assert_equal, assert_models_agree, compiled_horizon, treat
from reference.trial import demanding_policy, policies_of_two_towns, small_town, two_towns

from sim.model.columns import Activity, Case, Reason, Status, Workplace
from sim.model.inputs import alone
from sim.model.ledger import KINDS
from sim.model.rules.observing import Count
from sim.model.simulate import burn_in

SUPPORTED = (Status.PLACEMENT, Status.SUBSIDISED)
TREATED = 3
"""One in so many is in the treated arm of the trials here."""


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
        treat(state, TREATED)
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
    in_practice = (table["spell"][table["activity"] == Activity.MUNICIPAL_PRACTICE] for table in tables)
    assert {bool(spell >= 14) for spells in in_practice for spell in spells} == {True, False}
    supported = (table["spell"][np.isin(table["status"], SUPPORTED)] for table in tables)
    assert max(int(spells.max()) for spells in supported if spells.size) >= 12
    for name, codes in (("status", Status), ("activity", Activity), ("case", Case), ("reason", Reason)):
        assert set(np.unique(np.concatenate([table[name] for table in tables]))) == {int(c) for c in codes}
