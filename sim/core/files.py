"""Write files so that a reader never meets a half-written one."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from sim.core.errors import SamspelError


def write_whole(path: Path, write: Callable[[Path], None]) -> Path:
    """Let ``write`` fill a temporary file beside ``path``, then rename it into place.

    Raises:
        SamspelError: The folder or file cannot be written (read-only, missing, held open).
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        write(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise SamspelError(
            f"{path}: cannot be written ({error.strerror or error}). Allowed: a folder that you may write "
            "to, and a file that no other program (Excel, for instance) has open. Choose another with --out."
        ) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
    return path


def write_text(path: Path, text: str) -> Path:
    """Write ``text`` as UTF-8 with ``\\n`` line endings, whole or not at all."""
    return write_whole(path, lambda temporary: _write_utf8(temporary, text))


def _write_utf8(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
