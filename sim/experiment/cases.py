"""Turn a case into an experiment: every parameter draw with its model inputs and compiled policy.

Public names: `case_experiment` and `case_tasks` (over draws), `tasks_at` with `ParameterPoint` (at given
values), `place_inputs`, `without_policy` and `inflow_season`.
"""

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sim.core.errors import input_error
from sim.core.months import month_text
from sim.data.margins import margins_at
from sim.data.season import stock_season
from sim.experiment.canonical import content_hash
from sim.experiment.definition import MODEL, Experiment, Precision, Task
from sim.experiment.drawn import case_draws
from sim.experiment.drawn import central_draw as drawn_centre
from sim.experiment.regions import run_together
from sim.experiment.ties import ties
from sim.model.inputs import Area, AreaPolicy, ModelInputs
from sim.policy.case import Case
from sim.policy.compiled import CompiledPolicy, compile_policy, neutral_policy
from sim.policy.estimates import load_estimate
from sim.policy.institutions import institutions_at
from sim.policy.posteriors import Posterior
from sim.policy.uncertain import IN_ALL, case_priors, model_parameters

DRAWS = 200
BURN_IN = 60
_CHANCE_STEP = 2**20
_LEAST = {"replications": 1, "seed": 0, "burn_in": 12, "size": 1}
_TURNOVER = 0.1  # share of the AF stock that leaves in a month; sets only how sharply inflow moves the stock


@dataclass(frozen=True)
class ParameterPoint:
    """Values of all uncertain parameters, and the chance that they are run with.

    Args:
        draw: Number that the results are filed under.
        values: Every parameter of `sim.policy.uncertain.case_priors`, by name.
        chances: Index of chance of each replication; points with the same one share all keyed draws.
        places: Municipal parameters by code, which go before those in ``values``.
    """

    draw: int
    values: Mapping[str, float]
    chances: tuple[int, ...]
    places: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def case_experiment(
    case: Case,
    draws: int = DRAWS,
    replications: int = 1,
    seed: int = 1,
    precision: Precision | None = None,
    burn_in: int = BURN_IN,
    size: int | None = None,
    neutral: bool = False,
    central_draw: bool = False,
    posterior: Posterior | None = None,
) -> Experiment:
    """Return the paired experiment of a case: its policy against doing nothing, over parameter draws.

    A case without a policy gives levels alone. The municipalities of a case are run together, tied to each
    other by commuting; where nobody searches across regions, each labour-market region is a task of its own.

    Args:
        case: The case, with settings applied.
        draws: Number of parameter draws; more draws extend an experiment that has been run.
        replications: Indices of chance per draw.
        seed: Seed of both the parameter draws and chance.
        precision: Stop earlier when precise enough.
        burn_in: Months before the start.
        size: Residents aged 16-64 to simulate in each municipality; None means one for one.
        neutral: Instead of the case's policy run one that changes nothing, with which no effect may differ
            from zero.
        central_draw: Make one draw, of the central value of each parameter.
        posterior: Draw from a named posterior; all draws are then made anew where their number changes.

    Raises:
        SamspelError: A number is out of range, or the case cannot be compiled.
    """
    tasks = list(
        case_tasks(case, draws, replications, seed, burn_in, size, 0, neutral, central_draw, posterior)
    )
    definition = {
        "case": case.to_document(),
        "priors": content_hash([prior.model_dump(mode="json") for prior in case_priors(case)]),
        "estimates": content_hash([_drawn_from(code) for code in case.municipalities]),
        "replications": replications,
        "seed": seed,
        "burn_in": burn_in,
        "size": size,
        **({"neutral": True} if neutral else {}),
        **({"central_draw": True} if central_draw else {}),
        **(
            {"posterior": [posterior.name, content_hash(posterior.table.to_dicts()), draws]}
            if posterior
            else {}
        ),
    }
    return Experiment(case.name, definition, tasks, precision, MODEL)


def case_tasks(
    case: Case,
    draws: int,
    replications: int = 1,
    seed: int = 1,
    burn_in: int = BURN_IN,
    size: int | None = None,
    first: int = 0,
    neutral: bool = False,
    central_draw: bool = False,
    posterior: Posterior | None = None,
) -> Iterator[Task]:
    """Yield the tasks of `case_experiment` one by one, from draw number ``first``.

    Replications of a draw share its policies.

    Raises:
        SamspelError: A number is out of range, or the case cannot be compiled.
    """
    _check(case, replications=replications)
    drawn = [drawn_centre(case)] if central_draw else case_draws(case, draws, seed, posterior)
    points = (
        ParameterPoint(
            draw, one.values, tuple(draw + index * _CHANCE_STEP for index in range(replications)), one.places
        )
        for draw, one in enumerate(drawn)
        if draw >= first
    )
    yield from tasks_at(case, points, seed, burn_in, size, neutral)


def tasks_at(
    case: Case,
    points: Iterable[ParameterPoint],
    seed: int = 1,
    burn_in: int = BURN_IN,
    size: int | None = None,
    neutral: bool = False,
) -> Iterator[Task]:
    """Yield the tasks of a case at given values of its uncertain parameters, one by one.

    Replications of a point share its policies.

    Raises:
        SamspelError: A number is out of range, or the case cannot be compiled.
    """
    _check(case, seed=seed, burn_in=burn_in, size=size)
    places = {code: place_inputs(case, code, seed, burn_in, size) for code in case.municipalities}
    persons = {code: inputs.margins.residents(16, 64) for code, inputs in places.items()}
    markets = run_together(case, persons)
    for point in points:
        parameters = model_parameters(case, point.values)
        policies = [_policies(case, point.values, market.municipalities, neutral) for market in markets]
        for replication, chance in enumerate(point.chances):
            inputs = _drawn(places, parameters, point.places, persons, chance)
            for market, own in zip(markets, policies, strict=True):
                tied = _tied([inputs[code] for code in market.municipalities], persons, parameters)
                yield Task(
                    point.draw,
                    replication,
                    case.scenario,
                    market.label,
                    point.values,
                    tied,
                    own,
                    market.large,
                )


def _check(case: Case, **numbers: int | None) -> None:
    """Check whole numbers against the least that each may be; None stands for everybody."""
    for key, number in numbers.items():
        if number is not None and number < _LEAST[key]:
            raise input_error(case.name, key, number, f"a whole number of at least {_LEAST[key]}")


def _drawn_from(code: str) -> object:
    """Return what a municipality's draws come from beside the priors."""
    estimate = load_estimate(code)
    return estimate and [estimate.draws, estimate.season]


def _drawn(
    places: Mapping[str, ModelInputs],
    parameters: Mapping[str, float],
    municipal: Mapping[str, Mapping[str, float]],
    persons: Mapping[str, int],
    chance: int,
) -> dict[str, ModelInputs]:
    """Return one draw's inputs by municipality: what the case counts in all is shared by residents."""
    drawn = {}
    for code, inputs in places.items():
        share = persons[code] / sum(persons.values())
        own = {**parameters, **municipal.get(code, {}), **{name: parameters[name] * share for name in IN_ALL}}
        drawn[code] = dataclasses.replace(inputs, parameters=own, replication=chance)
    return drawn


def _tied(
    inputs: Sequence[ModelInputs], persons: Mapping[str, int], parameters: Mapping[str, float]
) -> ModelInputs | Area:
    """Return municipalities that are run together."""
    if len(inputs) == 1:
        return inputs[0]
    return Area(
        tuple(inputs), ties({one.municipality: persons[one.municipality] for one in inputs}, parameters)
    )


def _policies(
    case: Case, values: Mapping[str, float], codes: Sequence[str], neutral: bool
) -> tuple[CompiledPolicy | AreaPolicy, ...]:
    """Return the policy of some of the case's municipalities, or the neutral one; none without a policy."""
    if not case.policy and not neutral:
        return ()
    nothing = neutral_policy(case)
    parts = tuple(nothing if neutral else compile_policy(case, values, municipality=code) for code in codes)
    return (parts[0] if len(parts) == 1 else AreaPolicy(parts[0].name, parts),)


def without_policy(case: Case, start: int, horizon: int) -> Case:
    """Return the case's municipalities from another start and without a policy, to compare with statistics.

    Where the unit stood at the case's own start, and what the case knows of that time's parameters, is left
    out, for it says nothing of another year.
    """
    return case.model_copy(
        update={
            "policy": (),
            "start": month_text(start),
            "horizon": horizon,
            "starting_position": {},
            "parameters": {},
            "population": type(case.population)(),
        }
    )


def inflow_season(stock: Sequence[float], turnover: float = _TURNOVER) -> tuple[float, ...]:
    """Return the season of the inflow, mean one, that gives the stock its season of log deviations.

    With a share f of the stock leaving each month, S(m) = (1 - f) S(m-1) + I(m).
    """
    levels = [math.exp(deviation) for deviation in stock]
    inflow = [level - (1 - turnover) * levels[month - 1] for month, level in enumerate(levels)]
    mean = math.fsum(inflow) / len(inflow)
    return tuple(round(one / mean, 9) for one in inflow)


def place_inputs(
    case: Case, code: str, seed: int, burn_in: int, size: int | None, calibrated: bool = True
) -> ModelInputs:
    """Return what all draws of a municipality share; the parameters are still to come.

    The season is the calibrated one; that of all other municipalities where there is none, or none is wanted.
    """
    estimate = load_estimate(code) if calibrated else None
    return ModelInputs(
        municipality=code,
        start=case.first_month,
        horizon=case.horizon,
        margins=margins_at(code, case.first_month),
        season=estimate.season if estimate else inflow_season(stock_season(exclude=code)),
        institutions=dataclasses.replace(institutions_at(case.rules_month, code), notes=()),
        parameters={},
        root_seed=seed,
        burn_in=burn_in,
        size=size,
    )
