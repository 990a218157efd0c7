"""What can be asked of a person in a trial: every trait and state, declared once, with meaning and unit.

Public names: `Attribute`, `ATTRIBUTES` (by name; also the raw columns of residents and households) and `RAW`.
"""

import dataclasses
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


_REGISTERED = (int(Status.OPEN), int(Status.ACTIVITY))


def _codes(codes: type[Any]) -> dict[str, tuple[int, ...]]:
    return {code.name.lower(): (int(code),) for code in codes}


def _is_registered(r: ResidentColumns) -> Values:
    return np.isin(r.status, _REGISTERED)


def _age(r: ResidentColumns, _: HouseholdColumns, month: int) -> Values:
    return (month - r.birth) // 12


def _since_permit(r: ResidentColumns, _: HouseholdColumns, month: int) -> Values:
    return np.where(r.permit > 0, month - r.permit, -1)


def _paid(r: ResidentColumns, h: HouseholdColumns, _: int) -> Values:
    return h.paid[r.household] > 0


def _children(r: ResidentColumns, h: HouseholdColumns, _: int) -> Values:
    return h.young_children[r.household].astype(np.int64) + h.old_children[r.household]


def _alone_without_children(r: ResidentColumns, h: HouseholdColumns, month: int) -> Values:
    return np.asarray((r.partner < 0) & (_children(r, h, month) == 0))


def _months_on_assistance(r: ResidentColumns, h: HouseholdColumns, month: int) -> Values:
    return np.where(_paid(r, h, month), h.months[r.household], 0)


def _strong(r: ResidentColumns, *_: object) -> Values:
    here = r.presence == Presence.HERE
    return np.asarray(r.ability > (np.median(r.ability[here]) if here.any() else 1.0))


def _age_between(low: int, high: int) -> Read:
    return lambda r, h, month: (_age(r, h, month) >= low) & (_age(r, h, month) <= high)


RAW = "as in the column"
"""The unit of an attribute that is a column of the model as it stands."""

_YES = {"yes": (1,), "no": (0,)}
_SWEDISH = {"none": (0,), "fluent": (4,)}
_EDUCATION = {
    "presecondary": (0,), "upper_secondary": (1,), "postsecondary": (2,),
    "low": (0,), "middle": (1,), "high": (2,),
}  # fmt: skip
_SEX = {"woman": (0,), "man": (1,), "women": (0,), "men": (1,), "female": (0,), "male": (1,)}
_TIER = {"low": (0,), "middle": (1,), "high": (2,)}
_FIELD = {name: (number,) for number, name in enumerate(FIELDS)}
_INSURANCE = {"none": (0,), "basic": (1,), "income_related": (2,)}
_ORIGIN = _codes(Origin) | {"foreign_born": (int(Origin.ESTABLISHED), int(Origin.NEWCOMER))}
_STATUS = _codes(Status) | {
    "registered": _REGISTERED,
    "openly_unemployed": (int(Status.OPEN),),
    "in_activity": (int(Status.ACTIVITY),),
    "municipal_placement": (int(Status.PLACEMENT),),
    "at_work": (int(Status.PLACEMENT), int(Status.SUBSIDISED), int(Status.EMPLOYED)),
}


def _named(
    name: str, meaning: str, read: Read, names: Mapping[str, tuple[int, ...]], register: bool = False
) -> Attribute:
    return Attribute(name, meaning, "name", read, names, register)


def _of(column: str) -> Read:
    return lambda r, h, m: getattr(r, column)


def _flag(name: str, meaning: str, read: Read, register: bool = False) -> Attribute:
    return Attribute(name, meaning, "yes or no", read, _YES, register)


def _spell_at_least(low: int, high: int) -> Read:
    return lambda r, h, m: _is_registered(r) & (r.spell >= low) & (r.spell <= high)


_LONGEST_SPELL = 2**15 - 1

_DECLARED = (
    Attribute("age", "Completed years", "years", _age),
    _flag("youth", "Aged 18-24", _age_between(18, 24)),
    _named("sex", "Sex", _of("sex"), _SEX),
    _named("education", "Highest education; low, middle, high are the same", _of("education"), _EDUCATION),
    _named("origin", "Country of birth; newcomer: permit within 24 months", _of("origin"), _ORIGIN),
    _flag("foreign_born", "Born outside Sweden", lambda r, h, m: r.origin != Origin.BORN_IN_SWEDEN),
    _flag("newcomer", "Permit within 24 months", lambda r, h, m: r.origin == Origin.NEWCOMER),
    Attribute("months_since_permit", "Since the residence permit; -1 without one", "months", _since_permit),
    Attribute("swedish", "0 none, 1-3 courses passed, 4 fluent", "level", _of("swedish"), _SWEDISH),
    _flag("weak_swedish", "Level of Swedish 0 or 1", lambda r, h, m: r.swedish <= 1),
    _flag("limitation", "Limited work ability", _of("limitation")),
    _named("field", "Field of work", _of("sector"), _FIELD),
    _named("tier", "Skill tier in the field", _of("tier"), _TIER),
    _named("employability", "Below or above the median, unobserved", _strong, {"weak": (0,), "strong": (1,)}),
    _flag("insured", "Member of an unemployment insurance fund", _of("member")),
    _named("insurance", "Right to insurance in the present spell", _of("insurance"), _INSURANCE, True),
    _named("status", "Labour status; registered is open or activity", _of("status"), _STATUS, True),
    _flag("registered", "In the stock of the employment service", lambda r, h, m: _is_registered(r), True),
    Attribute("months_registered", "Of the present spell; -1 if not registered", "months",
              lambda r, h, m: np.where(_is_registered(r), r.spell, -1), {}, True),
    _flag("newly_registered", "Registered less than 6 months", _spell_at_least(0, 5), True),
    _flag("long_term", "Registered 12 months or more", _spell_at_least(12, _LONGEST_SPELL), True),
    _named("activity", "Activity under way", _of("activity"), _codes(Activity)),
    _named("case", "Where a case that needs both agencies stands", _of("case"), _codes(Case)),
    _flag("client_of_unit", "Planned by the municipal labour-market unit",
          lambda r, h, m: _is_registered(r) & (r.case > Case.WAITING_PLAN)),
    _flag("on_assistance", "In a household paid social assistance in the month", _paid),
    Attribute("months_on_assistance", "Months paid in the present spell", "months", _months_on_assistance),
    Attribute("children", "Children in the household", "children", _children),
    _flag("has_children", "Children in the household", lambda r, h, m: _children(r, h, m) > 0),
    _flag("lives_with_partner", "Lives with a partner", lambda r, h, m: r.partner >= 0),
    _flag("single_without_children", "Neither partner nor children", _alone_without_children),
    _named("group", "Exclusive group of the report, settled at the start", _of("group"), _codes(Group)),
    Attribute("wage", "Wage in a full-time job", "SEK/month", lambda r, h, m: r.wage / 100.0),
    Attribute("earnings", "From work, after tax", "SEK/month", lambda r, h, m: r.earned / 100.0),
    Attribute("income", "Own income after tax", "SEK/month", lambda r, h, m: r.income / 100.0),
    Attribute("months_in_status", "In the present status", "months", _of("in_status")),
    Attribute("months_since_contact", "Since the latest registration; -1 never", "months",
              lambda r, h, m: np.where(r.contact > 0, m - r.contact, -1)),
)  # fmt: skip


def _column(name: str) -> Attribute:
    return Attribute(name, f"Column {name} of residents", RAW, _of(name))


def _household_column(name: str) -> Attribute:
    return Attribute(
        f"household_{name}",
        f"Column {name} of the person's household",
        RAW,
        lambda r, h, m: getattr(h, name)[r.household],
    )


_ALSO = {
    "a_kassa_member": "insured",
    "labour_status": "status",
    "work_limitation": "limitation",
    "field_of_work": "field",
    "skill_tier": "tier",
    "months_in_spell": "months_registered",
    "known_to_unit": "client_of_unit",
}
"""Other names for the same attribute."""

ATTRIBUTES: Mapping[str, Attribute] = (
    {f"household_{name}": _household_column(name) for name in HouseholdColumns._fields}
    | {name: _column(name) for name in ResidentColumns._fields}
    | {attribute.name: attribute for attribute in _DECLARED}
    | {
        name: dataclasses.replace(attribute, name=name, meaning=f"The same as {attribute.name}")
        for name, other in _ALSO.items()
        for attribute in _DECLARED
        if attribute.name == other
    }
)
"""Every attribute by name: the declared ones, then each raw column that no declared one is called."""
