"""A case becomes tasks named by their content, and the real model keeps its identities within pairs."""

import dataclasses
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim.core.errors import SamspelError
from sim.core.months import month_number
from sim.data.season import stock_season
from sim.experiment.canonical import frame_hash
from sim.experiment.cases import case_experiment, inflow_season, without_policy
from sim.experiment.definition import Experiment, TaskName, orders
from sim.experiment.run import Results, run_experiment
from sim.experiment.tables import GROUPS
from sim.policy.case import Case, load_case
from sim.policy.compiled import neutral_policy
from sim.policy.overrides import apply_settings


def small(case: Case, draws: int) -> Experiment:
    return case_experiment(case, draws, burn_in=24, size=3000)


def _names(experiment: Experiment) -> list[TaskName]:
    return [order.name for order in orders(experiment.tasks, experiment.model, "sources")]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    case = apply_settings(load_case("nykoping"), ["horizon=18"])
    return run_experiment(small(case, 2), 1, folder=tmp_path_factory.mktemp("runs"))


def test_more_draws_keep_the_names_of_the_first() -> None:
    case = load_case("nykoping")
    few, more = (_names(case_experiment(case, n, seed=3)) for n in (3, 5))
    assert few == more[:3]
    other = _names(case_experiment(case, 3, seed=4))
    assert {name.key for name in other}.isdisjoint(name.key for name in few)


def test_replications_share_parameters_and_not_chance() -> None:
    tasks = case_experiment(load_case("nykoping"), 2, replications=2).tasks
    assert [(task.draw, task.replication) for task in tasks] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert tasks[0].values == tasks[1].values and tasks[0].values != tasks[2].values
    assert len({task.inputs.replication for task in tasks}) == 4


def test_bad_numbers_are_refused() -> None:
    with pytest.raises(SamspelError, match="replications = 0"):
        case_experiment(load_case("nykoping"), 2, replications=0)
    with pytest.raises(SamspelError, match="at least 1"):
        case_experiment(load_case("nykoping"), 0)


def test_inflow_season_gives_back_the_season_of_the_stock() -> None:
    season = stock_season(exclude="0480")
    inflow = inflow_season(season, 0.1)
    assert np.mean(inflow) == pytest.approx(1.0)
    stock, path = 100.0, []
    for month in range(600):
        stock = 0.9 * stock + 10.0 * inflow[month % 12]
        path.append(stock)
    logs = np.log(path[-12:])
    assert logs - logs.mean() == pytest.approx(np.array(season) - np.mean(season), abs=1e-9)


def test_every_run_of_the_case_finishes(results: Results) -> None:
    assert results.failed.is_empty(), results.failed["message"].to_list()
    assert results.effects["policy"].unique().to_list() == ["policy"]


def test_groups_sum_to_all_and_the_taxonomy_to_the_net(results: Results) -> None:
    wide = results.effects.pivot("group", index=["draw", "indicator", "month"], values="difference")
    parts = wide.drop_nulls(list(GROUPS))
    assert {"employed", "helped", "displaced", "af_stock"} <= set(parts["indicator"].cast(pl.String))
    counts = parts.filter(~pl.col("indicator").cast(pl.String).str.ends_with("_share"))
    assert (counts["women"] + counts["men"] == counts["all"]).all()
    assert (
        counts["youth"] + counts["newcomer"] + counts["long_term"] + counts["other"] == counts["all"]
    ).all()
    kinds = results.effects.pivot("indicator", index=["draw", "group", "month"], values="difference")
    kinds = kinds.drop_nulls("employed")
    net = kinds["helped"] - kinds["held"] - kinds["delayed"] - kinds["displaced"]
    assert (net == kinds["employed"]).all() and kinds["employed"].abs().max() > 0  # type: ignore[operator]


def test_public_net_is_the_sum_of_its_payers(results: Results) -> None:
    wide = results.effects.pivot("indicator", index=["draw", "group", "month"], values="difference")
    payers = wide.filter(pl.col("group") == "all").select(
        pl.sum_horizontal(f"net_{name}" for name in ("municipality", "region", "state", "funds", "joint")),
        "net_public",
    )
    assert np.allclose(payers["net_municipality"], payers["net_public"], rtol=0, atol=0.01)


def test_nothing_happens_before_the_policy(tmp_path: Path) -> None:
    case = load_case("nykoping")
    levers = dict.fromkeys(instance.lever for instance in case.policy)
    case = apply_settings(case, ["horizon=8", *(f"{lever}.start=2024-02" for lever in levers)])
    effects = run_experiment(small(case, 1), 1, folder=tmp_path).effects
    moved = effects.filter(pl.col("indicator") != "unchanged", pl.col("difference") != 0)
    assert moved["month"].min() == 6


def test_the_case_without_policy_gives_levels_from_another_start(tmp_path: Path) -> None:
    case = without_policy(load_case("nykoping"), month_number("2017-01"), 6)
    one = run_experiment(small(case, 2), 1, folder=tmp_path / "one")
    two = run_experiment(small(case, 2), 2, folder=tmp_path / "two")
    assert one.effects.is_empty() and one.series["policy"].unique().to_list() == ["baseline"]
    assert frame_hash(one.series) == frame_hash(two.series)


def test_a_neutral_policy_changes_no_column_of_the_series(tmp_path: Path) -> None:
    case = apply_settings(load_case("nykoping"), ["horizon=14"])
    plain = small(case, 2)
    tasks = [dataclasses.replace(task, policies=(neutral_policy(case),)) for task in plain.tasks]
    results = run_experiment(dataclasses.replace(plain, tasks=tasks), 1, folder=tmp_path)
    kept = ["draw", "group", "indicator", "month", "value"]
    arms = {
        name: results.series.filter(pl.col("policy") == name).select(kept) for name in ("baseline", "none")
    }
    assert frame_hash(arms["baseline"]) == frame_hash(arms["none"])
    moved = results.effects.filter(pl.col("indicator") != "unchanged", pl.col("difference") != 0)
    assert moved.is_empty() and not results.effects.is_empty()
