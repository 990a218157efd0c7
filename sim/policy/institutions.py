"""The rules and prices of one month, as the numbers that the model needs.

Public names: `institutions_at` and its result `Institutions`, with a `RuleNote` for every number that was
remembered, assumed, or carried on from an earlier period.
"""

from dataclasses import dataclass
from typing import Literal

from sim.core.errors import SamspelError, input_error
from sim.core.months import month_number, month_text
from sim.policy.rules import Rule, load_rules

FIRST_MONTH = month_number("2017-01")
"""The earliest month whose rules are known."""

_YOUNG = (
    ("norm.child_age_0", 1),
    ("norm.child_age_1_2", 2),
    ("norm.child_age_3", 1),
    ("norm.child_age_4_6", 3),
)
_OLD = (("norm.child_age_7_10", 4), ("norm.child_age_11_14", 4), ("norm.child_age_15_18", 4))
_CHILD_SUPPLEMENTS = ("newcomer.child_under_11", "newcomer.child_11_plus")
_CHILD_YEARS = (11, 7)
_GRANT_MONTHS = 24
_INSTRUMENTS = ("practice", "municipal_employment", "introduction_job", "extra_job", "new_start_job")
_PERCENT = 100


@dataclass(frozen=True)
class RuleNote:
    """A number in use that is not a figure seen for that month, and why.

    status is ``memory``, ``assumed`` or ``carried`` (the latest earlier value; nothing later is known).
    """

    rule: str
    label_sv: str
    label_en: str
    status: Literal["memory", "assumed", "carried"]
    known_until: str | None

    @property
    def text_sv(self) -> str:
        """The note in Swedish, for reports."""
        reason = {
            "memory": "uppgift ur minnet, ska kontrolleras",
            "assumed": "ett antagande",
            "carried": f"värdet från {self.known_until} används; senare är inte känt",
        }
        return f"{self.label_sv}: {reason[self.status]}"

    @property
    def text_en(self) -> str:
        """The note in English."""
        reason = {
            "memory": "from memory, to be checked",
            "assumed": "an assumption",
            "carried": f"the value of {self.known_until} is used; nothing later is known",
        }
        return f"{self.label_en}: {reason[self.status]}"


@dataclass(frozen=True)
class Institutions:
    """Rules and prices of one month; SEK, months and shares unless the name says days."""

    month: int
    norm_single: float
    norm_couple: float
    norm_child_young: float
    """Mean over ages 0-6."""
    norm_child_old: float
    """Mean over ages 7-18."""
    common_costs: tuple[float, ...]
    """By household size, one to seven persons."""
    housing: tuple[float, ...]
    """Accepted cost: one adult, two adults, one child, two children, three or more."""
    ui_floor_day: float
    ui_cap_first_day: float
    ui_cap_later_day: float
    ui_cap_days: float
    """Days with the higher cap."""
    ui_rate_first: float
    ui_rate_later: float
    ui_first_days: float
    ui_days: float
    activity_support_floor_day: float
    guarantee_rate: float
    youth_support_low_day: float
    youth_support_high_day: float
    establishment_day: float
    establishment_child: float
    """Supplement per child, mean over ages."""
    student_support_month: float
    employer_contribution_rate: float
    wage_subsidy_rate: float
    wage_subsidy_cap: float
    """Highest gross wage that is subsidised, per month."""
    municipal_tax_rate: float
    region_tax_rate: float
    newcomer_grant_month: float
    """State grant to the municipality per newcomer and month of establishment."""
    entry_wage_month: float
    staff_cost_index: float
    """2018 = 1."""
    placement_qualifies_for_insurance: tuple[tuple[str, bool], ...]
    """Instrument and whether work in it counts towards unemployment insurance."""
    notes: tuple[RuleNote, ...]

    def qualifies(self, instrument: str) -> bool:
        """Return whether work in an instrument counts towards unemployment insurance."""
        flags = dict(self.placement_qualifies_for_insurance)
        if instrument not in flags:
            raise input_error("params/institutions", "instrument", instrument, ", ".join(flags), flags)
        return flags[instrument]


def institutions_at(month: int, municipality_code: str | None = None) -> Institutions:
    """Return the rules and prices of a month.

    Args:
        month: Month number, from January 2017.
        municipality_code: Whose tax rates to use; without it, unweighted means over municipalities.

    Raises:
        SamspelError: The month is before 2017, or a rule is missing or no number.
    """
    if month < FIRST_MONTH:
        raise input_error("institutions", "month", month_text(month), f"{month_text(FIRST_MONTH)} or later")
    read = _Reader(month)
    supplements = [read.number(rule) for rule in _CHILD_SUPPLEMENTS]
    return Institutions(
        month=month,
        norm_single=read.number("norm.single_adult_personal"),
        norm_couple=read.number("norm.couple_personal"),
        norm_child_young=read.mean(_YOUNG),
        norm_child_old=read.mean(_OLD),
        common_costs=read.numbers("norm.common_costs"),
        housing=read.numbers("housing.accepted"),
        ui_floor_day=read.number("insurance.basic_day"),
        ui_cap_first_day=read.number("insurance.cap_first_day"),
        ui_cap_later_day=read.number("insurance.cap_later_day"),
        ui_cap_days=read.number("insurance.cap_days"),
        ui_rate_first=read.number("insurance.rate_first"),
        ui_rate_later=read.number("insurance.rate_later"),
        ui_first_days=read.number("insurance.rate_first_days"),
        ui_days=read.number("insurance.days"),
        activity_support_floor_day=read.number("programme.floor_day"),
        guarantee_rate=read.number("programme.guarantee_rate"),
        youth_support_low_day=read.number("programme.youth_low_day"),
        youth_support_high_day=read.number("programme.youth_high_day"),
        establishment_day=read.number("newcomer.establishment_day"),
        establishment_child=sum(a * y for a, y in zip(supplements, _CHILD_YEARS, strict=True))
        / sum(_CHILD_YEARS),
        student_support_month=read.number("programme.student_support_month"),
        employer_contribution_rate=read.number("tax.employer_contribution"),
        wage_subsidy_rate=read.number("subsidy.wage_rate"),
        wage_subsidy_cap=read.number("subsidy.wage_cap"),
        municipal_tax_rate=_municipal_tax(month, municipality_code),
        region_tax_rate=read.number(_region_rule(municipality_code)) / _PERCENT,
        newcomer_grant_month=read.number("newcomer.grant_24_months") / _GRANT_MONTHS,
        entry_wage_month=read.number("wage.entry_month"),
        staff_cost_index=read.number("wage.staff_cost_index"),
        placement_qualifies_for_insurance=tuple(
            (name, read.flag(f"subsidy.qualifies_{name}")) for name in _INSTRUMENTS
        ),
        notes=tuple(read.notes),
    )


class _Reader:
    """Read rules at one month and keep a note of each that was not seen for it."""

    def __init__(self, month: int) -> None:
        self.month = month
        self.rules = load_rules()
        self.notes: list[RuleNote] = []

    def number(self, name: str) -> float:
        value = self._value(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise input_error("params/institutions", name, value, "a number")
        return float(value)

    def numbers(self, name: str) -> tuple[float, ...]:
        value = self._value(name)
        if not isinstance(value, tuple):
            raise input_error("params/institutions", name, value, "a list of numbers")
        return value

    def flag(self, name: str) -> bool:
        value = self._value(name)
        if not isinstance(value, bool):
            raise input_error("params/institutions", name, value, "true or false")
        return value

    def mean(self, weighted: tuple[tuple[str, int], ...]) -> float:
        """Return the mean over rules, weighted by the years of age that each covers."""
        total = sum(self.number(name) * years for name, years in weighted)
        return total / sum(years for _, years in weighted)

    def _value(self, name: str) -> object:
        rule = self.rules.get(name)
        if rule is None:
            raise SamspelError(
                f"params/institutions: the rule {name} is missing. Allowed: a file that gives it."
            )
        dated, covered = rule.at(self.month)
        if not covered:
            self._note(rule, "carried", dated.last)
        elif dated.status in ("memory", "assumed"):
            self._note(rule, "memory" if dated.status == "memory" else "assumed", None)
        return dated.value

    def _note(self, rule: Rule, status: Literal["memory", "assumed", "carried"], until: str | None) -> None:
        label_sv, label_en = rule.label_sv or rule.rule, rule.label_en or rule.rule
        self.notes.append(RuleNote(rule.rule, label_sv, label_en, status, until))


def _region_rule(municipality_code: str | None) -> str:
    """Return the name of the region tax; the first two digits of a municipality's code are its region."""
    name = f"tax.region_{municipality_code[:2]}" if municipality_code else ""
    return name if name in load_rules() else "tax.region_other"


def _municipal_tax(month: int, municipality_code: str | None) -> float:
    """Return the latest known tax rate at a month, from the official table of all municipalities."""
    import polars as pl

    from sim.data.tables import table

    rates = table("municipal_tax").filter(pl.col("year") <= month // 12)
    if municipality_code is not None:
        rates = rates.filter(pl.col("code") == municipality_code)
        if rates.is_empty():
            raise input_error(
                "institutions", "municipality", municipality_code, "a municipality in municipal_tax"
            )
    latest = rates.filter(pl.col("year") == pl.col("year").max())
    return float(latest.get_column("percent").to_numpy().mean()) / _PERCENT
