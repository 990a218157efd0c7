"""What of a policy is scaled until it costs what another costs: one setting, the same in all its uses.

Public names: `Dose`, `find_dose` and `at_dose`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sim.core.errors import input_error
from sim.policy.case import Case
from sim.policy.levers.registry import LEVERS, lever_class
from sim.policy.quantity import Quantity, Range

WIDEST: Final = 20.0
"""A dose is scaled to at most so many times, and at least so small a part of, what is stated: beyond that it
is another policy."""
RULE: Final = {
    "places": ("places", "education_places"),
    "staff": ("caseload", "af_caseload", "staff_share"),
    "hours": ("meeting_hours", "extra_plan_hours", "hours_week"),
}
"""Which settings are looked for, in this order, where none is stated."""
_INVERSE = ("caseload", "af_caseload")  # clients per caseworker: twice the staff is half the caseload


@dataclass(frozen=True)
class Dose:
    """One setting that is multiplied, and the multipliers that its bounds allow."""

    lever: str
    setting: str
    low: float
    high: float

    @property
    def name(self) -> str:
        """Return it as ``--set`` writes it: ``job_tracks.places``."""
        return f"{self.lever}.{self.setting}"

    @property
    def inverse(self) -> bool:
        """Return whether the setting is divided: it is clients per caseworker, and the dose is staff."""
        return self.setting in _INVERSE


def find_dose(case: Case, stated: str | None, where: object) -> Dose | None:
    """Return the dose of a case's policy: the one stated, or the first that the rule finds; None without any.

    The rule takes places before staff before hours, and of several levers the first of the policy.

    Raises:
        SamspelError: The policy has no such setting above zero.
    """
    known = [f"{lever}.{key}" for lever, key in _scalable(case)]
    if stated is not None:
        if stated not in known:
            allowed = "a number above zero that the policy sets: " + (", ".join(known) or "it sets none")
            raise input_error(where, "dose", stated, allowed, known)
        return _dose(case, *stated.split(".", 1))
    for keys in RULE.values():
        for lever, key in _scalable(case):
            if key in keys:
                return _dose(case, lever, key)
    return None


def at_dose(case: Case, dose: Dose | None, multiplier: float) -> Case:
    """Return the case with its dose multiplied; ranges are multiplied at both ends."""
    if dose is None or multiplier == 1.0:
        return case
    factor = 1.0 / multiplier if dose.inverse else multiplier
    bounds = _bounds(dose.lever, dose.setting)
    policy = tuple(
        instance.model_copy(
            update={
                "settings": {
                    **instance.settings,
                    dose.setting: _times(instance.settings[dose.setting], factor, bounds),
                }
            }
        )
        if instance.lever == dose.lever and _positive(instance.settings.get(dose.setting))
        else instance
        for instance in case.policy
    )
    return case.model_copy(update={"policy": policy})


def _scalable(case: Case) -> Iterator[tuple[str, str]]:
    """Yield lever and setting of each number above zero, in the order of the policy."""
    seen = set()
    for instance in case.policy:
        for key in LEVERS[instance.lever].model_fields:
            one = (instance.lever, key)
            if one not in seen and _positive(instance.settings.get(key)):
                seen.add(one)
                yield one


def _positive(value: object) -> bool:
    if isinstance(value, Range):
        return value.high > 0
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _dose(case: Case, lever: str, setting: str) -> Dose:
    """Return the dose with the multipliers that keep each use of it within its bounds."""
    low, high = _bounds(lever, setting)
    uses = [one.settings[setting] for one in case.policy if one.lever == lever and setting in one.settings]
    ends = [end for one in uses if _positive(one) for end in _ends(one) if end > 0]
    least, most = (low / min(ends), high / max(ends))
    if setting in _INVERSE:
        least, most = (max(ends) / high, min(ends) / low if low > 0 else WIDEST)
    return Dose(lever, setting, max(1.0 / WIDEST, least), min(WIDEST, most))


def _ends(value: Any) -> tuple[float, float]:
    return (value.low, value.high) if isinstance(value, Range) else (value, value)


def _times(value: Any, factor: float, bounds: tuple[float, float]) -> Quantity:
    low, high = (min(max(end * factor, bounds[0]), bounds[1]) for end in _ends(value))
    return Range(low=low, high=high) if low < high else low


def _bounds(lever: str, setting: str) -> tuple[float, float]:
    declared = lever_class(lever).model_json_schema()["properties"][setting]
    number = next(part for part in declared.get("anyOf", [declared]) if "minimum" in part)
    return float(number["minimum"]), float(number["maximum"])
