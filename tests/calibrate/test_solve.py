import numpy as np
import pytest
from numpy.typing import NDArray

from sim.calibrate.emulator import LocalEmulator, WideEmulator
from sim.calibrate.solve import slopes, solve

Floats = NDArray[np.float64]
SLOPES = np.array([[0.7, -0.7, 0.0], [0.8, -0.3, 0.0], [0.6, -1.0, 0.5]])
MIDDLE = np.array([-2.8, 2.4, -4.0])


def linear(z: Floats) -> Floats:
    moments: Floats = MIDDLE + z @ SLOPES.T
    return moments


class Known:
    """A model known exactly."""

    def predict(self, z: Floats) -> Floats:
        return linear(z)


def normals(n: int, seed: int) -> Floats:
    return np.random.default_rng(seed).standard_normal((n, 3))


def test_draws_of_a_linear_model_are_draws_from_its_exact_posterior() -> None:
    n, sd, noise = 20_000, np.array([0.02, 0.03, 0.04]), np.array([0.05, 0.05, 0.1])
    truth = np.array([0.4, -0.2, 0.6])
    emulator = Known()
    wanted = linear(truth[None, :]) + normals(n, 2) * sd
    z = solve(emulator, normals(n, 3) * noise, wanted, sd, normals(n, 4), np.zeros((n, 3)))
    # given the residual of a draw the posterior is normal with this precision; residuals add their spread
    gain = np.linalg.solve(SLOPES.T @ np.diag(sd**-2) @ SLOPES + np.eye(3), SLOPES.T @ np.diag(sd**-2))
    inner = np.linalg.inv(SLOPES.T @ np.diag(sd**-2) @ SLOPES + np.eye(3))
    covariance = inner + gain @ np.diag(noise**2) @ gain.T
    mean = gain @ SLOPES @ truth
    error = np.sqrt(np.diag(covariance) / n)
    assert np.abs(z.mean(axis=0) - mean) == pytest.approx(np.zeros(3), abs=float(4.5 * error.max()))
    assert np.cov(z.T) == pytest.approx(covariance, rel=0.08, abs=0.003)


def test_a_moment_that_says_nothing_leaves_the_prior() -> None:
    sd = np.array([0.02, 0.02, 1e6])
    emulator = Known()
    prior = normals(4000, 5)
    z = solve(emulator, np.zeros((4000, 3)), linear(np.zeros((4000, 3))), sd, prior, np.zeros((4000, 3)))
    assert z[:, 2].std() == pytest.approx(prior[:, 2].std(), rel=0.02)
    assert z[:, :2].std(axis=0).max() < 0.2


def test_slopes_are_the_derivatives_where_they_are_asked_for() -> None:
    class Curved:
        def predict(self, z: Floats) -> Floats:
            moments: Floats = linear(z) + 0.1 * z[:, :1] ** 2
            return moments

    at = normals(5, 7)
    found = slopes(Curved(), at)
    assert found[:, 0, 0] == pytest.approx(SLOPES[0, 0] + 0.2 * at[:, 0], abs=1e-6)
    assert found[:, 1, 2] == pytest.approx(np.zeros(5), abs=1e-9)


def test_runs_near_the_figures_correct_level_and_slopes_by_what_they_can_tell() -> None:
    z = 0.3 * normals(200, 6)
    truth = linear(z) + 0.2 + 0.3 * z[:, :1]
    exact = LocalEmulator.fit(z, truth, Known())
    assert exact.predict(z) == pytest.approx(truth, abs=0.01)
    noisy = LocalEmulator.fit(z, truth + 3.0 * normals(200, 11), Known())
    assert noisy.spread == pytest.approx(np.full(3, 3.0), rel=0.2)
    assert np.abs(slopes(noisy, z[:5]) - SLOPES).max() < 1.0, "a wild line is not believed"


def test_the_wide_emulator_tells_noise_from_shape() -> None:
    z, noise = normals(64, 8), 0.1 * normals(64, 9)
    emulator = WideEmulator.fit(z, linear(z) + np.sin(z) * 0.3 + noise)
    at = 0.7 * normals(200, 10)
    mean, sd = emulator.predict(at), emulator.unsure(at)
    assert np.sqrt(((mean - linear(at) - np.sin(at) * 0.3) ** 2).mean()) < 0.08
    assert emulator.spread == pytest.approx(np.full(3, 0.1), rel=0.35)
    assert sd.shape == (200, 3)
