"""Individual plan: a skills assessment, a plan, and follow-up with fewer clients per coach or caseworker."""

from typing import Annotated, ClassVar, Literal

from pydantic import Strict

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.starting import StartingPosition


class IndividualPlan(Lever):
    """Give each participant a skills assessment, an individual plan and closer follow-up.

    With n clients per coach against n0 today, e the share of participants who are assessed against e0 today,
    a the drawn share of the gain from better activities that an assessment reaches, and t extra coach hours
    per plan on top of the T hours of today:

    CASELOAD = n / n0; ACTIVITY_FIT = max(0, e - e0) a; PLAN_TIME = 1 + t / T.

    Likewise with n and n0 clients per caseworker of the employment service, and with k extra meetings of m
    hours per registered person and month, which come on top of the time that caseworkers have already:

    AF_CASELOAD = n / n0; CONTACT_HOURS = k m.

    That halving a caseload of 150 is not halving one of 30 is the model's business, which turns clients per
    coach into contact. Extra hours per plan are taken from the coaches' time: plans wait longer.

    References: SE_SBU22 (fewer clients per coach: positive, low certainty), SE_EQUAL22 (newcomers, through
    subsidised jobs), SE_CHEUNG23 (displacement), DK_RN19, SE_TIP12.
    """

    name: ClassVar[str] = "individual_plan"
    label_sv: ClassVar[str] = "Kartläggning, individuell plan och uppföljning"
    label_en: ClassVar[str] = "Skills assessment, individual plan and follow-up"
    text_en: ClassVar[str] = (
        "Fewer clients per coach, or per caseworker of the employment service, mean more contact, with "
        "diminishing returns; so do extra meetings, which are paid for as they are held. An assessment may "
        "lead to an activity that fits better. Intensive follow-up has worked in trials, for newcomers "
        "mostly through subsidised jobs, and part of the gain is taken from others who seek the same jobs."
    )
    evidence: ClassVar[tuple[str, ...]] = ("SE_SBU22", "SE_EQUAL22", "SE_CHEUNG23", "DK_RN19", "SE_TIP12")
    grade: ClassVar[Literal["A", "B", "C"]] = "B"
    channels: ClassVar[frozenset[Channel]] = frozenset(
        {
            Channel.CASELOAD,
            Channel.ACTIVITY_FIT,
            Channel.PLAN_TIME,
            Channel.AF_CASELOAD,
            Channel.CONTACT_HOURS,
        }
    )
    parameters: ClassVar[tuple[str, ...]] = (
        "plan_assessment_fit", "plan_hours", "coach_cost_month", "assessment_cost_plan", "af_caseload",
        "meeting_hours", "meeting_cost_hour",
    )  # fmt: skip

    caseload: Annotated[float, Strict()] | None = setting(
        None, low=5, high=200, unit="clients per coach",
        sv="Deltagare per coach (tomt: som i dag)", en="Clients per coach (empty: as today)",
    )  # fmt: skip
    assessment_share: Annotated[float, Strict()] = setting(
        0.0, low=0, high=1, unit="share",
        sv="Andel som får en kompetenskartläggning", en="Share who get a skills assessment",
    )  # fmt: skip
    extra_plan_hours: Annotated[float, Strict()] = setting(
        0.0, low=0, high=20, unit="hours per plan",
        sv="Extra timmar per plan", en="Extra coach hours per plan",
    )  # fmt: skip
    af_caseload: Annotated[float, Strict()] | None = setting(
        None, low=15, high=400, unit="clients per caseworker",
        sv="Arbetssökande per arbetsförmedlare (tomt: som i dag)",
        en="Clients per caseworker of the employment service (empty: as today)",
    )  # fmt: skip
    meetings_month: Annotated[float, Strict()] = setting(
        0.0, low=0, high=8, unit="meetings per person and month",
        sv="Extra möten per inskriven och månad", en="Extra meetings per registered person and month",
    )  # fmt: skip

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        return {
            Channel.CASELOAD: self._caseload(start) / start.caseload,
            Channel.ACTIVITY_FIT: self._assessed(start) * effects["plan_assessment_fit"],
            Channel.PLAN_TIME: 1.0 + self.extra_plan_hours / effects["plan_hours"],
            Channel.AF_CASELOAD: self._af_caseload(effects) / effects["af_caseload"],
            Channel.CONTACT_HOURS: self.meetings_month * effects["meeting_hours"],
        }

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the extra staff per client, 1/n - 1/n0 of one each, the assessments and the meetings."""
        coaches = 1.0 / self._caseload(start) - 1.0 / start.caseload
        caseworkers = 1.0 / self._af_caseload(effects) - 1.0 / effects["af_caseload"]
        meetings = self.meetings_month * effects["meeting_hours"] * effects["meeting_cost_hour"]
        assessed = self._assessed(start) * effects["assessment_cost_plan"]
        return (
            CostRate(
                "Fler coacher", "staff", "client", coaches * effects["coach_cost_month"],
                indexed=True, ramps=True,
            ),
            CostRate(
                "Fler arbetsförmedlare", "staff", "af_client", caseworkers * effects["coach_cost_month"],
                indexed=True, ramps=True,
            ),
            CostRate("Kompetenskartläggning", "staff", "plan", assessed, indexed=True, ramps=True),
            CostRate("Extra möten", "meetings", "af_client", meetings, indexed=True, ramps=True),
        )  # fmt: skip

    def _caseload(self, start: StartingPosition) -> float:
        return start.caseload if self.caseload is None else self.caseload

    def _af_caseload(self, effects: Effects) -> float:
        return effects["af_caseload"] if self.af_caseload is None else self.af_caseload

    def _assessed(self, start: StartingPosition) -> float:
        return max(0.0, self.assessment_share - start.assessment)
