"""Experiments end the same, whatever happened on the way: kills, failures, damage, more processes."""

import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import toy

from sim.core.errors import SamspelError
from sim.experiment.canonical import frame_hash
from sim.experiment.definition import Precision
from sim.experiment.run import Results, run_experiment
from sim.experiment.tables import Effects, Runs, Series

HERE = Path(__file__).parent


def hashes(results: Results) -> tuple[str, ...]:
    tables = (results.runs, results.series, results.effects, results.draws)
    return (*(frame_hash(table) for table in tables), results.fingerprint)


def test_tables_follow_their_schemas_and_hold_every_pair(tmp_path: Path) -> None:
    results = run_experiment(toy.experiment(3), 1, folder=tmp_path)
    for schema, table in ((Runs, results.runs), (Series, results.series), (Effects, results.effects)):
        schema.validate(table)
    assert results.runs.height == 6
    assert results.series.height == 6 * 8 * toy.HORIZON
    assert results.effects["policy"].unique().to_list() == ["reform"]
    assert results.draws.columns == ["draw", "effect", "level"]
    wide = results.series.filter(pl.col("indicator") == "employed", pl.col("group") == "all").pivot(
        "policy", index=["draw", "month"], values="value"
    )
    kept = results.effects.filter(pl.col("indicator") == "employed", pl.col("group") == "all")
    both = wide.join(kept, on=["draw", "month"])
    assert both.height == 3 * toy.HORIZON
    assert (both["reform"] - both["baseline"] == both["difference"]).all()


def test_two_processes_give_what_one_gives(tmp_path: Path) -> None:
    one = run_experiment(toy.experiment(6), 1, folder=tmp_path / "one")
    two = run_experiment(toy.experiment(6), 2, folder=tmp_path / "two")
    assert hashes(one) == hashes(two)
    manifests = [(results.folder / "manifest.json").read_bytes() for results in (one, two)]
    assert manifests[0] == manifests[1]
    assert json.loads(manifests[0])["fingerprint"] == one.fingerprint


def test_finished_runs_are_never_run_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = tmp_path / "calls"
    monkeypatch.setenv("TOY_CALLS", str(calls))
    first = run_experiment(toy.experiment(3, "counting"), 1, folder=tmp_path)
    again = run_experiment(toy.experiment(3, "counting"), 1, folder=tmp_path)
    assert hashes(first) == hashes(again)
    assert calls.read_text().split() == ["0", "1", "2"]
    more = run_experiment(toy.experiment(5, "counting"), 1, folder=tmp_path)
    assert calls.read_text().split() == ["0", "1", "2", "3", "4"]
    assert more.folder == first.folder and more.fingerprint != first.fingerprint


def test_a_failed_run_is_a_row_and_is_retried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken"
    broken.touch()
    monkeypatch.setenv("TOY_BROKEN", str(broken))
    results = run_experiment(toy.experiment(4, "failing"), 1, folder=tmp_path)
    assert results.failed.select("draw", "policy", "stage", "message").rows() == [
        (2, "baseline", "simulate", "ZeroDivisionError: no vacancies in field 3"),
        (2, "reform", "simulate", "ZeroDivisionError: no vacancies in field 3"),
    ]
    assert results.effects["draw"].unique().sort().to_list() == [0, 1, 3]
    assert "Traceback" in (results.folder / "log.txt").read_text()
    broken.unlink()
    mended = run_experiment(toy.experiment(4, "failing"), 1, folder=tmp_path)
    clean = run_experiment(toy.experiment(4, "failing"), 1, folder=tmp_path / "clean")
    assert mended.failed.is_empty() and hashes(mended) == hashes(clean)


def test_when_every_run_fails_the_first_message_is_told(tmp_path: Path) -> None:
    with pytest.raises(SamspelError, match=r"every run failed.*stage start.*no attribute 'absent'.*log.txt"):
        run_experiment(toy.experiment(2, "absent"), 1, folder=tmp_path)


@pytest.mark.parametrize("table", ["runs", "series", "effects", "done"])
@pytest.mark.parametrize("damage", ["cut", "flip", "delete"])
def test_a_damaged_file_is_reported_and_its_task_alone_run_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    table: str,
    damage: str,
) -> None:
    calls = tmp_path / "calls"
    monkeypatch.setenv("TOY_CALLS", str(calls))
    first = run_experiment(toy.experiment(3, "counting"), 1, folder=tmp_path)
    before = hashes(first)
    files = sorted((first.folder / table).iterdir())
    assert len(files) == 3
    content = files[1].read_bytes()
    if damage == "cut":
        files[1].write_bytes(content[: len(content) // 2])
    elif damage == "flip":
        middle = len(content) // 2
        files[1].write_bytes(content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :])
    else:
        files[1].unlink()
    again = run_experiment(toy.experiment(3, "counting"), 1, folder=tmp_path)
    assert before == hashes(again)
    assert len(calls.read_text().split()) == 4
    if (table, damage) != ("done", "delete"):
        assert f"{files[1].name}" in capsys.readouterr().err.replace("\n", "")


def test_a_killed_run_resumes_and_ends_equal(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; import toy; from sim.experiment.run import run_experiment\n"
        "if __name__ == '__main__': run_experiment(toy.experiment(12, 'slow'), 2, folder=Path(sys.argv[1]))\n"
    )
    (tmp_path / "script.py").write_text(script)
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    environment = os.environ | {"PYTHONPATH": path}
    victim = subprocess.Popen([sys.executable, tmp_path / "script.py", tmp_path / "killed"], env=environment)
    deadline = time.monotonic() + 60
    while len(list(tmp_path.glob("killed/*/done/*.json"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    victim.send_signal(signal.SIGKILL)
    victim.wait()
    kept = len(list(tmp_path.glob("killed/*/done/*.json")))
    assert 3 <= kept < 12
    time.sleep(0.6)  # its workers end with it and write no more
    assert len(list(tmp_path.glob("killed/*/done/*.json"))) <= kept + 2
    assert not list(tmp_path.glob("killed/*/manifest.json"))
    resumed = run_experiment(toy.experiment(12, "slow"), 2, folder=tmp_path / "killed")
    clean = run_experiment(toy.experiment(12, "slow"), 1, folder=tmp_path / "clean")
    assert hashes(resumed) == hashes(clean)


def test_an_interrupt_keeps_what_has_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = toy.simulate

    def interrupted(inputs: toy.ToyInputs, policies: list[toy.ToyPolicy | None]) -> list[toy.ToyOutcome]:
        if inputs.replication == 2:
            raise KeyboardInterrupt
        return original(inputs, policies)

    monkeypatch.setattr(toy, "simulate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_experiment(toy.experiment(4), 1, folder=tmp_path)
    assert len(list(tmp_path.glob("*/done/*.json"))) == 2
    monkeypatch.setattr(toy, "simulate", original)
    assert run_experiment(toy.experiment(4), 1, folder=tmp_path).failed.is_empty()


def test_workers_import_no_analysis_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOY_SPY", str(tmp_path))
    run_experiment(toy.experiment(8, "spying"), 2, folder=tmp_path / "runs")
    workers = [path for path in tmp_path.glob("*.json") if path.stem != str(os.getpid())]
    assert workers
    for path in workers:
        modules = set(json.loads(path.read_text()))
        assert not modules & {"pandas", "statsmodels", "altair", "scipy.stats", "typer", "papermill"}


def test_a_worker_that_dies_gives_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SamspelError, match=r"memory ran out.*run the same command again"):
        run_experiment(toy.experiment(8, "dying"), 2, folder=tmp_path)


def test_neutral_policy_changes_no_column(tmp_path: Path) -> None:
    results = run_experiment(toy.experiment(3, policies=(toy.ToyPolicy("neutral", 0.0),)), 1, folder=tmp_path)
    moved = results.effects.filter(pl.col("indicator") != "unchanged", pl.col("difference") != 0.0)
    assert moved.is_empty()


def test_without_policies_there_are_levels_and_no_effects(tmp_path: Path) -> None:
    results = run_experiment(toy.experiment(3, policies=()), 1, folder=tmp_path)
    assert results.effects.is_empty() and results.series["policy"].unique().to_list() == ["baseline"]


def test_precision_stops_on_a_prefix_and_says_so(tmp_path: Path) -> None:
    loose = Precision("employed", toy.HORIZON, half_width=50.0, minimum=4)
    results = run_experiment(toy.experiment(20, precision=loose), 1, folder=tmp_path)
    assert results.draws.height == 4
    assert json.loads((results.folder / "manifest.json").read_text())["tasks_used"] == 4
    strict = Precision("employed", toy.HORIZON, half_width=1e-9, minimum=4)
    everything = run_experiment(toy.experiment(20, precision=strict), 1, folder=tmp_path)
    assert everything.draws.height == 20 and everything.folder != results.folder


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SamspelError, match="cannot be written"):
        run_experiment(toy.experiment(2), 1, folder=tmp_path / "file")


def test_every_input_names_the_run(tmp_path: Path) -> None:
    first = run_experiment(toy.experiment(2), 1, folder=tmp_path)
    other = run_experiment(toy.experiment(2, policies=(toy.ToyPolicy("reform", 0.3),)), 1, folder=tmp_path)
    policy_runs = first.runs["run_id"].to_list()[1::2], other.runs["run_id"].to_list()[1::2]
    baselines = first.runs["run_id"].to_list()[::2], other.runs["run_id"].to_list()[::2]
    assert set(policy_runs[0]).isdisjoint(policy_runs[1]) and baselines[0] == baselines[1]
    longer = run_experiment(toy.experiment(2, horizon=7), 1, folder=tmp_path)
    assert set(longer.runs["run_id"]).isdisjoint(first.runs["run_id"])


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (("employed", "elderly"), 1.0, "elderly"),
        (("vacancies", "all"), float("nan"), r"\('vacancies', 'all'\) is not a finite number in month 1"),
    ],
)
def test_a_series_that_breaks_the_tables_is_a_failed_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: tuple[str, str], value: float, message: str
) -> None:
    original = toy.simulate

    def wrong(inputs: toy.ToyInputs, policies: list[toy.ToyPolicy | None]) -> list[toy.ToyOutcome]:
        outcomes = original(inputs, policies)
        if inputs.replication == 1:
            for outcome in outcomes:
                outcome.series[key] = np.full(toy.HORIZON, value)
        return outcomes

    monkeypatch.setattr(toy, "simulate", wrong)
    results = run_experiment(toy.experiment(2), 1, folder=tmp_path)
    assert results.failed["stage"].unique().to_list() == ["tables"]
    assert re.search(message, results.failed["message"][0])
    assert results.series["draw"].unique().to_list() == [0]


def test_an_experiment_needs_a_fit_name_distinct_policies_and_a_task() -> None:
    twice = (toy.ToyPolicy("reform", 0.1), toy.ToyPolicy("reform", 0.2))
    with pytest.raises(SamspelError, match="each name once"):
        toy.experiment(1, policies=twice)
    with pytest.raises(SamspelError, match="at least one parameter draw"):
        toy.experiment(0)
    with pytest.raises(SamspelError, match="1-40 small letters"):
        run_experiment(dataclasses.replace(toy.experiment(1), name="../up"), 1)
