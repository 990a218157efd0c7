"""The pages that people read first: their links lead somewhere, and their commands exist."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from sim.core.paths import root

PAGES = [*sorted(root().glob("*.md")), *sorted((root() / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(root())))
def test_links_lead_to_files_that_exist(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#][^)]*)\)", page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / unquote(target.split("#")[0])).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_make_targets_and_commands_exist(name: str) -> None:
    text = (root() / name).read_text(encoding="utf-8")
    makefile = (root() / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(
        r"make ([a-z-]+)\b", " ".join(re.findall(r"`[^`]*`|```.*?```", text, re.DOTALL))
    ):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), f"{name}: make {target}"
