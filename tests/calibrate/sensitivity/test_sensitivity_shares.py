"""Shares of known functions: an additive town end to end, Ishigami's indices; they always sum to one."""

import numpy as np
import polars as pl
import pytest
from known_town import CHANCE_SD, WEIGHTS, problem

from sim.calibrate.sensitivity.designs import Designs, Plan, morris_problem
from sim.calibrate.sensitivity.emulator import Emulator, Floats, fit_emulator
from sim.calibrate.sensitivity.indices import sobol_indices
from sim.calibrate.sensitivity.result import SensitivityResult, write_estimates
from sim.calibrate.sensitivity.runs import Headline
from sim.calibrate.sensitivity.screening import chooser, screen
from sim.calibrate.sensitivity.shares import EVIDENCE, divide
from sim.calibrate.sensitivity.study import analyse
from sim.experiment.runner import Places

MONEY = Headline("net_municipality", 2)
PARAMETER_VARIANCE = {name: weight**2 / 12 for name, weight in WEIGHTS.items()}
VARIANCE = sum(PARAMETER_VARIANCE.values()) + CHANCE_SD**2
PLAN = Plan(trajectories=4, points=160, again=160, centre=60, keep=5)


def ishigami(quantiles: Floats) -> Floats:
    x = -np.pi + 2 * np.pi * quantiles
    value: Floats = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    return value


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> SensitivityResult:
    return analyse(problem(), [MONEY], PLAN, Places(1), tmp_path_factory.mktemp("runs"), progress=False)


def test_ishigami_has_its_published_indices() -> None:
    emulator = Emulator("exact", 1.0, {}, (0, 1, 2), ishigami, (ishigami, ishigami))
    indices = sobol_indices(emulator, ["x1", "x2", "x3"], sample=1024)
    assert indices.first == pytest.approx([0.314, 0.442, 0.0], abs=0.03)
    assert indices.total == pytest.approx([0.558, 0.442, 0.244], abs=0.03)
    assert (indices.total_conf > 0).all()


def test_parameters_outside_the_emulator_stay_at_their_medians() -> None:
    emulator = Emulator("exact", 1.0, {}, (1,), ishigami, (ishigami,))
    indices = sobol_indices(emulator, ["x1", "x2", "x3"])
    assert indices.first == pytest.approx([1.0], abs=0.03) and indices.total == pytest.approx([1.0], abs=0.03)


def test_an_additive_town_has_the_shares_that_its_weights_give(found: SensitivityResult) -> None:
    shares = dict(found.parameters.select("parameter", "share").rows())
    for name in ("much", "some", "setting", "world"):
        assert shares[name] == pytest.approx(PARAMETER_VARIANCE[name] / VARIANCE, abs=0.06), name
    assert shares["chance"] == pytest.approx(CHANCE_SD**2 / VARIANCE, abs=0.1)
    assert (shares["nothing"] or 0.0) < 0.02
    first = found.parameters.filter(parameter="much")
    assert first["first"].item() == pytest.approx(first["total"].item(), abs=0.03)


def test_elementary_effects_are_the_weights_where_chance_is_held(found: SensitivityResult) -> None:
    rows = {row["parameter"]: row for row in found.parameters.iter_rows(named=True)}
    for name, weight in WEIGHTS.items():
        assert rows[name]["mu_star"] == pytest.approx(0.75 * weight, abs=1e-9)
        assert rows[name]["sigma"] == pytest.approx(0.0, abs=1e-9)


def test_shares_sum_to_one_by_parameter_and_by_grade(found: SensitivityResult) -> None:
    assert found.parameters["share"].sum() == pytest.approx(1.0)
    assert found.grades["grade"].to_list() == list(EVIDENCE)
    assert found.grades["share"].sum() == pytest.approx(1.0) and (found.grades["share"] >= 0).all()
    by_name = dict(found.parameters.select("parameter", "share").rows())
    assert found.share("case_settings", "net_municipality", 2) == pytest.approx(by_name["setting"])
    assert found.share("scenario", "net_municipality", 2) == pytest.approx(by_name["world"])
    assert found.share("B", "net_municipality", 2) == pytest.approx(by_name["some"])


def test_regression_on_each_parameter_alone_agrees(found: SensitivityResult) -> None:
    check = dict(found.regression.select("grade", "share").rows())
    ours = dict(found.grades.select("grade", "share").rows())
    assert check["B"] == pytest.approx(ours["B"], abs=0.05)
    assert check["C"] == pytest.approx(ours["C"] + ours["case_settings"], abs=0.05)
    assert check["rest"] == pytest.approx(ours["chance"] + ours["rest"], abs=0.1)


def test_tables_and_text_say_what_was_found(
    found: SensitivityResult, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kept = pl.read_csv(found.folder / "sensitivity-parameters.csv")
    assert kept.height == len(WEIGHTS) + 2 and kept["parameter"][0] == "much"
    text = found.summary()
    assert (
        "grade C (remembered or assumed)" in text
        and "net_municipality, month 2" in text
        and "much (C)" in text
    )
    paths = write_estimates(found, tmp_path_factory.mktemp("estimates"))
    table = pl.read_csv(paths[0])
    assert [path.name for path in paths] == ["town.csv", "town-quality.csv"]
    assert table["share"].sum() == pytest.approx(1.0, abs=0.001) and table["label_sv"][0] == "Talet much"


def test_chance_and_emulator_never_come_to_more_than_one() -> None:
    rng = np.random.default_rng(1)
    first, again = rng.normal(size=200), rng.normal(size=50)
    division = divide(first, again, 0.4)
    assert division.chance + division.emulator + division.rest == pytest.approx(1.0)
    assert division.rest == 0.0 and division.emulator == pytest.approx(0.4 / 1.4, abs=0.1)


def test_noise_is_what_pure_chance_stays_below() -> None:
    designs = Designs(Plan(trajectories=8, points=20, again=2), problem([f"x{i}" for i in range(60)]).space)
    names, rng = designs.space.names, np.random.default_rng(3)
    shares = []
    for _ in range(40):
        effect = rng.normal(0, 2.0, len(designs.morris))
        shares.append(screen(names, designs.morris, effect, 2.0).above_noise.mean())
    assert np.mean(shares) == pytest.approx(0.05, abs=0.02)
    assert morris_problem(names)["num_vars"] == 60


def test_the_chooser_takes_what_moves_the_effect_and_little_else() -> None:
    rng = np.random.default_rng(5)
    designs = Designs(Plan(trajectories=6, points=400, again=2), problem([f"x{i}" for i in range(80)]).space)
    weights = np.zeros(80)
    weights[[3, 30]] = 2.0, 1.0

    def answer(points: Floats) -> Floats:
        value: Floats = points @ weights + 3.0 * (2 * points[:, 50] - 1) ** 2
        return value

    morris = answer(designs.morris)
    screening = screen(designs.space.names, designs.morris, morris, 0.5)
    effect = answer(designs.filling) + rng.normal(0, 0.5, 400)
    kept = chooser(screening, 16)(designs.filling, effect)
    assert {3, 30, 50} <= set(kept) and len(kept) <= 8  # a straight line alone would not see the fiftieth
    assert chooser(screening, 1)(designs.filling, effect) == (50,)


def test_an_emulator_of_a_curve_beats_a_straight_line_and_of_noise_explains_nothing() -> None:
    rng = np.random.default_rng(7)
    points = rng.random((200, 3))
    curved = (2 * points[:, 0] - 1) ** 2 + rng.normal(0, 0.05, 200)
    emulator = fit_emulator(points, curved, lambda *_: (0, 1), kinds=("linear", "quadratic"))
    assert emulator.kind == "quadratic" and emulator.r2 > 0.9 and emulator.r2_of["linear"] < 0.1
    assert fit_emulator(points, rng.normal(size=200), lambda *_: (0, 1), kinds=("linear",)).r2 < 0.05
