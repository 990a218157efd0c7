"""Job tracks as the model reads them: dated cohorts with places, a field, phases and what completion gives.

Public names: `Track` and `FIELDS` (names of fields of work, in the model's order).
"""

from dataclasses import dataclass

FIELDS = (
    "care",
    "school",
    "trade_and_services",
    "hotels_and_cleaning",
    "industry",
    "construction",
    "transport",
    "office",
)
"""Fields of work by the number that the model gives them."""


@dataclass(frozen=True)
class Track:
    """One job track of a policy, drawn and dated.

    Attributes:
        name: The lever instance that it comes from.
        fields: Numbers of the fields that it trains for; none: where most vacancies are then.
        places: Places in each cohort, in this municipality, or in all that share it.
        shared: Whether the municipalities of the instance fill one cohort together.
        starts: Month numbers in which a cohort starts.
        training_months: Length of the training.
        placement_months: Length of the placement with an employer that follows.
        language_entry: Lowest level of Swedish admitted (0 none, 4 fluent).
        language_parallel: Whether vocational Swedish runs beside the track.
        partner_share: Probability that one who completes is offered a job that a partner employer holds.
        gain: Lasting relative gain in search success from completing.
        drop_out_rate: Drop-out per month.
        eligible: Whether each segment may apply.
    """

    name: str
    fields: tuple[int, ...]
    places: int
    shared: bool
    starts: tuple[int, ...]
    training_months: int
    placement_months: int
    language_entry: int
    language_parallel: bool
    partner_share: float
    gain: float
    drop_out_rate: float
    eligible: tuple[bool, ...]
