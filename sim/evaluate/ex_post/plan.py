"""The pre-analysis plan: what will be estimated and how it will be judged, sealed before it is run.

A sealed file holds the plan as people read it, a copy of it, and a hash of that copy and the day. An edit of
the plan no longer agrees with the copy, and an edit of both no longer agrees with the hash; who wants to
prove the day to others registers the hash somewhere else (the municipality's diary, for instance).

Public names: `Plan`, `seal_plan`, `read_plan`.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final

import yaml

from sim.core.errors import SamspelError, input_error
from sim.core.files import write_text
from sim.policy.documents import read_document

_HEAD: Final = """\
# A sealed plan of an evaluation (samspel evaluate --seal). Do not edit: a changed plan is refused. Seal a new
# one instead, and say why. Register the hash where others can see it, so that the day can be proved.
"""


@dataclass(frozen=True)
class Plan:
    """What is decided before any estimate is seen.

    Attributes:
        case: Name of the case.
        outcome: The outcome that the verdict is about.
        estimator: The estimator that the verdict rests on; others are shown beside it.
        last: The last year used.
        donors: Names of the comparison units.
        smallest: The smallest effect that would matter, in the outcome's unit.
        rule: How the verdict follows, in words.
    """

    case: str
    outcome: str
    estimator: str
    last: int
    donors: tuple[str, ...]
    smallest: float
    rule: str

    def deviations(self, used: "Plan") -> dict[str, tuple[Any, Any]]:
        """Return what another plan does differently: sealed and used value by field."""
        mine, other = asdict(self), asdict(used)
        return {key: (mine[key], other[key]) for key in mine if mine[key] != other[key]}


def seal_plan(plan: Plan, path: Path, day: str) -> str:
    """Write a plan with its seal, and return the hash.

    Args:
        plan: The plan.
        path: Where to write; an existing file is left alone.
        day: The day, ``YYYY-MM-DD``.

    Raises:
        SamspelError: The file exists, or cannot be written.
    """
    if path.suffix not in (".yaml", ".yml"):
        raise input_error("evaluate", "--seal", str(path), "a file that ends with .yaml")
    if path.exists():
        raise SamspelError(f"{path}: exists, and a sealed plan is not replaced. Allowed: another name.")
    copy = _canonical(plan)
    seal = {"day": day, "hash": _hash(copy, day), "copy": copy}
    document = {"plan": {**asdict(plan), "donors": list(plan.donors)}, "seal": seal}
    write_text(path, _HEAD + yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110))
    return seal["hash"]


def read_plan(path: Path) -> tuple[Plan, str]:
    """Return a sealed plan and the day that it was sealed on.

    Raises:
        SamspelError: The file is missing or no plan, or it was edited after it was sealed; what changed is
            shown.
    """
    if not path.is_file():
        raise SamspelError(
            f"{path}: there is no such file. Allowed: a plan that samspel evaluate --seal wrote."
        )
    document = read_document(path)
    seal = document.get("seal") if isinstance(document, dict) else None
    plan = document.get("plan") if isinstance(document, dict) else None
    if not isinstance(seal, dict) or not {"day", "hash", "copy"} <= set(seal) or plan is None:
        raise input_error(path, "seal", seal, "a plan that samspel evaluate --seal wrote")
    if _hash(str(seal["copy"]), str(seal["day"])) != seal["hash"]:
        raise SamspelError(
            f"{path}: the seal is broken: its hash is not that of its copy and day. Allowed: the file as it "
            "was sealed; take it from where it was kept, or seal a new plan and say why."
        )
    sealed = json.loads(str(seal["copy"]))
    changed = _changes(sealed, plan)
    if changed:
        raise SamspelError(
            f"{path}: the plan was edited after it was sealed on {seal['day']}. Changed: "
            f"{'; '.join(changed)}. Allowed: the sealed plan; run another analysis with options, "
            "which are listed as deviations."
        )
    return Plan(**{**sealed, "donors": tuple(sealed["donors"])}), str(seal["day"])


def _canonical(plan: Plan) -> str:
    return json.dumps(asdict(plan), ensure_ascii=False, sort_keys=True)


def _hash(copy: str, day: str) -> str:
    return hashlib.sha256(f"{day}\n{copy}".encode()).hexdigest()


def _changes(sealed: dict[str, Any], now: Any) -> list[str]:
    """Return what differs, in words; a list is shown by what came and went."""
    if not isinstance(now, dict):
        return ["the whole plan"]
    changed = []
    for key in [*(field.name for field in fields(Plan)), *(key for key in now if key not in sealed)]:
        old, new = sealed.get(key), now.get(key)
        if old == new:
            continue
        if isinstance(old, list) and isinstance(new, list):
            gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
            changed.append(f"{key}: {len(gone)} gone {gone[:3]}, {len(come)} new {come[:3]}")
        else:
            changed.append(f"{key}: sealed {old!r}, now {new!r}")
    return changed
