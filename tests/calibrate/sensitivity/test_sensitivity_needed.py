"""What must be true for a reform to pay, on draws made up so that the answers are known."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim.calibrate.sensitivity.needed import Needed, needed_of
from sim.cli import main
from sim.policy.priors import Prior, load_priors

N = 200
OVER = {prior.name: prior for prior in load_priors() if "handover_days" in prior.name}


def needed(gains: np.ndarray, spent: np.ndarray, draws: pl.DataFrame | None = None) -> Needed:
    number = np.arange(gains.size)
    values = pl.concat(
        pl.DataFrame({"draw": number, "outcome": [f"{kind}_state"] * gains.size, "value": value})
        for kind, value in (("net", gains - spent), ("spending", spent))
    )
    given: dict[str, Prior] = OVER if draws is not None else {}
    draws = pl.DataFrame({"draw": number}) if draws is None else draws
    return needed_of("town", "state", 24, values, draws, given)


def test_the_multiplier_is_what_is_spent_over_what_is_gained() -> None:
    spent = np.full(N, 100.0)
    gains = 100.0 / np.linspace(0.5, 2.5, N)  # the multipliers that draws need lie evenly from 0.5 to 2.5
    found = needed(gains, spent)
    assert found.pays[0] == pytest.approx(0.25, abs=0.01) and found.pays[1] < 0.25 < found.pays[2]
    rows = {row["probability"]: row for row in found.multipliers.iter_rows(named=True)}
    for chance, expected in ((0.5, 1.5), (0.8, 2.1), (0.95, 2.4)):
        assert rows[chance]["multiplier"] == pytest.approx(expected, abs=0.02)
        assert rows[chance]["low"] < rows[chance]["multiplier"] < rows[chance]["high"]
    chances = found.curve["probability"].to_list()
    assert chances == sorted(chances) and chances[0] == 0.0


def test_no_effect_is_large_enough_where_nothing_is_gained() -> None:
    gains = np.concatenate([np.full(60, 50.0), np.full(140, -10.0)])
    rows = needed(gains, np.full(N, 100.0)).multipliers
    assert rows["multiplier"].to_list() == [None, None, None]
    half = needed(np.concatenate([np.full(140, 50.0), np.full(60, -10.0)]), np.full(N, 100.0)).multipliers
    assert half["multiplier"].to_list() == [2.0, None, None]


def test_the_longest_hand_over_that_pays_is_found() -> None:
    rng = np.random.default_rng(4)
    days = {name: rng.uniform(10.0, 60.0, N) for name in OVER}
    first = next(iter(OVER))
    gains = 100.0 + 10.0 * (35.0 - days[first] + rng.normal(0, 4, N))
    found = needed(gains, np.full(N, 100.0), pl.DataFrame({"draw": np.arange(N), **days}))
    rows = {row["parameter"]: row for row in found.conditions.iter_rows(named=True)}
    known = rows[first]
    assert known["above_chance"] and known["direction"] == -1
    assert known["limit"] == pytest.approx(35.0, abs=2.0) and known["low"] < 35.0 < known["high"]
    assert known["chance_low"] > 0.9 and known["chance_high"] < 0.1
    for name in set(OVER) - {first}:
        assert not rows[name]["above_chance"] and rows[name]["limit"] is None


def test_where_it_never_pays_no_number_is_given() -> None:
    draws = pl.DataFrame({"draw": np.arange(N), **{name: np.linspace(1, 9, N) for name in OVER}})
    found = needed(np.full(N, 10.0), np.full(N, 100.0), draws)
    assert found.pays[0] == 0.0 and found.pays[2] > 0.0
    assert found.conditions["limit"].is_null().all() and not found.conditions["above_chance"].any()
    assert found.multipliers["multiplier"].to_list() == [10.0] * 3


def test_what_costs_nothing_pays_at_no_effect() -> None:
    assert needed(np.zeros(N), np.zeros(N)).multipliers["multiplier"].to_list() == [0.0] * 3


def test_the_text_says_no_more_than_is_known() -> None:
    text = needed(np.concatenate([np.full(140, 50.0), np.full(60, -10.0)]), np.full(N, 100.0)).summary()
    assert "pays in 0% of the draws" in text and "50% probability: 2 times" in text
    assert "95% probability: no effect is large enough in so many draws" in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--payer", "stat"), "Did you mean 'state'?"),
        (("--over", "handover_days_apar"), "Did you mean 'handover_days_apart'?"),
        (("--month", "60"), "a month of the case, from 1 to 48"),
        (("--replications", "3"), "at least 20 draws"),
        (("--points", "50"), "reads the paired runs of a report"),
    ],
)
def test_bad_input_is_told_before_anything_runs(
    arguments: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["sensitivity", "nykoping", "--what-must-be-true", *arguments, "--out", str(tmp_path)]
    assert main(command) == 2
    captured = capsys.readouterr()
    assert said in captured.err and captured.out == "" and not list(tmp_path.iterdir())


def test_its_options_need_the_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", "nykoping", "--payer", "state"]) == 2
    assert "--what-must-be-true with them" in capsys.readouterr().err


def test_it_runs_on_the_model_in_little(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["sensitivity", "nykoping", "--what-must-be-true", "--replications", "20", "--size", "300"]
    options = ("--set", "horizon=4", "--out", str(tmp_path), "--processes", "1", "--json")
    assert main([*command, *options]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["draws"] == 20 and found["month"] == 4 and len(found["multipliers"]) == 3
    assert "handover_days_apart" in [row["parameter"] for row in found["conditions"]]
