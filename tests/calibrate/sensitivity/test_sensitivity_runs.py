"""What is run, and how often: growing designs, resumption, failed runs, a calibration's remainder."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from known_town import WEIGHTS, effect, problem

from sim.calibrate.sensitivity import posterior as posterior_module
from sim.calibrate.sensitivity.designs import MORRIS_BOUNDS, Designs, Plan
from sim.calibrate.sensitivity.posterior import case_posterior
from sim.calibrate.sensitivity.runs import Answers, Headline, answers
from sim.calibrate.sensitivity.space import Calibrated, Dimension, Space
from sim.calibrate.sensitivity.study import analyse, case_problem
from sim.core.errors import SamspelError
from sim.experiment.cases import ParameterPoint, case_tasks, tasks_at
from sim.experiment.definition import orders
from sim.experiment.drawn import case_draws
from sim.experiment.runner import Places
from sim.policy.case import load_case
from sim.policy.estimates import MUNICIPAL, load_estimate, national_points
from sim.policy.uncertain import case_priors

MONEY = Headline("net_municipality", 2)
SMALL = Plan(trajectories=2, points=24, again=4, centre=3)
RUNS = 24 + 4 + 3 + 2 * (len(WEIGHTS) + 1)


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "calls.txt"
    monkeypatch.setenv("TOWN_CALLS", str(path))
    return path


def run(folder: Path, plan: Plan = SMALL) -> Answers:
    town = problem()
    return answers(town, Designs(plan, town.space), [MONEY], Places(1), folder, progress=False)


def count(calls: Path) -> int:
    return len(calls.read_text(encoding="utf-8").splitlines())


def test_a_second_call_runs_nothing_and_answers_the_same(tmp_path: Path, calls: Path) -> None:
    first = run(tmp_path)
    assert first.ran == count(calls) == RUNS == Designs(SMALL, problem().space).runs
    second = run(tmp_path)
    assert count(calls) == RUNS and (second.ran, second.folder) == (0, first.folder)
    assert np.array_equal(first.morris, second.morris) and np.array_equal(first.filling, second.filling)


def test_other_effects_are_read_of_the_same_runs(tmp_path: Path, calls: Path) -> None:
    run(tmp_path)
    town = problem()
    headlines = [Headline("cum_net_municipality", 3), MONEY]
    found = answers(town, Designs(SMALL, town.space), headlines, Places(1), tmp_path, progress=False)
    assert count(calls) == RUNS
    assert found.filling[:, 0] == pytest.approx(3 * found.filling[:, 1])


def test_a_larger_plan_only_adds_runs(tmp_path: Path, calls: Path) -> None:
    small = run(tmp_path)
    larger = run(tmp_path, Plan(trajectories=3, points=32, again=4, centre=3))
    assert larger.folder == small.folder and larger.ran == 8 + len(WEIGHTS) + 1
    assert count(calls) == RUNS + larger.ran
    assert np.array_equal(larger.filling[:24], small.filling)
    assert np.array_equal(larger.morris[: len(small.morris)], small.morris)


def test_an_interrupted_analysis_goes_on_where_it_was(
    tmp_path: Path, calls: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOWN_STOP", "20")
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path)
    monkeypatch.delenv("TOWN_STOP")
    resumed = run(tmp_path)
    assert count(calls) == RUNS + 1  # the one that was stopped
    assert resumed.ran < RUNS and np.isfinite(resumed.filling).all()
    whole = run(tmp_path / "other")
    assert np.array_equal(resumed.filling, whole.filling) and np.array_equal(resumed.morris, whole.morris)


def test_each_answer_belongs_to_its_point_and_chance(tmp_path: Path) -> None:
    found, town = run(tmp_path), problem()
    designs = Designs(SMALL, town.space)
    points = list(designs.points())
    for index in (0, 3, 23):
        assert found.filling[index, 0] == pytest.approx(
            effect(dict(points[index].values), points[index].chances[0])
        )
    assert found.again[3, 0] == pytest.approx(effect(dict(points[3].values), points[3].chances[1]))
    assert found.morris[-1, 0] == pytest.approx(effect(dict(points[-1].values), points[-1].chances[0]))
    size = len(WEIGHTS) + 1
    trajectories = [point.chances for point in points[-2 * size :]]
    assert (
        len(set(trajectories[:size])) == len(set(trajectories[size:])) == 1
        and trajectories[0] != trajectories[-1]
    )
    chances = [chance for point in points[:25] for chance in point.chances]
    assert len(set(chances)) == len(chances)


def test_a_trajectory_with_a_failed_run_is_left_out_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = problem()
    plan = Plan(trajectories=3, points=24, again=4, centre=3)
    points = list(Designs(plan, town.space).points())
    monkeypatch.setenv("TOWN_BROKEN", str(points[-1].chances[0]))
    result = analyse(town, [MONEY], plan, Places(1), tmp_path, progress=False)
    assert result.failed == len(WEIGHTS) + 1 and result.quality["trajectories"].item() == 2
    assert "runs failed and are left out" in result.summary()


def test_trajectories_change_one_parameter_at_a_time_within_their_bounds() -> None:
    designs = Designs(Plan(trajectories=3, points=20, again=2), problem().space)
    k = len(WEIGHTS)
    steps = np.diff(designs.morris.reshape(3, k + 1, k), axis=1)
    assert ((steps != 0).sum(axis=2) == 1).all() and ((steps != 0).sum(axis=1) == 1).all()
    assert np.abs(steps[steps != 0]) == pytest.approx(0.5)
    assert (designs.morris.min(), designs.morris.max()) == MORRIS_BOUNDS


def test_a_plan_that_is_too_small_is_refused() -> None:
    with pytest.raises(
        SamspelError, match=r"points = 5 is not allowed. Allowed: a whole number of at least 20"
    ):
        Plan(points=5)
    with pytest.raises(SamspelError, match=r"again = 200 is not allowed. Allowed: at most points = 100"):
        Plan(points=100)


def test_an_effect_that_does_not_vary_is_told(tmp_path: Path) -> None:
    with pytest.raises(SamspelError, match=r"net_state@2: the effect is 0 at every point"):
        analyse(problem(), [Headline("net_state", 2)], SMALL, Places(1), tmp_path, progress=False)


def test_tasks_at_drawn_values_are_those_of_the_draws() -> None:
    case = load_case("nykoping")
    points = [
        ParameterPoint(draw, one.values, (draw, draw + 2**20), one.places)
        for draw, one in enumerate(case_draws(case, 2, 3))
    ]
    ours, theirs = tasks_at(case, points, seed=3), case_tasks(case, 2, 2, seed=3)
    names = [[order.name for order in orders(tasks, "toy", "sources")] for tasks in (ours, theirs)]
    assert names[0] == names[1] and len(names[0]) == 4


def test_a_calibration_turns_normals_and_the_other_values_into_municipal_ones() -> None:
    def turn(values: Mapping[str, float], normals: Sequence[float]) -> dict[str, float]:
        assert "take_up_rate" not in values
        return {
            "take_up_rate": 0.18 + 0.01 * normals[0] + values["take_up_outside"],
            "entry_level": float(np.exp(normals[1])),
        }

    rows = tuple(
        Dimension(name, f"Talet {name}", f"Number {name}", "A", "calibrated")
        for name in ("take_up_rate", "entry_level")
    )
    case = load_case("nykoping")
    plain = Space(case_priors(case), case.name)
    space = Space(case_priors(case), case.name, Calibrated(rows, turn, "posterior-1"))
    assert isinstance(space, Space) and space.identity == "posterior-1" and plain.identity == "priors"
    assert space.names[-2:] == ["take_up_rate", "entry_level"] and len(space.names) == len(plain.names)
    assert len(set(space.names)) == len(space.names) and space.dimensions[-1].evidence == "A"
    centre = space.values(np.full(len(space.names), 0.5))
    assert centre["entry_level"] == pytest.approx(1.0)
    assert centre["take_up_rate"] == pytest.approx(0.18 + centre["take_up_outside"])
    point = np.full(len(space.names), 0.5)
    point[-2] = 0.975
    assert space.values(point)["take_up_rate"] == pytest.approx(centre["take_up_rate"] + 0.0196, abs=1e-4)


def test_calibrated_parameters_move_with_the_national_ones_as_in_their_posterior() -> None:
    case = load_case("nykoping")
    posterior = case_posterior(case)
    assert posterior is not None
    names = [dimension.name for dimension in posterior.calibrated.dimensions]
    assert names == list(MUNICIPAL)
    rng, turned = np.random.default_rng(1), []
    for point in national_points():
        values = posterior.calibrated.turn(point, rng.standard_normal(len(names)).tolist())
        turned.append([values[name] for name in names])
    estimate = load_estimate("0480")
    assert estimate is not None
    ours, theirs = np.log(turned), np.log(estimate.draws)
    assert ours.mean(axis=0) == pytest.approx(theirs.mean(axis=0), abs=0.03)
    assert ours.std(axis=0) == pytest.approx(theirs.std(axis=0), rel=0.25)
    assert np.corrcoef(ours.T)[0, 1] == pytest.approx(np.corrcoef(theirs.T)[0, 1], abs=0.2)
    one = {**national_points()[0], **dict(zip(names, (1.1, 0.2, 0.15), strict=True))}
    assert posterior.places(one)["0480"] == pytest.approx(dict(zip(names, (1.1, 0.2, 0.15), strict=True)))


def test_a_case_with_an_uncalibrated_municipality_has_no_posterior(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posterior_module, "load_estimate", lambda code: None)
    assert case_posterior(load_case("osby")) is None


def test_the_ranges_of_a_case_are_told_from_general_parameters() -> None:
    dimensions = {one.name: one for one in case_problem(load_case("nykoping")).space.dimensions}
    assert dimensions["municipal_placements[0].places"].evidence == "case_settings"
    assert dimensions["starting_position.coordination"].evidence == "case_settings"
    assert dimensions["supervision_share"].evidence == "C" and dimensions["contact_gain"].evidence == "B"
    assert dimensions["demand_multiplier"].evidence == "scenario"
