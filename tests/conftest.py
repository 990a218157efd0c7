"""Settings that all tests share."""

import os
import shutil
from pathlib import Path

import pytest

from sim.core.paths import root


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip browser tests where no Chromium is installed; a build machine must have one."""
    if os.environ.get("CI") == "true" or any(shutil.which(name) for name in ("chromium", "chromium-browser")):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium on PATH (apt-get install chromium)"))


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder of its own, whose tables a test may damage; returns its data folder."""
    shutil.copytree(root() / "data", tmp_path / "data")
    (tmp_path / "params").mkdir()
    monkeypatch.setenv("SAMSPEL_HOME", str(tmp_path))
    return tmp_path / "data"
