"""A trial in which persons are drawn by lot: half of those registered get the reform, in one municipality.

Each draw takes a draw of the calibrated case with chance of its own, and runs two worlds from one burn-in: in
one nobody gets the reform, in the other those drawn to it. The evaluator sees the second alone. What the
others lose of jobs, and what a reform of the whole office gives them, is there as it would be in the town.

Public names: `person_trials`, `INDICATOR`.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, Final

import numpy as np
import polars as pl
import statsmodels.api as sm
from rich.console import Console
from scipy.stats import t
from threadpoolctl import threadpool_limits

from sim.core.errors import input_error
from sim.core.months import month_number
from sim.data.margins import margins_at
from sim.evaluate.arms import joined_policy
from sim.evaluate.estimators.result import INSIDE
from sim.evaluate.follow import Enrolment, follow
from sim.evaluate.indicators import indicator
from sim.evaluate.panels.designs import CaseDesign
from sim.evaluate.power.batches import in_batches
from sim.evaluate.power.trials import Trials
from sim.evaluate.record import Bools, Record
from sim.evaluate.where import parse_where
from sim.experiment.cases import place_inputs
from sim.experiment.drawn import CaseDraw, case_draws
from sim.experiment.warm import warm
from sim.model.inputs import ModelInputs, alone
from sim.model.model import LabourMarketModel
from sim.model.simulate import burn_in
from sim.policy.case import Case
from sim.policy.compiled import compile_policy, neutral_policy
from sim.policy.uncertain import IN_ALL, model_parameters

INDICATOR: Final = "employed"
"""What is followed: in a job, a subsidised job or a municipal wage place in a month, percent of persons."""
LEAST_PERSONS: Final = 20
_WHERE: Final = {"status": "registered"}
_HALF = 0.5
_YEAR = 12
_BURN_IN = 60
_BATCH = 2
_TEST = 0.95
_PERCENT = 100.0


def person_trials(
    case: Case,
    design: CaseDesign,
    draws: int,
    years: int,
    persons: int | None = None,
    seed: int = 1,
    processes: int | None = None,
) -> Trials:
    """Run trials of persons.

    The estimate is the difference of means between those drawn to the reform and the others at the end of
    each year, by ordinary least squares with HC3 (statsmodels). The truth of a draw is the mean over draws of
    what the same persons have in that world less what they have where nobody gets the reform: what is asked
    for, for which the others are only a stand-in.

    Args:
        case: The case; of several treated municipalities the first is used.
        design: Who is treated.
        draws: Number of trials.
        years: Years followed.
        persons: How many are enrolled at most; None for all who are registered.
        seed: Seed of chance.
        processes: Number of processes; one per processor unless given.

    Returns:
        Trials whose estimators are ``difference_of_means, year 1`` and so on, in percentage points.

    Raises:
        SamspelError: There are too few persons, or the case has too few months.
    """
    if persons is not None and persons < LEAST_PERSONS:
        raise input_error("power", "--units", persons, f"at least {LEAST_PERSONS} persons")
    months = case.first_month + case.horizon - month_number(design.start)
    if not 1 <= years <= months // _YEAR:
        allowed = f"1 to {months // _YEAR}, what the case has from its start"
        raise input_error("power", "--years", years, allowed)
    warm(Console(stderr=True))
    work = partial(
        _batch, case=case, code=design.treated[0], start=design.start, years=years, persons=persons, seed=seed
    )
    rows = in_batches("Trials of persons", draws, _BATCH, work, processes)
    true = pl.col("gain").mean().over("estimator")
    rows = rows.with_columns(truth=pl.when(pl.col("arm") == "reform").then(true).otherwise(0.0))
    return Trials(rows.drop("gain").sort("draw", "arm", "estimator"))


def _batch(
    batch: range, case: Case, code: str, start: str, years: int, persons: int | None, seed: int
) -> pl.DataFrame:
    rows: list[dict[str, Any]] = []
    alone_case = case.model_copy(update={"municipalities": (code,)})
    base = place_inputs(alone_case, code, seed, _BURN_IN, None)
    draws = islice(case_draws(case, batch.stop, seed), batch.start, None)
    with threadpool_limits(1):
        for draw, drawn in zip(batch, draws, strict=True):
            inputs = replace(base, parameters=_parameters(case, code, drawn), replication=draw)
            worlds = _worlds(case, inputs, drawn, month_number(start), years * _YEAR, persons)
            rows += [{"draw": draw, **row} for row in _rows(*worlds, years=years)]
    return pl.DataFrame(rows)


def _parameters(case: Case, code: str, drawn: CaseDraw) -> dict[str, float]:
    """Return a draw's parameters for one municipality; what the case counts in all is shared by residents."""
    sizes = {one: margins_at(one, case.first_month).residents(16, 64) for one in case.municipalities}
    values = model_parameters(case, drawn.values)
    shared = {name: values[name] * sizes[code] / sum(sizes.values()) for name in IN_ALL}
    return {**values, **drawn.places[code], **shared}


def _worlds(
    case: Case, inputs: ModelInputs, drawn: CaseDraw, first: int, months: int, persons: int | None
) -> tuple[Record, Record]:
    """Return the world where nobody gets the reform and the trial's, the same persons enrolled in both."""
    nothing = neutral_policy(case)
    policy = compile_policy(case, drawn.values, municipality=inputs.municipality)
    both = joined_policy(nothing, nothing)
    enrolment = Enrolment(parse_where(_WHERE, "power"), persons, 0, _HALF, {})
    states = burn_in(alone(inputs))
    wait = first - inputs.start
    if wait:
        area = alone(replace(inputs, horizon=wait))
        LabourMarketModel(area, states, inputs.start, wait, [both]).run_for(wait)
    area = alone(replace(inputs, horizon=months))
    none, reform = (
        follow(area, [state.copy() for state in states], mixed, first, months, enrolment)[0]
        for mixed in (both, joined_policy(nothing, policy))
    )
    return none, reform


def _rows(none: Record, reform: Record, years: int) -> Iterator[dict[str, Any]]:
    """Yield what is found at the end of each year, without and with the reform."""
    read = indicator(INDICATOR, "power", "indicator").read
    assert read is not None
    enrolled = none.enrolled >= 0
    before, after = read(none), read(reform)
    for year in range(1, years + 1):
        month = year * _YEAR
        stays = enrolled & none.present[month] & reform.present[month]
        drawn = stays & (reform.arm > 0)
        gain = _PERCENT * float(np.mean(after[month][drawn].astype(float) - before[month][drawn]))
        for arm, values in (("none", before[month]), ("reform", after[month])):
            yield {
                "estimator": f"difference_of_means, year {year}",
                "arm": arm,
                "gain": gain,
                **_difference(values[stays], reform.arm[stays] > 0),
            }


def _difference(outcome: Bools, drawn: Bools) -> dict[str, float]:
    x = sm.add_constant(drawn.astype(np.float64))
    fit = sm.OLS(_PERCENT * outcome, x).fit(cov_type="HC3", use_t=True)
    effect, se = float(fit.params[1]), float(fit.bse[1])
    margin, limit = (float(t.ppf((1 + level) / 2, fit.df_resid)) * se for level in (INSIDE, _TEST))
    return {
        "effect": effect,
        "se": se,
        "low": effect - margin,
        "high": effect + margin,
        "p_value": float(fit.pvalues[1]),
        "limit": limit,
        "persons": float(len(outcome)),
    }
