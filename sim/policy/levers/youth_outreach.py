"""Youth outreach: young people who neither work nor study are looked up, and offered studies or help."""

from typing import Annotated, ClassVar, Literal

from pydantic import Strict

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.starting import StartingPosition


class YouthOutreach(Lever):
    """Look up young people who neither work nor study, and bring them to studies or to the register.

    With r the share of them reached in a month and u the share of those reached who go to studies:

    OUTREACH = r; OUTREACH_STUDY = u where r > 0; the rest of those reached register as unemployed. Those
    found are counted from then on, so registered unemployment rises before it falls.

    References: INT_KLUVE19 (youth programmes: small gains, highly variable), DK_YOUTH14 (no clear gain for
    youth without education), NO_HMR17 (early conditions: more complete their schooling).
    """

    name: ClassVar[str] = "youth_outreach"
    label_sv: ClassVar[str] = (
        "Uppsökande arbete bland unga (uvas, inklusive kommunala aktivitetsansvaret, KAA)"
    )
    label_en: ClassVar[str] = "Outreach to young people neither in work nor in studies"
    text_en: ClassVar[str] = (
        "Young people who neither work nor study, and whom no agency knows, are contacted; some go back to "
        "studies and others register and get help. Registered unemployment then rises at first, because "
        "people are counted who were not before. Programmes for the young have small effects on average, "
        "least in rich countries, and who is easiest to reach may be who needs it least."
    )
    evidence: ClassVar[tuple[str, ...]] = ("INT_KLUVE19", "DK_YOUTH14", "NO_HMR17")
    grade: ClassVar[Literal["A", "B", "C"]] = "C"
    exclusive: ClassVar[bool] = True
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.OUTREACH, Channel.OUTREACH_STUDY})
    parameters: ClassVar[tuple[str, ...]] = ("outreach_contact_cost",)

    reach_rate: Annotated[float, Strict()] = setting(
        0.0, low=0, high=0.5, unit="per month",
        sv="Andel av de unga utanför som nås per månad", en="Share of young people outside reached a month",
    )  # fmt: skip
    study_share: Annotated[float, Strict()] = setting(
        0.0, low=0, high=1, unit="share",
        sv="Andel av dem som går till studier (resten skrivs in)",
        en="Share of those reached who go to studies (the rest register)",
    )  # fmt: skip

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        if self.reach_rate == 0:
            return {}
        return {Channel.OUTREACH: self.reach_rate, Channel.OUTREACH_STUDY: self.study_share}

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return what it costs to reach one person."""
        if self.reach_rate == 0:
            return ()
        sek = effects["outreach_contact_cost"]
        return (CostRate("Uppsökande arbete", "staff", "outreach_contact", sek, indexed=True, ramps=False),)
