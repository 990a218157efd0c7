"""The generated pages: current, the same each time, and complete."""

import shutil
from pathlib import Path

import pytest

from sim.cli import main
from sim.core.draws import Decision
from sim.core.paths import root
from sim.model.columns import HouseholdColumns, ResidentColumns
from sim.model.ledger import KINDS
from sim.model.schedule import SCHEDULE
from sim.policy.channels import Channel
from sim.policy.levers.registry import LEVERS, settings_of
from sim.policy.listing import list_parameters
from sim.report.glossary import glossary, report_words
from sim.report.guides import pages
from sim.report.guides.source import mentions, sections, source
from sim.report.words import words


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return {path.name: text for path, text in pages().items()}


def _cells(page: str) -> list[list[str]]:
    """Return the rows of all tables of a page."""
    return [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]


def test_every_page_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["odd", "--check"]) == 0, capsys.readouterr().err


def test_a_stale_page_is_named_and_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("params", "data", "docs"):
        shutil.copytree(root() / name, tmp_path / name)
    monkeypatch.setenv("SAMSPEL_HOME", str(tmp_path))
    (tmp_path / "docs" / "glossary.md").unlink()
    page = tmp_path / "docs" / "odd.md"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    assert main(["odd", "--check"]) == 1
    said = capsys.readouterr().err.splitlines()
    assert [Path(line.split(":")[0]).name for line in said] == ["odd.md", "glossary.md"]
    assert all(line.endswith("not current. Run: samspel odd") for line in said)
    assert main(["odd"]) == 0
    assert b"\r" not in page.read_bytes()
    assert main(["odd", "--check"]) == 0


def test_the_odd_page_has_the_seven_elements_and_the_order_of_a_month(written: dict[str, str]) -> None:
    page = written["odd.md"]
    elements = [line for line in page.splitlines() if line.startswith("## ")]
    assert [line[3] for line in elements] == list("1234567")
    processes = [cells[1] for cells in _cells(page) if cells[0].isdigit() and cells[1].startswith("`")]
    assert processes == [f"`{process.__name__}`" for process in SCHEDULE]


def test_the_odd_page_explains_every_variable_decision_channel_kind_and_rule(written: dict[str, str]) -> None:
    page = written["odd.md"]
    rows = _cells(page)
    explained = {cells[0].strip("`"): cells[-1] for cells in rows if len(cells) > 1}
    kinds = [kind.name for kind in KINDS if not kind.name.startswith("reform_")]
    for name in (*ResidentColumns._fields, *HouseholdColumns._fields, *kinds, *Channel.__members__):
        assert explained[name]
    taken = {cells[1]: cells[2] for cells in rows if cells[0].isdigit() and len(cells) == 3}
    assert taken.keys() == Decision.__members__.keys() and all(taken.values())
    files = [name for name in mentions("model") if name.startswith("sim.model.rules.")]
    for name in files:
        for function in source(name).functions:
            assert function.text, f"{name}.{function.name} has no docstring"
            assert f"`{function.signature}`" in page


def test_the_parameter_guide_lists_every_parameter_with_its_user_and_every_setting(
    written: dict[str, str],
) -> None:
    rows = _cells(written["parameters.md"])
    listed = {cells[0].strip("`"): cells for cells in rows if len(cells) == 12}
    for parameter in list_parameters():
        cells = listed[parameter["name"]]
        assert [cells[4], cells[6]] == [parameter["low"], parameter["high"]]
        assert [cells[2], cells[7], cells[9], cells[11]] == [
            parameter[key] for key in ("unit", "grade", "identified", "source")
        ]
        assert cells[10], f"nothing uses {parameter['name']}"
    for lever in LEVERS:
        for row in settings_of(lever):
            assert list(row.values()) in rows


def test_each_word_stands_once_and_the_report_prints_from_the_glossary(written: dict[str, str]) -> None:
    terms = [term for chapter in glossary() for term in chapter.terms]
    for texts in ([term.en for term in terms], [term.sv for term in terms]):
        assert len(set(texts)) == len(texts)
    assert words("sv").under("glossary") == report_words("sv")
    assert list(report_words("sv"))[:2] == ["Troligen", "Går inte att säga"]
    orders = [term.report for term in terms if term.report is not None]
    assert sorted(orders) == list(range(1, len(orders) + 1))
    for term in terms:
        assert f"{term.text_en} | {term.text_sv} |" in written["glossary.md"]
        assert term.text_en.endswith(".") and term.text_sv.endswith(".")


def test_a_docstring_is_read_by_its_blocks() -> None:
    read = sections(
        "Lead.\n\nMore: text.\n\nAttributes:\n    a: One\n        and on.\n    b: Two.\n\nNote:\n    Text."
    )
    assert read == {
        "": "Lead.\n\nMore: text.",
        "Attributes": {"a": "One and on.", "b": "Two."},
        "Note": "Text.",
    }
