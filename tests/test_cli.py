"""The command line: what it prints, that it is quick to ask, and one clear message for each mistake."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sim.cli import main
from sim.data.schemas import SCHEMAS
from sim.policy.levers.registry import LEVERS
from sim.policy.priors import load_priors


def _printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_help_names_every_command_and_imports_no_part() -> None:
    code = (
        "import sys, sim.cli\n"
        "try: sim.cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "slow = {'numpy', 'polars', 'pydantic', 'yaml', 'numba', 'mesa', 'altair'} & set(sys.modules)\n"
        "assert not slow, slow"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(
        word in done.stdout
        for word in (
            "report",
            "cases",
            "levers",
            "parameters",
            "evidence",
            "backtest",
            "sweep",
            "runs",
            "run",
            "data",
            "odd",
            "bench",
            "lab",
            "--version",
        )
    )


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "sim", "data", "lst"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean 'list'?" in done.stderr


def test_notebooks_find_the_package_where_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []

    def run(command: list[str], **how: Any) -> SimpleNamespace:
        asked.append(how)
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr("subprocess.run", run)
    assert main(["lab"]) == 0
    first = asked[0]["env"]["PYTHONPATH"].split(os.pathsep)[0]
    assert (Path(first) / "sim" / "cli.py").is_file()


@pytest.mark.parametrize(
    ("command", "names"),
    [
        (("data", "list"), list(SCHEMAS)),
        (("levers",), list(LEVERS)),
        (("parameters",), [prior.name for prior in load_priors()]),
        (("cases",), ["nykoping"]),
    ],
)
def test_lists_are_complete_for_people_and_machines(
    command: tuple[str, ...], names: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = _printed(capsys, *command).splitlines()
    assert {line.split()[0] for line in lines} >= {"name", *names}
    listed = json.loads(_printed(capsys, *command, "--json"))
    assert {entry["name"] for entry in listed} >= set(names)
    for name in names[:3]:
        assert name in _printed(capsys, *command, name)
        assert json.loads(_printed(capsys, *command, name, "--json"))["name"] == name


def test_data_check_reports_each_table(capsys: pytest.CaptureFixture[str]) -> None:
    checked = {row["name"]: row for row in json.loads(_printed(capsys, "data", "check", "--json"))}
    assert checked.keys() > SCHEMAS.keys()
    assert checked["stativ"] == {"name": "stativ", "rows": 3480, "problem": None}


def test_data_check_names_a_corrupt_file(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (copied / "stativ.csv").write_text("code,year\n", encoding="utf-8")
    assert main(["data", "check"]) == 2
    assert "stativ.csv: the columns are ['code', 'year']" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "required: COMMAND"),
        (["raport"], "Did you mean 'report'?"),
        (["data"], "required: COMMAND"),
        (["data", "chek"], "Did you mean 'check'?"),
        (["report"], "required: CASE"),
        (["report", "nykoping", "--lang", "eng"], "Allowed: sv, en. Did you mean 'en'?"),
        (["report", "nykoping", "--replications", "0"], "'0' is not a whole number of at least 1"),
        (["report", "nykoping", "--replications", "many"], "'many' is not a whole number"),
        (["report", "nykoping", "--processes", "-2"], "'-2' is not a whole number of at least 1"),
        (["report", "nykoping", "--seed", "-1"], "'-1' is not a whole number of at least 0"),
        (["report", "nykoping", "--sed", "1"], "Did you mean '--seed'?"),
        (["report", "nykopng"], "Did you mean 'nykoping'?"),
        (["report", "nykoping", "--set", "co_locaton.staff_share=1"], "Did you mean"),
        (["report", "nykoping", "--set", "individual_plan.caseload=-5"], "caseload"),
        (["data", "list", "stativv"], "Did you mean 'stativ'?"),
        (["levers", "co_locaton"], "Did you mean 'co_location'?"),
        (["cases", "nykopng"], "Did you mean 'nykoping'?"),
        (["parameters", "asistance_coverage"], "Did you mean 'assistance_coverage'?"),
    ],
)
def test_a_mistake_is_one_clear_message(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert says in printed.err and printed.out == ""
    assert printed.err.startswith("samspel: ") and printed.err.count("\n") == 1
