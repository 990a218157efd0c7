"""What the notebook on sensitivity shows: what the uncertainty rests on, and what must be true to pay.

Public names: `sensitivity_found` and its result `SensitivityFound`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from sim.calibrate.sensitivity.designs import Plan
from sim.calibrate.sensitivity.needed import Needed, what_must_be_true
from sim.calibrate.sensitivity.result import read_estimates
from sim.calibrate.sensitivity.shares import by_grade
from sim.calibrate.sensitivity.study import case_sensitivity
from sim.core.errors import SamspelError
from sim.policy.case import apply_settings, load_case


@dataclass(frozen=True)
class SensitivityFound:
    """What an analysis found.

    Attributes:
        name: Name of the case.
        parameters: A row per effect and parameter (`sim.calibrate.sensitivity.shares.by_parameter`).
        grades: Shares by grade of evidence of each effect.
        quality: A row per effect: how well it was explained, and what chance alone does.
        needed: What must be true for the policy to pay.
        kept: Whether the tables are those kept with the project, not run now.
    """

    name: str
    parameters: pl.DataFrame
    grades: pl.DataFrame
    quality: pl.DataFrame
    needed: Needed
    kept: bool


def sensitivity_found(
    case: str,
    run: bool = False,
    trajectories: int = 8,
    points: int = 800,
    payer: str = "municipality",
    over: Sequence[str] = (),
    draws: int = 200,
    seed: int = 1,
    size: int = 0,
    settings: Sequence[str] = (),
) -> SensitivityFound:
    """Read or run the sensitivity of a case, and what must be true for its policy to pay.

    Args:
        case: Name of a case, or the path of a case file.
        run: Run the analysis; else read what ``samspel sensitivity CASE --write`` kept.
        trajectories: Morris trajectories, where it is run.
        points: Points of the emulator's design, where it is run.
        payer: Whose money must be paid back.
        over: Uncertain numbers to look at; days of hand-over and fidelities unless given.
        draws: Paired draws of what must be true.
        seed: Root of all randomness.
        size: Residents to simulate in each municipality; with 0 one for one.
        settings: Changes of the case; they need ``run``.

    Raises:
        SamspelError: A parameter is not allowed, nothing is kept of the case, or every run failed.
    """
    if not run and (settings or size):
        raise SamspelError(
            "sensitivity: what is kept is of the case as it is. Allowed: run = True with settings or size."
        )
    chosen = apply_settings(load_case(case), settings)
    tables = None if run else read_estimates(chosen.name)
    needed = what_must_be_true(chosen, payer, None, over, draws, seed, size or None)
    if tables is None:
        plan = Plan(trajectories=trajectories, points=points, again=max(2, points // 4), seed=seed)
        result = case_sensitivity(chosen, plan=plan, size=size or None)
        tables = result.parameters, result.quality
    parameters, quality = tables
    return SensitivityFound(chosen.name, parameters, by_grade(parameters), quality, needed, not run)
