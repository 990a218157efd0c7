"""Run a baseline and its policies from one shared burn-in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.core.compiled import kernel
from sim.model.columns import Group, Presence, ResidentColumns, Status
from sim.model.inputs import ModelInputs
from sim.model.ledger import KINDS, PUBLIC, Party, balances
from sim.model.model import LabourMarketModel
from sim.model.parameters import parameters_from, population_parameters_from
from sim.model.population import synthesise
from sim.model.rules.demography import report_group
from sim.model.rules.observing import Count
from sim.model.state import State
from sim.policy.compiled import CompiledPolicy

Series = Mapping[tuple[str, str], NDArray[np.float64]]
HERE = int(Presence.HERE)
OPEN = int(Status.OPEN)
IN_ACTIVITY = int(Status.ACTIVITY)


@dataclass(frozen=True)
class PersonPath:
    """What each person did each month, for comparing worlds person by person.

    Attributes:
        ids: Permanent ids, int64, shape (n,).
        group: Exclusive report group, int8, shape (n,).
        sex: 0 women, 1 men, int8, shape (n,).
        at_work: 1 at work, int8, shape (horizon, n).
        reason: Why a hire was missed (`sim.model.columns.Reason`), int8, shape (horizon, n).
        present: Lives here, bool, shape (horizon, n).
    """

    ids: NDArray[np.int64]
    group: NDArray[np.int8]
    sex: NDArray[np.int8]
    at_work: NDArray[np.int8]
    reason: NDArray[np.int8]
    present: NDArray[np.bool_]


@dataclass(frozen=True)
class Outcome:
    """One world's results.

    Attributes:
        series: Indicator and group to monthly values, float64, shape (horizon,).
        persons: What each person did.
        rates: Hires per unit of search by month and cell, float64: what a world of held tightness is given.
    """

    series: Series
    persons: PersonPath
    rates: NDArray[np.float64]


def simulate(inputs: ModelInputs, policies: Sequence[CompiledPolicy | None]) -> list[Outcome]:
    """Return one outcome for each policy (None: the baseline), all from the same burn-in and the same
    draws."""
    state = burn_in(inputs)
    return [run(inputs, state.copy(), policy) for policy in policies]


def burn_in(inputs: ModelInputs) -> State:
    """Return the state at the end of the month before the start, with demand and staff that keep it
    steady."""
    p = parameters_from(inputs.parameters)
    residents, households = synthesise(inputs, p, population_parameters_from(inputs.parameters))
    state = State(residents=residents, households=households)
    model = LabourMarketModel(inputs, state, inputs.start - inputs.burn_in, inputs.burn_in)
    model.run_for(inputs.burn_in)
    months = max(1, state.reference_months)
    vacancies = state.reference_vacancies / months
    moves = state.reference_moves / months
    kept = vacancies * (1.0 - p.filling_reference) * (1.0 - p.vacancy_expiry)
    state.openings = np.maximum(0.0, vacancies - kept - p.vacancy_repost * moves)
    state.coaches = max(1.0, state.reference_clients / months / p.unit_caseload)
    mark_start(residents, inputs.start)
    return state


def run(
    inputs: ModelInputs,
    state: State,
    policy: CompiledPolicy | None,
    held_rates: NDArray[np.float64] | None = None,
) -> Outcome:
    """Return the outcome of one world from the start to the horizon; ``state`` is changed."""
    model = LabourMarketModel(inputs, state, inputs.start, inputs.horizon, policy, held_rates)
    r = state.residents
    at_work = np.zeros((inputs.horizon, r.id.size), dtype=np.int8)
    reason = np.zeros_like(at_work)
    present = np.zeros(at_work.shape, dtype=np.bool_)
    for month in range(inputs.horizon):
        model.run_for(1)
        present[month] = r.presence == HERE
        at_work[month] = (r.status >= Status.PLACEMENT) & present[month]
        reason[month] = r.reason
    persons = PersonPath(r.id, r.group, r.sex, at_work, reason, present)
    return Outcome(_series(model), persons, model.rates)


@kernel
def mark_start(r: ResidentColumns, start: int) -> None:
    """Settle everybody's report group and mark the registered as existing clients."""
    for i in range(r.id.size):
        if r.presence[i] == HERE:
            r.group[i] = report_group(r.origin[i], start - r.birth[i], r.registered[i], r.spell[i])
            r.client[i] = 1 if r.status[i] == OPEN or r.status[i] == IN_ACTIVITY else 0
            r.reason[i] = 0


def _series(model: LabourMarketModel) -> Series:
    counts = model.counts.astype(np.float64)
    series: dict[tuple[str, str], NDArray[np.float64]] = {}
    for item in Count:
        cells = counts[:, item]
        series[item.name, "all"] = cells.sum(axis=(1, 2))
        series[item.name, "women"] = cells[:, 0].sum(axis=1)
        series[item.name, "men"] = cells[:, 1].sum(axis=1)
        for group in Group:
            series[item.name, group.name.lower()] = cells[:, :, group].sum(axis=1)
    for name in model.extra[0]:
        series[name, "all"] = np.array([row[name] for row in model.extra], dtype=np.float64)
    flows = np.stack(model.state.flows[-model.inputs.horizon :])
    for index, kind in enumerate(KINDS):
        series[f"flow_{kind.name}", "all"] = flows[:, index] / 100.0
    net = balances(flows)
    for party in Party:
        series[f"net_{party.name.lower()}", "all"] = net[:, party] / 100.0
    series["net_public", "all"] = (
        sum((net[:, party] for party in PUBLIC), np.zeros(len(net), np.int64)) / 100.0
    )
    series["assistance_paid", "all"] = series["flow_assistance", "all"]
    _observe_officially(series, model.inputs.parameters)
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
