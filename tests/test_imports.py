"""The shape of the package: imports go one way, private names stay at home, the model touches no file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim

PACKAGE = Path(sim.__file__).parent
ORDER = ("core", "data", "policy", "model", "experiment", "calibrate", "evaluate", "report")
FILES = sorted(PACKAGE.rglob("*.py"))
FILE_WORDS = {
    "open",
    "Path",
    "read_text",
    "write_text",
    "read_bytes",
    "read_csv",
    "read_parquet",
    "safe_load",
}
RANDOM_WORDS = {"random", "default_rng", "shuffle", "shuffle_do"}


def _id(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(tree: ast.AST) -> Iterator[tuple[str, list[str]]]:
    """Yield (module, names) for every import of this package, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide the direction"
            if node.module and node.module.split(".")[0] == "sim":
                yield node.module, [alias.name for alias in node.names]
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "sim":
                    yield alias.name, []


def _parts(module: str, names: list[str]) -> set[str]:
    """Return the parts that one import reaches: ``from sim import data`` reaches data."""
    pieces = module.split(".")
    return {pieces[1]} if len(pieces) > 1 else {name for name in names if name in ORDER}


@pytest.mark.parametrize("path", FILES, ids=_id)
def test_imports_go_one_way(path: Path) -> None:
    part = path.relative_to(PACKAGE).parts[0]
    if part not in ORDER:
        pytest.skip("cli and package files stand above the parts")
    allowed = ORDER[: ORDER.index(part) + 1]
    for module, names in _imports(_tree(path)):
        assert _parts(module, names) <= set(allowed), f"{_id(path)} imports {module}; allowed: {allowed}"


@pytest.mark.parametrize("path", FILES, ids=_id)
def test_no_private_name_crosses_a_module(path: Path) -> None:
    for module, names in _imports(_tree(path)):
        private = [name for name in [*module.split("."), *names] if name.startswith("_")]
        assert private in ([], ["__version__"]), f"{_id(path)} imports {private} from {module}"


AT_START = [
    PACKAGE / "cli.py",
    *(
        PACKAGE / "commands" / f"{name}.py"
        for name in (
            "shared",
            "calibrate",
            "backtest",
            "sweep",
            "compare",
            "sensitivity",
            "runs",
            "evaluate",
            "power",
            "update",
        )
    ),
]
"""What every command loads; `run` is loaded by its own command."""


@pytest.mark.parametrize("path", AT_START, ids=_id)
def test_command_line_imports_no_part_before_it_is_needed(path: Path) -> None:
    top = ast.Module(
        body=[node for node in _tree(path).body if isinstance(node, ast.Import | ast.ImportFrom)],
        type_ignores=[],
    )
    assert {part for found in _imports(top) for part in _parts(*found)} <= {"core", "commands"}
    assert "sim.commands.run" not in [module for module, _ in _imports(top)]


@pytest.mark.parametrize("path", sorted((PACKAGE / "model").rglob("*.py")), ids=_id)
def test_the_model_opens_no_file_and_draws_no_unkeyed_number(path: Path) -> None:
    tree = _tree(path)
    assert not any(module in ("sim.core.files", "sim.core.paths") for module, _ in _imports(tree))
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        name = getattr(called, "attr", getattr(called, "id", ""))
        assert name not in FILE_WORDS, f"{_id(path)}:{getattr(node, 'lineno', 0)} calls {name}"
        used = getattr(node, "attr", "")
        assert used not in RANDOM_WORDS, f"{_id(path)}:{getattr(node, 'lineno', 0)} uses {used}"
