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
from model_worlds import START, inputs, policy, region, track, values

from sim.model.inputs import Area, AreaPolicy
from sim.model.parameters import Parameters, PopulationParameters
from sim.model.simulate import Outcome, simulate

EXPECTED = Path(__file__).parents[1] / "expected" / "model_series.json"
SHOWN = ("employed", "af_stock", "assistance_households", "assistance_paid", "vacancies", "net_public")
MONTHS = 18


def worlds(parameters: Mapping[str, float]) -> list[Outcome]:
    """The baseline and a reform that reaches most rules, in a town and in two that are tied."""
    reform = policy(
        MONTHS, 4, contact=1.1, caseload=0.5, af_caseload=0.8, handover_days=0.4, handover_loss=0.5,
        decision_days=0.5, assistance_days=5, activity_fit=0.5, assignment=0.9, plan_time=1.2,
        ordinary_places=3, created_places=3, practice_share=0.4, eligible=1, contact_hours=0.2, match=1.05,
        openings=1.05, newcomer_effort=1.1, guarantee_days=90, guarantee_honoured=0.6, guarantee_threat=0.2,
        duty=0.5, duty_time=0.5, sanction=0.05, subsidised_places=4, subsidised_eligible=1,
        association_places=3, association_practice=0.5, association_eligible=1, sfi_places=3, sfi_eligible=1,
        education_places=3, education_eligible=1, outreach=0.05, outreach_study=0.5, reserved_hires=0.5,
        activity_capacity=1.2, cofinancing=0.1, newcomer_payer=0.2,
        tracks=[track(starts=(START + 5, START + 8), shared=True, partner_share=0.3)],
    )  # fmt: skip
    town = replace(inputs(1500, months=MONTHS, burn=24), parameters=dict(parameters))
    usual = region(sizes=(900, 600), months=MONTHS)
    tied = Area(tuple(replace(one, parameters=dict(parameters)) for one in usual.places), usual.ties)
    return [*simulate(town, [None, reform]), *simulate(tied, [None, AreaPolicy("first", (reform, None))])]


def digest(outcomes: Sequence[Outcome], columns: Sequence[str]) -> str:
    """Return the hash of these columns of every world in all groups, and of the path of every person who
    lives there in any month."""
    found = hashlib.sha256()
    for outcome in outcomes:
        for name, group in sorted(key for key in outcome.series if key[0] in columns):
            column = np.ascontiguousarray(outcome.series[name, group], dtype="<f8")
            found.update(f"{name}|{group}|".encode() + column.tobytes())
        by_id = np.argsort(outcome.persons.ids)
        by_id = by_id[outcome.persons.present.any(axis=0)[by_id]]
        for path in outcome.persons.arrays().values():
            found.update(np.ascontiguousarray(path[..., by_id]).astype("<i8").tobytes())
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
    others = ("entry_level", "bas_earnings_share", "assistance_coverage")
    names = (*Parameters._fields, *PopulationParameters._fields, *others)
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
