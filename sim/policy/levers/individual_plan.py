"""Individual plan: a skills assessment, a plan, and follow-up with fewer clients per coach."""

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

    That halving a caseload of 150 is not halving one of 30 is the model's business, which turns clients per
    coach into contact. Extra hours per plan are taken from the coaches' time: plans wait longer.

    References: SE_SBU22 (fewer clients per coach: positive, low certainty), SE_EQUAL22 (newcomers, through
    subsidised jobs), SE_CHEUNG23 (displacement), DK_RN19, SE_TIP12.
    """

    name: ClassVar[str] = "individual_plan"
    label_sv: ClassVar[str] = "Kartläggning, individuell plan och uppföljning"
    label_en: ClassVar[str] = "Skills assessment, individual plan and follow-up"
    text_en: ClassVar[str] = (
        "Fewer clients per coach mean more contact, with diminishing returns; an assessment may lead to an "
        "activity that fits better. Intensive follow-up has worked in trials, for newcomers mostly through "
        "subsidised jobs, and part of the gain is taken from others who seek the same jobs."
    )
    evidence: ClassVar[tuple[str, ...]] = ("SE_SBU22", "SE_EQUAL22", "SE_CHEUNG23", "DK_RN19", "SE_TIP12")
    grade: ClassVar[Literal["A", "B", "C"]] = "B"
    channels: ClassVar[frozenset[Channel]] = frozenset(
        {Channel.CASELOAD, Channel.ACTIVITY_FIT, Channel.PLAN_TIME}
    )
    parameters: ClassVar[tuple[str, ...]] = (
        "plan_assessment_fit", "plan_hours", "coach_cost_month", "assessment_cost_plan",
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

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        return {
            Channel.CASELOAD: self._caseload(start) / start.caseload,
            Channel.ACTIVITY_FIT: self._assessed(start) * effects["plan_assessment_fit"],
            Channel.PLAN_TIME: 1.0 + self.extra_plan_hours / effects["plan_hours"],
        }

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the extra coaches per client, 1/n - 1/n0 of a coach each, and the assessments."""
        coaches = 1.0 / self._caseload(start) - 1.0 / start.caseload
        assessed = self._assessed(start) * effects["assessment_cost_plan"]
        return (
            CostRate(
                "Fler coacher", "staff", "client", coaches * effects["coach_cost_month"],
                indexed=True, ramps=True,
            ),
            CostRate("Kompetenskartläggning", "staff", "plan", assessed, indexed=True, ramps=True),
        )  # fmt: skip

    def _caseload(self, start: StartingPosition) -> float:
        return start.caseload if self.caseload is None else self.caseload

    def _assessed(self, start: StartingPosition) -> float:
        return max(0.0, self.assessment_share - start.assessment)
