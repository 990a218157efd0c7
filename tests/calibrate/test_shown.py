"""What ``samspel calibrate --show`` prints: misses, marks where a figure is not reached, their spread."""

import shutil
from pathlib import Path

import pytest
import yaml

from sim.cli import main
from sim.policy.estimates import estimates_folder

CASES = ("0480", "0780", "0821", "0861", "0882", "1265", "1270", "1273", "1286", "1291", "1499")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return estimates of the case municipalities, of which Nyköping's misses are set by hand."""
    (tmp_path / "draws").mkdir()
    for code in CASES:
        shutil.copy(estimates_folder() / f"{code}.yaml", tmp_path)
        shutil.copy(estimates_folder() / "draws" / f"{code}.parquet", tmp_path / "draws")
    path = tmp_path / "0480.yaml"
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    for row in document["fit"]:
        if row["key"] == "households_month_2017":
            row["mean"] = 1.25 * row["official"]
        if row["key"] == "stativ_2018":
            row["mean"] = row["official"] - 0.6
    document["fights"] = ["take_up_rate"]
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return tmp_path


def test_a_miss_beyond_its_limit_and_a_strained_parameter_are_marked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["calibrate", "0480", "1499", "--show", "--out", str(folder)]) == 0
    nykoping, falkoping = capsys.readouterr().out.splitlines()[1:]
    assert "+25.0 %" in nykoping and "-0.60" in nykoping
    assert "not reached: Stativ 2018, assistance 2017; strained: take_up_rate" in nykoping
    assert "not reached" not in falkoping and "strained" not in falkoping


def test_many_municipalities_end_with_the_spread_of_their_misses(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["calibrate", *CASES, "--show", "--out", str(folder)]) == 0
    *_, stock, stativ, assistance = capsys.readouterr().out.splitlines()
    assert stock.startswith("AF 2018: half of 11 miss by less than")
    assert "1 by more than 0.5, most Nyköping (0.6)" in stativ
    assert "1 by more than 5, most Nyköping (25.0)" in assistance
