"""The file of simulated data sets: what is there is kept, what is missing is made, and nothing is mixed."""

import json
from pathlib import Path

import polars as pl
import pytest

from sim.calibrate import belief, recovery
from sim.calibrate.recovery import complete_recovery, read_recovery
from sim.cli import main
from sim.core.errors import SamspelError
from sim.policy.estimates import MUNICIPAL


class Maker:
    """Makes sets in no time, and tells which; stops once at a given set."""

    def __init__(self, stop_at: int | None = None) -> None:
        self.made: list[int] = []
        self.stop_at = stop_at

    def __call__(
        self, sets: int, code: str = "0821", processes: int | None = None, first: int = 0
    ) -> pl.DataFrame:
        numbers = range(first, first + sets)
        if self.stop_at in numbers:
            self.stop_at = None
            raise KeyboardInterrupt
        self.made += numbers
        rows = [
            {"set": number, "parameter": name, "truth": 1.0 + 0.1 * number, "mean": 1.0 + 0.11 * number,
                "low": 0.5, "high": 3.0 + number, "rank": 20 * number % 200, "seconds": 1.0}
            for number in numbers
            for name in MUNICIPAL
        ]  # fmt: skip
        return pl.DataFrame(rows)


def test_only_missing_sets_are_made_and_all_are_returned(tmp_path: Path) -> None:
    maker = Maker()
    first, path = complete_recovery(3, folder=tmp_path, recover=maker)
    more, _ = complete_recovery(5, folder=tmp_path, recover=maker)
    fewer, _ = complete_recovery(2, folder=tmp_path, recover=maker)
    assert maker.made == [0, 1, 2, 3, 4]
    assert (first.sets, more.sets, fewer.sets) == (3, 5, 5)
    kept = read_recovery(tmp_path)
    assert kept is not None and kept.current and kept.vintage["code"] == belief.TOWN
    assert kept.rows["set"].to_list() == [n for n in range(5) for _ in MUNICIPAL]
    assert kept.rows["parameter"].to_list() == list(MUNICIPAL) * 5
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_call_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    maker = Maker(stop_at=15)
    with pytest.raises(KeyboardInterrupt):
        complete_recovery(25, folder=tmp_path, recover=maker)
    kept = read_recovery(tmp_path)
    assert kept is not None and kept.sets == 10
    told: list[int] = []
    complete_recovery(25, folder=tmp_path, recover=maker, told=told.append)
    assert maker.made == list(range(25)) and told == [10, 5]


def test_a_gap_is_filled_and_nothing_else(tmp_path: Path) -> None:
    maker = Maker()
    _, path = complete_recovery(6, folder=tmp_path, recover=maker)
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    half = [line for line in lines if not line.startswith(("2,", "3,take_up"))]
    path.write_text("".join(half), encoding="utf-8")
    maker.made.clear()
    found, _ = complete_recovery(6, folder=tmp_path, recover=maker)
    assert maker.made == [2, 3] and path.read_text(encoding="utf-8").splitlines(keepends=True) == lines
    assert found.sets == 6


@pytest.mark.parametrize("change", ["vintage", "code", "no head"])
def test_sets_of_another_vintage_or_town_are_not_mixed_in(
    change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, path = complete_recovery(2, folder=tmp_path, recover=Maker())
    if change == "vintage":
        monkeypatch.setattr(recovery, "made_with", lambda: {"data": "a", "priors": "b", "model": "c"})
    if change == "no head":
        path.write_text(path.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    old = read_recovery(tmp_path)
    assert old is not None and old.sets == 2 and old.current == (change == "code")
    maker = Maker()
    found, _ = complete_recovery(1, "0480" if change == "code" else None, folder=tmp_path, recover=maker)
    assert maker.made == [0] and found.sets == 1


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    assert read_recovery(tmp_path) is None
    path = tmp_path / "recovery.csv"
    path.write_text("set,parameter,truth\n1,entry_level,0.5\n", encoding="utf-8")
    with pytest.raises(SamspelError, match=r"Allowed: set, parameter, truth, mean"):
        read_recovery(tmp_path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(SamspelError, match="cannot be read"):
        read_recovery(tmp_path)


def test_the_command_prints_what_was_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    maker = Maker()
    monkeypatch.setattr(belief, "recover", maker)
    monkeypatch.setattr("sim.experiment.warm.warm", lambda console: None)
    options = ["--out", str(tmp_path)]
    assert main(["calibrate", "--recover", "4", *options]) == 0
    out = capsys.readouterr().out
    assert "coverage" in out and "take_up_rate" in out and str(tmp_path / "recovery.csv") in out
    assert main(["calibrate", "--recover", "3", "Högsby", "--json", *options]) == 0
    found = json.loads(capsys.readouterr().out)
    assert maker.made == [0, 1, 2, 3] and found["made_with"]["code"] == "0821"
    assert [row["sets"] for row in found["parameters"]] == [3, 3, 3]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["1"], "whole number of at least 2"),
        (["5", "0480", "0821"], "one municipality beside --recover"),
        (["5", "--all"], "--recover without --all"),
        (["5", "--check"], "--recover without --check"),
        (["5", "Nyköpng"], "Did you mean 'Nyköping'"),
    ],
)
def test_what_does_not_go_with_it_is_refused(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["calibrate", "--recover", *arguments]) == 2
    assert says in capsys.readouterr().err
