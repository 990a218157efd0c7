from pathlib import Path

import pytest

from sim.core.errors import SamspelError
from sim.core.paths import root


def test_root_holds_data_and_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMSPEL_HOME", raising=False)
    assert (root() / "data" / "municipalities.csv").is_file()


def test_root_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("data", "params"):
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("SAMSPEL_HOME", str(tmp_path))
    assert root() == tmp_path.resolve()


def test_a_folder_without_data_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMSPEL_HOME", str(tmp_path))
    with pytest.raises(SamspelError, match=r"data and params is missing.*SAMSPEL_HOME"):
        root()
