"""A fast stand-in for the model: an effect's mean as a function of some parameters' quantiles.

What the other parameters and chance do to the effect is noise to it. Of a straight line, a quadratic (both
ridge regressions) and a Gaussian process with a noise term, the one that predicts best what it has not seen
is taken.

Public names: `Emulator` and `fit_emulator`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Predictor = Callable[[Floats], Floats]
Chooser = Callable[[Floats, Floats], tuple[int, ...]]
KINDS = ("linear", "quadratic", "gaussian_process")
_FOLDS = 5
_LEARN = 400  # most rows that a Gaussian process learns its length scales from; it is fitted to all
_CHUNK = 4096
_PENALTIES = np.logspace(-2, 4, 19)


@dataclass(frozen=True)
class Emulator:
    """A fitted emulator.

    Attributes:
        kind: linear, quadratic or gaussian_process.
        r2: Cross-validated R2: 1 - squared errors on rows left out / squared deviations from the mean.
        r2_of: The same of every kind that was tried.
        kept: Columns that it looks at.
        predict: Mean of the effect at rows of quantiles of all parameters.
        without: Predictors fitted without one fold of the rows each, for the error of what is derived.
    """

    kind: str
    r2: float
    r2_of: dict[str, float]
    kept: tuple[int, ...]
    predict: Predictor
    without: tuple[Predictor, ...]


def fit_emulator(
    points: Floats, effect: Floats, choose: Chooser, seed: int = 1, kinds: Sequence[str] = KINDS
) -> Emulator:
    """Return the emulator that predicts best across folds, its parameters picked anew for each.

    Args:
        points: Quantiles of all parameters, ``[n, parameters]``.
        effect: The effect at each, ``[n]``.
        choose: Picks the columns to look at from the rows that are fitted to.
        seed: Decides the folds.
        kinds: Kinds to try.
    """
    from threadpoolctl import threadpool_limits  # comes with scikit-learn

    with threadpool_limits(1):  # matrices are small: threads cost up to ten times the time on a busy machine
        return _best(points, effect, choose, seed, kinds)


def _best(points: Floats, effect: Floats, choose: Chooser, seed: int, kinds: Sequence[str]) -> Emulator:
    """Fit all kinds without each fold, and the best of them to all."""
    folds = np.random.default_rng(seed).permutation(len(effect)) % min(_FOLDS, len(effect))
    fitted: dict[str, tuple[Predictor, ...]] = {}
    r2_of: dict[str, float] = {}
    for kind in kinds:
        parts, guess = [], np.empty_like(effect)
        for fold in range(folds.max() + 1):
            out = folds == fold
            predictor = _fitted(kind, points[~out], effect[~out], choose(points[~out], effect[~out]))
            guess[out] = predictor(points[out])
            parts.append(predictor)
        fitted[kind] = tuple(parts)
        r2_of[kind] = float(1 - np.sum((effect - guess) ** 2) / np.sum((effect - effect.mean()) ** 2))
    best = max(kinds, key=lambda kind: r2_of[kind])
    kept = choose(points, effect)
    return Emulator(best, r2_of[best], r2_of, kept, _fitted(best, points, effect, kept), fitted[best])


def _fitted(kind: str, every: Floats, effect: Floats, kept: tuple[int, ...]) -> Predictor:
    """Fit one kind to an effect in its own units."""
    points = every[:, kept]
    mean, scale = float(effect.mean()), float(effect.std()) or 1.0
    model = _gaussian_process(points) if kind == "gaussian_process" else _ridge(1 if kind == "linear" else 2)
    standard = (effect - mean) / scale
    if kind == "gaussian_process":
        model = _learned(model, points, standard)
    model.fit(_centred(points), standard)

    def predict(rows: Floats) -> Floats:
        mine = _centred(rows[:, kept])
        parts = [model.predict(mine[i : i + _CHUNK]) for i in range(0, len(mine), _CHUNK)]
        values: Floats = mean + scale * np.concatenate(parts)
        return values

    return predict


def _centred(points: Floats) -> Floats:
    return 2 * points - 1


def _ridge(degree: int) -> Any:
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    terms = PolynomialFeatures(degree, include_bias=False)
    return make_pipeline(terms, StandardScaler(), RidgeCV(_PENALTIES))


def _gaussian_process(points: Floats) -> Any:
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

    lengths = np.full(points.shape[1], 4.0)
    signal = ConstantKernel(1.0, (1e-3, 1e3)) * RBF(lengths, (0.3, 100.0))
    return GaussianProcessRegressor(signal + WhiteKernel(0.5, (1e-6, 10.0)), normalize_y=False)


def _learned(model: Any, points: Floats, effect: Floats) -> Any:
    """Learn the length scales and the noise from some of the rows, and hold them fixed."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor

    step = max(1, -(-len(effect) // _LEARN))
    with warnings.catch_warnings():  # a length scale at its upper bound is a parameter that hardly matters
        warnings.simplefilter("ignore", ConvergenceWarning)
        kernel = model.fit(_centred(points[::step]), effect[::step]).kernel_
    return GaussianProcessRegressor(kernel, optimizer=None)
