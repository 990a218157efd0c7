"""Name the sources that decide what a run gives, without loading any of them.

Public name: `source_hash`.
"""

import hashlib
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_SOURCES = ("core", "model", "policy/channels.py")


def source_hash() -> str:
    """Return the hash of the sources that decide a run's result: core, model and the order of channels."""
    digest = hashlib.sha256()
    for source in (_PACKAGE / name for name in _SOURCES):
        for path in sorted(source.rglob("*.py")) if source.is_dir() else [source]:
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
