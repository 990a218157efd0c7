"""Known variances are recovered, and pooling obeys its algebra."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.calibrate.statistics.noise import split_noise
from sim.calibrate.statistics.pooling import Pooled, partial_pooling
from sim.core.errors import SamspelError

Floats = NDArray[np.float64]

PLACES, GROUPS = 600, 12
BETWEEN, GROUP, MEAN, EFFECT = 0.25, 0.15, -2.0, 0.1


@pytest.fixture(scope="module")
def made() -> tuple[Floats, Floats, Floats, list[str], Floats]:
    rng = np.random.default_rng(20260801)
    groups = np.arange(PLACES) % GROUPS
    covariate = rng.normal(size=PLACES)
    covariate = (covariate - covariate.mean()) / covariate.std()
    noise = 1.0 / rng.integers(15, 3000, PLACES)
    level = MEAN + EFFECT * covariate + rng.normal(0, GROUP, GROUPS)[groups] + rng.normal(0, BETWEEN, PLACES)
    own = level + rng.normal(0, np.sqrt(noise))
    return own, noise, covariate[:, None], [f"g{group:02d}" for group in groups], level


@pytest.fixture(scope="module")
def pooled(made: tuple[Floats, Floats, Floats, list[str], Floats]) -> Pooled:
    own, noise, covariate, groups, _ = made
    return partial_pooling(own, noise, covariate, groups, "made-up levels")


def test_variances_and_effect_are_recovered(pooled: Pooled) -> None:
    assert abs(pooled.between_sd - BETWEEN) < 3 * BETWEEN / np.sqrt(2 * PLACES)
    assert abs(pooled.group_sd - GROUP) < 3 * GROUP / np.sqrt(2 * (GROUPS - 1))
    assert abs(pooled.mean - MEAN) < 3 * pooled.mean_se
    assert abs(pooled.coefficients[0] - EFFECT) < 3 * pooled.coefficient_ses[0]
    assert pooled.weighted_scale == pytest.approx(1, abs=1e-3)


def test_errors_have_the_size_that_they_claim(
    made: tuple[Floats, Floats, Floats, list[str], Floats], pooled: Pooled
) -> None:
    level = made[4]
    tolerance = 4 / np.sqrt(2 * PLACES)
    assert np.std((pooled.pooled - level) / pooled.pooled_sd) == pytest.approx(1, abs=tolerance)
    assert np.std((pooled.without - level) / pooled.without_sd) == pytest.approx(1, abs=tolerance)


def test_pooled_lies_between_own_figure_and_prediction(
    made: tuple[Floats, Floats, Floats, list[str], Floats], pooled: Pooled
) -> None:
    own = made[0]
    low, high = np.minimum(own, pooled.without), np.maximum(own, pooled.without)
    assert np.all((pooled.pooled >= low - 1e-12) & (pooled.pooled <= high + 1e-12))
    assert np.all(pooled.pooled_sd < pooled.without_sd)


def test_prediction_without_own_figure_is_what_leaving_it_out_gives(
    made: tuple[Floats, Floats, Floats, list[str], Floats], pooled: Pooled
) -> None:
    own, noise, covariate, groups, _ = made
    missing = own.copy()
    missing[:3] = np.nan
    again = partial_pooling(missing, noise, covariate, groups, "made-up levels")
    assert again.n == PLACES - 3
    np.testing.assert_array_equal(again.pooled[:3], again.without[:3])
    np.testing.assert_allclose(
        again.pooled[:3], pooled.without[:3], atol=0.02
    )  # variances are estimated anew
    np.testing.assert_allclose(again.pooled_sd[:3], pooled.without_sd[:3], rtol=0.02)


@pytest.mark.parametrize("seed", range(4))
def test_groups_that_do_not_differ_are_an_answer(seed: int) -> None:
    rng = np.random.default_rng(seed)
    own = rng.normal(0, 0.3, 90)
    groups = [str(place % 9) for place in range(90)]
    found = partial_pooling(own, np.full(90, 0.01), np.empty((90, 0)), groups, "no groups")
    assert 0 <= found.group_sd < 0.15


@pytest.mark.parametrize(
    ("own", "sampling", "message"),
    [
        (np.arange(5.0), np.ones(5), "levels: too few observations, 5. Allowed: at least 20."),
        (np.full(30, 2.0), np.ones(30), "levels: all 30 figures are .*2.0.*Allowed: some variation."),
        (np.arange(30.0), np.zeros(30), "levels: sampling variance = .*0.0.*Allowed: positive numbers."),
    ],
)
def test_figures_that_cannot_be_pooled(own: Floats, sampling: Floats, message: str) -> None:
    groups = [str(place % 3) for place in range(len(own))]
    with pytest.raises(SamspelError, match=message):
        partial_pooling(own, sampling, np.empty((len(own), 0)), groups, "levels")


def test_noise_is_split_into_its_parts() -> None:
    rng = np.random.default_rng(7)
    counts = rng.integers(20, 2000, 4000).astype(np.float64)
    residuals = rng.normal(0, np.sqrt(0.002 + 0.8 / counts))
    noise = split_noise(residuals, counts, 1.0, "made-up residuals")
    assert abs(noise.shared - 0.002) < 3 * noise.shared_se
    assert abs(noise.dispersion - 0.8) < 3 * noise.dispersion_se


def test_noise_without_a_shared_part_has_none() -> None:
    counts = np.tile([50.0, 500.0], 200)
    residuals = np.tile([1.0, -0.01, -1.0, 0.01], 100) / np.sqrt(np.tile([50.0, 500.0], 200))
    noise = split_noise(residuals, counts, 1.0, "falls faster than the count")
    assert noise.shared == 0
    assert noise.dispersion > 0
