"""What the model counts of itself each month.

Public names: `Count`, `PERSON_CELLS` and `DURATIONS`.
"""

from enum import IntEnum

PERSON_CELLS = 8
"""Sexes times report groups, the cells in which residents are counted."""

DURATIONS = ("0_2", "3_5", "6_11", "12_23", "24_plus")
"""Months in the spell, by which the registered and their hires are counted."""


class Count(IntEnum):
    """What is counted each month; the row of the count table.

    Attributes:
        population_16_64: Residents aged 16-64.
        population_20_64: Residents aged 20-64.
        employed: In a job, subsidised job or municipal wage place.
        employed_unsubsidised: In a job without subsidy.
        subsidised: In a subsidised job.
        placement: In a municipal wage place.
        af_stock: Openly unemployed or in an activity, at the end of the month.
        open_unemployed: Openly unemployed.
        in_activity: In an activity with support, registered with AF.
        registered_12m: In the AF stock for twelve months or more.
        open_in_year_20_64: Residents aged 20-64 who were openly unemployed in any of the last twelve months.
        waiting_handover: In the AF stock, waiting for the hand-over between agencies.
        waiting_plan: In the AF stock, waiting for a plan from the unit.
        participants: In the AF stock, planned by the unit.
        clients_at_risk: Registered at the start and still in the AF stock.
        contacts_90: Persons who registered three months ago.
        reached_90: Of them, those in work, activity or studies since.
        assistance_households: Households paid social assistance this month.
        assistance_households_year: Households paid in any of the last twelve months.
        assistance_months_year: Months paid to them in the last twelve.
        assistance_adults_year: Adults in households paid in any of the last twelve months.
        assistance_adults_10m: Of them, those with ten months or more.
        assistance_adults: Adults in households paid this month.
        assistance_adults_unemployed: Of them, those in the AF stock.
        af_inflow: Persons who registered with AF this month.
        municipal_practice: In municipal practice without wage.
        studying: In studies.
        outside: Outside the labour force, registered nowhere.
        in_training: In training, adult education, vocational Swedish or a job track.
        in_track: In a job track.
        in_establishment: In the establishment programme and no other activity.
        insured: Paid unemployment insurance this month.
        under_duty: Taking part this month under the municipality's activation requirement.
        commuters: In a job in another municipality of the run.
    """

    population_16_64 = 0
    population_20_64 = 1
    employed = 2
    employed_unsubsidised = 3
    subsidised = 4
    placement = 5
    af_stock = 6
    open_unemployed = 7
    in_activity = 8
    registered_12m = 9
    open_in_year_20_64 = 10
    waiting_handover = 11
    waiting_plan = 12
    participants = 13
    clients_at_risk = 14
    contacts_90 = 15
    reached_90 = 16
    assistance_households = 17
    assistance_households_year = 18
    assistance_months_year = 19
    assistance_adults_year = 20
    assistance_adults_10m = 21
    assistance_adults = 22
    assistance_adults_unemployed = 23
    af_inflow = 24
    municipal_practice = 25
    studying = 26
    outside = 27
    in_training = 28
    in_track = 29
    in_establishment = 30
    insured = 31
    under_duty = 32
    commuters = 33
