"""Summaries against numbers worked out by hand or known from theory."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
import toy

from sim.core.errors import SamspelError
from sim.experiment.breakeven import break_even, break_even_months
from sim.experiment.definition import Precision
from sim.experiment.displacement import displacement
from sim.experiment.precision import half_width, precision_by_size
from sim.experiment.ratios import ratios
from sim.experiment.run import run_experiment
from sim.experiment.summary import levels, summarise
from sim.experiment.uncertainty import shares_by_grade

LABELS = {"scenario": "normal", "policy": "reform", "municipality": "0480", "group": "all"}


def effects(indicator: str, values: dict[int, list[float]], replication: int = 0) -> pl.DataFrame:
    """Return rows of one indicator: a list of months per draw."""
    rows = [
        LABELS
        | {
            "indicator": indicator,
            "draw": draw,
            "replication": replication,
            "month": i + 1,
            "difference": value,
        }
        for draw, months in values.items()
        for i, value in enumerate(months)
    ]
    return pl.DataFrame(rows)


def test_summary_of_eleven_draws() -> None:
    row = summarise(effects("employed", {i: [i - 3.0] for i in range(11)})).row(0, named=True)
    assert (row["mean"], row["low"], row["high"]) == (2.0, -2.5, 6.5)
    assert (row["low50"], row["high50"], row["n"]) == (-0.5, 4.5, 11)
    assert [row[name] for name in ("p_positive", "p_negative", "p_zero")] == [7 / 11, 3 / 11, 1 / 11]
    assert row["se"] == pytest.approx(1.0)  # sd of 0..10 is sqrt(11)


def test_replications_of_a_draw_are_averaged_first() -> None:
    twice = pl.concat(
        [effects("employed", {0: [1.0], 1: [5.0]}), effects("employed", {0: [3.0], 1: [9.0]}, 1)]
    )
    row = summarise(twice).row(0, named=True)
    assert (row["n"], row["mean"], row["low50"]) == (2, 4.5, 2.0 + 0.25 * 5.0)


def test_payers_add_up_in_the_means() -> None:
    rng = np.random.default_rng(1)
    parts = {name: {i: rng.integers(-99, 99, 4).astype(float).tolist() for i in range(30)} for name in "abc"}
    total = {i: np.sum([parts[name][i] for name in parts], axis=0).tolist() for i in range(30)}
    summary = summarise(pl.concat([effects(k, v) for k, v in (parts | {"total": total}).items()]))
    means = summary.pivot("indicator", index="month", values="mean")
    assert np.allclose(means["a"] + means["b"] + means["c"], means["total"], rtol=0, atol=1e-9)


def client_series(policy: str, draw: int, columns: dict[str, list[float]]) -> pl.DataFrame:
    rows = [
        LABELS
        | {
            "policy": policy,
            "indicator": name,
            "draw": draw,
            "replication": 0,
            "month": i + 1,
            "value": value,
        }
        for name, values in columns.items()
        for i, value in enumerate(values)
    ]
    return pl.DataFrame(rows, schema_overrides={"month": pl.Int16}).cast({"indicator": pl.Categorical})


def test_hazard_ratio_falls_into_lock_in_dip_and_rest() -> None:
    without = {"exits_to_work_clients": [10.0] * 14, "clients_at_risk": [100.0] * 14}
    within = {"exits_to_work_clients": [8.0] * 12 + [99.0] * 2, "clients_at_risk": [100.0] * 14}
    losses = {"held_losses": [1.0] * 14, "delayed_losses": [0.5] * 14}
    none = {"held_losses": [0.0] * 14, "delayed_losses": [0.0] * 14}
    series = pl.concat(
        [client_series("baseline", 0, without | none), client_series("reform", 0, within | losses)]
    )
    found = {row["indicator"]: row["difference"] for row in ratios(series).iter_rows(named=True)}
    assert found == pytest.approx(
        {"hazard_ratio": 0.8, "hazard_lock_in": -0.1, "hazard_dip": -0.05, "hazard_other": -0.05}
    )


def test_reached_share_uses_the_contacts_of_its_months() -> None:
    def months(early: float, first_year: float, between: float, fourth: float) -> list[float]:
        return [early] * 3 + [first_year] * 9 + [between] * 24 + [fourth] * 12

    contacts = {"contacts_90": months(99, 10, 99, 20)}
    without = contacts | {"reached_90": months(0, 4, 0, 8)}
    within = contacts | {"reached_90": months(99, 6, 99, 13)}
    series = pl.concat([client_series("baseline", 0, without), client_series("reform", 0, within)])
    found = {
        (row["indicator"], row["month"]): row["difference"] for row in ratios(series).iter_rows(named=True)
    }
    assert found == pytest.approx(
        {
            ("reached_90_share", 12): 0.2,
            ("reached_90_share_baseline", 12): 0.4,
            ("reached_90_share_policy", 12): 0.6,
            ("reached_90_share", 48): 0.25,
            ("reached_90_share_baseline", 48): 0.4,
            ("reached_90_share_policy", 48): 0.65,
        }
    )
    short = series.filter(pl.col("month") <= 36)
    assert ratios(short)["month"].unique().to_list() == [12]


def test_a_series_without_clients_has_no_ratios() -> None:
    assert ratios(client_series("baseline", 0, {"employed": [1.0] * 12})).is_empty()


def test_displacement_recovers_a_known_share_and_its_error() -> None:
    rng = np.random.default_rng(5)
    found = []
    for _ in range(300):
        gain = rng.normal(20, 4, 50)
        found.append(displacement(0.7 * gain + rng.normal(0, 2, 50), gain))
    shares = np.array([one.share for one in found])
    assert abs(shares.mean() - 0.3) < 4 * shares.std() / np.sqrt(300)
    assert np.mean([one.se for one in found]) == pytest.approx(shares.std(), rel=0.15)
    with pytest.raises(SamspelError, match="tightness"):
        displacement([0.0, 0.0], [0.0, 0.0])
    with pytest.raises(SamspelError, match="two or more pairs"):
        displacement([1.0], [2.0])


def test_break_even_is_the_last_return_above_zero() -> None:
    paths = {0: [-5.0, 1.0, -1.0, 0.0, 3.0], 1: [-5.0, -4.0, -3.0, -2.0, -1.0], 2: [1.0, 2.0, 3.0, 4.0, 5.0]}
    rows = effects("cum_net_state", paths)
    months = break_even_months(rows)
    assert months.select("payer", "draw", "month").rows() == [
        ("state", 0, 4),
        ("state", 1, None),
        ("state", 2, 1),
    ]
    row = break_even(rows).row(0, named=True)
    assert (row["probability"], row["early"], row["median"], row["late"], row["n"]) == (2 / 3, 1, 4, None, 3)


def test_a_payer_that_no_krona_reaches_does_not_break_even() -> None:
    row = break_even(effects("cum_net_region", {i: [0.0, 0.0] for i in range(5)})).row(0, named=True)
    assert row["probability"] == 0.0 and row["median"] is None


def graded(n: int, seed: int, noise: float) -> tuple[pl.DataFrame, pl.DataFrame, list[SimpleNamespace]]:
    rng = np.random.default_rng(seed)
    values = {name: rng.random(n) for name in ("known", "seen", "guess", "cycle", "idle")}
    effect = 1.0 * values["known"] + 2.0 * values["guess"] + 2.0 * values["cycle"] + rng.normal(0, noise, n)
    draws = pl.DataFrame({"draw": range(n), **values, "fixed": [1.0] * n})
    rows = effects("employed", {i: [float(effect[i])] for i in range(n)})
    grades = {"known": "A", "seen": "B", "guess": "C", "cycle": "C"}
    priors = [
        SimpleNamespace(name=name, grade=grade, part="scenario" if name == "cycle" else "model")
        for name, grade in grades.items()
    ]
    return rows, draws, priors


def test_shares_of_variance_are_those_of_a_linear_world() -> None:
    rows, draws, priors = graded(4000, 3, noise=np.sqrt(1 / 12))
    shares = shares_by_grade(rows, draws, priors)
    found = dict(shares.select("grade", "share").rows())
    expected = {"A": 0.1, "B": 0.0, "C": 0.4, "scenario": 0.4, "rest": 0.1}  # 1 : 4 : 4 : 1 twelfths
    assert found == pytest.approx(expected, abs=0.03)
    assert sum(found.values()) == pytest.approx(1.0)
    assert shares["r2"][0] == pytest.approx(0.9, abs=0.03)


def test_pure_chance_is_not_laid_on_the_parameters() -> None:
    rng = np.random.default_rng(11)
    draws = pl.DataFrame({"draw": range(200), **{f"p{i}": rng.random(200) for i in range(80)}})
    rests = []
    for seed in range(8):
        noise = np.random.default_rng(seed).normal(size=200)
        shares = shares_by_grade(effects("employed", {i: [float(noise[i])] for i in range(200)}), draws, [])
        rests.append(shares.filter(grade="rest")["share"][0])
    assert np.mean(rests) > 0.9


def test_nothing_is_said_with_too_few_draws_or_no_variation() -> None:
    rows, draws, priors = graded(12, 3, noise=1.0)
    assert shares_by_grade(rows, draws, priors)["share"].null_count() == 5
    rows, draws, priors = graded(100, 3, noise=1.0)
    still = shares_by_grade(rows.with_columns(difference=pl.lit(0.0)), draws, priors)
    assert still["share"].null_count() == 5


def test_half_width_falls_with_the_root_of_n_on_the_prefix() -> None:
    rng = np.random.default_rng(2)
    values = {i: [float(v)] for i, v in enumerate(rng.normal(3.0, 10.0, 400))}
    target = Precision("employed", 1, half_width=1.0, minimum=50)
    table = precision_by_size(effects("employed", values), target)
    assert table["n"].to_list() == [50, 100, 200, 400]
    prefix = np.array([values[i][0] for i in range(50)])
    assert table["half_width"][0] == pytest.approx(1.6448536 * prefix.std(ddof=1) / np.sqrt(50))
    assert table["half_width"][3] == pytest.approx(1.6448536 * 10 / 20, rel=0.15)
    assert half_width(effects("employed", {0: [1.0]}), target) == float("inf")


def test_summaries_read_the_tables_of_a_run(tmp_path: Path) -> None:
    results = run_experiment(toy.experiment(5), 1, folder=tmp_path)
    summary = summarise(results.effects)
    employed = summary.filter(pl.col("indicator") == "employed", pl.col("group") == "all")
    assert employed["month"].to_list() == list(range(1, toy.HORIZON + 1))
    assert employed["mean"].head(2).to_list() == [0.0, 0.0]
    both = levels(results.series).filter(pl.col("indicator") == "employed", pl.col("group") == "all")
    assert both["policy"].unique().sort().to_list() == ["baseline", "reform"]
    assert break_even(results.effects)["payer"].to_list() == ["municipality"]
    assert ratios(results.series).is_empty()
