"""The tagged PDF (PDF/UA) and the summary of two pages, by their structure."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pages import page_of, plain, read
from synthetic import synthetic_facts

from sim.report import pdf
from sim.report.files import report_paths
from sim.report.pdf import pdf_problem, write_pdf
from sim.report.readability import lix
from sim.report.words import LANGUAGES, words

pytestmark = pytest.mark.skipif(bool(pdf_problem()), reason=pdf_problem() or "there is Pango")
SEVERAL = ("Ystad", "Tomelilla", "Simrishamn", "Sjöbo")
TITLES = {"sv": "Nyköping: Vad ger det", "en": "Nyköping: What is the effect"}


@pytest.fixture(scope="module", params=LANGUAGES)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, Any]:
    page = page_of(synthetic_facts(lang=request.param), request.param)
    path = tmp_path_factory.mktemp("pdf") / "report.pdf"
    write_pdf(page, path)
    return request.param, page, pikepdf.open(path)


def elements(node: Any) -> Iterator[Any]:
    """Yield every element of a tree of tags."""
    if isinstance(node, pikepdf.Array):
        for child in node:
            yield from elements(child)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node.K)


def test_it_is_tagged_and_says_its_language_title_and_standard(made: tuple[str, str, Any]) -> None:
    lang, _, file = made
    assert str(file.Root.Lang) == lang
    assert bool(file.Root.MarkInfo.Marked) and bool(file.Root.ViewerPreferences.DisplayDocTitle)
    with file.open_metadata() as data:
        assert data["pdfuaid:part"] == "1"
        assert TITLES[lang] in data["dc:title"]


def test_every_figure_has_its_words_and_every_page_its_tags(made: tuple[str, str, Any]) -> None:
    _, page, file = made
    tags = list(elements(file.Root.StructTreeRoot))
    alts = [str(tag.Alt) for tag in tags if str(tag.S) == "/Figure"]
    pictures = [str(attrs["alt"]) for tag, attrs in read(page).tags if tag == "img"]
    assert len(alts) == len(pictures) and sorted(alts) == sorted(pictures)
    assert all("/StructParents" in one and str(one.get("/Tabs", "/S")) == "/S" for one in file.pages)


def test_headings_and_tables_are_those_of_the_page(made: tuple[str, str, Any]) -> None:
    _, page, file = made
    names = [str(tag.S) for tag in elements(file.Root.StructTreeRoot)]
    tags = [tag for tag, _ in read(page).tags]
    for name, tag in (("/H1", "h1"), ("/H2", "h2"), ("/Table", "table"), ("/TH", "th"), ("/TD", "td")):
        assert names.count(name) >= tags.count(tag) > 0, name
    assert names.count("/Caption") == tags.count("caption") + tags.count("figcaption")


def test_every_cell_of_a_table_names_its_heads(made: tuple[str, str, Any]) -> None:
    cells = [tag for tag in elements(made[2].Root.StructTreeRoot) if str(tag.S) in ("/TH", "/TD")]
    heads = {str(tag.ID) for tag in cells if str(tag.S) == "/TH"}
    for tag in cells:
        if str(tag.S) == "/TD":
            named = {str(one) for one in tag.A.Headers}
            assert named and named <= heads


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("names", [("Nyköping",), SEVERAL], ids=["one", "four"])
def test_the_summary_has_two_pages_and_all_that_it_promises(
    tmp_path: Path, lang: str, names: tuple[str, ...]
) -> None:
    say, page = words(lang), page_of(synthetic_facts(lang=lang, names=names), lang, "summary")
    write_pdf(page, tmp_path / "summary.pdf")
    assert len(pikepdf.open(tmp_path / "summary.pdf").pages) == 2
    text = plain(page)
    for key in ("answer.title", "figures.title", "gainers.title", "must.title", "certain.title"):
        assert say(key) in text, key
    assert say("appendix.title") not in text and say("words.title") not in text
    anchors = {attrs.get("id") for _, attrs in read(page).tags}
    links = [str(attrs["href"])[1:] for tag, attrs in read(page).tags if tag == "a"]
    assert set(links) <= anchors
    if lang == "sv":
        assert lix(plain(page[page.index("<main>") :])) <= 45


def test_a_machine_without_pango_says_so_and_writes_no_pdf(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> None:
        raise OSError("cannot load library 'libpango-1.0-0'\nand more")

    monkeypatch.setattr("importlib.import_module", missing)
    pdf.pdf_problem.cache_clear()
    try:
        said = pdf_problem()
        assert "libpango" in said and "browser" in said and "\n" not in said
        assert "summary_pdf" not in report_paths(tmp_path, "town", "sv", summary=True)
    finally:
        pdf.pdf_problem.cache_clear()


def test_the_command_line_does_not_load_weasyprint() -> None:
    code = (
        "import sys, sim.cli, sim.report.build\n"
        "print([name in sys.modules for name in ('weasyprint', 'xlsxwriter')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[False, False]"
