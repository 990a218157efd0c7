"""Notebooks are kept without outputs, so that a change of one can be read."""

import json
from pathlib import Path

import pytest

from sim.core.paths import root

NOTEBOOKS = sorted((root() / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook_has_no_output(path: Path) -> None:
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None, f"run: nbstripout {path}"


def test_dependencies_are_locked_in_one_file_that_names_no_host() -> None:
    assert not (root() / "uv.lock").exists()
    lock = (root() / "requirements.lock").read_text(encoding="utf-8")
    for word in ("://", "--index", "--find-links", "--extra", "@ file", "-e "):
        assert word not in lock
