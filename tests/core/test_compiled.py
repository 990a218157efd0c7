"""An edit of a rule is never served from an older compiled cache; unchanged sources use it again."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import sim.core
from sim.core.sources import source_hash

RULE = (
    "from sim.core.compiled import rule\n\n\n@rule\ndef rate(x: float) -> float:\n    return {factor} * x\n"
)
KERNEL = """
from sim.core.compiled import kernel
from sim.model.rates import rate


@kernel
def total(n: int) -> float:
    result = 0.0
    for i in range(n):
        result += rate(float(i))
    return result
"""
MAIN = """
import json, os
from sim.model.passes import total
value = total(5)
hits = sum(total.stats.cache_hits.values())
print(json.dumps([value, hits, os.environ["NUMBA_CACHE_DIR"]]))
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of one kernel and one rule in another file, compiled by the project's own code."""
    shutil.copytree(Path(sim.core.__file__).parent, tmp_path / "sim" / "core")
    (tmp_path / "sim" / "__init__.py").touch()
    (tmp_path / "sim" / "policy").mkdir()
    (tmp_path / "sim" / "policy" / "channels.py").touch()
    model = tmp_path / "sim" / "model"
    model.mkdir()
    (model / "__init__.py").touch()
    (model / "rates.py").write_text(RULE.format(factor=2.0), encoding="utf-8")
    (model / "passes.py").write_text(KERNEL, encoding="utf-8")
    return tmp_path


def run(package: Path) -> Any:
    variables = {**os.environ, "PYTHONPATH": str(package), "SAMSPEL_CACHE": str(package / "cache")}
    variables.pop("NUMBA_CACHE_DIR", None)
    done = subprocess.run(
        [sys.executable, "-c", MAIN], cwd=package, env=variables, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_an_edit_of_a_rule_in_another_file_changes_the_next_result(package: Path) -> None:
    first = run(package)
    again = run(package)
    assert first[:2] == [20.0, 0]  # 2 x (0 + 1 + 2 + 3 + 4)
    assert again == [20.0, 1, first[2]]
    assert Path(first[2]).parent == package / "cache"
    (package / "sim" / "model" / "rates.py").write_text(RULE.format(factor=3.0), encoding="utf-8")
    edited = run(package)
    assert edited[:2] == [30.0, 0]
    assert edited[2] != first[2]


def test_the_hash_of_the_sources_notices_any_file_but_not_line_endings(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.core.sources._PACKAGE", package / "sim")
    rates = package / "sim" / "model" / "rates.py"
    before = source_hash()
    rates.write_bytes(rates.read_bytes().replace(b"\n", b"\r\n"))
    assert source_hash() == before
    rates.rename(rates.with_name("rate_list.py"))
    renamed = source_hash()
    (package / "sim" / "core" / "months.py").write_text("", encoding="utf-8")
    assert len({before, renamed, source_hash()}) == 3
