"""Job tracks: dated cohorts that train for a field of work, with a placement and often a job at its end."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Strict, model_validator

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.starting import StartingPosition
from sim.policy.tracks import FIELDS, Track

WorkField = Literal[
    "care", "school", "trade_and_services", "hotels_and_cleaning", "industry", "construction", "transport",
    "office",
]  # fmt: skip


def _once_each(fields: tuple[WorkField, ...]) -> tuple[WorkField, ...]:
    if len(set(fields)) != len(fields):
        raise ValueError("each field once")
    return fields


class JobTracks(Lever):
    """Train cohorts for a field of work: training, placement with an employer, and a job that some hold open.

    A cohort of n places starts in the first month and then every e months, c times; it trains for t months
    and is placed for p. It admits from a level of Swedish upwards. With s the share of the places with a
    partner employer that holds a vacancy, q the drawn chance that such an employer makes an offer to who
    completes, v the drawn lasting gain in search success from completing, d the drawn drop-out a month and
    phi the fidelity:

    partner_share = s q phi; gain = v phi; drop_out_rate = d. Numbers that must be whole are rounded.

    A track moves no channel: the model follows its cohorts. With no field named, a cohort trains for the one
    with most vacancies when it starts. A cohort that has begun is finished, and paid for, after the end.
    Municipalities that share a track fill one cohort together; else each has its part of the places.

    References: SE_GBG22 (a full chain: +15 percentage points the year after), US_KATZ22 (sector training with
    employers and screening), SE_TIP12, FI_SH16 (language beside work), SE_INTENSIV23 (few got the chain that
    was meant), SE_STATSK_DUA18 (no measurable effect of agreements in general).
    """

    name: ClassVar[str] = "job_tracks"
    label_sv: ClassVar[str] = "Jobbspår"
    label_en: ClassVar[str] = "Job tracks"
    text_en: ClassVar[str] = (
        "A cohort trains for work in one field and is then placed with an employer; partner employers hold "
        "a vacancy for those who complete. Such chains, carried out in full, have the largest effects that "
        "have been measured, and what they buy is mostly time: people get a job earlier. While in the "
        "track they hardly look for work, so the first months cost jobs. Ordinary municipal tracks reach a "
        "third to a half of the full chain, those who drop out gain nothing, and a job held for a "
        "participant is a job that somebody else does not get."
    )
    evidence: ClassVar[tuple[str, ...]] = (
        "SE_GBG22", "US_KATZ22", "SE_TIP12", "SE_INTENSIV23", "SE_STATSK_DUA18", "FI_SH16",
    )  # fmt: skip
    grade: ClassVar[Literal["A", "B", "C"]] = "B"
    channels: ClassVar[frozenset[Channel]] = frozenset()
    parameters: ClassVar[tuple[str, ...]] = (
        "track_partner_offer", "track_gain", "track_drop_out", "track_cost_month",
        "vocational_sfi_cost_month",
    )  # fmt: skip

    fields: Annotated[tuple[WorkField, ...], AfterValidator(_once_each)] = setting(
        (), unit="names",
        sv="Yrkesområden (tomt: där flest jobb är lediga)",
        en="Fields of work (empty: where most vacancies are)",
    )  # fmt: skip
    places: Annotated[float, Strict()] = setting(
        0.0, low=0, high=2000, unit="places per cohort",
        sv="Platser i varje omgång", en="Places in each cohort",
    )  # fmt: skip
    cohorts: Annotated[float, Strict()] = setting(
        1.0, low=1, high=60, unit="cohorts", sv="Antal omgångar", en="Number of cohorts",
    )  # fmt: skip
    every_months: Annotated[float, Strict()] = setting(
        6.0, low=1, high=24, unit="months",
        sv="Månader mellan omgångarnas start", en="Months from one cohort's start to the next",
    )  # fmt: skip
    language_entry: Annotated[float, Strict()] = setting(
        0.0, low=0, high=4, unit="level",
        sv="Lägsta nivå i svenska (0 ingen, 1-3 sfi, 4 flytande)",
        en="Lowest level of Swedish admitted (0 none, 1-3 SFI, 4 fluent)",
    )  # fmt: skip
    training_months: Annotated[float, Strict()] = setting(
        0.0, low=0, high=24, unit="months", sv="Utbildningens längd", en="Length of the training",
    )  # fmt: skip
    placement_months: Annotated[float, Strict()] = setting(
        0.0, low=0, high=12, unit="months",
        sv="Praktikens längd hos arbetsgivare", en="Length of the placement with an employer",
    )  # fmt: skip
    partner_share: Annotated[float, Strict()] = setting(
        0.0, low=0, high=1, unit="share",
        sv="Andel av platserna med en arbetsgivare som håller ett ledigt jobb",
        en="Share of the places with a partner employer that holds a vacancy",
    )  # fmt: skip
    language_parallel: Annotated[bool, Strict()] = setting(
        False, unit="choice", sv="Yrkes-sfi vid sidan av", en="Vocational Swedish beside the track",
    )  # fmt: skip
    shared: Annotated[bool, Strict()] = setting(
        False, unit="choice",
        sv="Kommunerna fyller omgångarna tillsammans", en="The municipalities fill the cohorts together",
    )  # fmt: skip
    coordinator_month: Annotated[float, Strict()] = setting(
        0.0, low=0, high=10_000_000, unit="SEK/month",
        sv="Kostnad för samordning per månad", en="Cost of coordination a month",
    )  # fmt: skip

    @model_validator(mode="after")
    def _set_up(self) -> Self:
        if self.places == 0 and self.model_fields_set - {"places"}:
            raise ValueError("places above 0 wherever a track is set up")
        if self.places > 0 and self._months() == 0:
            raise ValueError("training_months and placement_months of at least one month together")
        return self

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return no channel: a track acts through its cohorts."""
        return {}

    def track(self, effects: Effects, start: StartingPosition, fidelity: float) -> Track | None:
        """Return the track, without name, dates and target group, or None where it has no places."""
        if round(self.places) == 0:
            return None
        return Track(
            name="",
            fields=tuple(FIELDS.index(field) for field in self.fields),
            places=round(self.places),
            shared=self.shared,
            starts=(),
            training_months=round(self.training_months),
            placement_months=round(self.placement_months),
            language_entry=round(self.language_entry),
            language_parallel=self.language_parallel,
            partner_share=self.partner_share * effects["track_partner_offer"] * fidelity,
            gain=effects["track_gain"] * fidelity,
            drop_out_rate=effects["track_drop_out"],
            eligible=(),
        )

    def cohort_months(self) -> tuple[int, ...]:
        """Return the months after the start in which a cohort begins."""
        return tuple(number * round(self.every_months) for number in range(round(self.cohorts)))

    def runs_on(self) -> int:
        """Return the months that a cohort begun in the last month goes on after it."""
        return max(0, self._months() - 1)

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the track per participant and month, the Swedish beside it, and the coordination.

        A month of placement costs as much as one of training: supervision and follow-up go on.
        """
        if round(self.places) == 0:
            return ()
        swedish = effects["vocational_sfi_cost_month"] if self.language_parallel else 0.0
        return (
            CostRate(
                "Utbildning och praktik i jobbspår", "places", "track_participant",
                effects["track_cost_month"], indexed=True, ramps=False,
            ),
            CostRate(
                "Yrkes-sfi i jobbspår", "places", "track_participant", swedish, indexed=True, ramps=False
            ),
            CostRate(
                "Samordning av jobbspår", "staff", "month", self.coordinator_month, indexed=False, ramps=False
            ),
        )  # fmt: skip

    def _months(self) -> int:
        return round(self.training_months) + round(self.placement_months)
