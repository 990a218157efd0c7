"""Compile rules and kernels, with a cache that an edit of any model source makes new.

numba's own cache notices edits only in the file of the function itself, not in the rules it calls, so the
cache folder is named by a hash of every source file that a kernel can reach, and of the numba and numpy
versions.
"""

import hashlib
import os
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

_PACKAGE = Path(__file__).resolve().parents[1]
_SOURCES = ("core", "model")


def source_hash() -> str:
    """Return the hash of all sources that decide a run's result: ``sim/core`` and ``sim/model``."""
    digest = hashlib.sha256()
    for folder in _SOURCES:
        for path in sorted((_PACKAGE / folder).rglob("*.py")):
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _cache_folder() -> Path:
    toolchain = f"{version('numba')}-{version('numpy')}"
    key = hashlib.sha256(f"{source_hash()}-{toolchain}".encode()).hexdigest()[:12]
    parent = os.environ.get("SAMSPEL_CACHE")
    base = Path(parent) if parent else Path.home() / ".cache" / "samspel"
    return base / key


os.environ["NUMBA_CACHE_DIR"] = str(_cache_folder())
import numba  # noqa: E402  (the cache folder must be set before numba is imported)

numba.config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]  # type: ignore[attr-defined]  # set at run time by numba


def rule[Function: Callable[..., Any]](function: Function) -> Function:
    """Compile a small scalar rule that kernels call."""
    return cast(
        Function, numba.njit(cache=False, fastmath=False, error_model="numpy", inline="always")(function)
    )


def row_rule[Function: Callable[..., Any]](function: Function) -> Function:
    """Compile a rule that reads or writes columns, merged into its caller.

    Handing forty columns to a function costs more than most rules, so the compiler copies the rule in
    instead.
    """
    return cast(
        Function, numba.njit(cache=False, fastmath=False, error_model="numpy", inline="always")(function)
    )


def kernel[Function: Callable[..., Any]](function: Function) -> Function:
    """Compile a pass over residents or households and keep the machine code for the next process."""
    return cast(Function, numba.njit(cache=True, fastmath=False, error_model="numpy")(function))
