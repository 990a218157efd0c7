"""The workbook, the tables and the lines to copy say what the page says, and nothing else."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pages import page_of, plain
from synthetic import synthetic_facts

from sim.core.errors import SamspelError
from sim.report.code_book import ABOUT, CODE_BOOK
from sim.report.files import check_replaceable, report_paths, write_files
from sim.report.page_tables import PageTable, read_tables
from sim.report.words import LANGUAGES, words

SEVERAL = ("Ystad", "Tomelilla", "Simrishamn", "Sjöbo")
CASES = [(lang, names) for lang in LANGUAGES for names in (("Nyköping",), SEVERAL)]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{len(case[1])}")
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    lang, names = request.param
    paths = report_paths(tmp_path_factory.mktemp("files"), "town", lang)
    write_files(page_of(synthetic_facts(names=names, lang=lang), lang), words(lang), paths)
    return paths


@pytest.fixture(scope="module")
def page(written: dict[str, Path]) -> str:
    return written["page"].read_text(encoding="utf-8")


def printed_cells(page: str) -> Iterator[tuple[str, str]]:
    """Yield the data and the text of every cell that prints a digit and has data."""
    for data, text in re.findall(r"<td([^>]*)>(.*?)</td>", page, re.DOTALL):
        yield data, re.sub(r"<[^>]+>", "", text)


def numbers_in(text: str, decimal: str) -> list[float]:
    """Return the sizes of the numbers that a text prints, in a language with this decimal sign."""
    spaces = text.replace("\xa0", "").replace(",", "") if decimal == "." else text.replace("\xa0", "")
    return sorted(float(found.replace(",", ".")) for found in re.findall(rf"\d+(?:\{decimal}\d+)?", spaces))


def test_the_data_of_every_cell_are_the_numbers_that_it_prints(page: str) -> None:
    decimal = "," if '<html lang="sv">' in page else "."
    checked = 0
    for data, text in printed_cells(page):
        parts = dict(re.findall(r'data-(value|low|high|mean|chance|month)="([^"]*)"', data))
        if not parts:
            continue
        printed = set(numbers_in(re.sub(r"(av|in) 100", "", text), decimal))
        told = {abs(float(value)) for value in parts.values() if re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", value)}
        words_of = {value for value in parts.values() if not re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", value)}
        assert all(value in text for value in words_of)
        assert told - printed == set(), text
        if not words_of and "class" not in data:
            assert printed - told == set() or re.search(r"[^\W\d_]{3}", text), text
        checked += 1
    assert checked > 60


def test_no_cell_of_digits_is_without_its_data(page: str) -> None:
    bare = [text for data, text in printed_cells(page) if "data-" not in data and 'class="l"' not in data]
    assert [text for text in bare if re.search(r"\d", text)] == []


def test_every_number_of_the_workbook_is_the_pages(written: dict[str, Path], page: str) -> None:
    tables, book = read_tables(page), load_workbook(written["workbook"])
    assert len(book.sheetnames) == len(tables) + 1
    for table, sheet in zip(tables, book.worksheets[1:], strict=True):
        assert table.caption in str(sheet["A1"].value)
        for number, row in enumerate(table.rows):
            found = [cell.value for cell in sheet[number + 5][: len(row)]]
            for column, value, cell in zip(table.columns, row, found, strict=True):
                if isinstance(value, float):
                    assert isinstance(cell, int | float) and float(cell) == value, (table.caption, column)
                elif value and column.part != "unit":
                    assert cell == value


def test_numbers_have_the_formats_of_the_language_and_intervals_columns_of_their_own(
    written: dict[str, Path], page: str
) -> None:
    book = load_workbook(written["workbook"])
    locale = "[$-41D]" if '<html lang="sv">' in page else "[$-809]"
    formats = {
        cell.number_format
        for sheet in book.worksheets[1:]
        for row in sheet.iter_rows(min_row=5)
        for cell in row
        if isinstance(cell.value, int | float)
    }
    assert f"{locale}#,##0" in formats and f"{locale}#,##0.0" in formats
    assert all(one.startswith(locale) for one in formats)
    say = words("sv" if locale == "[$-41D]" else "en")
    heads = [cell.value for cell in book.worksheets[2][4]]
    for part in ("low", "high", "mean"):
        assert any(say(f"workbook.part.{part}") in str(head) for head in heads)


def test_the_first_sheet_says_how_to_run_it_again_and_the_last_gives_the_sources(
    written: dict[str, Path], page: str
) -> None:
    book = load_workbook(written["workbook"])
    first = " ".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value)
    assert "samspel report nykoping --replications 200 --seed 1" in first and "0000-0000-0000" in first
    assert all(name in first for name in book.sheetnames[1:])
    last = " ".join(str(cell.value) for row in book.worksheets[-1].iter_rows() for cell in row if cell.value)
    assert "SCB" in last and "Arbetsförmedlingen" in last and "2018" in last
    assert read_tables(page)[-1].columns[1].head in last


def test_the_tables_as_csv_have_points_and_a_code_book_with_every_column(
    written: dict[str, Path], page: str
) -> None:
    tables = read_tables(page)
    with zipfile.ZipFile(written["tables"]) as archive:
        texts = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    about, book = texts.pop(ABOUT), list(csv.DictReader(io.StringIO(texts.pop(CODE_BOOK))))
    assert "samspel report nykoping" in about
    assert len(texts) == len(tables)
    for table, (name, text) in zip(tables, texts.items(), strict=True):
        heads, *rows = csv.reader(io.StringIO(text))
        assert heads == [line["column"] for line in book if line["file"] == name]
        assert len(set(heads)) == len(heads) and all(re.fullmatch(r"[a-z0-9_]+", head) for head in heads)
        assert rows == [list(map(_csv_text, row)) for row in table.rows]
    assert all(line["meaning"] or line["column"] == "unit" for line in book)


def test_the_lines_to_copy_are_those_of_the_page(written: dict[str, Path], page: str) -> None:
    lines = written["memo"].read_text(encoding="utf-8").strip().split("\n\n")
    assert len(lines) == 7
    text = plain(page).replace(" ,", ",").replace(" .", ".")
    for line in lines:
        assert re.sub(r"\s+", " ", line) in text
    assert "**" not in "".join(lines)
    assert "samspel report nykoping" in lines[-1] and "0000-0000-0000" in lines[-1]


def test_a_small_count_is_hidden_in_every_file(tmp_path: Path) -> None:
    paths = report_paths(tmp_path, "town", "sv")
    write_files(page_of(synthetic_facts()), words("sv"), paths)
    (queues,) = (table for table in read_tables(paths["page"].read_text("utf-8")) if table.heading == "Köer")
    assert {row[0]: row[1] for row in queues.rows}["En plats i kommunen"] == "färre än 5"
    with zipfile.ZipFile(paths["tables"]) as archive:
        assert any("färre än 5" in archive.read(name).decode() for name in archive.namelist())
    assert 'data-value="3"' not in paths["page"].read_text(encoding="utf-8")


def test_the_same_page_gives_the_same_files(tmp_path: Path) -> None:
    page = page_of(synthetic_facts())
    first, second = (report_paths(tmp_path / name, "town", "sv") for name in ("a", "b"))
    for paths in (first, second):
        write_files(page, words("sv"), paths)
    assert all(first[kind].read_bytes() == second[kind].read_bytes() for kind in first)


@pytest.mark.parametrize("held", ["workbook", "tables", "memo", "page"])
def test_a_file_held_open_is_named_and_stays_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: str
) -> None:
    paths = report_paths(tmp_path, "town", "sv")
    for path in paths.values():
        path.write_text("old", encoding="utf-8")
    replace, opened = Path.replace, Path.open

    def refusing(path: Path, target: Path) -> Path:
        if Path(target) == paths[held]:
            raise PermissionError(13, "Permission denied")
        return replace(path, target)

    def refused(path: Path, *options: str, **named: str) -> object:
        if path == paths[held] and "+" in "".join(options):
            raise PermissionError(13, "Permission denied")
        return opened(path, *options, **named)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "replace", refusing)
    with pytest.raises(SamspelError, match=rf"{re.escape(paths[held].name)}: cannot be written.*Excel"):
        write_files(page_of(synthetic_facts()), words("sv"), paths)
    assert paths[held].read_text(encoding="utf-8") == "old"
    assert sorted(tmp_path.iterdir()) == sorted(paths.values())
    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(SamspelError, match=rf"{re.escape(paths[held].name)}: cannot be replaced.*Excel"):
        check_replaceable(paths)


def _csv_text(value: float | str | None) -> str:
    return f"{value:.12g}" if isinstance(value, float) else value or ""


def test_the_file_of_another_language_has_a_name_of_its_own(tmp_path: Path) -> None:
    names = [path.name for path in report_paths(tmp_path, "town", "en").values()]
    assert names == ["town-en.html", "town-en.xlsx", "town-en-csv.zip", "town-en.txt"]


def test_a_table_knows_its_heading() -> None:
    tables: list[PageTable] = read_tables(page_of(synthetic_facts()))
    assert tables[1].heading == words("sv")("figures.title")
    assert tables[-1].heading == words("sv")("sources.title")
