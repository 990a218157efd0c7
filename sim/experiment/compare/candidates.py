"""Read the policies to compare: other cases, parts of the case's own policy, and changes of it.

    POLICY   [NAME=]BASE[,CHANGE...]   or   [NAME=]CHANGE[,CHANGE...] of the case's own policy
    BASE     name of a case, or a case file: its policy in the compared case's municipalities and months
             only:LEVER[+LEVER...]     these levers of the case's own policy
             without:LEVER[+LEVER...]  all but these
             none                      nothing
    CHANGE   lever.setting=value or lever[i].setting=value, as --set takes them
             dose=lever.setting        what is scaled to reach the same cost

Public names: `Candidate` and `read_candidates`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.core.errors import SamspelError, input_error
from sim.core.months import month_number, month_text
from sim.experiment.compare.doses import Dose, find_dose
from sim.policy.case import Case, apply_settings, load_case
from sim.policy.casefile import case_paths, parse_case
from sim.policy.instance import Instance
from sim.policy.levers.registry import LEVERS

NONE = "none"
_COMMA = re.compile(r",(?![^{\[]*[}\]])")  # not inside {low: 3, high: 10} or [youth, newcomer]
_NAMED = re.compile(r"^([^\W_][\w -]{0,39})=(.+)$", re.DOTALL)
_CHANGE = re.compile(r"^([a-z_]+)(\[\d+\])?\.[a-z_]+=", re.DOTALL)
_DOSE = "dose="
_OF_THE_CASE = ("scenario=", "start=", "horizon=", "known_until=")
_PARTS = ("only", "without")


@dataclass(frozen=True)
class Candidate:
    """One policy of the compared case.

    Attributes:
        name: What tables call it.
        text: What was asked for.
        case: The compared case with this policy.
        dose: What is scaled to change its cost; None where nothing can be.
    """

    name: str
    text: str
    case: Case
    dose: Dose | None


def read_candidates(case: Case, texts: Sequence[str]) -> list[Candidate]:
    """Return the policies that texts name; a single one is compared with the case's own.

    Raises:
        SamspelError: A text cannot be read, names something unknown, or two have the same name.
    """
    if not texts:
        raise SamspelError("compare: no policy. Allowed: at least one POLICY (samspel compare --help).")
    asked = [case.name, *texts] if len(texts) == 1 and texts[0] != case.name else list(texts)
    found = [_read(case, text) for text in asked]
    names = [one.name for one in found]
    twice = [name for name in names if names.count(name) > 1]
    if twice or len(found) < 2:
        name = twice[0] if twice else names[0]
        raise input_error("compare", "POLICY", name, "at least two policies, each name once: NAME=...")
    return found


def _read(case: Case, text: str) -> Candidate:
    where = f"POLICY {text}"
    head, *changes = (part.strip() for part in _COMMA.split(text))
    named = _NAMED.match(head)
    name = text
    if named and not head.startswith((_DOSE, *_OF_THE_CASE)) and not _CHANGE.match(head):
        name, head = named.groups()
    if "=" in head:
        changes.insert(0, head)
        head = case.name
    policy = _base(case, head, where)
    chosen = _with_policy(case, policy, where)
    stated = None
    for change in changes:
        if change.startswith(_DOSE):
            stated = change.removeprefix(_DOSE)
        else:
            chosen = _changed(chosen, change, where)
    return Candidate(name, text, chosen, find_dose(chosen, stated, where))


def _base(case: Case, head: str, where: str) -> list[dict[str, Any]]:
    """Return the plain values of a base's instances, in the compared case's municipalities and months."""
    kind, colon, rest = head.partition(":")
    if head == NONE:
        return []
    if colon and kind in _PARTS:
        named = [name.strip() for name in rest.split("+")]
        used = list(dict.fromkeys(one.lever for one in case.policy))
        for name in named:
            if name not in used:
                raise input_error(where, "lever", name, "a lever of the case: " + ", ".join(used), LEVERS)
        kept = [one for one in case.policy if (one.lever in named) == (kind == "only")]
        return [one.to_document() for one in kept]
    if head == case.name:
        return [one.to_document() for one in case.policy]
    known = [*case_paths(), NONE, *(f"{part}:{one.lever}" for part in _PARTS for one in case.policy)]
    if head not in case_paths() and not head.endswith((".yaml", ".yml")):
        allowed = "the name of a case, a case file, only:LEVER, without:LEVER, none, or lever.setting=value"
        raise input_error(where, "policy", head, allowed, known)
    other = load_case(head)
    return _moved(other.policy, case.first_month - other.first_month)


def _moved(policy: Iterable[Instance], months: int) -> list[dict[str, Any]]:
    """Return instances for all municipalities of another case, so many months later."""
    moved = []
    for instance in policy:
        values = instance.to_document()
        values.pop("municipalities", None)
        for key in ("decided", "start", "end"):
            if values.get(key):
                values[key] = month_text(month_number(values[key]) + months)
        moved.append(values)
    return moved


def _with_policy(case: Case, policy: list[dict[str, Any]], where: str) -> Case:
    return parse_case(case.name, {**case.to_document(), "policy": policy}, where)


def _changed(case: Case, change: str, where: str) -> Case:
    lever = _CHANGE.match(change)
    if lever is None or lever.group(1) not in LEVERS:
        head = change.partition("=")[0]
        allowed = "lever.setting=value or dose=lever.setting; what is no policy is the same for all (--set)"
        raise input_error(where, "change", head, allowed, [f"{one.lever}." for one in case.policy])
    try:
        return apply_settings(case, [change])
    except SamspelError as error:
        raise SamspelError(f"{where}: " + str(error).removeprefix("--set ")) from error
