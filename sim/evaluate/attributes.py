"""What can be asked of a person in a trial: every trait and state, declared once, with meaning and unit.

Public names: `Attribute`, `ATTRIBUTES` (by name; also the raw columns of residents and households) and `RAW`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.model.columns import (
    Activity,
    Case,
    Group,
    HouseholdColumns,
    Origin,
    Presence,
    ResidentColumns,
    Status,
)
from sim.policy.tracks import FIELDS

Values = NDArray[Any]
Read = Callable[[ResidentColumns, HouseholdColumns, int], Values]


@dataclass(frozen=True)
class Attribute:
    """One attribute: how it is read off residents, in what unit, and the names that its codes have.

    ``read`` takes residents, households and the month number whose end is looked at, and returns one number
    per resident. An attribute without ``names`` is a number; yes and no are the names of 1 and 0.
    """

    name: str
    meaning: str
    unit: str
    read: Read
    names: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    register: bool = False
    """Whether asking for it selects people by their registration, so that a spell under way counts."""


def _codes(codes: type[Any]) -> dict[str, tuple[int, ...]]:
    return {code.name.lower(): (int(code),) for code in codes}


def _is_registered(r: ResidentColumns) -> Values:
    return (r.status == Status.OPEN) | (r.status == Status.ACTIVITY)


def _age(r: ResidentColumns, _: HouseholdColumns, month: int) -> Values:
    return (month - r.birth) // 12


def _since_permit(r: ResidentColumns, _: HouseholdColumns, month: int) -> Values:
    return np.where(r.permit > 0, month - r.permit, -1)


def _paid(r: ResidentColumns, h: HouseholdColumns, _: int) -> Values:
    return h.paid[r.household] > 0


def _children(r: ResidentColumns, h: HouseholdColumns, _: int) -> Values:
    return h.young_children[r.household].astype(np.int64) + h.old_children[r.household]


def _alone_without_children(r: ResidentColumns, h: HouseholdColumns, month: int) -> Values:
    return (r.partner < 0) & (_children(r, h, month) == 0)


def _months_on_assistance(r: ResidentColumns, h: HouseholdColumns, month: int) -> Values:
    return np.where(_paid(r, h, month), h.months[r.household], 0)


def _strong(r: ResidentColumns, *_: object) -> Values:
    here = r.presence == Presence.HERE
    return r.ability > (np.median(r.ability[here]) if here.any() else 1.0)


def _age_between(low: int, high: int) -> Read:
    return lambda r, h, month: (_age(r, h, month) >= low) & (_age(r, h, month) <= high)


RAW = "as in the column"
"""The unit of an attribute that is a column of the model as it stands."""

_YES = {"yes": (1,), "no": (0,)}
_SWEDISH = {
    "none": (0,),
    "course_a": (1,),
    "course_b": (1,),
    "course_c": (2,),
    "course_d": (3,),
    "fluent": (4,),
}
_EDUCATION = {
    "presecondary": (0,), "upper_secondary": (1,), "postsecondary": (2,), "low": (0,), "middle": (1,), "high": (2,),
}  # fmt: skip
_TIER = {"low": (0,), "middle": (1,), "high": (2,)}
_FIELD = {name: (number,) for number, name in enumerate(FIELDS)}
_INSURANCE = {"none": (0,), "basic": (1,), "income_related": (2,)}
_ORIGIN = _codes(Origin) | {"foreign_born": (int(Origin.ESTABLISHED), int(Origin.NEWCOMER))}
_REGISTER_STATUS = {"registered": (int(Status.OPEN), int(Status.ACTIVITY))}

_DECLARED = (
    Attribute("age", "Completed years", "years", _age),
    Attribute("sex", "Sex", "name", lambda r, h, m: r.sex, {"woman": (0,), "man": (1,), "women": (0,), "men": (1,)}),
    Attribute("education", "Highest education (low, middle, high are the same three)", "name",
              lambda r, h, m: r.education, _EDUCATION),
    Attribute("origin", "Country of birth and time since the permit; newcomer: within 24 months", "name",
              lambda r, h, m: r.origin, _ORIGIN),
    Attribute("months_since_permit", "Months since the residence permit; -1 without one", "months", _since_permit),
    Attribute("swedish", "Level of Swedish: 0 none, 1-3 courses passed, 4 fluent", "level",
              lambda r, h, m: r.swedish, _SWEDISH),
    Attribute("weak_swedish", "Level of Swedish 0 or 1", "yes or no", lambda r, h, m: r.swedish <= 1, _YES),
    Attribute("limitation", "Limited work ability", "yes or no", lambda r, h, m: r.limitation, _YES),
    Attribute("field", "Field of work", "name", lambda r, h, m: r.sector, _FIELD),
    Attribute("tier", "Skill tier in the field", "name", lambda r, h, m: r.tier, _TIER),
    Attribute("skill_tier", "Skill tier in the field", "name", lambda r, h, m: r.tier, _TIER),
    Attribute("employability", "Above (strong) or below (weak) the median of unobserved employability", "name",
              _strong, {"weak": (0,), "strong": (1,)}),
    Attribute("insured", "Member of an unemployment insurance fund", "yes or no", lambda r, h, m: r.member, _YES),
    Attribute("insurance", "Right to unemployment insurance in the present spell", "name",
              lambda r, h, m: r.insurance, _INSURANCE, True),
    Attribute("status", "Labour status; registered: openly unemployed or in an activity", "name",
              lambda r, h, m: r.status, _codes(Status) | _REGISTER_STATUS, True),
    Attribute("registered", "In the stock of the employment service", "yes or no",
              lambda r, h, m: _is_registered(r), _YES, True),
    Attribute("months_registered", "Months of the present registration; -1 if not registered", "months",
              lambda r, h, m: np.where(_is_registered(r), r.spell, -1), {}, True),
    Attribute("newly_registered", "Registered less than 6 months", "yes or no",
              lambda r, h, m: _is_registered(r) & (r.spell < 6), _YES, True),
    Attribute("long_term", "Registered 12 months or more", "yes or no",
              lambda r, h, m: _is_registered(r) & (r.spell >= 12), _YES, True),
    Attribute("activity", "Activity under way", "name", lambda r, h, m: r.activity, _codes(Activity)),
    Attribute("case", "Where a case that needs both agencies stands", "name", lambda r, h, m: r.case, _codes(Case)),
    Attribute("client_of_unit", "Planned by the municipal labour-market unit", "yes or no",
              lambda r, h, m: _is_registered(r) & (r.case > Case.WAITING_PLAN), _YES),
    Attribute("on_assistance", "In a household paid social assistance in the month", "yes or no", _paid, _YES),
    Attribute("months_on_assistance", "Months paid in the present spell of assistance", "months",
              _months_on_assistance),
    Attribute("children", "Children in the household", "children", _children),
    Attribute("has_children", "Children in the household", "yes or no",
              lambda r, h, m: _children(r, h, m) > 0, _YES),
    Attribute("lives_with_partner", "Lives with a partner", "yes or no", lambda r, h, m: r.partner >= 0, _YES),
    Attribute("single_without_children", "Neither partner nor children in the household", "yes or no",
              _alone_without_children, _YES),
    Attribute("youth", "Aged 18-24", "yes or no", _age_between(18, 24), _YES),
    Attribute("newcomer", "Permit within 24 months", "yes or no", lambda r, h, m: r.origin == Origin.NEWCOMER, _YES),
    Attribute("foreign_born", "Born outside Sweden", "yes or no",
              lambda r, h, m: r.origin != Origin.BORN_IN_SWEDEN, _YES),
    Attribute("group", "Exclusive group of the report, settled at the start", "name",
              lambda r, h, m: r.group, _codes(Group)),
    Attribute("wage", "Wage in a full-time job", "SEK/month", lambda r, h, m: r.wage / 100.0),
    Attribute("earnings", "Income from work after tax, of the month", "SEK/month", lambda r, h, m: r.earned / 100.0),
    Attribute("income", "Own income after tax, of the month", "SEK/month", lambda r, h, m: r.income / 100.0),
    Attribute("months_in_status", "Months in the present status", "months", lambda r, h, m: r.in_status),
    Attribute("months_since_contact", "Months since the latest registration; -1 never", "months",
              lambda r, h, m: np.where(r.contact > 0, m - r.contact, -1)),
)  # fmt: skip


def _column(name: str) -> Attribute:
    return Attribute(name, f"Column {name} of residents", RAW, lambda r, h, m: getattr(r, name))


def _household_column(name: str) -> Attribute:
    return Attribute(
        f"household_{name}",
        f"Column {name} of the person's household",
        RAW,
        lambda r, h, m: getattr(h, name)[r.household],
    )


ATTRIBUTES: Mapping[str, Attribute] = (
    {f"household_{name}": _household_column(name) for name in HouseholdColumns._fields}
    | {name: _column(name) for name in ResidentColumns._fields}
    | {attribute.name: attribute for attribute in _DECLARED}
)
"""Every attribute by name: the declared ones, then each raw column that no declared one is called."""
