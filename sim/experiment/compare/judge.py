"""Say what compared policies are worth, draw by draw: differences, dominance, and regret over scenarios.

Values are rows of scenario, policy, draw, outcome and value (`sim.experiment.compare.outcomes`).

Public names: `summaries`, `differences`, `dominance`, `regrets` and `Cost` with `cost_of_month`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
import polars as pl
from numpy.typing import NDArray

LEVEL = 0.90
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cost:
    """Kronor per extra month in work, with its 90 % interval by draws."""

    mean: float
    low: float
    high: float


def summaries(values: pl.DataFrame) -> pl.DataFrame:
    """Return scenario, policy, outcome, mean, low and high (90 %), p_positive, p_negative, n."""
    value = pl.col("value")
    return (
        values.group_by("scenario", "policy", "outcome", maintain_order=True)
        .agg(
            mean=value.mean(),
            low=value.quantile((1 - LEVEL) / 2, "linear"),
            high=value.quantile((1 + LEVEL) / 2, "linear"),
            p_positive=(value > 0).mean(),
            p_negative=(value < 0).mean(),
            n=pl.len(),
        )
    )  # fmt: skip


def differences(values: pl.DataFrame, signs: Mapping[str, int], policies: Sequence[str]) -> pl.DataFrame:
    """Return for each scenario, outcome and ordered pair of policies what the first is better by.

    Columns: scenario, outcome, policy, other, mean, low, high (90 %) of policy minus other in the outcome's
    own unit; p_better, p_equal and p_worse, shares of draws in which the policy is better than the other.

    Args:
        values: Values by draw.
        signs: 1 where more of an outcome is better, -1 where less is.
        policies: Those compared, in order.
    """
    rows = []
    for (scenario, outcome), table in _tables(values, list(signs), policies).items():
        for first, other in permutations(range(len(policies)), 2):
            gap = table[first] - table[other]
            better = signs[outcome] * gap
            low, high = np.quantile(gap, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
            shares = ((better > 0).mean(), (better == 0).mean(), (better < 0).mean())
            names = (scenario, outcome, policies[first], policies[other])
            rows.append((*names, *map(float, (gap.mean(), low, high, *shares)), gap.size))
    columns = ("mean", "low", "high", "p_better", "p_equal", "p_worse")
    return _frame(rows, ("scenario", "outcome", "policy", "other"), columns, ("n",))


def dominance(
    values: pl.DataFrame, signs: Mapping[str, int], policies: Sequence[str], limit: float
) -> pl.DataFrame:
    """Return for each scenario and ordered pair whether the first policy is worse than the other in all.

    Worse in all, in one draw: in no outcome better, and in at least one worse. Columns: scenario, policy,
    other, probability (share of draws), dominated (probability >= limit), weakest (the outcome in which the
    policy is least often worse or equal) and weakest_probability.

    Args:
        values: Values by draw.
        signs: The outcomes that count, as in `differences`.
        policies: Those compared.
        limit: Least probability to call a policy dominated.
    """
    rows = []
    tables = _tables(values, list(signs), policies)
    for scenario in values["scenario"].unique(maintain_order=True):
        better = np.array([signs[outcome] * tables[scenario, outcome] for outcome in signs])
        for first, other in permutations(range(len(policies)), 2):
            gaps = better[:, first] - better[:, other]
            no_better = gaps <= 0
            worse = no_better.all(axis=0) & (gaps < 0).any(axis=0)
            weakest = int(no_better.mean(axis=1).argmin())
            probability = float(worse.mean())
            names = (scenario, policies[first], policies[other], list(signs)[weakest])
            rows.append(
                (*names, probability, float(no_better[weakest].mean()), probability >= limit, gaps.shape[1])
            )
    return _frame(
        rows,
        ("scenario", "policy", "other", "weakest"),
        ("probability", "weakest_probability"),
        ("dominated", "n"),
    ).with_columns(pl.col("dominated").cast(pl.Boolean))


def regrets(values: pl.DataFrame, outcome: str, sign: int, policies: Sequence[str]) -> pl.DataFrame:
    """Return what is lost by each policy against the best one of each scenario.

    The best has the best mean in the scenario: it is chosen knowing the scenario, not the draw. Columns:
    scenario, policy, best, loss with low and high (90 % of draws; below zero where the policy was better),
    p_best (share of draws in which the policy is the best, shared where several are), n; and for each policy
    ``largest`` and ``average`` of its mean losses over scenarios, each scenario counted once.
    """
    rows = []
    for (scenario, _), table in _tables(values, [outcome], policies).items():
        worth = sign * table
        best = int(worth.mean(axis=1).argmax())
        tied = worth == worth.max(axis=0)
        chances = (tied / tied.sum(axis=0)).mean(axis=1)
        for number, policy in enumerate(policies):
            loss = worth[best] - worth[number]
            low, high = np.quantile(loss, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
            numbers = (float(loss.mean()), float(low), float(high), float(chances[number]))
            rows.append((scenario, policy, policies[best], *numbers, loss.size))
    columns = ("loss", "low", "high", "p_best")
    return _frame(rows, ("scenario", "policy", "best"), columns, ("n",)).with_columns(
        largest=pl.col("loss").max().over("policy"), average=pl.col("loss").mean().over("policy")
    )


def cost_of_month(spent: Floats, months: Floats) -> Cost | None:
    """Return kronor per extra month in work over draws, or None where the months' interval reaches zero.

    The mean is that of kronor over that of months; a few draws near no month at all would otherwise decide.
    """
    low, high = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
    if months.size == 0 or np.quantile(months, low) <= 0:
        return None
    above = months > 0
    ends = np.quantile(spent[above] / months[above], [low, high])
    return Cost(float(spent.mean() / months.mean()), float(ends[0]), float(ends[1]))


def _tables(
    values: pl.DataFrame, outcomes: Sequence[str], policies: Sequence[str]
) -> dict[tuple[str, str], Floats]:
    """Return [policy, draw] for each scenario and outcome, of draws that all policies have."""
    tables = {}
    chosen = values.filter(pl.col("outcome").is_in(outcomes), pl.col("policy").is_in(policies))
    for scenario in values["scenario"].unique(maintain_order=True):
        for outcome in outcomes:
            wide = chosen.filter(scenario=scenario, outcome=outcome).pivot(
                "policy", index="draw", values="value"
            )
            complete = wide.drop_nulls().sort("draw")
            tables[scenario, outcome] = complete.select(policies).to_numpy().T
    return tables


def _frame(
    rows: Sequence[tuple[object, ...]], texts: Sequence[str], numbers: Sequence[str], whole: Sequence[str]
) -> pl.DataFrame:
    schema: dict[str, type[pl.DataType]] = {
        **dict.fromkeys(texts, pl.String),
        **dict.fromkeys(numbers, pl.Float64),
        **dict.fromkeys(whole, pl.Int64),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")
