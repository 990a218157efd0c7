"""Name the sources that decide what a run gives, without loading any of them.

Public names: `source_hash` (any byte counts) and `meaning_hash` (comments and docstrings do not).
"""

import ast
import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_SOURCES = ("core", "model", "policy/channels.py")


def source_hash() -> str:
    """Return the hash of the sources that decide a run's result: core, model and the order of channels."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


@cache
def meaning_hash(*sources: str) -> str:
    """Return a hash of sources that stands when only comments, docstrings or layout are edited.

    Args:
        sources: Files and folders of the package; those of `source_hash` unless given.
    """
    digest = hashlib.sha256()
    for path in _files(*sources):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if isinstance(body, list):
                node.body = [one for one in body if not _is_text(one)]  # type: ignore[attr-defined]
        digest.update(path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(ast.unparse(tree).encode())
    return digest.hexdigest()


def _files(*sources: str) -> Iterator[Path]:
    for source in (_PACKAGE / name for name in sources or _SOURCES):
        yield from sorted(source.rglob("*.py")) if source.is_dir() else [source]


def _is_text(node: ast.AST) -> bool:
    """Return whether a statement is a docstring, or another text that does nothing."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
