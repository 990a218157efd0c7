"""Equal cost, dominance, regret and turning points, on draws made up so that the answers are known."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest

from sim.experiment.compare.doses import Dose
from sim.experiment.compare.equal_cost import equal_doses, unscaled
from sim.experiment.compare.judge import cost_of_month, differences, dominance, regrets, summaries
from sim.experiment.compare.turning import turning_points
from sim.policy.priors import Prior, load_priors

DOSE = Dose("job_tracks", "places", 0.05, 20.0)


class Shop:
    """Costs that are known functions of the dose, and what has been asked of them."""

    def __init__(self, *costs: object) -> None:
        self.costs, self.asked = costs, list[tuple[int, float]]()

    def __call__(self, asked: Sequence[tuple[int, float]]) -> list[float]:
        self.asked += asked
        return [float(self.costs[number](dose)) for number, dose in asked]  # type: ignore[operator]


def test_doses_are_found_at_which_all_cost_the_same() -> None:
    shop = Shop(lambda m: 100.0 * m, lambda m: 30 * m + 5, lambda m: 400 * m**0.5, lambda m: 100.4 * m)
    first, linear, bent, near = equal_doses([DOSE] * 4, shop, None, 0.01)
    assert (first.multiplier, near.multiplier) == (1.0, 1.0)  # near enough as it is
    assert linear.multiplier == pytest.approx(95 / 30, rel=0.01)
    assert bent.multiplier == pytest.approx(1 / 16, rel=0.03)
    for one in (first, linear, bent, near):
        assert one.equal and one.cost == pytest.approx(100.0, rel=0.01)
    assert len(shop.asked) == len(set(shop.asked)), "no cost is asked for twice"


def test_a_budget_scales_the_first_policy_too() -> None:
    first, other = equal_doses([DOSE, DOSE], Shop(lambda m: 100.0 * m, lambda m: 10.0 * m), 50.0, 0.001)
    assert first.multiplier == pytest.approx(0.5, rel=0.001) and other.multiplier == pytest.approx(
        5.0, rel=0.001
    )


def test_what_cannot_reach_the_cost_says_why() -> None:
    shop = Shop(
        lambda m: 100.0,
        lambda m: 10 * min(m, 2.0),
        lambda m: 150 + m,
        lambda m: 7.0,
        lambda m: 80 * round(2 * m),
    )
    found = equal_doses([DOSE, DOSE, DOSE, None, DOSE], shop, None, 0.01)
    assert [one.why for one in found] == ["", "below", "above", "no_dose", "steps"]
    _, below, above, no_dose, steps = found
    assert (below.cost, below.most) == (20.0, 20.0)
    assert above.multiplier == DOSE.low and above.least == 150.05
    assert (no_dose.multiplier, no_dose.cost) == (1.0, 7.0)
    assert steps.cost == 80.0, "the step nearest to the budget"
    with pytest.raises(ValueError, match="nothing to be equal to"):
        equal_doses([None], Shop(lambda m: 0.0), None, 0.01)


def test_policies_as_stated_keep_their_doses() -> None:
    assert [(one.multiplier, one.cost) for one in unscaled(2, Shop(lambda m: 3 * m, lambda m: 4 * m))] == [
        (1.0, 3.0),
        (1.0, 4.0),
    ]


def values(scenario: str = "base", **outcomes: dict[str, list[float]]) -> pl.DataFrame:
    rows = [
        (scenario, policy, draw, outcome, value)
        for outcome, table in outcomes.items()
        for policy, column in table.items()
        for draw, value in enumerate(column)
    ]
    return pl.DataFrame(rows, schema=["scenario", "policy", "draw", "outcome", "value"], orient="row")


WORK = {"a": [10.0, 8.0, 6.0, 4.0], "b": [9.0, 8.0, 7.0, 1.0], "c": [9.0, 7.0, 5.0, 3.0]}
AID = {"a": [-3.0, -3.0, -3.0, -3.0], "b": [-1.0, -1.0, -4.0, -1.0], "c": [-2.0, -3.0, -1.0, -1.0]}


def test_differences_are_within_draws() -> None:
    table = differences(values(work=WORK, aid=AID), {"work": 1, "aid": -1}, ["a", "b", "c"])
    row = table.filter(outcome="work", policy="a", other="b").row(0, named=True)
    assert row["mean"] == 0.75 and (row["p_better"], row["p_equal"], row["p_worse"]) == (0.5, 0.25, 0.25)
    assert (row["low"], row["high"]) == pytest.approx(np.quantile([1, 0, -1, 3], [0.05, 0.95]))
    aid = table.filter(outcome="aid", policy="a", other="b").row(0, named=True)
    assert aid["mean"] == -1.25 and aid["p_better"] == 0.75, "fewer households are better"
    mirrored = table.filter(outcome="work", policy="b", other="a").row(0, named=True)
    assert mirrored["mean"] == -0.75 and mirrored["p_worse"] == 0.5


def test_dominance_is_counted_draw_by_draw() -> None:
    signs = {"work": 1, "aid": -1}
    table = dominance(values(work=WORK, aid=AID), signs, ["a", "b", "c"], 0.8)
    pair = {(row["policy"], row["other"]): row for row in table.iter_rows(named=True)}
    assert pair["c", "a"]["probability"] == 1.0 and pair["c", "a"]["dominated"]
    # b is worse than a in draw 0 and 3, no better and once worse in draw 1, better in draw 2
    assert pair["b", "a"]["probability"] == 0.75 and not pair["b", "a"]["dominated"]
    assert pair["b", "a"]["weakest_probability"] == 0.75
    assert pair["a", "c"]["probability"] == 0.0
    assert dominance(values(work=WORK, aid=AID), signs, ["a", "b"], 0.75)["dominated"].to_list() == [
        False,
        True,
    ]


def test_a_policy_that_is_the_same_is_neither_dominated_nor_regretted() -> None:
    same = values(work={"a": WORK["a"], "b": WORK["a"]})
    assert dominance(same, {"work": 1}, ["a", "b"], 0.5)["probability"].to_list() == [0.0, 0.0]
    assert differences(same, {"work": 1}, ["a", "b"])["p_equal"].to_list() == [1.0, 1.0]
    regret = regrets(same, "work", 1, ["a", "b"])
    assert regret["loss"].to_list() == [0.0, 0.0] and regret["largest"].to_list() == [0.0, 0.0]
    assert regret["p_best"].to_list() == [0.5, 0.5], "both are best: it is shared"


def test_regret_is_against_the_best_of_each_scenario() -> None:
    both = pl.concat(
        [
            values(work={"a": [4.0, 6.0], "b": [1.0, 7.0]}),
            values("boom", work={"a": [1.0, 1.0], "b": [5.0, 3.0]}),
        ]
    )
    regret = regrets(both, "work", 1, ["a", "b"])
    found = {(row["scenario"], row["policy"]): row for row in regret.iter_rows(named=True)}
    assert found["base", "b"]["best"] == "a" and found["base", "b"]["loss"] == 1.0
    assert found["boom", "a"]["best"] == "b" and found["boom", "a"]["loss"] == 3.0
    assert (found["base", "a"]["largest"], found["base", "a"]["average"]) == (3.0, 1.5)
    assert (found["base", "b"]["largest"], found["base", "b"]["average"]) == (1.0, 0.5)
    assert found["base", "b"]["low"] < 0 < found["base", "b"]["high"], "in one draw b was better"
    fewer = regrets(both, "work", -1, ["a", "b"])
    assert fewer.filter(scenario="base")["best"].to_list() == ["b", "b"]


def test_a_month_has_a_cost_only_where_there_are_months() -> None:
    cost = cost_of_month(np.array([100.0, 300.0]), np.array([10.0, 10.0]))
    assert cost and cost.mean == 20.0 and 10.0 <= cost.low < cost.high <= 30.0
    assert cost_of_month(np.array([100.0, 300.0]), np.array([-1.0, 10.0])) is None


def test_summaries_are_over_draws() -> None:
    row = summaries(values(work=WORK)).filter(policy="a").row(0, named=True)
    assert (row["mean"], row["n"], row["p_positive"]) == (7.0, 4, 1.0)


def priors(count: int) -> dict[str, Prior]:
    return {prior.name: prior for prior in load_priors()[:count]}


def made_draws(known: dict[str, Prior], draws: int = 80) -> pl.DataFrame:
    rng = np.random.default_rng(5)
    return pl.DataFrame({"draw": np.arange(draws), **{name: rng.uniform(size=draws) for name in known}})


def test_the_assumption_that_decides_is_found_with_its_value() -> None:
    known = priors(40)
    draws = made_draws(known)
    chosen = list(known)[7]
    noise = np.random.default_rng(6).normal(0, 0.1, draws.height)
    gap = pl.DataFrame({"draw": draws["draw"], "value": draws[chosen].to_numpy() - 0.4 + noise})
    found = turning_points("a", "b", gap, draws, known)
    assert found.parameters["parameter"].to_list() == [chosen] and found.tested == 40
    row = found.parameters.row(0, named=True)
    assert row["split"] == pytest.approx(0.4, abs=0.1) and row["turns"]
    assert row["below"] < 0 < row["above"] and row["p_below"] < 0.2 < 0.8 < row["p_above"]
    steady = gap.with_columns(pl.when(pl.col("value") > 0).then(9.0).otherwise(-0.01).alias("value"))
    assert turning_points("a", "b", steady, draws, known).parameters["turns"].to_list() == [False]


def test_none_above_chance_and_too_few_are_said() -> None:
    known = priors(40)
    draws = made_draws(known)
    chance = np.random.default_rng(8).normal(size=draws.height)
    found = turning_points("a", "b", pl.DataFrame({"draw": draws["draw"], "value": chance}), draws, known)
    assert found.tested == 40 and found.parameters.is_empty()
    mostly = np.where(draws["draw"].to_numpy() < 9, -1.0, 1.0)
    few = turning_points("a", "b", pl.DataFrame({"draw": draws["draw"], "value": mostly}), draws, known)
    assert (few.tested, few.better, few.worse) == (0, 71, 9)
