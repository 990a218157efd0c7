"""Run pairs of worlds for one policy after another, from burn-ins and baselines that are kept in memory.

Pair i has the parameter draw and the chance of pair i of the case's report; run one for one, it is that pair.

Public names: `Pairs`, `Pair` and `Sample`.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.core.errors import input_error
from sim.experiment.cases import BURN_IN, ParameterPoint, tasks_at
from sim.experiment.drawn import CaseDraw, case_draws
from sim.experiment.explore.thinned import thinned_area, thinned_policy
from sim.experiment.pairs import TAXONOMY, differences
from sim.model.inputs import Area, alone
from sim.model.simulate import Outcome, burn_in, run
from sim.model.state import State
from sim.policy.case import Case
from sim.policy.compiled import compile_policy
from sim.policy.priors import draw_parameters
from sim.policy.quantity import Range
from sim.policy.uncertain import case_priors

Values = Mapping[str, NDArray[np.float64]]

MOST_MUNICIPALITIES: Final = 12
REACHED: Final = "reached_90_share"
PAYERS: Final = ("municipality", "region", "state", "funds", "public")
LEVELS: Final = (
    "employed",
    "assistance_households",
    "participants",
    "waiting_handover",
    "waiting_plan",
    "waiting_activity",
    "waiting_place",
    "waiting_track",
    "in_track",
    "places_in_use",
    "association_places_in_use",
    "subsidised_places_in_use",
)
"""What is told of both worlds, and not as a difference alone."""
_EFFECTS: Final = (
    "employed",
    "assistance_households",
    *(f"cum_net_{payer}" for payer in PAYERS),
    *(kind for kind in TAXONOMY if kind != "unchanged"),
)
_FIRST_CONTACT: Final = 3  # those of the first three months had not yet had ninety days of the new ways
_YEAR: Final = 12
_PLACES_KEPT: Final = 3
_DOSE: Final = re.compile(r"\]\.|^starting_position\.")
"""Ranges that a case states of its levers, and of where it starts, which the model has by other names."""


@dataclass(frozen=True)
class Sample:
    """How much is run.

    Args:
        pairs: Number of pairs.
        persons: Most residents aged 16-64 to simulate in all; a smaller town is run one for one.
        seed: Seed of both the parameter draws and chance.
        burn_in: Months before the start.
        kept: Most pairs whose burn-in and baseline are kept in memory.
    """

    pairs: int = 3
    persons: int = 4_000
    seed: int = 1
    burn_in: int = BURN_IN
    kept: int = 32


@dataclass(frozen=True)
class Pair:
    """What a policy changes in one pair of worlds, everybody together, monthly values.

    Counts and money are of the whole municipality, whatever share of it was simulated.

    Attributes:
        draw: Number of the parameter draw.
        share: Share of the residents that was simulated.
        effects: Policy minus baseline by indicator. `REACHED` is in percentage points over the twelve months
            up to each, from month 4.
        before: Levels without the policy.
        after: Levels with it.
    """

    draw: int
    share: float
    effects: Values
    before: Values
    after: Values


@dataclass(frozen=True)
class _Start:
    """Where a pair's worlds fork, and the world without a policy."""

    parameters: tuple[Mapping[str, float], ...]
    area: Area
    states: list[State]
    baseline: Outcome


@dataclass(frozen=True)
class _Drawn:
    draw: CaseDraw
    area: Area


class Pairs:
    """Pairs of worlds of a sample, whose burn-ins and baselines are run once for each place and scenario."""

    def __init__(self, sample: Sample) -> None:
        self.sample = sample
        self._drawn: tuple[str, str, list[_Drawn]] = ("", "", [])
        self._starts: OrderedDict[str, dict[int, _Start]] = OrderedDict()

    def pair(self, case: Case, number: int) -> Pair:
        """Return pair ``number`` (from 0) of a case.

        Raises:
            SamspelError: The case cannot be compiled, or has too many municipalities.
        """
        drawn = self._draws(case)[number]
        share = self._share(drawn.area)
        start = self._start(case, number, thinned_area(drawn.area, share))
        policies = tuple(
            thinned_policy(compile_policy(case, drawn.draw.values, municipality=place.municipality), share)
            for place in drawn.area.places
        )
        world = run(start.area, [state.copy() for state in start.states], policies)
        return _pair(number, share, start.baseline, world)

    def pairs(self, case: Case) -> list[Pair]:
        """Return all pairs of the sample."""
        return [self.pair(case, number) for number in range(self.sample.pairs)]

    def _share(self, area: Area) -> float:
        residents = sum(place.margins.residents(16, 64) for place in area.places)
        return min(1.0, self.sample.persons / residents)

    def _draws(self, case: Case) -> list[_Drawn]:
        """Return the draws of a case with their inputs: the world's from memory, the doses of levers anew."""
        world, doses = _world(case), repr(_doses(case))
        if self._drawn[0] != world:
            self._drawn = world, doses, _draw(case, self.sample)
        elif self._drawn[1] != doses:
            own = draw_parameters(case_priors(case), self.sample.pairs, self.sample.seed)
            drawn = [_dosed(one, values) for one, values in zip(self._drawn[2], own, strict=True)]
            self._drawn = world, doses, drawn
        return self._drawn[2]

    def _start(self, case: Case, number: int, area: Area) -> _Start:
        """Return where a pair starts, from memory where its parameters are the same."""
        key = str(_place(case))
        starts = self._starts.setdefault(key, {})
        self._starts.move_to_end(key)
        if len(self._starts) > _PLACES_KEPT:
            self._starts.popitem(last=False)
        parameters = tuple(_of_the_world(place.parameters) for place in area.places)
        known = starts.get(number)
        if known is None or known.parameters != parameters:
            known = _started(area, parameters)
            if number in starts or len(starts) < self.sample.kept:
                starts[number] = known
        return known


def _of_the_world(parameters: Mapping[str, float]) -> dict[str, float]:
    """Return the parameters that a world without a policy reads: not the doses of levers."""
    return {name: value for name, value in parameters.items() if not _DOSE.search(name)}


def _started(area: Area, parameters: tuple[Mapping[str, float], ...]) -> _Start:
    states = burn_in(area)
    nothing = (None,) * len(area.places)
    return _Start(parameters, area, states, run(area, [state.copy() for state in states], nothing))


def _draw(case: Case, sample: Sample) -> list[_Drawn]:
    if len(case.municipalities) > MOST_MUNICIPALITIES or not case.search_across_regions:
        raise input_error(
            case.name,
            "municipalities",
            len(case.municipalities),
            f"at most {MOST_MUNICIPALITIES}, run together; samspel run takes all of the country",
        )
    draws = list(case_draws(case, sample.pairs, sample.seed))
    points = [ParameterPoint(draw, one.values, (draw,), one.places) for draw, one in enumerate(draws)]
    idle = case.model_copy(update={"policy": ()})
    tasks = tasks_at(idle, points, sample.seed, sample.burn_in)
    areas = [task.inputs if isinstance(task.inputs, Area) else alone(task.inputs) for task in tasks]
    return [_Drawn(draw, area) for draw, area in zip(draws, areas, strict=True)]


def _place(case: Case) -> tuple[object, ...]:
    """Return all that a world without a policy depends on, apart from its parameters."""
    return case.municipalities, case.start, case.rules_month, case.horizon, case.scenario


def _world(case: Case) -> str:
    """Return all that the draws of a world without a policy depend on; their number moves them all."""
    doses = _doses(case)
    counted = [case.starting_position.get(name) for name in ("places", "staff")]
    moved = doses if any(isinstance(value, Range) for value in counted) else []
    own = case.population, case.parameters, case.starting_position
    return repr((_place(case), own, len(doses), moved))


def _doses(case: Case) -> list[tuple[str, str, Range]]:
    """Return the ranges that a case states of its levers."""
    return [
        (case.instance_name(index), key, value)
        for index, instance in enumerate(case.policy)
        for key, value in (*instance.settings.items(), ("fidelity", instance.fidelity))
        if isinstance(value, Range)
    ]


def _dosed(drawn: _Drawn, own: Mapping[str, float]) -> _Drawn:
    """Return a draw with other doses of levers."""
    kept = _of_the_world(drawn.draw.values)
    doses = {name: value for name, value in own.items() if _DOSE.search(name)}
    return replace(drawn, draw=replace(drawn.draw, values={**kept, **doses}))


def _pair(number: int, share: float, baseline: Outcome, policy: Outcome) -> Pair:
    changes = differences(baseline, policy)
    effects = {name: changes[name, "all"] / share for name in _EFFECTS}
    reached = _reached(policy) - _reached(baseline)
    before, after = ({name: _level(world, name) / share for name in LEVELS} for world in (baseline, policy))
    return Pair(number, share, {**effects, REACHED: 100.0 * reached}, before, after)


def _level(world: Outcome, name: str) -> NDArray[np.float64]:
    return world.series.get((name, "all"), np.zeros_like(world.series["employed", "all"]))


def _reached(world: Outcome) -> NDArray[np.float64]:
    """Return the share of the contacts of twelve months that was reached within ninety days; 0 before."""
    sums = [_over_a_year(_level(world, name)) for name in ("reached_90", "contacts_90")]
    return np.divide(sums[0], sums[1], out=np.zeros_like(sums[0]), where=sums[1] > 0)


def _over_a_year(values: NDArray[np.float64]) -> NDArray[np.float64]:
    counted = values.copy()
    counted[:_FIRST_CONTACT] = 0.0
    total = np.cumsum(counted)
    total[_YEAR:] -= total[:-_YEAR].copy()
    return total
