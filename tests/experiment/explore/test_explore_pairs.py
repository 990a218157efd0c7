"""Pairs of the explorer are the pairs of the report, and a town of fewer residents has a smaller policy."""

import dataclasses

import numpy as np
import pytest

from sim.core.errors import SamspelError
from sim.experiment.cases import case_tasks
from sim.experiment.explore.answer import answered
from sim.experiment.explore.draft import placed_case, with_levers
from sim.experiment.explore.pairs import REACHED, Pair, Pairs, Sample
from sim.experiment.explore.thinned import thinned_area, thinned_policy
from sim.experiment.pairs import differences
from sim.model.inputs import ModelInputs, alone
from sim.model.simulate import simulate
from sim.policy.case import Case
from sim.policy.channels import Channel
from sim.policy.compiled import CompiledPolicy, compile_policy

SMALL = Sample(pairs=2, persons=800, burn_in=24)


@pytest.fixture(scope="module")
def case() -> Case:
    """Nyköping's reform in Bjurholm, the smallest municipality."""
    return placed_case("nykoping", "Bjurholm", horizon=18)


def places(case: Case, number: int, start: str = "") -> Case:
    entry = {
        "lever": "municipal_placements",
        "places": number,
        "ordinary_share": 0.5,
        "practice_share": 0.5,
        "start": start or case.start,
        "fidelity": 1.0,
    }
    return with_levers(case, [entry])


def test_a_pair_with_everybody_is_the_pair_of_the_report(case: Case) -> None:
    sample = dataclasses.replace(SMALL, persons=10**9)
    found = Pairs(sample).pairs(case)
    for task, pair in zip(case_tasks(case, 2, burn_in=24), found, strict=True):
        own = task.policies[0]
        assert isinstance(own, CompiledPolicy)
        baseline, policy = simulate(task.inputs, [None, own])
        changes = differences(baseline, policy)
        assert pair.share == 1.0
        for name in ("employed", "assistance_households", "cum_net_public", "displaced"):
            np.testing.assert_array_equal(pair.effects[name], changes[name, "all"])
        sums = [
            [world.series[name, "all"][6:18].sum() for name in ("reached_90", "contacts_90")]
            for world in (baseline, policy)
        ]
        (before, all_before), (after, all_after) = sums
        assert pair.effects[REACHED][17] == pytest.approx(100 * (after / all_after - before / all_before))
        np.testing.assert_array_equal(pair.before["employed"], baseline.series["employed", "all"])


def test_a_pair_of_fewer_residents_is_what_the_model_gives_for_them(case: Case) -> None:
    pair = Pairs(SMALL).pair(case, 1)
    _, task = case_tasks(case, 2, burn_in=24)
    assert isinstance(task.inputs, ModelInputs) and isinstance(task.policies[0], CompiledPolicy)
    area = thinned_area(alone(task.inputs), pair.share)
    baseline, policy = simulate(area, [None, thinned_policy(task.policies[0], pair.share)])
    change = policy.series["employed", "all"] - baseline.series["employed", "all"]
    np.testing.assert_array_equal(pair.effects["employed"], change / pair.share)
    assert area.first.size == 800


def test_what_is_kept_in_memory_changes_no_number(case: Case) -> None:
    pairs = Pairs(SMALL)
    changed = places(case, 40)
    pairs.pairs(case)
    again, fresh = pairs.pairs(changed), Pairs(SMALL).pairs(changed)
    for first, second in zip(again, fresh, strict=True):
        for name, values in first.effects.items():
            np.testing.assert_array_equal(values, second.effects[name])


def test_no_lever_and_neutral_settings_change_nothing(case: Case) -> None:
    for levers in ([], [{"lever": "municipal_placements", "start": case.start}]):
        answer = answered(case, Pairs(SMALL).pairs(with_levers(case, levers)))
        for band in answer.effects.values():
            assert not band.mean.any() and not band.low.any() and not band.high.any()


def test_places_in_use_do_not_depend_on_how_many_are_simulated() -> None:
    case = places(placed_case("nykoping", horizon=12), 300)
    used = [
        answered(case, Pairs(Sample(3, persons, burn_in=24)).pairs(case)).after["places_in_use"].mean[-1]
        for persons in (6_000, 12_000)
    ]
    assert used[0] == pytest.approx(used[1], rel=0.1)
    assert 250 < used[0] <= 300 + 60  # the places that are there already come on top


def test_thinning_takes_places_and_sums_and_leaves_rates(case: Case) -> None:
    draw = next(iter(case_tasks(case, 1))).values
    whole = compile_policy(case, draw)
    half = thinned_policy(whole, 0.5)
    places_now = whole.path[:, :, Channel.ORDINARY_PLACES]
    np.testing.assert_array_equal(half.path[:, :, Channel.ORDINARY_PLACES], 0.5 * places_now)
    np.testing.assert_array_equal(half.path[:, :, Channel.CASELOAD], whole.path[:, :, Channel.CASELOAD])
    assert places_now.any()
    by_month = [(a.ore_per_unit, b.ore_per_unit) for a, b in zip(half.costs, whole.costs, strict=True)
                if b.unit in ("month", "once")]  # fmt: skip
    assert by_month and all(abs(a - 0.5 * b) <= 1 for a, b in by_month)
    rest = [line for line in whole.costs if line.unit not in ("month", "once")]
    assert all(line in half.costs for line in rest) and rest


def test_the_whole_country_is_refused() -> None:
    with pytest.raises(SamspelError, match="samspel run"):
        Pairs(SMALL).pairs(placed_case("sverige", horizon=12))


def _pair(value: float) -> Pair:
    return Pair(0, 1.0, {"employed": np.array([0.0, value])}, {}, {})


def test_few_pairs_have_a_wide_band_and_many_have_percentiles(case: Case) -> None:
    few = answered(case, [_pair(value) for value in (1.0, 2.0, 3.0, 4.0)])
    spread = 2.3534 * 1.2910 * np.sqrt(1.25)  # t(0.95; 3), standard deviation, next pair
    assert few.effects["employed"].low[1] == pytest.approx(2.5 - spread, abs=1e-3)
    assert few.effects["employed"].high[1] == pytest.approx(2.5 + spread, abs=1e-3)
    assert few.half_width == pytest.approx(1.6449 * 1.2910 / 2, abs=1e-3)
    many = answered(case, [_pair(float(value)) for value in range(21)])
    assert many.effects["employed"].low[1] == pytest.approx(1.0)
    assert many.effects["employed"].high[1] == pytest.approx(19.0)
