"""Sweeps: the points that a file asks for, what they share, where their draws stop, and bad files."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from sim.cli import main
from sim.core.paths import root
from sim.experiment.canonical import frame_hash
from sim.experiment.cases import case_experiment
from sim.experiment.catalogue import Catalogue
from sim.experiment.definition import Precision
from sim.experiment.indicators import effect_indicators
from sim.experiment.precision import half_width
from sim.experiment.run import run_experiment
from sim.experiment.runner import Places
from sim.experiment.store import TABLES, RunStore
from sim.experiment.sweeps.design import grid, latin_hypercube
from sim.experiment.sweeps.document import SweepFile, load_sweep, sweep_points
from sim.experiment.sweeps.estimate import estimate_sweep
from sim.experiment.sweeps.run import SweepResults, run_sweep
from sim.experiment.sweeps.tasks import SweepTasks
from sim.policy.case import load_case
from sim.policy.overrides import apply_settings

SMALL: dict[str, Any] = {
    "case": "nykoping",
    "settings": ["horizon=6"],
    "design": "grid",
    "dimensions": {"municipal_placements.places": [40, 120], "scenario": ["base", "recession"]},
    "draws": 4,
    "burn_in": 12,
    "size": 500,
    "effects": [{"indicator": "employed", "month": 6}, {"indicator": "cum_net_municipality", "month": 3}],
}


def written(folder: Path, **changes: Any) -> Path:
    path = folder / "small.yaml"
    values = {key: value for key, value in {**SMALL, **changes}.items() if value is not None}
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    return path


def run(path: Path, folder: Path, processes: int = 1) -> SweepResults:
    sweep = load_sweep(path)
    return run_sweep(path.stem, sweep, sweep_points(sweep, path), Places(processes), folder, progress=False)


def hashes(folder: Path) -> list[str]:
    catalogue = Catalogue(RunStore(folder)).refresh()
    return [frame_hash(catalogue.scan(table).collect()) for table in TABLES]


def test_a_grid_has_every_combination_and_steps_lie_evenly() -> None:
    points = grid({"a": [1, 2], "b": (0.0, 10.0, 5, False), "c": (1, 4, 3, True)})
    assert len(points) == 2 * 5 * 3
    assert [point["b"] for point in points[:15:3]] == [0.0, 2.5, 5.0, 7.5, 10.0]
    assert points[0] == {"a": 1, "b": 0.0, "c": 1} and {point["c"] for point in points} == {1, 2, 4}


def test_a_latin_hypercube_fills_each_stratum_once() -> None:
    dimensions = {"x": (10.0, 30.0, None, False), "n": (1, 4, None, True), "s": ["u", "v"]}
    points = latin_hypercube(dimensions, 20, 3)
    assert sorted(int(point["x"] - 10.0) for point in points) == list(range(20))
    assert sorted(point["n"] for point in points) == [1] * 5 + [2] * 5 + [3] * 5 + [4] * 5
    assert sorted(point["s"] for point in points) == ["u"] * 10 + ["v"] * 10
    assert points == latin_hypercube(dimensions, 20, 3)


def test_points_share_a_baseline_where_only_policy_differs(tmp_path: Path) -> None:
    sweep = load_sweep(written(tmp_path, dimensions={**SMALL["dimensions"], "af_caseload": [150, 200]}))
    tasks = SweepTasks(sweep, sweep_points(sweep, tmp_path))
    assert len(tasks.points) == 8
    assert tasks.worlds == ("base", "base-2", "recession", "recession-2")
    assert tasks.first_tasks[0].policy_names == ("baseline", "p1", "p5")
    assert tasks.count([point.name for point in tasks.points], 10) == 40
    some = list(tasks.between(["p1", "p2", "p5"], 2, 4))
    assert [(task.draw, task.policy_names[1:]) for task in some] == [
        (2, ("p1", "p5")),
        (2, ("p2",)),
        (3, ("p1", "p5")),
        (3, ("p2",)),
    ]


def test_a_sweep_gives_at_each_point_what_a_run_of_the_case_gives(tmp_path: Path) -> None:
    results = run(written(tmp_path), tmp_path / "runs")
    assert results.failed == 0 and results.table.height == 8
    case = apply_settings(
        load_case("nykoping"), ["horizon=6", "municipal_placements.places=120", "scenario=recession"]
    )
    alone = run_experiment(case_experiment(case, 4, burn_in=12, size=500), 1, folder=tmp_path / "alone")
    ours = Catalogue(RunStore(results.folder)).refresh().scan("effects").filter(pl.col("policy") == "p4")
    keys = ["draw", "indicator", "group", "month", "difference"]
    assert frame_hash(ours.select(keys).collect()) == frame_hash(alone.effects.select(keys))
    row = results.table.row(6, named=True)
    values = alone.effects.filter(
        pl.col("indicator") == "employed", pl.col("group") == "all", pl.col("month") == 6
    )["difference"]
    assert (row["point"], row["indicator"], row["draws"]) == ("p4", "employed", 4)
    kept = pl.read_parquet(results.folder / "draws.parquet").filter(pl.col("scenario") == "recession")
    assert kept["draw"].to_list() == [0, 1, 2, 3]
    assert kept["af_caseload"].to_list() == alone.draws["af_caseload"].to_list()
    assert row["mean"] == pytest.approx(values.mean())
    assert row["half_width"] == pytest.approx(1.6449 * float(values.std()) / 2, rel=1e-4)  # type: ignore[arg-type]


def test_more_processes_and_a_second_call_give_the_same(tmp_path: Path) -> None:
    path = written(tmp_path)
    one, two = run(path, tmp_path / "one"), run(path, tmp_path / "two", processes=2)
    assert hashes(one.folder) == hashes(two.folder)
    assert one.table.equals(two.table) and one.fingerprint == two.fingerprint
    receipts = len(RunStore(one.folder).receipts())
    assert run(path, tmp_path / "one").table.equals(one.table)
    assert len(RunStore(one.folder).receipts()) == receipts
    longer = run(written(tmp_path, draws=6), tmp_path / "one")
    assert longer.folder == one.folder and longer.table["draws"].unique().to_list() == [6]


def test_each_point_stops_on_a_prefix_and_says_so(tmp_path: Path) -> None:
    wide = {"indicator": "cum_net_public", "month": 6, "half_width": 1e-9, "minimum": 2, "maximum": 8}
    dimensions = {"municipal_placements.places": [0, 120]}
    strict = run(written(tmp_path, precision=wide, dimensions=dimensions), tmp_path / "strict")
    assert {stop.draws for stop in strict.stops.values()} == {8}
    target = Precision("cum_net_public", 6, 1.0)
    effects = Catalogue(RunStore(strict.folder)).refresh().scan("effects").collect()
    widths = {
        (point, n): half_width(effects.filter(pl.col("policy") == point, pl.col("draw") < n), target)
        for point in ("p1", "p2")
        for n in (2, 4, 8)
    }
    enough = sorted([widths["p1", 4], widths["p2", 4]])
    between = sum(enough) / 2  # one of the two is precise enough after four draws at the latest
    loose = run(
        written(tmp_path, precision={**wide, "half_width": between}, dimensions=dimensions),
        tmp_path / "loose",
    )
    for point, stop in loose.stops.items():
        expected = next((n for n in (2, 4, 8) if widths[point, n] <= between), 8)
        assert stop.draws == expected and stop.precise == (widths[point, expected] <= between)
        assert loose.table.filter(pl.col("point") == point)["draws"].unique().to_list() == [expected]
    manifest = json.loads((loose.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["stops"]["p1"]["draws"] == loose.stops["p1"].draws


def test_every_indicator_of_the_results_may_be_asked_for(tmp_path: Path) -> None:
    results = run(written(tmp_path, draws=1), tmp_path / "runs")
    effects = Catalogue(RunStore(results.folder)).refresh().scan("effects")
    kept = set(effects.select(pl.col("indicator").cast(pl.String).unique()).collect()["indicator"])
    assert kept <= set(effect_indicators()), kept - set(effect_indicators())


def test_the_estimate_counts_runs_and_keeps_nothing(tmp_path: Path) -> None:
    sweep = load_sweep(written(tmp_path, draws=50))
    estimate = estimate_sweep(SweepTasks(sweep, sweep_points(sweep, tmp_path)), processes=2)
    assert (estimate.points, estimate.tasks, estimate.runs) == (4, 100, 300)
    assert estimate.seconds > 0 and estimate.bytes > 100 * 1000


def test_the_examples_are_sweeps_that_can_be_run(tmp_path: Path) -> None:
    guide = (root() / "docs" / "sweeps.md").read_text(encoding="utf-8")
    shown = tmp_path / "guide.yaml"
    shown.write_text(guide.split("```yaml")[1].split("```")[0], encoding="utf-8")
    for path in (*(root() / "params" / "sweeps").glob("*.yaml"), shown):
        sweep = load_sweep(path)
        assert SweepTasks(sweep, sweep_points(sweep, path)).first_tasks


TARGET = {"indicator": "employed", "month": 6, "half_width": 1}
WIDE = {"low": 1, "high": 9e9}
BAD: list[tuple[dict[str, Any], str]] = [
    ({"dimensions": {"municipal_placements.placs": [1]}}, "Did you mean 'municipal_placements.places'?"),
    ({"dimensions": {"af_caselod": [100]}}, "Did you mean 'af_caseload'?"),
    ({"dimensions": {"scenario": ["bas"]}}, "Did you mean 'base'?"),
    ({"dimensions": {"municipal_placements.places": []}}, "a list of at least one value"),
    ({"dimensions": {}}, "at least one"),
    ({"dimensions": {"municipal_placements.places": [-5]}}, "municipal_placements.places = -5"),
    ({"dimensions": {"af_caseload": [1e9]}}, "af_caseload"),
    ({"dimensions": {"af_caseload": {"low": 150, "high": 200}}}, "steps"),
    ({"dimensions": {"af_caseload": {"low": 200, "high": 150, "steps": 3}}}, "low < high"),
    ({"design": "latin_hypercube", "samples": 0}, "samples = 0"),
    ({"design": "latin_hypercube"}, "samples"),
    (
        {"design": "latin_hypercube", "samples": 4, "dimensions": {"af_caseload": {"low": 1, "high": 9e9}}},
        "af_caseload",
    ),
    ({"design": "list", "dimensions": None, "points": []}, "at least one"),
    ({"design": "gird"}, "Did you mean 'grid'?"),
    ({"draws": 0}, "draws = 0"),
    ({"effects": []}, "effects = []"),
    ({"effects": [{"indicator": "employd", "month": 6}]}, "Did you mean 'employed'?"),
    ({"effects": [{"indicator": "employed", "month": 6, "group": "mn"}]}, "Did you mean 'men'?"),
    ({"effects": [{"indicator": "employed", "month": 7}]}, "from 1 to 6"),
    ({"precision": {"indicator": "employed", "month": 6, "half_width": 0}}, "greater than 0"),
    ({"precision": {"indicator": "employed", "month": 6, "half_width": -1}}, "greater than 0"),
    (
        {"precision": {"indicator": "employed", "month": 6, "half_width": 1, "minimum": 50}},
        "at most the 4 draws",
    ),
    ({"case": "nykopng"}, "Did you mean 'nykoping'?"),
    ({"dimension": {}}, "Did you mean 'dimensions'?"),
    ({"settings": ["policy=[]"]}, "name = 'policy'"),
    ({"settings": ["places"]}, "cannot be read"),
]


@pytest.mark.parametrize(("changes", "says"), BAD, ids=[says for _, says in BAD])
def test_a_bad_file_is_one_clear_line_and_nothing_is_written(
    changes: dict[str, Any], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, **changes)
    assert main(["sweep", str(path), "--out", str(tmp_path / "runs")]) == 2
    printed = capsys.readouterr()
    assert says in printed.err and printed.out == ""
    assert printed.err.startswith("samspel: ") and printed.err.count("\n") == 1
    assert not (tmp_path / "runs").exists()


def test_a_missing_file_and_a_case_without_a_policy_are_told(tmp_path: Path) -> None:
    assert main(["sweep", str(tmp_path / "absent.yaml")]) == 2
    case = yaml.safe_load((root() / "params" / "cases" / "nykoping.yaml").read_text(encoding="utf-8"))
    (tmp_path / "idle.yaml").write_text(yaml.safe_dump({**case, "policy": []}), encoding="utf-8")
    sweep = SweepFile.model_validate({**SMALL, "case": "idle.yaml", "dimensions": {"scenario": ["base"]}})
    with pytest.raises(Exception, match="policy is empty"):
        sweep_points(sweep, tmp_path / "small.yaml")


def test_the_commands_print_for_people_and_machines(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, runs = written(tmp_path, draws=2), ["--out", str(tmp_path / "runs")]
    assert main(["sweep", str(path), "--dry-run", "--json", *runs]) == 0
    assert json.loads(capsys.readouterr().out)["runs"] == 12
    assert main(["sweep", str(path), "--dry-run", *runs]) == 0
    assert "4 points: 12 runs" in capsys.readouterr().out
    assert not (tmp_path / "runs").exists()
    assert main(["sweep", str(path), "--json", "--processes", "1", *runs]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [point["settings"]["municipal_placements.places"] for point in found["points"]] == [
        40,
        40,
        120,
        120,
    ]
    assert main(["sweep", str(path), "--processes", "1", *runs]) == 0
    table = capsys.readouterr().out.splitlines()
    assert len(table) == 1 + 8 + 2 and table[-1] == f"Store: {found['folder']}"
    assert main(["runs", "list", "--json", *runs]) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["name"], listed["finished"], listed["failed"], listed["left"]) == ("small", 4, 0, 0)
    assert listed["current"] is True
    assert main(["runs", "compact", "--json", *runs]) == 0
    assert json.loads(capsys.readouterr().out)[0]["after"] == 1


def test_clean_removes_by_name_or_by_version_and_never_unasked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, runs = written(tmp_path, draws=1), ["--out", str(tmp_path / "runs")]
    folder = run(path, tmp_path / "runs").folder
    for arguments, code, says in (
        ([], 0, "Nothing to remove"),
        (["smal"], 2, "Did you mean 'small'?"),
        (["small"], 2, "--yes to do it"),
        (["small", "--dry-run"], 0, f"Would remove {folder.name}"),
    ):
        assert main(["runs", "clean", *arguments, *runs]) == code
        printed = capsys.readouterr()
        assert says in printed.out + printed.err
    for name in ("plan.json", "manifest.json"):
        facts = json.loads((folder / name).read_text(encoding="utf-8"))
        (folder / name).write_text(json.dumps({**facts, "sources": "older"}), encoding="utf-8")
    assert main(["runs", "clean", *runs]) == 2 and folder.exists()
    assert main(["runs", "clean", "--yes", *runs]) == 0
    assert not folder.exists() and (tmp_path / "runs").exists()
    assert main(["runs", "list", "--out", str(tmp_path / "absent")]) == 2
