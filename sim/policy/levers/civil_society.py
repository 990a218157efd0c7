"""Civil society: places for practice and employment in associations and social enterprises."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Strict, model_validator

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.starting import StartingPosition


class CivilSociety(Lever):
    """Open places for practice and employment in associations and social enterprises.

    With n places at a time and u the share of them that are practice without wage:

    ASSOCIATION_PLACES = n; ASSOCIATION_PRACTICE = u; ASSOCIATION_ELIGIBLE = 1 for the target group. The rest
    are employments, whose wage the ledger pays; the grant comes on top. What a place there leads to, against
    one at an ordinary workplace of the municipality, is a parameter of the model.

    References: SE_SBU22 (ordinary workplaces better than constructed ones), SE_NYBOM11 (practice at ordinary
    workplaces and education go with work).
    """

    name: ClassVar[str] = "civil_society"
    label_sv: ClassVar[str] = "Samverkan med föreningar och sociala företag"
    label_en: ClassVar[str] = "Work with associations and social enterprises"
    text_en: ClassVar[str] = (
        "Associations and social enterprises can take people whom no employer takes yet, and near where "
        "they live. Nobody has measured what such a place leads to. Reviews find that ordinary workplaces "
        "lead to jobs more often than places made for the purpose, and an association may be either. How "
        "many ordinary jobs such places displace has not been measured either."
    )
    evidence: ClassVar[tuple[str, ...]] = ("SE_SBU22", "SE_NYBOM11")
    grade: ClassVar[Literal["A", "B", "C"]] = "C"
    channels: ClassVar[frozenset[Channel]] = frozenset(
        {Channel.ASSOCIATION_PLACES, Channel.ASSOCIATION_PRACTICE, Channel.ASSOCIATION_ELIGIBLE}
    )
    parameters: ClassVar[tuple[str, ...]] = ()

    places: Annotated[float, Strict()] = setting(
        0.0, low=0, high=5000, unit="places", sv="Antal platser samtidigt", en="Places at a time",
    )  # fmt: skip
    practice_share: Annotated[float, Strict()] | None = setting(
        None, low=0, high=1, unit="share",
        sv="Andel som är praktik utan lön (resten är anställning)",
        en="Share that is practice without wage (the rest is employment)",
    )  # fmt: skip
    grant_month: Annotated[float, Strict()] = setting(
        0.0, low=0, high=50_000, unit="SEK per place and month",
        sv="Bidrag per plats och månad", en="Grant per place and month",
    )  # fmt: skip

    @model_validator(mode="after")
    def _kind_stated(self) -> Self:
        if self.places > 0 and self.practice_share is None:
            raise ValueError("practice_share stated wherever places is above 0")
        return self

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        if self.places == 0 or self.practice_share is None:
            return {}
        return {
            Channel.ASSOCIATION_PLACES: self.places,
            Channel.ASSOCIATION_PRACTICE: self.practice_share,
            Channel.ASSOCIATION_ELIGIBLE: 1.0,
        }

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the grant per place that is filled, in the case's own prices."""
        if self.places == 0:
            return ()
        return (
            CostRate(
                "Bidrag till föreningar och sociala företag", "places", "association_place", self.grant_month,
                indexed=False, ramps=False,
            ),
        )  # fmt: skip
