"""Compile rules and kernels, with a cache that an edit of any model source makes new.

numba's own cache notices edits only in the file of the function itself, not in the rules it calls, so the
cache folder is named by a hash of every source file that a kernel can reach, and of the numba and numpy
versions.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import llvmlite.binding as host  # type: ignore[import-untyped]

from sim.core.sources import source_hash


def _cache_folder() -> Path:
    toolchain = f"{version('numba')}-{version('numpy')}"
    key = hashlib.sha256(f"{source_hash()}-{toolchain}".encode()).hexdigest()[:12]
    parent = os.environ.get("SAMSPEL_CACHE")
    folder = (Path(parent) if parent else Path.home() / ".cache" / "samspel") / key
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:  # a home that may not be written to: compile into a folder of this machine instead
        folder = Path(tempfile.gettempdir()) / "samspel" / key
    return folder


os.environ["NUMBA_CACHE_DIR"] = str(_cache_folder())
# LLVM would draw four at a time even where the processor can eight, because some older ones slowed down
if "x86_64" in host.get_process_triple() and "NUMBA_CPU_FEATURES" not in os.environ:
    os.environ["NUMBA_CPU_NAME"] = host.get_host_cpu_name()
    os.environ["NUMBA_CPU_FEATURES"] = f"{host.get_host_cpu_features().flatten()},-prefer-256-bit"
import numba  # noqa: E402  (the cache folder must be set before numba is imported)
from numba.extending import register_jitable  # noqa: E402

numba.config.CACHE_DIR = os.environ["NUMBA_CACHE_DIR"]  # type: ignore[attr-defined]  # set at run time by numba


_MARK = "complete"
_EXACT: dict[str, Any] = {"fastmath": False, "error_model": "numpy", "no_cfunc_wrapper": True}
_INSIDE: dict[str, Any] = {"forceinline": True, "_nrt": False}
"""A rule is put into its kernel, and counts no references to arrays that its kernel holds: that took three
quarters of a run."""


def rule[Function: Callable[..., Any]](function: Function) -> Function:
    """Compile a small rule that kernels call; it cannot create arrays.

    Python can call a rule of numbers, but none that takes a table (a named tuple): to unpack tables for
    callers that do not exist took four fifths of the time that compiling takes.
    """
    if any(hasattr(kind, "_fields") for kind in function.__annotations__.values()):
        return register_jitable(**_EXACT, **_INSIDE, no_cpython_wrapper=True)(function)
    return cast(Function, numba.njit(**_EXACT, **_INSIDE)(function))


def kernel[Function: Callable[..., Any]](function: Function) -> Function:
    """Compile a pass over residents or households and keep the machine code for the next process."""
    return cast(Function, numba.njit(cache=True, **_EXACT)(function))


def is_compiled() -> bool:
    """Return whether everything has been compiled for the sources as they are."""
    return (Path(numba.config.CACHE_DIR) / _MARK).exists()  # type: ignore[attr-defined]


def note_compiled() -> None:
    """Note in the cache that everything has been compiled."""
    (Path(numba.config.CACHE_DIR) / _MARK).touch()  # type: ignore[attr-defined]
