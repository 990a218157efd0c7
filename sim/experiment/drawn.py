"""Draw all that is uncertain about a case: calibrated parameters from their estimates, the rest from priors.

Draw i of a case takes the national parameters of one calibrated point and, for each municipality, the
municipal parameters that fitted its figures at that very point; so what fits together stays together.
Levers, the scenario and what the case itself knows better come from their own priors.

Public names: `CaseDraw`, `case_draws` and `central_draw`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.data.margins import margins_at
from sim.policy.case import Case
from sim.policy.estimates import MUNICIPAL, POINTS, Estimate, load_estimate, national_points
from sim.policy.posteriors import Posterior
from sim.policy.priors import Prior, central, draw_parameters
from sim.policy.uncertain import case_priors


@dataclass(frozen=True)
class CaseDraw:
    """One draw.

    Attributes:
        values: All parameters by name; for several municipalities their means of the municipal ones,
            weighted by residents.
        places: The municipal parameters of each municipality by its code.
        point: The national point taken; -1 where there is none.
    """

    values: Mapping[str, float]
    places: Mapping[str, Mapping[str, float]]
    point: int = -1


def case_draws(
    case: Case,
    draws: int,
    seed: int,
    posterior: Posterior | None = None,
    priors: Sequence[Prior] | None = None,
) -> Iterator[CaseDraw]:
    """Yield ``draws`` draws; a longer list only adds draws at its end, but for those of a posterior.

    The calibrated points are taken in an order that the seed decides, and again from the first when all have
    been used. A municipality without an estimate keeps the draw from its wide priors. A named posterior
    decides the points, and the parameters that it has and the case does not know better. Where ``priors`` are
    given, they are drawn instead of `sim.policy.uncertain.case_priors`, in their order; they must hold all of
    those.
    """
    estimates = _estimates(case)
    national = national_points()
    order = np.random.default_rng(seed).permutation(POINTS).tolist()
    drawn = case_priors(case) if priors is None else priors
    learnt = posterior.draws(draws, seed) if posterior else None
    for index, own in enumerate(draw_parameters(drawn, draws, seed)):
        point, better = next(learnt) if learnt else (order[index % POINTS], {})
        fitted = {code: estimate.at(point) if estimate else None for code, estimate in estimates.items()}
        known = national[point] if any(fitted.values()) else {}
        shared = {
            name: value
            for name, value in better.items()
            if name in own and name not in {*known, *case.parameters}
        }
        yield replace(_draw(case, {**own, **shared}, known, fitted), point=point)


def central_draw(case: Case) -> CaseDraw:
    """Return the central value of every parameter: the median of an estimate, else the centre of a prior."""
    estimates = _estimates(case)
    fitted = {code: estimate.middle() if estimate else None for code, estimate in estimates.items()}
    return _draw(case, central(case_priors(case)), {}, fitted)


def _estimates(case: Case) -> dict[str, Estimate | None]:
    return {code: load_estimate(code) for code in case.municipalities}


def _draw(
    case: Case,
    own: Mapping[str, float],
    national: Mapping[str, float],
    fitted: Mapping[str, Mapping[str, float] | None],
) -> CaseDraw:
    """Put a draw together; what the case states itself goes before what was calibrated."""
    better = set(case.parameters)
    if "caseload" in case.starting_position:
        better.add("unit_caseload")
    values = {**own, **{name: value for name, value in national.items() if name not in better}}
    chosen = [name for name in MUNICIPAL if name not in better]
    places = {
        code: {name: (one or own)[name] if name in chosen else own[name] for name in MUNICIPAL}
        for code, one in fitted.items()
    }
    weights = {code: margins_at(code, case.first_month).residents(16, 64) for code in places}
    total = sum(weights.values())
    for name in chosen:
        values[name] = sum(weights[code] * place[name] for code, place in places.items()) / total
    return CaseDraw(values, places)
