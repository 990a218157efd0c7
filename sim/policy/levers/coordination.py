"""Coordination: the agencies plan together around the individual."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Strict

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.starting import StartingPosition

Partner = Literal["af", "social_services", "school", "health"]


def _once_each(partners: tuple[Partner, ...]) -> tuple[Partner, ...]:
    if len(set(partners)) != len(partners):
        raise ValueError("each partner once")
    return partners


class Coordination(Lever):
    """Let agencies plan together around the individual.

    With c the share of clients who consent to information being shared (secrecy), k in 0..1 how far the work
    is tied to a concrete shared task, p the share of joint planning practised already and w the summed
    weights of the partners: reach r = c k (1 - p) w, and r_af = c k (1 - p) if the employment service takes
    part, else 0. With drawn cuts h, l, d, a share of fit f and a contact loss q per hour of meetings H:

    HANDOVER_DAYS = 1 - r_af h; HANDOVER_LOSS = 1 - r l; DECISION_DAYS = 1 - r_af d; ACTIVITY_FIT = r f;
    CONTACT = 1 - q H. Without a concrete task (k = 0) only the hours lost remain.

    References: SE_LUND05 (general cooperation unrelated to results, a concrete task related), SE_ISF23,
    SE_STATSK_DUA18 (no measurable effect), NL_BKK20.
    """

    name: ClassVar[str] = "coordination"
    label_sv: ClassVar[str] = "Samverkan kring individen (gemensam planering med Arbetsförmedlingen)"
    label_en: ClassVar[str] = (
        "Coordination around the individual (joint planning with the employment service)"
    )
    text_en: ClassVar[str] = (
        "Joint planning may shorten the hand-over, lose fewer people between agencies, speed up decisions "
        "and choose better activities, but only for those who consent to information being shared, and in "
        "Sweden only where cooperation was tied to a concrete, demanding task. Meetings take time from "
        "clients. The range of every gain begins at nil."
    )
    evidence: ClassVar[tuple[str, ...]] = ("SE_LUND05", "SE_ISF23", "SE_STATSK_DUA18", "NL_BKK20")
    grade: ClassVar[Literal["A", "B", "C"]] = "B"
    channels: ClassVar[frozenset[Channel]] = frozenset(
        {
            Channel.HANDOVER_DAYS,
            Channel.HANDOVER_LOSS,
            Channel.DECISION_DAYS,
            Channel.ACTIVITY_FIT,
            Channel.CONTACT,
        }
    )
    parameters: ClassVar[tuple[str, ...]] = (
        "coordination_handover_cut", "coordination_loss_cut", "coordination_decision_cut", "coordination_fit",
        "coordination_contact_cost", "coordination_weight_af", "coordination_weight_social_services",
        "coordination_weight_school", "coordination_weight_health", "meeting_cost_hour",
    )  # fmt: skip

    partners: Annotated[tuple[Partner, ...], AfterValidator(_once_each)] = setting(
        (), unit="names",
        sv="Vilka som planerar tillsammans med kommunens enhet", en="Who plans together with the unit",
    )  # fmt: skip
    consent_share: Annotated[float, Strict()] = setting(
        0.0, low=0, high=1, unit="share",
        sv="Andel som samtycker till att uppgifter delas", en="Share who consent to sharing of information",
    )  # fmt: skip
    shared_task: Annotated[float, Strict()] = setting(
        0.0, low=0, high=1, unit="share",
        sv="Hur konkret den gemensamma uppgiften är (0-1)", en="How concrete the shared task is (0-1)",
    )  # fmt: skip
    meeting_hours: Annotated[float, Strict()] = setting(
        0.0, low=0, high=10, unit="hours per client and month",
        sv="Timmar i gemensamma möten per deltagare och månad",
        en="Hours in joint meetings per client and month",
    )  # fmt: skip

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        consented = self.consent_share * self.shared_task * (1.0 - start.coordination)
        reach = consented * sum(effects[f"coordination_weight_{partner}"] for partner in self.partners)
        reach_af = consented if "af" in self.partners else 0.0
        return {
            Channel.HANDOVER_DAYS: 1.0 - reach_af * effects["coordination_handover_cut"],
            Channel.HANDOVER_LOSS: 1.0 - reach * effects["coordination_loss_cut"],
            Channel.DECISION_DAYS: 1.0 - reach_af * effects["coordination_decision_cut"],
            Channel.ACTIVITY_FIT: reach * effects["coordination_fit"],
            Channel.CONTACT: 1.0 - self.meeting_hours * effects["coordination_contact_cost"],
        }

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the partners' hours; the unit's own hours are paid in lost contact, not twice."""
        hours = self.meeting_hours * len(self.partners)
        sek = hours * effects["meeting_cost_hour"]
        return (CostRate("Gemensamma möten", "meetings", "client", sek, indexed=True, ramps=True),)
