"""Observation operators: how the model must observe itself to be compared with each official statistic.

Definitions of unemployment and of social assistance differ by a factor of two or more, and must never be
chained into one series. So each official statistic is declared here once, and the model computes that
statistic on itself.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Operator:
    """One official statistic and the indicator of the model that observes it."""

    name: str
    label_sv: str
    unit: str
    digits: int
    """Decimals when printed."""
    publisher: str
    population: str
    definition: str
    observed_by: str
    """Indicator of the model, and how its months become the official period."""
    parameters: tuple[str, ...] = ()
    """Uncertain parameters of the observation itself."""


_AF_MONTH = "residents aged 16-64 registered with the employment service"
_PAID = "households paid social assistance"

_DECLARED: Final = (
    Operator(
        name="af_stock",
        label_sv="Inskrivna arbetslösa (Arbetsförmedlingen)",
        unit="persons",
        digits=0,
        publisher="Arbetsförmedlingen",
        population=_AF_MONTH,
        definition="Openly unemployed and in programmes with activity support on the last day of the month.",
        observed_by="af_stock at the end of the month; a year is the mean of twelve",
    ),
    Operator(
        name="open_share",
        label_sv="Öppet arbetslösa, andel av de inskrivna",
        unit="share of the AF stock",
        digits=2,
        publisher="Arbetsförmedlingen",
        population=_AF_MONTH,
        definition="Openly unemployed (not in a programme) over the AF stock, means of the year.",
        observed_by="open_unemployed over af_stock, means of twelve months",
    ),
    Operator(
        name="stativ_share",
        label_sv="Öppet arbetslösa någon gång under året (Stativ)",
        unit="percent of population 20-64",
        digits=1,
        publisher="SCB",
        population="residents aged 20-64 at the end of the year",
        definition="Openly unemployed on any day of the year. A flow-type share, far above a stock rate.",
        observed_by="stativ_share: anyone openly unemployed in any of twelve months, over population_20_64",
    ),
    Operator(
        name="bas_unemployed",
        label_sv="Arbetslösa (SCB, BAS)",
        unit="persons",
        digits=0,
        publisher="SCB",
        population="residents aged 16-64",
        definition="Registered as unemployed and without earnings; 0.77 of the AF stock in 2022.",
        observed_by="bas_unemployed: the AF stock without those who have earnings",
        parameters=("bas_earnings_share",),
    ),
    Operator(
        name="assistance_households_month",
        label_sv="Hushåll med ekonomiskt bistånd, per månad (preliminärt)",
        unit="households",
        digits=0,
        publisher="Socialstyrelsen",
        population=_PAID + " in the month",
        definition="Households paid in the month, as first reported; late payments and reports are missing.",
        observed_by="assistance_households_prelim: assistance_households times the coverage",
        parameters=("assistance_coverage",),
    ),
    Operator(
        name="assistance_households_year",
        label_sv="Hushåll med ekonomiskt bistånd, under året",
        unit="households",
        digits=0,
        publisher="Socialstyrelsen",
        population=_PAID + " in any month of the year",
        definition="Households paid at least once in the calendar year, each counted once.",
        observed_by="assistance_households_year in the twelfth month",
    ),
    Operator(
        name="assistance_months_per_household_year",
        label_sv="Månader med ekonomiskt bistånd per hushåll och år",
        unit="months",
        digits=1,
        publisher="Socialstyrelsen",
        population=_PAID + " in any month of the year",
        definition="Mean number of months with assistance; from preliminary months it is too low.",
        observed_by="the sum of assistance_households over twelve months, over assistance_households_year",
        parameters=("assistance_coverage",),
    ),
    Operator(
        name="assistance_longterm_share",
        label_sv="Vuxna biståndsmottagare med minst 10 månader under året",
        unit="percent of adult recipients",
        digits=1,
        publisher="Socialstyrelsen",
        population="adults in households paid social assistance in the year",
        definition="Adult recipients with ten months or more of assistance in the calendar year.",
        observed_by="adults counted over twelve months of assistance",
    ),
    Operator(
        name="assistance_paid_year",
        label_sv="Utbetalt ekonomiskt bistånd under året",
        unit="thousand SEK",
        digits=0,
        publisher="Socialstyrelsen",
        population=_PAID + " in any month of the year",
        definition="Social assistance paid in the year, in current prices.",
        observed_by="the sum of assistance_paid over twelve months, in thousands",
    ),
    Operator(
        name="job_start_rate",
        label_sv="Fått arbete, andel av de inskrivna per månad",
        unit="percent of the AF stock a month",
        digits=1,
        publisher="Arbetsförmedlingen",
        population=_AF_MONTH,
        definition="Registered unemployed who got a job, subsidised or not, over the stock.",
        observed_by="exits_to_work over af_stock at the end of the same month",
    ),
    Operator(
        name="af_inflow_rate",
        label_sv="Nyinskrivna vid Arbetsförmedlingen, andel av de sysselsatta per månad",
        unit="percent of the employed a month",
        digits=2,
        publisher="Arbetsförmedlingen (inflow); no municipal figure of employment",
        population="employed residents",
        definition="New registrations as unemployed over the employed; 0.5-1.0 is an assumption.",
        observed_by="af_inflow from work over employed of the month before",
    ),
)

OPERATORS: Final = {operator.name: operator for operator in _DECLARED}
"""Every official statistic that the model is held against, by name."""
