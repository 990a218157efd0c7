import os
from pathlib import Path

import pytest

from sim.core.errors import SamspelError
from sim.core.files import write_text, write_whole


def test_text_is_utf8_with_plain_line_endings(tmp_path: Path) -> None:
    path = write_text(tmp_path / "new" / "a.txt", "Nyköping\nåäö\n")
    assert path.read_bytes() == "Nyköping\nåäö\n".encode()


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = write_text(tmp_path / "a.txt", "old")

    def fail(temporary: Path) -> None:
        temporary.write_text("half", encoding="utf-8")
        raise ValueError("stopped")

    with pytest.raises(ValueError, match="stopped"):
        write_whole(target, fail)
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_cannot_be_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(SamspelError, match=r"cannot be written .*--out"):
        write_text(tmp_path / "file" / "a.txt", "x")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_a_clear_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(SamspelError, match="cannot be written"):
        write_text(tmp_path / "a.txt", "x")
