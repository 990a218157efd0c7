"""What Windows asks of a project, as far as it can be checked elsewhere."""

import re
import subprocess
import sys
from pathlib import PurePosixPath

import pytest

from sim.core.errors import SamspelError
from sim.core.files import write_text
from sim.core.paths import root

_LONGEST = 200
_FOLDER = len(r"C:\Users\förnamn.efternamn@kommun.se\OneDrive - Kommunen\Dokument\samspel" + "\\")
_STORED = len("runs/" + "-" + 12 * "0" + "/effects/" + 8 * "0" + "-" + 8 * "0" + ".parquet")
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$", re.IGNORECASE)


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "-c", "core.quotePath=off", "ls-files"], cwd=root(), capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git checkout")
    return listed.stdout.splitlines()


def test_paths_are_short_enough_under_a_long_user_name() -> None:
    assert _FOLDER + max(map(len, _tracked())) < _LONGEST
    longest_case = max(len(path.stem) for path in (root() / "params" / "cases").glob("*.yaml"))
    assert _FOLDER + _STORED + longest_case < _LONGEST


def test_names_are_allowed_and_do_not_differ_by_case_alone() -> None:
    paths = _tracked()
    assert len({path.lower() for path in paths}) == len(paths)
    for path in paths:
        for part in PurePosixPath(path).parts:
            assert not re.search(r'[<>:"|?*\\]', part) and not part.endswith((".", " ")), path
            assert not _RESERVED.match(part), path


def test_text_is_utf8_with_fixed_line_endings_whatever_the_machine(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    path = tmp_path_factory.mktemp("text") / "text.txt"
    code = "from pathlib import Path; import sys; from sim.core.files import write_text; "
    code += "write_text(Path(sys.argv[1]), chr(229) + chr(10) + chr(228) + chr(10))"
    done = subprocess.run(
        [sys.executable, "-X", "utf8=0", "-c", code, str(path)],
        env={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(root()), "PATH": ""},
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert path.read_bytes() == "å\nä\n".encode()


def test_a_file_that_cannot_be_replaced_is_named_and_stays(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("held") / "report.html"
    folder.mkdir()  # a folder in the way cannot be replaced by a file, as a file that Excel holds cannot
    with pytest.raises(SamspelError, match=r"report.html: cannot be written .*Excel"):
        write_text(folder, "text")
    assert folder.is_dir()
    assert [path.name for path in folder.parent.iterdir()] == ["report.html"]
