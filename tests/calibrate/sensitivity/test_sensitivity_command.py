"""``samspel sensitivity``: what it prints, keeps and refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
from known_town import problem

from sim.calibrate.sensitivity import study
from sim.calibrate.sensitivity.runs import Problem
from sim.cli import main

QUICK = ("--trajectories", "2", "--points", "24", "--again", "4", "--processes", "1")
EMPTY = """
title: Ingen reform
question: Vad händer om ingen gör något?
municipalities: ["0480"]
start: 2023-09
horizon: 12
known_until: 2023-12
"""


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> None:
    def known(*_: Any, **__: Any) -> Problem:
        return problem()

    monkeypatch.setattr(study, "case_problem", known)


def asked(*arguments: str) -> list[str]:
    return ["sensitivity", "nykoping", *QUICK, *arguments]


def test_it_prints_shares_by_grade_and_by_parameter(
    town: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--indicator", "net_municipality", "--month", "3", "--out", str(tmp_path))
    assert main(asked(*options)) == 0
    text = capsys.readouterr().out
    assert "net_municipality, month 3: mean" in text and "case settings (ranges in the case file" in text
    assert main(asked(*options, "--json")) == 0
    values = json.loads(capsys.readouterr().out)
    assert (values["ran"], values["failed"]) == (0, 0)
    (effect,) = values["effects"]
    assert sum(row["share"] for row in effect["grades"]) == pytest.approx(1.0)
    assert {"parameter", "label_sv", "grade", "part", "mu_star", "first", "total", "share"} <= set(
        effect["parameters"][0]
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--indicator", "employd"), "Did you mean 'employed'?"),
        (("--month", "60"), "month = 60 is not allowed. Allowed: a month of the case, from 1 to 48"),
        (("--set", "municipal_placement.places=5"), "Did you mean"),
        (("--again", "40"), "at most points = 24"),
        (("--points", "3"), "'3' is not a whole number of at least 20"),
        (("--trajectory", "3"), "Did you mean '--trajectories'?"),
        (("--write", "--size", "300"), "--write without --indicator, --month, --set and --size"),
    ],
)
def test_what_cannot_be_is_told_before_anything_runs(
    arguments: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(asked(*arguments, "--out", str(tmp_path))) == 2
    captured = capsys.readouterr()
    assert said in captured.err and captured.out == "" and not list(tmp_path.iterdir())


def test_an_unknown_case_is_told_with_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensitivity", "nykopping"]) == 2
    assert "Did you mean 'nykoping'?" in capsys.readouterr().err


def test_a_case_without_a_policy_has_nothing_to_be_sensitive_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "empty.yaml"
    path.write_text(EMPTY, encoding="utf-8")
    assert main(["sensitivity", str(path)]) == 2
    assert "empty: has no policy, so there is no effect" in capsys.readouterr().err


def test_an_interrupt_keeps_what_is_finished(
    town: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TOWN_CALLS", str(tmp_path / "calls.txt"))
    monkeypatch.setenv("TOWN_STOP", "12")
    assert main(asked("--indicator", "net_municipality", "--month", "3", "--out", str(tmp_path))) == 1
    assert "stopped; what is finished is kept" in capsys.readouterr().err


@pytest.mark.slow
def test_the_real_model_in_little(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--size", "300", "--set", "horizon=6", "--out", str(tmp_path), "--indicator", "cum_net_public")
    assert main(asked(*options, "--json")) == 0
    values = json.loads(capsys.readouterr().out)
    (effect,) = values["effects"]
    assert values["failed"] == 0 and sum(row["share"] for row in effect["grades"]) == pytest.approx(1.0)
    assert effect["parameters"][0]["share"] > 0
