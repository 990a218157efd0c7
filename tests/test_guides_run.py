"""The guides hold nothing but what runs: every command, case file and Python block, in order, in a folder of
its own."""

import re
import shlex
import shutil
import subprocess
import sys
from os import environ
from pathlib import Path

import pytest

from sim.cli import main
from sim.core.paths import root

GUIDES = sorted((root() / "docs" / "guides").glob("*.md"))
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_NAMED = re.compile(r"^# (\S+\.yaml)\n")
_LONGEST = 900


def _blocks(guide: Path) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in _BLOCK.findall(guide.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_holds_only_what_can_be_run(guide: Path) -> None:
    for kind, text in _blocks(guide):
        assert kind in ("sh", "python", "yaml"), f"{guide.name}: a block of {kind} is not run"
        if kind == "python":
            compile(text, guide.name, "exec")
        if kind == "yaml":
            assert _NAMED.match(text), f"{guide.name}: a case file begins with its name"
        for line in text.splitlines() if kind == "sh" else []:
            program = shlex.split(line)[0]
            assert program in ("samspel", "papermill"), f"{guide.name}: {line}"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_every_option_of_a_guide_is_known(guide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for kind, text in _blocks(guide):
        for line in text.splitlines() if kind == "sh" else []:
            program, command, *rest = shlex.split(line)
            if program != "samspel":
                continue
            with pytest.raises(SystemExit):
                main([command, "--help"])
            shown = capsys.readouterr().out
            for option in (word for word in rest if word.startswith("--")):
                assert re.search(rf"{option}\b", shown), f"{guide.name}: {line}"


@pytest.mark.slow
@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.stem)
def test_a_guide_runs_as_it_stands(guide: Path, tmp_path: Path) -> None:
    for folder in ("data", "params", "notebooks"):
        shutil.copytree(root() / folder, tmp_path / folder)
    home = {**environ, "SAMSPEL_HOME": str(tmp_path), "PYTHONPATH": str(root())}
    script: list[str] = []
    for kind, text in _blocks(guide):
        if kind == "yaml":
            named = _NAMED.match(text)
            assert named
            (tmp_path / named[1]).write_text(text, encoding="utf-8")
        elif kind == "python":
            script.append(text)
            _run([sys.executable, "-c", "\n".join(script)], tmp_path, home)
        else:
            for line in text.splitlines():
                program, *rest = shlex.split(line)
                module = {"samspel": "sim", "papermill": "papermill"}[program]
                _run([sys.executable, "-m", module, *rest], tmp_path, home)


def _run(command: list[str], folder: Path, home: dict[str, str]) -> None:
    done = subprocess.run(
        command, cwd=folder, env=home, capture_output=True, text=True, encoding="utf-8", timeout=_LONGEST,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
