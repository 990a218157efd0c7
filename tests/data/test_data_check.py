from pathlib import Path

import polars as pl
import pytest

from sim.data.check import check
from sim.data.dictionary import main as dictionary
from sim.data.schemas import SCHEMAS


def _problems() -> list[str]:
    return [outcome.problem for outcome in check() if outcome.problem]


def test_all_tables_and_relations_hold() -> None:
    outcomes = check()
    assert [outcome for outcome in outcomes if outcome.problem] == []
    assert len(outcomes) > len(SCHEMAS) + 5


def test_a_missing_file_is_reported_beside_the_good_ones(copied: Path) -> None:
    (copied / "facts.csv").unlink()
    assert any("facts.csv: the file is missing" in problem for problem in _problems())


def _edit(path: Path, change: pl.Expr, rows: pl.Expr) -> None:
    column = change.meta.output_name()
    frame = pl.read_csv(path, infer_schema=False)
    frame.with_columns(pl.when(rows).then(change).otherwise(column).alias(column)).write_csv(path)


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("population", pl.lit("999999").alias("age_20_24"), "exceed"),
        ("education", pl.lit("99999").alias("research_degree"), "known education"),
        ("bas_unemployed", pl.lit("99999").alias("total_16_64"), "ages differ"),
        ("af_stock", pl.lit("99999").alias("persons"), "sum to the country"),
        ("af_stock", pl.lit("2018-01").alias("month"), "primary_key"),
    ],
)
def test_figures_that_contradict_each_other_are_found(
    copied: Path, name: str, change: pl.Expr, says: str
) -> None:
    month = pl.col("year") == "2018" if name == "education" else pl.col("month").str.ends_with("09")
    _edit(copied / f"{name}.csv", change, (pl.col("code") == "0480") & month)
    assert any(says in problem for problem in _problems())


def test_an_unknown_municipality_in_a_table_is_found(copied: Path) -> None:
    _edit(copied / "municipal_tax.csv", pl.lit("9999").alias("code"), pl.col("code") == "0480")
    assert any("9999 is no municipality" in problem for problem in _problems())


def test_a_municipality_left_out_is_found(copied: Path) -> None:
    frame = pl.read_csv(copied / "stativ.csv", infer_schema=False)
    frame.filter(pl.col("code") != "0480").write_csv(copied / "stativ.csv")
    about = (copied / "tables.yaml").read_text(encoding="utf-8")
    (copied / "tables.yaml").write_text(about.replace("rows: 3480", "rows: 3468"), encoding="utf-8")
    assert any("municipality 0480 is missing" in problem for problem in _problems())


def test_generated_pages_are_current() -> None:
    assert dictionary(["--check"]) == 0


def test_pages_that_are_not_current_are_named(copied: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert dictionary(["--check"]) == 1
    assert "data-dictionary.md: not current" in capsys.readouterr().err
    assert dictionary([]) == 0
    assert dictionary(["--check"]) == 0
