"""Municipal placements: practice and labour-market employment in the municipality's own organisation."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Strict, model_validator

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.starting import StartingPosition


class MunicipalPlacements(Lever):
    """Open places for practice and labour-market employment in the municipality's own workplaces.

    With n places, o the share of them at ordinary workplaces and u the share that are practice:

    ORDINARY_PLACES = n o; CREATED_PLACES = n (1 - o); PRACTICE_SHARE = u; ELIGIBLE = 1 for the target group.

    With j ordinary jobs of the municipality kept for participants a month: RESERVED_HIRES = j; ELIGIBLE = 1.

    A practice place has no wage and counts towards no insurance; a labour-market employment has a wage, which
    the ledger pays, and counts if the dated flag says so. An ordinary hire is no placement: the job exists
    anyway and costs nothing extra, and somebody else does not get it.
    How long a place is held is a parameter of the model (`place_months`).

    References: SE_SBU22 (ordinary workplaces better than constructed ones, moderate certainty), SE_VAXJO14,
    SE_NYBOM11, SE_SKR_AME17.
    """

    name: ClassVar[str] = "municipal_placements"
    label_sv: ClassVar[str] = "Praktikplatser och arbetsmarknadsanställningar i kommunen"
    label_en: ClassVar[str] = "Practice places and labour-market employments in the municipality"
    text_en: ClassVar[str] = (
        "People leave open unemployment for a place at once; whether they leave it for a job depends on "
        "what kind of workplace it is and on how much they seek work meanwhile. Employment moves cost: the "
        "municipality pays a wage instead of assistance, and afterwards insurance may pay, mostly with "
        "state money. Ordinary jobs kept for participants are jobs that other applicants do not get."
    )
    evidence: ClassVar[tuple[str, ...]] = ("SE_SBU22", "SE_VAXJO14", "SE_NYBOM11", "SE_SKR_AME17")
    grade: ClassVar[Literal["A", "B", "C"]] = "B"
    channels: ClassVar[frozenset[Channel]] = frozenset(
        {
            Channel.ORDINARY_PLACES,
            Channel.CREATED_PLACES,
            Channel.PRACTICE_SHARE,
            Channel.ELIGIBLE,
            Channel.RESERVED_HIRES,
        }
    )
    parameters: ClassVar[tuple[str, ...]] = ("supervision_share", "supervisor_cost_month")

    places: Annotated[float, Strict()] = setting(
        0.0, low=0, high=5000, unit="places", sv="Antal platser samtidigt", en="Places at a time",
    )  # fmt: skip
    ordinary_share: Annotated[float, Strict()] | None = setting(
        None, low=0, high=1, unit="share",
        sv="Andel på vanliga arbetsplatser", en="Share at ordinary workplaces",
    )  # fmt: skip
    practice_share: Annotated[float, Strict()] | None = setting(
        None, low=0, high=1, unit="share",
        sv="Andel som är praktik utan lön (resten är arbetsmarknadsanställning)",
        en="Share that is practice without wage (the rest is labour-market employment)",
    )  # fmt: skip
    hires_month: Annotated[float, Strict()] = setting(
        0.0, low=0, high=50, unit="hires per month",
        sv="Ordinarie jobb i kommunen som hålls för deltagare, per månad",
        en="Ordinary jobs of the municipality kept for participants, per month",
    )  # fmt: skip

    @model_validator(mode="after")
    def _kinds_stated(self) -> Self:
        if self.places > 0 and (self.ordinary_share is None or self.practice_share is None):
            raise ValueError("ordinary_share and practice_share stated wherever places is above 0")
        return self

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        hires = {Channel.RESERVED_HIRES: self.hires_month, Channel.ELIGIBLE: 1.0} if self.hires_month else {}
        if self.places == 0 or self.ordinary_share is None or self.practice_share is None:
            return hires
        return {
            **hires,
            Channel.ORDINARY_PLACES: self.places * self.ordinary_share,
            Channel.CREATED_PLACES: self.places * (1.0 - self.ordinary_share),
            Channel.PRACTICE_SHARE: self.practice_share,
            Channel.ELIGIBLE: 1.0,
        }

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the supervision of a place that is in use; the wage comes on top, from the ledger."""
        if self.places == 0:
            return ()
        sek = effects["supervision_share"] * effects["supervisor_cost_month"]
        return (CostRate("Handledning", "places", "place_in_use", sek, indexed=True, ramps=False),)
