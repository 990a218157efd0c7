"""Run a baseline and its policies from one shared burn-in.

Public names: `simulate`, `burn_in`, `run`, `place_series`, and their result `Outcome`.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.core.compiled import kernel
from sim.model.codes import HERE, IN_ACTIVITY, OPEN
from sim.model.columns import Group
from sim.model.counts import Count
from sim.model.fork import Fork
from sim.model.inputs import Area, AreaPolicy, ModelInputs, alone
from sim.model.ledger import KINDS, PUBLIC, Party, balances
from sim.model.model import LabourMarketModel
from sim.model.order import ordered
from sim.model.parameters import parameters_from, population_parameters_from
from sim.model.paths import PathRecord, PersonPath
from sim.model.place import Place
from sim.model.population import synthesise
from sim.model.rules.demography import report_group
from sim.model.state import State
from sim.model.tables import Tables
from sim.policy.compiled import CompiledPolicy

Series = Mapping[tuple[str, str], NDArray[np.float64]]


@dataclass(frozen=True)
class Outcome:
    """One world's results, for all its municipalities together.

    Attributes:
        series: Indicator and group to monthly values, float64, shape (horizon,).
        persons: What each person did.
        rates: Hires per unit of search by month, municipality and cell, float64: what a world of held
            tightness is given.
        places: The same for each municipality by its code, where there are several.
    """

    series: Series
    persons: PersonPath
    rates: NDArray[np.float64]
    places: Mapping[str, "Outcome"] = field(default_factory=dict)


def simulate(
    inputs: ModelInputs | Area, policies: Sequence[CompiledPolicy | AreaPolicy | None]
) -> list[Outcome]:
    """Return one outcome for each policy (None: the baseline), all from the same burn-in and the same
    draws."""
    area = inputs if isinstance(inputs, Area) else alone(inputs)
    start = Fork(burn_in(area))
    last = len(policies) - 1
    return [
        run(area, start.states(last=index == last), by_place(policy, area))
        for index, policy in enumerate(policies)
    ]


def by_place(policy: CompiledPolicy | AreaPolicy | None, area: Area) -> tuple[CompiledPolicy | None, ...]:
    """Return a policy as each municipality of an area has it."""
    if isinstance(policy, AreaPolicy):
        return policy.places
    return (policy,) * len(area.places)


def burn_in(area: Area) -> list[State]:
    """Return the states at the end of the month before the start, with demand and staff that keep them
    steady."""
    states = []
    for inputs in area.places:
        p, q = parameters_from(inputs.parameters), population_parameters_from(inputs.parameters)
        states.append(State(*synthesise(inputs, p, q)))
    times = area.first
    model = LabourMarketModel(area, states, times.start - times.burn_in, times.burn_in)
    model.run_for(times.burn_in)
    for place in model.places:
        _settle(place)
    _let_go(model)
    return [ordered(state) for state in states]


def _let_go(model: LabourMarketModel) -> None:
    """Break the ring of references between a world and its places, so that its memory is free at once."""
    for place in model.places:
        vars(place).clear()


def _settle(place: Place) -> None:
    """Keep the demand and staff of the burn-in's last year, and settle groups and clients."""
    state, p = place.state, place.p
    months = max(1, state.reference_months)
    vacancies = state.reference_vacancies / months
    moves = state.reference_moves / months
    kept = vacancies * (1.0 - p.filling_reference) * (1.0 - p.vacancy_expiry)
    state.openings = np.maximum(0.0, vacancies - kept - p.vacancy_repost * moves)
    state.coaches = p.starting_staff or max(1.0, state.reference_clients / months / p.unit_caseload)
    mark_start(place.tables, place.inputs.start)


def run(
    area: Area,
    states: Sequence[State],
    policies: Sequence[CompiledPolicy | None],
    held_rates: NDArray[np.float64] | None = None,
) -> Outcome:
    """Return the outcome of one world from the start to the horizon; ``states`` are changed."""
    horizon = area.first.horizon
    model = LabourMarketModel(area, states, area.first.start, horizon, policies, held_rates)
    records = [PathRecord(place.state.residents.id.size, horizon) for place in model.places]
    for month in range(horizon):
        model.run_unread(1)
        for place, record in zip(model.places, records, strict=True):
            record.note(place.state.residents, month)
    outcomes = [
        Outcome(place_series(place), record.path(place.state.residents), model.rates[:, [place.index]])
        for place, record in zip(model.places, records, strict=True)
    ]
    _let_go(model)
    if len(outcomes) == 1:
        return outcomes[0]
    parts = {inputs.municipality: outcome for inputs, outcome in zip(area.places, outcomes, strict=True)}
    persons = PersonPath.together(outcome.persons for outcome in outcomes)
    return Outcome(_total(outcomes, area), persons, model.rates, parts)


def _total(outcomes: Sequence[Outcome], area: Area) -> Series:
    """Return the sums over municipalities, with the official readings made of the sums."""
    names = {key: None for outcome in outcomes for key in outcome.series}
    zeros = np.zeros(area.first.horizon)
    total = {
        key: np.array(
            [math.fsum(values) for values in zip(*(o.series.get(key, zeros) for o in outcomes), strict=True)]
        )
        for key in names
    }
    _observe_officially(total, area.first.parameters)
    return total


@kernel
def mark_start(tables: Tables, start: int) -> None:
    """Settle everybody's report group and mark the registered as existing clients."""
    r = tables.residents
    for i in range(r.id.size):
        if r.presence[i] == HERE:
            r.group[i] = report_group(r.origin[i], start - r.birth[i], r.registered[i], r.spell[i])
            r.client[i] = 1 if r.status[i] == OPEN or r.status[i] == IN_ACTIVITY else 0
            r.reason[i] = 0


def place_series(place: Place) -> Series:
    """Return what a municipality has gone through, by indicator and group, monthly values."""
    counts = place.counts.transpose(2, 3, 1, 0).astype(np.float64)  # sex, group, what is counted, month
    by_sex, by_group = counts.sum(axis=1), counts.sum(axis=0)
    parts = {"all": by_sex.sum(axis=0), "women": by_sex[0], "men": by_sex[1]}
    parts |= {group.name.lower(): by_group[group] for group in Group}
    series: dict[tuple[str, str], NDArray[np.float64]] = {
        (item.name, part): counted[item] for item in Count for part, counted in parts.items()
    }
    for name in place.extra[0]:
        series[name, "all"] = np.array([row[name] for row in place.extra], dtype=np.float64)
    flows = np.stack(place.state.flows[-place.inputs.horizon :])
    for index, kind in enumerate(KINDS):
        series[f"flow_{kind.name}", "all"] = flows[:, index] / 100.0
    net = balances(flows)
    for party in Party:
        series[f"net_{party.name.lower()}", "all"] = net[:, party] / 100.0
    series["net_public", "all"] = (
        sum((net[:, party] for party in PUBLIC), np.zeros(len(net), np.int64)) / 100.0
    )
    series["assistance_paid", "all"] = series["flow_assistance", "all"]
    _observe_officially(series, place.inputs.parameters)
    return series


def _observe_officially(
    series: dict[tuple[str, str], NDArray[np.float64]], values: Mapping[str, float]
) -> None:
    """Add the model's reading of itself through each official definition."""
    population = np.maximum(series["population_20_64", "all"], 1.0)
    series["stativ_share", "all"] = 100.0 * series["open_in_year_20_64", "all"] / population
    series["bas_unemployed", "all"] = series["af_stock", "all"] * (1.0 - values["bas_earnings_share"])
    coverage = values["assistance_coverage"]
    series["assistance_households_prelim", "all"] = series["assistance_households", "all"] * coverage
