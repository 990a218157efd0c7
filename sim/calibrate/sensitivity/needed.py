"""What must be true for a reform to pay: how large its effect, or how short a hand-over, and how probably.

In each paired draw a payer spends C on the policy itself and gains B by what follows from it (its net result
is B - C). Were everything that follows m times as large, the policy would pay where m B >= C: the multiplier
that a draw needs is C / B, and no multiplier is enough where B is not above zero. What an uncertain number
must be is read of the draws themselves: a logistic curve of how often the policy pays, where the number tells
the draws that pay from the others by more than chance.

Public names: `what_must_be_true`, `needed_of` (of draws at hand) and the result `Needed`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.core.errors import SamspelError, input_error
from sim.experiment.cases import case_experiment
from sim.experiment.compare.outcomes import PAYERS, outcomes_by_draw
from sim.experiment.run import run_experiment
from sim.policy.case import Case
from sim.policy.priors import Prior
from sim.policy.uncertain import case_priors

CHANCES: Final = (0.5, 0.8, 0.95)
FEWEST: Final = 10
LEAST_DRAWS: Final = 20
_LEVEL = 0.90
_FALSE = 0.05
_RESAMPLED = 200
_HANDOVER = "handover_days"
_FIDELITY = ".fidelity"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Needed:
    """What must be true for a policy to pay for one payer.

    Attributes:
        name: Name of the case.
        payer: Whose money.
        month: Months since the start.
        draws: Number of paired draws.
        pays: Share of draws in which it pays as it is, with the 90 % interval of that share.
        multipliers: A row for each of `CHANCES`: probability, multiplier (times as large as the model has it;
            null where no effect is large enough in so many draws), low and high (90 % interval; null is
            without end).
        curve: multiplier, probability of paying, low and high (90 %), for drawing.
        conditions: A row for each number looked at: parameter, labels, unit, least and most (values drawn),
            q_value, above_chance, direction (1: more of it pays), chance_low and chance_high (fitted
            probability at the least and the most), and limit with low and high: the value at which it pays in
            half of the draws, the longest or the least; null where that is not within the values drawn, or
            the number does not matter beyond chance.
    """

    name: str
    payer: str
    month: int
    draws: int
    pays: tuple[float, float, float]
    multipliers: pl.DataFrame
    curve: pl.DataFrame
    conditions: pl.DataFrame

    def summary(self) -> str:
        """Return the findings as text."""
        share, low, high = self.pays
        lines = [
            f"{self.name}: what must be true for the policy to pay for the {self.payer} within {self.month} "
            f"months ({self.draws} paired draws).",
            f"  As it is, it pays in {share:.0%} of the draws (90 % interval {low:.0%} to {high:.0%}).",
            "  Were all that follows from it so many times as large, at the same spending:",
            *(_multiplier_text(row) for row in self.multipliers.iter_rows(named=True)),
            "  Numbers that are uncertain, at which it would pay in half of the draws:",
            *(_condition_text(row) for row in self.conditions.iter_rows(named=True)),
        ]
        return "\n".join(lines)


def _multiplier_text(row: dict[str, Any]) -> str:
    chance = f"    {row['probability']:.0%} probability"
    if row["multiplier"] is None:
        return f"{chance}: no effect is large enough in so many draws"
    ends = [("without end" if row[key] is None else f"{row[key]:.2g}") for key in ("low", "high")]
    return f"{chance}: {row['multiplier']:.2g} times ({ends[0]} to {ends[1]})"


def _condition_text(row: dict[str, Any]) -> str:
    head = f"    {row['parameter']} ({row['least']:.3g} to {row['most']:.3g} {row['unit']})"
    if row["q_value"] is None:
        return f"{head}: cannot be said, nearly all draws are alike in whether it pays"
    if not row["above_chance"]:
        return (
            f"{head}: does not tell the draws that pay from the others beyond chance (q {row['q_value']:.2f})"
        )
    chances = f"{row['chance_low']:.0%} at the least, {row['chance_high']:.0%} at the most"
    if row["limit"] is None:
        return f"{head}: at no value within reach ({chances})"
    side = "at least" if row["direction"] > 0 else "at most"
    return f"{head}: {side} {row['limit']:.3g} ({row['low']:.3g} to {row['high']:.3g}); {chances}"


def what_must_be_true(
    case: Case,
    payer: str = "municipality",
    month: int | None = None,
    over: Sequence[str] = (),
    draws: int = 200,
    seed: int = 1,
    size: int | None = None,
    processes: int | None = None,
    out: Path | None = None,
    progress: bool = True,
) -> Needed:
    """Run what has not been run of a case, and return what must be true for its policy to pay.

    The runs are those of the case's report.

    Args:
        case: The case, with settings applied.
        payer: Whose money (`sim.experiment.compare.outcomes.PAYERS`).
        month: Month to have paid by; the last of the case unless given.
        over: Uncertain numbers to look at; days of hand-over and fidelities unless given.
        draws: Number of paired draws.
        seed: Root of all randomness.
        size: Residents aged 16-64 to simulate in each municipality; one for one unless given.
        processes: Number of processes; one per processor unless given.
        out: Where experiments are kept; ``runs/`` in the project folder unless given.
        progress: Show a bar when standard error is a terminal.

    Raises:
        SamspelError: A name or number is not allowed, the case has no policy, or every run failed.
    """
    priors = {prior.name: prior for prior in case_priors(case)}
    varied = [name for name, prior in priors.items() if prior.distribution != "fixed"]
    if payer not in PAYERS:
        raise input_error("sensitivity", "payer", payer, "one of " + ", ".join(PAYERS), PAYERS)
    for name in over:
        if name not in varied:
            raise input_error("sensitivity", "over", name, "an uncertain number of the case", varied)
    if draws < LEAST_DRAWS:
        raise input_error("sensitivity", "replications", draws, f"at least {LEAST_DRAWS} draws")
    last = case.horizon if month is None else month
    if not 1 <= last <= case.horizon:
        raise input_error("sensitivity", "month", last, f"a month of the case, from 1 to {case.horizon}")
    if not case.policy:
        raise SamspelError(f"{case.name}: has no policy that could pay. Allowed: a case with a policy.")
    experiment = case_experiment(case, draws, seed=seed, size=size)
    results = run_experiment(experiment, processes, progress, out)
    labels = results.runs["municipality"].cast(pl.String).unique().to_list()
    values = outcomes_by_draw(results.scan("effects"), labels, last)
    asked = list(over) or [name for name in varied if _HANDOVER in name or name.endswith(_FIDELITY)]
    return needed_of(case.name, payer, last, values, results.draws, {name: priors[name] for name in asked})


def needed_of(
    name: str, payer: str, month: int, values: pl.DataFrame, draws: pl.DataFrame, over: Mapping[str, Prior]
) -> Needed:
    """Return what must be true, of draws at hand.

    Args:
        name: Name of the case.
        payer: Whose money.
        month: Months since the start.
        values: Columns draw, outcome (``net_<payer>`` and ``spending_<payer>`` at least) and value.
        draws: Columns draw, and one for each number of ``over``.
        over: The numbers to look at, by name.
    """
    net, spent = (
        values.filter(outcome=f"{kind}_{payer}").sort("draw")["value"].to_numpy()
        for kind in ("net", "spending")
    )
    known = draws.filter(pl.col("draw").is_in(values["draw"].unique().to_list())).sort("draw")
    gains = net + spent
    needs = np.where(spent <= 0, 0.0, np.where(gains > 0, spent / np.where(gains > 0, gains, 1.0), np.inf))
    pays = net >= 0
    return Needed(
        name,
        payer,
        month,
        net.size,
        _share(int(pays.sum()), net.size),
        _multipliers(needs),
        _curve(needs),
        _conditions(pays, known, over),
    )


def _share(count: int, draws: int) -> tuple[float, float, float]:
    """Return a share of draws with its Wilson interval."""
    from scipy.stats import binomtest

    interval = binomtest(count, draws).proportion_ci(_LEVEL, "wilson")
    return count / draws, float(interval.low), float(interval.high)


def _multipliers(needs: Floats) -> pl.DataFrame:
    """Return the multiplier at which each of `CHANCES` of the draws pay: a quantile, with its interval."""
    from scipy.stats import quantile_test

    ordered, rows = np.sort(needs), []
    for chance in CHANCES:
        enough = ordered[min(int(np.ceil(chance * needs.size)), needs.size) - 1]
        ends = quantile_test(needs, p=chance).confidence_interval(_LEVEL)
        rows.append((chance, *(float(one) if np.isfinite(one) else None for one in (enough, *ends))))
    names = ("probability", "multiplier", "low", "high")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64), orient="row")


def _curve(needs: Floats) -> pl.DataFrame:
    """Return how probably the policy pays, from no effect to what nine in ten of those that can need."""
    finite = needs[np.isfinite(needs)]
    most = max(2.0, float(np.quantile(finite, 0.9))) if finite.size else 2.0
    rows = [
        (float(times), *_share(int((needs <= times).sum()), needs.size)) for times in np.linspace(0, most, 41)
    ]
    names = ("multiplier", "probability", "low", "high")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64), orient="row")


def _conditions(pays: NDArray[np.bool_], draws: pl.DataFrame, over: Mapping[str, Prior]) -> pl.DataFrame:
    """Return for each number at which value the policy pays in half of the draws, if it matters at all."""
    from scipy.stats import false_discovery_control, mannwhitneyu

    enough = min(int(pays.sum()), int((~pays).sum())) >= FEWEST
    values = {name: draws[name].to_numpy() for name in over}
    tests = [mannwhitneyu(one[pays], one[~pays]).pvalue for one in values.values()] if enough else []
    q_values = list(false_discovery_control(tests)) if tests else [None] * len(values)
    rows = []
    for (name, value), q in zip(values.items(), q_values, strict=True):
        above = q is not None and q <= _FALSE
        labels = (name, over[name].label_sv, over[name].label_en, over[name].unit)
        fitted = _fitted(value, pays) if above else (None,) * 6
        rows.append((*labels, float(value.min()), float(value.max()), q, above, *fitted))
    return pl.DataFrame(rows, schema=_CONDITIONS, orient="row")


def _fitted(
    value: Floats, pays: NDArray[np.bool_]
) -> tuple[int, float, float, float | None, float | None, float | None]:
    """Return the direction, the fitted chances at the ends, and the value at which half of the draws pay."""
    least, most = float(value.min()), float(value.max())
    slope, middle, chances = _logistic(value, pays)
    rng = np.random.default_rng(0)
    again: list[float] = []
    while len(again) < _RESAMPLED:
        chosen = rng.integers(0, value.size, value.size)
        if 0 < pays[chosen].sum() < value.size:
            again.append(_logistic(value[chosen], pays[chosen])[1])
    inside = least <= middle <= most
    low, high = np.clip(np.quantile(again, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2]), least, most)
    limit = (middle, float(low), float(high)) if inside else (None, None, None)
    return (1 if slope > 0 else -1), *chances, *limit


def _logistic(value: Floats, pays: NDArray[np.bool_]) -> tuple[float, float, tuple[float, float]]:
    """Return slope, the value of an even chance, and the chances at the least and the most value.

    The curve is held back a little (ridge on the standardised value), so that it exists where the two kinds
    of draws do not overlap.
    """
    from sklearn.linear_model import LogisticRegression

    scale = float(value.std()) or 1.0
    standard = (value - value.mean()) / scale
    fit = LogisticRegression(C=10.0).fit(standard[:, None], pays)
    slope, level = float(fit.coef_[0, 0]), float(fit.intercept_[0])
    middle = float(value.mean()) - scale * level / (slope or 1e-12)
    ends = np.array([standard.min(), standard.max()])[:, None]
    low, high = fit.predict_proba(ends)[:, 1]
    return slope, middle, (float(low), float(high))


_CONDITIONS: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("parameter", "label_sv", "label_en", "unit"), pl.String),
    **dict.fromkeys(("least", "most", "q_value"), pl.Float64),
    "above_chance": pl.Boolean,
    "direction": pl.Int64,
    **dict.fromkeys(("chance_low", "chance_high", "limit", "low", "high"), pl.Float64),
}
