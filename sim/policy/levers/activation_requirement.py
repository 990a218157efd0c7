"""Activation requirement: who is unemployed on social assistance takes part in an activity, or loses some."""

from typing import Annotated, ClassVar, Literal

from pydantic import Strict

from sim.policy.channels import Channel
from sim.policy.levers.base import CostRate, Effects, Lever, setting
from sim.policy.starting import StartingPosition

_FULL_TIME_HOURS = 40.0


class ActivationRequirement(Lever):
    """Require unemployed recipients of social assistance to take part in an activity.

    With d the share of unemployed recipients covered and d0 the share covered already today, h hours a week,
    k in 0..1 how strictly absence is followed by a sanction, and z the drawn monthly risk of one when strict:

    DUTY = max(0, d - d0); DUTY_TIME = h / 40; SANCTION = k z. Where all are covered already nothing moves.

    The duty acts through time (less left to look for work), through those who would rather not apply, and
    through assistance withheld; whether that leads to work is the model's business.

    References: SE_DJM09, SE_PV14 (Stockholm: fewer on assistance, fewer young applicants), NO_DH22 (no effect
    where the duty was practised already): these three are kept for validation and set no parameter.
    NO_HMR17 (conditions for the young), NO_SI23 (sanctions are rare), SE_NYBOM11 (sanctions go with staying
    on assistance, education and practice with work), SE_IFAU_REMISS24 (simple full-time activities may lead
    nowhere), NL_BKK20 (caseworkers differ).
    """

    name: ClassVar[str] = "activation_requirement"
    label_sv: ClassVar[str] = "Aktivitetskrav för försörjningsstöd"
    label_en: ClassVar[str] = "Activation requirement for social assistance"
    text_en: ClassVar[str] = (
        "A duty to be in an activity makes assistance less attractive next to work or studies, mostly for "
        "the young and for those without children, who apply less often. It also takes time in which a job "
        "could have been found, and the activities must be arranged and paid for. Where the municipality "
        "asks for activity already, the law that says so changes nothing. About half of the adult "
        "recipients are on assistance for other reasons than unemployment, and are not reached."
    )
    evidence: ClassVar[tuple[str, ...]] = (
        "SE_DJM09", "SE_PV14", "NO_DH22", "NO_HMR17", "NO_SI23", "SE_NYBOM11", "SE_IFAU_REMISS24", "NL_BKK20",
    )  # fmt: skip
    grade: ClassVar[Literal["A", "B", "C"]] = "B"
    channels: ClassVar[frozenset[Channel]] = frozenset({Channel.DUTY, Channel.DUTY_TIME, Channel.SANCTION})
    parameters: ClassVar[tuple[str, ...]] = ("duty_sanction", "activity_place_cost")

    share: Annotated[float, Strict()] = setting(
        0.0, low=0, high=1, unit="share",
        sv="Andel av de arbetslösa med ekonomiskt bistånd som omfattas",
        en="Share of the unemployed on assistance who are covered",
    )  # fmt: skip
    hours_week: Annotated[float, Strict()] = setting(
        0.0, low=0, high=40, unit="hours per week",
        sv="Timmar i aktivitet per vecka", en="Hours in activity a week",
    )  # fmt: skip
    strictness: Annotated[float, Strict()] = setting(
        0.0, low=0, high=1, unit="share",
        sv="Hur strikt frånvaro följs av indraget bistånd (0-1)",
        en="How strictly absence is followed by withheld assistance (0-1)",
    )  # fmt: skip
    admin_month: Annotated[float, Strict()] = setting(
        0.0, low=0, high=50_000_000, unit="SEK/month",
        sv="Kostnad per månad för kontroll och administration",
        en="Cost a month of control and administration",
    )  # fmt: skip

    def full_effect(self, effects: Effects, start: StartingPosition) -> dict[Channel, float]:
        """Return the channel values at full strength and full fidelity."""
        added = self._added(start)
        if added == 0.0:
            return {}
        return {
            Channel.DUTY: added,
            Channel.DUTY_TIME: self._time(),
            Channel.SANCTION: self.strictness * effects["duty_sanction"],
        }

    def costs(self, effects: Effects, start: StartingPosition) -> tuple[CostRate, ...]:
        """Return the activity of each who takes part, by its hours, and the control in the case's prices."""
        if self._added(start) == 0.0:
            return ()
        place = self._time() * effects["activity_place_cost"]
        return (
            CostRate(
                "Aktiviteter för dem som omfattas", "places", "duty_participant", place,
                indexed=True, ramps=False,
            ),
            CostRate(
                "Kontroll av aktivitetskravet", "staff", "month", self.admin_month,
                indexed=False, ramps=False,
            ),
        )  # fmt: skip

    def _added(self, start: StartingPosition) -> float:
        return max(0.0, self.share - start.activation)

    def _time(self) -> float:
        return self.hours_week / _FULL_TIME_HOURS
