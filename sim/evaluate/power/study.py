"""What an evaluation of a case could see: trials by number of units and years of follow-up.

Public names: `Study`, `Run`, `power_study`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from sim.core.errors import input_error
from sim.evaluate.ex_post.prediction import Prediction, predict_effect
from sim.evaluate.panels.designs import case_design
from sim.evaluate.panels.official import PRIMARY_LAST, case_panel
from sim.evaluate.power.persons import person_trials
from sim.evaluate.power.rollouts import ROLLOUTS
from sim.evaluate.power.simulated import country, matched
from sim.evaluate.power.stress import STRESSES
from sim.evaluate.power.trials import Trials, run_trials
from sim.evaluate.update.rounds import update_rounds
from sim.policy.case import Case

PERSONS: Final = "persons"
NAMES: Final = (*ROLLOUTS, PERSONS)
"""Roll-outs that can be asked for."""
_PERSON_YEARS = 2


@dataclass(frozen=True)
class Run:
    """Trials of one size.

    Attributes:
        units: Places or persons that start; None for all persons who are registered.
        years: Years of follow-up.
        trials: What was found.
        loop: How honest the model's draws are after each estimate, by estimator; empty where the reform's
            effect on the statistic is not what is followed.
    """

    units: int | None
    years: int
    trials: Trials
    loop: pl.DataFrame


@dataclass(frozen=True)
class Study:
    """All sizes.

    Attributes:
        case: Name of the case.
        rollout: Name of the roll-out.
        unit: Unit of effects.
        places: Comparison units that there are beside.
        scale: What the drift of places was multiplied by, so that placebos err as in the real panel; None
            for persons, who are followed in the model's own town.
        prediction: The reform's effect that the model expects; None for persons.
        runs: One for each number of units and years.
    """

    case: str
    rollout: str
    unit: str
    places: int
    scale: float | None
    prediction: Prediction | None
    runs: tuple[Run, ...]


def power_study(
    case: Case,
    rollout: str = "one",
    units: Sequence[int] = (),
    years: Sequence[int] = (),
    draws: int = 200,
    estimators: Sequence[str] = (),
    stress: str = "none",
    last: int | None = None,
    effects: int = 100,
    seed: int = 1,
    processes: int | None = None,
    effect: float | None = None,
) -> Study:
    """Run the trials of a case.

    Args:
        case: The case.
        rollout: One of `NAMES`.
        units: How many places or persons start, one run for each; the case alone, eight places or all
            registered persons unless given.
        years: Years of follow-up, one run for each; all there are unless given.
        draws: Simulated panels, or trials of persons.
        estimators: Estimators of the roll-out; the usual ones unless given.
        stress: What the estimators do not know of.
        last: Last year of follow-up.
        effects: Draws of the reform's effect.
        seed: Seed of the panels.
        processes: Processes; one per processor unless given.
        effect: A lasting effect in points instead of the one that the model expects.

    Raises:
        SamspelError: A name is unknown, or the roll-out cannot have such a size.
    """
    if rollout not in NAMES:
        raise input_error("power", "--rollout", rollout, ", ".join(NAMES), NAMES)
    if stress not in STRESSES or (rollout == PERSONS and stress != "none"):
        allowed = "none" if rollout == PERSONS else ", ".join(STRESSES)
        raise input_error("power", "--stress", stress, allowed, STRESSES)
    if rollout == PERSONS and effect is not None:
        raise input_error("power", "--effect", effect, "none for persons, who get the case's own reform")
    if rollout == PERSONS:
        return _persons(case, units, years, draws, estimators, seed, processes)
    known = ROLLOUTS[rollout]
    for name in estimators:
        if name not in known.estimators:
            allowed = f"{', '.join(known.estimators)}, for the roll-out {rollout}"
            raise input_error("power", "--design", name, allowed, known.estimators)
    design = case_design(case)
    last = last or PRIMARY_LAST
    if last < design.first:
        raise input_error("power", "--last", last, f"a year from {design.first}, the first whole one treated")
    lengths = tuple(years) or (last - design.first + 1,)
    sizes = tuple(units) or (known.usual_units,)
    for size in sizes:
        for length in lengths:
            known.check(size, len(design.donors) + 1, length)
    wanted = range(design.first, design.first + max(lengths))
    prediction = predict_effect(case, design, list(wanted), draws=effects, processes=processes)
    if len(prediction.years) < max(lengths):
        allowed = f"1 to {len(prediction.years)}, what the case has from its first whole year {design.first}"
        raise input_error("power", "--years", max(lengths), allowed)
    source = country(design, wanted[-1], processes=processes)
    source = matched(source, case_panel(design, last=min(wanted[-1], PRIMARY_LAST)))
    used = tuple(estimators) or known.estimators[: known.usual]
    runs = []
    for size in sizes:
        for length in lengths:
            given = prediction.by_year if effect is None else np.full((1, max(lengths)), effect)
            by_year = given[:, :length]
            trials = run_trials(source, by_year, draws, used, stress, seed, processes, rollout, size)
            loop = _loop(update_rounds(trials, by_year.mean(axis=1))) if effect is None else pl.DataFrame()
            runs.append(Run(size, length, trials, loop))
    return Study(case.name, rollout, "points", len(design.donors), source.scale, prediction, tuple(runs))


def _persons(
    case: Case,
    units: Sequence[int],
    years: Sequence[int],
    draws: int,
    estimators: Sequence[str],
    seed: int,
    processes: int | None,
) -> Study:
    if estimators:
        raise input_error("power", "--design", estimators[0], "none for persons: means are compared")
    followed = max(years, default=_PERSON_YEARS)
    runs = []
    for size in units or (None,):
        trials = person_trials(case, case_design(case), draws, followed, size, seed, processes)
        runs.append(Run(size, followed, trials, pl.DataFrame()))
    return Study(case.name, PERSONS, "percentage points in work", 0, None, None, tuple(runs))


def _loop(rounds: pl.DataFrame) -> pl.DataFrame:
    """Return how honest updated intervals are: share that hold the truth, width kept, effective draws."""
    covered = (pl.col("low") <= pl.col("truth")) & (pl.col("truth") <= pl.col("high"))
    return rounds.group_by("estimator", maintain_order=True).agg(
        rounds=pl.len(),
        covered=covered.mean(),
        width=(pl.col("after") / pl.col("before")).mean(),
        effective=pl.col("effective").mean(),
        warned=pl.col("warned").mean(),
    )
