"""The benchmarks run, their figures are kept by name, and the page is made of what is kept."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from benchmarks import command
from benchmarks.catalogue import BENCHMARKS
from benchmarks.derived import efficiency, upper_exponent
from benchmarks.goals import findings
from benchmarks.labels import BANDWIDTH, LARGE, OUTSIDE, PLAIN, REGIONS, SMALL, TOWN
from benchmarks.numpy_peer import separate_in_numpy, uniforms_in_numpy
from benchmarks.page import page_text, stale_files, write_page
from benchmarks.records import LATEST, Record, Sample, merge_records, read_records
from benchmarks.scaling import areas
from benchmarks.session import QUICK_SIZES
from benchmarks.speed import per_person
from sim.cli import main
from sim.core.draws import stream_keys, uniforms
from sim.core.errors import SamspelError
from sim.model.schedule import SCHEDULE

TINY = replace(QUICK_SIZES, residents=400, months=2, turns=1, pairs=3, draws=1_000, plain_residents=60)


def _record(name: str, *samples: Sample, sources: str = "abc") -> Record:
    return Record(
        name=name, measured=datetime(2026, 1, 2, tzinfo=UTC), seconds=1.0, sources=sources,
        machine={"processor": "P", "cores": 2, "memory_bytes": 8e9, "system": "S"}
        | dict.fromkeys(("python", "numba", "numpy", "mesa"), "1"),
        load=(0.1, 0.4, 0.2), samples=samples,
    )  # fmt: skip


def _speed(rate: float) -> Record:
    rates = {LARGE: rate, SMALL: rate / 10, PLAIN: 20_000.0}
    return _record(
        "speed",
        *(
            Sample(label=f"{label}, by {by} time", unit="resident-months/s", values=(one, one, 2 * one),
                   facts={"residents": 1000})
            for label, one in rates.items() for by in ("processor", "wall")
        ),
    )  # fmt: skip


def _curve(power: float, in_town: float = 1.1) -> Record:
    sizes = (1_000, 100_000, 1_000_000, 6_000_000)
    return _record(
        "residents",
        *(
            Sample(label=f"{size:,} residents, {shape}", unit="s/month", values=(1e-7 * size**one,),
                   facts={"residents": size, "shape": shape, "months": 2, "peak_bytes": 1e9})
            for shape, one in ((REGIONS, power), (TOWN, in_town)) for size in sizes
        ),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["speed", "numpy", "generators", "seeds", "profile"])
def test_a_benchmark_measures_and_says_on_what(name: str) -> None:
    record = command.measure(BENCHMARKS[name], TINY)
    assert all(math.isfinite(value) and value > 0 for one in record.samples for value in one.values)
    assert all(one.values or one.missing for one in record.samples)
    assert len({one.label for one in record.samples}) == len(record.samples)
    assert len(record.load) >= 3  # before, between and after
    assert {"processor", "cores", "python", "numba"} <= record.machine.keys()
    assert Record.model_validate_json(record.model_dump_json()) == record


def test_the_profile_names_every_process_and_counts_the_columns_of_each() -> None:
    record = command.measure(BENCHMARKS["profile"], TINY)
    labels = [one.label for one in record.samples]
    assert labels == [*(process.__name__ for process in SCHEDULE), OUTSIDE, BANDWIDTH]
    separate = record.sample("separate_jobs")
    assert separate is not None and 10 <= int(str(separate.facts["bytes"])) <= 500


def test_numpy_draws_are_the_kernel_s() -> None:
    ids = (np.int64(480) << 24) + np.arange(1_000, dtype=np.int64)
    key = stream_keys(3, 1, 24_000, 1)[0, 17]
    assert np.array_equal(uniforms_in_numpy(key, ids), uniforms(key, ids))


def test_a_numpy_version_with_another_rule_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(model: object, place: object) -> object:
        rows = separate_in_numpy(model, place)  # type: ignore[arg-type]
        return rows[:-1]

    monkeypatch.setattr("benchmarks.numpy_peer.separate_in_numpy", wrong)
    with pytest.raises(SamspelError, match="leaves other values in the rows"):
        command.measure(BENCHMARKS["numpy"], TINY)


def test_records_are_merged_by_name(tmp_path: Path) -> None:
    file = tmp_path / "kept.json"
    merge_records([_record("a", sources="old"), _record("b")], file)
    merge_records([_record("a", sources="new"), _record("c")], file)
    assert {name: one.sources for name, one in read_records(file).items()} == {
        "a": "new", "b": "abc", "c": "abc",
    }  # fmt: skip
    assert read_records(tmp_path / "none.json") == {}
    file.write_text('{"a": {"name": 1}}', encoding="utf-8")
    with pytest.raises(SamspelError, match="is damaged"):
        read_records(file)


def test_a_goal_is_reached_missed_or_not_measured() -> None:
    def verdicts(records: dict[str, Record]) -> list[str]:
        return [one.verdict for one in findings(records)]

    assert set(verdicts({})) == {"not measured"}
    assert verdicts({"speed": _speed(31e6)})[:2] == ["reached", "reached"]
    assert verdicts({"speed": _speed(2e6)})[:2] == ["**missed**", "**missed**"]


def test_the_exponent_is_that_of_the_upper_decades() -> None:
    records = {"residents": _curve(1.0, 1.2)}
    assert upper_exponent(records, REGIONS) == pytest.approx(1.0)
    assert upper_exponent(records, TOWN) == pytest.approx(1.2)
    assert upper_exponent({}, TOWN) is None
    verdicts = [one.verdict for one in findings(records) if one.reach == "0.95 to 1.05"]
    assert verdicts == ["reached", "**missed**"]


def test_the_curve_has_as_many_residents_in_regions_as_in_one_town() -> None:
    for residents in (1_000, 20_000, 30_000, 300_000):
        regions = list(areas(REGIONS, residents))
        assert sum(place.size or 0 for area in regions for place in area.places) == residents
        assert max(len(area.places) for area in regions) <= 5
        assert [area.first.size for area in areas(TOWN, residents)] == [residents]


def test_efficiency_is_of_further_pairs_and_of_all() -> None:
    seconds = {(1, 10): 3.0, (2, 10): 5.0, (1, 100): 21.0, (2, 100): 15.0}
    samples = [
        Sample(label=f"{key}", unit="s", values=(value,), facts={"processes": key[0], "replications": key[1]})
        for key, value in seconds.items()
    ]
    assert efficiency({"replications": _record("replications", *samples)}) == (18 / 20, 21 / 30)


def test_memory_is_a_difference_and_missing_where_the_system_does_not_say() -> None:
    assert per_person("x", 1_100, (10_000.0, 12_000.0)).values == (2.0,)
    assert per_person("x", 1_100, (None, None)).missing


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Path]:
    file = tmp_path / "kept.json"
    merge_records([_speed(31e6), _curve(1.0)], file)
    yield file


def test_the_page_is_written_and_a_stale_file_is_named(kept: Path, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    assert [path.name for path in write_page(kept, docs)] == ["performance.md", "performance-residents.svg"]
    assert stale_files(kept, docs) == []
    picture = docs / "images" / "performance-residents.svg"
    assert picture.read_text(encoding="utf-8").startswith("<svg")
    merge_records([_speed(2e6)], kept)
    assert [path.name for path in stale_files(kept, docs)] == ["performance.md"]
    merge_records([_curve(1.1)], kept)
    assert [path.name for path in write_page(kept, docs)] == ["performance.md", picture.name]
    page = docs / "performance.md"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert stale_files(kept, docs) == [page]


def test_the_page_says_what_is_missed_and_what_nobody_measured() -> None:
    page = page_text({"speed": _speed(2e6)})
    assert "| at least 30 million | 2 million | **missed** | 2 million to 4 million | 3 |" in page
    assert "| 15 min | not measured |" in page
    assert "Not measured (`samspel bench simulators`)." in page


def test_every_full_benchmark_has_a_place_on_the_page() -> None:
    page = page_text({})
    on_goals = {"pairs", "sweden", "suite", "memory"}
    for name in BENCHMARKS.keys() - on_goals:
        assert f"`samspel bench {name}`" in page


def test_the_published_page_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--check"]) == 0, capsys.readouterr().err


def test_a_run_is_kept_apart_when_quick_and_printed_as_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "QUICK", tmp_path / "quick.json")
    monkeypatch.setattr(command, "QUICK_SIZES", TINY)
    before = LATEST.read_bytes() if LATEST.exists() else b""
    assert main(["bench", "generators", "--quick", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in printed] == ["generators"]
    assert read_records(tmp_path / "quick.json").keys() == {"generators"}
    assert (LATEST.read_bytes() if LATEST.exists() else b"") == before


def test_an_unknown_name_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "sped"]) == 2
    assert "Did you mean 'speed'?" in capsys.readouterr().err


def test_an_installed_package_says_that_it_has_no_benchmarks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sim.cli.__file__", str(tmp_path / "sim" / "cli.py"))
    assert main(["bench"]) == 2
    assert "a source checkout" in capsys.readouterr().err
