"""The page in headless Chromium: no request, no accessibility fault, two pages on paper."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from case_facts import case_facts
from pages import write_page
from playwright.sync_api import Browser, sync_playwright
from synthetic import synthetic_card, synthetic_facts

from sim.report.fit_page import card_page

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_page(synthetic_facts(), tmp_path_factory.mktemp("page"))


def test_the_page_works_with_the_network_cut_and_makes_no_request(browser: Browser, path: Path) -> None:
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(path.as_uri())
    sizes = page.eval_on_selector_all("img", "images => images.map(image => image.naturalWidth)")
    context.close()
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    assert wrong == []
    assert len(sizes) == 4 and all(size > 100 for size in sizes)


@pytest.mark.parametrize("width", [1200, 360])
def test_no_accessibility_fault(browser: Browser, path: Path, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
    assert wide <= width


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("case", ["nykoping", "sydostra-skane"])
def test_cases_have_no_accessibility_fault_in_either_language_and_need_no_script(
    browser: Browser, tmp_path: Path, case: str, lang: str
) -> None:
    path = write_page(case_facts(case, lang), tmp_path, lang)
    context = browser.new_context(viewport={"width": 1200, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found] == []
    read = page.inner_text("body")
    context.close()
    quiet = browser.new_context(java_script_enabled=False, offline=True)
    page = quiet.new_page()
    page.goto(path.as_uri())
    assert page.locator("body").inner_text() == read
    assert page.locator("table").count() > 10 and len(read) > 5000
    quiet.close()


@pytest.mark.parametrize("case", ["", "falkoping", "monsteras", "nykoping", "osby", "sydostra-skane"])
def test_the_summary_prints_on_two_pages(browser: Browser, tmp_path: Path, case: str) -> None:
    path = write_page(case_facts(case) if case else synthetic_facts(), tmp_path)
    page = browser.new_page()
    page.goto(path.as_uri())
    whole = pages(page.pdf(prefer_css_page_size=True))
    page.add_style_tag(content=".samspel .underlag{display:none}")
    assert pages(page.pdf(prefer_css_page_size=True)) == 2
    assert whole > 2
    page.close()


def test_a_card_of_its_own_is_one_accessible_page(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "fit.html"
    path.write_text(card_page(synthetic_card()), encoding="utf-8")
    context = browser.new_context(viewport={"width": 360, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    assert [fault["id"] for fault in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert pages(page.pdf(prefer_css_page_size=True)) == 1
    context.close()


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
