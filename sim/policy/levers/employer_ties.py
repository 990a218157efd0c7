"""Employer ties: staff spend time with employers, and match the registered with jobs that they hear of."""

from typing import Annotated, ClassVar, Literal

from pydantic import Strict

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.starting import StartingPosition


class EmployerTies(Lever):
    """Let staff spend part of their time with employers, on vacancies that suit their clients.

    With s the share of staff time spent with employers, x the share of that time worked by staff hired for
    it, and m and o drawn gains in matching and in vacancies when all time is spent so:

    CASELOAD = 1 / (1 - s (1 - x)) for the unit, AF_CASELOAD likewise for the employment service, whichever
    takes part; MATCH = 1 + s m; OPENINGS = 1 + s o. Time with employers is time away from clients, unless
    more staff are hired; the hired give no gain of their own, but cost s x of a worker for each there is.

    References: SE_SIN06 (more practice, and jobs through it), SE_GS16 (more vacancies raise hiring of the
    unemployed only weakly), SE_LSV18 (employers whom caseworkers choose), US_KATZ22, SE_JOBBNATET10 (half of
    the time on employers: the last is kept for validation and sets no parameter).
    """

    name: ClassVar[str] = "employer_ties"
    label_sv: ClassVar[str] = "Samverkan med arbetsgivare"
    label_en: ClassVar[str] = "Ties with employers"
    text_en: ClassVar[str] = (
        "Staff who know employers hear of vacancies, know what they demand, and can vouch for a client. The "
        "time must come from somewhere: without more staff each caseworker has fewer hours for clients. "
        "Most vacancies that staff fill would have been filled by somebody else, so what one group gains "
        "another partly loses; few new jobs come of it. Every gain may be nil."
    )
    evidence: ClassVar[tuple[str, ...]] = ("SE_SIN06", "SE_GS16", "SE_LSV18", "US_KATZ22", "SE_JOBBNATET10")
    grade: ClassVar[Literal["A", "B", "C"]] = "B"
    channels: ClassVar[frozenset[Channel]] = frozenset(
        {Channel.CASELOAD, Channel.AF_CASELOAD, Channel.MATCH, Channel.OPENINGS}
    )
    parameters: ClassVar[tuple[str, ...]] = ("ties_match", "ties_openings", "af_caseload", "coach_cost_month")

    staff_share: Annotated[float, Strict()] = setting(
        0.0, low=0, high=0.8, unit="share",
        sv="Andel av personalens tid hos arbetsgivare", en="Share of staff time spent with employers",
    )  # fmt: skip
    agency: Literal["unit", "af", "both"] = setting(
        "unit", unit="agency",
        sv="Vilkas tid: kommunens enhet (unit), Arbetsförmedlingen (af) eller bådas (both)",
        en="Whose time: the municipal unit, the employment service (af) or both",
    )  # fmt: skip
    extra_share: Annotated[float, Strict()] = setting(
        0.0, low=0, high=1, unit="share",
        sv="Andel av den tiden som ny personal står för",
        en="Share of that time worked by staff hired for it",
    )  # fmt: skip

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        clients = 1.0 / (1.0 - self.staff_share * (1.0 - self.extra_share))
        return {
            Channel.CASELOAD: clients if self.agency in ("unit", "both") else 1.0,
            Channel.AF_CASELOAD: clients if self.agency in ("af", "both") else 1.0,
            Channel.MATCH: 1.0 + self.staff_share * effects["ties_match"],
            Channel.OPENINGS: 1.0 + self.staff_share * effects["ties_openings"],
        }

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the staff hired, per client of each agency that takes part, at the cost of a coach."""
        hired = self.staff_share * self.extra_share * effects["coach_cost_month"]
        unit = hired / start.caseload if self.agency in ("unit", "both") else 0.0
        service = hired / effects["af_caseload"] if self.agency in ("af", "both") else 0.0
        return (
            CostRate("Arbetsgivarkontakter i kommunen", "staff", "client", unit, indexed=True, ramps=True),
            CostRate(
                "Arbetsgivarkontakter på Arbetsförmedlingen", "staff", "af_client", service,
                indexed=True, ramps=True,
            ),
        )  # fmt: skip
