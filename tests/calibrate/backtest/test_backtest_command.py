"""The command: its messages, its fallback, and the files that it writes."""

import json
from pathlib import Path

import polars as pl
import pytest
import yaml

from sim.cli import main
from sim.data.tables import table


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--predict", "Nykoping", "Nykping"), "Did you mean 'Nyköping'?"),
        (("--predict", "0480", "--month", "2023-01"), "a month from 2022-01 to 2022-12"),
        (("--predict", "0480", "--month", "september"), "a month written YYYY-MM"),
        (("--predict", "0480", "--out", "x.xlsx"), "a file that ends with .csv"),
        (("--predict", "0480", "--write"), "Allowed: --out FILE.csv"),
        (("--month", "2022-09"), "together with --predict CODE"),
    ],
)
def test_mistakes_get_one_clear_message(
    arguments: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(("backtest", *arguments)) == 2
    assert message in capsys.readouterr().err


def test_predictions_go_to_the_screen_and_to_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "osby.csv"
    assert main(("backtest", "--predict", "Osby", "0480", "--json", "--out", str(file))) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["code"], row["month"]) for row in rows[:2]] == [("1273", "2022-01"), ("1273", "2022-02")]
    assert (len(rows), pl.read_csv(file).height) == (24, 24)
    for row in rows:
        values = [row[f"q{percent:02d}"] for percent in (5, 10, 25, 50, 75, 90, 95)]
        assert values == sorted(values)
        assert row["q50"] < row["mean"] < row["q95"]
        assert not row["fallback"]
    assert main(("backtest", "--predict", "Osby", "--month", "2022-09")) == 0
    assert "1273  Osby" in capsys.readouterr().out


def test_missing_months_fall_back_on_the_group(
    copied: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as original:
        original.delenv("SAMSPEL_HOME")
        assert main(("backtest", "--predict", "Osby", "--month", "2022-09", "--json")) == 0
        published = json.loads(capsys.readouterr().out)[0]
        stock = table("af_stock").filter(~((pl.col("code") == "1273") & (pl.col("month") == "2018-05")))
    stock.write_csv(copied / "af_stock.csv")
    about = yaml.safe_load((copied / "tables.yaml").read_text(encoding="utf-8"))
    about["af_stock"]["rows"] = stock.height
    (copied / "tables.yaml").write_text(yaml.safe_dump(about, allow_unicode=True), encoding="utf-8")
    assert main(("backtest", "--predict", "Osby", "--month", "2022-09", "--json")) == 0
    fallback = json.loads(capsys.readouterr().out)[0]
    assert fallback["fallback"] and not published["fallback"]
    assert fallback["sd"] / fallback["mean"] > 1.2 * published["sd"] / published["mean"]
    assert main(("backtest", "--predict", "Osby", "--month", "2022-09")) == 0
    assert capsys.readouterr().out.splitlines()[1].endswith("fallback")


def test_scores_are_printed_and_kept(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("backtest", "--write", "--json")) == 0
    printed = json.loads(capsys.readouterr().out)
    folder = copied.parent / "params" / "estimates"
    scores = pl.read_csv(folder / "backtest.csv")
    assert scores.height == len(printed["scores"])
    about = yaml.safe_load((folder / "backtest.yaml").read_text(encoding="utf-8"))
    assert about["vintage"] == printed["vintage"]
    assert "not of mechanism" in about["what"]
    together = scores.filter(pl.col("period") == "all")
    counts = {(row["test"], row["n"]) for row in together.to_dicts()}
    assert {("stativ_2018_2021", 1160), ("af_2022", 2364), ("af_2022_aku", 2364)} < counts
    persistence = scores.filter(pl.col("forecaster") == "persistence")
    assert persistence["ratio_persistence"].unique().to_list() == [1.0]
    places = pl.read_csv(folder / "backtest_municipalities.csv", infer_schema=False)
    assert places.filter(test="stativ_2018_2021", forecaster="samspel").height == 290
    assert main(("backtest",)) == 0
    assert "A test of prediction, not of mechanism" in capsys.readouterr().out
