"""Subsidised jobs: more employments with a wage subsidy, beyond those of today."""

from typing import Annotated, ClassVar, Literal

from pydantic import Strict

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.starting import StartingPosition


class SubsidisedJobs(Lever):
    """Open more subsidised jobs than there are today.

    With n places at a time: SUBSIDISED_PLACES = n; SUBSIDISED_ELIGIBLE = 1 for the target group. The subsidy
    itself is paid by the state in the ledger, by the dated rules; ``support_month`` is what comes on top,
    such as help with supervision. A declared share of the jobs takes an existing vacancy.

    References: SE_DF05 (about 65 percent displacement), SE_SV15 (more job finding, some of it lasts),
    SE_LSV18 (firms chosen by caseworkers grow more), SE_FJL04 (shorter unemployment, large deadweight).
    """

    name: ClassVar[str] = "subsidised_jobs"
    label_sv: ClassVar[str] = "Subventionerade anställningar"
    label_en: ClassVar[str] = "Subsidised jobs"
    text_en: ClassVar[str] = (
        "A wage subsidy gets people hired who would otherwise wait long, newcomers and the long-term "
        "unemployed most of all, and some stay when it ends. But part of the jobs would have been filled "
        "by the same people anyway, and in Swedish municipalities about two in three displaced an ordinary "
        "job. The state pays the subsidy; insurance may follow it where the employment counts."
    )
    evidence: ClassVar[tuple[str, ...]] = ("SE_DF05", "SE_SV15", "SE_LSV18", "SE_FJL04")
    grade: ClassVar[Literal["A", "B", "C"]] = "B"
    channels: ClassVar[frozenset[Channel]] = frozenset(
        {Channel.SUBSIDISED_PLACES, Channel.SUBSIDISED_ELIGIBLE}
    )
    parameters: ClassVar[tuple[str, ...]] = ()

    places: Annotated[float, Strict()] = setting(
        0.0, low=0, high=50_000, unit="places",
        sv="Extra subventionerade anställningar samtidigt", en="Extra subsidised jobs at a time",
    )  # fmt: skip
    support_month: Annotated[float, Strict()] = setting(
        0.0, low=0, high=50_000, unit="SEK per place and month",
        sv="Stöd utöver subventionen, per plats och månad",
        en="Support beside the subsidy, per place and month",
    )  # fmt: skip

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        if self.places == 0:
            return {}
        return {Channel.SUBSIDISED_PLACES: self.places, Channel.SUBSIDISED_ELIGIBLE: 1.0}

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the support per place that is filled, in the case's own prices."""
        if self.places == 0:
            return ()
        return (
            CostRate(
                "Stöd till arbetsgivare", "places", "subsidised_place", self.support_month,
                indexed=False, ramps=False,
            ),
        )  # fmt: skip
