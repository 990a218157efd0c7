"""A sweep that is killed again and again ends with the values of one that was left alone."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.experiment.canonical import frame_hash
from sim.experiment.catalogue import Catalogue
from sim.experiment.compaction import compact
from sim.experiment.store import TABLES, RunStore

ROOT = Path(__file__).resolve().parents[2]
KILLS = 10
TASKS = 240
SWEEP = f"""
case: nykoping
settings: [horizon=6]
design: list
points:
  - {{municipal_placements.places: 40}}
  - {{municipal_placements.places: 120}}
  - {{scenario: recession}}
draws: {TASKS // 2}
burn_in: 12
size: 800
effects:
  - {{indicator: employed, month: 6}}
"""


def start(path: Path, out: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "sim", "sweep", str(path), "--out", str(out), "--processes", "2"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)


def finished(out: Path) -> int:
    folders = list(out.glob("killed-*"))
    return sum(task.finished for task in Catalogue(RunStore(folders[0])).refresh().tasks) if folders else 0


def hashes(out: Path) -> list[str]:
    (folder,) = out.glob("killed-*")
    catalogue = Catalogue(RunStore(folder)).refresh(lambda error: pytest.fail(str(error)))
    return [frame_hash(catalogue.scan(table).collect()) for table in TABLES]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")
def test_a_sweep_killed_ten_times_ends_equal(tmp_path: Path) -> None:
    path = tmp_path / "killed.yaml"
    path.write_text(SWEEP, encoding="utf-8")
    assert start(path, tmp_path / "calm").wait(timeout=600) == 0
    moments = random.Random(7)
    progress = []
    for kill in range(KILLS):
        least = (kill + 1) * TASKS // (KILLS + 4)  # each start gets somewhere, and none to the end
        victim = start(path, tmp_path / "torn")
        deadline = time.monotonic() + 120
        while finished(tmp_path / "torn") < least and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(moments.uniform(0.0, 0.6))
        assert victim.poll() is None, "the sweep ended before it could be killed: make it longer"
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        progress.append(finished(tmp_path / "torn"))
    assert progress == sorted(progress) and progress[0] > 0 and progress[-1] < TASKS
    assert start(path, tmp_path / "torn").wait(timeout=600) == 0
    assert finished(tmp_path / "torn") == TASKS
    assert hashes(tmp_path / "torn") == hashes(tmp_path / "calm")
    tables = [next((tmp_path / which).glob("killed-*/table.csv")).read_bytes() for which in ("torn", "calm")]
    assert tables[0] == tables[1]
    (folder,) = (tmp_path / "torn").glob("killed-*")
    compact(RunStore(folder))
    assert hashes(tmp_path / "torn") == hashes(tmp_path / "calm")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is a signal here")
def test_an_interrupted_sweep_says_so_and_resumes(tmp_path: Path) -> None:
    path = tmp_path / "killed.yaml"
    path.write_text(SWEEP.replace(f"draws: {TASKS // 2}", "draws: 20"), encoding="utf-8")
    victim = start(path, tmp_path / "torn")
    deadline = time.monotonic() + 120
    while finished(tmp_path / "torn") < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    victim.send_signal(signal.SIGINT)
    assert victim.wait(timeout=60) == 1
    assert 2 <= finished(tmp_path / "torn") < 40
    assert start(path, tmp_path / "torn").wait(timeout=120) == 0
    assert finished(tmp_path / "torn") == 40
