r"""Let a sensitivity analysis move calibrated parameters as their posterior does.

At each national point the municipal parameters are those that fit the figures there, so they go along with
the national ones. A ridge regression of their logs on the national parameters says how; what it leaves is an
uncertainty of their own, moved by independent normals:

.. math:: \log \theta = a + B \phi + L \epsilon, \quad \epsilon \sim N(0, 1)

Public names: `Posterior` and `case_posterior`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import RidgeCV

from sim.calibrate.sensitivity.space import Calibrated, Dimension
from sim.data.margins import margins_at
from sim.experiment.canonical import content_hash
from sim.policy.case import Case
from sim.policy.estimates import MUNICIPAL, load_estimate, municipal_priors, national_points

Floats = NDArray[np.float64]
_PENALTIES = np.logspace(-1, 4, 30)


@dataclass(frozen=True)
class Posterior:
    """Municipal parameters of a case, given its national ones.

    Attributes:
        calibrated: What the space takes: one value of each municipal parameter for the case.
        places: Turns a point's values into those of each municipality by code, all moved alike from their
            medians.
    """

    calibrated: Calibrated
    places: Callable[[Mapping[str, float]], dict[str, dict[str, float]]]


def case_posterior(case: Case) -> Posterior | None:
    """Return the posterior of a case, or None where a municipality has not been calibrated.

    What the case states itself is left to it.
    """
    found = {code: load_estimate(code) for code in case.municipalities}
    estimates = {code: one for code, one in found.items() if one is not None}
    names = [name for name in MUNICIPAL if name not in case.parameters]
    if len(estimates) < len(found) or not names:
        return None
    persons = np.array([margins_at(code, case.first_month).residents(16, 64) for code in estimates])
    weights = persons / persons.sum()
    draws = sum(w * one.draws for w, one in zip(weights, estimates.values(), strict=True))
    columns = [MUNICIPAL.index(name) for name in names]
    logs = np.log(np.asarray(draws)[:, columns])
    points = national_points()
    moving = [
        key for key in points[0] if key not in case.parameters and len({point[key] for point in points}) > 1
    ]
    table = np.array([[point[key] for key in moving] for point in points])
    centre, scale = table.mean(axis=0), table.std(axis=0)
    ridge = RidgeCV(alphas=_PENALTIES, alpha_per_target=True).fit((table - centre) / scale, logs)
    rest = logs - ridge.predict((table - centre) / scale)
    root = np.linalg.cholesky(np.cov(rest.T).reshape(len(names), len(names)))

    def turn(values: Mapping[str, float], normals: Sequence[float]) -> dict[str, float]:
        given = (np.array([values[key] for key in moving]) - centre) / scale
        moved = ridge.predict(given[None, :])[0] + root @ np.array(normals)
        return dict(zip(names, np.exp(moved).tolist(), strict=True))

    middle = np.median(np.asarray(draws), axis=0)

    def places(values: Mapping[str, float]) -> dict[str, dict[str, float]]:
        return {
            code: {name: values[name] * one.middle()[name] / middle[MUNICIPAL.index(name)] for name in names}
            for code, one in estimates.items()
        }

    priors = {prior.name: prior for prior in municipal_priors()}
    dimensions = tuple(
        Dimension(name, priors[name].label_sv, priors[name].label_en, priors[name].grade, "calibrated")
        for name in names
    )
    identity = content_hash([one.draws for one in estimates.values()])
    return Posterior(Calibrated(dimensions, turn, identity), places)
