"""Estimators on real places without a reform, and the warning that a bad record earns."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim.evaluate.power.real import real_trials
from sim.evaluate.power.standing import SIMULATED, false_positives, warnings_of, write_false_positives


def _rows(alarms: int, draws: int = 400) -> pl.DataFrame:
    p_values = np.where(np.arange(draws) < alarms, 0.01, 0.5)
    return pl.DataFrame(
        {
            "draw": np.arange(draws), "estimator": ["difference"] * draws, "effect": np.zeros(draws),
            "low": np.where(np.arange(draws) < 2 * alarms, 0.1, -1.0),
            "high": np.ones(draws), "p_value": p_values,
        }
    )  # fmt: skip


def test_the_band_is_the_binomial_one() -> None:
    row = false_positives(_rows(20)).row(0, named=True)
    assert row["false_positives"] == 0.05 and row["coverage"] == 0.9
    # Binomial(400, 0.05): 2.5 % and 97.5 % quantiles are 12 and 29.
    assert (row["low"], row["high"]) == (12 / 400, 29 / 400)


@pytest.mark.parametrize(("alarms", "warned"), [(11, True), (12, False), (29, False), (30, True)])
def test_an_estimator_outside_the_band_carries_a_warning(tmp_path: Path, alarms: int, warned: bool) -> None:
    write_false_positives(false_positives(_rows(alarms)), tmp_path)
    said = warnings_of("difference", tmp_path)
    assert bool(said) == warned
    if warned:
        assert "of 400 real places" in said[0] and ("only" in said[0]) == (alarms < 12)


def test_a_record_is_kept_by_panels_and_not_replaced_by_fewer_draws(tmp_path: Path) -> None:
    for rows, panels in ((_rows(20), "real places"), (_rows(60), SIMULATED), (_rows(90, 100), "real places")):
        write_false_positives(false_positives(rows, panels), tmp_path)
    kept = pl.read_csv(tmp_path / "estimators.csv")
    assert kept.select("panels", "draws", "false_positives").rows() == [
        ("real places", 400, 0.05), (SIMULATED, 400, 0.15),
    ]  # fmt: skip
    (said,) = warnings_of("difference", tmp_path)
    assert "15 % of 400 simulated panels" in said


def test_an_estimator_without_a_record_says_so(tmp_path: Path) -> None:
    write_false_positives(false_positives(_rows(20)), tmp_path)
    assert warnings_of("another", tmp_path) == ("not held against places where nothing happened",)


def test_real_placebos_are_drawn_outside_the_cases_and_repeat_by_seed() -> None:
    rows = real_trials(6, ("difference", "interrupted_series"), processes=1)
    assert rows.equals(real_trials(6, ("difference", "interrupted_series"), processes=1))
    assert rows["draw"].n_unique() == 6 and rows["donors"].unique().to_list() == [40]
    assert not set(rows["place"]) & {
        "0480",
        "0861",
        "0821",
        "0882",
        "1499",
        "1273",
        "1286",
        "1270",
        "1291",
        "1265",
    }
    assert rows["start"].min() >= 2015  # type: ignore[operator]
