"""Compiling before the first run: once, from both ends of a month, and all that a run needs."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest
from rich.console import Console

from sim.core.compiled import is_compiled, note_compiled
from sim.experiment import warm as warming
from sim.experiment.warm import warm

COUNTED = """
import json, sys
from rich.console import Console
if __name__ == "__main__":
    from sim.experiment.warm import _town, warm
    warm(Console(stderr=True))
    from sim.model.simulate import simulate
    from sim.policy.case import load_case
    from sim.policy.compiled import neutral_policy
    simulate(_town(), [None, neutral_policy(load_case("nykoping").model_copy(update={"horizon": 1}))])
    passes = [
        found
        for name, module in list(sys.modules.items())
        if name.startswith(("sim.model", "sim.core"))
        for found in vars(module).values()
        if hasattr(found, "stats") and type(found._cache).__name__ == "FunctionCache"
    ]
    print(json.dumps([sum(sum(one.stats.cache_misses.values()) for one in passes), len(passes)]))
"""


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    return tmp_path


def test_what_is_compiled_is_noted_in_the_cache_of_these_sources(empty: Path) -> None:
    assert not is_compiled()
    note_compiled()
    assert is_compiled() and [path.parent for path in empty.iterdir()] == [empty]


def test_a_compiled_model_is_not_compiled_again(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note_compiled()
    monkeypatch.setattr(warming, "simulate", None)  # would be called
    console = Console(record=True, quiet=True)
    warm(console)
    assert console.export_text() == ""


def test_a_month_can_be_gone_through_from_its_end() -> None:
    warming._from_the_last()


@pytest.mark.slow
def test_the_first_process_compiles_all_and_the_next_one_nothing(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(COUNTED, encoding="utf-8")
    root = Path(__file__).resolve().parents[2]
    variables = {**os.environ, "SAMSPEL_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(root)}
    variables.pop("NUMBA_CACHE_DIR", None)
    command = [sys.executable, str(tmp_path / "main.py")]
    runs = [
        subprocess.run(command, env=variables, capture_output=True, text=True, check=True) for _ in range(2)
    ]
    assert "Compiling the model" in runs[0].stderr and not runs[1].stderr
    misses, passes = json.loads(runs[1].stdout)
    assert passes > 20 and misses == 0
