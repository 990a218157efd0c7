"""A small run gives the same bits on every machine and Python, and changes only by decision.

After a change that is meant to change results: ``python tests/model/test_golden.py``, and a line under
"Results changed" in the changelog. The parameters of the run and the columns that the hash is of are kept
beside it, so that new priors and further columns do not move it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from model_worlds import inputs, policy, values

from sim.model.parameters import Parameters, PopulationParameters
from sim.model.simulate import Outcome, simulate

EXPECTED = Path(__file__).parents[1] / "expected" / "model_series.json"
SHOWN = ("employed", "af_stock", "assistance_households", "assistance_paid", "vacancies", "net_public")
MONTHS = 18


def worlds(parameters: Mapping[str, float]) -> list[Outcome]:
    """The baseline and a reform that reaches most rules."""
    reform = policy(
        MONTHS, 4, contact=1.1, caseload=0.5, af_caseload=0.8, handover_days=0.4, handover_loss=0.5,
        decision_days=0.5, assistance_days=5, activity_fit=0.5, assignment=0.9, plan_time=1.2,
        ordinary_places=3, created_places=3, practice_share=0.4, eligible=1,
    )  # fmt: skip
    town = replace(inputs(1500, months=MONTHS, burn=24), parameters=dict(parameters))
    return simulate(town, [None, reform])


def digest(outcomes: Sequence[Outcome], columns: Sequence[str]) -> str:
    """Return the hash of these columns of every world in all groups, and of every person's path."""
    found = hashlib.sha256()
    for outcome in outcomes:
        for name, group in sorted(key for key in outcome.series if key[0] in columns):
            column = np.ascontiguousarray(outcome.series[name, group], dtype="<f8")
            found.update(f"{name}|{group}|".encode() + column.tobytes())
        for path in vars(outcome.persons).values():
            found.update(np.ascontiguousarray(path).astype("<i8").tobytes())
    return found.hexdigest()


def readable(outcomes: Sequence[Outcome]) -> dict[str, list[float]]:
    """Return the last month of some indicators: what a reviewer can look at when the hash changes."""
    return {name: [float(one.series[name, "all"][-1]) for one in outcomes] for name in SHOWN}


def test_a_small_run_gives_the_stored_bits() -> None:
    expected = json.loads(EXPECTED.read_text(encoding="utf-8"))
    outcomes = worlds(expected["parameters"])
    assert readable(outcomes) == expected["last_month"]
    assert digest(outcomes, expected["columns"]) == expected["sha256"]


def update() -> None:
    """Store what the model gives now; parameters that it still has keep their stored values."""
    names = (*Parameters._fields, *PopulationParameters._fields, "bas_earnings_share", "assistance_coverage")
    stored: dict[str, Any] = json.loads(EXPECTED.read_text(encoding="utf-8")) if EXPECTED.exists() else {}
    kept = stored.get("parameters", {})
    parameters = {name: kept.get(name, values()[name]) for name in names}
    outcomes = worlds(parameters)
    columns = sorted({name for name, _ in outcomes[0].series})
    result = {
        "sha256": digest(outcomes, columns),
        "last_month": readable(outcomes),
        "parameters": parameters,
        "columns": columns,
    }
    EXPECTED.parent.mkdir(exist_ok=True)
    EXPECTED.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    update()
