"""Find the project's own files (parameters, figures, notebooks) wherever the package was installed."""

import os
from pathlib import Path

from sim.core.errors import SamspelError

_VARIABLE = "SAMSPEL_HOME"
_FOLDERS = ("data", "params")


def root() -> Path:
    """Return the project folder: ``SAMSPEL_HOME``, else the folder that holds the package.

    Raises:
        SamspelError: The folder lacks ``data/`` or ``params/``.
    """
    named = os.environ.get(_VARIABLE)
    folder = Path(named).expanduser().resolve() if named else Path(__file__).resolve().parents[2]
    missing = [name for name in _FOLDERS if not (folder / name).is_dir()]
    if missing:
        raise SamspelError(
            f"{folder}: the folder {' and '.join(missing)} is missing. Allowed: the project folder, with "
            f"{' and '.join(_FOLDERS)} in it. Install from a clone of the repository (make install), or set "
            f"the environment variable {_VARIABLE} to one."
        )
    return folder
