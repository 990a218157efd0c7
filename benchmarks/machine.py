"""What the figures were measured on.

Public names: `machine`, `load` and `peak_bytes`.
"""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from benchmarks.records import Fact


def machine() -> dict[str, Fact]:
    """Return processor, cores, memory and versions; nothing that names the machine."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_bytes": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in ("numba", "numpy", "mesa")},
    }


def load() -> float | None:
    """Return processes that wanted a core in the last minute; None where the system does not say."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


def peak_bytes() -> float | None:
    """Return the most memory that this process has held so far, bytes; None where the system does not say.

    Read from the kernel's high-water mark of the process itself: what `getrusage` says includes the parent
    that it was forked from.
    """
    status = Path("/proc/self/status")
    try:
        lines = status.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    found = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return float(found[0]) * 1024 if found else None


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _memory() -> int | None:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return None
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
