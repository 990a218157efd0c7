"""The store holds what receipts vouch for: each task once, whoever wrote it, and however often."""

import dataclasses
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import toy

from sim.core.errors import SamspelError
from sim.experiment.canonical import frame_hash
from sim.experiment.catalogue import Catalogue, open_store
from sim.experiment.compaction import compact
from sim.experiment.definition import Order, orders
from sim.experiment.duck import relation
from sim.experiment.run import run_experiment
from sim.experiment.sources import experiment_sources
from sim.experiment.store import TABLES, RunStore
from sim.experiment.worker import run_batch

HERE = Path(__file__).parent
WRITER = (
    "import sys; from pathlib import Path; import toy; from sim.experiment.run import run_experiment\n"
    "if __name__ == '__main__': run_experiment(toy.experiment(12, 'slow'), 1, folder=Path(sys.argv[1]))\n"
)


def hashes(folder: Path) -> list[str]:
    catalogue = Catalogue(RunStore(folder)).refresh()
    return [frame_hash(catalogue.scan(table).collect()) for table in TABLES]


def toy_orders(n: int, model: str = "simulate") -> list[Order]:
    experiment = toy.experiment(n, model)
    return list(orders(experiment.tasks, experiment.model, experiment_sources(experiment.model)))


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store of six tasks in two batches."""
    store = RunStore(tmp_path / "toy-1")
    todo = toy_orders(6)
    run_batch(store, todo[:4])
    run_batch(store, todo[4:])
    return store


def test_a_batch_is_one_file_by_table_and_its_tasks_are_found_in_any_order(store: RunStore) -> None:
    assert [len(list((store.folder / table).iterdir())) for table in TABLES] == [2, 2, 2]
    catalogue = Catalogue(store).refresh()
    assert [task.draw for task in catalogue.tasks] == list(range(6))
    keys = [task.key for task in catalogue.tasks]
    chosen = [keys[4], keys[1], keys[2]]
    for table in TABLES:
        rows = catalogue.scan(table, chosen).collect()
        assert rows["draw"].unique(maintain_order=True).to_list() == [4, 1, 2]
        alone = pl.concat([catalogue.scan(table, [key]).collect() for key in chosen])
        assert rows.equals(alone)


def test_a_task_that_is_stored_twice_counts_once(store: RunStore) -> None:
    before = hashes(store.folder)
    run_batch(store, toy_orders(6)[2:5])
    assert len(store.receipts()) == 3
    assert hashes(store.folder) == before


def test_a_finished_task_counts_before_a_failed_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken"
    monkeypatch.setenv("TOY_BROKEN", str(broken))
    store, todo = RunStore(tmp_path / "toy-1"), toy_orders(4, "failing")
    run_batch(store, todo[2:3])
    broken.touch()
    run_batch(store, todo)
    catalogue = Catalogue(store).refresh()
    assert catalogue.finished(todo[2].name.key)
    assert catalogue.scan("runs").collect()["status"].unique().to_list() == ["finished"]


def test_rows_without_a_receipt_count_for_nothing(store: RunStore) -> None:
    receipt = store.receipts()[0]
    rows = Catalogue(store).refresh().scan("runs").collect().height
    receipt.unlink()
    assert 0 < Catalogue(store).refresh().scan("runs").collect().height < rows


def test_a_folder_is_opened_to_be_scanned(store: RunStore, tmp_path: Path) -> None:
    rows = open_store(str(store.folder)).scan("effects").filter(pl.col("month") == 1).collect()
    assert rows["draw"].n_unique() == 6
    with pytest.raises(SamspelError, match="the folder of an experiment with results"):
        open_store(tmp_path / "absent")


def test_a_task_that_is_not_there_is_an_error(store: RunStore) -> None:
    with pytest.raises(SamspelError, match="no rows of task absent"):
        Catalogue(store).refresh().scan("runs", ["absent"])


def test_a_worker_with_other_sources_refuses(tmp_path: Path) -> None:
    order = dataclasses.replace(toy_orders(1)[0], sources="older")
    with pytest.raises(SamspelError, match=r"same version.*everywhere"):
        run_batch(RunStore(tmp_path), [order])
    assert not list(tmp_path.rglob("*.parquet"))


@pytest.mark.parametrize("rows", [10**9, 700])
def test_compaction_keeps_every_row_in_fewer_files(store: RunStore, rows: int) -> None:
    run_batch(store, toy_orders(8)[5:])
    before = hashes(store.folder)
    done = compact(store, rows)
    assert done.before == 3 and done.after == len(store.receipts()) == (1 if rows == 10**9 else 8)
    assert [len(list((store.folder / table).iterdir())) for table in TABLES] == [done.after] * 3
    assert hashes(store.folder) == before
    assert compact(store, rows).after == done.after and hashes(store.folder) == before
    again = Catalogue(store).refresh(lambda error: pytest.fail(str(error)))
    assert all(again.finished(order.name.key) for order in toy_orders(8))


@pytest.mark.parametrize("moment", range(12))
def test_compaction_cut_off_at_any_moment_loses_nothing(
    store: RunStore, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Stop before the n-th change of the folder: each rename and each removal is one."""
    before = hashes(store.folder)
    left = iter(range(moment))

    def counted(original: object) -> object:
        def change(self: Path, *args: object, **options: object) -> object:
            if next(left, None) is None:
                raise KeyboardInterrupt
            return original(self, *args, **options)  # type: ignore[operator]

        return change

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", counted(Path.replace))
        patch.setattr(RunStore, "discard", counted(RunStore.discard))
        try:
            compact(store)
            finished = True
        except KeyboardInterrupt:
            finished = False
    assert hashes(store.folder) == before
    assert finished == (moment >= 6)  # three tables and a receipt, then two batches dropped
    compact(store)
    assert hashes(store.folder) == before and len(store.receipts()) == 1


def test_compaction_refuses_a_damaged_batch_and_drops_none(store: RunStore) -> None:
    victim = next((store.folder / "series").iterdir())
    victim.write_bytes(victim.read_bytes()[:-10])
    with pytest.raises(SamspelError, match=f"{victim.name}: is damaged"):
        compact(store)
    assert len(store.receipts()) == 2


def test_compaction_clears_what_a_killed_writer_left_only_when_it_is_old(store: RunStore) -> None:
    strays = [store.folder / "series" / name for name in (".half.parquet", "orphan.parquet", "young.parquet")]
    for stray in strays:
        stray.write_bytes(b"half")
    for stray in strays[:2]:
        os.utime(stray, (0, 0))
    compact(store)
    assert [stray.exists() for stray in strays] == [False, False, True]


def test_two_writers_at_once_leave_what_one_would(tmp_path: Path) -> None:
    (tmp_path / "writer.py").write_text(WRITER, encoding="utf-8")
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    command = [sys.executable, str(tmp_path / "writer.py"), str(tmp_path / "both")]
    writers = [subprocess.Popen(command, env=os.environ | {"PYTHONPATH": path}) for _ in range(2)]
    assert [writer.wait(timeout=120) for writer in writers] == [0, 0]
    (folder,) = (tmp_path / "both").iterdir()
    clean = run_experiment(toy.experiment(12, "slow"), 1, folder=tmp_path / "clean")
    assert hashes(folder) == hashes(clean.folder)
    compact(RunStore(folder))
    assert hashes(folder) == hashes(clean.folder)
    again = run_experiment(toy.experiment(12, "slow"), 1, folder=tmp_path / "both")
    assert again.folder == folder and again.fingerprint == clean.fingerprint


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of an eighth of a megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", str(folder)]
    if os.name != "posix" or os.geteuid() != 0 or subprocess.run(command, check=False).returncode:
        if os.environ.get("CI") == "true":
            pytest.fail("a build machine must be able to mount a small disk")
        pytest.skip("only root can mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_told_and_what_had_finished_is_kept(small_disk: Path, tmp_path: Path) -> None:
    with pytest.raises(SamspelError, match=r"the disk is full .* kept and can be read"):
        run_experiment(toy.experiment(300), 1, folder=small_disk)
    (folder,) = small_disk.iterdir()
    catalogue = Catalogue(RunStore(folder)).refresh(lambda error: pytest.fail(str(error)))
    kept = len(catalogue.tasks)
    assert 0 < kept < 300
    assert catalogue.scan("series").collect()["draw"].n_unique() == kept
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    run_experiment(toy.experiment(300), 1, folder=small_disk)
    clean = run_experiment(toy.experiment(300), 1, folder=tmp_path / "clean")
    assert hashes(folder) == hashes(clean.folder)


def test_results_are_asked_for_a_part_without_being_read_whole(tmp_path: Path) -> None:
    results = run_experiment(toy.experiment(5), 1, folder=tmp_path)
    lazy = results.scan("effects")
    assert isinstance(lazy, pl.LazyFrame)
    last = lazy.filter(pl.col("month") == toy.HORIZON, pl.col("indicator") == "employed").collect()
    assert last.height == 5 * 7
    assert "effects" not in vars(results) and results.effects.height == lazy.collect().height


def test_results_are_found_again_after_a_compaction(tmp_path: Path) -> None:
    results = run_experiment(toy.experiment(5), 1, folder=tmp_path)
    rows = results.scan("series").collect()
    assert compact(RunStore(results.folder)).before > 1
    assert results.scan("series").collect().equals(rows)


def test_duckdb_reads_the_same_rows(store: RunStore) -> None:
    if os.environ.get("CI") != "true":
        pytest.importorskip("duckdb")
    run_batch(store, toy_orders(6)[2:5])  # twice, so that only parts of files count
    catalogue = Catalogue(store).refresh()
    series = relation(catalogue, "series")
    ours = catalogue.scan("series").collect()
    assert series.aggregate("count(*)").fetchall() == [(ours.height,)]
    total = series.filter("indicator = 'employed' AND \"group\" = 'all'").aggregate("sum(value)").fetchall()
    chosen = ours.filter(pl.col("indicator") == "employed", pl.col("group") == "all")
    assert total == [(chosen["value"].sum(),)]


def test_after_a_compaction_plain_sql_on_the_files_is_exact(store: RunStore) -> None:
    """The snippet of docs/sweeps.md."""
    if os.environ.get("CI") != "true":
        pytest.importorskip("duckdb")
    duckdb: Any = importlib.import_module("duckdb")
    run_batch(store, toy_orders(6)[2:5])
    compact(store)
    found = duckdb.sql(
        "SELECT policy, avg(difference) AS mean, count(*) AS draws "
        f"FROM read_parquet('{store.folder.as_posix()}/effects/*.parquet') "
        f"WHERE indicator = 'employed' AND \"group\" = 'all' AND month = {toy.HORIZON} GROUP BY policy"
    ).fetchall()
    effects = Catalogue(store).refresh().scan("effects").collect()
    ours = effects.filter(
        pl.col("indicator") == "employed", pl.col("group") == "all", pl.col("month") == toy.HORIZON
    )
    assert found == [("reform", pytest.approx(ours["difference"].mean()), 6)]
