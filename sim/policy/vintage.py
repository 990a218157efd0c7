"""Tell what an estimate was made with, and whether that is still what is here.

Public names: `made_with`, `changed_since`, `stale_estimates` and `stale_warning`.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256

from sim.core.paths import root
from sim.core.sources import meaning_hash
from sim.policy.estimates import load_estimate, municipal_priors, national_priors

_TABLES = (
    "af_stock",
    "assistance_households",
    "education",
    "education_shares",
    "population",
    "skr_membership",
    "stativ",
)
"""Tables that an estimate rests on."""
_METHOD = tuple(
    f"calibrate/{name}.py" for name in ("emulator", "season", "solve", "targets", "waves", "worlds")
)
"""Sources that decide an estimate, beside the model's own."""
_ACTING = ("name", "distribution", "low", "mode", "high")
"""Keys of a prior that can move a draw."""
_DIGITS = 12
_MISSING = ("estimate",)
_MANY = 12


@cache
def made_with() -> dict[str, str]:
    """Return twelve digits each of the data, priors, model and method that are here now."""
    digest = sha256()
    for name in _TABLES:
        digest.update((root() / "data" / f"{name}.csv").read_bytes().replace(b"\r\n", b"\n"))
    priors = [prior.model_dump(mode="json") for prior in (*national_priors(), *municipal_priors())]
    acting = [{key: value for key, value in one.items() if key in _ACTING} for one in priors]
    settings = (root() / "params" / "calibration.yaml").read_text(encoding="utf-8")
    assumed = json.dumps([acting, settings], sort_keys=True).encode()
    return {
        "data": digest.hexdigest()[:_DIGITS],
        "priors": sha256(assumed).hexdigest()[:_DIGITS],
        "model": meaning_hash()[:_DIGITS],
        "method": meaning_hash(*_METHOD)[:_DIGITS],
    }


def changed_since(document: Mapping[str, object]) -> tuple[str, ...]:
    """Return which of data, priors and model have changed since an estimate's file was written."""
    then, now = document.get("made_with"), made_with()
    if not isinstance(then, Mapping):
        return tuple(now)
    return tuple(key for key, value in now.items() if then.get(key) != value)


def stale_estimates(codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the municipalities whose estimate is missing or was made with something else, and with what."""
    found = {}
    for code in codes:
        estimate = load_estimate(code)
        changed = _MISSING if estimate is None else changed_since(estimate.document)
        if changed:
            found[code] = changed
    return found


def stale_warning(codes: Iterable[str]) -> str:
    """Return a line on estimates that are missing or stale, with the command that mends it, or nothing."""
    asked = tuple(codes)
    stale = stale_estimates(asked)
    missing = [code for code, changed in stale.items() if changed == _MISSING]
    old = [code for code in stale if code not in missing]
    parts = [
        f"{_counted(some, len(asked))} {what}"
        for some, what in (
            (missing, "without an estimate (wide priors are used)"),
            (old, f"with an estimate made with other {_listed(stale[code] for code in old)}"),
        )
        if some
    ]
    if not parts:
        return ""
    return f"{'; '.join(parts)}. Run: samspel calibrate {' '.join(stale) if len(stale) < _MANY else '--all'}"


def _counted(codes: list[str], asked: int) -> str:
    return ", ".join(codes) if len(codes) < _MANY else f"{len(codes)} of {asked} municipalities"


def _listed(changes: Iterable[tuple[str, ...]]) -> str:
    return ", ".join(dict.fromkeys(name for changed in changes for name in changed))
