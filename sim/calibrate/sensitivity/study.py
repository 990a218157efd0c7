"""The sensitivity of a case's headline effects: run, screen, emulate, and share out the variance.

Public names: `case_sensitivity`, and its parts `case_problem` and `analyse`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from sim.calibrate.sensitivity.designs import Designs, Plan
from sim.calibrate.sensitivity.emulator import fit_emulator
from sim.calibrate.sensitivity.indices import sobol_indices
from sim.calibrate.sensitivity.posterior import case_posterior
from sim.calibrate.sensitivity.result import SensitivityResult, keep_tables
from sim.calibrate.sensitivity.runs import Answers, Headline, Problem, answers
from sim.calibrate.sensitivity.screening import chooser, screen
from sim.calibrate.sensitivity.shares import by_grade, by_parameter, divide
from sim.calibrate.sensitivity.space import Space
from sim.core.errors import SamspelError, input_error
from sim.data.margins import margins_at
from sim.experiment.canonical import content_hash
from sim.experiment.cases import BURN_IN, ParameterPoint, tasks_at
from sim.experiment.definition import Task
from sim.experiment.indicators import effect_indicators
from sim.experiment.regions import run_together
from sim.experiment.runner import Places
from sim.experiment.uncertainty import shares_by_grade
from sim.policy.case import Case
from sim.policy.uncertain import case_priors

HEADLINES = ("employed", "assistance_households", "cum_net_municipality", "cum_net_public")
Floats = NDArray[np.float64]
_LEAST = 20


def case_sensitivity(
    case: Case,
    indicators: Sequence[str] = (),
    month: int | None = None,
    plan: Plan | None = None,
    burn_in: int = BURN_IN,
    size: int | None = None,
    processes: int | None = None,
    out: Path | None = None,
    progress: bool = True,
) -> SensitivityResult:
    """Run what has not been run, and return what the uncertainty of a case's effects rests on.

    Args:
        case: The case, with settings applied.
        indicators: Effects (`sim.experiment.indicators.effect_indicators`); people in work, households with
            assistance and the money of the municipality and of all public payers unless given.
        month: Month of the effects, counted from 1; the last one of the case unless given.
        plan: How much is run.
        burn_in: Months before the start.
        size: Residents aged 16-64 to simulate in each municipality; None means one for one.
        processes: Number of processes; 1 runs in this one, None takes one per processor.
        out: Where experiments are kept; ``runs/`` in the project folder unless given.
        progress: Show bars when standard error is a terminal.

    Raises:
        SamspelError: An indicator or month does not exist, the case has no policy, an effect does not vary,
            too few runs finished, or the folder cannot be written.
    """
    known = effect_indicators()
    for indicator in indicators:
        if indicator not in known:
            allowed = "the name of an indicator with effects, for instance " + ", ".join(HEADLINES)
            raise input_error("sensitivity", "indicator", indicator, allowed, known)
    month = case.horizon if month is None else month
    if not 1 <= month <= case.horizon:
        raise input_error("sensitivity", "month", month, f"a month of the case, from 1 to {case.horizon}")
    plan = plan or Plan()
    problem = case_problem(case, plan.seed, burn_in, size)
    headlines = [Headline(indicator, month) for indicator in dict.fromkeys(indicators or HEADLINES)]
    return analyse(problem, headlines, plan, Places(processes), out, progress)


def analyse(
    problem: Problem,
    headlines: Sequence[Headline],
    plan: Plan,
    places: Places,
    out: Path | None = None,
    progress: bool = True,
) -> SensitivityResult:
    """Run a problem's designs and share out the variance of each headline; tables are kept beside the runs.

    Raises:
        SamspelError: An effect does not vary, too few runs finished, or the folder cannot be written.
    """
    designs = Designs(plan, problem.space)
    found = answers(problem, designs, headlines, places, out, progress)
    for column, headline in enumerate(headlines):
        _check(found, column, headline)
    console = Console(stderr=True)
    shown = progress and console.is_terminal
    steps = track(range(len(headlines)), "Effects", console=console, transient=True, disable=not shown)
    parts = [_one(designs, found, column) for column in steps]
    parameters, regression, quality = (pl.concat(frames) for frames in zip(*parts, strict=True))
    result = SensitivityResult(
        problem.name,
        found.folder,
        parameters,
        by_grade(parameters),
        regression,
        quality,
        found.ran,
        found.failed,
    )
    keep_tables(result)
    return result


def _one(designs: Designs, found: Answers, column: int) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the parameters, the regression and the quality of one headline."""
    headline, plan, space = found.headlines[column], designs.plan, designs.space
    effect, again = found.filling[:, column], found.again[:, column]
    chance_sd = float(np.nanstd(found.centre[:, column], ddof=1))
    screening = screen(space.names, designs.morris, found.morris[:, column], chance_sd, plan.seed)
    known = np.isfinite(effect)
    choose = chooser(screening, plan.keep)
    emulator = fit_emulator(designs.filling[known], effect[known], choose, plan.seed)
    indices = sobol_indices(emulator, space.names, plan.seed)
    division = divide(effect, again, emulator.r2)
    labels: dict[str, Any] = {"indicator": headline.indicator, "month": headline.month}
    quality = pl.DataFrame(
        {
            **labels,
            "mean": float(effect[known].mean()),
            "sd": float(effect[known].std(ddof=1)),
            "chance_sd": chance_sd,
            "noise": screening.noise,
            "above_noise": int(screening.above_noise.sum()),
            "without_effect": int((screening.mu_star == 0).sum()),
            "trajectories": screening.trajectories,
            "points": int(known.sum()),
            "kept": len(emulator.kept),
            "emulator": emulator.kind,
            "r2": emulator.r2,
            **{f"r2_{kind}": r2 for kind, r2 in emulator.r2_of.items()},
        }
    )
    table = by_parameter(headline, space.dimensions, screening, emulator, indices, division)
    return table, _regression(designs, effect, known).select(*_literals(labels), pl.all()), quality


def _regression(designs: Designs, effect: Floats, known: NDArray[np.bool_]) -> pl.DataFrame:
    """Return the shares that regressions on each parameter's quantile alone give."""
    numbers = np.flatnonzero(known)
    names = designs.space.names
    quantiles = pl.DataFrame(designs.filling[known], schema=names).with_columns(draw=pl.Series(numbers))
    effects = pl.DataFrame({"draw": numbers, "difference": effect[known]})
    return shares_by_grade(effects, quantiles, designs.space.dimensions)


def _literals(labels: dict[str, Any]) -> list[pl.Expr]:
    return [
        pl.lit(value).cast(pl.Int64 if name == "month" else pl.String).alias(name)
        for name, value in labels.items()
    ]


def _check(found: Answers, column: int, headline: Headline) -> None:
    """Check that enough runs finished, and that the effect is not the same in all of them."""
    effect, again = found.filling[:, column], found.again[:, column]
    twice = np.isfinite(effect[: len(again)] - again)
    enough = (
        (np.isfinite(effect).sum(), _LEAST),
        (twice.sum(), 2),
        (np.isfinite(found.centre[:, column]).sum(), 2),
    )
    if any(number < least for number, least in enough):
        raise SamspelError(
            f"{headline.name}: {enough[0][0]} points have an effect and {enough[1][0]} on a second chance; "
            f"other runs failed ({found.folder / 'log.txt'}). Allowed: at least {_LEAST} and 2; the same "
            "command tries failed runs again."
        )
    if not np.nanmax(effect) > np.nanmin(effect):
        raise SamspelError(
            f"{headline.name}: the effect is {np.nanmin(effect):g} at every point: there is nothing to share "
            "out. Allowed: an indicator and a month that the policy changes."
        )


def case_problem(
    case: Case,
    seed: int = 1,
    burn_in: int = BURN_IN,
    size: int | None = None,
) -> Problem:
    """Return the case as a problem: its policy against doing nothing, at any values of its parameters.

    Where all its municipalities are calibrated, their parameters move as their posteriors do.

    Raises:
        SamspelError: The case has no policy, or cannot be compiled.
    """
    if not case.policy:
        raise SamspelError(
            f"{case.name}: has no policy, so there is no effect to be sensitive to anything. Allowed: a case "
            "with a policy (samspel cases prints them)."
        )
    priors, posterior = case_priors(case), case_posterior(case)

    def tasks(points: Iterable[ParameterPoint]) -> Iterator[Task]:
        if posterior is not None:
            points = (replace(point, places=posterior.places(point.values)) for point in points)
        return tasks_at(case, points, seed, burn_in, size)

    persons = {code: margins_at(code, case.first_month).residents(16, 64) for code in case.municipalities}
    definition = {
        "case": case.to_document(),
        "priors": content_hash([prior.model_dump(mode="json") for prior in priors]),
        "burn_in": burn_in,
        "size": size,
    }
    space = Space(priors, case.name, posterior.calibrated if posterior else None)
    return Problem(case.name, space, tasks, len(run_together(case, persons)), definition)
