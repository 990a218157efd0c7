"""How many pairs a half-width needs: common keyed draws against independent seeds, in Mönsterås alone.

The half-width of a mean difference is z times its standard deviation over the root of the number of pairs, so
the ratio of pairs needed is the ratio of variances. Parameters stay at their centres: only chance varies.

Three ways to run a policy against the baseline are compared, on the same runs:
- keyed: the same root seed, so that every person has the same chance in both;
- independent: another root seed for the policy's world, from its synthetic population on;
- independent from the start: another root seed from the first month of the horizon on, in a population and
  burn-in that are shared.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.records import Sample
from benchmarks.session import Session
from sim.experiment.cases import case_experiment
from sim.model.inputs import Area, ModelInputs, alone
from sim.model.simulate import Outcome, burn_in, by_place, run
from sim.model.state import State
from sim.policy.case import load_case
from sim.policy.compiled import CompiledPolicy, compile_policy
from sim.policy.priors import central
from sim.policy.uncertain import case_priors, model_parameters

CASE, MUNICIPALITY, MONTH, LEVEL = "monsteras", "0861", 24, 0.90
OUTCOMES = {
    "people in work": ("employed", False),
    "households on assistance": ("assistance_households", False),
    "municipal cost since the start": ("net_municipality", True),
}
"""What is read in month 24: indicator, and whether it is summed from the start."""
_SEEDS = (1, 2)
_RESAMPLES = 2_000


def pairs_needed(session: Session) -> list[Sample]:
    """Return, for each outcome, pairs needed with keyed draws over those needed with independent seeds."""
    inputs, policy = central_case()
    found: list[NDArray[np.float64]] = []
    for pair in range(session.sizes.pairs):
        if pair % 10 == 0:
            session.turn(f"pair {pair} of {session.sizes.pairs}")
        found.append(_values(inputs, policy, pair))
    values = np.stack(found)  # pair, seed, world (baseline, policy, policy on another seed), outcome
    samples = []
    for number, outcome in enumerate(OUTCOMES):
        one = values[..., number]
        for label, other in (
            ("independent seeds", one[:, ::-1, 1] - one[:, :, 0]),
            ("independent from the start", one[:, :, 2] - one[:, :, 0]),
        ):
            samples.append(_sample(f"{outcome}: {label}", one[:, :, 1] - one[:, :, 0], other))
    return samples


def central_case() -> tuple[ModelInputs, CompiledPolicy]:
    """Return Mönsterås alone with its policy, every uncertain parameter and setting at its centre."""
    case = load_case(CASE).model_copy(update={"municipalities": (MUNICIPALITY,), "horizon": MONTH})
    inputs = case_experiment(case, draws=1).tasks[0].inputs
    values = central(case_priors(case))
    policy = compile_policy(case, values, municipality=MUNICIPALITY)
    return replace(inputs, parameters=model_parameters(case, values)), policy


def _values(inputs: ModelInputs, policy: CompiledPolicy, pair: int) -> NDArray[np.float64]:
    """Return what is read in each world of one pair, on either seed."""
    areas = [alone(replace(inputs, root_seed=seed, replication=pair)) for seed in _SEEDS]
    states = [burn_in(area) for area in areas]
    rows = []
    for number, (area, state) in enumerate(zip(areas, states, strict=True)):
        other = areas[1 - number]
        worlds = (_world(area, state, None), _world(area, state, policy), _world(other, state, policy))
        rows.append([[_read(world, *outcome) for outcome in OUTCOMES.values()] for world in worlds])
    return np.array(rows)


def _world(area: Area, states: list[State], policy: CompiledPolicy | None) -> Outcome:
    return run(area, [state.copy() for state in states], by_place(policy, area))


def _read(world: Outcome, indicator: str, summed: bool) -> float:
    path = world.series[indicator, "all"][:MONTH]
    return float(path.sum() if summed else path[-1])


def _sample(label: str, keyed: NDArray[np.float64], other: NDArray[np.float64]) -> Sample:
    """Return the ratio of variances with its interval: pairs are resampled whole, both seeds together."""
    chance = np.random.default_rng(1)
    rows = chance.integers(0, len(keyed), (_RESAMPLES, len(keyed)))
    below = _variance(other[rows])
    ratios = _variance(keyed[rows])[below > 0] / below[below > 0]  # a handful of pairs may all be one
    edge = (1 - LEVEL) / 2
    ratio = float(_variance(keyed) / _variance(other))
    return Sample(
        label=label,
        unit="pairs needed, as a share",
        values=(ratio,),
        facts={
            "low": float(np.quantile(ratios, edge)),
            "high": float(np.quantile(ratios, 1 - edge)),
            "level": LEVEL,
            "interval": f"bootstrap over {len(keyed)} pairs, {_RESAMPLES:,} resamples",
            "pairs": len(keyed),
            "seeds": len(_SEEDS),
            "mean_keyed": float(keyed.mean()),
            "sd_keyed": float(np.sqrt(_variance(keyed))),
            "sd_other": float(np.sqrt(_variance(other))),
            "case": CASE,
            "month": MONTH,
        },
    )


def _variance(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the variance over pairs, the mean of the seeds' own; the last axes are pair and seed."""
    variance: NDArray[np.float64] = values.var(axis=-2, ddof=1).mean(axis=-1)
    return variance
