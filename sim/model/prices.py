"""Rules and rates of one month as compiled code reads them: öre per month, shares, days."""

from typing import NamedTuple

from sim.policy.institutions import Institutions

DAYS = 21.75
"""Benefit days in a month."""


class Prices(NamedTuple):
    """Amounts in öre per month unless the name says otherwise."""

    norm_single: int
    norm_couple: int
    norm_child_young: int
    norm_child_old: int
    common_1: int
    common_2: int
    common_3: int
    common_4: int
    common_5: int
    common_6: int
    common_7: int
    insurance_floor: int
    insurance_cap_first: int
    insurance_cap_later: int
    insurance_rate: float
    insurance_first_days: int
    insurance_days: int
    support_floor: int
    guarantee_rate: float
    youth_support: int
    establishment: int
    establishment_child: int
    student_support: int
    contribution_rate: float
    subsidy_rate: float
    subsidy_cap: int
    municipal_tax_rate: float
    region_tax_rate: float
    newcomer_grant: int
    place_qualifies: int
    place_wage: int


def prices_from(rules: Institutions, place_wage_share: float) -> Prices:
    """Return the month's prices from dated institutions; municipal places pay a share of the entry wage."""
    return Prices(
        norm_single=_ore(rules.norm_single),
        norm_couple=_ore(rules.norm_couple),
        norm_child_young=_ore(rules.norm_child_young),
        norm_child_old=_ore(rules.norm_child_old),
        common_1=_ore(rules.common_costs[0]),
        common_2=_ore(rules.common_costs[1]),
        common_3=_ore(rules.common_costs[2]),
        common_4=_ore(rules.common_costs[3]),
        common_5=_ore(rules.common_costs[4]),
        common_6=_ore(rules.common_costs[5]),
        common_7=_ore(rules.common_costs[6]),
        insurance_floor=_ore(rules.ui_floor_day * DAYS),
        insurance_cap_first=_ore(rules.ui_cap_first_day * DAYS),
        insurance_cap_later=_ore(rules.ui_cap_later_day * DAYS),
        insurance_rate=rules.ui_rate_first,
        insurance_first_days=round(rules.ui_cap_days),
        insurance_days=round(rules.ui_days),
        support_floor=_ore(rules.activity_support_floor_day * DAYS),
        guarantee_rate=rules.guarantee_rate,
        youth_support=_ore((rules.youth_support_low_day + rules.youth_support_high_day) / 2 * DAYS),
        establishment=_ore(rules.establishment_day * DAYS),
        establishment_child=_ore(rules.establishment_child),
        student_support=_ore(rules.student_support_month),
        contribution_rate=rules.employer_contribution_rate,
        subsidy_rate=rules.wage_subsidy_rate,
        subsidy_cap=_ore(rules.wage_subsidy_cap),
        municipal_tax_rate=rules.municipal_tax_rate,
        region_tax_rate=rules.region_tax_rate,
        newcomer_grant=_ore(rules.newcomer_grant_month),
        place_qualifies=int(rules.qualifies("municipal_employment")),
        place_wage=_ore(rules.entry_wage_month * place_wage_share),
    )


def _ore(kronor: float) -> int:
    return round(kronor * 100)
