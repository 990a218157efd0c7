"""Save what is shown as a case file, and make its report in the background.

Public names: `save_policy`, `policy_path` and `ReportMaker`.
"""

import re
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from sim.core.errors import SamspelError
from sim.core.files import write_text
from sim.core.paths import root
from sim.policy.case import Case
from sim.policy.casefile import case_paths, parse_case
from sim.report.explorer.words import Say

_SHORTEST = 3
_LONGEST = 40


def policy_path(name: str, folder: Path, say: Say) -> Path:
    """Return the file of a named policy.

    Raises:
        SamspelError: The name is too short, or that of a ready-made case.
    """
    plain = unicodedata.normalize("NFKD", name.strip().lower()).encode("ascii", "ignore").decode("ascii")
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].strip("-")
    if len(stem) < _SHORTEST or len(name.strip()) < _SHORTEST:
        raise SamspelError(say("save.name"))
    if stem in case_paths():
        raise SamspelError(say("save.case", name=stem))
    return folder / f"{stem}.yaml"


def save_policy(case: Case, name: str, folder: Path, replace: bool, say: Say) -> tuple[Path, bool]:
    """Write a case file that holds a case, and return its path and whether another was replaced.

    Args:
        case: The case.
        name: What the user calls it; it becomes the title.
        folder: Where policies are kept.
        replace: Whether a file of that name may be replaced.
        say: The language of messages.

    Raises:
        SamspelError: The name is not allowed or taken, or the folder cannot be written.
    """
    path = policy_path(name, folder, say)
    there = path.exists()
    if there and not replace:
        raise SamspelError(say("save.taken", path=path))
    document: dict[str, Any] = case.to_document()
    document["title"] = name.strip()
    if "english" in document:
        document["english"] = {**document["english"], "title": name.strip()}
    document["known_until"] = case.known_until
    parse_case(path.stem, document, path)
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
    return write_text(path, text), there


class ReportMaker:
    """One report at a time, made by `samspel report` in a process of its own."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Return whether a report is being made."""
        return self._thread is not None and self._thread.is_alive()

    def make(
        self,
        path: Path,
        lang: str,
        pairs: int,
        made: Callable[[str, float], None],
        failed: Callable[[str], None],
    ) -> None:
        """Begin a report.

        Args:
            path: The case file.
            lang: Language of the report.
            pairs: Number of pairs; 0: as the reports have.
            made: Gets the path of the report and the seconds it took; called in another thread.
            failed: Gets what went wrong; called in another thread.
        """
        command = [sys.executable, "-m", "sim", "report", str(path), "--lang", lang]
        if pairs:
            command += ["--replications", str(pairs)]
        self._process = subprocess.Popen(
            command,
            cwd=root(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._thread = threading.Thread(target=self._watch, args=(self._process, made, failed), daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Wait until the report is done, at most so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def close(self) -> None:
        """Stop the report that is being made."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def _watch(
        self,
        process: subprocess.Popen[str],
        made: Callable[[str, float], None],
        failed: Callable[[str], None],
    ) -> None:
        began = time.perf_counter()
        out, err = process.communicate()
        pages = [line.strip() for line in out.splitlines() if line.strip().endswith(".html")]
        if process.returncode == 0 and pages:
            made(pages[0], time.perf_counter() - began)
        else:
            said = [line for line in err.splitlines() if line.strip()]
            failed(said[-1] if said else f"exit code {process.returncode}")
