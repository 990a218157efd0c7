"""A user's own table: Swedish and English numbers, codes and names, months and years, and every mistake."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from sim.core.errors import SamspelError
from sim.evaluate.panels.own import read_own


def _file(folder: Path, text: str, name: str = "egen.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def test_swedish_numbers_names_and_semicolons(tmp_path: Path) -> None:
    text = "Place;Period;Value\nFalköping;2016;1 234,5\n0480;2016;−3,25\nEget område;2016;1.234,5\n"
    for encoding in ("utf-8-sig", "cp1252"):
        rows = read_own(
            _file(tmp_path, text if encoding == "utf-8-sig" else text.replace("−", "-"), encoding=encoding)
        )
        assert rows.rows() == [("0480", 2016, -3.25), ("1499", 2016, 1234.5), ("Eget område", 2016, 1234.5)]


def test_english_numbers_and_a_lost_leading_zero(tmp_path: Path) -> None:
    rows = read_own(_file(tmp_path, 'place,period,value\n480,2016,"1,234.5"\n480,2017,12\n'))
    assert rows.rows() == [("0480", 2016, 1234.5), ("0480", 2017, 12.0)]


def test_months_become_the_mean_of_their_year(tmp_path: Path) -> None:
    lines = [f"0480;2016-{month:02};{month}" for month in range(1, 13)]
    rows = read_own(_file(tmp_path, "place;period;value\n" + "\n".join(lines)))
    assert rows.rows() == [("0480", 2016, 6.5)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("0480;2016;..", "row 2, value of 0480, 2016 = '..'"),
        ("0480;2016;", "row 2, value of 0480, 2016 = ''"),
        ("0480;16;3", "row 2, period = '16'"),
        ("0480;2016-13;3", "row 2, period = '2016-13'"),
        (";2016;3", "row 2, place = ''"),
        ("0480;2016;3\nNyköping;2016;4", "row 3 = 'Nyköping, 2016'"),
        ("0480;2016-01;3", "0480, 2016 = '1 months'"),
        ("", "has no rows"),
    ],
)
def test_a_mistake_is_told_with_its_row(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(SamspelError) as error:
        read_own(_file(tmp_path, "place;period;value\n" + line + "\n"))
    assert said in str(error.value)


def test_a_missing_column_and_a_wrong_kind_of_file(tmp_path: Path) -> None:
    with pytest.raises(SamspelError, match="columns = 'place, year, value'"):
        read_own(_file(tmp_path, "place;year;value\n"))
    with pytest.raises(SamspelError, match=r"ends with \.csv"):
        read_own(_file(tmp_path, "x", "egen.pdf"))
    with pytest.raises(SamspelError, match="no such file"):
        read_own(tmp_path / "borta.csv")


def test_an_excel_table_reads_like_a_csv(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["Place", "Period", "Value"])
    book.active.append(["0480", 2016, 12.5])
    book.active.append(["Falköping", "2016", "1 234,5"])
    book.save(tmp_path / "egen.xlsx")
    assert read_own(tmp_path / "egen.xlsx").rows() == [("0480", 2016, 12.5), ("1499", 2016, 1234.5)]


def test_a_damaged_excel_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SamspelError, match="not an Excel file that can be read"):
        read_own(_file(tmp_path, "nonsense", "egen.xlsx"))
