"""The explorer in a real JupyterLab in headless Chromium: sliders by keyboard, language, save, report."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from sim.core.paths import root

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 100_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
KERNEL_READY = """() => {
    const kernel = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;
    return kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
SMALL = {"municipality": "Bjurholm", "horizon": 12, "report_pairs": 20, "pairs": 10}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Start JupyterLab on a folder with the notebook, and give its address and the folder."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    if os.environ.get("CI"):
        pytest.skip("JupyterLab is not driven in CI")
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.read(root() / "notebooks" / "01_explore.ipynb", as_version=4)  # type: ignore[no-untyped-call]
    small = {**SMALL, **json.loads(os.environ.get("SAMSPEL_EXPLORE", "{}")), "folder": str(folder)}
    cell = next(one for one in notebook.cells if "parameters" in one.metadata.get("tags", []))
    cell.source += "".join(f"\n{name} = {value!r}" for name, value in small.items())
    nbformat.write(notebook, folder / "01_explore.ipynb")  # type: ignore[no-untyped-call]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"JUPYTER_CONFIG_DIR": str(folder / "config"), "JUPYTER_DATA_DIR": str(folder / "data")}
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--port-retries=0",
        "--IdentityProvider.token=", "--allow-root", f"--ServerApp.root_dir={folder}",
        "--LabApp.expose_app_in_browser=True",
    ]  # fmt: skip
    here = {**os.environ, **settings, "PYTHONPATH": str(root()), "SAMSPEL_HOME": str(root())}
    here["JUPYTER_CONFIG_PATH"] = str(root() / "notebooks" / ".jupyter")
    with (folder / "lab.log").open("w") as log:
        server = subprocess.Popen(command, cwd=folder, env=here, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{port}"
            _await(f"{address}/api/status")
            yield f"{address}/lab/tree/01_explore.ipynb", folder
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture(scope="module")
def page(lab: tuple[str, Path]) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        around = browser.new_context(
            viewport={"width": 1500, "height": 1250}, permissions=["clipboard-read", "clipboard-write"]
        )
        opened = around.new_page()
        opened.set_default_timeout(PATIENCE)
        opened.goto(lab[0])
        opened.locator(".jp-NotebookPanel .jp-CodeCell").first.wait_for()
        opened.wait_for_function(KERNEL_READY)
        opened.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        opened.locator(".samspel-explorer .basis").wait_for()
        yield opened
        browser.close()


def test_sliders_language_saving_and_report(page: Page, lab: tuple[str, Path]) -> None:
    folder = lab[1]
    pictures = os.environ.get("SAMSPEL_PICTURES")
    if pictures:
        page.screenshot(path=f"{pictures}/explore-sv.png")
    _open_groups(page)
    _accessible(page)
    waits = []
    for lever in (
        "Antal platser samtidigt (platser; osäkert",
        "Deltagare per coach (tomt: som i dag) (",
        "Andel av personalen som flyttar in",
    ):
        handle = page.locator(".samspel-setting", has_text=lever).get_by_role("slider").last
        for move in range(int(os.environ.get("SAMSPEL_MOVES", "1"))):
            waits.append(_moved(page, handle, "ArrowRight" if move % 2 else "ArrowLeft"))
    if pictures:
        page.screenshot(path=f"{pictures}/explore-moved.png")
    print(f"redraws seen in the browser, seconds: {[round(wait, 2) for wait in waits]}")
    assert page.locator(".samspel-explorer .jp-OutputArea-output .ansi-red-fg").count() == 0
    page.get_by_role("button", name="English").click()
    page.get_by_text("Difference from the same municipality").wait_for()
    if pictures:
        page.locator(".samspel-basis-done, .basis", has_text="Done").wait_for()
        page.screenshot(path=f"{pictures}/explore-en.png")
    page.get_by_role("button", name="Take the answer along").click()
    page.get_by_role("link", name="Download as Excel").wait_for()
    _accessible(page)
    if pictures:
        page.screenshot(path=f"{pictures}/explore-take.png")
    page.get_by_role("button", name="Copy the text").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).includes('Bjurholm')")
    page.get_by_role("button", name="Copy the picture").click()
    page.wait_for_function(
        "async () => (await navigator.clipboard.read()).some(one => one.types.includes('image/png'))"
    )
    name = page.get_by_label("Name of the policy")
    name.fill("More places")
    name.press("Tab")
    page.get_by_role("button", name="Save as policy").click()
    page.locator(".samspel-status", has_text="Saved").wait_for()
    assert (folder / "more-places.yaml").is_file()
    page.get_by_role("button", name="Save as policy").click()
    page.locator(".samspel-wrong", has_text="exists already").wait_for()
    page.get_by_role("button", name="Make report").click()
    made = page.locator(".samspel-status", has_text=re.compile("The report is done|was not made"))
    made.wait_for(timeout=3 * PATIENCE)
    assert "is done after" in made.inner_text()
    if pictures:
        page.screenshot(path=f"{pictures}/explore-report.png")
    found = re.search(r"(/\S+\.html)", made.inner_text())
    assert found is not None and Path(found[1]).is_file()
    Path(found[1]).unlink()


def _open_groups(page: Page) -> None:
    for fold in page.locator(".samspel-fold").all():
        if "▸" in fold.inner_text():
            fold.press("Enter")


def _accessible(page: Page) -> None:
    """Hold the explorer, not JupyterLab around it, against WCAG 2.1 AA."""
    options = {"runOnly": {"type": "tag", "values": LEVELS}}
    found = Axe().run(page, context=".samspel-explorer", options=options).response["violations"]
    assert not [(one["id"], one["nodes"][0]["html"], len(one["nodes"])) for one in found]


def _moved(page: Page, handle, key: str) -> float:  # type: ignore[no-untyped-def]
    """Press an arrow key on a slider; return the seconds until the page shows the first, rough answer."""
    rough = "document.querySelector('.samspel-explorer .basis').innerText.includes(' 3 par ')"
    page.wait_for_function(f"() => !{rough}")
    page.evaluate(
        f"""() => {{
            window.waited = null;
            document.addEventListener('keydown', () => {{
                const began = performance.now();
                const seen = new MutationObserver(() => {{
                    if (!{rough}) return;
                    seen.disconnect();
                    window.waited = (performance.now() - began) / 1000;
                }});
                const box = document.querySelector('.samspel-answers');
                seen.observe(box, {{childList: true, subtree: true, characterData: true}});
            }}, {{capture: true, once: true}});
        }}"""
    )
    handle.press(key)
    page.wait_for_function("() => window.waited !== null")
    return float(page.evaluate("window.waited"))


def _await(address: str) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=5)
            return
        except OSError:
            time.sleep(0.3)
    raise TimeoutError(address)
