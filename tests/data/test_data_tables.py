from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from sim.core.errors import SamspelError
from sim.data.schemas import SCHEMAS
from sim.data.tables import TABLES, table


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_table_meets_its_schema_and_says_where_it_comes_from(name: str) -> None:
    frame, about = table(name), TABLES[name]
    assert frame.height > 0
    assert all((about.publisher, about.table, about.definition, about.vintage, about.licence))
    assert all(column.description for column in SCHEMAS[name].columns().values())


@pytest.mark.parametrize("name", SCHEMAS)
def test_files_are_sorted_so_that_changes_can_be_read(name: str) -> None:
    text = pl.read_csv(TABLES[name].path, infer_schema=False)
    assert text.equals(text.sort(SCHEMAS[name].primary_key()))
    assert b"\r" not in TABLES[name].path.read_bytes()


def test_tables_are_a_few_megabytes_and_names_stand_in_the_register_alone() -> None:
    folder = TABLES["facts"].path.parent
    assert sum(path.stat().st_size for path in folder.iterdir()) < 4_000_000
    for name in SCHEMAS.keys() - {"municipalities", "labour_market_areas", "counties"}:
        frame = table(name)
        texts = [frame[c] for c, kind in frame.schema.items() if kind == pl.String]
        assert not any((column == "Nyköping").any() for column in texts)


def test_an_unknown_table_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(SamspelError, match="Did you mean 'stativ'"):
        table("stativv")
    with pytest.raises(SamspelError, match="Did you mean 'stativ'"):
        TABLES["stativv"]


def _drop(path: Path) -> None:
    path.unlink()


def _binary(path: Path) -> None:
    path.write_bytes(b"\x00\xff\xfe\x00" * 40)


def _truncate(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: len(text) // 2 + 3], encoding="utf-8")


def _empty(path: Path) -> None:
    path.write_text("", encoding="utf-8")


def _header_only(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")


def _negative(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(",11.3\n", ",-11.3\n", 1), encoding="utf-8")


def _word(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(",11.3\n", ",many\n", 1), encoding="utf-8")


def _twice(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:-1], lines[-2], ""]), encoding="utf-8")


def _shortened(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")


def _renamed(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("percent", "procent", 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (_drop, "missing"),
        (_binary, "stativ.csv"),
        (_truncate, "the last line is cut off"),
        (_empty, "cannot be read as a CSV table"),
        (_header_only, "0 rows where"),
        (_negative, "min"),
        (_word, "break the rules"),
        (_twice, "primary_key"),
        (_shortened, "3479 rows where data/tables.yaml says 3480"),
        (_renamed, "the columns are"),
    ],
)
def test_a_damaged_file_is_named(copied: Path, damage: Callable[[Path], None], says: str) -> None:
    damage(copied / "stativ.csv")
    with pytest.raises(SamspelError, match=says) as caught:
        table("stativ")
    assert "stativ.csv" in str(caught.value)


def test_missing_or_wrong_metadata_is_named(copied: Path) -> None:
    text = (copied / "tables.yaml").read_text(encoding="utf-8")
    (copied / "tables.yaml").write_text(text.replace("publisher:", "pubisher:", 1), encoding="utf-8")
    with pytest.raises(SamspelError, match=r"tables\.yaml"):
        TABLES["stativ"]


def test_absent_metadata_is_named(copied: Path) -> None:
    (copied / "tables.yaml").unlink()
    with pytest.raises(SamspelError, match=r"tables\.yaml: the file is missing"):
        TABLES["stativ"]
