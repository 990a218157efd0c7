"""``samspel run``: what it prints, keeps and refuses."""

import json
import re
from pathlib import Path

import polars as pl
import pytest

from sim.cli import main
from sim.experiment.totals import MAIN
from sim.policy.vintage import stale_estimates

QUICK = ("--size", "300", "--processes", "1")
TOWNS = """
title: Två regioner
question: Vad händer om ingen gör något?
municipalities: ["0480", "0481", "2418"]
search_across_regions: false
start: 2017-01
horizon: 14
known_until: 2017-12
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    path = tmp_path / "towns.yaml"
    path.write_text(TOWNS, encoding="utf-8")
    return path


def test_a_case_without_a_policy_gives_levels(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["run", str(case), *QUICK, "--out", str(tmp_path / "runs")]
    assert main([*asked, "--json"]) == 0
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert printed.err.count("Run: samspel calibrate") == bool(stale_estimates(["0480", "0481", "2418"]))
    assert (found["case"], found["municipalities"], found["months"], found["failed"]) == ("towns", 3, 14, 0)
    assert found["runs"] == 2 and found["effects"] == []
    assert [one["indicator"] for one in found["series"]] == list(MAIN)
    employed = found["series"][0]
    assert len(employed["mean"]) == 14 and employed["draws"] == 1 and employed["mean"] == employed["low"]
    assert 600 < employed["mean"][0] < 900  # of 900 residents
    kept = pl.read_csv(Path(found["folder"]) / "main.csv")
    assert kept.filter(indicator="employed").sort("month")["mean"].to_list() == employed["mean"]

    assert main(asked) == 0  # from the store
    text = capsys.readouterr().out
    assert text.startswith(
        "towns: Två regioner. 3 municipalities, 14 months from 2017-01, one run at central"
    )
    assert "A sample of 300 residents" in text and found["fingerprint"] in text
    assert "Change by the policy" not in text


def test_a_case_with_a_policy_gives_its_effects_over_draws(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["run", "nykoping", "--months", "4", "--replications", "2", *QUICK, "--out", str(tmp_path)]
    assert main([*asked, "--json", "--set", "co_location.fidelity=1"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["months"] == 4 and found["runs"] == 4
    assert {one["policy"] for one in found["series"]} == {"baseline", "policy"}
    assert {one["draws"] for one in found["effects"]} == {2}
    series = {(one["policy"], one["indicator"]): one["mean"] for one in found["series"]}
    for one in found["effects"]:
        name = one["indicator"]
        gap = [b - a for a, b in zip(series["baseline", name], series["policy", name], strict=True)]
        assert one["mean"] == pytest.approx(gap, abs=1e-6)
        assert all(
            low <= mean <= high for low, mean, high in zip(one["low"], one["mean"], one["high"], strict=True)
        )
    assert main(asked) == 0
    text = capsys.readouterr().out
    assert "2 runs, mean and 90 % interval" in text
    assert not re.search(r"-0(\.0)?[^.\d]", text)  # what rounds to nothing has no sign


def test_a_neutral_policy_changes_nothing(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", str(case), "--neutral", "--json", *QUICK, "--out", str(tmp_path)]) == 0
    effects = json.loads(capsys.readouterr().out)["effects"]
    assert len(effects) == len(MAIN) and not any(any(one["mean"]) for one in effects)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run"], "required: CASE"),
        (["run", "svrige"], "Did you mean 'sverige'?"),
        (["run", "sverige", "--months", "0"], "'0' is not a whole number of at least 1"),
        (["run", "sverige", "--months", "121"], "horizon = 121"),
        (["run", "sverige", "--months", "two"], "'two' is not a whole number"),
        (["run", "sverige", "--replications", "0"], "at least 1"),
        (["run", "sverige", "--size", "0"], "at least 1"),
        (["run", "sverige", "--seed", "-1"], "at least 0"),
        (["run", "sverige", "--processes", "0"], "at least 1"),
        (["run", "sverige", "--set", "job_tracks.places=3"], "has no job_tracks"),
        (["run", "sverige", "--mnths", "3"], "Did you mean '--months'?"),
        (["run", "nykoping", "--months", "0"], "at least 1"),
        (["report", "sverige"], "samspel run sverige gives the levels"),
    ],
)
def test_a_mistake_is_one_clear_message(
    arguments: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments, "--out", str(tmp_path)] if len(arguments) > 1 else arguments) == 2
    printed = capsys.readouterr()
    assert says in printed.err and printed.out == "" and list(tmp_path.iterdir()) == []
    assert printed.err.startswith("samspel: ") and printed.err.count("\n") == 1
