"""Each case gives the results that are stored for it, and they change only by decision.

After a change that is meant to move results: ``python tests/experiment/test_expected_results.py [CASE ...]``
(some minutes), and a line under "Results changed" in the changelog that says why. Stored are rounded effects
with their 90 % intervals over draws (the slow suite runs them all again), and the exact first pair (run every
day).
"""

import json
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.experiment.breakeven import break_even
from sim.experiment.cases import case_experiment
from sim.experiment.run import run_experiment
from sim.experiment.summary import summarise
from sim.policy.case import load_case
from sim.policy.listing import list_cases

FOLDER = Path(__file__).parents[1] / "expected" / "cases"
DRAWS = 40
MARKS = (12, 24, 48)
PERSONS = ("employed", "employed_unsubsidised", "af_stock", "assistance_households", "helped", "displaced")
MONEY = ("cum_net_municipality", "cum_net_state", "cum_net_funds", "cum_net_public", "cum_assistance_paid")
EXACT = ("employed", "af_stock", "assistance_households", "cum_net_public")
REFORMS = [case.name for case in list_cases() if case.levers]
CASES = pytest.mark.parametrize("name", REFORMS)


def results(name: str, draws: int, folder: Path) -> dict[str, Any]:
    """Run pairs of a case and return what is stored of them."""
    experiment = case_experiment(load_case(name), draws)
    found = run_experiment(experiment, 1 if draws == 1 else None, progress=False, folder=folder)
    assert found.failed.is_empty(), found.failed["message"][0]
    place = experiment.tasks[0].municipality
    effects = found.effects.filter(pl.col("municipality") == place)
    first = effects.filter(pl.col("draw") == 0, pl.col("group") == "all", pl.col("indicator").is_in(EXACT))
    exact = {
        one: first.filter(pl.col("indicator") == one).sort("month")["difference"].to_list()[11::12]
        for one in EXACT
    }
    if draws == 1:
        return {"first_pair": exact}
    return {"first_pair": exact, "draws": draws, "effects": _rounded(effects), "even": _even(effects)}


def _rounded(effects: pl.DataFrame) -> dict[str, dict[str, list[float]]]:
    rows = summarise(effects).filter(
        pl.col("group") == "all", pl.col("month").is_in(MARKS), pl.col("indicator").is_in((*PERSONS, *MONEY))
    )
    stored: dict[str, dict[str, list[float]]] = {}
    for row in rows.sort("indicator", "month").iter_rows(named=True):
        scale, digits = (1e6, 1) if row["indicator"] in MONEY else (1.0, 0)
        values = [round(row[key] / scale, digits) for key in ("mean", "low", "high")]
        stored.setdefault(row["indicator"], {})[str(row["month"])] = values
    return stored


def _even(effects: pl.DataFrame) -> dict[str, float]:
    rows = break_even(effects, ("municipality", "public"))
    return {row["payer"]: round(row["probability"], 2) for row in rows.iter_rows(named=True)}


def stored(name: str) -> dict[str, Any]:
    path = FOLDER / f"{name}.json"
    assert path.exists(), f"run: python tests/experiment/test_expected_results.py {name}"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@CASES
def test_the_first_pair_is_the_stored_one(name: str, tmp_path: Path) -> None:
    assert results(name, 1, tmp_path)["first_pair"] == stored(name)["first_pair"]


@pytest.mark.slow
@CASES
def test_effects_and_intervals_are_the_stored_ones(name: str, tmp_path: Path) -> None:
    expected = stored(name)
    assert results(name, expected["draws"], tmp_path) == expected


def update(names: list[str]) -> None:
    """Store what the model gives now."""
    import tempfile

    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names or REFORMS:
        with tempfile.TemporaryDirectory() as folder:
            text = json.dumps(results(name, DRAWS, Path(folder)), indent=1)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    update(sys.argv[1:])
